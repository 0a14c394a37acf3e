"""Which signs a text may hold, and whether it shows anything at all."""

import re
import unicodedata
from typing import Final

_UNTYPED: Final = ("Cc", "Cs")
_UNSEEN: Final = ("Cc", "Cf", "Cs", "Zs", "Zl", "Zp", "Mn", "Me")
_BLANK: Final = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Letters and signs whose form is empty: fillers of Hangul, and Braille without a dot."""
_TURNING: Final = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Marks that turn the direction of what follows (Unicode UAX 9), to the end of a page."""


def unturned(text: str) -> str:
    """The text without marks of direction, with which a name or number looks like another.

    What is written from right to left stays so, by its letters.
    """
    return _TURNING.sub("", text)


def is_foreign(sign: str) -> bool:
    """Whether no person types a sign: a control character, half a pair, or no character at all.

    The 66 noncharacters of Unicode (U+FDD0 to U+FDEF, and the last two of every plane) are for a
    program's own use; XML 1.0 cannot hold U+FFFE and U+FFFF, however they are escaped.
    """
    return is_noncharacter(sign) or unicodedata.category(sign) in _UNTYPED


def is_noncharacter(sign: str) -> bool:
    """Whether Unicode says of a code point that it never becomes a character."""
    code = ord(sign)
    return 0xFDD0 <= code <= 0xFDEF or code & 0xFFFE == 0xFFFE  # noqa: PLR2004 -- as Unicode has it


def shows(text: str) -> bool:
    """Whether anything of a text is seen; nothing is of spaces and signs without width."""
    return any(sign not in _BLANK and unicodedata.category(sign) not in _UNSEEN for sign in text)
