"""Who joined which issue, by the digest of their code."""

from uuid import UUID

from sqlalchemy import RowMapping, select
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from geodata.db.tables import issue, issue_event, issue_joiner

_of = issue_joiner.c


def add(session: Session, digest: bytes, number: int, event: int) -> bool:
    """Keep that somebody has joined an issue (by id) with an event; False where the code is one."""
    new = postgresql.insert(issue_joiner).values(tracking=digest, issue_id=number, event_id=event)
    once = new.on_conflict_do_nothing(index_elements=["tracking"]).returning(_of.tracking)
    return session.execute(once).first() is not None


def number(session: Session, digest: bytes) -> UUID | None:
    """The random number of the issue that was joined under a code."""
    query = select(issue.c.public_id).join(issue_joiner, _of.issue_id == issue.c.id)
    return session.scalar(query.where(_of.tracking == digest))


def words(session: Session, public_id: UUID, digest: bytes) -> RowMapping | None:
    """What somebody said who joined this issue: at, kind, note; None where nobody did so."""
    query = (
        select(issue_event.c.at, issue_event.c.kind, issue_event.c.note)
        .join(issue_joiner, _of.event_id == issue_event.c.id)
        .join(issue, issue.c.id == _of.issue_id)
        .where(_of.tracking == digest, issue.c.public_id == public_id)
    )
    return session.execute(query).mappings().first()
