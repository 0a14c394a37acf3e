"""The threats to this product, row by row, and the tests that hold against each.

T1  text run as a template        test_hostile_text, browser/test_hostile, test_elements
T2  scripts stored in texts       test_hostile_text, browser/test_hostile; here: texts in the trail
T3  records of others             here: no write without its entry; scope comes with accounts
T4  personal data getting out     test_contacts, test_issues, test_certificates, test_exports,
                                  domain/test_privacy, services/test_imports
T5  telling who somebody is       test_issues (random ids); coarse places come with the issue desk
T6  formulas in exports           services/test_exports, test_imports
T7  hostile files                 files/test_sandbox, files/test_layers, files/test_workbook
T8  hostile shapes, swapped axes  services/test_loads, domain/test_quality, test_hostile_input
T9  SQL in parameters             test_hostile_input, test_ogc, test_fuzz
T10 too much of anything          test_limits, test_hostile_input, test_queries
T11 sign-in                       here: no foreign redirect; test_policy (other sites' pages),
                                  scripts/test_setup (keys); the rest comes with accounts
T12 requests made for a stranger  test_basemaps, files/test_layers (no driver opens a socket)
T13 paths                         test_hostile_input, services/test_imports (names)
T14 facts tampered with           db/test_audit, db/test_grants, db/test_guard, test_certificates
T15 lost or mixed data            services/test_imports, services/test_loads, test_down
T16 insiders taking data out      here: exports and looks are entered; test_contacts
"""

import ast
from pathlib import Path

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient

from geodata.domain.roles import Role
from geodata.services import audit
from geodata.services.audit import Deed, Wanted, Who
from tests.webmap.conftest import Store, problem, someone
from tests.webmap.routes import walked

WEB = Path(__file__).parents[2] / "webmap"
HOSTILE = (
    "<script>alert(1)</script>",
    "{{7*191}}",
    "\u202e<img src=x onerror=alert(1)>",
    "'\"><b>",
)


OWN = {"limits.py": ["session.commit"], "guard.py": ["own.commit"]}
"""Where something else is kept: how often one asks, and that a session is in use."""


def entries(store: Store) -> list[tuple[object, ...]]:
    with store.sessions() as session:
        rows, _ = audit.page(session, Wanted(), None, 50)
        return [(r["action"], r["actor"], r["subject_kind"], r["result"]) for r in rows]


def test_no_door_commits_but_with_its_entry() -> None:
    for path in WEB.rglob("*.py"):
        if (path.name == "deeds.py" and path.parent == WEB) or "node_modules" in path.parts:
            continue
        nodes = ast.walk(ast.parse(path.read_text("utf-8")))
        called = {ast.unparse(node.func) for node in nodes if isinstance(node, ast.Call)}
        committed = {name for name in called if name.endswith(".commit")}
        own = [*OWN.get(path.name, ()), "deeds.commit"]
        assert committed <= set(own), path


def test_what_is_taken_out_or_looked_at_is_entered(client: FlaskClient, store: Store) -> None:
    number = client.get("/api/issues?limit=1").get_json()["items"][0]["id"]
    assert client.get(f"/issues/{number}/certificate").status_code == 200
    assert client.get("/exports/streets.csv?crs=GCJ02", buffered=True).status_code == 200
    client.post("/api/issues", json={"category": "ENV", "text": "x", "lon": 109.03, "lat": 32.69})
    assert entries(store) == [
        ("issue.report", "manager", "issue", "done"),
        ("export.file", "manager", "layer", "done"),
        ("certificate.view", "manager", "issue", "done"),
    ]


def test_a_resident_leaves_no_address_in_the_trail(resident: FlaskClient, store: Store) -> None:
    resident.post("/api/issues", json={"category": "ENV", "text": "x", "lon": 109.03, "lat": 32.69})
    assert entries(store) == []


def test_what_an_official_was_denied_is_entered(client: FlaskClient, store: Store) -> None:
    away = {"Origin": "https://elsewhere.example"}
    problem(client.post("/api/issues", json={}, headers=away), 403, "foreign_page")
    assert entries(store) == [("access.deny", "manager", None, "refused")]


def test_the_trail_is_for_the_auditor_alone(
    resident: FlaskClient, client: FlaskClient, app: APIFlask, store: Store
) -> None:
    problem(resident.get("/api/audit"), 401, "sign_in_needed")
    keeper = someone(app, store, "keeper", Role.ADMINISTRATOR)
    for other in (client, keeper):
        problem(other.get("/api/audit"), 403, "not_allowed")
        problem(other.get("/audit"), 403, "not_allowed")


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_stand_in_the_trail_as_texts(
    auditor: FlaskClient, store: Store, text: str
) -> None:
    with store.sessions() as session:
        audit.record(
            session, Who(text, None, text), Deed("export.file", (text, text), detail={text: text})
        )
        session.commit()
    shown = auditor.get("/audit", headers={"Accept": "text/html"}).get_data(as_text=True)
    assert "<script>alert" not in shown
    assert "<img src=x" not in shown
    assert "1337" not in shown
    assert auditor.get("/api/audit").get_json()["items"][0]["actor"] == text


def test_the_trail_is_narrowed_and_paged(auditor: FlaskClient, store: Store) -> None:
    with store.sessions() as session:
        for n in range(5):
            audit.record(session, Who(f"a{n % 2}"), Deed("export.file", ("layer", str(n))))
        session.commit()
    first = auditor.get("/api/audit?limit=3").get_json()
    second = auditor.get(f"/api/audit?limit=3&before={first['next']}").get_json()
    numbers = [item["number"] for item in (*first["items"], *second["items"])]
    assert numbers == sorted(numbers, reverse=True)
    assert second["next"] is None
    assert len(auditor.get("/api/audit?actor=a1").get_json()["items"]) == 2
    assert len(auditor.get("/api/audit?subject=layer:3").get_json()["items"]) == 1
    assert auditor.get("/api/audit?until=2020-01-01").get_json()["items"] == []
    page = auditor.get("/audit?limit=3&actor=a0", headers={"Accept": "text/html"})
    assert page.headers["Cache-Control"] == "no-store"
    assert page.get_data(as_text=True).count("<tr") == 4
    for bad in ("limit=0", "limit=201", "before=0", "since=x", "action=%27", "before=1e99"):
        problem(auditor.get(f"/api/audit?{bad}"), 422, "invalid_request")


AWAY = ("//elsewhere.example", "/\\elsewhere.example", "https://elsewhere.example")


@pytest.mark.parametrize("away", AWAY)
def test_nobody_is_led_elsewhere(
    client: FlaskClient, app: APIFlask, store: Store, away: str
) -> None:
    for route in walked(app, store):
        if "GET" not in route.methods or route.rule.startswith(("/exports", "/tiles")):
            continue
        mark = "&" if "?" in route.url else "?"
        for url in (f"{route.url}{mark}next={away}", f"{away}{route.url}"):
            told = client.get(url, buffered=True, base_url="http://localhost/")
            assert "elsewhere" not in told.headers.get("Location", ""), url
