"""Finding areas and organisations by their names as one types: in memory, by key.

Names are few when their numbers stand apart (安火路#网格 holds all grids of 安火路), so every stem
can be looked at for each question. A wrong number never becomes another number.
"""

import unicodedata
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from geodata.domain.callname import Ask, Callname, Kind, after, aliases, callname

Box = tuple[float, float, float, float]
"""West, south, east, north in degrees."""

EXACT, BEGUN, COUNTED, WITHIN, ALIKE = range(5)
"""How a match was found: the name itself, its beginning, its beginning with a number that goes
on, some part of it, or all but one character."""

MOST: Final = 20
"""Things of one stem, and of one kind in an answer, at the most."""

_SHORTEST_ALIKE: Final = 3
_SHORTEST_CODE: Final = 6
_LAST: Final = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class Thing:
    """Something with a name: what it is, what to show, and what opens when it is chosen.

    `code` is the code by which it is found, or empty; `opens` a kind and an id; `street` and
    `community` the codes of its tiers; `box` in degrees.
    """

    kind: Kind
    label: str
    detail: str
    code: str
    opens: tuple[str, str]
    street: str
    box: Box | None
    above: str = ""
    community: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """A thing and how it was found, one of `EXACT` to `ALIKE`."""

    thing: Thing
    rank: int


class Finder:
    """The names and codes of a district; build it once, ask it often. Safe to share."""

    def __init__(self, things: Iterable[Thing]) -> None:
        """List each thing under every key by which people call it."""
        self.things = list(things)
        self._areas: dict[tuple[Kind, str], Thing] = {}
        self._stems: dict[str, dict[tuple[str, ...], list[Thing]]] = defaultdict(dict)
        codes = []
        for thing in self.things:
            self._areas.setdefault((thing.kind, thing.opens[1]), thing)
            codes += [(thing.code, thing)] if thing.code else []
            for key in aliases(thing.label, thing.above):
                self._stems[key.stem].setdefault(key.numbers, []).append(thing)
        self._stems = {stem: _in_order(held) for stem, held in sorted(self._stems.items())}
        self._sorted = list(self._stems)
        self._plain = _unnumbered(self._sorted)
        self._codes = sorted(codes, key=lambda pair: (pair[0], pair[1].kind))
        self._streets = [(callname(t.label), t.code) for t in self.things if t.kind == "street"]

    def area(self, kind: Kind, code: str) -> Thing | None:
        """The area of a kind and code, or None."""
        return self._areas.get((kind, code))

    def asked(self, ask: Ask, limit: int) -> list[Found]:
        """At most `limit` things of each kind that words may mean, the surest first."""
        kept: dict[int, Found] = {}
        for name in ask.names:
            _keep(kept, self._called(name))
            for area, code in self._streets:
                for rest in after(name, area):
                    _keep(kept, (f for f in self._called(rest) if f.thing.street == code))
        if not kept:
            for name in ask.names:
                _keep(kept, self._alike(name))
        return _at_most(sorted(kept.values(), key=lambda found: found.rank), limit)

    def _called(self, name: Callname) -> Iterator[Found]:
        """The things whose name is this, begins so or contains it; exact ones first."""
        for thing in self._stems.get(name.stem, {}).get(name.numbers, ()):
            yield Found(thing, EXACT)
        for stem in self._plain.get(name.stem, ()):
            yield from islice(_numbered(self._stems[stem], name, BEGUN), MOST)
        for stem in self._begun(name.stem):
            yield from islice(_numbered(self._stems[stem], name, BEGUN), MOST)
        if len(name.stem) > 1:
            for stem in self._sorted:
                if stem.find(name.stem) > 0:
                    yield from islice(_numbered(self._stems[stem], name, WITHIN), MOST)

    def _begun(self, start: str) -> Iterator[str]:
        for stem in islice(self._sorted, bisect_left(self._sorted, start), None):
            if not stem.startswith(start):
                return
            yield stem

    def _alike(self, name: Callname) -> Iterator[Found]:
        """The things whose name differs in one character, their numbers in none."""
        if len(name.stem.replace("#", "")) < _SHORTEST_ALIKE:
            return
        close = process.extract(
            name.stem, self._sorted, scorer=Levenshtein.distance, score_cutoff=1, limit=None
        )
        for stem, _, _ in close:
            if stem.count("#") == name.stem.count("#"):
                for thing in self._stems[stem].get(name.numbers, ()):
                    yield Found(thing, ALIKE)

    def coded(self, words: str, limit: int) -> list[Found]:
        """At most `limit` things of each kind whose code is this, or begins so."""
        digits = "".join(unicodedata.normalize("NFKC", words).split())
        if len(digits) < _SHORTEST_CODE or not (digits.isascii() and digits.isdigit()):
            return []
        start = bisect_left(self._codes, digits, key=lambda pair: pair[0])
        end = bisect_left(self._codes, digits + _LAST, key=lambda pair: pair[0])
        found = [Found(t, EXACT if code == digits else BEGUN) for code, t in self._codes[start:end]]
        return _at_most(found, limit)


def _numbered(
    held: Mapping[tuple[str, ...], list[Thing]], name: Callname, rank: int
) -> Iterator[Found]:
    """The things of a stem whose numbers are those asked for, or go on where one still types."""
    asked = name.numbers
    for numbers, things in held.items():
        if numbers[: len(asked)] == asked:
            yield from (Found(thing, rank) for thing in things)
        elif asked and name.ends_in_number and _goes_on(numbers, asked):
            yield from (Found(thing, max(rank, COUNTED)) for thing in things)


def _goes_on(numbers: tuple[str, ...], asked: tuple[str, ...]) -> bool:
    last = len(asked) - 1
    return (
        len(numbers) > last
        and numbers[:last] == asked[:last]
        and numbers[last].startswith(asked[-1])
    )


def _keep(kept: dict[int, Found], found: Iterable[Found]) -> None:
    """Each thing once, by the best of the ways in which it was found."""
    for one in found:
        before = kept.get(id(one.thing))
        if before is None or one.rank < before.rank:
            kept[id(one.thing)] = one


def _at_most(found: Iterable[Found], limit: int) -> list[Found]:
    counted: dict[Kind, int] = defaultdict(int)
    few = []
    for one in found:
        counted[one.thing.kind] += 1
        if counted[one.thing.kind] <= limit:
            few.append(one)
    return few


def _unnumbered(stems: Iterable[str]) -> dict[str, list[str]]:
    """Stems by what is left of them without their numbers: 安火路党小组 for 安火路#党小组."""
    plain: dict[str, list[str]] = defaultdict(list)
    for stem in stems:
        if "#" in stem:
            plain[stem.replace("#", "")].append(stem)
    return dict(plain)


def _in_order(held: dict[tuple[str, ...], list[Thing]]) -> dict[tuple[str, ...], list[Thing]]:
    return dict(sorted(held.items(), key=lambda pair: [int(number) for number in pair[0]]))
