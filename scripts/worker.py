"""The worker that `scripts/serve` runs beside the web: files in and out, plans, suggestions."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread
from zoneinfo import ZoneInfo

import click
import psycopg
from shapely.errors import ShapelyError
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from geodata.db import imports as tickets
from geodata.db import loads as layers
from geodata.db.engine import make_sessions
from geodata.db.queue import BROKEN, listen, note_broken
from geodata.domain.coverage import gaps
from geodata.errors import WanggeError
from geodata.files import media as files
from geodata.services import (
    audit,
    contacts,
    coverage,
    coverage_figures,
    coverage_history,
    coverage_reports,
    deeds,
    export_jobs,
    geocoding,
    imports,
    issue_days,
    loads,
    moves,
    own_sessions,
    photos,
    redraw_schedule,
    suggestion_jobs,
)
from geodata.services.audit import Deed, Who
from scripts import store
from webmap.config import contact_days, font, media, timezone

PAUSE_S = 5.0
REST_S = 60.0
FORGET_S = 3600.0
KEEP_S = 300.0
WORKER = Who("system:worker")
_MET = (
    *(*BROKEN, WanggeError, ShapelyError, SQLAlchemyError, psycopg.Error),
    *(AssertionError, AttributeError, MemoryError, OSError, RuntimeError),
)
"""All that a job is known to be able to meet."""
Next = Callable[[sessionmaker[Session]], bool]


@click.command()
@click.option("--once", is_flag=True, help="Finish what waits, then stop.")
def worker(*, once: bool) -> None:
    """Work off uploaded files and large exports; what was cut off goes on or is begun anew.

    What leaves does not wait for what comes in, nor plans whose day has come for either, nor
    anybody for suggestions: each has a lane of its own, which no broken job ends.
    """
    with store.engine() as engine:
        lanes = ((_next_plan, _next_pause), (_next_export, _next_report), (_next_suggestion,))
        beside = [Thread(target=_lane, args=(engine, lane, once), daemon=True) for lane in lanes]
        for lane in beside:
            lane.start()
        _lane(engine, (_Forgetting(), _Keeping(ZoneInfo(timezone())), _next, _next_layer), once)
        for lane in beside:
            if once:
                lane.join()


def _lane(engine: Engine, kinds: tuple[Next, ...], once: bool) -> None:  # noqa: FBT001 -- of a thread
    """Work off jobs of some kinds, one at a time, until nothing waits or for ever."""
    sessions = make_sessions(engine)
    tried = [_Tried(kind) for kind in kinds]
    while True:
        try:
            worked = any(kind(sessions) for kind in tried)
            if once and not worked:
                return
            if not worked:
                listen(engine, PAUSE_S)
        except OperationalError as gone:
            click.echo(f"The database does not answer ({type(gone.orig).__name__}); waiting.")
            time.sleep(PAUSE_S)


@dataclass
class _Tried:
    """A kind of jobs of which a broken one does not end the lane: the kind rests, others go on.

    What is known to be wrong with a job its service marks on it; this is for all the rest.
    """

    kind: Next
    rests_until: float = -REST_S

    def __call__(self, sessions: sessionmaker[Session]) -> bool:
        if time.monotonic() < self.rests_until:
            return False
        try:
            return self.kind(sessions)
        except OperationalError:
            raise
        except _MET as broken:
            note_broken("job", getattr(self.kind, "__name__", type(self.kind).__name__), broken)
            self.rests_until = time.monotonic() + REST_S
            return False


@dataclass
class _Forgetting:
    """Forgets at the start and once an hour; never has more to do at once."""

    last: float = -FORGET_S

    def __call__(self, sessions: sessionmaker[Session]) -> bool:
        if time.monotonic() - self.last > FORGET_S:
            _forget(sessions)
            self.last = time.monotonic()
        return False


@dataclass
class _Keeping:
    """Keeps the history of coverage every few minutes, and orders the reports that are due."""

    zone: ZoneInfo
    last: float = -KEEP_S

    def __call__(self, sessions: sessionmaker[Session]) -> bool:
        if time.monotonic() - self.last > KEEP_S:
            with sessions() as session:
                now = datetime.now(UTC)
                frames = coverage.frames(session, now)
                found = gaps.found(frames, now)
                coverage_history.keep(session, found, now)
                coverage_figures.keep(session, frames, found, now, self.zone)
                coverage_reports.order_due(session, now, self.zone)
                session.commit()
            with sessions() as session:
                session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
                issue_days.keep(session, datetime.now(UTC), self.zone)
                session.commit()
            self.last = time.monotonic()
        return False


def _forget(sessions: sessionmaker[Session]) -> None:
    """Forget the contacts and the sessions whose time is over; make few notes of many."""
    with sessions() as session:
        now = datetime.now(UTC)
        gone = contacts.forget(session, now, contact_days(), WORKER)
        own_sessions.forget(session, now)
        coverage.thin(session)
        lost = photos.forget(session, now)
        session.commit()
    for digest in lost if media() else ():
        files.drop(Path(media()), digest)
    if gone.issues or gone.refused:
        click.echo(f"{gone.issues + gone.refused} contacts were forgotten.")


def _next_pause(sessions: sessionmaker[Session]) -> bool:
    """Let a suspension end whose moment has come; whether there was one."""
    with sessions() as session:
        resumed = moves.resume_due(session, datetime.now(UTC), store.calendar())
        if resumed is None:
            return False
        told = {"step": "resume"}
        audit.record(session, WORKER, Deed("issue.step", ("issue", str(resumed)), detail=told))
        session.commit()
    return True


def _next(sessions: sessionmaker[Session]) -> bool:
    """Work off the oldest import that waits; whether there was one."""
    with sessions() as session:
        number = tickets.waiting(session)
        if number is None:
            return False
        session.rollback()  # let go of the job: each batch takes it anew
        locator, own = geocoding.Locator.of(session), store.calendar()
        for _ in imports.run(session, number, locator, store.sealer(), own):
            session.commit()
        audit.record(session, WORKER, deeds.import_ended(session, number))
        session.commit()
        click.echo(f"Import {number} is {imports.one(session, number)['state']}.")
    return True


def _next_layer(sessions: sessionmaker[Session]) -> bool:
    """Work off the oldest layer or list that waits; whether there was one."""
    with sessions() as session:
        number = layers.waiting(session)
        if number is None:
            return False
        session.rollback()
        for _ in loads.run(session, number):
            session.commit()
        audit.record(session, WORKER, deeds.load_ended(session, number))
        session.commit()
        click.echo(f"Load {number} is {loads.one(session, number)['state']}.")
    return True


def _next_plan(sessions: sessionmaker[Session]) -> bool:
    """Publish the plan whose day has come, or mark it; whether there was one."""
    with sessions() as session:
        now = datetime.now(UTC)
        which = redraw_schedule.attempt_next(session, now)
        if which is None:
            return False
        session.commit()
        due = redraw_schedule.publish_next(session, now, which)
        if due is None:
            return False
        audit.record(session, WORKER, due.deed())
        session.commit()
        click.echo(f"Plan {due.plan} is {'in conflict' if due.refused else 'published'}.")
    return True


def _next_suggestion(sessions: sessionmaker[Session]) -> bool:
    """Make the suggestion of the oldest job that waits, if one does."""
    with sessions() as session, sessions() as reading:
        number = suggestion_jobs.run(session, reading, _now, session.commit)
        if number is None:
            return False
        click.echo(f"Suggestion {number} is made.")
    return True


def _now() -> datetime:
    return datetime.now(UTC)


def _next_export(sessions: sessionmaker[Session]) -> bool:
    """Let go of old files, and make the file of the oldest export that waits, if one does."""
    with sessions() as session, sessions() as reading:
        export_jobs.expire(session, datetime.now(UTC))
        session.commit()
        number = export_jobs.run(session, reading, session.commit)
        if number is None:
            return False
        click.echo(f"Export {number} is {export_jobs.one(session, number)['state']}.")
    return True


def _next_report(sessions: sessionmaker[Session]) -> bool:
    """Make the report of coverage that waits longest, if one does."""
    with sessions() as session, sessions() as reading:
        zone = ZoneInfo(timezone())
        number = coverage_reports.run(session, reading, _now(), zone, session.commit, font())
        if number is None:
            return False
        click.echo(f"Report {number} is made.")
    return True
