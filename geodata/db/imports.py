"""Files on their way in: the job, its progress, and the rows that were refused."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, cast

import psycopg
from sqlalchemy import (
    ColumnElement,
    Engine,
    RowMapping,
    all_,
    any_,
    func,
    literal,
    select,
    text,
    update,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from geodata.db.tables import import_job, refused_row

CHANNEL: Final = "wangge_import"
"""What a waiting worker listens to."""

_SETTLE: Final = text("""
    update refused_row set corrected_at = now(), key_id = null, sealed = null
    from import_job
    where import_job.id = refused_row.job_id and import_job.channel = :channel
        and refused_row.corrected_at is null and refused_row.code <> 'ticket_twice'
        and refused_row.raw ->> (import_job.columns -> 'recognised' ->> 'ticket')
            = any(cast(:tickets as text[]))
""")

_WAITING_ROWS: Final = (
    select(func.count())
    .where(refused_row.c.job_id == import_job.c.id, refused_row.c.corrected_at.is_(None))
    .scalar_subquery()
    .label("refused")
)
_SHOWN: Final = (*(c for c in import_job.c if c.name != "content"), _WAITING_ROWS)


def add(session: Session, row: Mapping[str, Any]) -> tuple[int, bool]:
    """The id of the job for a file, and whether there is work: the same bytes are the same job.

    One that failed as a whole is tried again.
    """
    new = postgresql.insert(import_job).values(**row)
    again = new.on_conflict_do_update(
        index_elements=["sha256", "channel", "datum"],
        set_={"state": "waiting", "content": new.excluded.content, "error": None},
        where=import_job.c.state == "failed",
    )
    number = session.scalar(again.returning(import_job.c.id))
    if number is not None:
        _hold(session, int(number), row.get("senders", ()))
        session.execute(text("select pg_notify(:channel, '')"), {"channel": CHANNEL})
        return int(number), True
    same = (import_job.c[key] == row[key] for key in ("sha256", "channel", "datum"))
    known = int(session.scalars(select(import_job.c.id).where(*same)).one())
    _hold(session, known, row.get("senders", ()))
    return known, False


def _hold(session: Session, number: int, senders: Sequence[int]) -> None:
    """Note who sent the same file in too."""
    for sender in senders:
        held = import_job.c.senders
        more = update(import_job).where(import_job.c.id == number, literal(sender) != all_(held))
        session.execute(more.values(senders=func.array_append(held, sender)))


def waiting(session: Session) -> int | None:
    """The oldest job that is not finished and that nobody is at work on this moment."""
    unfinished = import_job.c.state.in_(("waiting", "running"))
    query = select(import_job.c.id).where(unfinished).order_by(import_job.c.id).limit(1)
    return session.scalar(query.with_for_update(skip_locked=True))


def job(session: Session, number: int, holder: int | None = None) -> RowMapping | None:
    """A job without its content; only if the account `holder` sent it in, where one is told."""
    query = select(*_SHOWN).where(import_job.c.id == number, *_held(holder))
    return session.execute(query).mappings().first()


def _held(holder: int | None) -> list[ColumnElement[bool]]:
    return [] if holder is None else [literal(holder) == any_(import_job.c.senders)]


def content(session: Session, number: int) -> bytes:
    """The file of a job."""
    return bytes(
        session.scalars(select(import_job.c.content).where(import_job.c.id == number)).one()
    )


def locked(session: Session, number: int) -> RowMapping | None:
    """A job, held until commit: whoever works on the next batch waits here for the last one."""
    query = select(*_SHOWN).where(import_job.c.id == number).with_for_update(of=import_job)
    return session.execute(query).mappings().first()


def advance(session: Session, number: int, values: Mapping[str, Any]) -> None:
    """Write a job's progress."""
    session.execute(update(import_job).where(import_job.c.id == number).values(**values))


def listing(session: Session, limit: int, holder: int | None = None) -> Sequence[RowMapping]:
    """The newest jobs first; only those of an account, where one is told."""
    query = select(*_SHOWN).where(*_held(holder)).order_by(import_job.c.id.desc()).limit(limit)
    return session.execute(query).mappings().all()


def refuse(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Keep refused rows for correction; one refused again keeps its latest reason."""
    if not rows:
        return
    new = postgresql.insert(refused_row)
    again = {
        name: new.excluded[name] for name in ("column", "code", "facts", "raw", "key_id", "sealed")
    }
    session.execute(
        new.on_conflict_do_update(index_elements=["job_id", "row"], set_=again), list(rows)
    )


def refused(session: Session, number: int, limit: int | None = None) -> Sequence[RowMapping]:
    """The refused rows of a job that were not corrected yet, in the file's order."""
    query = (
        select(refused_row)
        .where(refused_row.c.job_id == number, refused_row.c.corrected_at.is_(None))
        .order_by(refused_row.c.row)
        .limit(limit)
    )
    return session.execute(query).mappings().all()


def refused_one(session: Session, number: int, row: int) -> RowMapping | None:
    """One refused row, held until commit; None where there is none or it was corrected."""
    query = select(refused_row).where(
        refused_row.c.job_id == number,
        refused_row.c.row == row,
        refused_row.c.corrected_at.is_(None),
    )
    return session.execute(query.with_for_update()).mappings().first()


def corrected(session: Session, number: int, row: int) -> None:
    """Mark a refused row as taken after its correction."""
    where = (refused_row.c.job_id == number, refused_row.c.row == row)
    session.execute(
        update(refused_row).where(*where).values(corrected_at=func.now(), key_id=None, sealed=None)
    )


def listen(engine: Engine, seconds: float) -> None:
    """Wait until a job is added, at most so long."""
    with engine.connect() as connection:
        driver = cast("psycopg.Connection[Any]", connection.connection.driver_connection)
        driver.autocommit = True
        driver.execute(f"listen {CHANNEL}")
        for _ in driver.notifies(timeout=seconds, stop_after=1):
            pass
        connection.invalidate()


def settle(session: Session, channel: str, tickets: Sequence[str]) -> None:
    """Strike refused rows whose ticket came in with another file of the channel meanwhile."""
    if tickets:
        session.execute(_SETTLE, {"channel": channel, "tickets": list(tickets)})
