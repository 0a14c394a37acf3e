"""Assigning many places: the point index, the set-based SQL, and one question at a time."""

import time
from collections.abc import Callable

import click
import numpy as np
import shapely
from sqlalchemy.orm import Session

from geodata.db import grids
from geodata.domain.assignment import CellIndex
from geodata.domain.crs import Floats
from geodata.domain.lattice import snap
from scripts.bench import cover

ERROR_M = 10.0
FEWEST = 200_000
"""Places below which an index is not what one would take."""
ROUNDS = 3


def run(session: Session, count: int) -> None:
    """Print microseconds a place for each way, and how they compare to a bare cover query."""
    cells = grids.present_cells(session)
    rng = np.random.default_rng(1)
    west, south, east, north = shapely.total_bounds([cell.shape for cell in cells])
    spots = snap(rng.uniform((west, south), (east, north), (count, 2)))
    index = CellIndex(cells)
    tree = shapely.STRtree([cell.shape for cell in cells])
    few = spots[: max(count // 100, 1)]
    bare = _best(lambda: tree.query(shapely.points(spots), predicate="intersects")) / count
    indexed = _best(lambda: _indexed(index, spots)) / count
    stored = _best(lambda: _stored(session, few)) / len(few)
    single = _best(lambda: [grids.at(session, shapely.Point(p), ERROR_M) for p in few]) / len(few)
    cover.compare([cell.shape for cell in index.cells], max(count, FEWEST))
    click.echo(f"{count:,} places, {len(cells):,} grids; microseconds a place (best of {ROUNDS}):")
    for name, seconds in (
        ("bare cover by STRtree, no rule and no evidence", bare),
        ("point index, with rule and evidence", indexed),
        ("grid_at in sets", stored),
        ("grid_at, one statement a place", single),
    ):
        click.echo(f"  {seconds * 1e6:10.1f}  {seconds / bare:7.1f} x  {name}")


def _indexed(index: CellIndex, spots: Floats) -> None:
    index.assign(spots[:, 0], spots[:, 1], np.full(len(spots), ERROR_M))


def _stored(session: Session, spots: Floats) -> None:
    grids.at_many(session, [(shapely.Point(p), None, ERROR_M) for p in spots])


def _best(job: Callable[[], object]) -> float:
    """Seconds of the quickest of some rounds."""
    times = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        job()
        times.append(time.perf_counter() - started)
    return min(times)
