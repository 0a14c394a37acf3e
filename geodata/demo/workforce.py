"""Grid workers and their posts: who works which grid, and since when."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

import numpy as np

from geodata.demo.model import Planted, Post, Worker
from geodata.demo.names import Names
from geodata.demo.shares import scaled
from geodata.domain.lattice import Floats
from geodata.domain.partition import Ints

WORKERS = 756
"""Grid workers of the 620-grid district."""
_YEAR = timedelta(days=365)


def appoint(
    codes: list[str], households: Ints, free: list[int], names: Names, now: datetime
) -> tuple[list[Worker], list[Post], list[Planted]]:
    """A lead in every grid but a few, assistants where most people live; every worker has a post.

    ``households`` are by grid; ``free`` are grids in which a gap may be planted. The few vacant
    grids had a lead until some weeks ago, who now assists elsewhere.
    """
    grids = len(codes)
    vacant = sorted(free.pop() for _ in range(max(1, scaled(6, grids))))
    leads = [grid for grid in range(grids) if grid not in vacant]
    workers = [Worker(name) for name in names.people(scaled(WORKERS, grids))]
    helped = _helped(households, leads, len(workers) - len(leads), names.rng)
    posts = [_post(i, grid, "lead", names.rng, now) for i, grid in enumerate(leads)]
    posts += [
        _post(len(leads) + i, grid, "assistant", names.rng, now) for i, grid in enumerate(helped)
    ]
    for grid, worker in zip(vacant, range(len(leads), len(workers)), strict=False):
        until = posts[worker].since
        posts.append(Post(worker, grid, "lead", until - _YEAR, until))
    planted = [Planted("grid_without_worker", codes[grid], "its post is vacant") for grid in vacant]
    return workers, posts, planted


def _helped(households: Ints, leads: list[int], count: int, rng: np.random.Generator) -> list[int]:
    """The grids that get an assistant: the larger ones first, a second one when all have one."""
    weight: Floats = households[leads] * rng.uniform(0.6, 1.4, len(leads))
    order = [leads[i] for i in np.argsort(-weight, kind="stable").tolist()]
    return [order[i % len(order)] for i in range(max(count, 0))]


def _post(
    worker: int,
    grid: int,
    duty: Literal["lead", "assistant"],
    rng: np.random.Generator,
    now: datetime,
) -> Post:
    since = now - timedelta(days=int(rng.integers(25, 1400)))
    return Post(worker, grid, duty, since.replace(hour=0, minute=0, second=0, microsecond=0), None)
