"""What is made known to everybody (民情发布): notices, and issues that were solved."""

from datetime import datetime
from typing import Final

from geodata.domain.issue import COARSE, IMPERSONAL
from geodata.domain.privacy import masked
from geodata.domain.signs import is_foreign
from geodata.errors import InvalidMove

KINDS: Final = ("notice", "solved")
"""通知 and 办结公示."""

LONGEST_TITLE: Final = 60
LONGEST_TEXT: Final = 2000
PUBLISHED: Final = "closed"
"""Only an issue in this state is solved."""


def reviewed(kind: str, title: str, text: str, *, checked: bool) -> tuple[str, str]:
    """Title and text as they may be shown to everybody, without blanks around them.

    Raises InvalidMove ``bulletin_empty``, ``bulletin_long``, ``bulletin_title_signs`` and
    ``bulletin_text_signs`` where it holds signs that no person types; of a solved issue
    ``bulletin_number`` where a telephone or identity number stands in it, and
    ``bulletin_unchecked`` where nobody says that they have read it for what would tell who
    reported it.
    """
    title, text = title.strip(), text.strip()
    if not (title and text):
        raise InvalidMove("bulletin_empty")
    if len(title) > LONGEST_TITLE or len(text) > LONGEST_TEXT:
        raise InvalidMove("bulletin_long", title=LONGEST_TITLE, text=LONGEST_TEXT)
    if any(map(is_foreign, title)):
        raise InvalidMove("bulletin_title_signs")
    if any(sign not in "\n\t" and is_foreign(sign) for sign in text):
        raise InvalidMove("bulletin_text_signs")
    if kind == "solved" and not checked:
        raise InvalidMove("bulletin_unchecked")
    if kind == "solved" and (masked(title), masked(text)) != (title, text):
        raise InvalidMove("bulletin_number")
    return title, text


def in_order(since: datetime, until: datetime | None, now: datetime) -> None:
    """Raise InvalidMove ``bulletin_days`` where it would end before it begins, or is over."""
    if until is not None and until <= max(since, now):
        raise InvalidMove("bulletin_days")


def is_coarse(category: str) -> bool:
    """Whether an issue of a category is personal, so that its place is not told exactly."""
    return category not in IMPERSONAL


def seen_at(lon: float, lat: float, category: str) -> tuple[float, float]:
    """Where everybody sees an issue of a category: some 100 m about where it is personal."""
    if not is_coarse(category):
        return lon, lat
    return round(lon, COARSE), round(lat, COARSE)
