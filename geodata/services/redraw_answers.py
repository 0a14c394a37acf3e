"""What stands between a plan and its next move: an answer to the street, or ground gone on."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import RowMapping
from sqlalchemy.orm import Session

from geodata.db import plan_moves
from geodata.domain.plan import COMPUTED, Name
from geodata.errors import InvalidMove
from geodata.services import redraw_conflicts, redraws


def is_changed(session: Session, plan: RowMapping) -> bool:
    """Whether a plan was drawn on since it was returned last; true where it never was."""
    back = [one["at"] for one in plan_moves.of(session, plan["id"]) if one["move"] == "return"]
    return not back or bool(plan["changed_at"] > back[-1])


def owes_answer(session: Session, plan: RowMapping) -> bool:
    """Whether a plan was returned and is as it was: it goes again only with a word why."""
    return plan["state"] == "returned" and not is_changed(session, plan)


def note(session: Session, plan: RowMapping) -> str:
    """What was said when a plan was handed in last; empty once the street has returned it."""
    told = ""
    for one in plan_moves.of(session, plan["id"]):
        told = {"submit": one["remarks"], "return": ""}.get(one["move"], told) or ""
    return told


def refuse_unanswered(session: Session, plan: RowMapping, name: Name, remarks: str) -> None:
    """Raises InvalidMove ``answer_missing``: a returned plan comes again as it was, unexplained."""
    if name == "submit" and not remarks.strip() and owes_answer(session, plan):
        raise InvalidMove("answer_missing")


def overtaken(session: Session, plans: Sequence[RowMapping]) -> set[int]:
    """Which plans, by id, others have published over: their grids have other ground now."""
    drawn = [plan for plan in plans if plan["state"] in COMPUTED and plan["base"]]
    ended = plan_moves.ended(session, [n for plan in drawn for n in plan["base"].values()])
    touched = [plan for plan in drawn if ended & {*plan["base"].values()}]
    return {
        int(plan["id"])
        for plan in touched
        if redraw_conflicts.changed(session, plan["base"], redraws.present(session, plan))
    }
