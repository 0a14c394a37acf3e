"""Small maps as plain SVG paths, for pages and reports without the large map; north is up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
import shapely
from shapely.geometry import MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry

from geodata.domain.crs import metres_per_degree

_WIDE: Final = 600.0
_AMPLE: Final = 20.0
"""Units around a label that are enough for any."""


class Side(Protocol):
    """What has cells by code, in degrees."""

    @property
    def cells(self) -> Mapping[str, BaseGeometry]:
        """The ground of each cell."""


@dataclass(frozen=True, slots=True)
class Cells:
    """Cells by code, in degrees, and nothing else."""

    cells: Mapping[str, BaseGeometry]


@dataclass(frozen=True, slots=True)
class Outline:
    """A cell as an SVG path, with the place of its label and the radius of the room around it."""

    path: str
    x: float
    y: float
    room: float = _WIDE


@dataclass(frozen=True, slots=True)
class Sketch:
    """The cells of one side in a box of `width` by `height` units, north up."""

    width: float
    height: float
    outlines: Mapping[str, Outline]


def sketch(sides: Sequence[Side], fine: float = 0.0) -> list[Sketch]:
    """The sides as drawings of one scale and box, so that they can be laid side by side.

    With `fine` lines are straightened by about so many units, those that two cells share alike.
    """
    every = [shape for side in sides for shape in side.cells.values() if not shape.is_empty]
    if not every:
        return [Sketch(_WIDE, _WIDE, {}) for _ in sides]
    west, south, east, north = shapely.total_bounds(every).tolist()
    kx, ky = metres_per_degree((south + north) / 2)
    scale = _WIDE / max((east - west) * kx, 1e-9)
    box = np.array([west, north]), np.array([kx * scale, -ky * scale])
    height = round((north - south) * ky * scale, 1)
    return [
        Sketch(
            _WIDE,
            height,
            _outlines(side.cells, box, fine),
        )
        for side in sides
    ]


def _outlines(
    cells: Mapping[str, BaseGeometry], box: tuple[np.ndarray, np.ndarray], fine: float
) -> dict[str, Outline]:
    start, scale = box
    shown = {code: shape for code, shape in cells.items() if not shape.is_empty}
    shapes = np.array([*shown.values(), None], dtype=object)[:-1]
    flat = shapely.transform(shapes, lambda points: (points - start) * scale)
    if fine and len(flat):
        flat = shapely.coverage_simplify(flat, fine)
    return {code: _outline(shape) for code, shape in zip(shown, flat, strict=True)}


def _outline(flat: BaseGeometry) -> Outline:
    rings = [
        ring
        for part in shapely.get_parts(flat)
        if isinstance(part, Polygon)
        for ring in (part.exterior, *part.interiors)
    ]
    label, room = _label(flat)
    path = "".join(
        "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in shapely.get_coordinates(ring)[:-1]) + "Z"
        for ring in rings
    )
    return Outline(path, round(label.x, 1), round(label.y, 1), round(room, 1))


def _label(flat: BaseGeometry) -> tuple[Point, float]:
    """Where a label stands within a cell, and how far it is from there to the border.

    In a small cell that is where it is widest.
    """
    label = shapely.point_on_surface(flat)
    room = float(shapely.distance(flat.boundary, label))
    if room >= _AMPLE or not flat.area or not isinstance(flat, Polygon | MultiPolygon):
        return label, room
    widest = shapely.maximum_inscribed_circle(flat, tolerance=0.5)
    return (Point(widest.coords[0]), widest.length) if widest else (label, room)
