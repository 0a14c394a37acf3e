"""Issues as marks on the map: points where they are few, clusters where they are many."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    RowMapping,
    Select,
    false,
    func,
    literal,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from geodata.db import tallies
from geodata.db.issues import MOST_COUNTED
from geodata.db.narrowing import Filter, meets, narrowed, overdue
from geodata.db.tables import boundary, grid, issue, issue_category
from geodata.domain.issue import OVER


def points(session: Session, wanted: Filter, now: datetime) -> Sequence[RowMapping]:
    """The placed issues, newest first: to be asked for where they are few.

    Each: id, category, status, level, overdue, lon, lat.
    """
    query = (
        select(
            *(issue.c.public_id, issue_category.c.code.label("category")),
            *(issue.c.status, issue.c.level, issue.c.is_open, issue.c.reported_at, issue.c.due_at),
            overdue(now).label("overdue"),
            *(func.ST_X(issue.c.place).label("lon"), func.ST_Y(issue.c.place).label("lat")),
        )
        .select_from(issue.join(issue_category))
        .where(issue.c.place.is_not(None))
    )
    newest = narrowed(query, wanted).order_by(issue.c.reported_at.desc(), issue.c.id.desc())
    return session.execute(newest).mappings().all()


def are_few(session: Session, wanted: Filter, most: int) -> bool:
    """Whether no more than `most` placed issues are wanted; no more than that are looked at."""
    query = narrowed(select(issue.c.id).where(issue.c.place.is_not(None)), wanted)
    some = query.limit(most + 1).subquery()
    return (session.scalar(select(func.count()).select_from(some)) or 0) <= most


def clusters(session: Session, wanted: Filter, now: datetime, cell: float) -> Sequence[RowMapping]:
    """Issues counted by grid, grids gathered into square cells of `cell` degrees.

    Each: lon, lat (mean of the grids' label points, weighted by count), count, overdue, and whether
    there are ``more``: closed ones that no tally knows are counted up to `MOST_COUNTED`, the newest
    first where no words are looked for. The cost follows the index of issues by grid, not their
    points.
    """
    by_grid, more = _by_grid(wanted, now)
    spot = boundary.c.label
    placed = (
        select(
            by_grid.c.count,
            by_grid.c.overdue,
            func.ST_X(spot).label("x"),
            func.ST_Y(spot).label("y"),
        )
        .join(
            boundary, (boundary.c.grid_id == by_grid.c.grid_id) & func.upper_inf(boundary.c.valid)
        )
        .where(*([meets(boundary.c.shape, wanted.box)] if wanted.box else []))
        .subquery()
    )
    total = func.sum(placed.c.count)
    return (
        session.execute(
            select(
                (func.sum(placed.c.x * placed.c.count) / total).label("lon"),
                (func.sum(placed.c.y * placed.c.count) / total).label("lat"),
                *(total.label("count"), func.sum(placed.c.overdue).label("overdue")),
                more.label("more"),
            ).group_by(func.floor(placed.c.x / cell), func.floor(placed.c.y / cell))
        )
        .mappings()
        .all()
    )


def _by_grid(wanted: Filter, now: datetime) -> tuple[FromClause, ColumnElement[bool]]:
    """Issues counted by grid: grid_id, count, overdue; a grid may have a row for each state.

    With whether there are more. Closed ones are taken from their tally where it knows the filter.
    """
    if wanted.state not in (None, "closed"):
        return _counted(wanted, now).subquery(), false()
    tallied = tallies.suffice(replace(wanted, box=None))
    over, more = (tallies.closed_by_grid(wanted), false()) if tallied else _some_closed(wanted)
    if wanted.state == "closed" or wanted.status in OVER:
        return over.subquery(), more
    return union_all(over, _counted(replace(wanted, state="open"), now)).subquery(), more


def _some_closed(wanted: Filter) -> tuple[Select[Any], ColumnElement[bool]]:
    """No more than `MOST_COUNTED` closed issues by grid, and whether there are more.

    With words they are told by how they ended, as in `issues.counted`.
    """
    there = replace(wanted, state=None if wanted.words else "closed")
    some = _placed(select(issue.c.grid_id), there).where(issue.c.status.in_(OVER))
    if not wanted.words:
        some = some.order_by(issue.c.reported_at.desc(), issue.c.id.desc())
    some = some.limit(MOST_COUNTED + 1)
    found = some.cte("found")
    over = select(found.c.grid_id, func.count().label("count"), literal(0).label("overdue"))
    count = select(func.count()).select_from(found).scalar_subquery()
    return over.group_by(found.c.grid_id), count > MOST_COUNTED


def _counted(wanted: Filter, now: datetime) -> Select[Any]:
    """Issues counted by grid, all of them."""
    counted = select(
        issue.c.grid_id,
        func.count().label("count"),
        func.count().filter(overdue(now)).label("overdue"),
    )
    return _placed(counted, wanted).group_by(issue.c.grid_id)


def _placed(query: Select[Any], wanted: Filter) -> Select[Any]:
    """Those in grids; area and box are asked of the grids, so that an index answers all."""
    query = query.where(issue.c.grid_id.is_not(None))
    if wanted.communities is not None:
        own = select(grid.c.id).where(grid.c.community_code.in_(wanted.communities))
        query = query.where(issue.c.grid_id.in_(own))
    if wanted.box is not None:
        present = func.upper_inf(boundary.c.valid) & meets(boundary.c.shape, wanted.box)
        query = query.where(issue.c.grid_id.in_(select(boundary.c.grid_id).where(present)))
    return narrowed(query, replace(wanted, communities=None, box=None))
