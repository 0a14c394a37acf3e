"""A gap of the ground as a plan that closes it: begun, with its first step drawn."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from sqlalchemy import RowMapping
from sqlalchemy.orm import Session

from geodata.db import plans
from geodata.db.scoping import Ground
from geodata.domain.coverage.gap import Gap
from geodata.domain.intent import from_json
from geodata.domain.plan import State
from geodata.errors import NotFound
from geodata.services import coverage, redraws

DRAWN: Final = ("ground_uncovered", "building_uncovered")
"""Kinds whose next action is a plan."""


def begin(
    session: Session, ground: Ground, key: tuple[str, str], author: str, now: datetime, name: str
) -> RowMapping:
    """A draft that closes the gap of a kind and code, called after it.

    Whoever asks twice gets the draft that was begun before, which `now` tells from a new one by
    its ``created_at``.

    Raises NotFound ``no_gap`` where there is none (any more) that a plan closes, or it lies beyond
    one's ground; InvalidRedraw where the ground does not allow the step.
    """
    gap = coverage.to_close(session, ground, key, now)
    if gap is None or gap.kind not in DRAWN or gap.community is None:
        raise NotFound("no_gap")
    if not ground.covers(gap.community):
        raise NotFound("no_gap")
    title = f"{name} {gap.name or gap.code}"[:200]
    wanted, mine = _intent(gap), (State.DRAFT, author, title)
    for row in redraws.listing(session, ground, gap.community):
        if (row["state"], row["author"], row["name"]) == mine and _holds(session, row, wanted):
            return row
    made = redraws.begin(session, gap.community, title, author, now)
    redraws.append(session, made["public_id"], wanted, author, now)
    return made


def _holds(session: Session, plan: RowMapping, wanted: dict[str, Any]) -> bool:
    """Whether a step of the plan, not taken back, is what is wanted."""
    steps = [one["intent"] for one in plans.steps(session, plan["id"]) if not one["undone"]]
    return from_json(wanted) in map(from_json, steps)


def _intent(gap: Gap) -> dict[str, Any]:
    """What is wanted: all bare ground to whoever is beside it, or a house's piece to one grid."""
    fill = {"op": "fill", "community": gap.community}
    if gap.kind == "ground_uncovered" or not gap.facts.get("to"):
        return fill
    return {**fill, "to": gap.facts["to"], "spot": gap.spot and list(gap.spot)}
