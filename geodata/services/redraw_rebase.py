"""A plan drawn anew over the ground as it is now: each step that still fits, and which do not."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import RowMapping
from sqlalchemy.orm import Session

from geodata.db import locks, plan_steps, plans
from geodata.domain import plan as moves
from geodata.domain.intent import Intent, from_json
from geodata.errors import InvalidRedraw
from geodata.services import (
    redraw_ground,
    redraw_left_out,
    redraw_locks,
    redraw_moves,
    redraws,
)
from geodata.services.redraw_left_out import LeftOut
from geodata.services.redraws import Drawn


def rebase(
    session: Session, public_id: UUID, by: str, now: datetime
) -> tuple[Drawn, Sequence[LeftOut]]:
    """The plan over the ground as it is now, and its steps that were left out, in order.

    Each step is done again, whoever has changed the ground under it; what does not fit any more is
    left out and kept aside (`redraw_left_out`); steps that were taken back before and would not fit
    are forgotten. Raises as `domain.plan.move`.
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
    redraw_left_out.keep(session, found["id"], trial.left_out, now)
    left = redraw_left_out.listing(session, found["id"])
    done = [step for step in trial.kept if not step["undone"]]
    result = redraws.with_steps(session, found, done)
    return redraws.keep_base(session, found, result, now), left[len(left) - len(trial.left_out) :]


class _Trial:
    """Steps tried in turn over the present ground."""

    def __init__(self, session: Session, found: RowMapping) -> None:
        self.home = found["community_code"]
        self.rows = redraws.present(session, found)
        ids = [int(row["id"]) for row in self.rows.values()]
        self.held = {lock["code"]: lock for lock in locks.held(session, ids).values()}
        self.intents: list[Intent] = []
        self.kept: list[RowMapping] = []
        self.left_out: list[tuple[RowMapping, InvalidRedraw]] = []

    def take(self, step: RowMapping) -> None:
        """Keep a step if it fits what was kept before it."""
        wanted = from_json(step["intent"])
        try:
            redraw_ground.replayed(self.rows, self.held, [*self.intents, wanted], self.home)
        except InvalidRedraw as refused:
            if not step["undone"]:
                told = redraw_locks.explained(refused, self.held)
                self.left_out.append((step, told))
        else:
            self.intents.append(wanted)
            self.kept.append(step)
