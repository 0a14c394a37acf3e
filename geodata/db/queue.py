"""What the tables of background jobs have in common: who is next, how far, and who listens."""

import logging
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

import psycopg
from shapely.errors import GEOSException
from sqlalchemy import (
    ColumnElement,
    Engine,
    RowMapping,
    Table,
    all_,
    any_,
    func,
    literal,
    select,
    text,
    update,
)
from sqlalchemy.exc import DataError, IntegrityError, InternalError, ProgrammingError
from sqlalchemy.orm import Session

_log = logging.getLogger(__name__)

CHANNEL: Final = "wangge_import"
"""What a waiting worker listens to."""

UNFINISHED: Final = ("waiting", "running")

BROKEN: Final = (
    *(ArithmeticError, LookupError, TypeError, ValueError, GEOSException),
    *(DataError, IntegrityError, InternalError, ProgrammingError),
    *(psycopg.DataError, psycopg.IntegrityError, psycopg.InternalError, psycopg.ProgrammingError),
)
"""What a job meets that is wrong itself: doing it again would end the same way.

The driver's own names are there for COPY, which goes past SQLAlchemy.
"""


@dataclass(frozen=True)
class Queue:
    """The jobs of one table, with the columns `shown` of a job to those who ask about it.

    A `holder` is an account that is told only of jobs that it sent in itself.
    """

    table: Table
    shown: Sequence[ColumnElement[Any]]

    def waiting(self, session: Session) -> int | None:
        """The oldest job that is not finished and that nobody is at work on this moment."""
        jobs = self.table.c
        query = select(jobs.id).where(jobs.state.in_(UNFINISHED)).order_by(jobs.id).limit(1)
        return session.scalar(query.with_for_update(skip_locked=True))

    def hold(self, session: Session, number: int, sender: int) -> None:
        """Note who sent a job in, or sent the same one too."""
        held = self.table.c.senders
        more = update(self.table).where(self.table.c.id == number, literal(sender) != all_(held))
        session.execute(more.values(senders=func.array_append(held, sender)))

    def job(self, session: Session, number: int, holder: int | None = None) -> RowMapping | None:
        """A job, without what is large in it."""
        query = select(*self.shown).where(self.table.c.id == number, *self._held(holder))
        return session.execute(query).mappings().first()

    def locked(self, session: Session, number: int) -> RowMapping | None:
        """A job, held until commit: whoever works on it next waits here."""
        query = select(*self.shown).where(self.table.c.id == number)
        return session.execute(query.with_for_update(of=self.table)).mappings().first()

    def content(self, session: Session, number: int) -> bytes:
        """The file that a job was sent with."""
        query = select(self.table.c.content).where(self.table.c.id == number)
        return bytes(session.scalars(query).one())

    def advance(self, session: Session, number: int, values: Mapping[str, Any]) -> None:
        """Write a job's progress."""
        session.execute(update(self.table).where(self.table.c.id == number).values(**values))

    def listing(
        self, session: Session, limit: int, holder: int | None = None
    ) -> Sequence[RowMapping]:
        """The newest jobs first."""
        query = select(*self.shown).where(*self._held(holder))
        newest = query.order_by(self.table.c.id.desc()).limit(limit)
        return session.execute(newest).mappings().all()

    def _held(self, holder: int | None) -> list[ColumnElement[bool]]:
        return [] if holder is None else [literal(holder) == any_(self.table.c.senders)]


def note_broken(kind: str, which: object, broken: BaseException) -> None:
    """Tell the log where a job broke, without what the error quotes: it may be of a person."""
    where = "".join(traceback.format_tb(broken.__traceback__))
    _log.error("%s %s is broken (%s)\n%s", kind, which, type(broken).__name__, where)


def call(session: Session) -> None:
    """Wake the worker, once this is committed."""
    session.execute(text("select pg_notify(:channel, '')"), {"channel": CHANNEL})


def listen(engine: Engine, seconds: float) -> None:
    """Wait until a job is added, at most so long."""
    with engine.connect() as connection:
        driver = cast("psycopg.Connection[Any]", connection.connection.driver_connection)
        driver.autocommit = True
        driver.execute(f"listen {CHANNEL}")
        for _ in driver.notifies(timeout=seconds, stop_after=1):
            pass
        connection.invalidate()
