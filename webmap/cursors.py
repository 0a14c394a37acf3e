"""Where a page of the list ended, as an address can hold it."""

import base64
import binascii
import json
from datetime import datetime
from typing import Any

from geodata.errors import WanggeError
from geodata.services.issues import Cursor


def written(end: Cursor, sort: str) -> str:
    """A cursor for the next page of a list in some order."""
    keys = [k.isoformat() if isinstance(k, datetime) else k for k in end.keys]
    raw = json.dumps([sort, keys, end.number, end.rest], separators=(",", ":"))
    return base64.urlsafe_b64encode(raw.encode()).decode()


def read(text: str, sort: str) -> Cursor:
    """The cursor of a `next`. Raises WanggeError ``bad_cursor`` where it is none of this list."""
    try:
        name, keys, number, rest = json.loads(base64.urlsafe_b64decode(text.encode()))
        cursor = Cursor(tuple(map(_key, keys)), int(number), bool(rest))
    except (ValueError, TypeError, OverflowError, binascii.Error) as broken:
        raise WanggeError("bad_cursor") from broken
    if name != sort or [*map(type, cursor.keys)] != _TYPES[sort][rest:]:
        raise WanggeError("bad_cursor")
    if not 0 <= cursor.number < 2**63:
        raise WanggeError("bad_cursor")
    return cursor


_TYPES: dict[str, list[type]] = {
    "newest": [datetime],
    "oldest": [datetime],
    "due": [datetime],
    "kind": [int, datetime],
    "grid": [int, datetime],
    "near": [float],
}


def _key(told: Any) -> datetime | int | float:
    """A key as the list runs by it. Raises ValueError or TypeError."""
    if isinstance(told, str):
        moment = datetime.fromisoformat(told)
        if moment.tzinfo is None:
            raise ValueError(told)
        return moment
    if isinstance(told, bool) or not isinstance(told, int | float):
        raise TypeError(told)
    if not -(2**31) <= told < 2**31:
        raise ValueError(told)
    return told
