"""A gap of the ground as a plan that closes it: begun, with its first step drawn."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from sqlalchemy import RowMapping
from sqlalchemy.orm import Session

from geodata.db.scoping import Ground
from geodata.domain.coverage.gap import Gap
from geodata.errors import NotFound
from geodata.services import coverage, redraws

DRAWN: Final = ("ground_uncovered", "building_uncovered")
"""Kinds whose next action is a plan."""


def begin(
    session: Session, ground: Ground, key: tuple[str, str], author: str, now: datetime, name: str
) -> RowMapping:
    """A draft that closes the gap of a kind and code, called after it.

    Raises NotFound ``no_gap`` where there is none (any more) that a plan closes, or it lies beyond
    one's ground; InvalidRedraw where the ground does not allow the step.
    """
    here = coverage.on(ground, coverage.present(session, now))
    gap = next((one for one in here if one.key == key), None)
    if gap is None or gap.kind not in DRAWN or gap.community is None:
        raise NotFound("no_gap")
    if not ground.covers(gap.community):
        raise NotFound("no_gap")
    title = f"{name} {gap.name or gap.code}"[:200]
    made = redraws.begin(session, gap.community, title, author, now)
    redraws.append(session, made["public_id"], _intent(gap), author, now)
    return made


def _intent(gap: Gap) -> dict[str, Any]:
    """What is wanted: all bare ground to whoever is beside it, or a house's piece to one grid."""
    fill = {"op": "fill", "community": gap.community}
    if gap.kind == "ground_uncovered" or not gap.facts.get("to"):
        return fill
    return {**fill, "to": gap.facts["to"], "spot": gap.spot and list(gap.spot)}
