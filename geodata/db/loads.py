"""Layers and lists on their way in: the job, its staged rows, and the report about them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    RowMapping,
    all_,
    any_,
    delete,
    func,
    insert,
    literal,
    select,
    text,
    update,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from geodata.db.imports import CHANNEL
from geodata.db.tables import load_job, load_note, load_row

_GRADES: Final = tuple(
    select(func.count())
    .where(load_note.c.job_id == load_job.c.id, load_note.c.grade == grade)
    .scalar_subquery()
    .label(grade)
    for grade in ("refused", "flagged", "repaired")
)
_SHOWN: Final = (*(c for c in load_job.c if c.name != "content"), *_GRADES)
_KEY: Final = ("sha256", "kind", "options")


def find(session: Session, row: Mapping[str, Any]) -> RowMapping | None:
    """The job of the same bytes, kind and options, held until commit."""
    same = (load_job.c[key] == row[key] for key in _KEY)
    query = select(*_SHOWN).where(*same).with_for_update(of=load_job)
    return session.execute(query).mappings().first()


def add(session: Session, row: Mapping[str, Any]) -> int | None:
    """The id of a new job, or None where another one of the same key came first."""
    new = postgresql.insert(load_job).values(**row).on_conflict_do_nothing(index_elements=_KEY)
    number = session.scalar(new.returning(load_job.c.id))
    return None if number is None else int(number)


def call(session: Session) -> None:
    """Wake the worker, once this is committed."""
    session.execute(text("select pg_notify(:channel, '')"), {"channel": CHANNEL})


def waiting(session: Session) -> int | None:
    """The oldest job that is not finished and that nobody is at work on this moment."""
    unfinished = load_job.c.state.in_(("waiting", "running"))
    query = select(load_job.c.id).where(unfinished).order_by(load_job.c.id).limit(1)
    return session.scalar(query.with_for_update(skip_locked=True))


def hold(session: Session, number: int, sender: int) -> None:
    """Note who sent a file in, or sent the same one too."""
    held = load_job.c.senders
    more = update(load_job).where(load_job.c.id == number, literal(sender) != all_(held))
    session.execute(more.values(senders=func.array_append(held, sender)))


def _held(holder: int | None) -> list[ColumnElement[bool]]:
    return [] if holder is None else [literal(holder) == any_(load_job.c.senders)]


def job(session: Session, number: int, holder: int | None = None) -> RowMapping | None:
    """A job without its content; only if the account `holder` sent it in, where one is told."""
    query = select(*_SHOWN).where(load_job.c.id == number, *_held(holder))
    return session.execute(query).mappings().first()


def locked(session: Session, number: int) -> RowMapping | None:
    """A job, held until commit."""
    query = select(*_SHOWN).where(load_job.c.id == number).with_for_update(of=load_job)
    return session.execute(query).mappings().first()


def content(session: Session, number: int) -> bytes:
    """The file of a job."""
    return bytes(session.scalars(select(load_job.c.content).where(load_job.c.id == number)).one())


def advance(session: Session, number: int, values: Mapping[str, Any]) -> None:
    """Write a job's progress."""
    session.execute(update(load_job).where(load_job.c.id == number).values(**values))


def listing(session: Session, limit: int, holder: int | None = None) -> Sequence[RowMapping]:
    """The newest jobs first; only those of an account, where one is told."""
    query = select(*_SHOWN).where(*_held(holder)).order_by(load_job.c.id.desc()).limit(limit)
    return session.execute(query).mappings().all()


def stage(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Keep rows as they came."""
    if rows:
        session.execute(insert(load_row), list(rows))


def staged(session: Session, number: int, after: int = 0, limit: int | None = None) -> list[Any]:
    """The staged rows of a job behind a row number, in the file's order."""
    query = select(load_row).where(load_row.c.job_id == number, load_row.c.row > after)
    return list(session.execute(query.order_by(load_row.c.row).limit(limit)).mappings())


def count(session: Session, number: int) -> int:
    """How many rows are staged."""
    query = select(func.count()).where(load_row.c.job_id == number)
    return int(session.scalar(query) or 0)


def last_row(session: Session, number: int) -> int:
    """The highest row number that is staged, 0 for none."""
    query = select(func.coalesce(func.max(load_row.c.row), 0)).where(load_row.c.job_id == number)
    return int(session.scalar(query) or 0)


def sample(session: Session, number: int, most: int) -> Sequence[RowMapping]:
    """At most so many staged rows that have a shape, evenly chosen: cells and shape."""
    shaped = (load_row.c.job_id == number, load_row.c.shape.is_not(None))
    count = session.scalar(select(func.count()).where(*shaped)) or 0
    step = max(1, -(-count // most))
    nth = func.row_number().over(order_by=load_row.c.row).label("nth")
    ranked = select(load_row.c.cells, load_row.c.shape, nth).where(*shaped).subquery()
    query = select(ranked.c.cells, ranked.c.shape).where(ranked.c.nth % step == 0)
    return session.execute(query).mappings().all()


def unstage(session: Session, number: int) -> None:
    """Forget the staged rows and the report of a job."""
    session.execute(delete(load_row).where(load_row.c.job_id == number))
    forget(session, number)


def forget(session: Session, number: int) -> None:
    """Forget the report of a job, before it is made anew."""
    session.execute(delete(load_note).where(load_note.c.job_id == number))


def note(session: Session, rows: Iterable[Mapping[str, Any]]) -> None:
    """Add to the report of a job."""
    kept = list(rows)
    if kept:
        session.execute(insert(load_note), kept)


def notes(session: Session, number: int, limit: int | None = None) -> Sequence[RowMapping]:
    """The report of a job, what was refused first, then in the file's order."""
    grade = func.array_position(
        postgresql.array(["refused", "repaired", "flagged"]), load_note.c.grade
    )
    query = (
        select(load_note, load_row.c.cells)
        .outerjoin(
            load_row,
            (load_row.c.job_id == load_note.c.job_id) & (load_row.c.row == load_note.c.row),
        )
        .where(load_note.c.job_id == number)
        .order_by(grade, load_note.c.row, load_note.c.id)
        .limit(limit)
    )
    return session.execute(query).mappings().all()
