"""The names and house numbers that a district has, ready to be looked up.

Every name goes through `normalise`, every entry is listed under each (name, number, building) by
which people may call it. Longitude and latitude in degrees, as given.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final, NamedTuple

from geodata.domain.address import Address, parse
from geodata.domain.commonplace import common
from geodata.domain.crossing import Crossings, Road
from geodata.domain.entry import SAID, Entry, Kind, Known
from geodata.domain.numerals import NUMERALS
from geodata.domain.region import HAN, NOWHERE, Region, apart
from geodata.domain.spelling import normalise, region

__all__ = ["Entry", "Gazetteer", "Kind", "Known"]

Key = tuple[str, str, str]
"""Name, house number, building; the last two may be empty."""

_NO_NAME: Final = re.compile(
    f"[0-9A-Z甲乙丙丁]*(?:号楼|栋|幢|座|号|单元|楼)?|[{HAN}]|[{HAN}]?[0-9]+|"
    f"(?:[{NUMERALS}0-9A-Z东西南北中新老]{{1,3}}[期区坊里院])+"
)
_UNREAD: Final = re.compile(f"[0-9](?:号|弄|栋|幢|座|单元)|[0-9A-Z{NUMERALS}东西南北][栋幢座期区]")
_BUILT: Final = re.compile(
    "(?!办公|商业|购物|服务|活动|居民|单位|职工|综合|教学|宿舍|住宅|家属|社区|沿街|临街)"
    f"[{HAN}A-Z]{{2,14}}(?:大厦|广场|中心|公寓|大楼|酒店|饭店|宾馆|花园|花苑|商厦|商城|国际|医院)"
)
"""A building's name behind its number: 世纪大道100号环球金融中心."""
_ROADLIKE: Final = re.compile("[路街巷道弄][0-9]")
_NUMBERED: Final = re.compile("(.{2,}?)[,-]?([0-9]{1,4}[A-Z]?|[A-Z])(?:号楼|号?栋|号?幢|号?座)$")


class Facts(NamedTuple):
    """What tells entries of one name apart, in normal form."""

    street: str
    community: str
    within: str
    region: Region = NOWHERE
    road: str = ""
    numbers: tuple[str, ...] = ()


class Mention(NamedTuple):
    """A known name found in a text, from `start` to `end`."""

    name: str
    start: int
    end: int


class Gazetteer:
    """The index of names; built once from the entries and never changed.

    Every order in it follows from the order of the entries, so that equals keep their places in
    every process.
    """

    def __init__(
        self, entries: Iterable[Known], home: Region = NOWHERE, roads: Iterable[Road] = ()
    ) -> None:
        """List each entry under every name, number and building it goes by.

        `home` is where entries lie whose address names no region; `roads` are lines whose
        crossings people name.
        """
        self.crossings = Crossings(roads)
        self._home = home
        self.regions: set[Region] = {home} if home else set()
        self.entries: list[Entry] = []
        self.facts: list[Facts] = []
        self.doors: dict[Key, list[int]] = defaultdict(list)
        self.houses: dict[tuple[str, str], list[int]] = defaultdict(list)
        self.communities: dict[str, list[int]] = defaultdict(list)
        self.streets: set[str] = set()
        said = []
        for entry in entries:
            if entry.kind in SAID:
                said.append(entry)
            else:
                self._add(entry, frozenset())
        own = frozenset(self.doors)
        for entry in said:
            self._add(entry, own)
        self.whispered = frozenset(
            key[0]
            for key, found in self.doors.items()
            if all(self.entries[index].kind == "hearsay" for index in found)
        )
        self.doors, self.houses = dict(self.doors), dict(self.houses)
        self.names: set[str] = {name for name, _, _ in self.doors}
        called = {*self.names, *self.communities, *self.streets, *self.crossings.names}
        self._starts = _by_start(sorted(called))
        self.named = _by_number(self.doors)
        self.numbers = _by_name(self.houses)
        self.pairs = _by_pair(sorted(self.names))

    def mentions(self, text: str) -> Iterator[Mention]:
        """The known names in a normalised text from left to right, the longest at each place."""
        start, last = 0, len(text) - 1
        while start < last:
            for name in self._starts.get(text[start : start + 2], ()):
                if text.startswith(name, start):
                    yield Mention(name, start, start + len(name))
                    start += len(name) - 1
                    break
            start += 1

    def elsewhere(self, asked: Region) -> bool:
        """Whether a text names a region in which nothing of ours lies, as far as ours tell."""
        return bool(asked and self.regions) and all(apart(asked, ours) for ours in self.regions)

    def at(self, name: str, numbers: tuple[str, ...], building: str) -> list[int]:
        """The entries with exactly this name, building and any of the numbers.

        A range (42-44) that is itself a door's number is that door alone.
        """
        wanted = numbers or ("",)
        if len(wanted) > 1 and (name, wanted[0], building) in self.doors and "-" in wanted[0]:
            wanted = wanted[:1]
        found = (
            index for number in wanted for index in self.doors.get((name, number, building), ())
        )
        return list(dict.fromkeys(found))

    def nearest(self, name: str, number: str, count: int = 4) -> list[int]:
        """Entries of a name with the numbers nearest to one that is not there."""
        asked = _leading(number)
        near = sorted(self.numbers.get(name, ()), key=lambda other: abs(_leading(other) - asked))
        return [self.houses[name, other][0] for other in near[:count]]

    def _region(self, entry: Known) -> Region:
        """What an address names, in the city of the others where it names none of its own."""
        told = region(entry.address) if entry.address else NOWHERE
        if not told or told.city or told.province:
            return told
        return replace(told, province=self._home.province, city=self._home.city)

    def _add(self, entry: Known, taken: frozenset[Key]) -> None:
        """List an entry under its keys, but for those that are `taken` by things with a name."""
        index = len(self.entries)
        self.entries.append(_entry(entry))
        parsed = parse(entry.address) if entry.address else Address()
        street = _street(entry.street) or parsed.street
        community = normalise(entry.community) or parsed.community
        there = self._region(entry)
        door = (parsed.road, parsed.numbers) if parsed.road and parsed.numbers else ()
        self.facts.append(Facts(street, community, parsed.within, there, *door))
        if there:
            self.regions.add(there)
        if street:
            self.streets.add(street)
        if entry.kind == "community":
            self.communities[normalise(entry.name)].append(index)
            return
        for name, number, building in sorted(_keys(entry, parsed) - taken):
            self.doors[name, number, building].append(index)
            self.houses[name, number].append(index)
            lane = lane_of(number)
            if lane:
                self.houses[name, lane].append(index)


def _entry(known: Known) -> Entry:
    """An entry of our own, free of whatever the row hangs on to."""
    return Entry(
        known.kind,
        known.name,
        known.lon,
        known.lat,
        known.address,
        known.label,
        known.ref,
        known.street,
        known.community,
        known.community_code,
        getattr(known, "aliases", ()),
    )


def _keys(entry: Known, parsed: Address) -> set[Key]:
    """Every (name, number, building) by which people may call an entry."""
    keys: set[Key] = set()
    own = ""
    for text in (entry.name, *getattr(entry, "aliases", ())):
        name, building = _name(normalise(text))
        own = own or building
        if _ROADLIKE.search(name):
            keys |= _address_keys(parse(text))
        elif name:
            keys |= {(name, "", building), (_short(name), "", building)}
    if (parsed.road or parsed.estate) and not _UNREAD.search(parsed.rest):
        keys |= _address_keys(parsed, own)
        if _BUILT.fullmatch(parsed.rest):
            keys.add((parsed.rest, "", own))
    elif entry.address:
        keys |= {(normalise(entry.address), "", own)}
    return {key for key in keys if not is_bare(key[0]) and not common(entry, key[0])}


def is_bare(name: str) -> bool:
    """Whether a name in normal form is but a number or a part of something: 3号楼, 东区."""
    return _NO_NAME.fullmatch(name) is not None


def _address_keys(parsed: Address, own: str = "") -> set[Key]:
    """The keys of an address; `own` is the building's number if its name tells it."""
    building = parsed.building or own
    keys: set[Key] = set()
    if parsed.road and parsed.numbers:
        keys |= {(parsed.road, number, building) for number in parsed.numbers}
    elif parsed.road and building:
        keys.add((parsed.road, "", building))
    if parsed.estate:
        lane = (
            parsed.numbers[0].rpartition("弄") if parsed.road and parsed.numbers else ("", "", "")
        )
        keys.add((parsed.estate, lane[2] if lane[0] else "", building))
    return keys


def _name(text: str) -> tuple[str, str]:
    """A name without the building's number, and that number: 香溪花园3号楼 → 香溪花园, 3."""
    numbered = _NUMBERED.fullmatch(text)
    if numbered:
        return numbered.group(1), numbered.group(2)
    only = _NUMBERED.fullmatch(f"__{text}")
    return ("", only.group(2)) if only else (text, "")


def _short(name: str) -> str:
    """香溪花园小区 is called 香溪花园 too; a name of two characters is not shortened further."""
    return name.removesuffix("小区") if len(name) > len("XX小区") else name


def _street(text: str) -> str:
    """The street office's name in its full form: 新城 and 新城办 → 新城街道."""
    return normalise(f"{text}街道" if text and not text.endswith(("街道", "办", "处")) else text)


def _by_start(names: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Names by their first two characters, the longest first."""
    starts: dict[str, list[str]] = defaultdict(list)
    for name in names:
        starts[name[:2]].append(name)
    return {start: tuple(sorted(found, key=len, reverse=True)) for start, found in starts.items()}


def _by_number(doors: Iterable[Key]) -> dict[tuple[str, str], list[str]]:
    """The names that have a certain number and building."""
    named: dict[tuple[str, str], set[str]] = defaultdict(set)
    for name, number, building in doors:
        named[number, building].add(name)
        named[number, ""].add(name)
    return {numbers: sorted(names) for numbers, names in named.items()}


def _by_name(houses: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """The numbers of each name."""
    numbers: dict[str, list[str]] = defaultdict(list)
    for name, number in houses:
        if number:
            numbers[name].append(number)
    return dict(numbers)


def lane_of(number: str) -> str:
    """The lane that a number lies in: 126弄10 → 126弄; empty for other numbers and lanes."""
    lane, sign, house = number.partition("弄")
    return lane + sign if house else ""


def _leading(number: str) -> int:
    """The first digits of a house number as a number: 12-3 → 12, 甲12 → 12."""
    digits = re.search("[0-9]+", number)
    return int(digits.group()) if digits else 0


def _by_pair(names: Iterable[str]) -> dict[str, list[str]]:
    """The names that contain a certain pair of neighbouring characters, in their order."""
    pairs: dict[str, list[str]] = defaultdict(list)
    for name in names:
        for pair in {name[start : start + 2] for start in range(len(name) - 1)}:
            pairs[pair].append(name)
    return dict(pairs)
