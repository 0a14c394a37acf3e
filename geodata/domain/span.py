"""Weeks and months of the calendar, as they are lived in a time zone."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Final, Literal

from geodata.errors import NotFound

Every = Literal["week", "month"]

_WEEK: Final = re.compile(r"(\d{4})-W(\d{2})")
_MONTH: Final = re.compile(r"(\d{4})-(\d{2})")
_FIRST_YEAR: Final = 1970
_LAST_YEAR: Final = 9_000
"""What is beyond has no span before or after it that a calendar knows."""


@dataclass(frozen=True, slots=True)
class Span:
    """A week (Monday to Sunday, ISO 8601) or a month: its name, first day and last day.

    The name is ``2026-W47`` or ``2026-11``.
    """

    every: Every
    name: str
    first: date
    last: date

    def begins(self, zone: tzinfo) -> datetime:
        """Its first moment."""
        return datetime.combine(self.first, time.min, zone)

    def ends(self, zone: tzinfo) -> datetime:
        """The first moment after it."""
        return datetime.combine(self.last + timedelta(days=1), time.min, zone)

    def before(self) -> "Span":
        """The one that comes before it."""
        return of(self.every, self.first - timedelta(days=1))


def of(every: Every, day: date) -> Span:
    """The week or month that a day lies in."""
    if every == "week":
        year, week, weekday = day.isocalendar()
        first = day - timedelta(days=weekday - 1)
        return Span("week", f"{year}-W{week:02d}", first, first + timedelta(days=6))
    first = day.replace(day=1)
    following = (first + timedelta(days=31)).replace(day=1)
    return Span("month", f"{first:%Y-%m}", first, following - timedelta(days=1))


def present(every: Every, now: datetime, zone: tzinfo) -> Span:
    """The week or month that is going on."""
    return of(every, now.astimezone(zone).date())


def named(name: str) -> Span:
    """The span of a name. Raises NotFound ``no_span`` (span) where there is none such."""
    week, month = _WEEK.fullmatch(name), _MONTH.fullmatch(name)
    try:
        if week and _FIRST_YEAR <= int(week[1]) <= _LAST_YEAR:
            return of("week", date.fromisocalendar(int(week[1]), int(week[2]), 1))
        if month and _FIRST_YEAR <= int(month[1]) <= _LAST_YEAR:
            return of("month", date(int(month[1]), int(month[2]), 1))
    except (ValueError, OverflowError) as wrong:
        raise NotFound("no_span", span=name) from wrong
    raise NotFound("no_span", span=name)


def begun(name: str, now: datetime, zone: tzinfo) -> Span:
    """The span of a name. Raises NotFound as `named`, ``span_to_come`` (span) before it begins."""
    found = named(name)
    if found.begins(zone) > now:
        raise NotFound("span_to_come", span=name)
    return found


def last(span: Span, count: int) -> list[Span]:
    """So many spans up to and with this one, the oldest first."""
    found = [span]
    while len(found) < count:
        found.append(found[-1].before())
    return found[::-1]
