"""Who serves several grids is one person in an area that has them all."""

from __future__ import annotations

import numpy as np

from geodata.domain.coverage.frames import Grids, Posts
from geodata.domain.partition import Ints


def places(grids: Grids, posts: Posts) -> tuple[Ints, Ints]:
    """Who serves which grid, each pair once: ids of workers, and rows of the grids."""
    pairs = zip(posts.worker.tolist(), posts.grid.tolist(), strict=True)
    held = sorted({(who, grids.row_of[grid]) for who, grid in pairs if grid in grids.row_of})
    found = np.array(held, dtype=np.int64).reshape(-1, 2)
    return found[:, 0], found[:, 1]


def counted_again(workers: Ints, areas: Ints, count: int) -> Ints:
    """How often people are counted beyond once in each of `count` areas, by the area's number.

    `workers` and `areas` are of equal length, a pair for each grid that somebody serves.
    """
    pairs, times = np.unique(np.stack([areas, workers]), axis=1, return_counts=True)
    return np.bincount(pairs[0], weights=times - 1, minlength=count).astype(np.int64)
