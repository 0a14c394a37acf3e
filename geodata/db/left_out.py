"""Steps of plans that were left out when those were drawn anew."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import RowMapping, delete, insert, select
from sqlalchemy.orm import Session

from geodata.db.tables import redraw_left_out

_AT = redraw_left_out.c


def add(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Keep steps: plan_id, intent, code, facts, author, at."""
    if rows:
        session.execute(insert(redraw_left_out), list(rows))


def of(session: Session, plan: int) -> Sequence[RowMapping]:
    """Those of a plan (by id), in the order in which they were left out."""
    query = select(redraw_left_out).where(_AT.plan_id == plan).order_by(_AT.id)
    return session.execute(query).mappings().all()


def remove(session: Session, plan: int, numbers: Sequence[int]) -> None:
    """Forget some of a plan."""
    session.execute(delete(redraw_left_out).where(_AT.plan_id == plan, _AT.id.in_(list(numbers))))
