"""The web's lesser role can do its work, and can change neither the trail nor the schema."""

from collections.abc import Iterator
from io import BytesIO

import pytest
from apiflask import APIFlask
from sqlalchemy import Engine, text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session, sessionmaker

from geodata.db import grants
from geodata.db.engine import make_engine
from geodata.services import audit
from geodata.services.audit import Deed, Who
from tests import signing
from webmap import create_app
from webmap.config import Config


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


@pytest.fixture
def app(web: Engine) -> Iterator[APIFlask]:
    """The application with the lesser role; what it does is undone."""
    config = Config("postgresql+psycopg://nobody@/nowhere", "k" * 40, field_key="f" * 40, rate=0)
    with web.connect() as connection, connection.begin() as outer:
        yield create_app(config, sessionmaker(connection, join_transaction_mode="create_savepoint"))
        outer.rollback()


def test_the_web_does_its_work_with_it(app: APIFlask) -> None:
    client = app.test_client()
    signing.put(client, signing.MANAGER)
    for path in ("/readyz", "/api/district", "/about", "/api/loads", "/exports/issues.csv"):
        assert client.get(path, buffered=True).status_code == 200
    listed = client.get("/api/issues?limit=200").get_json()["items"]
    assert len(listed) == 200
    assert client.get("/api/issues/counts").get_json()["all"] == 260
    cells = client.get("/api/layers/grids").get_json()["features"]
    assert sum(cell["properties"]["open_issues"] for cell in cells) > 0
    assert client.get(f"/issues/{listed[0]['id']}/certificate").status_code == 200


def test_a_resident_reports_and_follows_with_it(app: APIFlask) -> None:
    resident, manager = app.test_client(), app.test_client()
    signing.put(manager, signing.MANAGER)
    contact = {"name": "张三", "phone": "13912345678", "consent": True}
    said = {"category": "ENV", "text": "x", "lon": 109.03, "lat": 32.69, "contact": contact}
    sent = resident.post("/api/issues", json=said)
    assert sent.status_code == 201, sent.get_data(as_text=True)
    url = f"/api/issues/{sent.get_json()['id']}"
    assert len(resident.get(url).get_json()["events"]) == 1
    assert resident.get(f"{url}/contact").status_code == 401
    assert len(manager.get(f"{url}/contact").get_json()["facts"]) == 2
    assert manager.post(f"{url}/contact", json={"reason": "回访核实"}).status_code == 200


def test_files_are_taken_in_and_corrected_with_it(app: APIFlask) -> None:
    manager = app.test_client()
    signing.put(manager, signing.MANAGER)
    for _ in range(2):
        file = {"file": (BytesIO("工单编号,诉求内容\n1,x".encode()), "t.csv")}
        sent = manager.post("/api/imports", data=file)
        assert sent.status_code == 202, sent.get_data(as_text=True)
        roads = {"file": (BytesIO(b"{}"), "r.geojson"), "kind": "roads"}
        assert manager.post("/api/loads", data=roads).status_code == 202
    assert manager.get(f"/api/imports/{sent.get_json()['id']}/refused").status_code == 200
    wrong = manager.put("/api/imports/1/refused/1", json={"a": "b"})
    assert wrong.status_code == 404


def test_a_plan_is_drawn_published_and_taken_back_with_it(app: APIFlask) -> None:
    manager = app.test_client()
    signing.put(manager, signing.MANAGER)
    begun = manager.post("/api/redraws", json={"community": "610902001003", "name": "合并"})
    assert begun.status_code == 201, begun.get_data(as_text=True)
    url = f"/api/redraws/{begun.get_json()['public_id']}"
    retired = {"op": "retire", "grid": "610902001003001"}
    drawn = manager.post(f"{url}/steps", json={"intent": retired})
    assert drawn.status_code == 200, drawn.get_data(as_text=True)
    told = drawn.get_json()["preview"]
    done = manager.post(f"{url}/publish", json={})
    assert done.status_code == 200, done.get_data(as_text=True)
    report = done.get_json()["report"]
    assert report["retired"] == told["retired"] == ["610902001003001"]
    assert (report["issues"], report["buildings"]) == (len(told["issues"]), len(told["buildings"]))
    back = manager.post(f"{url}/rollback", json={"name": "撤回"})
    assert back.status_code == 200, back.get_data(as_text=True)
    assert back.get_json()["report"]["buildings"] == report["buildings"] > 0
