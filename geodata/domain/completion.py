"""What a name may become that somebody is still typing: roads, estates, places and doors."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from rapidfuzz.distance import Levenshtein

from geodata.domain.address import parse
from geodata.domain.gazetteer import Entry, Gazetteer, is_bare
from geodata.domain.spelling import normalise

Box = tuple[float, float, float, float]
"""West, south, east, north in degrees."""

_LOOKED_AT: Final = 400
_NAME_ONLY: Final = 2


@dataclass(frozen=True, slots=True)
class Named:
    """One thing by its whole name.

    `entries` are what stands under it, `begun` says that it begins with the text.
    """

    name: str
    entries: tuple[Entry, ...]
    begun: bool

    @property
    def box(self) -> Box:
        """Around all of it, in degrees."""
        lon, lat = [e.lon for e in self.entries], [e.lat for e in self.entries]
        return min(lon), min(lat), max(lon), max(lat)


@dataclass(frozen=True, slots=True)
class Lacking:
    """A whole house number that a road has not: `number` without 号, and the road or its likes."""

    number: str
    roads: tuple[Entry, ...]


class Completion:
    """The names of a gazetteer in their order; safe to share."""

    def __init__(self, known: Gazetteer) -> None:
        self._known = known
        self._weak = _weak(known)
        self._names = sorted((known.names - known.whispered) | set(self._weak))
        self._roads = {normalise(one.name): one for one in known.entries if one.kind == "road"}

    def names(self, text: str, limit: int) -> list[Named]:
        """The names that begin with the text, the shortest first, then those that contain it."""
        clean = normalise(text)
        if not clean:
            return []
        begun = sorted(islice(self._begun(clean), _LOOKED_AT), key=_short)
        found = [Named(name, self._under(name), begun=True) for name in begun[:limit]]
        if len(found) < limit and len(clean) >= _NAME_ONLY:
            inside = sorted(islice(self._inside(clean), _LOOKED_AT), key=_short)
            found += [Named(name, self._under(name), begun=False) for name in inside]
        return [named for named in found if named.entries][:limit]

    def doors(self, text: str, limit: int) -> list[Entry]:
        """The doors of a known name whose number begins as the text ends: 文昌路1 gives 12.

        With 号 behind it a number is whole and begins no other.
        """
        whole = normalise(text)
        clean = whole.removesuffix("号")
        name = clean.rstrip("0123456789")
        number = clean[len(name) :]
        if not number or name not in self._known.numbers:
            return []
        closed = clean != whole
        going = [
            one
            for one in self._known.numbers[name]
            if one == number or (not closed and one.startswith(number))
        ]
        houses = (self._known.houses[name, one] for one in sorted(going, key=_short)[:limit])
        return [self._known.entries[house[0]] for house in houses]

    def lacking(self, text: str) -> Lacking | None:
        """The whole number in a text and the road meant, where that road has no such number.

        Where no road has the name in the text, those with all but one character of it are meant,
        and none is lacking where one has the number. None where the text closes no number with
        号, or names no road.
        """
        asked = parse(text)
        if not asked.number or f"{asked.number}号" not in normalise(text):
            return None
        roads = [name for name in self._roads if is_like(name, asked.road)]
        named = [asked.road] if asked.road in self._roads else sorted(roads)
        if any(asked.number in self._known.numbers.get(name, ()) for name in named):
            return Lacking(asked.number, ())
        return Lacking(asked.number, tuple(map(self._roads.__getitem__, named))) if named else None

    def _begun(self, start: str) -> Iterator[str]:
        for name in islice(self._names, bisect_left(self._names, start), None):
            if not name.startswith(start):
                return
            yield name

    def _inside(self, part: str) -> Iterator[str]:
        """The names that contain a text, but not at their beginning."""
        pairs = [part[at : at + 2] for at in range(len(part) - 1)]
        fewest: Sequence[str] = min((self._known.pairs.get(p, []) for p in pairs), key=len)
        return (name for name in fewest if name.find(part) > 0)

    def _under(self, name: str) -> tuple[Entry, ...]:
        """What has a name without number; of an estate its grounds, else its houses."""
        known = self._known
        whole = known.doors.get((name, "", "")) or known.houses.get((name, ""))
        return tuple(known.entries[index] for index in whole or self._weak.get(name) or ())


def is_like(name: str, other: str) -> bool:
    """Whether names differ in one character at the most."""
    return Levenshtein.distance(name, other, score_cutoff=1) <= 1


def _weak(known: Gazetteer) -> dict[str, list[int]]:
    """Names that houses bear and that tell no place in a sentence (新楼1), each with its houses."""
    weak: dict[str, list[int]] = defaultdict(list)
    for index, entry in enumerate(known.entries):
        if entry.name and entry.kind in ("door", "building", "courtyard"):
            name = normalise(entry.name)
            if name not in known.names and not is_bare(name):
                weak[name].append(index)
    return dict(weak)


def _short(name: str) -> tuple[int, str]:
    return len(name), name
