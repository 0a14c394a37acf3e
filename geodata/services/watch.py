"""The desk of those who supervise: what is overdue, about to be, called in or suspended."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from geodata.db import watch
from geodata.db.arrivals import Held
from geodata.db.scoping import Ground
from geodata.domain.issue import SOON

MOST: Final = watch.MOST
"""Counts stop here; a page says so many and more."""


@dataclass(frozen=True, slots=True)
class Watched:
    """How many open issues are overdue, due soon, called in (督办), suspended (挂账) and new."""

    overdue: int
    soon: int
    supervised: int
    suspended: int
    fresh: int


def watched(session: Session, ground: Ground, now: datetime, held: Sequence[Held]) -> Watched:
    """What there is to watch on a ground, and what is new to some audiences."""
    return Watched(*watch.counted(session, ground, now, now + SOON, tuple(held)))
