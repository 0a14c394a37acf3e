"""Issues: kept, found, listed and counted."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Row,
    RowMapping,
    Select,
    func,
    insert,
    select,
    true,
    tuple_,
    union_all,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import Session

from geodata.db import tallies
from geodata.db.narrowing import Filter, meets, narrowed, overdue, state
from geodata.db.scoping import WHOLE, within
from geodata.db.tables import (
    boundary,
    closed_tally,
    community,
    grid,
    issue,
    issue_category,
    issue_event,
    photo,
)


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where the last page ended: the list runs from the newest report to the oldest."""

    reported_at: datetime
    number: int


def add(session: Session, row: Mapping[str, Any]) -> RowMapping | None:
    """Store one issue; its grid is found in the database, safe against a redraw in flight.

    None where one with its random number is stored already.
    """
    new = postgresql.insert(issue).values(**row)
    once = new.on_conflict_do_nothing(index_elements=["public_id"])
    added = session.execute(once.returning(issue.c.id, issue.c.public_id, issue.c.grid_id))
    return added.mappings().first()


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


_RUNNER_UP: Final = grid.alias("runner_up")
JOINED: Final[FromClause] = (
    issue.join(issue_category)
    .outerjoin(grid, grid.c.id == issue.c.grid_id)
    .outerjoin(community, community.c.code == issue.c.community_code)
)
"""Issues with their category, grid and community."""
ITEM: Final = (
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
"""What a list shows of an issue; to be selected from `JOINED`."""


def page(
    session: Session, wanted: Filter, after: Cursor | None, limit: int
) -> Sequence[RowMapping]:
    """The issues of a filter, newest report first, from where the last page ended."""
    query = narrowed(select(*ITEM).select_from(JOINED), wanted)
    if after is not None:
        here = tuple_(issue.c.reported_at, issue.c.id)
        query = query.where(here < tuple_(after.reported_at, after.number))
    newest = query.order_by(issue.c.reported_at.desc(), issue.c.id.desc()).limit(limit)
    return session.execute(newest).mappings().all()


_PHOTOS: Final = (
    select(
        func.json_agg(
            aggregate_order_by(
                func.json_build_object(
                    *("public_id", photo.c.public_id, "kind", photo.c.kind),
                    *("width", photo.c.width, "height", photo.c.height),
                ),
                photo.c.id,
            )
        )
    )
    .where(photo.c.issue_id == issue.c.id)
    .correlate(issue)
    .scalar_subquery()
)
_ALL: Final = issue_category.alias("known")
_DEPARTMENTS: Final = (
    select(func.array_agg(_ALL.c.department.distinct()))
    .where(_ALL.c.department.is_not(None))
    .scalar_subquery()
)


def one(session: Session, public_id: UUID) -> RowMapping | None:
    """One issue with its assignment and the evidence for it, or None."""
    query = (
        select(
            *ITEM,
            *(issue.c.located, issue.c.grid_id, issue.c.runner_up_m, issue.c.handler),
            *(issue.c.supervision, issue.c.satisfaction, issue.c.answers, issue.c.extensions),
            *(issue.c.reopenings, issue.c.paused_status, issue.c.paused_at),
            *(_PHOTOS.label("photos"), _DEPARTMENTS.label("departments")),
            *(_RUNNER_UP.c.code.label("runner_up_code"), _RUNNER_UP.c.name.label("runner_up_name")),
            func.lower(boundary.c.valid).label("boundary_from"),
        )
        .select_from(
            JOINED.outerjoin(boundary, boundary.c.id == issue.c.boundary_id).outerjoin(
                _RUNNER_UP, _RUNNER_UP.c.id == issue.c.runner_up_id
            )
        )
        .where(issue.c.public_id == public_id)
    )
    return session.execute(query).mappings().first()


def events(session: Session, number: int) -> Sequence[RowMapping]:
    """The history of an issue by its internal number, oldest first."""
    rows = session.execute(
        select(
            *(issue_event.c.at, issue_event.c.kind, issue_event.c.status, issue_event.c.note),
            *(issue_event.c.level, issue_event.c.detail, issue_event.c.actor),
        )
        .where(issue_event.c.issue_id == number)
        .order_by(issue_event.c.at, issue_event.c.id)
    )
    return rows.mappings().all()


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
    if wanted.state not in (None, "closed") or not _tallied(plain):
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


def _tallied(wanted: Filter) -> bool:
    """Whether the tally of closed issues knows this filter: it counts by category."""
    return wanted == Filter(category_id=wanted.category_id)


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


def totals(session: Session, wanted: Filter | None = None) -> Mapping[str, int]:
    """How many issues of a filter are closed, escalated, otherwise open, and unplaced."""
    asked = wanted or Filter()
    if not _tallied(asked):
        counted = _waiting().add_columns(func.count().filter(state("closed")).label("closed"))
        query = narrowed(counted, asked)
        return dict(session.execute(query).mappings().one())
    open_ones = narrowed(_waiting(), replace(asked, state="open"))
    waiting, over = open_ones.subquery(), tallies.closed(asked.category_id).subquery()
    unplaced = (waiting.c.unplaced + over.c.unplaced).label("unplaced")
    told = select(over.c.closed, waiting.c.escalated, waiting.c.open, unplaced)
    return dict(session.execute(told.join_from(waiting, over, true())).mappings().one())


def _waiting() -> Select[Any]:
    escalated, unplaced = state("escalated"), state("unplaced")
    told: Select[Any] = select().add_columns(
        func.count().filter(escalated).label("escalated"),
        func.count().filter(state("open") & ~escalated).label("open"),
        func.count().filter(unplaced).label("unplaced"),
    )
    return told.select_from(issue)
