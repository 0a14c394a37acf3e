"""Personal data in free text, masked before anybody without a duty reads it."""

import re
from typing import Final

_GAP: Final = r"[ \-\u3000－]?"
_IDENTITY: Final = re.compile(rf"(?<![0-9])(?:[0-9]{_GAP}){{17}}[0-9Xx](?![0-9])")
_MOBILE: Final = re.compile(rf"(?<![0-9])(?:\+?86{_GAP})?1[3-9](?:{_GAP}[0-9]){{9}}(?![0-9])")
_MOBILE_DIGITS: Final = 11
_FULL_WIDTH: Final = str.maketrans("０１２３４５６７８９＋Ｘ", "0123456789+X")


def masked(text: str) -> str:
    """The text with mobile numbers as 139****5678 and identity numbers as 610***********1234.

    Numbers typed with spaces, dashes, +86 or full-width digits are found too; the work is
    linear in the length of the text.
    """
    plain = text.translate(_FULL_WIDTH)
    plain = _IDENTITY.sub(lambda m: _hide(m.group(), 3, 4), plain)
    return _MOBILE.sub(lambda m: _hide(m.group()[-_mobile_span(m.group()) :], 3, 4), plain)


def masked_name(name: str) -> str:
    """A person's name with all but the family name hidden: 张三 becomes 张**."""
    return f"{name[:1]}**" if name else ""


def _mobile_span(found: str) -> int:
    """How many characters of the match are the number itself, without +86."""
    digits = 0
    for span, character in enumerate(reversed(found), start=1):
        digits += character.isdigit()
        if digits == _MOBILE_DIGITS:
            return span
    return len(found)


def _hide(found: str, head: int, tail: int) -> str:
    digits = re.sub(r"[^0-9Xx]", "", found)
    return digits[:head] + "*" * (len(digits) - head - tail) + digits[-tail:]
