"""Files on their way out: their jobs, and the made files in parts."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from sqlalchemy import delete, func, insert, select, text, update
from sqlalchemy.orm import Session

from geodata.db.queue import UNFINISHED, Queue
from geodata.db.tables import export_job, export_part

_QUEUE: Final = Queue(export_job, tuple(export_job.c))
job, locked, advance, listing = _QUEUE.job, _QUEUE.locked, _QUEUE.advance, _QUEUE.listing

_MINE: Final = text("select pg_try_advisory_xact_lock(20264, :number)")


def add(session: Session, values: dict[str, Any]) -> int:
    """The id of a new job."""
    new = insert(export_job).values(**values).returning(export_job.c.id)
    return int(session.scalars(new).one())


def unfinished(session: Session) -> int:
    """How many jobs wait or are at work."""
    jobs = select(func.count()).where(export_job.c.state.in_(UNFINISHED))
    return int(session.scalar(jobs) or 0)


def taken(session: Session) -> int | None:
    """The oldest unfinished job that no other session has, which is this one's until commit."""
    query = select(export_job.c.id).where(export_job.c.state.in_(UNFINISHED))
    for number in session.scalars(query.order_by(export_job.c.id)).all():
        if session.scalar(_MINE, {"number": number}):
            return int(number)
    return None


def keep(session: Session, number: int, part: int, content: bytes) -> None:
    """Keep one part of a made file."""
    values = {"job_id": number, "number": part, "content": content}
    session.execute(insert(export_part), values)


def parts(session: Session, number: int) -> Iterator[bytes]:
    """The parts of a made file in order, one at a time in memory."""
    for part in range(count(session, number)):
        query = select(export_part.c.content).where(
            export_part.c.job_id == number, export_part.c.number == part
        )
        yield bytes(session.scalars(query).one())


def count(session: Session, number: int) -> int:
    """How many parts a file has; 0 where it is gone."""
    query = select(func.count()).where(export_part.c.job_id == number)
    return int(session.scalar(query) or 0)


def drop(session: Session, number: int) -> None:
    """Let go of the file of a job."""
    session.execute(delete(export_part).where(export_part.c.job_id == number))


def expire(session: Session, now: datetime, most_bytes: int) -> list[int]:
    """Let go of files whose time is over, and of the oldest beyond so many bytes; which ones."""
    query = select(export_job.c.id, export_job.c.size, export_job.c.expires_at)
    done = query.where(export_job.c.state == "done").order_by(export_job.c.id.desc())
    kept, gone = 0, []
    for job in session.execute(done).mappings().all():
        kept += job["size"]
        if job["expires_at"] <= now or kept > most_bytes:
            gone.append(int(job["id"]))
            drop(session, gone[-1])
    session.execute(update(export_job).where(export_job.c.id.in_(gone)).values(state="expired"))
    return gone
