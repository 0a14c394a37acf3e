"""Codes of what is loaded: checked where they are given, made where they are missing."""

import re
from collections.abc import Collection
from typing import Final

from geodata.domain import codes
from geodata.errors import Conflict

_USABLE: Final = re.compile(r"[0-9A-Za-z_-]{1,20}")
_LONGEST: Final = 20
_GB: Final = {"street": 9, "community": 12, "grid": 15}


def is_usable(code: str) -> bool:
    """Whether a code can stand in our addresses: letters, digits, - and _, at most 20."""
    return bool(_USABLE.fullmatch(code))


def scheme(code: str, above: str, tier: str) -> str:
    """``GB`` where a code has the standard's length and begins with the code above; else local."""
    right = len(code) == _GB[tier] and code.isdigit() and code.isascii()
    return "GB" if right and code.startswith(above) else "local"


def usual_name(above: str, code: str) -> str:
    """How a grid is called that nobody has named: by its community and its number."""
    tail = code[-3:]
    number = f"第{int(tail)}" if tail.isdigit() and tail.isascii() else tail
    return f"{above}{number}网格"


def made(above: str, used: Collection[str], tier: str) -> str:
    """The next code below another that was never used: GB below GB, else with a running number.

    Raises Conflict ``codes_used_up`` or ``code_too_long`` (above).
    """
    if above.isdigit() and above.isascii() and len(above) == _GB[tier] - 3:
        below = [code for code in used if scheme(code, above, tier) == "GB"]
        return codes.following(above, below)
    number = 1 + max((_tail(code, above) for code in used), default=0)
    code = f"{above}-{number:03d}"
    if len(code) > _LONGEST:
        raise Conflict("code_too_long", above=above, limit=_LONGEST)
    return code


def _tail(code: str, above: str) -> int:
    rest = code.removeprefix(f"{above}-")
    return int(rest) if rest != code and rest.isdigit() and rest.isascii() else 0
