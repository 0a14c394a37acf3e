"""The store as commands reach it: started when needed, with the owner's rights."""

import os
import pwd
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import click
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from geodata.db import schema
from geodata.db.engine import make_engine, make_sessions
from geodata.domain.deadline import Calendar
from geodata.files import calendars
from geodata.services import audit
from geodata.services.audit import Deed, Who
from geodata.services.sealing import Sealer
from scripts.setup import cluster, settings
from webmap.config import with_driver


@contextmanager
def engine() -> Iterator[Engine]:
    """Connections to the database of the settings, else to the private cluster."""
    _refuse_to_make()
    opened = make_engine(with_driver(cluster.database_url()), web=False)
    try:
        yield opened
    finally:
        opened.dispose()


@contextmanager
def session() -> Iterator[Session]:
    """One session; the command that opened it commits.

    Raises click.ClickException where the database has no tables yet, or those of another version.
    """
    with engine() as opened, make_sessions(opened)() as one:
        _refuse_other(schema.present(opened), schema.newest())
        yield one


def _refuse_other(present: str | None, wanted: str) -> None:
    """Raises click.ClickException where a database does not stand where this program wants it."""
    if present is None:
        problem = "is empty: run scripts/serve once, or python -m scripts migrate"
    elif present < wanted:
        problem = f"is of an older version ({present}, not {wanted}): run python -m scripts migrate"
    elif present > wanted:
        problem = f"is of a newer version ({present}, not {wanted}): update this program first"
    else:
        return
    raise click.ClickException(f"The database {problem}.")


def make() -> None:
    """Make the store of the settings with its tables, where there is none or one without tables."""
    opened = make_engine(with_driver(cluster.database_url()), web=False)
    schema.upgrade(opened)
    opened.dispose()


def operator() -> Who:
    """Who runs this command, for the audit trail: the account of the machine."""
    name = str(os.getuid())
    with suppress(KeyError):
        name = pwd.getpwuid(os.getuid()).pw_name
    return Who(f"command:{name}")


def commit(session: Session, deed: Deed) -> None:
    """Enter in the audit trail what this command did, and commit it with all the rest."""
    audit.record(session, operator(), deed)
    session.commit()


def sealer() -> Sealer:
    """Seals contacts with the key of the settings, else with that of the state."""
    return Sealer(settings.field_key(settings.make_state(settings.read().state)))


def calendar() -> Calendar:
    """On which days people work, by the settings or as it comes with us."""
    path = os.environ.get("WANGGE_CALENDAR", "")
    return calendars.read(Path(path) if path else calendars.OWN)


def _refuse_to_make() -> None:
    """Nothing, if there is a store: only `scripts/serve` and `scripts/test` make one.

    Raises click.ClickException where there is none, so that a mistyped folder is not filled.
    """
    found = settings.read()
    made = found.state / "cluster" / "data" / "PG_VERSION"
    if found.database_url is None and not made.exists():
        raise click.ClickException(
            f"There is no store in {found.state}: run scripts/serve once, or name the folder"
            " it used in WANGGE_STATE."
        )
