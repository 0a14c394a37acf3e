"""The point index against `geopandas.sjoin`: time, memory, and the same answers."""

import ctypes
import math
import multiprocessing
import re
import time
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from geodata.db import grids
from geodata.domain.cover import CoverIndex
from geodata.domain.crs import Floats
from geodata.domain.lattice import snap
from scripts.bench.figures import Cell, Table, best

MANY: Final = 20_000
FEWEST: Final = 200_000
"""Places below which an index is not what one would take."""
Way = Callable[[Sequence[BaseGeometry], Floats], Callable[[], NDArray[np.integer]]]


def run(session: Session, count: int) -> Table:
    """The ratios for the district's grids, and for copies of them laid side by side."""
    shapes = [cell.shape for cell in grids.present_cells(session)]
    places = max(count, FEWEST)
    return Table(
        f"{places:,} places, the lowest area that covers each",
        (
            *("areas", "ns a place", "x sjoin's speed", "MB with index", "MB of sjoin"),
            *("built in ms", "index MB", "answers"),
        ),
        [_compared(some, places) for some in (shapes, _beside(shapes, MANY))],
    )


def _compared(some: Sequence[BaseGeometry], count: int) -> tuple[Cell, ...]:
    spots = _about(some, count)
    started = time.perf_counter()
    index = CoverIndex(some)
    built = time.perf_counter() - started
    ours, theirs = best(indexed(some, spots)), best(joined(some, spots))
    ours_mb, theirs_mb = (_megabytes(way, some, spots) for way in (indexed, joined))
    same = np.array_equal(indexed(some, spots)(), joined(some, spots)())
    return (
        *(len(some), ours / count * 1e9, theirs / ours, ours_mb, theirs_mb),
        *(built * 1000, index.bytes / 1e6, "the same" if same else "DIFFER"),
    )


def indexed(areas: Sequence[BaseGeometry], spots: Floats) -> Callable[[], NDArray[np.integer]]:
    """Our way, ready to run."""
    index = CoverIndex(areas)
    x, y = spots[:, 0].copy(), spots[:, 1].copy()
    return lambda: index.first(x, y)


def joined(areas: Sequence[BaseGeometry], spots: Floats) -> Callable[[], NDArray[np.integer]]:
    """The join that most people write, with the lowest area of each point, ready to run."""
    ground = gpd.GeoDataFrame(geometry=list(areas))
    points = gpd.GeoDataFrame(geometry=gpd.points_from_xy(spots[:, 0], spots[:, 1]))

    def join() -> NDArray[np.integer]:
        pairs = gpd.sjoin(points, ground, predicate="intersects")["index_right"]
        found = np.full(len(points), len(ground))
        np.minimum.at(found, pairs.index.to_numpy(), pairs.to_numpy())
        return np.where(found == len(ground), -1, found)

    return join


def _about(areas: Sequence[BaseGeometry], count: int) -> Floats:
    """Places in and about the areas, as many for each area."""
    rng = np.random.default_rng(1)
    boxes = shapely.bounds(np.array(areas, dtype=object))[rng.integers(0, len(areas), count)]
    return snap(rng.uniform(boxes[:, :2], boxes[:, 2:]))


def _beside(shapes: Sequence[BaseGeometry], count: int) -> list[BaseGeometry]:
    """So many areas: the given ones again and again, each time farther east."""
    west, _, east, _ = shapely.total_bounds(shapes)
    step = np.array([float(snap(east - west)), 0.0])
    base = np.array(shapes, dtype=object)
    copies = [_moved(base, i * step) for i in range(count // len(base) + 1)]
    laid: list[BaseGeometry] = np.concatenate(copies).tolist()
    return laid[:count]


def _moved(shapes: NDArray[np.object_], by: Floats) -> NDArray[np.object_]:
    return np.asarray(shapely.transform(shapes, lambda corners: corners + by))


def _megabytes(way: Way, areas: Sequence[BaseGeometry], spots: Floats) -> float:
    """Megabytes that a way takes in a process of its own, beyond areas and coordinates."""
    fresh = multiprocessing.get_context("spawn")
    here, there = fresh.Pipe(duplex=False)
    child = fresh.Process(target=_weigh, args=(way, list(areas), spots, there))
    child.start()
    megabytes = float(here.recv())
    child.join()
    return megabytes


def _weigh(way: Way, areas: list[BaseGeometry], spots: Floats, there: Connection) -> None:
    # What unpickling has left is given back, and 5 sets the high-water mark to what is in use.
    ctypes.CDLL(None).malloc_trim(0)
    Path("/proc/self/clear_refs").write_text("5", "ascii")
    before = _highest()
    way(areas, spots)()
    there.send(_highest() - before)


def _highest() -> float:
    """Megabytes of memory that this process has had at most."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text("ascii"))
    return int(found[1]) / 1024 if found else math.nan
