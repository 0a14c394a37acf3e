"""Days and moments as pages show them, in the time zone that is set."""

from datetime import datetime
from zoneinfo import ZoneInfo

from flask import current_app


def day(at: datetime) -> str:
    """The day, as 2026-11-26."""
    return f"{_local(at):%Y-%m-%d}"


def moment(at: datetime) -> str:
    """The moment, as 2026-11-26 15:40."""
    return f"{_local(at):%Y-%m-%d %H:%M}"


def _local(at: datetime) -> datetime:
    return at.astimezone(ZoneInfo(current_app.config["TIMEZONE"]))
