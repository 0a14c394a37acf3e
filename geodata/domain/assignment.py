"""Which grid covers a place, by which rule, and how near its border runs.

One rule, told twice: here for many points at once, and as the SQL function ``grid_at`` for
one point inside a transaction; a test holds the two against each other.

1. ``covers``: the grid whose ground (border included) covers the place.
2. ``border``: on a shared border the grid with the lowest code.
3. ``near``: no grid covers it, but one lies within `NEAR_M` metres: the nearest, flagged.
4. ``none``: otherwise.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geodata.domain.cover import CoverIndex, Ranks
from geodata.domain.crs import metres_per_degree
from geodata.domain.issue import Rule

NEAR_M: Final = 30.0
"""A place in no grid belongs to the nearest one within this many metres, flagged."""

BATCH: Final = 20_000
"""Places handled together; keeps the corners of their cells within some hundred megabytes."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One present boundary: the grid's code, its ids and its ground (degrees, lon, lat)."""

    code: str
    grid_id: int
    boundary_id: int
    community_code: str
    shape: BaseGeometry


@dataclass(frozen=True, slots=True)
class Assignment:
    """The grid of one place and the evidence for it; distances in metres."""

    cell: Cell | None
    rule: Rule
    border_m: float | None = None
    runner_up: Cell | None = None
    runner_up_m: float | None = None


UNPLACED: Final = Assignment(None, "none")


class CellIndex:
    """The present grids, ready to be asked for many places."""

    def __init__(self, cells: Sequence[Cell]) -> None:
        """Index cells; the lowest code comes first, so that ties fall to it."""
        self.cells = sorted(cells, key=lambda cell: cell.code)
        self._shapes = np.array([cell.shape for cell in self.cells], dtype=object)
        self._tree = shapely.STRtree(self._shapes)
        self._cover: CoverIndex | None = None

    def covering(self, lon: NDArray[np.float64], lat: NDArray[np.float64]) -> Ranks:
        """For each place the position in `cells` of the grid that covers it, or -1.

        Rules 1 and 2 alone, without evidence: for thousands of places and more, some hundred
        times quicker than `assign`. Degrees on the lattice.
        """
        if self._cover is None:
            self._cover = CoverIndex(self._shapes.tolist())
        return self._cover.first(lon, lat)

    def assign(
        self,
        lon: NDArray[np.float64],
        lat: NDArray[np.float64],
        error_m: NDArray[np.float64],
    ) -> list[Assignment]:
        """One assignment for each place (degrees; on the lattice), in order.

        `error_m` is the positional error of each place: a neighbour within it is the runner-up.
        """
        answers: list[Assignment] = []
        for start in range(0, len(lon), BATCH):
            part = slice(start, start + BATCH)
            answers += self._assign(lon[part], lat[part], error_m[part])
        return answers

    def _assign(
        self,
        lon: NDArray[np.float64],
        lat: NDArray[np.float64],
        error_m: NDArray[np.float64],
    ) -> list[Assignment]:
        reach = np.maximum(error_m, NEAR_M)
        spots, cells, away, border = self._pairs(lon, lat, reach)
        answers = [UNPLACED] * len(lon)
        bounds = np.append(np.flatnonzero(np.diff(spots, prepend=-1)), len(spots))
        for start, end in itertools.pairwise(bounds.tolist()):
            spot = int(spots[start])
            near = [(float(away[i]), int(cells[i]), float(border[i])) for i in range(start, end)]
            answers[spot] = self._judge(near, float(error_m[spot]))
        return answers

    def _pairs(
        self,
        lon: NDArray[np.float64],
        lat: NDArray[np.float64],
        reach: NDArray[np.float64],
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
        """(place, cell, metres to the cell, metres to its border) for all within reach."""
        kx, ky = metres_per_degree(lat)
        windows = shapely.box(
            lon - reach / kx, lat - reach / ky, lon + reach / kx, lat + reach / ky
        )
        spots, cells = self._tree.query(windows, predicate="intersects")
        order = np.lexsort((cells, spots))
        spots, cells = spots[order], cells[order]
        points = shapely.points(lon[spots], lat[spots])
        covered = shapely.covers(self._shapes[cells], points)
        border = _border_metres(self._shapes[cells], lon[spots], lat[spots])
        return spots, cells, np.where(covered, 0.0, border), border

    def _judge(self, near: list[tuple[float, int, float]], error_m: float) -> Assignment:
        """The rule, applied to the cells around one place: (metres away, cell, border metres)."""
        ranked = sorted(near)
        away, home, border = ranked[0]
        if away > NEAR_M:
            return UNPLACED
        covering = sum(1 for metres, _, _ in ranked if metres == 0.0)
        rule: Rule = "near" if covering == 0 else "border" if covering > 1 else "covers"
        other = ranked[1] if len(ranked) > 1 and ranked[1][0] <= error_m else None
        return Assignment(
            self.cells[home],
            rule,
            border,
            self.cells[other[1]] if other else None,
            other[0] if other else None,
        )


def _border_metres(
    shapes: NDArray[np.object_], lon: NDArray[np.float64], lat: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Metres from each place to the border of its shape, on the local plane of the place."""
    lines = shapely.boundary(shapes)
    corners, owner = shapely.get_coordinates(lines, return_index=True)
    kx, ky = metres_per_degree(lat)
    here, scale = np.column_stack([lon, lat]), np.column_stack([kx, ky])
    metres = shapely.set_coordinates(lines, (corners - here[owner]) * scale[owner])
    return np.asarray(shapely.distance(metres, shapely.Point(0.0, 0.0)), dtype=np.float64)
