"""What somebody looks for in the words of issues: parts of two characters or more, all of them."""

import unicodedata
from typing import Final

from geodata.errors import WanggeError

SHORTEST: Final = 2
MOST: Final = 6


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
