"""The web's lesser role can do its work, and can change neither the trail nor the schema."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
import shapely
from apiflask import APIFlask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import Engine, text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session, sessionmaker

from geodata.db import bulletins, grants, ground, scoping
from geodata.db.engine import make_engine
from geodata.db.scoping import WHOLE
from geodata.domain import lattice, plain
from geodata.services import audit, redraws, suggestion_jobs
from geodata.services.audit import Deed, Who
from tests import signing
from webmap.app import create_app
from webmap.config import Config

HOME = "610902001003"
NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def web(loaded: Engine, web_role: str) -> Iterator[Engine]:
    """Connections of the lesser role to the demo district."""
    url = loaded.url.set(username=web_role).render_as_string(hide_password=False)
    engine = make_engine(url, pool_size=4)
    yield engine
    engine.dispose()


def test_granting_again_changes_nothing(loaded: Engine, web_role: str) -> None:
    grants.grant(loaded, web_role)


REFUSED = [
    "update audit_entry set actor = 'x'",
    "delete from audit_entry",
    "truncate audit_entry",
    "insert into audit_entry (number, action) values (1, 'key.rotate')",
    "insert into audit_entry (at, action) values (now(), 'key.rotate')",
    "alter table audit_entry disable trigger all",
    "update issue_event set note = 'x'",
    "delete from issue_event",
    "delete from contact",
    "delete from bulletin",
    "update bulletin set title = 'x'",
    "update contact set key_id = 'x'",
    "update alembic_version set version_num = '0000'",
    "create table mine (id int)",
    "drop table issue",
    "truncate issue",
    "set session_replication_role = replica",
]


@pytest.mark.parametrize("statement", REFUSED)
def test_what_it_may_not(web: Engine, statement: str) -> None:
    with web.connect() as connection, pytest.raises(ProgrammingError, match=r"permission|owner"):
        connection.execute(text(statement))


def test_what_it_may(web: Engine) -> None:
    with Session(web) as session:
        number = audit.record(session, Who("secretary:7"), Deed("export.file"))
        assert number >= 1
        assert audit.verify(session).broken is None
        session.rollback()


@pytest.fixture(scope="module")
def rebound() -> sessionmaker[Session]:
    """Sessions whose connection each test puts in place."""
    return sessionmaker(join_transaction_mode="create_savepoint")


@pytest.fixture
def sessions(web: Engine, rebound: sessionmaker[Session]) -> Iterator[sessionmaker[Session]]:
    """Sessions of the lesser role that share one transaction, undone at the end."""
    with web.connect() as connection, connection.begin() as outer:
        rebound.configure(bind=connection)
        yield rebound
        outer.rollback()


@pytest.fixture(scope="module")
def app(rebound: sessionmaker[Session]) -> APIFlask:
    """The application with the lesser role, which makes its index of addresses once."""
    config = Config("postgresql+psycopg://nobody@/nowhere", "k" * 40, field_key="f" * 40, rate=0)
    return create_app(config, rebound)


@pytest.fixture
def manager(app: APIFlask, sessions: sessionmaker[Session]) -> FlaskClient:
    """The district's manager at that application."""
    del sessions
    client = app.test_client()
    signing.put(client, signing.MANAGER)
    return client


def test_the_web_does_its_work_with_it(manager: FlaskClient) -> None:
    client = manager
    for path in ("/readyz", "/api/district", "/about", "/api/loads", "/exports/issues.csv"):
        assert client.get(path, buffered=True).status_code == 200
    listed = client.get("/api/issues?limit=200").get_json()["items"]
    assert len(listed) == 200
    assert client.get("/api/issues/counts").get_json()["all"] == 260
    cells = client.get("/api/layers/grids").get_json()["features"]
    assert sum(cell["properties"]["open_issues"] for cell in cells) > 0
    assert client.get(f"/issues/{listed[0]['id']}/certificate").status_code == 200


def test_a_resident_reports_and_follows_with_it(app: APIFlask, manager: FlaskClient) -> None:
    resident = app.test_client()
    contact = {"name": "张三", "phone": "13912345678", "consent": True}
    said = {"category": "ENV", "text": "x", "lon": 109.03, "lat": 32.69, "contact": contact}
    sent = resident.post("/api/issues", json=said)
    assert sent.status_code == 201, sent.get_data(as_text=True)
    url = f"/api/issues/{sent.get_json()['id']}"
    assert len(resident.get(url).get_json()["events"]) == 1
    assert resident.get(f"{url}/contact").status_code == 401
    assert len(manager.get(f"{url}/contact").get_json()["facts"]) == 2
    assert manager.post(f"{url}/contact", json={"reason": "回访核实"}).status_code == 200


def test_files_are_taken_in_and_corrected_with_it(manager: FlaskClient) -> None:
    for _ in range(2):
        file = {"file": (BytesIO("工单编号,诉求内容\n1,x".encode()), "t.csv")}
        sent = manager.post("/api/imports", data=file)
        assert sent.status_code == 202, sent.get_data(as_text=True)
        roads = {"file": (BytesIO(b"{}"), "r.geojson"), "kind": "roads"}
        assert manager.post("/api/loads", data=roads).status_code == 202
    assert manager.get(f"/api/imports/{sent.get_json()['id']}/refused").status_code == 200
    wrong = manager.put("/api/imports/1/refused/1", json={"a": "b"})
    assert wrong.status_code == 404


def test_a_plan_is_drawn_published_and_taken_back_with_it(manager: FlaskClient) -> None:
    begun = manager.post("/api/redraws", json={"community": "610902001003", "name": "合并"})
    assert begun.status_code == 201, begun.get_data(as_text=True)
    url = f"/api/redraws/{begun.get_json()['public_id']}"
    retired = {"op": "retire", "grid": "610902001003001"}
    told = did(manager, f"{url}/steps", intent=retired)["preview"]
    done = manager.post(f"{url}/publish", json={})
    assert done.status_code == 200, done.get_data(as_text=True)
    report = done.get_json()["report"]
    assert report["retired"] == told["retired"] == ["610902001003001"]
    assert (report["issues"], report["buildings"]) == (len(told["issues"]), len(told["buildings"]))
    assert manager.get("/account/notices").status_code == 200
    assert manager.get("/api/redraws/news").get_json() == {"waiting": {}, "unread": 0}
    back = manager.post(f"{url}/rollback", json={"name": "撤回"})
    assert back.status_code == 200, back.get_data(as_text=True)
    assert back.get_json()["report"]["buildings"] == report["buildings"] > 0


def did(client: FlaskClient, url: str, **body: Any) -> Any:
    answer = client.post(url, json=body)
    if answer.status_code == 422 and answer.get_json()["code"] == "buildings_cut":
        yes = answer.get_json()["facts"]["remedy"]["changes"]
        said = (
            {**body, "intent": {**body["intent"], **yes}} if "intent" in body else {**body, **yes}
        )
        answer = client.post(url, json=said)
    assert answer.status_code in (200, 201, 202), answer.get_data(as_text=True)
    return answer.get_json()


def begun(client: FlaskClient, home: str = HOME) -> str:
    made = did(client, "/api/redraws", community=home, name="调整")
    return f"/api/redraws/{made['public_id']}"


def largest(sessions: sessionmaker[Session]) -> Any:
    with sessions() as session:
        own = [row for row in ground.present(session) if row["community_code"] == HOME]
    return max((row for row in own if row["code"]), key=lambda row: row["shape"].area)


@pytest.mark.parametrize(
    ("deed", "status", "code"),
    [
        ("update issue set closed_at = '2030-01-01' where not is_open", 409, "guarded"),
        ("delete from issue", 500, "http_500"),
    ],
)
def test_what_a_guard_refuses_is_a_refusal_and_a_missing_right_a_mistake(
    manager: FlaskClient, monkeypatch: pytest.MonkeyPatch, deed: str, status: int, code: str
) -> None:
    url = begun(manager)
    monkeypatch.setattr(redraws, "rename", lambda session, *_: session.execute(text(deed)))
    answer = manager.post(f"{url}/name", json={"name": "新名"})
    assert (answer.status_code, answer.get_json()["code"]) == (status, code)


def test_what_did_not_fit_is_kept_and_tried_again_with_it(manager: FlaskClient) -> None:
    grid, other = f"{HOME}002", f"{HOME}003"
    url, theirs = begun(manager), begun(manager)
    did(manager, f"{url}/steps", intent={"op": "retire", "grid": grid})
    did(manager, f"{theirs}/steps", intent={"op": "retire", "grid": other})
    did(manager, f"{theirs}/steps", intent={"op": "retire", "grid": grid})
    did(manager, f"{theirs}/publish")
    (lost,) = did(manager, f"{url}/rebase")["lost"]
    assert (lost["op"], lost["grids"]) == ("retire", [grid])
    assert manager.get(url).get_json()["left_out"] == [lost]
    refused = manager.post(f"{url}/left-out/{lost['number']}", json={})
    assert (refused.status_code, refused.get_json()["code"]) == (422, "no_such_grid")
    did(manager, f"{theirs}/rollback", name="撤回")
    drawn = did(manager, f"{url}/left-out/{lost['number']}")
    assert (drawn["steps"], drawn["left_out"]) == (1, [])
    assert did(manager, f"{url}/left-out", numbers=[lost["number"]]) == {"left_out": []}


def test_new_grids_are_published_and_taken_back_with_it(
    manager: FlaskClient, sessions: sessionmaker[Session]
) -> None:
    url, grid = begun(manager), largest(sessions)
    west, south, east, north = grid["shape"].bounds
    middle = (west + east) / 2 + 1e-6
    line = [[middle, south - 1e-3], [middle, north + 1e-3]]
    split = {"op": "split", "grid": grid["code"], "parts": 8, "line": line}
    did(manager, f"{url}/steps", intent=split)
    spot = shapely.box(*shapely.box(west, south, east, north).centroid.buffer(3e-4).bounds)
    area = plain.area_of(lattice.to_units(spot))
    did(manager, f"{url}/steps", intent={"op": "carve", "area": area, "pieces": True})
    did(manager, f"{url}/steps", intent={"op": "close", "grid": f"{HOME}001"})
    drawn = did(manager, f"{url}/steps", intent={"op": "fill", "community": HOME, "new": True})
    done = did(manager, f"{url}/publish")
    assert sorted(done["report"]["codes"].values()) == drawn["preview"]["new"]
    assert len(drawn["preview"]["new"]) >= 3
    back = did(manager, f"{url}/rollback", name="撤回")
    assert sorted(back["report"]["retired"]) == drawn["preview"]["new"]
    again = largest(sessions)
    assert again["shape"].equals(grid["shape"])


def test_plans_are_judged_locked_out_and_set_on_a_day_with_it(manager: FlaskClient) -> None:
    lock = did(manager, "/api/locks", grid=f"{HOME}002", reason="施工")
    url = begun(manager)
    intent = {"op": "retire", "grid": f"{HOME}002"}
    assert manager.post(f"{url}/steps", json={"intent": intent}).status_code == 422
    did(manager, f"/api/locks/{lock['id']}/release")
    did(manager, f"{url}/steps", intent=intent)
    for move in ("submit", "approve"):
        did(manager, f"{url}/{move}")
    day = (datetime.now(UTC) + timedelta(days=30)).date().isoformat()
    assert did(manager, f"{url}/schedule", at=day)["state"] == "scheduled"
    assert did(manager, f"{url}/unschedule")["state"] == "approved"
    assert did(manager, f"{url}/publish")["state"] == "published"
    assert manager.get("/api/notices").status_code == 200
    did(manager, "/api/notices/seen")


def test_a_suggestion_is_asked_for_and_accepted_with_it(
    manager: FlaskClient, sessions: sessionmaker[Session]
) -> None:
    job = did(manager, "/api/suggestions", community=HOME, kind="divide", number=9)
    with sessions() as session:
        scoping.tell(session.connection(), scoping.settings(WHOLE, None, all_files=True))
        suggestion_jobs.run(session, session, lambda: NOW, session.flush)
        session.commit()
    url = f"/api/suggestions/{job['public_id']}/accept"
    drawn = did(manager, url, alternative=0, name="九格")
    done = did(manager, f"/api/redraws/{drawn['public_id']}/publish")
    assert sorted(done["report"]["codes"].values()) == drawn["preview"]["new"]


def test_an_issue_is_moved_with_a_photo_and_its_ground_settled_with_it(
    app: APIFlask, manager: FlaskClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "MEDIA", str(tmp_path))
    out = BytesIO()
    Image.new("RGB", (40, 30), "#884").save(out, "JPEG")
    photo = manager.post("/api/photos", data={"file": (BytesIO(out.getvalue()), "a.jpg")})
    assert photo.status_code == 201, photo.get_data(as_text=True)
    said = {"category": "ENV", "text": "x", "lon": 109.03, "lat": 32.69}
    told = did(app.test_client(), "/api/issues", **said)
    url, key = f"/api/issues/{told['id']}", "a-key-of-the-clients-own-000"
    photos = [{"id": photo.get_json()["id"], "kind": "before"}]
    did(manager, f"{url}/steps", step="accept", key=f"{key}1", photos=photos)
    assert manager.get(f"/api/photos/{photos[0]['id']}", buffered=True).status_code == 200
    lies = did(manager, f"{url}/ground", lon=109.031, lat=32.69, note="界址", key=f"{key}2")
    assert lies["grid_code"]


def test_a_plan_that_closes_a_gap_is_begun_with_it(manager: FlaskClient) -> None:
    found = manager.get("/api/coverage?kind=building_uncovered").get_json(force=True)
    gap = found["features"][0]["properties"]
    form = {"form_token": "form", "kind": gap["kind"], "code": gap["code"]}
    begun = manager.post("/coverage/drafts", data=form)
    assert begun.status_code == 303, begun.get_data(as_text=True)


def test_a_notice_is_published_once_with_it(
    manager: FlaskClient, sessions: sessionmaker[Session]
) -> None:
    form = {
        "form_token": "form",
        "key": str(uuid4()),
        "title": "停水",
        "text": "周六",
        "area": HOME,
    }
    for _ in range(2):
        answer = manager.post("/notices", data=form)
        assert answer.status_code == 303, answer.get_data(as_text=True)
    with sessions() as session:
        scoping.tell(session.connection(), scoping.settings(WHOLE, None, all_files=False))
        number = UUID(form["key"])
        kept = bulletins.one(session, number)
        assert kept is not None
        row = {"public_id": number, "kind": "notice", "title": "停水", "text": "周六"}
        row |= {"since": NOW, "created_at": NOW}
        assert bulletins.add(session, row) is None  # as if both had come at one moment


def test_what_changes_is_noted_whoever_changes_it(loaded: Engine, web: Engine) -> None:
    with loaded.begin() as connection:
        connection.execute(text("insert into issue_kept (begun, zone, version) values (0, 'x', 0)"))
    noted = text("select count(*) from issue_before")
    try:
        with web.connect() as connection, connection.begin() as outer:
            scoping.tell(connection, scoping.settings(WHOLE, None, all_files=False))
            change = "update issue set satisfaction = 'fair' where id = (select min(id) from issue"
            connection.execute(text(f"{change} where closed_at < now() - interval '9 days')"))
            assert connection.scalar(noted) == 1
            outer.rollback()
        with web.begin() as connection, pytest.raises(ProgrammingError, match="denied"):
            connection.execute(text("delete from issue_kept"))
    finally:
        with loaded.begin() as connection:
            connection.execute(text("delete from issue_kept"))
