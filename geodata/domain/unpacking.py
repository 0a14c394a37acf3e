"""Plain values out of JSON that anybody may have written; TypeError or ValueError for others."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from geodata.domain import plain
from geodata.domain.plain import Area, Line, Spot

LONGEST_CODE: Final = 40
MOST_MEMBERS: Final = 1_000
MOST_POINTS: Final = 100_000
_EAST: Final = 180.0
_NORTH: Final = 90.0


def code(value: object) -> str:
    """A short text of printable characters."""
    if not isinstance(value, str) or not 0 < len(value) <= LONGEST_CODE or not value.isprintable():
        raise TypeError
    return value


def flag(value: object) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise TypeError
    return value


def members(value: object, most: int = MOST_MEMBERS) -> Sequence[object]:
    """A list with at most so many members."""
    if not isinstance(value, list | tuple) or len(value) > most:
        raise TypeError
    return value


def codes(value: object) -> tuple[str, ...]:
    """A list of codes."""
    return tuple(code(member) for member in members(value))


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError
    number = float(value) if abs(value) < 2**63 else math.inf
    return round(number, plain.DECIMALS) if math.isfinite(number) else number


def spot(value: object) -> Spot:
    """A point as drawn, perhaps not on the earth: `strokes` judges it with the drawing."""
    x, y = members(value, 2)
    return _number(x), _number(y)


def place(value: object) -> Spot:
    """A point on the earth in degrees (EPSG:4326, lon/lat)."""
    x, y = spot(value)
    if not (abs(x) <= _EAST and abs(y) <= _NORTH):
        raise ValueError
    return x, y


def line(value: object) -> Line:
    """A line as drawn."""
    return tuple(spot(point) for point in members(value, MOST_POINTS))


def area(value: object) -> Area:
    """An area as drawn."""
    return tuple(tuple(line(ring) for ring in members(polygon)) for polygon in members(value))


def ground(value: object) -> Area:
    """An area, every point of which is on the earth."""
    found = area(value)
    for ring in (ring for polygon in found for ring in polygon):
        for point in ring:
            place(point)
    return found
