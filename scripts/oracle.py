"""Which area covers a point, by whole numbers alone: slow, plain and exact.

It shares no code with the index, with GEOS or with PostGIS, so that agreement means something.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geodata.domain.crs import Floats
from geodata.domain.lattice import STEPS

_PAIRS: Final = 4_000_000
_WIDEST: Final = 2**30
"""Steps between two corners up to which the products below fit into 64 bits."""


def first(areas: Sequence[BaseGeometry], places: Floats) -> NDArray[np.int64]:
    """The lowest place in `areas` of one that covers each place, border included; -1 if none.

    Areas and places (count, 2) are in degrees on the lattice. Raises ValueError where they are
    not, or spread wider than whole numbers of 64 bits can hold.
    """
    spots = _whole(places)
    found = np.full(len(spots), -1, dtype=np.int64)
    for rank in reversed(range(len(areas))):
        edges = _edges(areas[rank])
        low, high = edges.min(axis=(0, 1)), edges.max(axis=(0, 1))
        near = np.flatnonzero(np.all((spots >= low) & (spots <= high), axis=1))
        step = max(_PAIRS // len(edges), 1)
        for start in range(0, len(near), step):
            some = near[start : start + step]
            found[some[_covered(edges, spots[some])]] = rank
    return found


def _whole(places: Floats) -> NDArray[np.int64]:
    units = places * STEPS
    whole = np.rint(units)
    if not np.array_equal(units, whole):
        raise ValueError("not on the lattice")
    return whole.astype(np.int64)


def _edges(area: BaseGeometry) -> NDArray[np.int64]:
    """All edges (count, 2 ends, 2) of outlines and holes in whole steps."""
    rings = shapely.get_rings(shapely.get_parts(area))
    lists = [_whole(shapely.get_coordinates(ring)) for ring in rings]
    edges = np.concatenate([np.stack([ring[:-1], ring[1:]], axis=1) for ring in lists])
    if np.ptp(edges, axis=(0, 1)).max() > _WIDEST:
        raise ValueError("too wide")
    return edges


def _covered(edges: NDArray[np.int64], spots: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Whether each spot lies on an edge, or a ray to the east crosses an odd number of them."""
    x, y = spots[:, 0, None], spots[:, 1, None]
    (x0, y0), (x1, y1) = edges[:, 0].T, edges[:, 1].T
    side = (x1 - x0) * (y - y0) - (x - x0) * (y1 - y0)
    between = (np.minimum(x0, x1) <= x) & (x <= np.maximum(x0, x1))
    between &= (np.minimum(y0, y1) <= y) & (y <= np.maximum(y0, y1))
    on = np.any((side == 0) & between, axis=1)
    up, down = (y0 <= y) & (y < y1) & (side > 0), (y1 <= y) & (y < y0) & (side < 0)
    return np.asarray(on | (np.sum(up | down, axis=1) % 2 == 1), dtype=np.bool_)
