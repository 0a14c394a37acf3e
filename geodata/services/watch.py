"""The desk of those who supervise: what is overdue, about to be, called in or suspended."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from geodata.db import watch
from geodata.db.scoping import Ground
from geodata.domain.issue import SOON

MOST: Final = watch.MOST
"""Counts stop here; a page says so many and more."""


@dataclass(frozen=True, slots=True)
class Watched:
    """How many open issues are overdue, due soon, called in (督办) and suspended (挂账)."""

    overdue: int
    soon: int
    supervised: int
    suspended: int


def watched(session: Session, ground: Ground, now: datetime) -> Watched:
    """What there is to watch on a ground."""
    return Watched(*watch.counted(session, ground, now, now + SOON))
