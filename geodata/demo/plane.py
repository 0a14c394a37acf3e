"""The drawing board: metres east and north of a point in Hanbin, and the way to the lattice.

Everything is drawn in metres (x east, y north of `ORIGIN`) and noded in whole lattice steps.
"""

from __future__ import annotations

from typing import TypeVar

import numpy as np
import shapely
from shapely.geometry import LineString, MultiLineString, Point, Polygon
from shapely.geometry.base import BaseGeometry

from geodata.domain.crs import metres_per_degree
from geodata.domain.lattice import STEP, Floats, Shapes, to_degrees

Shape = TypeVar("Shape", BaseGeometry, LineString, MultiLineString, Point, Polygon, Shapes)

ORIGIN = (109.02, 32.69)
"""Longitude and latitude of the board's zero point, in degrees (WGS 84)."""

_ZERO = np.array(ORIGIN) / STEP
_METRES_PER_STEP = np.array(metres_per_degree(ORIGIN[1])) * STEP


def to_steps(shape: Shape) -> Shape:
    """The shape in whole lattice steps, from metres on the board."""
    return shapely.transform(shape, lambda metres: np.rint(metres / _METRES_PER_STEP + _ZERO))


def to_metres(shape: Shape) -> Shape:
    """The shape in metres on the board, from lattice steps."""
    return shapely.transform(shape, lambda steps: (steps - _ZERO) * _METRES_PER_STEP)


def to_lonlat(shape: Shape) -> Shape:
    """The shape in degrees on the lattice, from metres on the board."""
    return to_degrees(to_steps(shape))


def board_points(lonlat: Floats) -> Floats:
    """Points in metres on the board, from an array of lon, lat rows."""
    metres: Floats = (lonlat / STEP - _ZERO) * _METRES_PER_STEP
    return metres
