"""Connections to PostGIS."""

from sqlalchemy import Engine, create_engine
from sqlalchemy.orm import Session, sessionmaker

from geodata.db import patience

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
        pool_pre_ping=True,
        connect_args={
            "options": WEB_OPTIONS if web else WORK_OPTIONS,
            "connect_timeout": patience.CONNECT_S if web else _LONGER_S,
        },
    )
    if web:
        patience.limit(engine)
    return engine


def make_sessions(engine: Engine) -> sessionmaker[Session]:
    """Sessions on the engine; whoever opens one commits it."""
    return sessionmaker(engine, expire_on_commit=False)


def make_readers(engine: Engine) -> sessionmaker[Session]:
    """Sessions for questions of one statement each, which need no transaction around them.

    A rollback makes the driver forget what it prepared: without one, a question that is asked
    at every turn is planned once a connection.
    """
    return sessionmaker(engine.execution_options(isolation_level="AUTOCOMMIT"))
