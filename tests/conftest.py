"""One real PostGIS for all tests: migrated once, each test inside a transaction of its own."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, create_engine, make_url, text
from sqlalchemy.orm import Session, sessionmaker
from xdist.remote import Producer

from geodata.db import grants, schema
from geodata.db.engine import make_engine
from geodata.demo import District, Options, generate
from geodata.services import demo
from geodata.services.geocoding import Locator
from scripts.setup.cluster import url_for_tests
from tests import scheduling, sharing, signing
from tests.makers import Town
from webmap.config import with_driver

NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
EMPTY, DEMO = "empty", "demo"


def pytest_addoption(parser: pytest.Parser) -> None:
    """The option that widens the browser's sample to the full count."""
    told = "every journey on a phone and on a desktop, not on one of them"
    parser.addoption("--both-screens", action="store_true", help=told)


def pytest_configure(config: pytest.Config) -> None:
    """Begin what the workers share."""
    sharing.begin(config)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Let the databases go that all copies were made of, once every worker has ended."""
    if not hasattr(session.config, "workerinput"):
        for name in filter(None, map(sharing.if_made, (EMPTY, DEMO))):
            _drop(name)


@pytest.hookimpl(optionalhook=True, tryfirst=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> scheduling.ByRoom:
    """Shares the tests out among the workers."""
    return scheduling.ByRoom(config, log)


@contextmanager
def fresh_database(template: str | None = None) -> Iterator[Engine]:
    """A database of its own, empty or copied, dropped at the end."""
    name = _create(template)
    engine = _engine(name)
    try:
        yield engine
    finally:
        engine.dispose()
        _drop(name)


def _create(template: str | None = None) -> str:
    name = f"wangge_{uuid.uuid4().hex[:12]}"
    _say(f'create database "{name}"' + (f' template "{template}"' if template else ""))
    return name


def _drop(name: str) -> None:
    _say(f'drop database "{name}" with (force)')


def _say(statement: str) -> None:
    admin = create_engine(with_driver(url_for_tests()), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(statement))
    admin.dispose()


def _engine(name: str) -> Engine:
    url = make_url(with_driver(url_for_tests())).set(database=name)
    return make_engine(url.render_as_string(hide_password=False), web=False, pool_size=16)


@pytest.fixture(scope="session")
def migrated() -> Iterator[Engine]:
    """A database with the schema and nothing in it; never committed to."""
    with fresh_database(sharing.once(EMPTY, _empty)) as engine:
        yield engine


def _empty() -> str:
    """The name of a database with the schema and nothing in it."""
    engine = _engine(name := _create())
    schema.upgrade(engine)
    engine.dispose()
    return name


@pytest.fixture
def database(migrated: Engine) -> Iterator[Engine]:
    """A database for tests that must commit: races, crashes, workers."""
    migrated.dispose()
    with fresh_database(str(migrated.url.database)) as engine:
        yield engine


@pytest.fixture
def session(migrated: Engine) -> Iterator[Session]:
    """A session on an empty schema; what it commits is undone."""
    yield from _undone(migrated)


@pytest.fixture
def town(session: Session) -> Town:
    """Draws small districts into the session's database."""
    return Town(session)


@pytest.fixture(scope="session")
def hanbin() -> District:
    """The demo district as `scripts/serve` makes it."""
    return sharing.once("hanbin", lambda: generate(Options(now=NOW)))


@pytest.fixture(scope="session")
def loaded(hanbin: District) -> Iterator[Engine]:
    """A database that holds the demo district; never committed to."""
    with fresh_database(sharing.once(DEMO, lambda: _demo_of(hanbin))) as engine:
        yield engine


def _demo_of(district: District) -> str:
    """The name of a database with the district in it."""
    engine = _engine(name := _create(sharing.once(EMPTY, _empty)))
    with Session(engine) as session:
        demo.load(session, district)
        signing.manager(session)
        session.commit()
    engine.dispose()
    return name


@pytest.fixture(scope="session")
def locator(loaded: Engine) -> Locator:
    """What finds the addresses of the demo district."""
    return sharing.once("locator", lambda: _locator_of(loaded))


def _locator_of(engine: Engine) -> Locator:
    with Session(engine) as session:
        return Locator.of(session)


@pytest.fixture
def demo_session(loaded: Engine) -> Iterator[Session]:
    """A session on the demo district; what it commits is undone."""
    yield from _undone(loaded)


@pytest.fixture
def demo_sessions(loaded: Engine) -> Iterator[sessionmaker[Session]]:
    """Sessions on the demo district that share one transaction, undone at the end."""
    with loaded.connect() as connection, connection.begin() as outer:
        yield sessionmaker(
            connection, join_transaction_mode="create_savepoint", expire_on_commit=False
        )
        outer.rollback()


def _undone(engine: Engine) -> Iterator[Session]:
    with engine.connect() as connection, connection.begin() as outer:
        with Session(connection, join_transaction_mode="create_savepoint") as session:
            yield session
        outer.rollback()


WEB_ROLE = "wangge_web_test"


@pytest.fixture(scope="session")
def web_role(loaded: Engine) -> str:
    """The name of a lesser role, as the web has it, on the demo district."""
    with loaded.begin() as connection:
        connection.execute(text("select pg_advisory_xact_lock(hashtext('wangge test role'))"))
        if not grants.exists(connection, WEB_ROLE):
            grants.create(connection, WEB_ROLE)
    grants.grant(loaded, WEB_ROLE)
    return WEB_ROLE
