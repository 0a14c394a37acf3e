"""What people call places, learnt from the corrections they make.

Only what the district's names leave open is learnt: a text that the locator understands, a road
or community alone, and a known road with another number keep their meaning. Corrected to a
second place, a text becomes ambiguous and is asked about.
"""

import re
from typing import Final

from sqlalchemy.orm import Session

from geodata.db import aliases
from geodata.domain.privacy import masked
from geodata.domain.region import HAN
from geodata.domain.spelling import normalise
from geodata.services.geocoding import Located, Locator

_SHORTEST: Final = 3
_LONGEST: Final = 40
_MOST: Final = 20_000
"""Aliases that are kept: each costs memory in every process."""
_LABEL: Final = 200
_NAMES: Final = re.compile(f"[{HAN}]{{2}}")
_OPEN: Final = ("nothing", "unlike")


def remember(session: Session, said: str, located: Located, locator: Locator) -> bool:
    """Whether `said` is from now on a name of the place it was corrected to."""
    clean = normalise(said)
    if located.place is None or not _SHORTEST <= len(clean) <= _LONGEST:
        return False
    if not _NAMES.search(clean) or masked(said) != said:
        return False
    if not (aliases.known(session, clean) or _open(session, said, locator)):
        return False
    evidence = located.evidence or {}
    label = str(evidence.get("label") or clean)[:_LABEL]
    aliases.add(session, clean, label, located.place, None)
    return True


def _open(session: Session, said: str, locator: Locator) -> bool:
    """Whether a text means nothing so far, and there is room for one more."""
    answer = locator.answer(said, limit=1)
    return not answer.sure and answer.reason in _OPEN and aliases.count(session) < _MOST
