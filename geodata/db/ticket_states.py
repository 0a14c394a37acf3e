"""How far the tickets of a hotline are: what it can take back, with the rows as they came."""

from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import RowMapping, Select, func, select
from sqlalchemy.orm import Session

from geodata.db.narrowing import Filter, narrowed
from geodata.db.tables import (
    community,
    grid,
    import_job,
    issue,
    issue_category,
    issue_event,
    street,
)

BATCH: Final = 1000
_RESULTS: Final = ("settle", "handle", "close", "refuse", "void")
"""The steps whose note says what came of it."""

_SAID: Final = (
    select(issue_event.c.note)
    .where(
        issue_event.c.issue_id == issue.c.id,
        issue_event.c.kind.in_(_RESULTS),
        issue_event.c.note != "",
    )
    .order_by(issue_event.c.at.desc(), issue_event.c.id.desc())
    .limit(1)
    .correlate(issue)
    .scalar_subquery()
)


def rows(session: Session, wanted: Filter) -> Iterator[RowMapping]:
    """The tickets of a filter by import and number, some at a time.

    Each: ticket, reported_at, category, text, address, street, community, grid, handler, due_at,
    closed_at, status, satisfaction, result, lon, lat, import_id, raw and columns of its import.
    """
    query = _query().order_by(issue.c.import_id, issue.c.id)
    options = {"stream_results": True, "max_row_buffer": BATCH}
    with session.execute(narrowed(query, wanted), execution_options=options) as streamed:
        yield from streamed.mappings()


def matched(session: Session, wanted: Filter, most: int) -> int:
    """How many tickets a filter has, never counting past one more than `most`."""
    some = narrowed(select(issue.c.id), wanted).limit(most + 1).subquery()
    return int(session.scalar(select(func.count()).select_from(some)) or 0)


def _query() -> Select[Any]:
    return (
        select(
            *(issue.c.ticket, issue.c.reported_at, issue.c.text, issue.c.address, issue.c.handler),
            *(issue.c.due_at, issue.c.closed_at, issue.c.status, issue.c.satisfaction),
            *(issue.c.import_id, issue.c.raw, _SAID.label("result")),
            issue_category.c.name_zh.label("category"),
            *(street.c.name.label("street"), community.c.name.label("community")),
            *(grid.c.name.label("grid"), import_job.c.columns),
            *(func.ST_X(issue.c.place).label("lon"), func.ST_Y(issue.c.place).label("lat")),
        )
        .select_from(issue)
        .join(issue_category)
        .outerjoin(grid, grid.c.id == issue.c.grid_id)
        .outerjoin(community, community.c.code == issue.c.community_code)
        .outerjoin(street, street.c.code == community.c.street_code)
        .outerjoin(import_job, import_job.c.id == issue.c.import_id)
    )
