"""Bring the database to the present schema."""

import os

import click
from sqlalchemy import Engine, make_url

from geodata.db import grants, schema
from scripts import store
from webmap.config import with_driver


@click.command()
def migrate() -> None:
    """Bring the database to the present schema; does nothing where it is.

    The role of WANGGE_WEB_DATABASE_URL gets what the web needs, and no more.
    """
    with store.engine() as engine:
        schema.upgrade(engine)
        if url := os.environ.get("WANGGE_WEB_DATABASE_URL"):
            _grant(engine, url)


def _grant(engine: Engine, url: str) -> None:
    web = make_url(with_driver(url))
    if not web.username or web.username == engine.url.username:
        raise click.ClickException("WANGGE_WEB_DATABASE_URL must name a role of its own.")
    with engine.begin() as connection:
        if not grants.exists(connection, web.username):
            if web.password:
                raise click.ClickException(
                    f"There is no role {web.username}: make it in PostgreSQL, with its password."
                )
            grants.create(connection, web.username)
    grants.grant(engine, web.username)
