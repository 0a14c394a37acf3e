"""Spans of time as people say them: today, the last seven days, this year, from day to day."""

from datetime import date, datetime, time, timedelta, tzinfo
from typing import Final, Literal, get_args

from geodata.errors import WanggeError

Period = Literal["today", "7d", "30d", "year"]
PERIODS: Final[tuple[Period, ...]] = get_args(Period)

_DAYS: Final[dict[Period, int]] = {"today": 1, "7d": 7, "30d": 30}

Span = tuple[datetime | None, datetime | None]
"""From the first moment on, up to but without the second; None where it is open."""


def last(period: Period, now: datetime, zone: tzinfo) -> Span:
    """The days up to `now`, today being one of them, or the year so far; as lived in `zone`."""
    today = now.astimezone(zone).date()
    if period == "year":
        return _midnight(today.replace(month=1, day=1), zone), None
    return _midnight(today - timedelta(days=_DAYS[period] - 1), zone), None


def between(since: date | None, until: date | None, zone: tzinfo) -> Span:
    """From the beginning of one day to the end of another; either may be left open.

    Raises WanggeError ``days_backwards`` where the first day comes after the last.
    """
    if since is not None and until is not None and since > until:
        raise WanggeError("days_backwards", since=since.isoformat(), until=until.isoformat())
    return (
        _midnight(since, zone) if since else None,
        _midnight(until + timedelta(days=1), zone) if until and until < date.max else None,
    )


def _midnight(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time.min, zone)
