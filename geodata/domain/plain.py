"""Shapes as plain numbers: what a browser sends, a log keeps and a remedy hands back.

Degrees (EPSG:4326, lon/lat) with 7 decimals, whose rounding is under half a lattice step, so that
snapping gives the very vertex again.
"""

from __future__ import annotations

from typing import Final

import shapely
from shapely.geometry import LineString, MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from geodata.domain import lattice

Spot = tuple[float, float]
Line = tuple[Spot, ...]
Area = tuple[tuple[Line, ...], ...]
"""Polygons, each of an outline and its holes, as the coordinates of a GeoJSON MultiPolygon."""

DECIMALS: Final = 7


def line_of(line: BaseGeometry) -> Line:
    """The points of a line or ring in lattice steps."""
    points = shapely.get_coordinates(line) / lattice.STEPS
    return tuple((round(x, DECIMALS), round(y, DECIMALS)) for x, y in points.tolist())


def area_of(shape: BaseGeometry) -> Area:
    """The polygons of an area in lattice steps."""
    return tuple(
        tuple(line_of(ring) for ring in (part.exterior, *part.interiors))
        for part in shapely.get_parts(shape)
        if isinstance(part, Polygon)
    )


def as_line(line: Line) -> LineString:
    """A line in lattice steps; its points must be finite and at least two."""
    return lattice.to_units(LineString(line))


def as_area(area: Area) -> MultiPolygon:
    """An area in lattice steps, perhaps invalid; its points must be finite, rings of three."""
    return lattice.to_units(MultiPolygon([Polygon(rings[0], rings[1:]) for rings in area]))
