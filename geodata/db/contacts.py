"""Sealed contacts: kept, asked for, sealed anew, forgotten."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, delete, select, update
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from geodata.db import scoping
from geodata.db.scoping import Ground
from geodata.db.tables import contact, import_job, issue, refused_row


def keep(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Keep contacts; an issue that has one already keeps that."""
    if rows:
        session.execute(postgresql.insert(contact).on_conflict_do_nothing(), list(rows))


def issue_number(session: Session, public_id: UUID) -> int:
    """The number of an issue that is there."""
    return int(session.scalars(select(issue.c.id).where(issue.c.public_id == public_id)).one())


def is_there(session: Session, public_id: UUID, ground: Ground) -> bool:
    """Whether there is such an issue on the ground."""
    query = select(issue.c.id).where(issue.c.public_id == public_id, scoping.issues(ground))
    return session.execute(query).first() is not None


def of_issue(session: Session, public_id: UUID) -> RowMapping | None:
    """The sealed contact of an issue, with the issue's number; None if it has none."""
    query = select(contact).join(issue, issue.c.id == contact.c.issue_id)
    return session.execute(query.where(issue.c.public_id == public_id)).mappings().first()


def sealed_otherwise(session: Session, key_id: str, limit: int) -> Sequence[RowMapping]:
    """Contacts sealed with another key, held until commit."""
    query = select(contact).where(contact.c.key_id != key_id).limit(limit)
    return session.execute(query.with_for_update()).mappings().all()


def reseal(session: Session, number: int, key_id: str, sealed: bytes) -> None:
    """Write a contact as sealed with another key."""
    changed = update(contact).where(contact.c.issue_id == number)
    session.execute(changed.values(key_id=key_id, sealed=sealed))


def refused_otherwise(session: Session, key_id: str, limit: int) -> Sequence[RowMapping]:
    """Contacts of refused rows sealed with another key, held until commit."""
    query = select(refused_row).where(refused_row.c.key_id != key_id).limit(limit)
    return session.execute(query.with_for_update()).mappings().all()


def reseal_refused(session: Session, number: int, key_id: str, sealed: bytes) -> None:
    """Write a refused row's contact as sealed with another key."""
    changed = update(refused_row).where(refused_row.c.id == number)
    session.execute(changed.values(key_id=key_id, sealed=sealed))


def forget(session: Session, before: datetime) -> int:
    """Delete the contacts of issues that were closed before; how many."""
    old = select(issue.c.id).where(~issue.c.is_open, issue.c.closed_at < before)
    gone = session.execute(
        delete(contact).where(contact.c.issue_id.in_(old)).returning(contact.c.issue_id)
    )
    return len(gone.all())


def forget_refused(session: Session, before: datetime) -> int:
    """Take the contacts from refused rows of imports that ended before; how many."""
    old = select(import_job.c.id).where(import_job.c.finished_at < before)
    emptied = (
        update(refused_row)
        .where(refused_row.c.sealed.is_not(None), refused_row.c.job_id.in_(old))
        .values(key_id=None, sealed=None)
        .returning(refused_row.c.id)
    )
    return len(session.execute(emptied).all())
