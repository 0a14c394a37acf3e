"""The lattice of 2⁻²³ degree on which every stored coordinate lies.

One step is about 1.1 cm on the ground at Hanbin in longitude and 1.3 cm in latitude. Binary
fractions survive PostGIS, Shapely, JSON and JavaScript bit for bit, so that "covers" has one answer
everywhere. Axis order is longitude, latitude (EPSG:4326).
"""

from __future__ import annotations

from typing import TypeVar, overload

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

Floats = npt.NDArray[np.float64]
Shapes = npt.NDArray[np.object_]
Shape = TypeVar("Shape", bound=BaseGeometry)

STEPS = 2.0**23
"""Lattice steps in one degree."""
STEP = 2.0**-23
"""One lattice step, in degrees."""


def snap(values: npt.ArrayLike) -> Floats:
    """The nearest lattice value of each number, in degrees; any array shape, NaN stays NaN."""
    snapped: Floats = np.rint(np.asarray(values, dtype=np.float64) * STEPS) / STEPS
    return snapped


@overload
def snap_shape(shape: Shape) -> Shape: ...
@overload
def snap_shape(shape: Shapes) -> Shapes: ...
def snap_shape(shape: Shape | Shapes) -> Shape | Shapes:
    """The shape or shapes with each vertex moved to its nearest lattice point, in degrees.

    Rounding alone can make a shape invalid or open a coverage: node afterwards where that matters
    (`partition.planar`).
    """
    return shapely.transform(shape, snap)


@overload
def to_units(shape: Shape) -> Shape: ...
@overload
def to_units(shape: Shapes) -> Shapes: ...
def to_units(shape: Shape | Shapes) -> Shape | Shapes:
    """The shape or shapes in whole lattice steps (integer-valued floats), from degrees."""
    return shapely.transform(shape, lambda values: np.rint(values * STEPS))


@overload
def to_degrees(shape: Shape) -> Shape: ...
@overload
def to_degrees(shape: Shapes) -> Shapes: ...
def to_degrees(shape: Shape | Shapes) -> Shape | Shapes:
    """The shape or shapes in degrees, from lattice steps; exact: a step is a power of two."""
    return shapely.transform(shape, lambda values: values / STEPS)


def on_lattice(shape: BaseGeometry) -> bool:
    """Whether every vertex of a shape in degrees lies exactly on the lattice."""
    units = shapely.get_coordinates(shape) * STEPS
    return bool(np.all(units == np.rint(units)))
