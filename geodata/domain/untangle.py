"""Areas that cross themselves, taken apart in bounded time: where, and what they would become.

The rings are noded on whole steps, and a face belongs to the area where the outline winds around
it, once or several times, and no hole does: both lobes of a bow tie, the loop of an end drawn past
the beginning. What meets itself too often is not looked into.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from shapely.geometry import MultiLineString, MultiPoint, Polygon
from shapely.geometry.base import BaseGeometry

from geodata.domain import soundness
from geodata.domain.lattice import Floats, Shapes
from geodata.domain.partition import Bools

MEETINGS: Final = 500
"""So often the lines of an area may meet beside their ends."""
_AT_ONCE: Final = 4_000_000
"""Pairs of a face and a stretch of line that are looked at together, at the most."""
_CROSSING: Final = 2


@dataclass(frozen=True)
class Untangled:
    """What an area becomes, perhaps nothing, and the points where its lines met."""

    area: BaseGeometry
    crossings: MultiPoint


def untangled(shape: BaseGeometry, most: int = MEETINGS) -> Untangled | None:
    """A Polygon or MultiPolygon (whole steps) made valid; None where it meets itself too often."""
    lines = soundness.segments(shape)
    if not len(lines) or soundness.meet(lines, most):
        return None
    rings = MultiLineString(list(shapely.get_rings(shapely.get_parts(shape))))
    noded = shapely.union_all([rings], grid_size=1.0)
    faces = shapely.get_parts(shapely.polygonize([noded]))
    inside = _covered(shapely.get_coordinates(shapely.point_on_surface(faces)), shape)
    kept = faces[inside]
    area = shapely.coverage_union_all(kept) if len(kept) else Polygon()
    return Untangled(soundness.areas_of(area), _crossings(noded))


def _covered(spots: Floats, shape: BaseGeometry) -> Bools:
    """Which of some points an area covers, by how often each of its rings winds around them."""
    found = np.zeros(len(spots), dtype=bool)
    for part in shapely.get_parts(shape):
        west, south, east, north = part.bounds
        near = np.flatnonzero(
            ((spots >= (west, south)) & (spots <= (east, north))).all(axis=1) & ~found
        )
        here = _wound(spots[near], part.exterior)
        for hole in part.interiors:
            here &= ~_wound(spots[near], hole)
        found[near] = here
    return found


def _wound(spots: Floats, ring: BaseGeometry) -> Bools:
    """Which points a closed line winds around, in whichever direction (Sunday, 2001)."""
    points = shapely.get_coordinates(ring)
    (x0, y0), (x1, y1) = points[:-1].T, points[1:].T
    step = max(1, _AT_ONCE // max(1, len(points)))
    found = np.zeros(len(spots), dtype=bool)
    for start in range(0, len(spots), step):
        x, y = spots[start : start + step, :1], spots[start : start + step, 1:]
        left = (x1 - x0) * (y - y0) - (x - x0) * (y1 - y0)
        up, down = (y0 <= y) & (y1 > y) & (left > 0), (y0 > y) & (y1 <= y) & (left < 0)
        found[start : start + step] = up.sum(axis=1) != down.sum(axis=1)
    return found


def _crossings(noded: BaseGeometry) -> MultiPoint:
    """The points in which more than two stretches of noded lines end, or their ends meet."""
    ends = _ends(shapely.get_parts(noded))
    points, count = np.unique(ends, axis=0, return_counts=True)
    return MultiPoint(points[count > _CROSSING])


def _ends(lines: Shapes) -> Floats:
    points, line = shapely.get_coordinates(lines, return_index=True)
    first = np.flatnonzero(np.diff(line, prepend=-1))
    last = np.append(first[1:], len(points)) - 1
    return np.asarray(np.vstack([points[first], points[last]]))


def sound(shape: BaseGeometry, steps: float) -> BaseGeometry:
    """A valid area as it is, another one untangled on a grid of so many steps a unit.

    What meets itself too often comes back without what its outline winds around the other way.
    """
    if shape.is_valid:
        return shape
    made = untangled(shapely.transform(shape, lambda p: np.rint(p * steps)))
    return shape.buffer(0) if made is None else shapely.transform(made.area, lambda p: p / steps)
