"""What a grid worker is told, on a page of their own."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import RowMapping
from sqlalchemy.orm import Session

from geodata.db import accounts, successions

MOST: Final = 50


def own(session: Session, account: int) -> Sequence[RowMapping]:
    """The notices to the worker whose account this is, the newest first; none to other people.

    Keys: id, kind, at, detail, seen_at.
    """
    worker = _worker(session, account)
    return [] if worker is None else successions.notices(session, worker, MOST)


def unseen(session: Session, account: int) -> int:
    """How many of them are new."""
    worker = _worker(session, account)
    return 0 if worker is None else successions.unseen(session, worker)


def see(session: Session, account: int, now: datetime) -> int:
    """They are seen; how many were new."""
    worker = _worker(session, account)
    return 0 if worker is None else successions.see(session, worker, now)


def _worker(session: Session, account: int) -> int | None:
    found = accounts.by_id(session, account)
    return None if found is None else found["worker_id"]
