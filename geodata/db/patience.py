"""Connections that give up a silent server.

A statement's timeout is the server's to keep, and a unix socket knows no timeout of the network.
"""

from typing import Any, Final, TypeVar

import psycopg
from psycopg.abc import PQGen
from psycopg.pq import TransactionStatus
from sqlalchemy import Engine, event, text
from sqlalchemy.orm import Session

CONNECT_S: Final = 2
GREET_S: Final = 1.0
"""For the question whether a connection from the pool still answers; else a new one is made."""
ANSWER_S: Final = 9.5
"""For everything else: a little more than the server allows itself for a statement of the web."""

_T = TypeVar("_T")


class Patient(psycopg.Connection[Any]):
    """A connection that is closed when the server says nothing for `patience` seconds."""

    patience: float = ANSWER_S

    def wait(self, gen: PQGen[_T], interval: float = 0.1, timeout: float | None = None) -> _T:
        """What the server answers, as `psycopg.Connection.wait`.

        Raises psycopg.OperationalError where it does not answer in time.
        """
        try:
            return super().wait(gen, interval, self.patience if timeout is None else timeout)
        except psycopg.OperationalError:
            if self.pgconn.transaction_status == TransactionStatus.ACTIVE:
                self.pgconn.finish()  # what still comes would answer the next question
            raise


def limit(engine: Engine) -> None:
    """Let the engine's connections be patient ones, and short with one that lay in the pool."""

    @event.listens_for(engine, "do_connect")
    def _connect(_dialect: object, _record: object, words: list[Any], names: dict[str, Any]) -> Any:
        return Patient.connect(*words, **names)

    @event.listens_for(engine, "checkin")
    def _laid_by(connection: object, _record: object) -> None:
        if isinstance(connection, Patient):
            connection.patience = GREET_S

    @event.listens_for(engine, "checkout")
    def _taken(connection: object, _record: object, _proxy: object) -> None:
        if isinstance(connection, Patient):
            connection.patience = ANSWER_S


def allow_thinking(session: Session, minutes: int) -> None:
    """Let this transaction ask nothing for some minutes, while something long is computed."""
    wish = text("select set_config('idle_in_transaction_session_timeout', :lasts, true)")
    session.execute(wish, {"lasts": f"{minutes}min"})
