"""The ground of each house within its block: what is nearer to it than to its neighbours."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import shapely
from shapely.geometry import MultiPoint, Polygon, box
from shapely.geometry.base import BaseGeometry

from geodata.domain import measure
from geodata.domain.lattice import Shapes

EVERY_M: Final = 4.0
"""Outlines count as points so far apart."""
STRAIGHT_M: Final = 2.0
"""Borders between houses are straightened by about so much, where that cuts none."""
_INSIDE_M: Final = 0.25
_SAME_M: Final = 0.02
_SHAKEN_M: Final = 0.005
_MARGIN_M: Final = 10.0
_CUT_SHARE: Final = 0.02


def shares(block: BaseGeometry, outlines: Sequence[BaseGeometry]) -> Shapes:
    """The ground of each outline, all in metres; together they cover the block and more.

    Outlines are areas or points inside the block. Borders run midway between them, along the wall
    where they touch. An outline that lies wholly on another gets no ground: an empty shape.
    """
    points, owner = _samples(outlines)
    around = box(*block.bounds).buffer(_MARGIN_M, join_style="mitre")
    made = measure.array([Polygon()] * len(outlines))
    if len(points) == 1:
        made[owner] = around
        return made
    cells = shapely.voronoi_polygons(MultiPoint(points), extend_to=around, ordered=True)
    parts = np.asarray(shapely.get_parts(cells), dtype=object)
    some = np.unique(owner)
    whole = measure.array([shapely.coverage_union_all(parts[owner == index]) for index in some])
    straight = shapely.coverage_simplify(whole, STRAIGHT_M)
    made[some] = straight if _spares(straight, [outlines[i] for i in some.tolist()]) else whole
    return made


def _samples(outlines: Sequence[BaseGeometry]) -> tuple[np.ndarray, np.ndarray]:
    """Points along the inside of outlines, no two alike, and whose each one is."""
    given = measure.array(outlines)
    inner = shapely.buffer(given, -_INSIDE_M, join_style="mitre")
    inner = np.where(shapely.is_empty(inner), given, inner)
    edges = np.where(shapely.get_dimensions(inner) > 1, shapely.boundary(inner), inner)
    points, owner = shapely.get_coordinates(shapely.segmentize(edges, EVERY_M), return_index=True)
    key = np.rint(points / _SAME_M).astype(np.int64)
    _, first = np.unique(key, axis=0, return_index=True)
    first.sort()
    # Regular rows of houses make points on one circle by the dozen, of which GEOS makes no cells.
    shaken = np.random.default_rng(len(first)).uniform(-_SHAKEN_M, _SHAKEN_M, (len(first), 2))
    return points[first] + shaken, owner[first]


def _spares(ground: Shapes, outlines: Sequence[BaseGeometry]) -> bool:
    """Whether each outline lies in its own ground, but for a sliver."""
    given = measure.array(outlines)
    area = shapely.area(given)
    out = shapely.area(shapely.difference(given, ground))
    return bool(shapely.is_valid(ground).all() and (out <= _CUT_SHARE * area).all())
