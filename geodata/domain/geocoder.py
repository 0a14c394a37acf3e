"""From an address, or a complaint that contains one, to a place in the district: offline.

Exact after normalising first, then fuzzy on the name with exact numbers. A wrong number never
becomes another number, and what the text cannot tell apart is offered, not guessed. Longitude and
latitude are degrees, as the entries have them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

from geodata.domain.answer import NOTHING, Answer, Match, Reason
from geodata.domain.between import guesses
from geodata.domain.entry import label
from geodata.domain.gazetteer import Facts, Gazetteer, Known, lane_of
from geodata.domain.issue import POINTS, Precision
from geodata.domain.likeness import Likeness, likely
from geodata.domain.reading import Ask, Reading, understand
from geodata.domain.region import NOWHERE, Region, apart
from geodata.domain.spot import metres, middle

__all__ = ["Answer", "Geocoder", "Match"]

SAME_SPOT_M: Final = 60.0
"""Doors of one address that lie this near each other, in metres, are one place."""

AROUND_M: Final = 180.0
"""A landmark that a text names beside an address may lie this far from it, in metres."""

_TELLS_MUCH: Final = 5
_TELLS_ENOUGH: Final = 3
"""Characters of a name that outweigh one wrong one: alone, and where the area agrees."""
_CLEAR_LEAD: Final = 0.1
_NEAR_SCORE: Final = 0.9
_PART_SCORE: Final = 0.85
_LOOSE_SCORE: Final = 0.8
_ROAD_SCORE: Final = 0.5
_NEARBY_SCORE: Final = 0.4
_COMMUNITY_SCORE: Final = 0.3


class _Hit(NamedTuple):
    """Entries that one reading fits, and how well."""

    indices: list[int]
    precision: Precision
    score: float
    reason: Reason
    reach: float = AROUND_M


class Geocoder:
    """The district's names and doors; build it once, ask it often. Safe to share and to pickle."""

    def __init__(self, entries: Iterable[Known], home: Region = NOWHERE) -> None:
        """Index the entries (`gazetteer.Entry`, or database rows with its columns).

        `home` is the region of those whose address names none.
        """
        self._known = Gazetteer(entries, home)

    def __len__(self) -> int:
        return len(self._known.entries)

    @property
    def known(self) -> Gazetteer:
        """Its names."""
        return self._known

    def locate(self, text: str, limit: int = 8, *, street: str = "", community: str = "") -> Answer:
        """The place that a text means, with at most `limit` candidates, the likeliest first.

        `street` and `community` are names from columns of their own; they tell equal names apart
        where the text does not. Never raises, whatever the text.
        """
        ask = understand(self._known, text, street, community)
        hits = [self._resolve(reading, ask) for reading in ask.readings]
        answer = self._judge([hit for hit in hits if hit.indices], ask, limit)
        if answer.sure or (answer.candidates and (ask.numbered or ask.unknown.weight <= 0)):
            return answer
        return self._alike(ask, limit) or answer

    def _resolve(self, reading: Reading, ask: Ask) -> _Hit:
        """The entries that fit one reading, told apart by what else the text says."""
        hit = self._listed(reading)
        if not hit.indices:
            return hit
        fitting = [index for index in hit.indices if _fits(self._known.facts[index], ask, reading)]
        if not fitting:
            return hit._replace(score=hit.score * _LOOSE_SCORE, reason="unlike")
        score = hit.score * (_NEAR_SCORE if reading.near else 1.0)
        if reading.loose and hit.reason == "found":
            return _Hit(fitting, hit.precision, score * _LOOSE_SCORE, "unlike")
        exact = reading.weight > 0 and not reading.near
        reach = SAME_SPOT_M if exact else AROUND_M
        return hit._replace(indices=fitting, score=score, reach=reach)

    def _listed(self, reading: Reading) -> _Hit:
        """The entries under a reading's name, number and building, the exact ones first."""
        known, name, building = self._known, reading.name, reading.building
        if not reading.numbers and not building:
            whole = known.doors.get((name, "", "")) or known.houses.get((name, ""), [])
            some = _Hit(known.nearest(name, ""), "door", _NEARBY_SCORE, "coarse")
            return self._unnumbered(whole) if whole else some
        exact = known.at(name, reading.numbers, building)
        if (
            exact
            and reading.more
            and len(known.houses.get((name, reading.numbers[0]), ())) > len(exact)
        ):
            return _Hit(exact, "place", _PART_SCORE, "ambiguous")
        if exact:
            return _Hit(exact, "door" if reading.numbers else "building", 1.0, "found")
        for number in reading.numbers:
            house = known.houses.get((name, number))
            if house:
                return self._part(house, name, number, reading.building)
        if lane := known.houses.get((name, lane_of((*reading.numbers, "")[0]) or "弄"), []):
            return _Hit(lane, "place", _PART_SCORE * _LOOSE_SCORE, "no_number")
        return self._wrong_number(reading)

    def _part(self, house: list[int], name: str, number: str, building: str) -> _Hit:
        """A house whose number is right while its buildings are not told apart, or not known."""
        alone = self._known.doors.get((name, number, ""), [])
        if not building:
            return _Hit(house, "place", _PART_SCORE, "found")
        if alone and len(alone) == len(house):
            return _Hit(alone, "place", _PART_SCORE, "found")
        return _Hit(house, "place", _PART_SCORE * _LOOSE_SCORE, "no_number")

    def _wrong_number(self, reading: Reading) -> _Hit:
        """The name is known, the number is not: the road or the estate, never another door."""
        known = self._known
        whole = known.doors.get((reading.name, "", ""), [])
        estate = known.houses.get((reading.name, ""), [])
        if not (whole or estate):
            near = known.nearest(reading.name, (*reading.numbers, reading.building)[0])
            return _Hit(near, "door", _NEARBY_SCORE, "no_number")
        hit = self._unnumbered(whole or estate)
        if reading.building and not reading.numbers and whole and len(whole) == len(estate):
            return hit._replace(
                score=hit.score * _PART_SCORE,
                reason="no_number" if hit.reason == "coarse" else hit.reason,
            )
        return hit._replace(score=_ROAD_SCORE, reason="no_number")

    def _unnumbered(self, whole: list[int]) -> _Hit:
        if not whole:
            return _Hit([], "none", 0.0, "nothing")
        kinds = {self._known.entries[index].kind for index in whole}
        if "road" in kinds:
            roads = [index for index in whole if self._known.entries[index].kind == "road"]
            return _Hit(roads, "road", _ROAD_SCORE, "coarse")
        return _Hit(whole, "building" if kinds <= {"building", "door"} else "place", 1.0, "found")

    def _judge(self, hits: list[_Hit], ask: Ask, limit: int) -> Answer:
        """One answer from the readings of a text, the first of them the most exact."""
        if not hits:
            return self._coarse(ask, limit)
        hits = sorted(hits, key=lambda hit: -hit.score)
        first = _common(hits[0], hits[1:])
        if first.reason == "found":
            first = self._told_apart(first, hits[1:])
            spot = self._spot(first.indices)
            if spot is not None and not self._contradicted(spot, hits):
                near = any(reading.near for reading in ask.readings[:1])
                exact = len(first.indices) == 1 and not near
                best = self._match(spot, first.precision if exact else "place", first.score)
                return Answer(
                    best, sure=True, candidates=self._some(hits, best, limit), reason="found"
                )
            first = first._replace(reason="ambiguous")
        nearby = self._nearby(ask) if first.reason == "no_number" else []
        candidates = self._some([first, *hits, *nearby], None, limit)
        if nearby:
            candidates = (*candidates[:1], *guesses(self._known, ask.readings), *candidates[1:])[
                :limit
            ]
        return Answer(candidates[0], sure=False, candidates=candidates, reason=first.reason)

    def _told_apart(self, first: _Hit, others: Sequence[_Hit]) -> _Hit:
        """A house of many places, told by a name in the text that lies among or beside them."""
        if self._spot(first.indices) is not None:
            return first
        for other in others:
            spot = self._spot(other.indices) if other.reason == "found" else None
            if spot is not None and other.precision in POINTS and self._beside(spot, first):
                return other._replace(score=other.score * _PART_SCORE)
        return first

    def _beside(self, spot: int, hit: _Hit) -> bool:
        known = self._known.entries
        return any(metres(known[spot], known[other]) <= SAME_SPOT_M for other in hit.indices)

    def _nearby(self, ask: Ask) -> list[_Hit]:
        """The doors with the nearest numbers, to choose from by hand."""
        found = [
            self._known.nearest(reading.name, (*reading.numbers, reading.building)[0])
            for reading in ask.readings
            if reading.numbers or reading.building
        ]
        return [_Hit(indices, "door", _NEARBY_SCORE, "no_number") for indices in found]

    def _coarse(self, ask: Ask, limit: int) -> Answer:
        indices = self._known.communities.get(ask.community, []) if ask.named else []
        if not indices:
            return NOTHING
        found = tuple(
            self._match(index, "community", _COMMUNITY_SCORE) for index in indices[:limit]
        )
        return Answer(found[0], sure=False, candidates=found, reason="coarse")

    def _alike(self, ask: Ask, limit: int) -> Answer | None:
        """The answer for a misspelt name: its likes that have the very number asked for."""
        found = likely(self._known, ask, limit)
        if not found:
            return None
        matches, sure = [], False
        for like in found:
            reading = replace(ask.unknown, name=like.name, near=False)
            hit = self._resolve(reading, ask)
            spot = self._spot(hit.indices)
            if hit.reason == "found" and spot is not None:
                sure = sure or self._sure(like, hit, found, ask)
            matches += [
                self._match(index, hit.precision, hit.score * like.score) for index in hit.indices
            ]
        if not matches:
            return None
        best = matches[0]
        return Answer(best, sure, tuple(matches[:limit]), "found" if sure else "unlike")

    def _sure(self, like: Likeness, hit: _Hit, found: Sequence[Likeness], ask: Ask) -> bool:
        """Whether a misspelt name can mean only one place, with enough evidence for it."""
        if like is not found[0] or like.telling or like.edits != 1 or not ask.unknown.weight:
            return False
        if any(other.score > like.score - _CLEAR_LEAD for other in found[1:]):
            return False
        backed = bool(ask.community or ask.street) and hit.precision in POINTS
        return len(like.name) >= (_TELLS_ENOUGH if backed else _TELLS_MUCH)

    def _contradicted(self, spot: int, hits: Sequence[_Hit]) -> bool:
        """Whether another reading that is a point lies elsewhere."""
        for hit in hits[1:]:
            if hit.precision not in POINTS or hit.reason != "found":
                continue
            if all(
                metres(self._known.entries[spot], self._known.entries[index]) > hit.reach
                for index in hit.indices
            ):
                return True
        return False

    def _spot(self, indices: list[int]) -> int | None:
        return middle(self._known.entries, indices, SAME_SPOT_M)

    def _some(self, hits: Iterable[_Hit], best: Match | None, limit: int) -> tuple[Match, ...]:
        """The best and then every other entry of the hits, each once."""
        matches = [best] if best else []
        seen = {(best.kind, best.ref, best.label)} if best else set()
        for hit in hits:
            for index in hit.indices:
                if len(matches) >= limit:
                    return tuple(matches)
                match = self._match(index, hit.precision, hit.score)
                if (match.kind, match.ref, match.label) not in seen:
                    seen.add((match.kind, match.ref, match.label))
                    matches.append(match)
        return tuple(matches)

    def _match(self, index: int, precision: Precision, score: float) -> Match:
        entry = self._known.entries[index]
        return Match(
            label(entry),
            entry.lon,
            entry.lat,
            precision,
            round(score, 3),
            entry.kind,
            entry.ref,
            entry.community_code,
        )


def _fits(facts: Facts, ask: Ask, reading: Reading) -> bool:
    """Whether an entry lies where the text says; what is not known does not contradict."""
    return (
        (not ask.community or not facts.community or facts.community == ask.community)
        and (not ask.street or not facts.street or facts.street == ask.street)
        and (not reading.within or not facts.within or facts.within == reading.within)
        and not apart(ask.region, facts.region)
    )


def _common(first: _Hit, others: Iterable[_Hit]) -> _Hit:
    """The first hit, narrowed to the entries that the other readings share with it."""
    for other in others:
        if shared := [index for index in first.indices if index in other.indices]:
            first = first._replace(indices=shared)
    return first
