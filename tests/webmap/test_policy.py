"""What holds for every address, whatever it answers."""

import re
from typing import Any

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient

from geodata.domain.roles import SIGNED_IN, TABLE, Role
from tests.webmap.conftest import Queries, Store, problem
from tests.webmap.routes import GONE, readable, walked
from webmap.app import create_app
from webmap.config import Config
from webmap.guard import mark_of

OTHERWISE = {
    "/api/redraws/news": 200,
    "/grids/<code:code>/visits": 303,
    "/notices/<uuid:public_id>": 404,  # the demo has none
    "/sign-in": 302,
    "/sign-in/code": 303,
    "/sign-in/sso": 404,
    "/sign-in/sso/back": 404,
}
CHANGES = [("POST", "/api/issues"), ("POST", "/api/imports"), ("PUT", "/api/imports/1/refused/1")]


def test_every_page_answers(client: FlaskClient, app: APIFlask, store: Store) -> None:
    for route in readable(app, store):
        gone = route.rule.startswith(tuple(f"{above}/" for above in GONE))
        expected = OTHERWISE.get(route.rule, 404 if gone else 200)
        wanted = mark_of(app, route.endpoint)
        if wanted is not True and wanted not in SIGNED_IN | TABLE[Role.DISTRICT]:
            expected = 403
        assert client.get(route.url, buffered=True).status_code == expected, route


def test_every_answer_carries_our_policy(client: FlaskClient, app: APIFlask, store: Store) -> None:
    for route in walked(app, store):
        for method in route.methods:
            headers = client.open(route.url, method=method, buffered=True).headers
            policy = headers["Content-Security-Policy"]
            assert "script-src 'self';" in policy, route
            assert "object-src 'none'" in policy
            assert "base-uri 'none'" in policy
            assert "frame-ancestors 'none'" in policy
            assert "unsafe" not in policy
            assert headers["X-Content-Type-Options"] == "nosniff"
            assert headers["Referrer-Policy"] == "same-origin"


def test_refusals_carry_it_too(client: FlaskClient) -> None:
    for path in ("/nothing", "/api/nothing", "/static/nothing.js", "/api/at?lon=x&lat=y"):
        assert "script-src 'self'" in client.get(path).headers["Content-Security-Policy"]


def test_reading_changes_nothing_but_the_audit_trail(
    client: FlaskClient, app: APIFlask, store: Store, queries: Queries
) -> None:
    for route in readable(app, store):
        client.get(route.url, buffered=True)
        client.head(route.url, buffered=True)
    entered = [s for s in queries.sent if s.startswith("INSERT INTO audit_entry ")]
    changed = [s for s in queries.sent if s not in entered]
    assert entered
    for statement in changed:
        words = statement.lower().split()
        assert words[0] in ("select", "with"), statement
        assert "for update" not in " ".join(words), statement
    assert not any(
        f" {verb} " in f" {' '.join(s.lower().split())} "
        for s in changed
        for verb in ("insert", "update", "delete", "nextval")
    )


@pytest.mark.parametrize(("method", "path"), CHANGES)
@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost.evil.example"},
        {"Origin": "http://localhost:1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_pages_of_others_change_nothing(
    client: FlaskClient, method: str, path: str, headers: dict[str, str]
) -> None:
    answer = client.open(path, method=method, headers=headers, json={"category": "ENV"})
    problem(answer, 403, "foreign_page")


@pytest.mark.parametrize("headers", [{}, {"Origin": "http://localhost"}])
def test_our_own_pages_and_programs_may(client: FlaskClient, headers: dict[str, str]) -> None:
    said = {"category": "ENV", "text": "灯坏了", "lon": 109.03, "lat": 32.69}
    assert client.post("/api/issues", json=said, headers=headers).status_code == 201


@pytest.mark.parametrize(
    "kind",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/jsonp",
        "",
    ],
)
def test_json_under_another_name_is_refused(client: FlaskClient, kind: str) -> None:
    said = '{"category":"ENV","text":"x","lon":109.03,"lat":32.69}'
    answer = client.post("/api/issues", data=said, content_type=kind)
    problem(answer, 415, "http_415")


@pytest.mark.parametrize("path", ["/", "/api/issues", "/api/district", "/maps/overview.js"])
@pytest.mark.parametrize("method", ["DELETE", "PATCH", "PUT"])
def test_other_methods_are_refused(client: FlaskClient, path: str, method: str) -> None:
    answer = client.open(path, method=method)
    problem(answer, 405, "http_405")
    assert "GET" in answer.headers["Allow"]


def test_on_loopback_only_our_own_name_is_answered() -> None:
    settings = Config("postgresql+psycopg://nobody@/no", "k" * 40, trusted_hosts=("127.0.0.1",))
    client = create_app(settings).test_client()
    assert client.get("/healthz", headers={"Host": "127.0.0.1:8000"}).status_code == 200
    assert client.get("/healthz", headers={"Host": "evil.example"}).status_code == 400


def test_json_is_utf8_and_strict(client: FlaskClient) -> None:
    answer = client.get("/api/district")
    assert answer.content_type == "application/json"
    assert "汉滨区" in answer.data.decode()


def test_a_person_gets_a_page_and_a_program_a_problem(client: FlaskClient) -> None:
    page = client.get("/nothing", headers={"Accept": "text/html,*/*;q=0.8"})
    assert (page.status_code, page.mimetype) == (404, "text/html")
    assert "没有这一页" in page.get_data(as_text=True)
    problem(client.get("/api/nothing", headers={"Accept": "text/html"}), 404, "http_404")


def resolved(part: Any, spec: dict[str, Any]) -> None:
    """Nothing, if every reference inside a part of the description leads somewhere."""
    if isinstance(part, dict):
        if isinstance(where := part.get("$ref"), str):
            assert where.removeprefix("#/components/schemas/") in spec["components"]["schemas"]
        for inner in part.values():
            resolved(inner, spec)
    elif isinstance(part, list):
        for inner in part:
            resolved(inner, spec)


def test_the_description_for_programs_is_whole(client: FlaskClient, app: APIFlask) -> None:
    spec = client.get("/openapi.json").get_json()
    assert spec["openapi"].startswith("3.1")
    resolved(spec, spec)
    told = {(method.upper(), path) for path, known in spec["paths"].items() for method in known}
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith(("/api/", "/tiles/", "/healthz", "/readyz")):
            path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)
            for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
                assert (method, path) in told


def test_every_operation_says_what_it_does_and_answers(client: FlaskClient) -> None:
    names = []
    for known in client.get("/openapi.json").get_json()["paths"].values():
        for operation in known.values():
            names.append(operation["operationId"])
            assert operation["summary"].endswith(".")
            assert any(status.startswith("2") for status in operation["responses"])
            for status, said in operation["responses"].items():
                if not status.startswith("2"):
                    assert "application/problem+json" in said["content"]
    assert len(names) == len(set(names))
