"""A worker with too much hands a grid over to one of those who are offered for it."""

from __future__ import annotations

from sqlalchemy.orm import Session

from geodata.db import posts as terms
from geodata.errors import InvalidMove, NotFound
from geodata.services import coverage, posts
from geodata.services.posts import Done, Office

KIND = "worker_overloaded"


def hand_over(session: Session, office: Office, code: str, grid: str, to: int) -> Done:
    """Let whoever is offered follow the worker (number as code) in a grid (code), from now on.

    Raises NotFound ``no_gap`` where the worker has not too much (any more), also where somebody
    else was quicker by a moment; InvalidMove ``worker_no_room`` where the other one is not offered
    for that grid; as `posts.hand_over`.
    """
    gap = coverage.to_close(session, office.ground, (KIND, code), office.now)
    if gap is None or terms.turned(session, grid, office.now):
        raise NotFound("no_gap")
    offered = [(one["grid"], one["worker"]) for one in gap.facts.get("takers", ())]
    if (grid, to) not in offered:
        raise InvalidMove("worker_no_room")
    return posts.hand_over(session, office, grid, int(code), to)
