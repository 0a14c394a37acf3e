"""What people call areas and organisations: one key for the many ways to write a name.

安火路社区第3网格, 安火路 03, 安火路三网格 and 安火路网格3 have one key. Names and what is typed go
through the same rules, so a key need not be pretty.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final, Literal

from geodata.domain.numerals import NUMERALS, to_arabic
from geodata.domain.spelling import normalise

Kind = Literal[
    "community", "street", "grid", "group", "branch", "committee", "worker",
    "address", "building", "place", "road", "issue",
]  # fmt: skip
Duty = Literal["lead", "any"]

_UNIT: Final = "号?网格|党?支部|党?小组"
_ORDINAL: Final = re.compile(f"第([{NUMERALS}]{{1,7}})|([{NUMERALS}]{{1,7}})(?={_UNIT})")
_LAST: Final = re.compile(f"(?<=[^{NUMERALS}])[{NUMERALS}]{{1,7}}$")
_TURNED: Final = re.compile("网格第?([0-9]+)")
_IDLE: Final = re.compile(
    "社区(?:居民委员会|居委会)?|居委会|街道(?:办事处|办)?|第|号(?=网格)|网格(?=党|支部|小组)|[,\\s]"
)
_PARTY: Final = re.compile("(?<!党)(?=小组|支部)")
_ZEROS: Final = re.compile("(?<![0-9])0+(?=[0-9])")
_DIGITS: Final = re.compile("[0-9]+")
_ROLE: Final = re.compile("(?:专职)?网格(员|长|专员)")
_SAID: Final[tuple[tuple[Kind, re.Pattern[str]], ...]] = (
    ("worker", _ROLE),
    ("group", re.compile("小组")),
    ("branch", re.compile("支部")),
    ("committee", re.compile("党委|党工委|党组织")),
    ("grid", re.compile("网格")),
    ("address", re.compile("[0-9]号|[栋幢座]|单元")),
    ("community", re.compile("社区|居委会")),
    ("street", re.compile("街道")),
)


@dataclass(frozen=True, slots=True)
class Callname:
    """A key without its numbers, which stand apart since they are never bent: 安火路#网格, (3,)."""

    stem: str
    numbers: tuple[str, ...] = ()

    @property
    def ends_in_number(self) -> bool:
        """Whether somebody may still be typing its last number."""
        return self.stem.endswith("#")

    def with_stem(self, stem: str) -> "Callname":
        """The same numbers behind another stem."""
        return replace(self, stem=stem)


@dataclass(frozen=True, slots=True)
class Ask:
    """What was typed: the keys it may mean, the kind of thing it says, and whose duty."""

    names: tuple[Callname, ...]
    kind: Kind | None
    duty: Duty | None


@lru_cache(maxsize=4096)
def callname(name: str) -> Callname:
    """The key of an area's or organisation's name; its stem is empty where nothing tells it."""
    return _apart(_key(normalise(name)))


def aliases(name: str, above: str) -> set[Callname]:
    """The keys of a name, and those in short: a grid without its last word, or after `above`.

    `above` is the name of the area it belongs to, in front of which people put names that do not
    contain it.
    """
    own, area = callname(name), callname(above)
    keys = {own}
    if area.stem and not own.stem.startswith(area.stem):
        keys.add(Callname(area.stem + own.stem, area.numbers + own.numbers))
    short = {key.with_stem(key.stem.removesuffix("网格")) for key in keys}
    return {key for key in keys | short if key.stem.strip("#")}


def understood(words: str) -> Ask:
    """What somebody typed, with a number at its end read both as a numeral and as a word."""
    clean = normalise(words)
    role = _ROLE.search(clean)
    rest = _ROLE.sub("", clean) if role else clean
    key = _key(rest)
    keys = dict.fromkeys((key, _LAST.sub(lambda found: to_arabic(found.group()), key)))
    kind = next((kind for kind, said in _SAID if said.search(clean)), None)
    duty: Duty | None = None if role is None else "lead" if role.group(1) == "长" else "any"
    return Ask(tuple(_apart(key) for key in keys if key), kind, duty)


def _key(clean: str) -> str:
    numbered = _ORDINAL.sub(lambda found: to_arabic(found.group(1) or found.group(2)), clean)
    turned = _TURNED.sub(r"\1网格", _IDLE.sub("", numbered))
    return _ZEROS.sub("", _PARTY.sub("党", turned))


def _apart(key: str) -> Callname:
    return Callname(_DIGITS.sub("#", key), tuple(_DIGITS.findall(key)))


def after(name: Callname, area: Callname) -> Iterator[Callname]:
    """What is left of a key behind the area it begins with, if it begins with it."""
    rest = name.stem.removeprefix(area.stem)
    if area.stem and rest and rest != name.stem and not area.numbers:
        yield name.with_stem(rest)
