"""A place for a house number that nobody knows, between two that are known.

House numbers run odd on one side of a road and even on the other: the neighbours are those of the
same parity. What comes out is a guess with a name of its own (``between``) and never a door.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from geodata.domain.answer import Match
from geodata.domain.gazetteer import Gazetteer
from geodata.domain.reading import Reading
from geodata.domain.spot import metres

SCORE: Final = 0.35
_FARTHEST: Final = 60
"""Known numbers farther apart than this tell little about what lies between them."""
_FARTHEST_M: Final = 600.0
_SIDES: Final = 2


def guesses(known: Gazetteer, readings: Iterable[Reading]) -> Iterator[Match]:
    """A place for each reading whose number is not known, where there is one."""
    for reading in readings:
        found = between(known, reading.name, (*reading.numbers, "")[0])
        if found:
            yield found


def between(known: Gazetteer, name: str, number: str) -> Match | None:
    """The place between the nearest known numbers on the same side of the road `name`.

    Longitude and latitude in degrees, by the number's share of the way. None unless both
    neighbours are known, plain numbers, and near each other.
    """
    if not number.isdecimal():
        return None
    asked = int(number)
    plain = [other for other in known.numbers.get(name, ()) if other.isdecimal()]
    side = [int(other) for other in plain if (int(other) - asked) % _SIDES == 0]
    low = max((other for other in side if other < asked), default=None)
    high = min((other for other in side if other > asked), default=None)
    if low is None or high is None or high - low > _FARTHEST:
        return None
    one, other = (known.entries[known.houses[name, str(n)][0]] for n in (low, high))
    if metres(one, other) > _FARTHEST_M:
        return None
    share = (asked - low) / (high - low)
    return Match(
        f"{name}{low}号—{high}号",
        one.lon + (other.lon - one.lon) * share,
        one.lat + (other.lat - one.lat) * share,
        *("between", SCORE, "between", None),
        one.community_code if one.community_code == other.community_code else "",
    )
