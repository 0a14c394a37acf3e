"""The worker that `scripts/serve` runs beside the web: imports that were uploaded."""

import click

from geodata.db.engine import make_sessions
from geodata.services import imports
from scripts import store

PAUSE_S = 1.0


@click.command()
@click.option("--once", is_flag=True, help="Finish what waits, then stop.")
def worker(*, once: bool) -> None:
    """Work off uploaded files; an import that was cut off goes on where it stopped."""
    with store.engine() as engine:
        sessions = make_sessions(engine)
        while True:
            worked = imports.work(sessions)
            if once and not worked:
                return
            if not worked:
                imports.wait(engine, PAUSE_S)
