"""Closed issues as they were counted when they closed; right to the transaction.

They are most of all that there ever were: to count them anew takes long where they are a million.
"""

from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal, select
from sqlalchemy.orm import Session

from geodata.db.narrowing import Filter
from geodata.db.tables import closed_tally

ADDED = func.sum(closed_tally.c.added)


def closed_by_grid(category_id: int | None) -> Select[Any]:
    """Closed issues of a category, or of all, by grid: grid_id, count, overdue (none is)."""
    return (
        select(closed_tally.c.grid_id, ADDED.label("count"), literal(0).label("overdue"))
        .where(closed_tally.c.grid_id.is_not(None), _of(category_id))
        .group_by(closed_tally.c.grid_id)
        .having(ADDED > 0)
    )


def closed(category_id: int | None = None) -> Select[Any]:
    """One row: how many issues of a category, or of all, are closed, and of these in no grid."""
    nowhere = ADDED.filter(closed_tally.c.grid_id.is_(None))
    return select(
        func.coalesce(ADDED, 0).label("closed"), func.coalesce(nowhere, 0).label("unplaced")
    ).where(_of(category_id))


def fold(session: Session) -> None:
    """Make few rows of many, as after a file was brought in; the counts stay as they are."""
    session.execute(select(func.fold_closed_tally()))


def _of(category_id: int | None) -> ColumnElement[bool]:
    kind = closed_tally.c.category_id
    return kind.is_(None) if category_id is None else kind == category_id


def suffice(wanted: Filter) -> bool:
    """Whether the tally of closed issues knows this filter: it counts by category."""
    return wanted == Filter(category_id=wanted.category_id)
