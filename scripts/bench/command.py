"""`python -m scripts bench`."""

import importlib
import importlib.util
import json
from collections.abc import Callable
from typing import Final

import click
from sqlalchemy.orm import Session

from scripts import store
from scripts.bench.figures import Table
from scripts.setup.errors import SetupError

BENCHES: Final = (
    *("adopt", "assignment", "cover", "coverage", "desk", "geocoding", "issues", "lift", "map"),
    *("paint", "plans", "publish", "redraw", "suggest", "tiles"),
)
BROWSER: Final = ("map", "paint")
APART: Final = ("adopt", "desk", "geocoding", "redraw", "suggest")
"""Benches that need no store."""


@click.command()
@click.argument("name", type=click.Choice(BENCHES))
@click.option("--count", default=20_000, show_default=True, type=click.IntRange(100))
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def bench(*, name: str, count: int, as_json: bool) -> None:
    """Measure one job against a peer or an earlier way, on the district that is loaded.

    COUNT is of places, inserts, issues, requests, or of buildings on the page compared with.
    """
    if name in BROWSER and importlib.util.find_spec("playwright") is None:
        raise click.ClickException(
            "This bench drives a browser: install tests/requirements.txt, as scripts/test does."
        )
    # By name, so that the other benches and commands run without what only one of them needs.
    run = importlib.import_module(f"scripts.bench.{name}").run
    try:
        table: Table = run(count) if name in APART else _stored(run, count)
    except SetupError as refused:
        raise click.ClickException(str(refused)) from refused
    click.echo(json.dumps(table.plain(), ensure_ascii=False) if as_json else table.text())


def _stored(run: Callable[[Session, int], Table], count: int) -> Table:
    with store.session() as session:
        table = run(session, count)
        session.rollback()
    return table
