"""The texts of a DBF table, whose encoding is often told wrongly or not at all."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from geodata.files import values
from geodata.files.features import Feature

CHINESE: Final = "gb18030"
_NAMES: Final = {
    **dict.fromkeys(("936", "GBK", "CP936", "GB2312", "GB18030", "ANSI 936"), CHINESE),
    **dict.fromkeys(("65001", "UTF-8", "UTF8"), "utf-8"),
    **dict.fromkeys(("950", "BIG5", "BIG-5", "CP950"), "big5"),
    **dict.fromkeys(("1252", "CP1252", "ISO-8859-1", "ISO8859-1", "88591"), "cp1252"),
}

_LONGEST: Final = 254
"""Bytes of a text column; a longer text is cut, within a character if need be."""

_NAME: Final = 10
_TAIL: Final = 4


def encoding_of(hint: str, texts: Sequence[str]) -> str:
    """The encoding of texts that were read one character a byte: the one that all of them obey.

    UTF-8 before what the file claims (`hint`, from a .cpg), and that before GB18030: no Chinese
    text obeys UTF-8 by accident.
    """
    claimed = _NAMES.get(hint.upper(), "")
    for encoding in ("utf-8", *([claimed] if claimed else []), CHINESE):
        if all(_obeys(text, encoding) for text in texts):
            return encoding
    return claimed or CHINESE


def decoded(text: str, encoding: str) -> str:
    """A text that was read one character a byte, in its encoding; what was cut off is left out."""
    try:
        content = text.encode("latin-1")
    except UnicodeEncodeError:
        return text
    return values.text(content.decode(encoding, errors="ignore"))


def feature_in(feature: Feature, encoding: str) -> Feature:
    """The feature with its cells decoded."""
    return replace(feature, cells=tuple(decoded(cell, encoding) for cell in feature.cells))


def _obeys(text: str, encoding: str) -> bool:
    try:
        content = text.encode("latin-1")
    except UnicodeEncodeError:
        return True
    cut = len(content) >= _LONGEST - _TAIL or _NAME - _TAIL < len(content) <= _NAME
    try:
        content.decode(encoding)
    except UnicodeDecodeError as wrong:
        return cut and wrong.start >= len(content) - _TAIL and wrong.start > 0
    return True
