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

import click
import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geodata.domain.cover import CoverIndex
from geodata.domain.crs import Floats
from geodata.domain.lattice import snap

MANY: Final = 20_000
ROUNDS: Final = 3
Way = Callable[[Sequence[BaseGeometry], Floats], Callable[[], NDArray[np.integer]]]


def compare(shapes: Sequence[BaseGeometry], count: int) -> None:
    """Print the ratios for the district's grids, and for copies of them laid side by side."""
    for some in (shapes, _beside(shapes, MANY)):
        spots = _about(some, count)
        started = time.perf_counter()
        index = CoverIndex(some)
        built = time.perf_counter() - started
        ours, theirs = _seconds(indexed(some, spots)), _seconds(joined(some, spots))
        ours_mb, theirs_mb = (_megabytes(way, some, spots) for way in (indexed, joined))
        same = np.array_equal(indexed(some, spots)(), joined(some, spots)())
        click.echo(
            f"{count:,} places, {len(some):,} areas: {ours / count * 1e9:.0f} ns a place, "
            f"{theirs / ours:.1f} x as quick as geopandas.sjoin; {ours_mb:.0f} MB with the index "
            f"against {theirs_mb:.0f} MB (1/{theirs_mb / max(ours_mb, 1.0):.1f}); index built in "
            f"{built * 1000:.0f} ms, {index.bytes / 1e6:.1f} MB; "
            f"answers {'the same' if same else 'DIFFER'}"
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


def _seconds(job: Callable[[], object]) -> float:
    """Seconds of the quickest round."""
    seconds = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        job()
        seconds.append(time.perf_counter() - started)
    return min(seconds)


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
