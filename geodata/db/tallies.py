"""Closed issues as they were counted when they closed; right to the transaction.

They are most of all that there ever were: to count them anew takes long where they are a million.
"""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal, select
from sqlalchemy.orm import Session

from geodata.db.narrowing import Filter
from geodata.db.scoping import within
from geodata.db.tables import closed_tally, grid

ADDED = func.sum(closed_tally.c.added)
"""What the count is of some rows."""


def suffice(wanted: Filter) -> bool:
    """Whether the tally of closed issues knows a filter.

    It counts by area, by how they ended, and by category or channel.
    """
    known = Filter(
        *(wanted.state, wanted.category_id, wanted.communities, wanted.grid_id),
        status=wanted.status,
        channel=wanted.channel,
        ground=wanted.ground,
    )
    both = wanted.category_id is not None and wanted.channel is not None
    return wanted == known and not both and not wanted.ground.handed


def closed_by_grid(wanted: Filter) -> Select[Any]:
    """Closed issues of a filter by grid: grid_id, count, overdue (none is)."""
    return (
        select(closed_tally.c.grid_id, ADDED.label("count"), literal(0).label("overdue"))
        .where(closed_tally.c.grid_id.is_not(None), *_conditions(wanted))
        .group_by(closed_tally.c.grid_id)
        .having(ADDED > 0)
    )


def closed(wanted: Filter) -> Select[Any]:
    """One row: how many closed issues of a filter lie in grids, and, as ``nowhere``, in none.

    Those in no grid are only known for the whole: their tally tells no area.
    """
    placed = closed_tally.c.grid_id.is_not(None)
    return select(
        func.coalesce(ADDED.filter(placed), 0).label("placed"),
        func.coalesce(ADDED.filter(~placed), 0).label("nowhere"),
    ).where(*_conditions(wanted))


def fold(session: Session) -> None:
    """Make few rows of many, as after a file was brought in; the counts stay as they are."""
    session.execute(select(func.fold_closed_tally()))


def _conditions(wanted: Filter) -> Iterator[ColumnElement[bool]]:
    """What a filter asks of the tally, whose issues lie where its grid lies."""
    kept = closed_tally.c
    for column, value in ((kept.category_id, wanted.category_id), (kept.channel, wanted.channel)):
        yield column.is_(None) if value is None else column == value
    if wanted.status is not None:
        yield kept.status == wanted.status
    if wanted.grid_id is not None:
        yield kept.grid_id == wanted.grid_id
    if wanted.communities is not None:
        yield kept.grid_id.in_(
            select(grid.c.id).where(grid.c.community_code.in_(wanted.communities))
        )
    if not wanted.ground.whole:
        own = within(wanted.ground, grid.c.community_code, grid.c.id)
        yield kept.grid_id.in_(select(grid.c.id).where(own))
