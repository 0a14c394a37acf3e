"""The worker that `scripts/serve` runs beside the web: tickets and layers that were uploaded."""

import time
from datetime import UTC, datetime

import click
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, sessionmaker

from geodata.db import imports as queue
from geodata.db import loads as layer_queue
from geodata.db.engine import make_sessions
from geodata.services import audit, contacts, deeds, geocoding, imports, loads, own_sessions
from geodata.services.audit import Who
from scripts import store
from webmap.config import contact_days

PAUSE_S = 5.0
FORGET_S = 3600.0
WORKER = Who("worker")


@click.command()
@click.option("--once", is_flag=True, help="Finish what waits, then stop.")
def worker(*, once: bool) -> None:
    """Work off uploaded files; an import that was cut off goes on where it stopped."""
    with store.engine() as engine:
        sessions = make_sessions(engine)
        forgotten = -FORGET_S
        while True:
            try:
                if time.monotonic() - forgotten > FORGET_S:
                    _forget(sessions)
                    forgotten = time.monotonic()
                worked = _next(sessions) or _next_layer(sessions)
                if once and not worked:
                    return
                if not worked:
                    queue.listen(engine, PAUSE_S)
            except OperationalError as gone:
                click.echo(f"The database does not answer ({type(gone.orig).__name__}); waiting.")
                time.sleep(PAUSE_S)


def _forget(sessions: sessionmaker[Session]) -> None:
    """Forget the contacts and the sessions whose time is over."""
    with sessions() as session:
        now = datetime.now(UTC)
        gone = contacts.forget(session, now, contact_days(), WORKER)
        own_sessions.forget(session, now)
        session.commit()
    if gone.issues or gone.refused:
        click.echo(f"{gone.issues + gone.refused} contacts were forgotten.")


def _next(sessions: sessionmaker[Session]) -> bool:
    """Work off the oldest job that waits; whether there was one."""
    with sessions() as session:
        number = queue.waiting(session)
        if number is None:
            return False
        session.rollback()  # let go of the job: each batch takes it anew
        for _ in imports.run(session, number, geocoding.Locator.of(session), store.sealer()):
            session.commit()
        audit.record(session, WORKER, deeds.import_ended(session, number))
        session.commit()
        click.echo(f"Import {number} is {imports.one(session, number)['state']}.")
    return True


def _next_layer(sessions: sessionmaker[Session]) -> bool:
    """Work off the oldest layer or list that waits; whether there was one."""
    with sessions() as session:
        number = layer_queue.waiting(session)
        if number is None:
            return False
        session.rollback()
        for _ in loads.run(session, number):
            session.commit()
        audit.record(session, WORKER, deeds.load_ended(session, number))
        session.commit()
        click.echo(f"Load {number} is {loads.one(session, number)['state']}.")
    return True
