"""Issues as marks on the map: points where they are few, clusters where they are many."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    RowMapping,
    Select,
    func,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from geodata.db import tallies
from geodata.db.narrowing import Filter, meets, narrowed, overdue
from geodata.db.scoping import WHOLE, within
from geodata.db.tables import (
    boundary,
    closed_tally,
    grid,
    issue,
    issue_category,
)


def points(session: Session, wanted: Filter, now: datetime, most: int) -> Sequence[RowMapping]:
    """The placed issues, newest first; none where they are more than `most`.

    Each: id, category, status, level, overdue, lon, lat. How many there are is asked first, and no
    row of too many is sorted.
    """
    query = (
        select(
            *(issue.c.public_id, issue_category.c.code.label("category")),
            *(issue.c.status, issue.c.level, issue.c.is_open, issue.c.reported_at, issue.c.due_at),
            overdue(now).label("overdue"),
            *(func.ST_X(issue.c.place).label("lon"), func.ST_Y(issue.c.place).label("lat")),
        )
        .select_from(issue.join(issue_category))
        .where(issue.c.place.is_not(None), _few(wanted, most))
    )
    newest = narrowed(query, wanted).order_by(issue.c.reported_at.desc(), issue.c.id.desc())
    return session.execute(newest).mappings().all()


def are_few(session: Session, wanted: Filter, most: int) -> bool:
    """Whether no more than `most` placed issues are wanted; no more than that are looked at."""
    return bool(session.scalar(select(_few(wanted, most))))


def _few(wanted: Filter, most: int) -> ColumnElement[bool]:
    query = narrowed(select(issue.c.id).where(issue.c.place.is_not(None)), wanted)
    some = query.correlate(None).limit(most + 1).subquery()
    return select(func.count()).select_from(some).scalar_subquery() <= most


def clusters(session: Session, wanted: Filter, now: datetime, cell: float) -> Sequence[RowMapping]:
    """Issues counted by grid, grids gathered into square cells of `cell` degrees.

    Each: lon, lat (mean of the grids' label points, weighted by count), count, overdue. The cost
    follows the index of issues by grid, not their points.
    """
    by_grid = _by_grid(wanted, now)
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
            ).group_by(func.floor(placed.c.x / cell), func.floor(placed.c.y / cell))
        )
        .mappings()
        .all()
    )


def _by_grid(wanted: Filter, now: datetime) -> FromClause:
    """Issues counted by grid: grid_id, count, overdue; a grid may have a row for each state.

    Closed ones are taken from their tally where nothing but a category and ground narrow them.
    """
    plain = replace(wanted, state=None, box=None, communities=None, grid_id=None, ground=WHOLE)
    handed = bool(wanted.ground.handed)
    if handed or wanted.state not in (None, "closed") or not tallies.suffice(plain):
        return _counted(wanted, now).group_by(issue.c.grid_id).subquery()
    over = tallies.closed_by_grid(wanted.category_id).where(*_areas(wanted))
    if wanted.state == "closed":
        return over.subquery()
    waiting = _counted(replace(wanted, state="open"), now).group_by(issue.c.grid_id)
    return union_all(over, waiting).subquery()


def _areas(wanted: Filter) -> Iterator[ColumnElement[bool]]:
    """What area and ground of a filter ask of a tally's grid, whose issues lie where it lies."""
    at = closed_tally.c.grid_id
    if wanted.grid_id is not None:
        yield at == wanted.grid_id
    if wanted.communities is not None:
        yield at.in_(select(grid.c.id).where(grid.c.community_code.in_(wanted.communities)))
    if not wanted.ground.whole:
        yield at.in_(
            select(grid.c.id).where(within(wanted.ground, grid.c.community_code, grid.c.id))
        )


def _counted(wanted: Filter, now: datetime) -> Select[Any]:
    """Issues counted by grid; area and box are asked of the grids, so that an index answers all."""
    counted = select(
        issue.c.grid_id,
        func.count().label("count"),
        func.count().filter(overdue(now)).label("overdue"),
    ).where(issue.c.grid_id.is_not(None))
    if wanted.communities is not None:
        own = select(grid.c.id).where(grid.c.community_code.in_(wanted.communities))
        counted = counted.where(issue.c.grid_id.in_(own))
    if wanted.box is not None:
        present = func.upper_inf(boundary.c.valid) & meets(boundary.c.shape, wanted.box)
        counted = counted.where(issue.c.grid_id.in_(select(boundary.c.grid_id).where(present)))
    return narrowed(counted, replace(wanted, communities=None, box=None))
