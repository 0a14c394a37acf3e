"""Issues: kept, found, listed and counted."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Row,
    RowMapping,
    Select,
    and_,
    func,
    insert,
    select,
    tuple_,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from geodata.db.layers import Box
from geodata.db.tables import boundary, community, grid, issue, issue_category, issue_event


@dataclass(frozen=True, slots=True)
class Filter:
    """Which issues are wanted; a bound box is west, south, east, north in degrees."""

    state: str | None = None
    category: str | None = None
    community: str | None = None
    grid: str | None = None
    box: Box | None = None


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where the last page ended: the list runs from the newest report to the oldest."""

    reported_at: datetime
    number: int


def add(session: Session, row: Mapping[str, Any]) -> RowMapping:
    """Store one issue; its grid is found in the database, safe against a redraw in flight."""
    added = session.execute(
        insert(issue).values(**row).returning(issue.c.id, issue.c.public_id, issue.c.grid_id)
    )
    return added.mappings().one()


def add_many(session: Session, rows: Sequence[Mapping[str, Any]]) -> Sequence[Row[Any]]:
    """Store issues that come with their assignment; those whose ticket is known are left as is.

    Returns (id, ticket, grid_id, status, reported_at, closed_at) of those that were new.
    """
    if not rows:
        return []
    new = (
        postgresql.insert(issue)
        .on_conflict_do_nothing(index_elements=["channel", "ticket"])
        .returning(
            *(issue.c.id, issue.c.ticket, issue.c.grid_id, issue.c.status),
            *(issue.c.reported_at, issue.c.closed_at),
        )
    )
    return session.execute(new, list(rows)).all()


def add_events(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Append to the history of issues."""
    if rows:
        session.execute(insert(issue_event), list(rows))


def known_tickets(session: Session, channel: str, tickets: Iterable[str]) -> set[str]:
    """Those of the tickets that are stored already for this channel."""
    found = session.scalars(
        select(issue.c.ticket).where(
            issue.c.channel == channel,
            issue.c.ticket == func.any(postgresql.array(list(tickets), type_=issue.c.ticket.type)),
        )
    )
    return set(found)


def categories(session: Session) -> Sequence[RowMapping]:
    """The district's own categories: id, code, names, department and glyph."""
    rows = session.execute(
        select(issue_category)
        .where(issue_category.c.code_scheme == "district")
        .order_by(issue_category.c.id)
    )
    return rows.mappings().all()


_STATES: Final[Mapping[str, ColumnElement[bool]]] = {
    "open": issue.c.is_open,
    "closed": ~issue.c.is_open,
    "escalated": and_(issue.c.is_open, issue.c.level != "grid"),
    "unplaced": issue.c.grid_id.is_(None),
}
STATES: Final = tuple(_STATES)

_RUNNER_UP: Final = grid.alias("runner_up")
_JOINED: Final[FromClause] = (
    issue.join(issue_category)
    .outerjoin(grid, grid.c.id == issue.c.grid_id)
    .outerjoin(community, community.c.code == issue.c.community_code)
)
_ITEM: Final = (
    *(issue.c.id, issue.c.public_id, issue.c.channel, issue.c.ticket, issue.c.text),
    *(issue.c.address, issue.c.status, issue.c.level, issue.c.is_open, issue.c.precision),
    *(issue.c.rule, issue.c.border_m, issue.c.reported_at, issue.c.due_at, issue.c.closed_at),
    issue_category.c.code.label("category"),
    issue_category.c.name_zh.label("category_zh"),
    issue_category.c.name_en.label("category_en"),
    *(grid.c.code.label("grid_code"), grid.c.name.label("grid_name")),
    *(community.c.code.label("community_code"), community.c.name.label("community_name")),
    *(func.ST_X(issue.c.place).label("lon"), func.ST_Y(issue.c.place).label("lat")),
)


def page(
    session: Session, wanted: Filter, after: Cursor | None, limit: int
) -> Sequence[RowMapping]:
    """The issues of a filter, newest report first, from where the last page ended."""
    query = _narrowed(select(*_ITEM).select_from(_JOINED), wanted)
    if after is not None:
        here = tuple_(issue.c.reported_at, issue.c.id)
        query = query.where(here < tuple_(after.reported_at, after.number))
    newest = query.order_by(issue.c.reported_at.desc(), issue.c.id.desc()).limit(limit)
    return session.execute(newest).mappings().all()


def one(session: Session, public_id: UUID) -> RowMapping | None:
    """One issue with its assignment and the evidence for it, or None."""
    query = (
        select(
            *_ITEM,
            *(issue.c.located, issue.c.grid_id, issue.c.runner_up_m),
            *(_RUNNER_UP.c.code.label("runner_up_code"), _RUNNER_UP.c.name.label("runner_up_name")),
            func.lower(boundary.c.valid).label("boundary_from"),
        )
        .select_from(
            _JOINED.outerjoin(boundary, boundary.c.id == issue.c.boundary_id).outerjoin(
                _RUNNER_UP, _RUNNER_UP.c.id == issue.c.runner_up_id
            )
        )
        .where(issue.c.public_id == public_id)
    )
    return session.execute(query).mappings().first()


def events(session: Session, number: int) -> Sequence[RowMapping]:
    """The history of an issue by its internal number, oldest first."""
    rows = session.execute(
        select(issue_event.c.at, issue_event.c.kind, issue_event.c.status, issue_event.c.note)
        .where(issue_event.c.issue_id == number)
        .order_by(issue_event.c.at, issue_event.c.id)
    )
    return rows.mappings().all()


def points(session: Session, wanted: Filter, now: datetime, most: int) -> Sequence[RowMapping]:
    """At most `most` placed issues: public id, category, status, level, overdue, lon, lat."""
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
    return session.execute(_narrowed(query, wanted).limit(most)).mappings().all()


def clusters(session: Session, wanted: Filter, now: datetime, cell: float) -> Sequence[RowMapping]:
    """Issues counted by grid, grids gathered into square cells of `cell` degrees.

    Each: lon, lat (mean of the grids' label points, weighted by count), count, overdue. The cost
    follows the index of issues by grid, not their points.
    """
    counted = _narrowed(
        select(
            issue.c.grid_id,
            func.count().label("count"),
            func.count().filter(overdue(now)).label("overdue"),
        ).where(issue.c.grid_id.is_not(None)),
        Filter(wanted.state, wanted.category, wanted.community, wanted.grid),
    )
    by_grid = counted.group_by(issue.c.grid_id).subquery()
    spot = func.ST_PointOnSurface(boundary.c.shape)
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
        .where(*([_meets(boundary.c.shape, wanted.box)] if wanted.box else []))
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


def totals(session: Session) -> Mapping[str, int]:
    """How many issues are closed, escalated and otherwise open."""
    escalated = issue.c.is_open & (issue.c.level != "grid")
    rows = session.execute(
        select(
            func.count().filter(~issue.c.is_open).label("closed"),
            func.count().filter(escalated).label("escalated"),
            func.count().filter(issue.c.is_open & (issue.c.level == "grid")).label("open"),
            func.count().filter(issue.c.grid_id.is_(None)).label("unplaced"),
        )
    )
    return dict(rows.mappings().one())


def overdue(now: datetime) -> ColumnElement[bool]:
    """Whether an issue is open past its deadline."""
    return func.coalesce(issue.c.is_open & (issue.c.due_at < now), False)


def _meets(shape: ColumnElement[Any], box: Box) -> ColumnElement[bool]:
    return shape.op("&&")(func.ST_MakeEnvelope(*box, 4326))


def _narrowed(query: Select[Any], wanted: Filter) -> Select[Any]:
    """The query with the filter's conditions; ids are looked up, so that indexes serve."""
    if wanted.state is not None:
        query = query.where(_STATES[wanted.state])
    if wanted.category is not None:
        code = (
            issue_category.c.code_scheme == "district",
            issue_category.c.code == wanted.category,
        )
        number = select(issue_category.c.id).where(*code).correlate(None).scalar_subquery()
        query = query.where(issue.c.category_id == number)
    if wanted.community is not None:
        query = query.where(issue.c.community_code == wanted.community)
    if wanted.grid is not None:
        number = (
            select(grid.c.id).where(grid.c.code == wanted.grid).correlate(None).scalar_subquery()
        )
        query = query.where(issue.c.grid_id == number)
    if wanted.box is not None:
        query = query.where(_meets(issue.c.place, wanted.box))
    return query
