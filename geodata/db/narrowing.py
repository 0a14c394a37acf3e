"""Which issues are wanted: one filter for the list, the points, the clusters and the counts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, RowMapping, Select, and_, false, func, select
from sqlalchemy.orm import Session

from geodata.db.layers import Box
from geodata.db.scoping import WHOLE, Ground
from geodata.db.scoping import issues as issues_within
from geodata.db.tables import community, grid, issue, issue_category, street

_STATES: Final[Mapping[str, ColumnElement[bool]]] = {
    "open": issue.c.is_open,
    "closed": ~issue.c.is_open,
    "escalated": and_(issue.c.is_open, issue.c.level != "grid"),
    "unplaced": issue.c.grid_id.is_(None),
}
STATES: Final = tuple(_STATES)


@dataclass(frozen=True, slots=True)
class Filter:
    """Which issues are wanted, with ids looked up so that indexes serve.

    `communities` are codes; reported from `since` on and before `until`; `late_at` wants those
    open past their deadline at that moment; `job` those that came with an import; a box is west,
    south, east, north in degrees; none lies outside the ground.
    """

    state: str | None = None
    category_id: int | None = None
    communities: tuple[str, ...] | None = None
    grid_id: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    late_at: datetime | None = None
    job: int | None = None
    box: Box | None = None
    ground: Ground = WHOLE


def state(name: str) -> ColumnElement[bool]:
    """Whether an issue is in one of `STATES`."""
    return _STATES[name]


def overdue(now: datetime) -> ColumnElement[bool]:
    """Whether an issue is open past its deadline."""
    return func.coalesce(issue.c.is_open & (issue.c.due_at < now), False)


def meets(shape: ColumnElement[Any], box: Box) -> ColumnElement[bool]:
    """Whether the box of a shape meets a box in degrees, as a spatial index answers it."""
    return shape.op("&&")(func.ST_MakeEnvelope(*box, 4326))


def narrowed(query: Select[Any], wanted: Filter) -> Select[Any]:
    """The query with the filter's conditions."""
    return query.where(*conditions(wanted))


def conditions(wanted: Filter) -> list[ColumnElement[bool]]:
    """What a filter asks of an issue's columns; never, where it contradicts itself."""
    if wanted.state == "closed" and wanted.late_at is not None:
        return [false()]
    at = issue.c
    told: list[tuple[object, Any]] = [
        (wanted.state, lambda name: _STATES[name]),
        (wanted.category_id, lambda number: at.category_id == number),
        (wanted.communities, at.community_code.in_),
        (wanted.grid_id, lambda number: at.grid_id == number),
        (wanted.since, lambda moment: at.reported_at >= moment),
        (wanted.until, lambda moment: at.reported_at < moment),
        (wanted.late_at, lambda moment: at.is_open & (at.due_at < moment)),
        (wanted.job, lambda number: at.import_id == number),
        (wanted.box, lambda box: meets(at.place, box)),
    ]
    narrow = [condition(value) for value, condition in told if value is not None]
    return narrow if wanted.ground.whole else [*narrow, issues_within(wanted.ground)]


def looked_up(
    session: Session, category: str | None, street_code: str | None, community_code: str | None,
    grid_code: str | None,
) -> RowMapping:  # fmt: skip
    """What codes stand for, null where nothing does: category (id), community (code), grid (id).

    `streets` counts those with the code, `communities` are the codes of its communities.
    """
    below = select(func.array_agg(community.c.code)).where(
        community.c.street_code == (street_code or "")
    )
    known = select(func.count()).where(street.c.code == (street_code or ""))
    query = select(
        select(issue_category.c.id)
        .where(
            issue_category.c.code_scheme == "district", issue_category.c.code == (category or "")
        )
        .scalar_subquery()
        .label("category"),
        known.scalar_subquery().label("streets"),
        below.scalar_subquery().label("communities"),
        select(community.c.code)
        .where(community.c.code == (community_code or ""))
        .scalar_subquery()
        .label("community"),
        select(grid.c.id).where(grid.c.code == (grid_code or "")).scalar_subquery().label("grid"),
    )
    return session.execute(query).mappings().one()
