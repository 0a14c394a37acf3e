"""Codes of the tiers: each is a prefix of those below it.

District 6 digits (GB/T 2260), street 9 (GB/T 10114), community 12, grid 15, building 17.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final, Literal

import numpy as np

from geodata.domain.lattice import Floats
from geodata.errors import Conflict, InvalidRow

Tier = Literal["district", "street", "community", "grid"]

_LENGTHS: Final[dict[int, Tier]] = {6: "district", 9: "street", 12: "community", 15: "grid"}
_DIGITS: Final = re.compile(r"[0-9]+")
_LAST: Final = 999


def tier(code: str) -> Tier:
    """Which tier a code is of.

    Raises InvalidRow ``code_malformed`` where it is none of them.
    """
    found = _LENGTHS.get(len(code))
    if found is None or not _DIGITS.fullmatch(code):
        raise InvalidRow("code_malformed", value=code)
    return found


def parent(code: str) -> str | None:
    """The code one tier up, or None for a district.

    Raises InvalidRow ``code_malformed``.
    """
    return None if tier(code) == "district" else code[:-3]


def within(code: str, above: str) -> bool:
    """Whether a code is, or lies somewhere below, another one.

    Raises InvalidRow ``code_malformed``.
    """
    tier(code)
    tier(above)
    return code.startswith(above)


def compose(above: str, sequence: int) -> str:
    """The code of the n-th member below a district, street or community.

    Raises InvalidRow ``code_malformed`` for a bad or too deep code above, Conflict
    ``codes_used_up`` where the sequence does not fit three digits.
    """
    if tier(above) == "grid":
        raise InvalidRow("code_malformed", value=above)
    if not 0 < sequence <= _LAST:
        raise Conflict("codes_used_up", above=above, last=_LAST)
    return f"{above}{sequence:03d}"


def following(above: str, used: Collection[str]) -> str:
    """The next free code below another, after the highest ever used: none is used twice.

    ``used`` holds all codes below it, retired ones too. Raises as `compose`.
    """
    highest = max((int(code[-3:]) for code in used if parent(code) == above), default=0)
    return compose(above, highest + 1)


def reading_order(points: Floats) -> list[int]:
    """The order in which places are numbered: rows from north to south, west to east in a row.

    ``points`` are rows of x, y (or lon, lat); the result is indices into them. Rows are as high
    as makes about as many rows as columns.
    """
    if len(points) == 0:
        return []
    top, height = points[:, 1].max(), np.ptp(points[:, 1])
    rows = max(1, round(len(points) ** 0.5))
    row = np.minimum((top - points[:, 1]) / max(height, 1e-12) * rows, rows - 1).astype(int)
    return [int(i) for i in np.lexsort((points[:, 1], points[:, 0], row))]
