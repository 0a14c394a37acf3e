"""Places that are hard to assign: corners, borders, a lattice step beside them, and anywhere."""

from collections.abc import Sequence

import numpy as np
import shapely

from geodata.domain.assignment import Cell
from geodata.domain.crs import Floats
from geodata.domain.lattice import STEP, snap

_AROUND = 0.01


def places(cells: Sequence[Cell], count: int, rng: np.random.Generator) -> Floats:
    """About `count` places, an array of (lon, lat) in degrees on the lattice.

    A quarter each: vertices of cells, places on their edges, places at most one lattice step
    beside those, and places anywhere in the extent and a hundredth of a degree around it.
    """
    share = count // 4
    shapes = np.array([cell.shape for cell in cells], dtype=object)
    corners = shapely.get_coordinates(shapes)
    corner = corners[rng.integers(0, len(corners), share)]
    lines = shapely.boundary(shapes[rng.integers(0, len(shapes), share)])
    on_edge = shapely.line_interpolate_point(lines, rng.random(share), normalized=True)
    edge = snap(shapely.get_coordinates(on_edge))
    beside = edge + rng.integers(-1, 2, edge.shape) * STEP
    west, south, east, north = shapely.total_bounds(shapes)
    low, high = (west - _AROUND, south - _AROUND), (east + _AROUND, north + _AROUND)
    anywhere = snap(rng.uniform(low, high, (share, 2)))
    return np.concatenate([corner, edge, beside, anywhere])
