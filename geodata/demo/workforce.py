"""Grid workers and their posts: who works which grid, and since when."""

from __future__ import annotations

from dataclasses import replace
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
_MONTH = 32
"""Days in which nobody came or went but those below."""
_LATELY = (6, 15)
"""How many days ago the first of the vacant grids lost their lead."""
_REFILLED = ((12, 3), (16, 8), (20, 13), (24, 19), (27, 22))
"""How many days ago other grids lost their lead, and got the one they have."""


def appoint(
    codes: list[str], households: Ints, free: list[int], names: Names, now: datetime
) -> tuple[list[Worker], list[Post], list[Planted]]:
    """A lead in every grid but a few, assistants where most people live; every worker has a post.

    ``households`` are by grid; ``free`` are grids in which a gap may be planted. The few vacant
    grids had a lead until some time ago, who now assists elsewhere; so had a few others, which
    were vacant for some days of the last month and have a new lead now.
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
    moved = list(range(len(leads), len(workers)))
    for n, (grid, worker) in enumerate(zip(vacant, moved, strict=False)):
        if n < len(_LATELY):
            posts[worker] = replace(posts[worker], since=_morning(now, _LATELY[n]))
        posts.append(_before(posts[worker], grid))
    refilled = [grid for grid in free if grid not in helped]
    for grid, worker, (left, came) in zip(refilled, moved[len(vacant) :], _REFILLED, strict=False):
        lead = leads.index(grid)
        posts[lead] = replace(posts[lead], since=_morning(now, came))
        posts[worker] = replace(posts[worker], since=_morning(now, left))
        posts.append(_before(posts[worker], grid))
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
    ago = max(int(rng.integers(25, 1400)), _MONTH)
    return Post(worker, grid, duty, _morning(now, ago), None)


def _before(after: Post, grid: int) -> Post:
    """The year as lead of a grid that ended when a worker went to where the post `after` is."""
    return Post(after.worker, grid, "lead", after.since - _YEAR, after.since)


def _morning(now: datetime, ago: int) -> datetime:
    """When posts begin, so many days ago."""
    return (now - timedelta(days=ago)).replace(hour=0, minute=0, second=0, microsecond=0)
