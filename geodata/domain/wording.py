"""What somebody looks for in the words of issues: parts of two characters or more, all of them."""

import re
import unicodedata
from typing import Final

from geodata.errors import WanggeError

SHORTEST: Final = 2
MOST: Final = 6

_LETTERS: Final = r"0-9a-z\u3400-\u4dbf\u4e00-\u9fff"
"""What is compared as it is written, capital letters as small ones."""

_SIGNS: Final = (
    r"\t\n\r\u0020-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u007e\u00b7\u2014\u2018\u2019\u201c\u201d"
    r"\u2026\u3000-\u3002\u3008-\u3011\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff5e"
)
"""What is never compared as a letter or a digit, whatever stands beside it."""

_PLAIN: Final = re.compile(f"[{_LETTERS}]+")


def parts(said: str) -> tuple[str, ...]:
    """What must all stand in a text, as issues' texts are compared: half width, small letters.

    Raises WanggeError ``words_short`` where one has fewer than two characters, or ``words_many``.
    """
    found = tuple(dict.fromkeys(unicodedata.normalize("NFKC", said).lower().split()))
    if any(len(part) < SHORTEST for part in found):
        raise WanggeError("words_short", least=SHORTEST)
    if len(found) > MOST:
        raise WanggeError("words_many", limit=MOST)
    return found


def bigrams(found: tuple[str, ...]) -> list[str]:
    """Each two characters that stand side by side in the parts, once."""
    pairs = (part[i : i + 2] for part in found for i in range(len(part) - 1))
    return list(dict.fromkeys(pairs))


def glance(part: str) -> str | None:
    """What matches each text in which a part is found, and few others; None where nothing does.

    A regular expression that PostgreSQL and Python read alike, capital letters as small ones: the
    part as it stands, or any character that might be compared as another one. To look so at a text
    takes a twentieth of what it takes to write it as it is compared.
    """
    return f"{part}|[^{_LETTERS}{_SIGNS}]" if _PLAIN.fullmatch(part) else None
