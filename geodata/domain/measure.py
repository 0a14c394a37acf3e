"""Metres and square metres of shapes in degrees (EPSG:4326, lon/lat), each on its own local plane.

The scale is that of the WGS 84 ellipsoid at the middle of each shape's bounding box, which is exact
enough for anything up to the size of a district.
"""

from collections.abc import Sequence

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geodata.domain.crs import metres_per_degree
from geodata.domain.lattice import Floats, Shapes


def array(shapes: Sequence[BaseGeometry] | Shapes) -> Shapes:
    """The shapes as an array of objects, one entry each."""
    made = np.empty(len(shapes), dtype=object)
    made[:] = list(shapes)
    return made


def flat(shapes: Sequence[BaseGeometry] | Shapes) -> Shapes:
    """Each shape in metres on a plane of its own; empty ones stay empty."""
    given = array(shapes)
    bounds = shapely.bounds(given)
    middle = np.nan_to_num((bounds[:, 1] + bounds[:, 3]) / 2)
    kx, ky = metres_per_degree(middle)
    points, owner = shapely.get_coordinates(given, return_index=True)
    start = np.nan_to_num(bounds[:, :2])[owner]
    scale = np.column_stack([kx, ky])[owner]
    return np.asarray(shapely.set_coordinates(given, (points - start) * scale), dtype=object)


def area_m2(shapes: Sequence[BaseGeometry] | Shapes) -> Floats:
    """The area of each shape, in square metres."""
    return np.asarray(shapely.area(flat(shapes)), dtype=np.float64)


def length_m(shapes: Sequence[BaseGeometry] | Shapes) -> Floats:
    """The length of each line, or of each area's outline, in metres."""
    return np.asarray(shapely.length(flat(shapes)), dtype=np.float64)


def width_m(shapes: Sequence[BaseGeometry] | Shapes) -> Floats:
    """How wide each area is, in metres: twice its area over its outline; 0 for what has no area.

    The width of a long strip, half the side of a square.
    """
    plane = flat(shapes)
    length = shapely.length(plane)
    return np.divide(2 * shapely.area(plane), length, out=np.zeros(len(plane)), where=length > 0)


def spot(shape: BaseGeometry) -> tuple[float, float] | None:
    """A point on the shape to look at, as lon, lat in degrees; None where it has no ground."""
    if shape.is_empty:
        return None
    point = shape.representative_point()
    return None if point.is_empty else (float(point.x), float(point.y))


def together(shapes: Sequence[BaseGeometry] | Shapes) -> BaseGeometry:
    """Shapes that share their vertices as one area."""
    return shapely.coverage_union_all(array(shapes))
