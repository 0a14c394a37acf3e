"""A small map of one grid and its neighbours as numbers for an SVG picture; north is up.

Lengths are pixels of the picture; shapes come in degrees (EPSG:4326, lon before lat) and are laid
on the local plane of the grid's middle, where a metre is as long in every direction.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from geodata.domain.crs import metres_per_degree

WIDTH: Final = 640.0
HEIGHT: Final = 360.0
_MARGIN: Final = 0.22
"""Ground round the grid, as a share of its larger side."""
_FINE: Final = 0.3
"""Pixels that a line may be straightened by."""
_EDGE: Final = 20.0
"""Pixels beyond the picture where roads end."""
_LEAST_M: Final = 120.0
_LABEL_ROOM: Final = 900.0
"""Square pixels of ground that a label needs."""


@dataclass(frozen=True, slots=True)
class Thing:
    """Something to draw: its kind (a class of the style sheet), its shape, and its label."""

    kind: str
    shape: BaseGeometry
    label: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """A text at a place of the picture."""

    kind: str
    x: float
    y: float
    text: str


@dataclass(frozen=True, slots=True)
class Sketch:
    """The picture: paths in drawing order, labels, the place with its error, the scale bar."""

    paths: Sequence[tuple[str, str]]
    marks: Sequence[Mark]
    spot: tuple[float, float] | None
    error: float
    bar: float
    bar_m: int
    width: float = WIDTH
    height: float = HEIGHT


@dataclass(frozen=True, slots=True)
class View:
    """The piece of ground that is seen: its middle (degrees) and metres to a pixel."""

    lon: float
    lat: float
    metres: float

    def laid(self, shape: BaseGeometry) -> BaseGeometry:
        """A shape in pixels, x to the east and y to the south."""
        kx, ky = metres_per_degree(self.lat)

        def move(points: np.ndarray) -> np.ndarray:
            x = (points[:, 0] - self.lon) * kx / self.metres + WIDTH / 2
            y = (self.lat - points[:, 1]) * ky / self.metres + HEIGHT / 2
            return np.column_stack([x, y])

        return shapely.transform(shape, move)

    @property
    def box(self) -> tuple[float, float, float, float]:
        """West, south, east, north of the picture in degrees."""
        kx, ky = metres_per_degree(self.lat)
        x, y = WIDTH / 2 * self.metres / kx, HEIGHT / 2 * self.metres / ky
        return self.lon - x, self.lat - y, self.lon + x, self.lat + y


def view(ground: BaseGeometry, place: Point | None) -> View:
    """A view of a ground, and of a place that may lie beside it, with some land around."""
    seen = ground if place is None else shapely.union(shapely.envelope(ground), place)
    west, south, east, north = seen.bounds
    lat = (south + north) / 2
    kx, ky = metres_per_degree(lat)
    wide, high = max((east - west) * kx, _LEAST_M), max((north - south) * ky, _LEAST_M)
    room = 1 + 2 * _MARGIN
    return View((west + east) / 2, lat, max(wide * room / WIDTH, high * room / HEIGHT))


def draw(seen: View, things: Iterable[Thing], place: Point | None, error_m: float) -> Sketch:
    """The picture of things in a view, and of a place with its positional error in metres."""
    paths: list[tuple[str, str]] = []
    marks: list[Mark] = []
    for thing in things:
        laid = shapely.simplify(seen.laid(thing.shape), _FINE)
        if thing.kind == "road":
            laid = shapely.clip_by_rect(laid, -_EDGE, -_EDGE, WIDTH + _EDGE, HEIGHT + _EDGE)
        paths.append((thing.kind, _path(laid)))
        shown = shapely.clip_by_rect(laid, 0, 0, WIDTH, HEIGHT) if thing.label else laid
        if thing.label and (shown.area > _LABEL_ROOM or thing.kind == "road"):
            middle = shapely.point_on_surface(shown)
            if not middle.is_empty:
                marks.append(Mark(thing.kind, _tenth(middle.x), _tenth(middle.y), thing.label))
    laid_place = seen.laid(place) if place is not None else None
    bar_m = _round(WIDTH * seen.metres / 4)
    return Sketch(
        paths,
        marks,
        (_tenth(laid_place.x), _tenth(laid_place.y)) if isinstance(laid_place, Point) else None,
        _tenth(error_m / seen.metres),
        _tenth(bar_m / seen.metres),
        bar_m,
    )


def _path(shape: BaseGeometry) -> str:
    """The `d` of a path: lines open, rings closed."""
    written = []
    for part in shapely.get_parts(shape):
        rings = shapely.get_rings(part) if part.geom_type == "Polygon" else [part]
        closed = "Z" if part.geom_type == "Polygon" else ""
        for ring in rings:
            points = shapely.get_coordinates(ring).tolist()
            written.append("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points) + closed)
    return "".join(written)


def _round(metres: float) -> int:
    """The largest of 1, 2 and 5 times a power of ten that is no longer."""
    power = 10 ** int(np.floor(np.log10(max(metres, 1.0))))
    return int(max(step * power for step in (1, 2, 5) if step * power <= max(metres, 1.0)))


def _tenth(number: float) -> float:
    return round(float(number), 1)
