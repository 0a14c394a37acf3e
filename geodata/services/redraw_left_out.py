"""Steps that a plan lost when it was drawn anew: told with their reason, tried again, forgotten."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import RowMapping
from sqlalchemy.orm import Session

from geodata.db import left_out, plans
from geodata.domain.intent import from_json
from geodata.errors import InvalidRedraw, NotFound
from geodata.services import redraw_cuts, redraws
from geodata.services.redraws import Drawn

_NAMING: Final = ("grid", "grids", "other", "to", "into", "donors")
"""Fields of an intent that name the grids it was about."""


@dataclass(frozen=True)
class LeftOut:
    """A step that did not fit the ground any more: what it did (``op``), to which grids, and why.

    `number` is its own; `grids` are codes; `code` and `facts` are those of the refusal.
    """

    number: int
    op: str
    grids: Sequence[str]
    code: str
    facts: Mapping[str, Any]


def keep(
    session: Session,
    plan: int,
    refused: Sequence[tuple[RowMapping, InvalidRedraw]],
    now: datetime,
) -> None:
    """Keep steps of a plan (by id) aside, each with its refusal."""
    left_out.add(
        session,
        [
            {
                "plan_id": plan,
                "intent": step["intent"],
                "author": step["author"],
                "code": why.code,
                "facts": why.facts,
                "at": now,
            }
            for step, why in refused
        ],
    )


def listing(session: Session, plan: int) -> list[LeftOut]:
    """What was left out of a plan (by id), in order."""
    return [_told(row) for row in left_out.of(session, plan)]


def again(
    session: Session,
    public_id: UUID,
    number: int,
    author: str,
    now: datetime,
    cuts: Sequence[str] = (),
) -> Drawn:
    """The draft with a step that was left out as its last one; it may cut the buildings in `cuts`.

    Raises NotFound ``no_left_out``, and as `redraws.append` where it still does not fit.
    """
    draft = redraws.open_draft(session, public_id)
    row = _row(session, draft, number)
    wanted = redraw_cuts.allowing(from_json(row["intent"]), cuts)
    known = plans.steps(session, draft["id"])
    left_out.remove(session, draft["id"], [number])
    return redraws.take(session, draft, known, (wanted, author), now)


def forget(session: Session, public_id: UUID, numbers: Sequence[int]) -> list[LeftOut]:
    """The rest, once some were read and are not wanted any more.

    Raises NotFound ``no_plan``, InvalidMove ``plan_closed``.
    """
    draft = redraws.open_draft(session, public_id)
    left_out.remove(session, draft["id"], numbers)
    return listing(session, draft["id"])


def _row(session: Session, draft: RowMapping, number: int) -> RowMapping:
    for row in left_out.of(session, draft["id"]):
        if row["id"] == number:
            return row
    raise NotFound("no_left_out")


def _told(row: RowMapping) -> LeftOut:
    intent, named = row["intent"], list[str]()
    for field in _NAMING:
        value = intent.get(field)
        for code in value if isinstance(value, list) else [value]:
            if isinstance(code, str) and code not in named:
                named.append(code)
    return LeftOut(row["id"], str(intent["op"]), named, row["code"], row["facts"])
