"""The entries that one name of a text fits with its numbers, and how well."""

from collections.abc import Iterable
from typing import Final, NamedTuple

from geodata.domain.address import turned
from geodata.domain.answer import Reason
from geodata.domain.gazetteer import Facts, Gazetteer, lane_of
from geodata.domain.issue import Precision
from geodata.domain.reading import Ask, Reading
from geodata.domain.region import apart

SAME_SPOT_M: Final = 60.0
"""Doors of one address that lie this near each other, in metres, are one place."""

AROUND_M: Final = 180.0
"""A landmark that a text names beside an address may lie this far from it, in metres."""

PART_SCORE: Final = 0.85
NEARBY_SCORE: Final = 0.4
ROAD_SCORE: Final = 0.5
_NEAR_SCORE: Final = 0.9
_LOOSE_SCORE: Final = 0.8


class Hit(NamedTuple):
    """Entries that one reading fits, and how well; `reach` is in metres."""

    indices: list[int]
    precision: Precision
    score: float
    reason: Reason
    reach: float = AROUND_M


def fit(known: Gazetteer, reading: Reading, ask: Ask) -> Hit:
    """The entries that fit one reading, told apart by what else the text says."""
    hit = _listed(known, reading)
    if not hit.indices:
        return hit
    fitting = [index for index in hit.indices if _fits(known.facts[index], ask, reading)]
    if not fitting:
        return hit._replace(score=hit.score * _LOOSE_SCORE, reason="unlike")
    if all(known.entries[index].kind == "hearsay" for index in fitting):
        return Hit(fitting, hit.precision, hit.score * _LOOSE_SCORE, "unlike")
    score = hit.score * (_NEAR_SCORE if reading.near else 1.0)
    if reading.loose and hit.reason == "found":
        return Hit(fitting, hit.precision, score * _LOOSE_SCORE, "unlike")
    exact = reading.weight > 0 and not reading.near
    reach = SAME_SPOT_M if exact else AROUND_M
    return hit._replace(indices=fitting, score=score, reach=reach)


def shared(first: Hit, others: Iterable[Hit]) -> Hit:
    """The first hit, narrowed to the entries that the other readings share with it."""
    for other in others:
        if both := [index for index in first.indices if index in other.indices]:
            first = first._replace(indices=both)
    return first


def denied(facts: Facts, ask: Ask) -> bool:
    """Whether a text names doors, and none of them is the entry's own.

    A name on another road or at another number is a namesake: 天河路12号阳光小区.
    """
    if not (ask.doors and facts.numbers):
        return False
    own = {_leading(number) for number in facts.numbers}
    return not any(
        said.endswith(facts.road) and _leading(number) in own for said, number in ask.doors
    )


def _leading(number: str) -> str:
    """A house number without what tells places inside it: 12-3 → 12, 126弄10 → 126弄."""
    lane, sign, _ = turned(number).partition("弄")
    return lane + sign if sign else lane.partition("-")[0].rstrip("ABCDEFGH")


def _listed(known: Gazetteer, reading: Reading) -> Hit:
    """The entries under a reading's name, number and building, the exact ones first."""
    name, building = reading.name, reading.building
    if not reading.numbers and not building:
        return _named(known, name)
    exact = known.at(name, reading.numbers, building)
    if exact:
        return _exact(known, reading, exact)
    for number in reading.numbers:
        house = known.houses.get((name, number))
        if house:
            return _part(known, house, name, number, building)
    if lane := known.houses.get((name, lane_of((*reading.numbers, "")[0]) or "弄"), []):
        return Hit(lane, "place", PART_SCORE * _LOOSE_SCORE, "no_number")
    return _wrong_number(known, reading)


def _named(known: Gazetteer, name: str) -> Hit:
    """What a name without number means: itself, else all that stands under it."""
    whole = known.doors.get((name, "", ""))
    parts = known.houses.get((name, ""), [])
    if not (whole or parts):
        return Hit(known.nearest(name, ""), "door", NEARBY_SCORE, "coarse")
    hit = _unnumbered(known, whole or parts)
    return hit if whole or len(parts) > 1 else hit._replace(reason="ambiguous")


def _exact(known: Gazetteer, reading: Reading, exact: list[int]) -> Hit:
    """Entries of the very number; only a part of the place where another number is not read."""
    spanned = reading.numbers[1:] if "-" in (*reading.numbers, "")[0] else ()
    if any((reading.name, number, reading.building) not in known.doors for number in spanned):
        return Hit(exact, "place", PART_SCORE, "found")
    if not (reading.more and reading.numbers):
        return Hit(exact, "door" if reading.numbers else "building", 1.0, "found")
    others = len(known.houses.get((reading.name, reading.numbers[0]), ())) > len(exact)
    return Hit(exact, "place", PART_SCORE, "ambiguous" if others else "found")


def _part(known: Gazetteer, house: list[int], name: str, number: str, building: str) -> Hit:
    """A house whose number is right while its buildings are not told apart, or not known."""
    alone = known.doors.get((name, number, ""), [])
    if not building:
        lonely = len(house) == 1 and number.endswith("弄")
        return Hit(house, "place", PART_SCORE, "no_number" if lonely else "found")
    only = alone if len(alone) == len(house) else house
    return Hit(only, "place", PART_SCORE * _LOOSE_SCORE, "no_number")


def _wrong_number(known: Gazetteer, reading: Reading) -> Hit:
    """The name is known, the number is not: the road or the estate, never another door."""
    whole = known.doors.get((reading.name, "", ""), [])
    estate = known.houses.get((reading.name, ""), [])
    if not (whole or estate):
        near = known.nearest(reading.name, (*reading.numbers, reading.building)[0])
        return Hit(near, "door", NEARBY_SCORE, "no_number")
    hit = _unnumbered(known, whole or estate)
    if reading.building and not reading.numbers and whole and len(whole) == len(estate):
        return hit._replace(
            score=hit.score * PART_SCORE,
            reason="no_number" if hit.reason == "coarse" else hit.reason,
        )
    return hit._replace(score=ROAD_SCORE, reason="no_number")


def _unnumbered(known: Gazetteer, whole: list[int]) -> Hit:
    kinds = {known.entries[index].kind for index in whole}
    if "road" in kinds:
        roads = [index for index in whole if known.entries[index].kind == "road"]
        return Hit(roads, "road", ROAD_SCORE, "coarse")
    return Hit(whole, "building" if kinds <= {"building", "door"} else "place", 1.0, "found")


def _fits(facts: Facts, ask: Ask, reading: Reading) -> bool:
    """Whether an entry lies where the text says; what is not known does not contradict."""
    return (
        (not ask.community or not facts.community or facts.community == ask.community)
        and (not ask.street or not facts.street or facts.street == ask.street)
        and (not reading.within or not facts.within or facts.within == reading.within)
        and not apart(ask.region, facts.region)
    )
