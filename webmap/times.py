"""Days and moments as pages show them, in the time zone that is set."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from flask import current_app

DAY = timedelta(days=1)


def day(at: datetime) -> str:
    """The day, as 2026-11-26."""
    return f"{_local(at):%Y-%m-%d}"


def moment(at: datetime) -> str:
    """The moment, as 2026-11-26 15:40."""
    return f"{_local(at):%Y-%m-%d %H:%M}"


def last_day(until: datetime) -> str:
    """The last day of what ends at a moment: the day before where that is midnight."""
    return day(until - timedelta(microseconds=1))


def zone() -> ZoneInfo:
    """The time zone that is set."""
    return ZoneInfo(current_app.config["TIMEZONE"])


def _local(at: datetime) -> datetime:
    try:
        return at.astimezone(zone())
    except OverflowError:  # the first and the last day that a store can hold
        return at
