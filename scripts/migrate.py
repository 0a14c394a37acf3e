"""Bring the database to the present schema."""

import click

from geodata.db import schema
from scripts import store


@click.command()
def migrate() -> None:
    """Bring the database to the present schema; does nothing where it is."""
    with store.engine() as engine:
        schema.upgrade(engine)
