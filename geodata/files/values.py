"""What stands in a cell: text, a time, a number, or nothing."""

import math
import re
import unicodedata
from datetime import UTC, datetime, time, timedelta, timezone
from typing import Final
from zoneinfo import ZoneInfo

from openpyxl.utils.datetime import from_excel

from geodata.domain.signs import unturned
from geodata.errors import InvalidRow
from geodata.files.grid import Cell

MISSING: Final = frozenset(
    {"", "-", "--", "---", "—", "——", "－", "/", "\\", "NULL", "NONE", "N/A", "#N/A", "无", "空"}
)
_CONTROL: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
_GUARDED: Final = re.compile("'(?=[=+\\-@\t\r\n＝＋－＠])")
_TIME: Final = re.compile(
    r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?"
    r"(?:[T,\s]*(上午|下午|中午|晚上|凌晨|AM|PM)?\s*(\d{1,2})[:时点](?:(\d{1,2})分?(?::?(\d{1,2})秒?)?)?"
    r"(?:\.\d{1,9})?\s*(AM|PM)?)?\s*(Z|[+-]\d{2}:?\d{2})?"
)
_COMPACT: Final = re.compile(r"(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2})?)?")
_DURATION: Final = re.compile(
    r"\d{1,3}(?:\.\d+)?\s*个?(?:工作日|工作时|自然日|小时|天|日|H|D)(?:内|以内)?"
)
_NOON: Final = 12
_AFTERNOON: Final = ("下午", "晚上", "PM", "中午")
_BEFORE_NOON: Final = (("中午", 10), ("中午", 11))
_YEARS: Final = range(1990, 2101)
_EXCEL_DAYS: Final = (32874.0, 73415.0)
"""Excel's serial numbers of the years 1990 to 2100."""

_LOST_DIGITS: Final = 1e15
"""From here on Excel no longer keeps every digit of a number."""


def text(value: Cell) -> str:
    """A cell as clean text: half of a pair, control characters and marks of direction are left out.

    Whole numbers come without a decimal point, times as ISO text; what people write for "nothing"
    (``-``, ``—``, NULL, 无) is an empty text. An apostrophe that guards a formula is taken off.
    """
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, float):
        value = int(value) if value.is_integer() and abs(value) < _LOST_DIGITS else repr(value)
    shown = "" if value is None else unturned(_CONTROL.sub("", str(value))).strip()
    return "" if shown.upper() in MISSING else _GUARDED.sub("", shown, count=1)


def number_text(value: Cell) -> str:
    """A ticket number as text.

    Raises InvalidRow ``ticket_digits_lost`` if Excel kept it as a number too long for it.
    """
    if (
        isinstance(value, int | float)
        and not isinstance(value, bool)
        and abs(value) >= _LOST_DIGITS
    ):
        raise InvalidRow("ticket_digits_lost", value=str(value))
    return text(value)


def moment(value: Cell, zone: ZoneInfo) -> datetime | None:
    """A time with its zone (`zone` if the cell has none), or None for an empty cell.

    Takes datetimes, Excel's serial numbers and the usual ways of writing. Raises InvalidRow
    ``time_bad`` (value) for anything else, and for years before 1990 or after 2100.
    """
    found = _moment(value, zone)
    if found is not None and found.year not in _YEARS:
        raise InvalidRow("time_bad", value=text(value))
    return found


def deadline(value: Cell, zone: ZoneInfo) -> datetime | None:
    """As `moment`, but a span such as 5个工作日 is no time and gives None.

    A day without an hour is meant to its end, 23:59:59.
    """
    if _DURATION.fullmatch(text(value).upper()):
        return None
    found = moment(value, zone)
    if found is None or found.time() != time.min:
        return found
    return found.replace(hour=23, minute=59, second=59)


def coordinate(value: Cell) -> float | None:
    """One coordinate as a finite number, or None for an empty cell.

    Raises InvalidRow ``coordinate_bad`` (value) for text, NaN and infinity.
    """
    shown = unicodedata.normalize("NFKC", text(value)).rstrip("°")
    if not shown:
        return None
    try:
        number = float(shown) if len(shown) <= 40 and "_" not in shown else math.nan  # noqa: PLR2004
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise InvalidRow("coordinate_bad", value=shown[:40])
    return number


def _moment(value: Cell, zone: ZoneInfo) -> datetime | None:
    if isinstance(value, datetime):
        return value.replace(tzinfo=value.tzinfo or zone)
    shown = unicodedata.normalize("NFKC", text(value)).upper()
    if not shown:
        return None
    try:
        found = _written(shown, zone)
    except ValueError:
        found = None
    if found is None:
        raise InvalidRow("time_bad", value=shown[:60])
    return found


def _written(shown: str, zone: ZoneInfo) -> datetime | None:
    """The time that a text of at most some sixty characters writes; ValueError for 31 February."""
    serial = _serial(shown)
    if serial is not None:
        return serial.replace(tzinfo=zone)
    compact = _COMPACT.fullmatch(shown)
    if compact:
        parts = [int(part or 0) for part in compact.groups()]
        return datetime(parts[0], parts[1], parts[2], parts[3], parts[4], parts[5], tzinfo=zone)
    full = _TIME.fullmatch(shown[:60])
    if not full:
        return None
    year, month, day, before, hour, minute, second, after, offset = full.groups()
    return datetime(
        int(year),
        int(month),
        int(day),
        _hour(int(hour or 0), before or after or ""),
        int(minute or 0),
        int(second or 0),
        tzinfo=_offset(offset) if offset else zone,
    )


def _serial(shown: str) -> datetime | None:
    """The time of one of Excel's serial numbers, to the second."""
    if not re.fullmatch(r"[0-9]{5}(?:\.[0-9]+)?", shown):
        return None
    first, last = _EXCEL_DAYS
    days = float(shown)
    found = from_excel(days) if first <= days <= last else None
    return found if isinstance(found, datetime) else None


def _hour(hour: int, word: str) -> int:
    """The hour of the day; 中午11点 is still before noon."""
    if word in _AFTERNOON and 0 < hour < _NOON and (word, hour) not in _BEFORE_NOON:
        return hour + _NOON
    return 0 if word in ("上午", "凌晨", "AM") and hour == _NOON else hour


def _offset(written: str) -> timezone:
    if written == "Z":
        return UTC
    sign = -1 if written[0] == "-" else 1
    digits = written[1:].replace(":", "")
    return timezone(sign * timedelta(hours=int(digits[:2]), minutes=int(digits[2:])))
