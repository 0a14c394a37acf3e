"""What people call places, learnt from the corrections they make.

Only what the district's names leave open is learnt: a text that the locator understands, a road
or community alone, and a known road with another number keep their meaning. Corrected to a
second place, a text becomes ambiguous and is asked about. What officials correct is believed;
what residents choose among the places offered is offered first from then on, and never sure.
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
_MOST: Final = {True: 20_000, False: 5_000}
"""Aliases that are kept, trusted and not: each costs memory in every process."""
_SAME: Final = 1e-6
"""Degrees within which two points are one: a few lattice steps."""
_LABEL: Final = 200
_OFFERED: Final = 8
_NAMES: Final = re.compile(f"[{HAN}]{{2}}")
_OPEN: Final = ("nothing", "unlike")


def heard(session: Session, said: str, located: Located, locator: Locator) -> bool:
    """Whether the place that a resident chose is one of those offered for what they wrote.

    It is then kept as what one calls it, under the label that we offered and no other.
    """
    place = located.place
    for match in locator.answer(said, limit=_OFFERED).candidates if place else ():
        if place and max(abs(match.lon - place.x), abs(match.lat - place.y)) <= _SAME:
            chosen = Located("place", place.x, place.y, evidence={"label": match.label})
            return remember(session, said, chosen, locator, trusted=False)
    return False


def remember(
    session: Session, said: str, located: Located, locator: Locator, *, trusted: bool = True
) -> bool:
    """Whether `said` is from now on a name of the place it was corrected to."""
    clean = normalise(said)
    if located.place is None or not _SHORTEST <= len(clean) <= _LONGEST:
        return False
    if not _NAMES.search(clean) or masked(said) != said:
        return False
    again = trusted and aliases.known(session, clean)
    if not (again or _open(session, said, locator, trusted=trusted)):
        return False
    evidence = located.evidence or {}
    label = str(evidence.get("label") or clean)[:_LABEL]
    aliases.add(session, clean, label, located.place, trusted=trusted)
    return True


def _open(session: Session, said: str, locator: Locator, *, trusted: bool) -> bool:
    """Whether a text means nothing so far, and there is room for one more."""
    answer = locator.answer(said, limit=1)
    return (
        not answer.sure
        and answer.reason in _OPEN
        and aliases.count(session, trusted=trusted) < _MOST[trusted]
    )
