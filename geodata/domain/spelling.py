"""One spelling for the many ways in which a Chinese address is typed.

Both sides of every comparison go through `normalise`, so a rule here must be the same for the
district's own names and for what people write; it need not be pretty. The work is linear: each
pattern looks at a bounded number of characters from where it stands.
"""

import re
import unicodedata
from collections.abc import Callable
from typing import Final

from geodata.domain.numerals import NUMERALS, to_arabic, to_chinese
from geodata.domain.region import HAN, Region, cut

LONGEST: Final = 2000
"""Characters of a text that are looked at; an address stands near the beginning."""

_PASSES: Final = 4
"""One does the work; the others mend what only nonsense contains, such as 街办街道街办."""

_Written = str | Callable[[re.Match[str]], str]

_INVISIBLE: Final = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f"
    "\ufeff\ufff9-\uffff\ud800-\udfff]+"
)
_ASCII_UPPER: Final = {ord(small): small.upper() for small in "abcdefghijklmnopqrstuvwxyz"}
_DASHES: Final = dict.fromkeys(map(ord, "‐‑‒–—―−﹣~〜～－"), "-")
_LETTERS: Final = _ASCII_UPPER | _DASHES | {ord("〇"): "零", ord("號"): "号", ord("棟"): "栋"}
_NUMBER_SIGN: Final = re.compile(r"(?<=[0-9A-Z])\s*#(?:楼|(?=\s*[0-9]))?")
_OTHER: Final = re.compile(f"[^0-9A-Z{HAN}\\s-]+")
_SPACE: Final = re.compile(r"\s+")
_WIDE_SPACE: Final = re.compile(f"(?<=[{HAN}]{{2}}) (?=[{HAN}]{{2}})")
_IDLE_SPACE: Final = re.compile(r"(?<![0-9A-Z]) | (?![0-9A-Z])")
_IDLE_DASH: Final = re.compile(r"(?<![0-9A-Z])-+|-+(?![0-9A-Z])|-{2,}")
_COMMAS: Final = re.compile(",{2,}")

_COUNTED: Final = "号栋幢座层弄排组室"
_NUMERAL: Final = re.compile(f"第*([{NUMERALS}]{{1,7}})(?=[{_COUNTED}]|单元)")
_ORDINAL: Final = re.compile("第+(?=[0-9])")
_ANNEXED: Final = re.compile(f"(?<=[0-9])(号?[附之副])([{NUMERALS}]{{1,3}})(?![{HAN}])")
_PHASED: Final = re.compile("(?<![0-9A-Z-])([0-9]{1,2})(?=[期区])")
_NAMED: Final = re.compile(
    "(?<![0-9A-Z -])([0-9]{1,2})"
    f"(?=[^0-9A-Z,{_COUNTED}楼单院元米个人天年月日点]?"
    "(?:路(?![灯面口段边])|街(?![面口边道办])|巷(?![口道])|大道|村|社区|段))"
)
_ANNEX: Final = re.compile(
    "(?<![0-9-])([0-9]{1,5})号?(?:附|之|副)([0-9]{1,3})(?![0-9 -])号?(?![ -])"
)
_LETTERED: Final = re.compile("(?<=[0-9])号([甲乙丙丁])(?![栋幢座号单0-9])")
_SPREAD: Final = re.compile(
    "(?<![0-9A-Z-])([0-9]{1,5})号-([0-9]{1,5})(?:(号)(?!楼)|(?![0-9号栋幢楼]))"
)

_OFFICE: Final = re.compile(
    f"((?:^|(?<=,))[{HAN}]{{2,3}}(?<!街)(?<!街道)(?=办(?![公事理证案法酒喜丧席])(?:[{HAN}]{{1,9}}?"
    f"(?:[路街巷道弄里号院苑园栋幢座厦区镇村,0-9]|$)|,|$))|[{HAN}]{{1,2}}"
    "(?=街道办|街办|办事处))(?:街道办事处|街道办|街办事处|街办|办事处|办)+(?:街道)?"
)
_COMMITTEE: Final = re.compile("(?<=社区)(?:居民委员会|居委会|村委会)+|(?<=村)(?:民委员会|委会)+")
_NO_STREET: Final = "(?!大?[路街巷村道]|[东西南北中][路街]|社区)"
_NEAR: Final = re.compile(
    "(?:附近|旁边|对面|对过|斜对面|周边|周围|隔壁|背后|后面|前面|(?<=[号院楼栋区苑园司厂校座幢路街巷口])旁)"
    + _NO_STREET
)
_AT: Final = re.compile(
    "(?:(?<![东西南北大小衙])(?:大门口|门口|门前|门外)|"
    "(?<=[号院楼栋区苑园司厂校座幢])(?:院内|院里|内|里)|楼下|楼上)" + _NO_STREET
)


_ENTRANCE: Final = frozenset("门内里下上")
_BEFORE: Final[tuple[tuple[frozenset[str], re.Pattern[str], _Written], ...]] = (
    (frozenset("委"), _COMMITTEE, ""),
    (frozenset("近旁面过边围壁后"), _NEAR, "附近"),
    (frozenset(NUMERALS), _NUMERAL, lambda m: to_arabic(m[1])),
    (frozenset("第"), _ORDINAL, ""),
    (frozenset("甲乙丙丁"), _LETTERED, r"\1号"),
    (frozenset("附之副"), _ANNEXED, lambda m: m[1] + to_arabic(m[2])),
    (frozenset("期区"), _PHASED, lambda m: to_chinese(m[1])),
    (frozenset("0123456789"), _NAMED, lambda m: to_chinese(m[1])),
    (frozenset("附之副"), _ANNEX, r"\1-\2号"),
)
"""What is done to a text before its regions are cut off, and characters without one of which a
pattern need not be tried."""


def normalise(text: str) -> str:
    """The one spelling of a text: half-width, capitals, Arabic house numbers, plain separators.

    Regions at the head (陕西省安康市汉滨区) are left out, street offices end in 街道 (新城办 →
    新城街道), numerals before 号, 栋, 单元 and the like become digits (三号 → 3号) and digits
    inside names become numerals (5星街 → 五星街); 附近, 旁边 and 对面 become 附近; 门口, 院内 and
    punctuation become one comma. Invisible, control and lone surrogate characters vanish. Only
    the first `LONGEST` characters are looked at. The result is its own normal form.
    """
    return _settled(_trimmed(text))


def region(text: str) -> Region:
    """The regions that a text names at its head, which `normalise` leaves out."""
    return cut(_trimmed(text))[0]


def both(text: str) -> tuple[str, Region]:
    """`normalise` and `region` of a text, in one go."""
    plain = _trimmed(text)
    return _settled(plain), cut(plain)[0]


def _trimmed(text: str) -> str:
    return _plain(text[:LONGEST])[:LONGEST].strip(", -")


def _settled(text: str) -> str:
    """A plain text in words, until nothing changes any more."""
    for _ in range(_PASSES):
        before, text = text, _worded(text).strip(", -")
        if text == before:
            break
    return text


def _plain(text: str) -> str:
    """Only digits, capitals, Han, comma, inner dashes and spaces between digits or letters."""
    text = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text)).translate(_LETTERS)
    text = _NUMBER_SIGN.sub(lambda m: "号楼" if m.group().endswith("楼") else "号", text)
    text = _SPACE.sub(" ", _OTHER.sub(",", text))
    text = _SPREAD.sub(_joined, _IDLE_SPACE.sub("", _WIDE_SPACE.sub(",", text)))
    return _COMMAS.sub(",", _IDLE_DASH.sub(",", text))


def _joined(spread: re.Match[str]) -> str:
    """12号-3 is an annex, 12-3号; 12号-16号 runs from one house to the other, 12号至16号."""
    first, last, sign = spread.groups()
    runs = sign and int(first) < int(last)
    return f"{first}号至{last}号" if runs else f"{first}-{last}号"


def _worded(text: str) -> str:
    """The words and numbers of a plain text in their one form."""
    signs = frozenset(text)
    for wanted, pattern, written in _BEFORE:
        if not wanted.isdisjoint(signs):
            text = pattern.sub(written, text)
    if not _ENTRANCE.isdisjoint(signs):
        text = _AT.sub(",", text)
    text = cut(text)[1].strip(", ")
    if "办" in signs:
        text = _OFFICE.sub(r"\1街道", text)
    return _COMMAS.sub(",", text) if ",," in text else text
