"""Connections to PostGIS."""

import select
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, LiteralString, cast

import psycopg
from psycopg import Error
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError, DisconnectionError
from sqlalchemy.orm import Session, sessionmaker

from geodata.db import patience

_USED = "wangge_used"
_DOUBTFUL_AFTER_S = 0.1
WEB_OPTIONS = (
    "-c statement_timeout=8000 -c lock_timeout=4000"
    " -c idle_in_transaction_session_timeout=15000 -c timezone=UTC -c random_page_cost=1.1"
)
WORK_OPTIONS = "-c lock_timeout=60000 -c timezone=UTC -c random_page_cost=1.1"
"""Plans are made for disks without a moving head, as in the private cluster, on any server."""
_LONGER_S = 10


def make_engine(url: str, *, web: bool = True, pool_size: int = 8) -> Engine:
    """An engine for `url`.

    `web` bounds the time of each statement, lock and idle transaction, and the wait for a server
    that says nothing.
    """
    engine = create_engine(
        url,
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=4,
        hide_parameters=True,  # or a failing statement would put them into the log
        connect_args={
            "options": WEB_OPTIONS if web else WORK_OPTIONS,
            "connect_timeout": patience.CONNECT_S if web else _LONGER_S,
        },
    )
    event.listen(engine, "checkin", _note_use)
    event.listen(engine, "checkout", _make_sure)
    if web:
        patience.limit(engine)  # after the question, which is to be a short one
    return engine


def _note_use(connection: Any, record: Any) -> None:
    del connection
    record.info[_USED] = time.monotonic()


def _make_sure(connection: Any, record: Any, proxy: Any) -> None:
    """Ask the server only where there is doubt: to ask at every turn doubles the turns.

    A server that has ended a connection has said so, which waits to be read.
    Raises DisconnectionError where it is cut, and the pool makes another.
    """
    del proxy
    idle_s = time.monotonic() - record.info.get(_USED, time.monotonic())
    try:
        if idle_s < _DOUBTFUL_AFTER_S and not _has_heard(connection):
            return
        connection.execute("select")
        connection.rollback()
    except Error as cut:
        raise DisconnectionError from cut


def _has_heard(connection: Any) -> bool:
    ear = select.poll()
    ear.register(connection.fileno(), select.POLLIN)
    return bool(ear.poll(0))


def make_sessions(engine: Engine) -> sessionmaker[Session]:
    """Sessions on the engine; whoever opens one commits it."""
    return sessionmaker(engine, expire_on_commit=False)


def make_readers(engine: Engine) -> sessionmaker[Session]:
    """Sessions for questions of one statement each, which need no transaction around them.

    A rollback makes the driver forget what it prepared: without one, a question that is asked
    at every turn is planned once a connection.
    """
    return sessionmaker(engine.execution_options(isolation_level="AUTOCOMMIT"))


def straight(bound: Engine | Connection, question: LiteralString, given: Mapping[str, Any]) -> Any:
    """The first value that one statement answers, asked of the driver itself.

    For the question that is asked most of all: what SQLAlchemy does for each costs more than twice
    what the driver does. The statement is prepared, and stands alone without a transaction; on a
    connection whose transaction is somebody's it is asked within that.

    Raises DBAPIError as SQLAlchemy does.
    """
    try:
        with _line(bound) as line:
            row = line.cursor(binary=True).execute(question, given, prepare=True).fetchone()
    except Error as refused:  # the pool's own, too, where no connection can be made
        raise DBAPIError.instance(
            question, None, refused, Error, hide_parameters=True, dialect=bound.dialect
        ) from refused
    return row[0] if row else None


@contextmanager
def _line(bound: Engine | Connection) -> Iterator[psycopg.Connection[Any]]:
    if isinstance(bound, Connection):
        yield cast("psycopg.Connection[Any]", bound.connection.driver_connection)
        return
    held = bound.raw_connection()
    line = cast("psycopg.Connection[Any]", held.driver_connection)
    line.autocommit = True  # a mark of the driver's alone, which the server is not told of
    try:
        yield line
    finally:
        if line.closed:
            held.invalidate()
        else:
            line.autocommit = False
        held.close()
