"""What became of one's plans at the hands of others, and which plans wait for one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import RowMapping
from sqlalchemy.orm import Session

from geodata.db import plan_news
from geodata.db.scoping import Ground

MOST: Final = 50
_LASTS: Final = timedelta(days=30)
"""What is older is no news to who never read any."""


@dataclass(frozen=True)
class Known:
    """Who asks: the account, its login name, and the ground on which it approves plans."""

    account: int
    login: str
    approved: Ground


@dataclass(frozen=True)
class Told:
    """How many plans wait for somebody by their state, and how much news is unread."""

    waiting: Mapping[str, int]
    unread: int


def told(session: Session, who: Known, now: datetime) -> Told:
    """What somebody is to be told at once."""
    since = _since(session, who, now)
    return Told(
        plan_news.waiting(session, who.approved, who.login),
        plan_news.unread(session, who.login, since, MOST),
    )


def latest(session: Session, who: Known, now: datetime) -> tuple[Sequence[RowMapping], datetime]:
    """The news of one's plans, the newest first, and since when it is unread; see `read`.

    Keys: plan, name, move, by, at, remarks, due_at.
    """
    return plan_news.latest(session, who.login, MOST), _since(session, who, now)


def read(session: Session, who: Known, now: datetime) -> None:
    """All of it is read."""
    plan_news.read(session, who.account, now)


def _since(session: Session, who: Known, now: datetime) -> datetime:
    return plan_news.read_at(session, who.account) or now - _LASTS
