"""One issue held for a step, and the step kept."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import RowMapping, Select, func, insert, select, update
from sqlalchemy.orm import Session

from geodata.db.tables import community, grid, issue, issue_category, issue_event

_at: Final = issue.c


def held(session: Session, public_id: UUID, *, hold: bool = True) -> RowMapping | None:
    """What an issue's next step depends on; held until commit, so that steps come one by one."""
    query = _depends().where(_at.public_id == public_id)
    if hold:
        query = query.with_for_update(of=issue)
    return session.execute(query).mappings().first()


def next_to_resume(session: Session, now: datetime) -> RowMapping | None:
    """The same of the suspended issue that was to go on first, by now; held, if nobody has it."""
    paused = (_at.status == "suspended") & (_at.resume_by <= now)
    query = _depends().where(paused).order_by(_at.resume_by).limit(1)
    return session.execute(query.with_for_update(of=issue, skip_locked=True)).mappings().first()


def _depends() -> Select[Any]:
    return (
        select(
            *(_at.id, _at.public_id, _at.status, _at.level, _at.due_at, _at.grid_id, _at.handler),
            *(_at.paused_status, _at.paused_at, _at.paused_due, _at.extensions, _at.reopenings),
            *(_at.resume_by, _at.supervision, _at.satisfaction, _at.tracking, _at.new_to),
            *(_at.community_code, _at.address, _at.rule, _at.place, _at.precision),
            *(issue_category.c.time_limit, issue_category.c.limit_type),
            grid.c.code.label("grid_code"),
        )
        .join(issue_category)
        .outerjoin(grid, grid.c.id == _at.grid_id)
    )


def kind_known(session: Session, number: int, key: str) -> str | None:
    """Which step was taken already with this client key; None where none was."""
    known = select(issue_event.c.kind).where(issue_event.c.issue_id == number)
    return session.scalar(known.where(issue_event.c.key == key))


def change(session: Session, number: int, values: Mapping[str, Any]) -> None:
    """Write what an issue has become."""
    session.execute(update(issue).where(_at.id == number).values(**values))


def note(session: Session, event: Mapping[str, Any]) -> int:
    """Append one step to the history; its id."""
    added = insert(issue_event).values(**event).returning(issue_event.c.id)
    return int(session.scalars(added).one())


def departments(session: Session) -> Sequence[str]:
    """The departments that handle issues of some category, by name."""
    named = issue_category.c.department
    rows = select(named).where(named.is_not(None)).distinct().order_by(named)
    return [str(name) for name in session.scalars(rows)]


def grid_of(session: Session, public_id: UUID) -> RowMapping:
    """The grid and community in which an issue lies now: code and name of each, or None."""
    query = (
        select(
            *(grid.c.code.label("grid_code"), grid.c.name.label("grid_name")),
            *(_at.community_code, community.c.name.label("community_name"), _at.rule),
        )
        .select_from(issue)
        .outerjoin(grid, grid.c.id == _at.grid_id)
        .outerjoin(community, community.c.code == _at.community_code)
        .where(_at.public_id == public_id)
    )
    return session.execute(query).mappings().one()


def number_by_tracking(session: Session, digest: bytes) -> UUID | None:
    """The random number of the issue with the digest of a tracking code."""
    return session.scalar(select(_at.public_id).where(_at.tracking == digest))


def count_events(session: Session, number: int) -> int:
    """How many steps the history of an issue has."""
    query = select(func.count()).where(issue_event.c.issue_id == number)
    return int(session.scalar(query) or 0)
