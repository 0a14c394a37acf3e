"""The job of a file: what it is, and how far."""

from typing import Final

from sqlalchemy import RowMapping
from sqlalchemy.orm import Session

from geodata.db import loads
from geodata.errors import NotFound

OVER: Final = ("asked", "checked", "done", "failed")
"""The states in which a job waits for nobody but people."""


def one(session: Session, number: int, holder: int | None = None) -> RowMapping:
    """A job, of the account `holder` where one is told. Raises NotFound ``no_load`` (job)."""
    return _there(loads.job(session, number, holder), number)


def held(session: Session, number: int) -> RowMapping:
    """A job, held until commit. Raises NotFound ``no_load`` (job)."""
    return _there(loads.locked(session, number), number)


def _there(found: RowMapping | None, number: int) -> RowMapping:
    if found is None:
        raise NotFound("no_load", job=number)
    return found
