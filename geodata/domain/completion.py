"""What a name may become that somebody is still typing: roads, estates, places and doors."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from geodata.domain.gazetteer import Entry, Gazetteer
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


class Completion:
    """The names of a gazetteer in their order; safe to share."""

    def __init__(self, known: Gazetteer) -> None:
        self._known = known
        self._names = sorted(known.names - known.whispered)

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
        """The doors of a known name whose number begins as the text ends: 文昌路1 gives 12."""
        clean = normalise(text).removesuffix("号")
        name = clean.rstrip("0123456789")
        number = clean[len(name) :]
        if not number or name not in self._known.numbers:
            return []
        going = [one for one in self._known.numbers[name] if one.startswith(number)]
        houses = (self._known.houses[name, one] for one in sorted(going, key=_short)[:limit])
        return [self._known.entries[house[0]] for house in houses]

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
        whole = self._known.doors.get((name, "", "")) or self._known.houses.get((name, ""))
        return tuple(self._known.entries[index] for index in whole or ())


def _short(name: str) -> tuple[int, str]:
    return len(name), name
