"""A plan drawn anew over the ground as it is now: each step that still fits, and which do not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import RowMapping
from sqlalchemy.orm import Session

from geodata.db import locks, plan_steps, plans
from geodata.domain import plan as moves
from geodata.domain.intent import Intent, from_json
from geodata.errors import InvalidRedraw
from geodata.services import redraw_ground, redraw_locks, redraw_moves, redraws
from geodata.services.redraws import Drawn

_NAMING: Final = ("grid", "grids", "other", "to", "into", "donors")
"""Fields of an intent that name the grids it was about."""


@dataclass(frozen=True)
class LeftOut:
    """A step that does not fit the ground any more: what it did (``op``), to which grids, and why.

    `grids` are codes; `code` and `facts` are those of the refusal.
    """

    op: str
    grids: Sequence[str]
    code: str
    facts: Mapping[str, Any]


def rebase(
    session: Session, public_id: UUID, by: str, now: datetime
) -> tuple[Drawn, Sequence[LeftOut]]:
    """The plan over the ground as it is now, and its steps that were left out, in order.

    Each step is done again, whoever has changed the ground under it; what does not fit any more is
    left out and forgotten, and so are steps that were taken back before and would not fit. Raises
    as `domain.plan.move`.
    """
    found = redraws.plan(session, public_id, lock=True)
    moves.move("rebase", found["state"])
    plans.change(session, found["id"], {"base": {}})
    plans.forget_bases(session, found["id"])
    found = redraw_moves.made(session, plans.by_id(session, found["id"]), "rebase", by, now)
    steps = plans.steps(session, found["id"])
    trial = _Trial(session, found)
    for step in sorted(steps, key=lambda one: (one["undone"], one["position"])):
        trial.take(step)
    plan_steps.keep(session, found["id"], [step["position"] for step in trial.kept])
    done = [step for step in trial.kept if not step["undone"]]
    result = redraws.with_steps(session, found, done)
    return redraws.keep_base(session, found, result, now), trial.left_out


class _Trial:
    """Steps tried in turn over the present ground."""

    def __init__(self, session: Session, found: RowMapping) -> None:
        self.home = found["community_code"]
        self.rows = redraws.present(session, found)
        ids = [int(row["id"]) for row in self.rows.values()]
        self.held = {lock["code"]: lock for lock in locks.held(session, ids).values()}
        self.intents: list[Intent] = []
        self.kept: list[RowMapping] = []
        self.left_out: list[LeftOut] = []

    def take(self, step: RowMapping) -> None:
        """Keep a step if it fits what was kept before it."""
        wanted = from_json(step["intent"])
        try:
            redraw_ground.replayed(self.rows, self.held, [*self.intents, wanted], self.home)
        except InvalidRedraw as refused:
            if not step["undone"]:
                told = redraw_locks.explained(refused, self.held)
                self.left_out.append(_left_out(step["intent"], told))
        else:
            self.intents.append(wanted)
            self.kept.append(step)


def _left_out(intent: Mapping[str, Any], refused: InvalidRedraw) -> LeftOut:
    named: list[str] = []
    for field in _NAMING:
        value = intent.get(field)
        for code in value if isinstance(value, list) else [value]:
            if isinstance(code, str) and code not in named:
                named.append(code)
    return LeftOut(str(intent["op"]), named, refused.code, refused.facts)
