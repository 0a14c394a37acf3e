"""When the database is gone or busy: a word soon, never a crash, and well again by itself."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress

import pytest
from apiflask import APIFlask
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, text

from geodata.db import engine as engines
from tests import signing
from tests.webmap.conftest import Store, problem
from tests.webmap.routes import walked
from webmap import database
from webmap.app import create_app
from webmap.config import Config

KEY = "k" * 40
ALIVE = ("/healthz", "/static/", "/texts/", "/openapi.json", "/offline-worker.js")
ASK_NOTHING = {"/sign-in/code": 303, "/sign-in/sso": 404, "/sign-in/sso/back": 404}
PATIENCE_S = 5.0


MADE: list[APIFlask] = []


def client_on(url: str) -> FlaskClient:
    MADE.append(create_app(Config(url, KEY)))
    return with_cookie(MADE[-1])


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    """Close the connections of the applications that a test made for itself."""
    yield
    while MADE:
        store = MADE.pop().extensions["wangge"]
        for sessions in (store.sessions, store.readers):
            sessions.kw["bind"].dispose()


def with_cookie(app: Flask) -> FlaskClient:
    """A browser whose manager signed in before."""
    client = app.test_client()
    signing.put(client, signing.MANAGER)
    return client


@contextmanager
def connected(url: str) -> Iterator[FlaskClient]:
    """A browser on an application with connections of its own."""
    engine = engines.make_engine(url)
    yield with_cookie(create_app(Config(url, KEY), engines.make_sessions(engine)))
    engine.dispose()


@pytest.fixture
def nowhere() -> FlaskClient:
    """A browser on an application whose database is not there."""
    return client_on("postgresql+psycopg://nobody@/nowhere?host=/nonexistent")


@pytest.fixture
def silent() -> Iterator[FlaskClient]:
    """A browser on an application whose database takes calls and says nothing."""
    with socket.socket() as ear:
        ear.bind(("127.0.0.1", 0))
        ear.listen()
        yield client_on(f"postgresql+psycopg://nobody@127.0.0.1:{ear.getsockname()[1]}/nowhere")


def test_without_a_database_every_route_says_so_at_once(
    nowhere: FlaskClient, app: APIFlask, store: Store
) -> None:
    for route in walked(app, store):
        if "GET" not in route.methods:
            continue
        start = time.monotonic()
        answer = nowhere.get(route.url, buffered=True)
        assert time.monotonic() - start < PATIENCE_S
        if route.url.startswith(ALIVE):
            assert answer.status_code == 200, route
        elif route.rule in ASK_NOTHING:
            assert answer.status_code == ASK_NOTHING[route.rule]
        else:
            problem(answer, 503, "unavailable")
            assert int(answer.headers["Retry-After"]) > 0


def test_a_stranger_is_asked_to_sign_in_all_the_same(nowhere: FlaskClient) -> None:
    nowhere.delete_cookie(nowhere.application.config["SESSION_COOKIE_NAME"])
    problem(nowhere.get("/loads"), 401, "sign_in_needed")
    assert nowhere.get("/about").status_code == 200


def test_a_report_meanwhile_is_not_lost_in_silence(nowhere: FlaskClient) -> None:
    said = {"category": "ENV", "text": "x", "lon": 109.03, "lat": 32.69}
    problem(nowhere.post("/api/issues", json=said), 503, "unavailable")


def test_a_person_gets_a_page_about_it(nowhere: FlaskClient) -> None:
    page = nowhere.get("/", headers={"Accept": "text/html"})
    assert (page.status_code, page.mimetype) == (503, "text/html")
    assert "服务正在恢复" in page.get_data(as_text=True)
    english = nowhere.get("/?lang=en", headers={"Accept": "text/html"}).get_data(as_text=True)
    assert "服务" not in english


def test_a_database_that_says_nothing_is_not_waited_for(silent: FlaskClient) -> None:
    start = time.monotonic()
    problem(silent.get("/readyz"), 503, "unavailable")
    assert time.monotonic() - start < PATIENCE_S
    assert silent.get("/healthz").status_code == 200


class Relay:
    """Stands between the application and its database, and can fall silent as a stopped one."""

    def __init__(self, call: Callable[[], socket.socket]) -> None:
        self.call, self.silent = call, threading.Event()
        self.ear = socket.create_server(("127.0.0.1", 0))
        self.port = self.ear.getsockname()[1]
        self.open: list[socket.socket] = []
        threading.Thread(target=self._take, daemon=True).start()

    def _take(self) -> None:
        with suppress(OSError):
            while True:
                caller, _ = self.ear.accept()
                server = self.call()
                self.open += [caller, server]
                for ends in ((caller, server), (server, caller)):
                    threading.Thread(target=self._carry, args=ends, daemon=True).start()

    def _carry(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while told := source.recv(65536):
                while self.silent.is_set():
                    time.sleep(0.02)
                sink.sendall(told)
            sink.shutdown(socket.SHUT_WR)

    def close(self) -> None:
        self.silent.clear()
        for one in (self.ear, *self.open):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()


@pytest.fixture
def relay(loaded: Engine) -> Iterator[Relay]:
    host, port = str(loaded.url.query.get("host", loaded.url.host)), loaded.url.port or 5432

    def call() -> socket.socket:
        if not host.startswith("/"):
            return socket.create_connection((host, port))
        server = socket.socket(socket.AF_UNIX)
        server.connect(f"{host}/.s.PGSQL.{port}")
        return server

    made = Relay(call)
    yield made
    made.close()


def test_a_database_that_stands_still_is_given_up_by_all_who_ask(
    loaded: Engine, relay: Relay
) -> None:
    there = loaded.url.set(host="127.0.0.1", port=relay.port).difference_update_query(["host"])
    client = client_on(there.render_as_string(hide_password=False))
    paths = ("/api/issues", "/api/district", "/", "/api/search?q=x", "/api/issues", "/report")

    def get(path: str) -> tuple[int, float]:
        start = time.monotonic()
        answer = with_cookie(client.application).get(path, buffered=True)
        return answer.status_code, time.monotonic() - start

    assert [get(path)[0] for path in paths] == [200] * len(paths)
    time.sleep(1.1)  # for a second, what is known is told without asking the store
    relay.silent.set()
    with ThreadPoolExecutor(len(paths)) as many:
        ends = list(many.map(get, paths))
    assert [status for status, _ in ends] == [503] * len(paths)
    assert max(seconds for _, seconds in ends) < PATIENCE_S
    assert get("/healthz")[0] == 200
    relay.silent.clear()
    time.sleep(1.1)  # nor is the store asked for a second after it was silent
    assert [get(path)[0] for path in paths] == [200] * len(paths)


def test_cut_connections_are_made_anew(loaded: Engine) -> None:
    url = loaded.url.render_as_string(hide_password=False)
    query = (
        "select pg_terminate_backend(pid, 10000) from pg_stat_activity"
        " where application_name = 'wangge_cut' and datname = current_database()"
    )
    with connected(f"{url}&application_name=wangge_cut") as client:
        assert client.get("/api/issues").status_code == 200
        with loaded.connect() as connection:
            assert connection.execute(text(query)).all()
        assert client.get("/api/issues").status_code == 200


def test_a_connection_that_dies_in_use_spoils_no_answer(loaded: Engine) -> None:
    url = loaded.url.render_as_string(hide_password=False)
    with connected(f"{url}&application_name=wangge_dies") as client:
        with client.application.test_request_context("/"):
            pid = database.session().scalar(text("select pg_backend_pid()"))
            with loaded.connect() as connection:
                connection.execute(text("select pg_terminate_backend(:pid, 5000)"), {"pid": pid})
        assert client.get("/readyz").status_code == 200


def test_a_locked_table_is_not_waited_for(loaded: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    short = engines.WEB_OPTIONS.replace("lock_timeout=4000", "lock_timeout=200")
    assert short != engines.WEB_OPTIONS
    monkeypatch.setattr(engines, "WEB_OPTIONS", short)
    with connected(loaded.url.render_as_string(hide_password=False)) as client:
        with loaded.connect() as connection, connection.begin() as held:
            connection.execute(text("lock table issue in access exclusive mode"))
            problem(client.get("/api/issues"), 503, "held_by_another")
            assert client.get("/api/layers/streets").status_code == 200
            held.rollback()
        assert client.get("/api/issues").status_code == 200


def test_nobody_waits_longer_than_five_seconds() -> None:
    waits = dict(
        option.removeprefix("-c ").split("=")
        for option in engines.WEB_OPTIONS.replace(" -c", "\n-c").split("\n")
    )
    assert int(waits["lock_timeout"]) <= 4000
    assert int(waits["statement_timeout"]) <= 8000
    assert int(waits["idle_in_transaction_session_timeout"]) <= 15000
