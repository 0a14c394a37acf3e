"""What a plan goes through besides being drawn: submitted, judged, set on a day, thrown away.

`domain.plan` has the table of moves; who may do each is for the doors to ask.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import RowMapping
from sqlalchemy.orm import Session

from geodata.db import plan_moves, plans
from geodata.domain import plan as moves
from geodata.domain.intent import from_json
from geodata.domain.plan import COMPUTED, Name
from geodata.errors import InvalidMove
from geodata.services import redraw_answers, redraw_cuts, redraws
from geodata.services.redraws import Drawn

_LOOKED_AT = frozenset({"submit", "approve", "schedule"})
"""Moves that a plan makes only while it fits the ground."""


def move(
    session: Session,
    public_id: UUID,
    name: Name,
    by: str,
    now: datetime,
    remarks: str = "",
    due_at: datetime | None = None,
) -> RowMapping:
    """The plan after a move other than publishing.

    Raises as `domain.plan.move`, InvalidMove ``day_past`` (day), ``day_too_far`` (day, days),
    ``plan_empty``, ``answer_missing``, as `redraw_cuts.refuse`, and as `redraws.drawn` where the
    plan does not fit the ground any more.
    """
    found = redraws.plan(session, public_id, lock=True)
    wanted = moves.move(name, found["state"], own=found["author"] == by, remarks=remarks)
    if wanted.day and (due_at is None or due_at <= now):
        raise InvalidMove("day_past", day=due_at.isoformat() if due_at else None)
    redraw_answers.refuse_unanswered(session, found, name, remarks)
    if wanted.day and due_at is not None and due_at > now + moves.FARTHEST:
        raise InvalidMove("day_too_far", day=due_at.isoformat(), days=moves.FARTHEST.days)
    if name in _LOOKED_AT:
        drawn = redraws.over_present(session, found)
        if not drawn.changed:
            raise InvalidMove("plan_empty")
        refuse_cuts(session, drawn)
    return made(session, found, name, by, now, remarks, due_at if wanted.day else None)


def refuse_cuts(session: Session, drawn: Drawn) -> None:
    """Raises as `redraw_cuts.refuse` for a plan: a building may have come up since the yes."""
    steps = [step for step in plans.steps(session, drawn.plan["id"]) if not step["undone"]]
    intents = [from_json(step["intent"]) for step in steps]
    whole = (drawn.before, drawn.after, drawn.touched, intents)
    redraw_cuts.refuse(session, *whole, drawn=True)


def made(
    session: Session,
    found: RowMapping,
    name: Name,
    by: str,
    now: datetime,
    remarks: str = "",
    due_at: datetime | None = None,
) -> RowMapping:
    """Write a move that was found to be allowed; the plan after it."""
    state = moves.MOVES[name].target
    values = {"state": state, "remarks": remarks, "due_at": due_at, "changed_at": now}
    plans.change(session, found["id"], {**values, "conflict": None, "attempts": 0})
    noted(session, found["id"], name, by, now, remarks, due_at)
    return plans.by_id(session, found["id"])


def noted(
    session: Session,
    number: int,
    name: Name,
    by: str,
    now: datetime,
    remarks: str = "",
    due_at: datetime | None = None,
) -> None:
    """Keep a move in the history of a plan."""
    said = {"plan_id": number, "at": now, "actor": by, "move": name, "remarks": remarks}
    plan_moves.add(session, {**said, "state": moves.MOVES[name].target, "due_at": due_at})


def history(session: Session, number: int) -> Sequence[RowMapping]:
    """The moves of a plan (by id), the first first: at, actor, move, state, remarks, due_at."""
    return plan_moves.of(session, number)


def copy(session: Session, public_id: UUID, name: str, author: str, now: datetime) -> RowMapping:
    """A draft with the steps of a plan.

    Raises InvalidMove ``plan_takes_back`` (name) for one that takes another back: what it gave back
    it gives back once.
    """
    old = redraws.plan(session, public_id)
    if old["takes_back"] is not None:
        raise InvalidMove("plan_takes_back", name=old["takes_back"]["name"])
    closes = old["gap_kind"], old["gap_code"]
    made = redraws.begin(session, old["community_code"], name, author, now, closes)
    kept = [s for s in plans.steps(session, old["id"]) if not s["undone"]]
    plans.add_steps(
        session,
        [
            {**step, "plan_id": made["id"], "position": position, "author": author, "at": now}
            for position, step in enumerate(kept, 1)
        ],
    )
    if old["state"] in COMPUTED:
        plans.change(session, made["id"], {"base": old["base"]})
    return plans.by_id(session, made["id"])
