"""What a text says, read with the district's names at hand: names, their numbers, the area."""

import re
from dataclasses import dataclass, field, replace
from typing import Final

from geodata.domain.address import Address, Tail, in_lane, lane_house, parse, tail
from geodata.domain.gazetteer import Gazetteer, Mention
from geodata.domain.junction import NONE, Joined, joined
from geodata.domain.numerals import NUMERALS
from geodata.domain.region import HAN, NOWHERE, Region
from geodata.domain.spelling import both, normalise


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_LEADS: Final = _words(
    "反映 反应 投诉 举报 位于 在 家住 我住 地址 称 说 到 从 至 和 与 及 的 是 为 有 于 由 经 沿 即 "
    "靠近 路过 途经 请 街道 社区 小区 村 号 栋 楼 院 段 口 附近"
)
_LONGER: Final = re.compile(
    "社区|小学|中学|幼儿园|医院|酒店|宾馆|超市|市场|公司|广场(?!舞)|附属|新村|花园|家园|公寓|大厦|商城|"
    f"[{HAN}]{{0,4}}(?:分校|分院|分店|校区|院区)|[支新大]?[{NUMERALS}东西南北中支]?[路街巷弄](?![灯边面口])|"
    f"(?:[{NUMERALS}]{{1,2}}|[A-Z])[期区村]|[东西南北中新老][{NUMERALS}]?[区院村]"
)
"""What follows a name that is only the beginning of a longer one."""
_ELSEWHERE: Final = re.compile(
    f"[{HAN}](?:县|镇|乡|示范区|开发区|高新区|街道)|[{HAN}][^超城夜早门集菜都我本全在]市"
)
"""Another town or street office; those of the district itself are known names or left out."""
_SEEN: Final = 20
_CLOSED: Final = ",0123456789"
_ROAD_ENDS: Final = ("路", "街", "巷", "道", "弄", "胡同")
_LATER: Final = re.compile(
    f"[{HAN}A-Z]{{1,12}}?([A-Z]?[0-9]{{1,4}}[A-Z]?|[A-Z])(?:号楼|号?栋|号?幢|号?座)"
)
_MORE: Final = re.compile(f"[^,]{{0,12}}?[0-9A-Z][{HAN}]?(?:号|楼|栋|幢|座)")
_DOOR: Final = re.compile(
    f"([{HAN}]{{1,8}}(?:[路街道巷弄]|胡同)),?([甲乙丙丁]?[0-9]{{1,5}}[甲乙丙丁]?弄?)"
)
_RUN: Final = re.compile(f"([{HAN}]{{2,8}})(?=[0-9]{{1,5}}(?:-[0-9]{{1,4}})?号(?!楼))")
_SHORT: Final = 12
"""A text of so few characters may be nothing but a name."""
_TELLS_LITTLE: Final = 2
"""A name of so few characters may stand anywhere by chance."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One name in the text with the numbers behind it.

    `loose` if the name may be a longer one; `more` if another number follows that is not
    understood.
    """

    name: str = ""
    numbers: tuple[str, ...] = ()
    building: str = ""
    within: str = ""
    near: bool = False
    loose: bool = False
    more: bool = False

    @property
    def weight(self) -> int:
        """How much of a door the reading tells."""
        return 2 * bool(self.numbers) + 2 * bool(self.building) - bool(self.loose)


@dataclass(frozen=True, slots=True)
class Ask:
    """A text as read: the names with numbers first, and the area that it or its columns name.

    `joined` are roads whose crossing it means; `doors` are all house numbers in it, known or not,
    with the characters before them.
    """

    readings: tuple[Reading, ...] = ()
    street: str = ""
    community: str = ""
    named: bool = False
    region: Region = NOWHERE
    doors: tuple[tuple[str, str], ...] = ()
    joined: Joined = NONE
    unknown: Reading = field(default_factory=Reading)

    @property
    def numbered(self) -> bool:
        """Whether a known name stands with a number."""
        return any(reading.numbers or reading.building for reading in self.readings)


def understand(known: Gazetteer, text: str, street: str = "", community: str = "") -> Ask:
    """The names, numbers and area in a text; `street` and `community` from their own columns."""
    clean, asked = both(text)
    readings: list[Reading] = []
    said_street, said_community, within, end = "", "", "", 0
    mentions = [*known.mentions(clean)]
    for mention in mentions:
        if mention.name in known.communities:
            said_community, end = said_community or mention.name, mention.end
        elif mention.name in known.streets:
            said_street, end = said_street or mention.name, mention.end
        else:
            reading, after = _read(clean, mention, end, within)
            within = mention.name if after == mention.end and _is_road(mention.name) else ""
            _lend(readings, reading, touching=mention.start == end)
            readings.append(reading)
            end = after
    numbered = any(reading.weight > 1 for reading in readings)
    if known.elsewhere(asked):
        readings = [replace(reading, loose=True) for reading in readings]
    readings.sort(key=lambda reading: -reading.weight)
    parsed = Address() if numbered else parse(clean)
    return Ask(
        tuple(readings),
        said_street or _known_street(known, street or parsed.street),
        said_community or _known_community(known, community),
        bool(said_community or community),
        asked,
        tuple(_DOOR.findall(clean)),
        joined(known, clean, mentions) if len(mentions) > 1 else NONE,
        Reading() if numbered else _unknown(known, parsed, clean),
    )


def _read(clean: str, mention: Mention, end: int, within: str) -> tuple[Reading, int]:
    """A mention with its numbers, and where they end; `end` is where the one before ended."""
    after = mention.end + 2 if clean.startswith("小区", mention.end) else mention.end
    follows = tail(clean, after)
    building, more = _later(clean, follows)
    if follows.numbers and follows.numbers[0].endswith("弄"):
        inner, end_ = lane_house(clean, follows.end)
        if inner:
            follows = follows._replace(numbers=in_lane(follows.numbers, inner), end=end_)
            more = False
    bare = not (follows.numbers or building or follows.near)
    unread = bare and follows.end == after and _MORE.match(clean, after) is not None
    loose = unread or not (_opens(clean, mention.start, end) and _closes(clean, mention))
    reading = Reading(
        mention.name,
        follows.numbers,
        building,
        within if mention.start == end else "",
        follows.near,
        loose,
        more,
    )
    return reading, follows.end


def _later(clean: str, follows: Tail) -> tuple[str, bool]:
    """The building that comes some words after a house, and whether any number does.

    Between them stands a name that nobody knows, often a misspelt one: 大北街674号紫荆可庭7号楼.
    """
    if not follows.numbers or follows.building or follows.near:
        return follows.building, False
    found = _LATER.match(clean, follows.end)
    if found:
        return found.group(1), False
    return "", _MORE.match(clean, follows.end) is not None


def _lend(readings: list[Reading], reading: Reading, *, touching: bool) -> None:
    """The number of a building belongs to the house before it too: 文昌路12号龙泉华庭3号楼."""
    last = readings[-1] if readings else None
    if touching and last and last.numbers and reading.building and not last.building:
        readings[-1] = replace(last, building=reading.building)


def _opens(clean: str, start: int, end: int) -> bool:
    """Whether a name can begin here: at the text's start, after another part or a lead-in word."""
    if start in (0, end):
        return True
    if _ELSEWHERE.search(clean, max(end, start - _SEEN), start):
        return False
    return clean[start - 1] in _CLOSED or clean.endswith(_LEADS, 0, start)


def _closes(clean: str, mention: Mention) -> bool:
    """Whether the name ends here and is not the beginning of a longer one."""
    if len(mention.name) <= _TELLS_LITTLE and not mention.name.endswith(_ROAD_ENDS):
        return False
    return _LONGER.match(clean, mention.end) is None


def _is_road(name: str) -> bool:
    return name.endswith(_ROAD_ENDS)


def _known_street(known: Gazetteer, street: str) -> str:
    """The street in its full form, if the district has it."""
    if not street:
        return ""
    name = normalise(street)
    full = name if name.endswith("街道") else f"{name}街道"
    return full if full in known.streets else ""


def _known_community(known: Gazetteer, community: str) -> str:
    """The community in its full form, if the district has it."""
    if not community:
        return ""
    name = normalise(community)
    for full in (name, f"{name}社区", f"{name}村"):
        if full in known.communities:
            return full
    return ""


def _unknown(known: Gazetteer, parsed: Address, clean: str) -> Reading:
    """The name that the shape of the text suggests and the district does not have."""
    run = None if parsed.numbers or parsed.building else _RUN.search(clean)
    if run:
        follows = tail(clean, run.end(1))
        return Reading(run.group(1), follows.numbers, follows.building, near=follows.near)
    name = parsed.road or parsed.estate or (clean if len(clean) <= _SHORT else "")
    if not name or name in known.names:
        return Reading()
    numbers = parsed.numbers if parsed.road else ()
    return Reading(name, numbers, parsed.building, parsed.within, parsed.near)
