"""Chinese numerals and Arabic ones, both ways, as addresses use them: up to four digits."""

from typing import Final

NUMERALS: Final = "零〇一二三四五六七八九十百千两"
_DIGITS: Final = {
    "零": 0,
    "〇": 0,
    "一": 1,
    "二": 2,
    "两": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
}
_TENS: Final = {"十": 10, "百": 100, "千": 1000}
_WORDS: Final = "零一二三四五六七八九"


def to_arabic(numeral: str) -> str:
    """The digits of a Chinese numeral: 十二 → 12, 一百零三 → 103, 三〇一 → 301.

    Without 十百千 the characters are digits one by one, as in room numbers.
    Raises KeyError for a character that is no numeral.
    """
    if not any(character in _TENS for character in numeral):
        return "".join(str(_DIGITS[character]) for character in numeral)
    total, pending = 0, 0
    for character in numeral:
        if character in _TENS:
            total += (pending or 1) * _TENS[character]
            pending = 0
        else:
            pending = _DIGITS[character]
    return str(total + pending)


def to_chinese(digits: str) -> str:
    """The Chinese numeral of one or two digits, as in names of roads: 5 → 五, 12 → 十二, 20 → 二十.

    Raises ValueError for anything else.
    """
    tens, ones = divmod(int(digits), 10)
    if tens >= len(_WORDS):
        raise ValueError(digits)
    if tens == 0:
        return _WORDS[ones]
    return ("" if tens == 1 else _WORDS[tens]) + "十" + (_WORDS[ones] if ones else "")
