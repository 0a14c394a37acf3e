"""Visits: a grid that was visited is not quiet, though nobody there reports anything."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any, Final

from sqlalchemy.orm import Session

from geodata.db import visits
from geodata.db.scoping import Ground
from geodata.domain.privacy import masked
from geodata.errors import InvalidMove, NotFound
from geodata.files import values

LONGEST_NOTE: Final = 200
OLDEST: Final = timedelta(days=366)
"""How long after it a visit can be told."""
SHOWN: Final = 8


@dataclass(frozen=True)
class Said:
    """What somebody says of a visit: when, in what words, and by which account."""

    day: str
    note: str
    account: int


def record(
    session: Session, ground: Ground, code: str, said: Said, now: datetime, zone: tzinfo
) -> date:
    """Keep a visit to a grid (code) on one's ground; its day, which is today where none is said.

    Said twice by the same account it is one visit, of which the last note is kept.

    Raises NotFound ``no_grid`` (grid); InvalidMove ``visit_day`` (value) for what is no day, to
    come or too long ago.
    """
    found = visits.present(session, code)
    if found is None or not ground.covers(found["community_code"], code):
        raise NotFound("no_grid", grid=code)
    today = now.astimezone(zone).date()
    day = _day(said.day, today)
    row = {
        "grid_id": found["id"],
        "day": day,
        "at": now if day == today else datetime.combine(day, time.max, zone),
        "note": masked(values.text(said.note)[:LONGEST_NOTE]),
        "account_id": said.account,
    }
    visits.record(session, row)
    return day


def _day(told: str, today: date) -> date:
    said = told.strip()
    try:
        day = date.fromisoformat(said) if said else today
    except ValueError as wrong:
        raise InvalidMove("visit_day", value=told) from wrong
    if said and day.isoformat() != said:  # a week of the calendar is no day
        raise InvalidMove("visit_day", value=told)
    if not today - OLDEST <= day <= today:
        raise InvalidMove("visit_day", value=told)
    return day


def latest(session: Session, code: str) -> Sequence[Mapping[str, Any]]:
    """The last visits to a grid (code): day, note, and the name of who said so."""
    return visits.latest(session, code, SHOWN)
