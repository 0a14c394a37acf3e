"""Assigning many places: the point index, the set-based SQL, and one question at a time."""

import numpy as np
import shapely
from sqlalchemy.orm import Session

from geodata.db import grids
from geodata.domain.assignment import CellIndex
from geodata.domain.crs import Floats
from geodata.domain.lattice import snap
from scripts.bench.figures import ROUNDS, Table, best

ERROR_M = 10.0


def run(session: Session, count: int) -> Table:
    """Microseconds a place for each way, and how they compare to a bare cover query."""
    cells = grids.present_cells(session)
    rng = np.random.default_rng(1)
    west, south, east, north = shapely.total_bounds([cell.shape for cell in cells])
    spots = snap(rng.uniform((west, south), (east, north), (count, 2)))
    index = CellIndex(cells)
    tree = shapely.STRtree([cell.shape for cell in cells])
    few = spots[: max(count // 100, 1)]
    bare = best(lambda: tree.query(shapely.points(spots), predicate="intersects")) / count
    ways = {
        "bare cover by STRtree, no rule and no evidence": bare,
        "point index, with rule and evidence": best(lambda: _indexed(index, spots)) / count,
        "grid_at in sets": best(lambda: _stored(session, few)) / len(few),
        "grid_at, one statement a place": best(lambda: _single(session, few)) / len(few),
    }
    return Table(
        f"{count:,} places, {len(cells):,} grids (best of {ROUNDS})",
        ("way", "microseconds a place", "x bare"),
        [(name, seconds * 1e6, seconds / bare) for name, seconds in ways.items()],
    )


def _single(session: Session, spots: Floats) -> None:
    for spot in spots:
        grids.at(session, shapely.Point(spot), ERROR_M)


def _indexed(index: CellIndex, spots: Floats) -> None:
    index.assign(spots[:, 0], spots[:, 1], np.full(len(spots), ERROR_M))


def _stored(session: Session, spots: Floats) -> None:
    grids.at_many(session, [(shapely.Point(p), None, ERROR_M) for p in spots])
