"""What plans went through, and those whose day has come."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import RowMapping, func, insert, select, update
from sqlalchemy.orm import Session

from geodata.db.tables import boundary, redraw_move, redraw_plan

REST_S: Final = 20
"""Seconds from a plan's day on that pass before it is tried a second time."""


def add(session: Session, values: Mapping[str, Any]) -> None:
    """Keep a move of a plan: plan_id, at, actor, move, state, remarks, due_at."""
    session.execute(insert(redraw_move).values(**values))


def of(session: Session, number: int) -> Sequence[RowMapping]:
    """The moves of a plan, the first first."""
    query = select(redraw_move).where(redraw_move.c.plan_id == number)
    return session.execute(query.order_by(redraw_move.c.id)).mappings().all()


def ended(session: Session, boundaries: Sequence[int]) -> set[int]:
    """Which of some boundaries, by id, are not those of the present any more."""
    at = boundary.c
    query = select(at.id).where(at.id.in_(list(boundaries)), ~func.upper_inf(at.valid))
    return {int(number) for number in session.scalars(query)}


def due(session: Session, now: datetime) -> UUID | None:
    """The plan whose day has come and that has waited longest; those tried seldom come first.

    One that was tried before is left alone for a while, longer each time.
    """
    at = redraw_plan.c
    rest = func.make_interval(0, 0, 0, 0, 0, 0, REST_S * at.attempts * at.attempts)
    first = (at.attempts, at.due_at, at.id)
    query = select(at.public_id).where(at.due_at + rest <= now)
    return session.scalar(query.order_by(*first).limit(1))


def count_attempt(session: Session, public_id: UUID) -> None:
    """Note that a plan is to be published once more."""
    here = redraw_plan.c.public_id == public_id
    session.execute(update(redraw_plan).where(here).values(attempts=redraw_plan.c.attempts + 1))


def scheduled_by(session: Session, number: int) -> str | None:
    """Who set the day of a plan."""
    here = (redraw_move.c.plan_id == number) & (redraw_move.c.move == "schedule")
    query = select(redraw_move.c.actor).where(here).order_by(redraw_move.c.id.desc()).limit(1)
    return session.scalar(query)
