"""Issues: kept, found, listed and counted."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
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
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import Session

from geodata.db import ordering, tallies
from geodata.db.narrowing import Filter, narrowed, state
from geodata.db.ordering import Cursor, Order
from geodata.db.scoping import WHOLE
from geodata.db.tables import (
    boundary,
    community,
    grid,
    issue,
    issue_category,
    issue_event,
    photo,
)
from geodata.domain.issue import OVER


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


MOST_COUNTED: Final = 10_000
"""Beyond that nothing is counted issue by issue."""

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
    issue.c.new_to,
    issue_category.c.code.label("category"),
    issue_category.c.name_zh.label("category_zh"),
    issue_category.c.name_en.label("category_en"),
    *(grid.c.code.label("grid_code"), grid.c.name.label("grid_name")),
    *(community.c.code.label("community_code"), community.c.name.label("community_name")),
    *(func.ST_X(issue.c.place).label("lon"), func.ST_Y(issue.c.place).label("lat")),
)
"""What a list shows of an issue; to be selected from `JOINED`."""


def page(
    session: Session, wanted: Filter, order: Order, after: Cursor | None, limit: int
) -> tuple[list[RowMapping], Cursor | None]:
    """The issues of a filter in an order, from where the last page ended, and where this one did.

    None where nothing comes after it.
    """
    query = select(*ITEM, issue.c.handler, issue.c.supervision).select_from(JOINED)
    rows = ordering.stretch(session, query, wanted, order, (after, limit + 1))
    shown = list(rows[:limit])
    return shown, ordering.end(shown[-1], order) if len(rows) > limit else None


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


def totals(session: Session, wanted: Filter | None = None) -> Mapping[str, int]:
    """How many issues of a filter are closed, escalated, otherwise open, and unplaced.

    Each as far as `counted` goes.
    """
    return counted(session, wanted or Filter())[0]


def counted(session: Session, wanted: Filter) -> tuple[Mapping[str, int], frozenset[str]]:
    """The totals of a filter, and the names of those of which there are more.

    What the tally of closed issues knows is exact; of anything else no more than `MOST_COUNTED` of
    each are counted.
    """
    if tallies.suffice(wanted):
        return _tallied(session, wanted), frozenset()
    return _bounded(session, wanted)


def _tallied(session: Session, wanted: Filter) -> Mapping[str, int]:
    """Open ones as an index has them, closed ones as their tally has.

    It tells no area of those in no grid: they are few, and looked up.
    """
    waiting = narrowed(_waiting(), replace(wanted, state="open")).subquery()
    over = tallies.closed(wanted).subquery()
    nowhere: Any = over.c.nowhere
    if wanted != replace(wanted, communities=None, grid_id=None, ground=WHOLE):
        astray = narrowed(select(func.count()), replace(wanted, state="closed"))
        nowhere = astray.where(state("unplaced")).scalar_subquery()
    told = select(
        (over.c.placed + nowhere).label("closed"),
        *(waiting.c.escalated, waiting.c.open),
        (waiting.c.unplaced + nowhere).label("unplaced"),
    )
    return dict(session.execute(told.join_from(waiting, over, true())).mappings().one())


def _bounded(session: Session, wanted: Filter) -> tuple[Mapping[str, int], frozenset[str]]:
    """No more than `MOST_COUNTED` of each; with words, escalated ones among so many open ones.

    To look words up once more takes longer than to look at the open ones. Closed ones are told by
    how they ended, or the planner is tempted to read all of their index.
    """
    opened = _some(wanted, state("open")).cte("opened")
    raised: Any = _some(wanted, state("escalated"))
    if wanted.words:
        raised = select(opened).where(opened.c.level != "grid")
    looked = {
        "open": opened,
        "escalated": raised.subquery(),
        "closed": _some(wanted, issue.c.status.in_(OVER)).subquery(),
        "unplaced": _some(wanted, state("unplaced")).subquery(),
    }
    counts = (
        select(func.count()).select_from(one).scalar_subquery().label(name)
        for name, one in looked.items()
    )
    found = session.execute(select(*counts)).mappings().one()
    more = {name for name, count in found.items() if count > MOST_COUNTED}
    more |= {"escalated"} if wanted.words and "open" in more else set()
    told = {name: min(count, MOST_COUNTED) for name, count in found.items()}
    return {**told, "open": max(told["open"] - told["escalated"], 0)}, frozenset(more)


def _some(wanted: Filter, there: ColumnElement[bool]) -> Select[Any]:
    return narrowed(select(issue.c.level), wanted).where(there).limit(MOST_COUNTED + 1)


def _waiting() -> Select[Any]:
    escalated, unplaced = state("escalated"), state("unplaced")
    told: Select[Any] = select().add_columns(
        func.count().filter(escalated).label("escalated"),
        func.count().filter(state("open") & ~escalated).label("open"),
        func.count().filter(unplaced).label("unplaced"),
    )
    return told.select_from(issue)
