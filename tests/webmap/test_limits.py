"""Who asks too often is told to wait, whichever process counts and whatever he says he is."""

from collections.abc import Mapping
from typing import Any

import pytest
from flask import request
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.webmap.conftest import SETTINGS, Store, problem
from webmap.app import create_app
from webmap.config import Config

PROXY = "10.0.0.1"


def limited(store: Store, rate: float = 0.1, proxies: tuple[str, ...] = ()) -> FlaskClient:
    """A browser on another process of the same web, which counts."""
    config = Config(SETTINGS.database_url, "k" * 40, rate=rate, proxies=proxies)
    return create_app(config, store.sessions).test_client()


def sent(client: FlaskClient, **headers: Any) -> TestResponse:
    return client.post("/api/issues", data="{}", content_type="application/json", **headers)


def test_too_many_reports_are_put_off_by_all_processes_together(store: Store) -> None:
    one, other = limited(store), limited(store)
    assert [sent(one).status_code, sent(other).status_code, sent(one).status_code] == [422] * 3
    for client in (one, other):
        answer = sent(client)
        told = problem(answer, 429, "too_many")
        assert 0 < int(answer.headers["Retry-After"]) <= 600
        assert str(told["facts"]["seconds"]) in told["title"]
    assert one.get("/api/streets").status_code == 200


def test_another_address_is_not_held_to_account(store: Store) -> None:
    client = limited(store)
    assert [sent(client).status_code for _ in range(4)] == [422, 422, 422, 429]
    assert sent(client, environ_base={"REMOTE_ADDR": "10.9.9.9"}).status_code == 422


def test_no_address_is_kept(store: Store) -> None:
    sent(limited(store), environ_base={"REMOTE_ADDR": "10.9.9.9"})
    rows = store.connection.exec_driver_sql("select rule, who, hits from rate_count").all()
    assert [(row.rule, row.hits) for row in rows] == [("report", 1)]
    assert "10.9" not in rows[0].who


def test_reading_is_bounded_too_and_a_page_says_so_calmly(store: Store) -> None:
    client = limited(store, rate=0.001)
    answers = [client.get("/about", headers={"Accept": "text/html"}) for _ in range(7)]
    assert [answer.status_code for answer in answers] == [200] * 6 + [429]
    assert "请稍等一会儿" in answers[-1].get_data(as_text=True)
    assert answers[-1].headers["Retry-After"]
    assert "script-src 'self'" in answers[-1].headers["Content-Security-Policy"]
    assert client.get("/healthz").status_code == 200
    assert client.get("/static/js/map.js", buffered=True).status_code == 200


def test_another_name_in_a_header_does_not_help(store: Store) -> None:
    client = limited(store)
    for n in range(3):
        sent(client, headers={"X-Forwarded-For": f"1.1.1.{n}"})
    assert sent(client, headers={"X-Forwarded-For": "1.1.1.9"}).status_code == 429


SAID = [
    ({}, PROXY, PROXY),
    ({"X-Forwarded-For": "1.2.3.4"}, PROXY, "1.2.3.4"),
    ({"X-Forwarded-For": "6.6.6.6, 1.2.3.4"}, PROXY, "1.2.3.4"),
    ({"X-Forwarded-For": "1.2.3.4, 10.0.0.2"}, PROXY, "1.2.3.4"),
    ({"X-Forwarded-For": "1.2.3.4"}, "10.1.0.1", "10.1.0.1"),
    ({"X-Forwarded-For": "<script>"}, PROXY, PROXY),
    ({"X-Forwarded-For": "2001:db8::1"}, PROXY, "2001:db8::1"),
    ({"X-Forwarded-For": ""}, PROXY, PROXY),
]


@pytest.mark.parametrize(("headers", "peer", "source"), SAID)
def test_only_our_proxies_are_believed(
    store: Store, headers: Mapping[str, str], peer: str, source: str
) -> None:
    app = create_app(
        Config(SETTINGS.database_url, "k" * 40, rate=0, proxies=("10.0.0.0/24",)), store.sessions
    )
    seen: list[tuple[str | None, str]] = []
    app.before_request(lambda: seen.append((request.remote_addr, request.scheme)))
    told = {**headers, "X-Forwarded-Proto": "https"}
    app.test_client().get("/healthz", headers=told, environ_base={"REMOTE_ADDR": peer})
    assert seen == [(source, "https" if peer == PROXY else "http")]


@pytest.fixture
def big() -> bytes:
    return b'{"text":"' + b"x" * (2**20) + b'"}'


def test_a_body_too_big_is_refused_in_words(client: FlaskClient, big: bytes) -> None:
    for path, method in (("/api/issues", "POST"), ("/api/imports/1/refused/1", "PUT")):
        answer = client.open(path, method=method, data=big, content_type="application/json")
        problem(answer, 413, "body_too_big")


def test_a_file_too_big_is_refused_in_words(client: FlaskClient) -> None:
    for path in ("/api/imports", "/api/loads"):
        answer = client.post(
            path,
            data=b"-" * (24 * 2**20 + 1),
            content_type="multipart/form-data; boundary=x",
        )
        problem(answer, 413, "http_413")
