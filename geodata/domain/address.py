"""A Chinese address, taken apart: street office, community, road, number, building, unit, room.

`parse` knows no gazetteer: it reads the suffixes (路, 号, 小区, 栋 …). In free text it therefore
finds the shape of an address but may take too much into a name; `geodata.domain.geocoder` knows
the names of the district and asks `tail` what follows them.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

from geodata.domain.numerals import NUMERALS
from geodata.domain.region import HAN
from geodata.domain.spelling import normalise, region

_NUMBER: Final = "[甲乙丙丁A-Z]?[0-9]{1,5}[A-Z甲乙丙丁]?(?:-[0-9]{1,4}[A-Z]?)?"
_ENDS: Final = "(?=,|$|附近|[与和及])"
_HOUSE: Final = re.compile(f",?({_NUMBER})(?:号院?(?!楼)|院|{_ENDS})")
_LANE: Final = re.compile(
    f",?([0-9]{{1,5}}弄)(?:([0-9]{{0,4}})支?弄)?(?:({_NUMBER})(?:号(?!楼)(?![0-9A-Z]{{1,2}}单元)|{_ENDS}))?"
)
_ALSO: Final = re.compile(f"([,或和及与至到-])({_NUMBER})号(?!楼)")
_BEHIND: Final = re.compile("([0-9]+)([甲乙丙丁])")
_IN_LANE: Final = re.compile(f"[{HAN}]{{2,10}}?({_NUMBER})号(?!楼)")
_ELSEWHERE: Final = re.compile("[与和及至到在从路街巷道旁近]")
_TRIPLE: Final = re.compile(",?([0-9]{1,3})-([0-9]{1,2})-([0-9]{2,5})(?![0-9-])")
_BUILDING: Final = re.compile(
    ",?([A-Z]?[0-9]{1,4}[A-Z]?|[A-Z甲乙丙丁])(?:号楼|号?栋楼?|号?幢|号?座|号(?=[0-9A-Z]{1,2}单元))"
)
_UNIT: Final = re.compile(",?([0-9]{1,2}|[A-Z])单元")
_ROOM: Final = re.compile(
    ",?(?:[0-9]{1,2}[层楼],?)?([0-9]{2,5}[A-Z]?)(?:室|房|户|号(?!楼)|(?![0-9栋幢号楼米元年月日]))"
)
_NEAR: Final = re.compile("[,的]?附近")
_RANGE: Final = re.compile("([0-9]{1,5})-([0-9]{1,5})")
_WIDEST_RANGE: Final = 40
_SIDES: Final = 2
_TELLS_RANGE: Final = 10
"""Below it a dash rather parts a house from its annex: 3-15号 is 3号附15."""

_LEADS: Final = re.compile(
    "(?:来电人?反映|来电|反映|投诉|举报|咨询|位于|地址(?:是|为)?|家住|住在|本人|我家?在|市民|靠近)"
    "(?![路街巷]|广场|中心|公园|社区|小区|之家)"
)
_STREET: Final = re.compile(f"([{HAN}]{{2,4}}街道)(?!路)")
_COMMUNITY: Final = re.compile(f"[{HAN}]{{2,8}}社区|[{HAN}]{{1,6}}村(?=,|$|附近|[0-9]{{1,2}}组)")
_LAST_NAME: Final = re.compile("(?:.*[路街巷道号院办])?(.{2,}社区|.+村)")
_ROAD: Final = re.compile(
    f"[{HAN}]{{1,8}}?(?:路|街|巷|道|胡同|(?<![0-9])弄|[{NUMERALS}]条)(?!街|巷|局|路(?![灯面口段边])|道(?!路))(?:[{NUMERALS}东西南北中]段)?"
)
_NO_ROADS: Final = re.compile(
    "[公铁马道线电水半上修走]路|这条路|那条路|街道|小巷|大街|街巷|里弄|"
    ".*(?:行道|水道|通道|管道|河道|楼道|频道|报道|知道|轨道|隧道|车道|走道|过道|味道|渠道)"
)
_RAILWAY: Final = re.compile(f"(?:铁|公|水|电|马)路[{HAN}]{{1,2}}(?:路|街|巷)")
_BRANCH: Final = re.compile(
    f"[{NUMERALS}]{{1,4}}(?:巷|街|弄|道|路|段)|[东西南北中]段|[东西南北]?[支横][路街巷]"
)
_AND: Final = "与和及"
_PHASE: Final = (
    f"(?:(?:[{NUMERALS}]{{1,2}}|[A-Z])[期区]|[东西南北中][{NUMERALS}]?区)"
    f"(?=[期东西南北中{NUMERALS}0-9A-Z]|,|$)"
)
"""A part of an estate, which is another place than the estate's other parts: 二期, 东区, 三区."""
_ESTATE: Final = re.compile(
    f"([{HAN}0-9A-Z]{{2,12}}?(?:小区|家属[院楼区]|住宅[楼区]|花园|家园|公寓|大院|新村|苑|"
    f"(?<![医学法剧影察究老利])院(?![0-9A-Z]{{0,4}}号))(?:(?:小区)?(?:{_PHASE}){{1,2}})?)(?:小区)?"
)
_BUILT: Final = re.compile(
    f",?([{HAN}A-Z]{{2,12}}?)(?:小区)?,?(?=[0-9A-Z]{{1,4}}(?:号楼|号?[栋幢座]))"
)
_BARE_NAME: Final = re.compile(f"([{HAN}]{{2,8}}),?(?={_NUMBER}号(?!楼))")


@dataclass(frozen=True, slots=True)
class Address:
    """The parts of an address as written, in normal form; what is not there is an empty text.

    `road` is the road that carries the numbers and `within` the one it branches off, as in
    香溪路枣树巷3号; `numbers` holds the house numbers without 号, the first one first (42号;44号 →
    42, 44), `building` and `unit` theirs without 号楼, 栋 or 单元. `near` says that the text means
    a place beside it.
    """

    district: str = ""
    street: str = ""
    community: str = ""
    within: str = ""
    road: str = ""
    numbers: tuple[str, ...] = ()
    estate: str = ""
    building: str = ""
    unit: str = ""
    room: str = ""
    rest: str = ""
    near: bool = False

    @property
    def number(self) -> str:
        """The (first) house number without 号: 12, 12-3, 甲12; empty if there is none."""
        return self.numbers[0] if self.numbers else ""


class Tail(NamedTuple):
    """What follows the name of a road or an estate, and where in the text it ends."""

    numbers: tuple[str, ...]
    building: str
    unit: str
    room: str
    near: bool
    end: int


def tail(text: str, start: int) -> Tail:
    """The numbers that follow a name which ends at `start` of a normalised text."""
    triple = _TRIPLE.match(text, start)
    if triple:
        building, unit, room = triple.groups()
        return Tail((), building, unit, room, _near(text, triple.end()), triple.end())
    numbers, end = _houses(text, start)
    building, end = _one(_BUILDING, text, end)
    unit, end = _one(_UNIT, text, end)
    room, end = _one(_ROOM, text, end) if building or unit else ("", end)
    return Tail(numbers, building, unit, room, _near(text, end), end)


def parse(text: str) -> Address:
    """The address in a text, taken apart by its suffixes; parts that are missing stay empty.

    Never raises, whatever the text; linear in its length.
    """
    district = region(text).county
    body = _LEADS.sub(",", normalise(text))
    street, body = _take(_STREET, body)
    community, body = _take_community(body)
    within, road, numbered = _road(body)
    estate, built = _estate(body, numbered.end)
    end = max(numbered.end, built.end)
    return Address(
        district=district,
        street=street,
        community=community,
        within=within,
        road=road,
        numbers=in_lane(numbered.numbers, built.numbers) if road else built.numbers,
        estate=estate,
        building=built.building or numbered.building,
        unit=built.unit or numbered.unit,
        room=built.room or numbered.room,
        rest=body[end:].strip(","),
        near=numbered.near or built.near,
    )


def in_lane(lane: tuple[str, ...], inner: tuple[str, ...]) -> tuple[str, ...]:
    """The house in a lane whose name stands between them: 1273弄, 5 → 1273弄5; else the first."""
    if len(lane) == 1 and lane[0].endswith("弄") and inner and "弄" not in inner[0]:
        return tuple(lane[0] + number for number in inner)
    return lane


def lane_house(text: str, start: int) -> tuple[tuple[str, ...], int]:
    """The house that follows a lane and its name at `start`: 新康花园5号; and where it ends."""
    found = _IN_LANE.match(text, start)
    if not found or _ELSEWHERE.search(text, start, found.start(1)):
        return (), start
    return (turned(found.group(1)),), found.end()


def turned(number: str) -> str:
    """A number with its 甲 or 乙 in front, wherever it was written: 15甲 → 甲15."""
    return _BEHIND.sub(r"\2\1", number)


def _one(pattern: re.Pattern[str], text: str, start: int) -> tuple[str, int]:
    found = pattern.match(text, start)
    return (found.group(1), found.end()) if found else ("", start)


def _near(text: str, start: int) -> bool:
    return _NEAR.match(text, start) is not None


def _houses(text: str, start: int) -> tuple[tuple[str, ...], int]:
    """The house numbers at `start`: one, a list (42号,44号) or the ends of a range (42-44号)."""
    lane = _LANE.match(text, start)
    if lane:
        within = lane[1] + (f"{lane[2]}支弄" if lane[2] is not None else "")
        inner = [*_spanned(turned(lane[3]), lane=True)] if lane[3] else [""]
        return tuple(within + number for number in inner), lane.end()
    number, end = _one(_HOUSE, text, start)
    if not number:
        return (), start
    numbers = [*_spanned(turned(number), lane=False)]
    while also := _ALSO.match(text, end):
        runs = also[1] in "至到" and numbers[-1].isdecimal() and also[2].isdecimal()
        numbers += _spanned(f"{numbers[-1]}-{also[2]}", sure=True) if runs else [turned(also[2])]
        end = also.end()
    return tuple(dict.fromkeys(numbers)), end


def _spanned(number: str, *, lane: bool = False, sure: bool = False) -> Iterator[str]:
    """A number and, if it is a range, those that lie in it: on one side of a road, or in a lane.

    `sure` where the text leaves no doubt that it is one.
    """
    yield number
    span = _RANGE.fullmatch(number)
    if not span:
        return
    first, last = int(span[1]), int(span[2])
    if 0 < last - first <= _WIDEST_RANGE and (lane or sure or first >= _TELLS_RANGE):
        step = 1 if lane or (last - first) % 2 else 2
        numbers = range(first, last + 1, step) if lane or step == _SIDES else (first, last)
        yield from map(str, numbers)


def _take(pattern: re.Pattern[str], body: str) -> tuple[str, str]:
    """The first match, and the text with a comma in its place."""
    found = pattern.search(body)
    if not found:
        return "", body
    return found.group(), f"{body[: found.start()]},{body[found.end() :]}"


def _take_community(body: str) -> tuple[str, str]:
    found = _COMMUNITY.search(body)
    last = _LAST_NAME.fullmatch(found.group()) if found else None
    if not found or not last:
        return "", body
    start = found.start() + last.start(1)
    return last.group(1), f"{body[:start]},{body[found.end() :]}"


def _road(body: str) -> tuple[str, str, Tail]:
    """The road with the number, the one before it, and the numbers."""
    within, road, end = _roads(body)
    if road:
        return within, road, tail(body, end)
    bare = _BARE_NAME.search(body)
    if bare and not _ESTATE.match(bare.group(1)):
        return "", bare.group(1), tail(body, bare.end())
    return "", "", Tail((), "", "", "", near=False, end=0)


def _roads(body: str) -> tuple[str, str, int]:
    """The first chain of roads (香溪路枣树巷): the last but one, the last, and where it ends.

    A numbered lane is part of its road's name (西大街四十二巷).
    """
    within, road, end, start = "", "", 0, 0
    while found := _ROAD.search(body, start):
        name, start = found.group(), found.end()
        if _NO_ROADS.fullmatch(name):
            longer = _RAILWAY.match(body, found.start())
            if not longer:
                continue
            name, start = longer.group(), longer.end()
        if road and (found.start() != end or name[0] in _AND):
            break
        if road and _BRANCH.fullmatch(name):
            road = road + name
        else:
            within, road = road, name
        end = start
    return within, road, end


def _estate(body: str, start: int) -> tuple[str, Tail]:
    """The estate or courtyard named from `start` on, and the numbers after it."""
    found = _BUILT.match(body, start) if start else None
    found = found or _ESTATE.search(body, start)
    if not found:
        return "", tail(body, start)
    return found.group(1), tail(body, found.end())
