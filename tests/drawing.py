"""Places drawn as pictures: each letter of a picture is ground of about 100 m by 100 m."""

from __future__ import annotations

import numpy as np
import shapely
from shapely.geometry import LineString, MultiPolygon, Point, Polygon, box
from shapely.geometry.base import BaseGeometry

from geodata.domain import lattice, plain
from geodata.domain.plain import Line

WEST, NORTH = 109.02, 32.69
"""The north-western corner of every picture, in degrees (EPSG:4326)."""
WIDE, HIGH = 8960, 7568
"""Lattice steps of one letter: about 100 m east-west and north-south."""


def draw(picture: str) -> dict[str, Polygon | MultiPolygon]:
    """The ground of each letter: `draw("AAB / A.B / CCA")` has rows from north to south.

    A full stop is ground that nobody has. Shapes are in degrees (EPSG:4326, lon/lat) on the
    lattice; neighbours share their vertices.
    """
    found: dict[str, list[BaseGeometry]] = {}
    for row, line in enumerate(picture.split("/")):
        for column, letter in enumerate(line.strip()):
            if letter != ".":
                found.setdefault(letter, []).append(_square(row, column))
    return {letter: _joined(squares) for letter, squares in sorted(found.items())}


def ground(picture: str) -> Polygon | MultiPolygon:
    """All ground of a picture, full stops too."""
    return draw("/".join("".join("X" for _ in line.strip()) for line in picture.split("/")))["X"]


def spot(row: float, column: float) -> Point:
    """A point of a picture in degrees: `spot(0.5, 1.5)` is the middle of its second letter."""
    return lattice.to_degrees(Point(_at(row, column)))


def line(*spots: tuple[float, float]) -> Line:
    """A line through spots of a picture as a hand draws it: degrees, 7 decimals."""
    return plain.line_of(lattice.to_units(LineString([spot(*one) for one in spots])))


def _at(row: float, column: float) -> tuple[float, float]:
    west, north = np.rint(np.array([WEST, NORTH]) * lattice.STEPS)
    return float(np.rint(west + column * WIDE)), float(np.rint(north - row * HIGH))


def _square(row: int, column: int) -> Polygon:
    west, north = _at(row, column)
    return box(west, north - HIGH, west + WIDE, north)


def _joined(squares: list[BaseGeometry]) -> Polygon | MultiPolygon:
    """Squares of one letter; corners of all letters stay, so that neighbours match."""
    whole = lattice.to_degrees(shapely.coverage_union_all(squares))
    if not isinstance(whole, Polygon | MultiPolygon):
        raise TypeError(whole.geom_type)
    return whole
