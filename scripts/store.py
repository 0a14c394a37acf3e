"""The store as commands reach it: started when needed, with the owner's rights."""

from collections.abc import Iterator
from contextlib import contextmanager

import click
from sqlalchemy import Engine, inspect
from sqlalchemy.orm import Session

from geodata.db.engine import make_engine, make_sessions
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

    Raises click.ClickException where the database has no tables yet.
    """
    with engine() as opened, make_sessions(opened)() as one:
        if not inspect(opened).has_table("district"):
            raise click.ClickException(
                "The database is empty: run scripts/serve once, or python -m scripts migrate."
            )
        yield one


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
