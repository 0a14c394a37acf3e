"""One application on the demo district; what a test changes is undone."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy import Connection, Engine, event
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.test import TestResponse

from geodata.domain.roles import Role
from geodata.services import geocoding, imports
from geodata.services.sealing import Sealer
from tests import signing
from webmap.app import create_app
from webmap.config import Config

SETTINGS = Config(
    database_url="postgresql+psycopg://nobody@/nowhere",
    secret_key="k" * 40,
    field_key="f" * 40,
    rate=0,
)


@dataclass
class Queries:
    """The statements sent while counting."""

    sent: list[str] = field(default_factory=list)

    def note(self, _c: Connection, _cursor: Any, statement: str, *_: Any) -> None:
        own = "set_config('wangge." in statement
        if not (own or statement.lower().startswith(("savepoint", "release", "rollback"))):
            self.sent.append(statement)


@dataclass
class Store:
    """The test's own connection, and the sessions that the application opens on it."""

    sessions: sessionmaker[Session]
    connection: Connection
    locator: geocoding.Locator

    def work(self) -> None:
        """Work off the uploaded files, as the worker does."""
        with self.sessions() as session:
            for job in reversed(imports.listing(session)):
                for _ in imports.run(session, job["id"], self.locator, Sealer("f" * 40)):
                    session.commit()


@pytest.fixture(scope="session")
def rebound() -> sessionmaker[Session]:
    """Sessions whose connection each test puts in place."""
    return sessionmaker(expire_on_commit=False, join_transaction_mode="create_savepoint")


@pytest.fixture(scope="session")
def app(rebound: sessionmaker[Session]) -> APIFlask:
    return create_app(SETTINGS, rebound)


@pytest.fixture
def store(
    loaded: Engine, rebound: sessionmaker[Session], locator: geocoding.Locator
) -> Iterator[Store]:
    with loaded.connect() as connection, connection.begin() as outer:
        rebound.configure(bind=connection)
        yield Store(rebound, connection, locator)
        outer.rollback()


@pytest.fixture
def client(app: APIFlask, store: Store) -> FlaskClient:
    """A browser on the demo district, signed in as its manager."""
    del store
    browser = app.test_client()
    signing.put(browser, signing.MANAGER)
    return browser


@pytest.fixture
def resident(app: APIFlask, store: Store) -> FlaskClient:
    """A browser without a past, on the demo district."""
    del store
    return app.test_client()


def signed_in(app: APIFlask, sessions: sessionmaker[Session]) -> FlaskClient:
    """A browser in which the district's manager has signed in to an application."""
    with sessions() as session:
        signing.manager(session)
        session.commit()
    client = app.test_client()
    signing.put(client, signing.MANAGER)
    return client


def someone(
    app: APIFlask, store: Store, login: str, role: Role | None, scope: str = "", **more: object
) -> FlaskClient:
    """A browser signed in as somebody with a role over a code and all below it."""
    client = app.test_client()
    with store.sessions() as session:
        number = signing.account(session, login, role, scope, **more)
        held = signing.token(session, number)
        session.commit()
    signing.put(client, held)
    return client


@pytest.fixture
def auditor(app: APIFlask, store: Store) -> FlaskClient:
    """A browser signed in as the auditor."""
    return someone(app, store, "auditor", Role.AUDITOR)


@pytest.fixture
def queries(store: Store) -> Iterator[Queries]:
    """Counts what is sent to the database, but for what tells it whose transaction it is."""
    seen = Queries()
    event.listen(store.connection, "before_cursor_execute", seen.note)
    yield seen
    event.remove(store.connection, "before_cursor_execute", seen.note)


def problem(answer: TestResponse, status: int, code: str) -> dict[str, Any]:
    """The refusal in an answer, after checking that it is one as it should be."""
    assert answer.status_code == status, answer.get_data(as_text=True)
    assert answer.content_type.startswith("application/problem+json")
    body = answer.get_json()
    assert isinstance(body, dict)
    assert (body["status"], body["code"]) == (status, code)
    assert body["title"] not in ("", code)
    return body
