"""Personal data in free text, masked before anybody without a duty reads it."""

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

from geodata.domain.signs import unturned

_SPELLED: Final = dict(
    zip("〇零一二三四五六七八九幺两壹贰叁肆伍陆柒捌玖", "0012345678912123456789", strict=True)
)
_BETWEEN: Final = frozenset(" -.·_()/~\t\n\r")
_GAP: Final = "-{0,3}"
_IDENTITY: Final = re.compile(rf"(?<![0-9])(?:[0-9]{_GAP}){{17}}[0-9X](?![0-9])")
_MOBILE: Final = re.compile(
    rf"(?<![0-9])(?:0{_GAP}0{_GAP})?(?:8{_GAP}6{_GAP})?(?P<own>1{_GAP}[3-9](?:{_GAP}[0-9]){{9}})(?![0-9])"
)
_GROUPED: Final = re.compile(
    r"(?<![0-9])(?P<own>1-?[3-9]-?[0-9]"
    r"[-,]{1,3}(?:[0-9]-?){3}[0-9][-,]{1,3}(?:[0-9]-?){3}[0-9])(?![0-9])"
)
"""In groups of 3, 4 and 4 any punctuation may stand between; elsewhere it makes a list."""
_LANDLINE: Final = re.compile(
    rf"(?<![0-9])(?<![0-9]-)(?P<own>0{_GAP}[1-9](?:{_GAP}[0-9]){{8,10}})(?![0-9])"
)
"""An area's code of three or four digits that begins with 0, and seven or eight digits."""

_HEAD: Final = 3
_TAIL: Final = 4


def masked(text: str) -> str:
    """The text with telephone numbers as 139****5678 and identity numbers as 610***********1234.

    Found however they are written: with spaces, dashes, dots, brackets or invisible characters
    between the digits, with +86 or 0086, in digits of any script, circled or in Chinese words.
    Marks of direction are left out, lest what stays be read backwards; all else stays as it is.
    The work is linear in the length of the text.
    """
    text = unturned(text)
    plain = _skeleton(text)
    hidden = [(*m.span(), m.group()) for m in _IDENTITY.finditer(plain)]
    spans = [(start, end) for start, end, _ in hidden]
    for numbers in (_MOBILE, _GROUPED, _LANDLINE):
        found = [(*m.span("own"), m.group("own")) for m in numbers.finditer(plain)]
        hidden += [one for one in found if not _meets(one, spans)]
        spans += [(start, end) for start, end, _ in found]
    kept, last = [], 0
    for start, end, number in sorted(hidden):
        kept += [text[last:start], _hide(number)]
        last = end
    return "".join([*kept, text[last:]])


def _meets(one: tuple[int, int, str], spans: Iterable[tuple[int, int]]) -> bool:
    return any(start < one[1] and one[0] < end for start, end in spans)


def folded(text: str) -> str:
    """The text with digits of any script, circled or in Chinese words, as 0 to 9."""
    return "".join(_digit(character) or character for character in text)


def masked_name(name: str) -> str:
    """A person's name with all but the family name hidden: 张三 becomes 张**."""
    return f"{name[:1]}**" if name else ""


def _skeleton(text: str) -> str:
    """The text of the same length: digits, X, what stands between digits or groups, the rest."""
    if text.isascii() and not any(map(str.isdigit, text)):
        return ""
    return "".join(map(_bone, text))


def _bone(character: str) -> str:
    if (digit := _digit(character)) is not None:
        return digit
    wide = unicodedata.normalize("NFKC", character) or "-"
    if wide in ("X", "x"):
        return "X"
    between = wide[0] in _BETWEEN or unicodedata.category(character) in ("Cf", "Pd", "Zs", "Mn")
    if between:
        return "-"
    return "," if unicodedata.category(character)[0] in "PS" else "?"


def _digit(character: str) -> str | None:
    if character.isascii():
        return character if character.isdigit() else None
    value = unicodedata.digit(character, None)
    return _SPELLED.get(character) if value is None else str(value)


def _hide(found: str) -> str:
    digits = re.sub("[^0-9X]", "", found)
    return digits[:_HEAD] + "*" * (len(digits) - _HEAD - _TAIL) + digits[-_TAIL:]
