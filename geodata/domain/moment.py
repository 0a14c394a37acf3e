"""Days and moments as people and programs write them."""

import re
from datetime import UTC, datetime, tzinfo
from typing import Final

from geodata.errors import WanggeError

_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MOMENT: Final = re.compile(
    r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})?",
    re.ASCII | re.IGNORECASE,
)
Ends = tuple[datetime | None, datetime | None]
_OPEN: Final = ("", "..")


def moment(text: str, zone: tzinfo) -> datetime:
    """The moment of a text, aware: a day is its first moment; without an offset it is in `zone`.

    Raises WanggeError ``time_unclear`` where it is neither a day nor a moment of ISO 8601.
    """
    plain = text.strip()
    if not (_DAY.fullmatch(plain) or _MOMENT.fullmatch(plain)):
        raise WanggeError("time_unclear", value=text)
    try:
        found = datetime.fromisoformat(plain.upper())
        aware = found if found.tzinfo is not None else found.replace(tzinfo=zone)
        return aware.astimezone(UTC)
    except (ValueError, OverflowError) as wrong:
        raise WanggeError("time_unclear", value=text) from wrong


def span(text: str, zone: tzinfo) -> Ends:
    """Both ends of an interval ``a/b`` (``..`` or nothing is open), or one moment twice.

    Raises WanggeError ``time_unclear``, also where it ends before it starts.
    """
    start, slash, end = text.partition("/")
    if not slash:
        at = moment(text, zone)
        return at, at
    ends = (_end(start, zone), _end(end, zone))
    if ends[0] is not None and ends[1] is not None and ends[1] < ends[0]:
        raise WanggeError("time_unclear", value=text)
    return ends


def _end(text: str, zone: tzinfo) -> datetime | None:
    return None if text.strip() in _OPEN else moment(text, zone)
