"""One session a request, opened when first needed; and what the process remembers of the ground."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_urlsafe
from threading import Lock, Timer
from typing import TYPE_CHECKING, Generic, TypeVar, cast

from flask import Flask, current_app, g
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from geodata.db import patience, scoping
from geodata.db.engine import make_engine, make_readers, make_sessions
from geodata.db.scoping import NONE, Ground
from geodata.domain.coverage.frames import Still
from geodata.files import calendars
from geodata.services import coverage, district, geocoding, quality, search
from geodata.services.sealing import Sealer
from webmap.background import Background
from webmap.looks import Looks

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy import Connection
    from sqlalchemy.orm import Session, sessionmaker

    from geodata.domain.deadline import Calendar
    from webmap.config import Config

_KEY = "wangge"
_FRESH_S = 1.0
WARM_AFTER_S = 3.0
_LARGE_S = 1.0
"""What took so long to make is large."""
_LONGEST_MAKING_MIN = 2
_WHOSE = "wangge-whose"
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Told:
    """What row-level security is told of who asks: ground, account, whether all files are seen."""

    ground: Ground = NONE
    account: int | None = None
    all_files: bool = False


@dataclass
class Versioned(Generic[T]):
    """A value made from the ground, made anew when the ground's version has changed.

    The version is asked for at most once a second. Who waits while the store does not answer is
    told so as soon as the one who asks it knows, and not one after the other.
    """

    make: Callable[[Session], T]
    version_of: Callable[[Session], object]
    _lock: Lock = field(default_factory=Lock)
    _version: object = None
    asked: float = 0.0
    _failed: float = -_FRESH_S
    _value: T | None = None

    def get(self, opened: Callable[[], Session]) -> T:
        """The value for the present version; `opened` is called where the store must be asked."""
        with self._lock:
            if time.monotonic() - self._failed < _FRESH_S:
                raise PoolTimeoutError("the store did not answer just now")
            if self._value is None or time.monotonic() - self.asked > _FRESH_S:
                try:
                    return self._renewed(opened())
                except (OperationalError, PoolTimeoutError):
                    self._failed = time.monotonic()
                    raise
            return self._value

    def _renewed(self, session: Session) -> T:
        version = self.version_of(session)
        if self._value is None or version != self._version:
            began = time.monotonic()
            self._value = self.make(session)
            self._version = version
            if time.monotonic() - began > _LARGE_S:
                _settle()
        self.asked = time.monotonic()
        return self._value


def _settle() -> None:
    """Let the collector leave alone what is kept: to go through it again and again costs a third.

    What was kept before and refers to itself is let go first.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()


@dataclass
class _Store:
    sessions: sessionmaker[Session]
    readers: sessionmaker[Session]
    locator: Versioned[geocoding.Locator]
    index: Versioned[search.Index]
    ground: Versioned[district.Ground]
    still: Versioned[Still]
    looks: Looks
    checked: Background[quality.Checked]
    sealer: Sealer
    calendar: Calendar


def prepare(app: Flask, settings: Config, sessions: sessionmaker[Session] | None) -> None:
    """Hold the connections, and close each request's session when it ends."""
    opened, readers = sessions, sessions
    if opened is None or readers is None:
        engine = make_engine(settings.database_url)
        opened, readers = make_sessions(engine), make_readers(engine)
    store = _Store(
        *(opened, readers),
        Versioned(geocoding.Locator.of, geocoding.version),
        Versioned(search.Index.of, search.version),
        Versioned(district.ground, district.version),
        Versioned(coverage.still, coverage.version),
        Looks(_settle),
        Background(quality.present),
        Sealer(settings.field_key or token_urlsafe()),
        calendars.read(Path(settings.calendar) if settings.calendar else calendars.OWN),
    )
    app.extensions[_KEY] = store
    app.teardown_appcontext(_close)
    if sessions is None:
        warming = Timer(WARM_AFTER_S, _warm, (store,))
        warming.daemon = True
        warming.start()


def _warm(store: _Store) -> None:
    """Build what the first reader would wait for; without a database it is built later."""
    with suppress(OperationalError, PoolTimeoutError), store.readers() as opened:
        store.locator.get(lambda: opened)
        store.index.get(lambda: opened)
        store.looks.prepare(opened, datetime.now(UTC), store.still.get(lambda: opened))


def ask_whose(app: Flask, told: Callable[[], Told]) -> None:
    """Know how to find out what row-level security is to be told of who asks."""
    app.extensions[_WHOSE] = told


def session() -> Session:
    """The request's session; what is not committed by the view is rolled back.

    Each of its transactions begins by saying on whose ground it is.
    """
    if "session" not in g:
        g.told = _settings(cast("Callable[[], Told]", current_app.extensions[_WHOSE])())
        g.session = _store().sessions()
        event.listen(g.session, "after_begin", _tell)
    return cast("Session", g.session)


def follow(public_id: UUID) -> None:
    """Let this request see one issue, as whoever holds its random number may."""
    session()
    _also(issue=str(public_id))


def on_all_ground() -> None:
    """Let this request see everything, where something else than ground decides what it does."""
    session()
    _also(ground="all", files="all")


def _also(**more: str) -> None:
    g.told = {**g.told, **more}
    if g.session.in_transaction():
        scoping.tell(g.session.connection(), g.told)


def _settings(told: Told) -> dict[str, str]:
    return scoping.settings(told.ground, told.account, all_files=told.all_files)


def _tell(session: Session, transaction: object, connection: Connection) -> None:
    del session, transaction
    scoping.tell(connection, g.told)


def reader() -> Session:
    """The request's session for the ground: statements that stand alone and change nothing."""
    if "reader" not in g:
        g.reader = _store().readers()
    return cast("Session", g.reader)


def sessions() -> sessionmaker[Session]:
    """Sessions beside the request's own, for what must be kept even where that is not."""
    return _store().sessions


def readers() -> sessionmaker[Session]:
    """The same for single questions that change nothing."""
    return _store().readers


def sealer() -> Sealer:
    """Seals contacts, and opens them."""
    return _store().sealer


def calendar() -> Calendar:
    """On which days people work."""
    return _store().calendar


def locator() -> geocoding.Locator:
    """Finds addresses; built once for each state of the ground."""
    return _kept(_store().locator)


def index() -> search.Index:
    """Finds areas and organisations; built once for each state of the ground."""
    return _kept(_store().index)


def ground() -> district.Ground:
    """The district as the pages need it: code, name, extent and the version of its ground.

    Raises NotFound before a district was loaded.
    """
    return _kept(_store().ground)


def still() -> Still:
    """What the coverage shows that only changes with the ground; whether it did is always asked."""
    _store().still.asked = 0.0  # or what another process has closed would linger for a second
    return _kept(_store().still)


def looks() -> Looks:
    """The coverage of the whole district as it was looked at last."""
    return _store().looks


def _kept(value: Versioned[T]) -> T:
    """The value, asked for and made without a transaction, which would idle meanwhile."""
    known = value.get(_asking)
    if (asked := g.pop("reader", None)) is not None:
        asked.close()  # or a page that asks more would hold two of the few connections
    return known


def _asking() -> Session:
    """The session to ask with; the request's own may idle while what is asked for is made."""
    own: Session | None = g.get("session")
    if own is not None and own.in_transaction():
        patience.allow_thinking(own, _LONGEST_MAKING_MIN)
    return reader()


def checked(wait_s: float) -> quality.Checked | None:
    """The checks of the present division; None if they take longer than `wait_s` seconds."""
    store = _store()
    return store.checked.get(ground().version, store.sessions, wait_s)


def _store() -> _Store:
    return cast("_Store", current_app.extensions[_KEY])


def _close(error: BaseException | None) -> None:
    del error
    for name in ("session", "reader"):
        if (opened := g.pop(name, None)) is None:
            continue
        try:
            opened.close()
        except DBAPIError as lost:
            # The answer stands already; a connection that died cannot be given back, only dropped.
            current_app.logger.warning("connection lost while closing: %s", type(lost).__name__)
            with suppress(DBAPIError):
                opened.invalidate()
