"""Until when: limits counted in working hours of a calendar, or by the clock.

工作时 are 08:00-12:00 and 14:00-18:00 of days on which people work: Monday to Friday without
legal holidays, and the days that make up for them (调休). A 工作日 is eight of them; 自然日 and
紧急工作时 go by the clock. All moments bear a zone; days are those of the calendar's own zone.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Final
from zoneinfo import ZoneInfo

LIMIT_TYPES: Final = ("urgent_hour", "working_hour", "working_day", "calendar_day")

_SPELLS: Final = ((time(8), time(12)), (time(14), time(18)))
_ZONE: Final = ZoneInfo("Asia/Shanghai")
_HOURS_A_DAY: Final = 8
_SATURDAY: Final = 5
_MOST_DAYS: Final = 3660
_CLOCK: Final = {"urgent_hour": timedelta(hours=1), "calendar_day": timedelta(days=1)}
_WORK: Final = {
    "working_hour": timedelta(hours=1),
    "working_day": timedelta(hours=_HOURS_A_DAY),
}


@dataclass(frozen=True, slots=True)
class Calendar:
    """Which days differ from the week: True for days of work, False for days off.

    `known` are the years whose official arrangement the days hold; in others only the statutory
    days and the week are known.
    """

    days: Mapping[date, bool] = field(default_factory=dict)
    known: frozenset[int] = frozenset()
    zone: tzinfo = _ZONE

    def works(self, day: date) -> bool:
        """Whether people work on a day."""
        return self.days.get(day, day.weekday() < _SATURDAY)


def due(start: datetime, limit: float, limit_type: str, calendar: Calendar) -> datetime:
    """The moment at which a limit of so many units runs out, counted from a start.

    Raises KeyError for a type that is none of `LIMIT_TYPES`.
    """
    if limit_type in _CLOCK:
        return start + limit * _CLOCK[limit_type]
    left = limit * _WORK[limit_type]
    for begin, end in _spells(start, calendar):
        if left <= end - begin:
            return (begin + left).astimezone(start.tzinfo)
        left -= end - begin
    return start + timedelta(days=_MOST_DAYS)


def left(now: datetime, due_at: datetime, limit_type: str, calendar: Calendar) -> float:
    """How many units of a limit are left at a moment; 0 where it has run out.

    Raises KeyError for a type that is none of `LIMIT_TYPES`.
    """
    if due_at <= now:
        return 0.0
    if limit_type in _CLOCK:
        return (due_at - now) / _CLOCK[limit_type]
    spent = timedelta()
    for begin, end in _spells(now, calendar):
        if begin >= due_at:
            break
        spent += min(end, due_at) - begin
    return spent / _WORK[limit_type]


def moved(
    due_at: datetime, paused_at: datetime, now: datetime, rule: tuple[str, Calendar]
) -> datetime:
    """The deadline after a pause: what was left when it began is counted from its end.

    `rule` is the limit's type and the calendar. One that had run out before stays as it was.
    """
    limit_type, calendar = rule
    rest = left(paused_at, due_at, limit_type, calendar)
    return due(now, rest, limit_type, calendar) if rest else due_at


def _spells(start: datetime, calendar: Calendar) -> Iterator[tuple[datetime, datetime]]:
    """The working spells from a start on, in order, the first cut where it had begun."""
    local = start.astimezone(calendar.zone)
    for number in range(_MOST_DAYS):
        day = local.date() + timedelta(days=number)
        for opens, shuts in _SPELLS if calendar.works(day) else ():
            begin = datetime.combine(day, opens, calendar.zone)
            end = datetime.combine(day, shuts, calendar.zone)
            if end > local:
                yield max(begin, local), end
