"""A page of its own that maps the places whose label is not the area found."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np
import shapely
from jinja2 import Environment, FileSystemLoader
from shapely.geometry.base import BaseGeometry

from geodata.domain.crs import Floats, metres_per_degree
from geodata.domain.evaluation import WITHIN_M
from geodata.services.evaluation import Evaluation

_MOST: Final = 3000
_CORNERS: Final = 300_000
_FIRST_M: Final = 0.25
"""Metres by which borders may be simplified at first; doubled until few corners are left."""


def page(done: Evaluation) -> str:
    """HTML that needs nothing but itself: the areas, the places and a list of them.

    At most the `_MOST` places that are farthest off are drawn.
    """
    verdict = done.verdict
    off = np.flatnonzero(~verdict.agree)
    off = off[np.argsort(-verdict.metres[off], kind="stable")]
    plane = _Plane(done.ground.box)
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True
    )
    return environment.get_template("disagreements.html").render(
        points=f"{len(verdict.agree):,}",
        agreement=f"{verdict.agreement:.2%}",
        total=len(off),
        steps=[*_steps(verdict.metres[off])],
        box=plane.box(done.lon[off[:_MOST]], done.lat[off[:_MOST]]),
        areas=[*_areas(done, plane)],
        rows=[_row(done, plane, int(index)) for index in off[:_MOST]],
    )


class _Plane:
    """Metres east and south of the middle of a box in degrees: what a screen wants."""

    def __init__(self, box: tuple[float, float, float, float]) -> None:
        self._edges = box
        self._lon, self._lat = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
        self._kx, self._ky = metres_per_degree(self._lat)

    def at(self, lon: Floats, lat: Floats) -> Floats:
        """Metres (count, 2) of places in degrees."""
        east, south = (lon - self._lon) * self._kx, (self._lat - lat) * self._ky
        return np.asarray(np.round(np.column_stack([east, south]), 1), dtype=np.float64)

    def box(self, lon: Floats, lat: Floats) -> str:
        """The view that holds the areas and places not too far from them."""
        west, south, east, north = self._edges
        corners = self.at(np.array([west, east]), np.array([north, south]))
        reach = (corners[1] - corners[0]) / 2
        near = np.clip(self.at(lon, lat), corners[0] - reach, corners[1] + reach)
        x0, y0 = np.vstack([corners, near]).min(axis=0)
        x1, y1 = np.vstack([corners, near]).max(axis=0)
        return f"{x0:.1f} {y0:.1f} {x1 - x0:.1f} {y1 - y0:.1f}"


def _steps(metres: Floats) -> Iterator[dict[str, Any]]:
    """How many lie within each distance of the label's own area."""
    edges = [-1.0, *WITHIN_M, np.inf]
    for low, high in pairwise(edges):
        name = f"≤ {high:g} m" if np.isfinite(high) else f"> {low:g} m"
        yield {"name": name, "count": int(((metres > low) & (metres <= high)).sum())}


def _areas(done: Evaluation, plane: _Plane) -> Iterator[dict[str, str]]:
    """Outlines in metres; simplified no more than the size of the page asks for."""
    areas = done.ground.areas
    flat = shapely.transform(areas.degrees, lambda corners: plane.at(*corners.T))
    metres = _FIRST_M
    while shapely.get_num_coordinates(flat).sum() > _CORNERS:
        flat = shapely.simplify(flat, metres, preserve_topology=False)
        metres *= 2
    for code, shape in zip(areas.codes.tolist(), flat, strict=True):
        yield {"code": code, "path": "".join(_path(ring) for ring in _rings(shape))}


def _rings(shape: BaseGeometry) -> list[BaseGeometry]:
    rings: list[BaseGeometry] = shapely.get_rings(shapely.get_parts(shape)).tolist()
    return rings


def _path(ring: BaseGeometry) -> str:
    corners = shapely.get_coordinates(ring)
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in corners[:-1].tolist()) + "Z"


def _row(done: Evaluation, plane: _Plane, index: int) -> dict[str, Any]:
    (x, y), metres = plane.at(done.lon[[index]], done.lat[[index]])[0], done.verdict.metres[index]
    return {
        "number": int(done.rows[index]),
        "wanted": str(done.wanted[index]),
        "found": str(done.verdict.found[index]),
        "metres": f"{metres:.1f}",
        "step": int(np.searchsorted(WITHIN_M, metres)),
        "lon": f"{done.lon[index]:.6f}",
        "lat": f"{done.lat[index]:.6f}",
        "x": x,
        "y": y,
    }
