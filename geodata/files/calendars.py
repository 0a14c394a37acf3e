"""The calendar of days off and make-up days, as a file of days."""

import csv
from datetime import date, tzinfo
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from geodata.domain.deadline import Calendar
from geodata.errors import WanggeError

OWN: Final = Path(__file__).parents[1] / "calendar" / "days.csv"
"""The one that comes with us; its README says what it knows."""

_KINDS: Final = {"work": True, "off": False}
_LARGEST: Final = 2**20
_ZONE: Final = ZoneInfo("Asia/Shanghai")


def read(path: Path = OWN, zone: tzinfo = _ZONE) -> Calendar:
    """The calendar in a file (CSV in UTF-8: day, kind ``off`` or ``work``, name, source).

    Raises WanggeError ``calendar_unreadable`` where it cannot be read, ``calendar_row`` with the
    row where a day or kind is none.
    """
    try:
        with path.open("rb") as opened:
            text = opened.read(_LARGEST).decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as broken:
        raise WanggeError("calendar_unreadable", file=path.name) from broken
    days: dict[date, bool] = {}
    known = set()
    for number, row in enumerate(csv.DictReader(text.splitlines()), start=2):
        try:
            day, works = date.fromisoformat(row["day"].strip()), _KINDS[row["kind"].strip()]
        except (KeyError, ValueError, AttributeError) as unclear:
            raise WanggeError("calendar_row", file=path.name, row=number) from unclear
        days[day] = works
        if (row.get("source") or "").strip() != "statute":
            known.add(day.year)
    return Calendar(days, frozenset(known), zone)
