"""The codes of new grids: provisional ones while a plan is drawn, and those that they get."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from sqlalchemy import RowMapping
from sqlalchemy.orm import Session

from geodata.db import ground, left_out, plans
from geodata.domain.cells import Cells
from geodata.domain.codes import reading_order
from geodata.domain.edits import MOST_PARTS
from geodata.domain.redraw import Redrawn
from geodata.errors import InvalidRedraw, Remedy
from geodata.services.loading import numbering

_PROVISIONAL: Final = re.compile(r"(?P<home>.+)\+(?P<number>[0-9]{3,6})")


MOST_NUMBER: Final = 99_999
"""The highest number of a provisional code that a caller may name: many more can follow it."""


def with_codes(given: Mapping[str, Any], home: str, known: Sequence[RowMapping]) -> dict[str, Any]:
    """The intent with provisional codes for its new grids; a caller makes up none.

    `known` are all steps of the plan, and those that were left out. Raises InvalidRedraw
    ``parts_wrong`` (most) where a split is to be into anything but 2 to `MOST_PARTS` grids.
    """
    asked = dict(given)
    parts = asked.pop("parts", 2)
    if type(parts) is not int or not 1 < parts <= MOST_PARTS:
        raise InvalidRedraw("parts_wrong", most=MOST_PARTS, remedy=Remedy("choose_again"))
    used = last_used(known)
    if asked.get("op") == "split":
        asked["new"] = [f"{home}+{used + n:03d}" for n in range(1, parts)]
    elif asked.get("op") == "carve" or asked.get("new") is True:
        asked["new"] = f"{home}+{used + 1:03d}"
    else:
        asked.pop("new", None)
    return asked


def refuse_made_up(intent: Mapping[str, Any], home: str) -> None:
    """Raises InvalidRedraw ``intent_unreadable`` for codes that only look provisional.

    `intent` as `domain.intent.as_json` tells it.
    """
    for code in _named(intent):
        found = _PROVISIONAL.fullmatch(code)
        made_up = found is None or found["home"] != home or int(found["number"]) > MOST_NUMBER
        if "+" in code and made_up:
            raise InvalidRedraw("intent_unreadable", field="grids")


def last_used(known: Sequence[RowMapping]) -> int:
    """The highest number of a provisional code that steps have used, taken-back ones too."""
    return max((_number(c) for step in known for c in _named(step["intent"])), default=0)


def _number(code: str) -> int:
    found = _PROVISIONAL.fullmatch(code)
    return int(found["number"]) if found else 0


def _named(intent: Mapping[str, Any]) -> list[str]:
    """The codes of new grids in an intent, and all that it would adopt or restore."""
    if intent.get("op") == "adopt":
        return [str(code) for code, _ in intent.get("grids", [])]
    if intent.get("op") == "restore":
        return [str(one["code"]) for one in intent.get("grids", [])]
    new = intent.get("new", [])
    return [new] if isinstance(new, str) else list(new)


def final(
    session: Session, home: str, before: Cells, after: Cells, done: Sequence[Redrawn]
) -> dict[str, str]:
    """The codes that new grids get, by the code each has in the plan; none is used twice.

    They are counted in the order in which they were made, those of one step as maps are read.
    Raises InvalidRedraw ``code_taken`` where a plan would bring back a code that was used, or has
    one of its own that cannot stand; ``codes_used_up`` as `numbering.made`.
    """
    new = {c for c in after.codes if c not in before and after[c].kind != "uncovered"}
    if not new:
        return {}
    own = sorted(code for code in new if "+" not in code)
    _refuse_used(session, after, own)
    used = [*ground.codes_below(session, home), *own]
    found = {code: code for code in own}
    for code in _in_order(new.difference(own), done):
        found[code] = numbering.made(home, used, "grid")
        used.append(found[code])
    return found


def _refuse_used(session: Session, after: Cells, own: Sequence[str]) -> None:
    known = ground.grids_by_code(session, own)
    for code in own:
        if code in known or not numbering.is_usable(code):
            raise InvalidRedraw("code_taken", grid=code, place=after[code].degrees)


def _in_order(new: set[str], done: Sequence[Redrawn]) -> list[str]:
    """New grids by the step that made each, and within a step as maps are read."""
    found: list[str] = []
    for one in done:
        made = [c for c in one.changed if c in new and c not in found and c in one.cells]
        if made:
            shapes = [one.cells[code].shape for code in made]
            spots = np.array([shape.representative_point().coords[0] for shape in shapes])
            found += [made[at] for at in reading_order(spots)]
    return found


def highest(session: Session, found: RowMapping) -> int:
    """As `last_used`, of a plan as stored, with what was left out of it."""
    number = found["id"]
    return last_used([*plans.steps(session, number), *left_out.of(session, number)])
