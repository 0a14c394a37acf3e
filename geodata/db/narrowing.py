"""Which issues are wanted: one filter for the list, the points, the clusters and the counts.

Words are found by the pairs of characters that an index holds, and then in the text itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    RowMapping,
    Select,
    Text,
    and_,
    cast,
    false,
    func,
    or_,
    select,
    text,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from geodata.db.arrivals import Held, new_to
from geodata.db.layers import Box
from geodata.db.outcomes import came
from geodata.db.scoping import WHOLE, Ground
from geodata.db.scoping import issues as issues_within
from geodata.db.tables import community, grid, issue, issue_category, street
from geodata.domain.issue import HANDLED, OVER
from geodata.domain.wording import SHORTEST, bigrams, glance

_STATES: Final[Mapping[str, ColumnElement[bool]]] = {
    "open": issue.c.is_open,
    "closed": ~issue.c.is_open,
    "escalated": and_(issue.c.is_open, issue.c.level != "grid"),
    "unplaced": issue.c.grid_id.is_(None),
}
STATES: Final = tuple(_STATES)
RARE: Final = ("rejected", "void")
"""Endings that have an index of their own."""

_ENDED: Final = "issue.status in ('rejected', 'void')"
"""The predicate of their index, whose constants no prepared plan must lose."""


@dataclass(frozen=True, slots=True)
class Filter:
    """Which issues are wanted, with ids looked up so that indexes serve.

    `communities` are codes; reported from `since` on and before `until`; `late_at` wants those
    open past their deadline at that moment; `soon` those not done yet whose deadline lies between
    two; `job` those that came with an import; `words` must all stand in the text or address;
    `supervision` is a grade, or "any"; `due` are the moments from and before which the deadline
    lies, `done` those from and before which it was handled or closed; `outcome` is one of
    `OUTCOMES` as it was seen at a moment; `nowhere` wants what has no community, or of some areas
    no grid; `new_to` wants what is new to
    those who belong to some audiences; a box is west, south, east, north in degrees; none lies
    outside the ground.
    """

    state: str | None = None
    category_id: int | None = None
    communities: tuple[str, ...] | None = None
    grid_id: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    late_at: datetime | None = None
    soon: tuple[datetime, datetime] | None = None
    job: int | None = None
    status: str | None = None
    channel: str | None = None
    handler: str | None = None
    supervision: str | None = None
    words: tuple[str, ...] = ()
    due: tuple[datetime | None, datetime | None] = (None, None)
    outcome: tuple[str, datetime] | None = None
    done: tuple[datetime | None, datetime | None] = (None, None)
    nowhere: bool | None = None
    new_to: tuple[Held, ...] | None = None
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
    if _contradictory(wanted):
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
        (wanted.soon, _falling_due),
        (wanted.job, lambda number: at.import_id == number),
        (wanted.status, _in_status),
        (wanted.channel, lambda name: at.channel == name),
        (wanted.handler, lambda name: at.handler == name),
        (wanted.supervision, _called_in),
        (wanted.words or None, _saying),
        (wanted.due[0], lambda moment: at.due_at >= moment),
        (wanted.due[1], lambda moment: at.due_at < moment),
        (wanted.outcome, lambda told: came(told[0], told[1], wanted.done)),
        (None if wanted.outcome else wanted.done[0], lambda moment: at.closed_at >= moment),
        (None if wanted.outcome else wanted.done[1], lambda moment: at.closed_at < moment),
        (wanted.nowhere, lambda _: _lost(wanted)),
        (wanted.new_to, new_to),
        (wanted.box, lambda box: meets(at.place, box)),
    ]
    narrow = [condition(value) for value, condition in told if value is not None]
    return narrow if wanted.ground.whole else [*narrow, issues_within(wanted.ground)]


def _lost(wanted: Filter) -> ColumnElement[bool]:
    """Whether an issue lies in no community, or in no grid of those that are wanted."""
    at = issue.c
    return at.community_code.is_(None) if wanted.communities is None else at.grid_id.is_(None)


def _contradictory(wanted: Filter) -> bool:
    """Whether no issue can be open, or closed, as a filter wants it."""
    closed = wanted.state == "closed"
    if wanted.status is not None and wanted.state in ("open", "escalated", "closed"):
        return closed is not (wanted.status in OVER)
    return closed and any((wanted.late_at, wanted.soon, wanted.supervision))


def _falling_due(span: tuple[datetime, datetime]) -> ColumnElement[bool]:
    """Whether an issue that is not done yet has its deadline between two moments."""
    at = issue.c
    due = (at.due_at >= span[0]) & (at.due_at < span[1])
    return at.is_open & due & at.status.not_in(HANDLED)


def _in_status(status: str) -> ColumnElement[bool]:
    """Whether an issue is in a stage; the index of those that are open, or rare, is told so."""
    there = issue.c.status == status
    if status in RARE:
        return and_(there, text(_ENDED))
    return there if status in OVER else and_(there, issue.c.is_open)


def _called_in(grade: str) -> ColumnElement[bool]:
    called = issue.c.supervision
    return and_(issue.c.is_open, called.is_not(None) if grade == "any" else called == grade)


def _saying(words: tuple[str, ...]) -> ColumnElement[bool]:
    said, address = issue.c.text, issue.c.address
    pairs = cast(bigrams(words), postgresql.ARRAY(Text))
    whole = func.issue_said(said, address)
    held = func.issue_bigrams(said, address).op("@>")(pairs)
    longer = [word for word in words if len(word) > SHORTEST]  # of two the pair itself is proof
    return and_(
        *(_glanced(said + address, word, sign) for word in words if (sign := glance(word))),
        *(func.strpos(whole, word) > 0 for word in longer),
        held,
    )


def _glanced(written: ColumnElement[str], word: str, sign: str) -> ColumnElement[bool]:
    """Whether a word may be found, without the work of comparing; most are where they stand."""
    return or_(func.strpos(written, word) > 0, written.regexp_match(sign, flags="i"))


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
