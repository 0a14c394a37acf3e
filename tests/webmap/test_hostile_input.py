"""Nothing that anybody sends makes the server fail, hang, or show its inside."""

import json
import time
from typing import Any

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.webmap.conftest import Store, problem
from tests.webmap.routes import walked

HOSTILE = [
    *("", " ", "\0", "\x1b[31m", "\u202e", "\ud800", "😀" * 50, "字" * 9000),
    *("NaN", "Infinity", "-Infinity", "1e400", "-1", "0", "1" * 5000, "0x10", "1_0", "٣", "１"),
    *("'", "';drop table issue--", '"', "\\", "%", "%00", "%s", "{{7*191}}", "{% for", "${x}"),
    *("../../etc/passwd", "<script>alert(1)</script>", "null", "[]", "{}", "true", "a[]=1", "\n"),
]
NUMBERS = ["NaN", "Infinity", "-Infinity", "1e400", "-1e400"]
INSIDE = ("Traceback", "sqlalchemy", "psycopg", "SELECT", 'File "')


def harmless(answer: TestResponse) -> TestResponse:
    """The answer, if it is none of failure and shows nothing of the inside."""
    shown = answer.get_data().decode(errors="replace")
    assert answer.status_code < 500, shown
    assert not any(word in shown for word in INSIDE)
    if answer.is_json and "Content-Encoding" not in answer.headers:
        json.loads(shown, parse_constant=pytest.fail)
    return answer


def quoted(text: str) -> str:
    """Text percent-encoded, half of a surrogate pair too."""
    return "".join(f"%{byte:02X}" for byte in text.encode("utf-8", "surrogatepass"))


PARAMETERS = {
    "/api/issues": ("state", "category", "community", "grid", "bbox", "after", "limit", "lang"),
    "/api/issues/points": ("state", "category", "community", "grid", "bbox", "zoom"),
    "/api/layers/grids": ("bbox",),
    "/ogc/collections/issues/items": ("bbox", "datetime", "limit", "after", "state", "grid"),
    "/exports": ("layer", "state"),
    "/exports/file": ("layer", "format", "crs"),
    "/exports/streets.geojson": ("crs", "at", "bbox"),
    "/api/geocode": ("q", "limit"),
    "/api/at": ("lon", "lat"),
    "/": ("lang",),
    "/maps/overview.js": ("lang",),
}


SOON_S = 5
"""Of work: no answer may cost more, the first one included, which builds the index of addresses."""


@pytest.mark.parametrize("path", PARAMETERS)
def test_queries(client: FlaskClient, path: str) -> None:
    start = time.process_time()
    for name in PARAMETERS[path]:
        for text in HOSTILE:
            harmless(client.get(f"{path}?{name}={quoted(text)}", buffered=True))
    for text in HOSTILE:
        harmless(client.get(f"{path}?{quoted(text)}={quoted(text)}", buffered=True))
    assert time.process_time() - start < 20


def test_paths(client: FlaskClient, app: APIFlask, store: Store) -> None:
    stems = {
        (
            route.url.partition("?")[0].rpartition("/")[0],
            "GET" if "GET" in route.methods else min(route.methods),
        )
        for route in walked(app, store)
    }
    for stem, method in sorted(stems):
        for text in HOSTILE:
            harmless(client.open(f"{stem}/{quoted(text)}", method=method, buffered=True))


@pytest.mark.parametrize(
    "header", ["If-None-Match", "Accept", "Accept-Encoding", "Cookie", "Range"]
)
def test_headers(client: FlaskClient, header: str) -> None:
    for text in ("*", '"', "lang=zh; lang=%00", "q=9" * 500, "bytes=-1", "W/", ";;;", "\xff"):
        for path in ("/", "/api/layers/streets", "/api/issues"):
            harmless(client.get(path, headers={header: text}))


@pytest.mark.parametrize(
    "box", ["1,2", "1,2,3,4,5", "a,b,c,d", "9,9,1,1", "-181,0,1,1", "1,2,3,NaN"]
)
@pytest.mark.parametrize("path", ["/api/issues", "/api/issues/points", "/api/layers/grids"])
def test_a_box_that_is_none_is_refused(client: FlaskClient, path: str, box: str) -> None:
    told = problem(client.get(f"{path}?bbox={box}"), 422, "invalid_request")
    assert "bbox" in told["title"]


@pytest.mark.parametrize("limit", ["0", "-1", "201", "1e9", "999999999999", "a", "NaN"])
def test_a_limit_beyond_bounds_is_refused(client: FlaskClient, limit: str) -> None:
    problem(client.get(f"/api/issues?limit={limit}"), 422, "invalid_request")
    assert client.get("/api/issues?limit=200").status_code == 200


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "!!!!",
        "MSwx",
        "MjAyNi0wMS0wMSwx",
        "MjAyNi0wMS0wMVQwMDowMDowMFosOTk5OTk5OTk5OTk5OTk5OTk5OTk5",
    ],
)
def test_a_cursor_that_is_none_of_ours_is_refused(client: FlaskClient, cursor: str) -> None:
    problem(client.get(f"/api/issues?after={cursor}"), 400, "bad_cursor")


@pytest.mark.parametrize("query", ["state=gone", "sort=text", "category=a'b", "foo=1", "lang=fr"])
def test_an_unknown_wish_is_refused(client: FlaskClient, query: str) -> None:
    problem(client.get(f"/api/issues?{query}"), 422, "invalid_request")


def posted(client: FlaskClient, body: str | bytes) -> TestResponse:
    return harmless(client.post("/api/issues", data=body, content_type="application/json"))


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("name", ["lon", "lat", "building_id", "extra"])
def test_numbers_that_are_none(client: FlaskClient, name: str, number: str) -> None:
    said = {"category": "ENV", "text": "x", "lon": 109.0, "lat": 32.7, name: "@"}
    body = json.dumps(said).replace('"@"', number)
    assert posted(client, body).status_code in (400, 422)


BODIES: dict[str, str | bytes] = {
    "nothing": "",
    "half": '{"category":',
    "no object": '["ENV"]',
    "null": "null",
    "a number": "5",
    "deep lists": "[" * 100_000 + "]" * 100_000,
    "deep objects": '{"a":' * 50_000 + "1" + "}" * 50_000,
    "many digits": '{"building_id":' + "9" * 5000 + "}",
    "no utf-8": b'{"category":"\xff"}',
    "utf-16": '{"category":"ENV"}'.encode("utf-16"),
    "twice": '{"category":"ENV","category":"ADS","text":"x"}',
    "many fields": json.dumps({f"f{n}": n for n in range(5000)}),
    "big": json.dumps({"text": "x" * 2_000_000}),
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_bodies(client: FlaskClient, body: str | bytes) -> None:
    start = time.process_time()
    assert posted(client, body).status_code in (400, 413, 422)
    assert time.process_time() - start < 3


def test_what_says_two_things_is_refused(client: FlaskClient) -> None:
    said = '{"category": "ENV", "text": "x", "lon": 109.03, "lat": 32.69'
    assert posted(client, said + ', "text": "y"}').status_code == 400
    assert posted(client, (said + "}").encode("utf-16")).status_code == 400
    sort = "application/json; charset="
    for charset, status in (("gb18030", 415), ("nonsense", 415), ("UTF-8", 201), ('"utf-8"', 201)):
        answer = client.post("/api/issues", data=said + "}", content_type=sort + charset)
        assert answer.status_code == status, charset


@pytest.mark.parametrize("name", ["text", "address", "category"])
@pytest.mark.parametrize("text", ["a\0b", "a\x07b", "\ud800", "\x7f", "\x9b"])
def test_characters_that_nobody_types(client: FlaskClient, name: str, text: str) -> None:
    said = {"category": "ENV", "text": "x", "lon": 109.03, "lat": 32.69, name: text}
    problem(posted(client, json.dumps(said)), 422, "invalid_request")


@pytest.mark.parametrize("text", HOSTILE)
def test_addresses(client: FlaskClient, text: str) -> None:
    start = time.process_time()
    said: dict[str, Any] = {"category": "ENV", "text": "x", "address": text[:200]}
    posted(client, json.dumps(said))
    assert time.process_time() - start < SOON_S


@pytest.mark.parametrize(
    "text", ["1" * 200, "路" * 200, "1号" * 100, "-" * 200, "（" * 200, "１３９" * 60]
)
def test_searching_takes_no_longer_for_odd_texts(client: FlaskClient, text: str) -> None:
    start = time.process_time()
    harmless(client.get("/api/geocode", query_string={"q": text}))
    assert time.process_time() - start < SOON_S


@pytest.mark.parametrize(
    "path", ["/static/../config.py", "/static/%2e%2e/config.py", "/static//etc/passwd"]
)
def test_only_static_files_are_served(client: FlaskClient, path: str) -> None:
    answer = client.get(path, buffered=True)
    assert answer.status_code in (308, 404)
    assert b"root:" not in answer.data
    assert b"SHORTEST_KEY" not in answer.data


def test_a_redirect_stays_with_us(client: FlaskClient) -> None:
    for path in ("/api//district", "/evil.example//x", "/static//evil.example"):
        answer = client.get(path, buffered=True)
        where = answer.headers.get("Location", "/")
        assert where.startswith(("/", "http://localhost/"))
        assert not where.startswith("//")
