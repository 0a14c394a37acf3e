"""Photos: what is known of them; the pictures themselves are files."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, delete, func, insert, select, update
from sqlalchemy.orm import Session

from geodata.db.tables import grid, issue, photo

_at = photo.c


def add(session: Session, row: Mapping[str, Any]) -> UUID:
    """Store a photo that belongs to no issue yet; gives its random number."""
    new = insert(photo).values(**row).returning(_at.public_id)
    return UUID(str(session.execute(new).scalar_one()))


def attach(session: Session, number: int, kinds: Mapping[UUID, str]) -> int:
    """Give an issue the photos that belong to none yet, each with its kind; how many there were."""
    count = 0
    for public_id, kind in kinds.items():
        free = (_at.public_id == public_id) & _at.issue_id.is_(None)
        given = update(photo).where(free).values(issue_id=number, kind=kind).returning(_at.id)
        count += len(session.execute(given).all())
    return count


def one(session: Session, public_id: UUID) -> RowMapping | None:
    """A photo that an issue has, with where the issue lies."""
    query = (
        select(
            *(_at.digest, issue.c.community_code, grid.c.code.label("grid_code")),
            *(issue.c.tracking, issue.c.handler),
        )
        .join(issue, issue.c.id == _at.issue_id)
        .outerjoin(grid, grid.c.id == issue.c.grid_id)
        .where(_at.public_id == public_id)
    )
    return session.execute(query).mappings().first()


def of_reporter(session: Session, public_id: UUID) -> Sequence[RowMapping]:
    """The photos of an issue: public_id, kind, width, height, digest."""
    query = (
        select(_at.public_id, _at.kind, _at.width, _at.height, _at.digest)
        .join(issue, issue.c.id == _at.issue_id)
        .where(issue.c.public_id == public_id)
    )
    return session.execute(query.order_by(_at.id)).mappings().all()


def forget(session: Session, before: datetime) -> list[str]:
    """Forget photos that never came to an issue; gives the digests that nothing names any more."""
    old = (_at.issue_id.is_(None)) & (_at.created_at < before)
    gone = set(session.scalars(delete(photo).where(old).returning(_at.digest)))
    if not gone:
        return []
    still = set(session.scalars(select(_at.digest).where(_at.digest == func.any(sorted(gone)))))
    return sorted(gone - still)
