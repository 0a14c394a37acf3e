"""What became of issues by their deadline, as conditions; the same as `domain.indicator` counts."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, case, func, or_, select, true

from geodata.db.tables import issue, issue_event
from geodata.domain.issue import DONE

Window = tuple[datetime | None, datetime | None]
"""From a moment on, and before another; None leaves it open."""

_WORKED: Final = issue_event.alias("worked")
_WORKED_ON: Final = ("handled", "reworked")
"""The stages that the index of what was worked on knows."""

_at: Final = issue.c


def _events(status: str) -> list[ColumnElement[bool]]:
    known = _WORKED.c.status.in_(_WORKED_ON)
    return [_WORKED.c.issue_id == _at.id, known, _WORKED.c.status == status]


_LAST: Final = (
    select(func.max(_WORKED.c.at)).where(*_events("handled")).correlate(issue).scalar_subquery()
)
_HANDLED: Final = case(
    (_at.status.in_(("handled", "checked", "closed")), func.coalesce(_LAST, _at.closed_at))
)
"""When the handling was done that stands; null while there is none."""

_KNOWN: Final[Mapping[str, ColumnElement[Any]]] = {
    "due": true(),
    "in_time": _at.due_at >= _HANDLED,
    "late": or_(_HANDLED.is_(None), _at.due_at < _HANDLED),
    "waiting": and_(or_(_at.is_open, _at.closed_at.is_(None)), _HANDLED.is_(None)),
    "closed": _at.closed_at.is_not(None),
    "closed_in_time": _at.closed_at <= _at.due_at,
    "reworked": select(_WORKED.c.id).where(*_events("reworked")).correlate(issue).exists(),
}


_JUDGED: Final[Mapping[str, Sequence[str]]] = {
    "rated": ("good", "fair", "bad"),
    "content": ("good", "fair"),
}


def came(outcome: str, now: datetime, done: Window = (None, None)) -> ColumnElement[bool]:
    """Whether an issue was due by a moment, and came to this by its deadline.

    Of `DONE` whether it was done by that moment, from the first of `done` on and before the other.
    What was rejected or void does not count, nor what is suspended while it is due.
    """
    if outcome in DONE:
        return _done(outcome, now, done)
    counts = _at.status.not_in(("rejected", "void", "suspended"))
    return and_(_at.due_at < now, counts, _KNOWN[outcome])


def _done(outcome: str, now: datetime, done: Window) -> ColumnElement[bool]:
    """What was done in a window; an index finds those that may be, by what was noted of them."""
    counts = _at.status.not_in(("rejected", "void"))
    closed = _between(_at.closed_at, now, done)
    if outcome in _JUDGED:
        return and_(counts, *closed, _at.satisfaction.in_(_JUDGED[outcome]))
    noted = select(_WORKED.c.issue_id).where(_WORKED.c.status == "handled")
    maybe = _at.id.in_(noted.where(*_between(_WORKED.c.at, now, done)))
    return and_(counts, or_(maybe, and_(*closed)), *_between(_HANDLED, now, done))


def _between(
    moment: ColumnElement[Any], now: datetime, window: Window
) -> list[ColumnElement[bool]]:
    since, until = window
    told = [moment < now]
    told += [moment >= since] if since else []
    return [*told, moment < until] if until else told
