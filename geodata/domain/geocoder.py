"""From an address, or a complaint that contains one, to a place in the district: offline.

Exact after normalising first, then fuzzy on the name with exact numbers. A wrong number never
becomes another number, and what the text cannot tell apart is offered, not guessed. Longitude and
latitude are degrees, as the entries have them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from geodata.domain.answer import NOTHING, Answer, Match
from geodata.domain.between import guesses
from geodata.domain.crossing import Road
from geodata.domain.entry import SAID, label
from geodata.domain.fit import (
    AROUND_M,
    NEARBY_SCORE,
    PART_SCORE,
    SAME_SPOT_M,
    Hit,
    denied,
    fit,
    shared,
)
from geodata.domain.gazetteer import Gazetteer, Known
from geodata.domain.issue import POINTS, Precision
from geodata.domain.junction import crossing
from geodata.domain.likeness import Likeness, likely
from geodata.domain.reading import Ask, understand
from geodata.domain.region import NOWHERE, Region
from geodata.domain.spot import metres, middle

__all__ = ["Answer", "Geocoder", "Match"]

_BY_SOUND: Final = 3
_BY_SIGHT: Final = 4
"""Characters of a name's own that outweigh one wrong one, where it sounds alike or does not."""
_CLEAR_LEAD: Final = 0.1
_COMMUNITY_SCORE: Final = 0.3


class Geocoder:
    """The district's names and doors; build it once, ask it often. Safe to share and to pickle."""

    def __init__(
        self, entries: Iterable[Known], home: Region = NOWHERE, roads: Iterable[Road] = ()
    ) -> None:
        """Index the entries (`gazetteer.Entry`, or database rows with its columns).

        `home` is the region of those whose address names none; `roads` are lines in degrees,
        whose crossings are places too.
        """
        self._known = Gazetteer(entries, home, roads)

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
        if ask.joined.names and not ask.numbered:
            return self._crossing(ask, limit)
        return self._placed(ask, limit)

    def _placed(self, ask: Ask, limit: int) -> Answer:
        """The answer by names and numbers."""
        hits = [fit(self._known, reading, ask) for reading in ask.readings]
        answer = self._judge([hit for hit in hits if hit.indices], ask, limit)
        if answer.sure or (answer.candidates and (ask.numbered or ask.unknown.weight <= 0)):
            return answer
        return self._alike(ask, limit) or answer

    def _crossing(self, ask: Ask, limit: int) -> Answer:
        """The crossing that a text names, unless it names a place elsewhere as well."""
        answer = crossing(self._known, ask.joined, limit)
        other = self._placed(ask, limit)
        if not (other.best and other.sure):
            return answer
        if answer.best and answer.sure and metres(answer.best, other.best) <= AROUND_M:
            return answer
        both = (other.best, *answer.candidates)[:limit]
        return Answer(other.best, sure=False, candidates=both, reason="ambiguous")

    def _judge(self, hits: list[Hit], ask: Ask, limit: int) -> Answer:
        """One answer from the readings of a text, the first of them the most exact."""
        if not hits:
            return self._coarse(ask, limit)
        hits = sorted(hits, key=lambda hit: -hit.score)
        first = shared(hits[0], hits[1:])
        if first.reason == "found":
            first = self._told_apart(first, hits[1:])
            spot = self._spot(first.indices)
            if spot is not None and denied(self._known.facts[spot], ask):
                first = first._replace(reason="unlike")
            elif spot is not None and not self._contradicted(spot, hits):
                near = any(reading.near for reading in ask.readings[:1])
                exact = len(first.indices) == 1 and not near
                best = self._match(spot, first.precision if exact else "place", first.score)
                return Answer(
                    best, sure=True, candidates=self._some(hits, best, limit), reason="found"
                )
            else:
                first = first._replace(reason="ambiguous")
        nearby = self._nearby(ask) if first.reason == "no_number" else []
        candidates = self._some([first, *hits, *nearby], None, limit)
        if nearby:
            candidates = (*candidates[:1], *guesses(self._known, ask.readings), *candidates[1:])[
                :limit
            ]
        return Answer(candidates[0], sure=False, candidates=candidates, reason=first.reason)

    def _told_apart(self, first: Hit, others: Sequence[Hit]) -> Hit:
        """A house of many places, told by a name in the text that lies among or beside them."""
        if self._spot(first.indices) is not None:
            return first
        for other in others:
            spot = self._spot(other.indices) if other.reason == "found" else None
            if spot is not None and other.precision in POINTS and self._beside(spot, first):
                return other._replace(score=other.score * PART_SCORE)
        return first

    def _beside(self, spot: int, hit: Hit) -> bool:
        known = self._known.entries
        return any(metres(known[spot], known[other]) <= SAME_SPOT_M for other in hit.indices)

    def _nearby(self, ask: Ask) -> list[Hit]:
        """The doors with the nearest numbers, to choose from by hand."""
        found = [
            self._known.nearest(reading.name, (*reading.numbers, reading.building)[0])
            for reading in ask.readings
            if reading.numbers or reading.building
        ]
        return [Hit(indices, "door", NEARBY_SCORE, "no_number") for indices in found]

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
            hit = fit(self._known, reading, ask)
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

    def _sure(self, like: Likeness, hit: Hit, found: Sequence[Likeness], ask: Ask) -> bool:
        """Whether a misspelt name can mean only one place, with enough evidence for it.

        Cities name roads in families (桂林路, 桂平路): the wrong character must sound alike or the
        name be long, and the text name the community as well.
        """
        if like is not found[0] or like.telling or like.edits != 1 or not ask.unknown.weight:
            return False
        if any(other.score > like.score - _CLEAR_LEAD for other in found[1:]):
            return False
        backed = hit.precision in POINTS and self._backed(hit, ask)
        if like.sounding:
            return backed or like.stem >= _BY_SOUND
        return backed and like.stem >= _BY_SIGHT

    def _backed(self, hit: Hit, ask: Ask) -> bool:
        """Whether the text names the very community of the entries."""
        return bool(ask.community) and all(
            self._known.facts[index].community == ask.community for index in hit.indices
        )

    def _contradicted(self, spot: int, hits: Sequence[Hit]) -> bool:
        """Whether another reading that is a point lies elsewhere."""
        for hit in hits[1:]:
            if hit.precision not in POINTS or hit.reason != "found":
                continue
            if hits[0].precision == "door" and self._only_said(hit):
                continue
            if all(
                metres(self._known.entries[spot], self._known.entries[index]) > hit.reach
                for index in hit.indices
            ):
                return True
        return False

    def _only_said(self, hit: Hit) -> bool:
        """Whether only what people call places speaks for a hit, which never outweighs a door."""
        return all(self._known.entries[index].kind in SAID for index in hit.indices)

    def _spot(self, indices: list[int]) -> int | None:
        return middle(self._known.entries, indices, SAME_SPOT_M)

    def _some(self, hits: Iterable[Hit], best: Match | None, limit: int) -> tuple[Match, ...]:
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
            "place" if entry.kind in SAID else entry.kind,
            entry.ref,
            entry.community_code,
        )
