"""Gaps of service are closed from the list by the web's lesser role, and are gone at once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Connection, Engine, text
from sqlalchemy.orm import Session, sessionmaker

from geodata.domain.roles import Role
from tests import signing
from tests.webmap.planting import LADEN
from webmap.app import create_app
from webmap.config import Config

FORM = re.compile(r'<form[^>]* action="([^"]+)" method="post">(.*?)</form>', re.DOTALL)
FIELD = re.compile(r'name="(\w+)"(?: [a-z]+="[^"]*")*? value="([^"]*)"')
FAR = text("""
    delete from place where kind = 'service'
        and id <> (select min(id) from place where kind = 'service')
""")


@pytest.fixture
def asked(loaded: Engine) -> Iterator[tuple[FlaskClient, Connection]]:
    """The district's manager at the application of the lesser role, and its connection."""
    with loaded.connect() as connection, connection.begin() as outer:
        sessions = sessionmaker(connection, join_transaction_mode="create_savepoint")
        config = Config("postgresql+psycopg://nobody@/nowhere", "k" * 40, field_key="f" * 40)
        client = create_app(config, sessions).test_client()
        signing.put(client, signing.MANAGER)
        yield client, connection
        outer.rollback()


def lessen(connection: Connection, role: str) -> None:
    connection.execute(text(f"set local role {role}"))


def gaps(client: FlaskClient, kind: str) -> list[dict[str, Any]]:
    answer = client.get(f"/api/coverage?kind={kind}").get_json(force=True)
    return [one["properties"] for one in answer["features"]]


def form(page: str, action: str) -> dict[str, str]:
    """The fields of the first form with an action."""
    body = next(body for where, body in FORM.findall(page) if where == action)
    return {name: unescape(value) for name, value in FIELD.findall(body)}


def test_a_station_is_added_where_people_walk_too_far(
    asked: tuple[FlaskClient, Connection], web_role: str
) -> None:
    client, connection = asked
    connection.execute(FAR)
    lessen(connection, web_role)
    gap = gaps(client, "far_from_station")[0]
    page = client.get("/coverage?kind=far_from_station").get_data(as_text=True)
    link = next(
        unescape(one) for one in re.findall(r'href="([^"]+)"', page) if gap["code"] in one
        and one.startswith("/coverage/stations/new")
    )  # fmt: skip
    fields = form(client.get(link).get_data(as_text=True), "/coverage/stations")
    assert abs(float(fields["lon"]) - gap["spot"][0]) < 1e-5
    bare = client.post("/coverage/stations", data={**fields, "name": " "})
    assert bare.status_code == 422
    assert "请写上服务点的名称" in bare.get_data(as_text=True)
    away = client.post("/coverage/stations", data={**fields, "name": "远站", "lon": "1"})
    assert away.status_code == 409
    foreign = client.post("/coverage/stations", data={**fields, "form_token": "x", "name": "站"})
    assert foreign.status_code in (400, 403)
    sent = client.post("/coverage/stations", data={**fields, "name": "新街党群服务站"})
    assert sent.status_code == 303, sent.get_data(as_text=True)
    listed = client.get(sent.headers["Location"]).get_data(as_text=True)
    assert "服务点加上了" in listed
    history = client.get("/coverage/history?kind=far_from_station").get_data(as_text=True)
    assert gap["code"] not in history, "which was never kept"
    assert gap["code"] not in {one["code"] for one in gaps(client, "far_from_station")}
    again = client.post("/coverage/stations", data={**fields, "name": "新街党群服务站"})
    assert again.status_code == 409


SILENT = text("""
    update building set residents = residents * 1000 where grid_id = (
        select grid_id from building where residents > 0 and grid_id is not null
        order by building.id limit 1)
""")
"""So many live in one grid that it should report something every hour."""


EARLY = (datetime.now(UTC) - timedelta(days=300)).date()


def test_a_quiet_grid_that_was_visited_is_quiet_no_more(
    asked: tuple[FlaskClient, Connection], web_role: str
) -> None:
    client, connection = asked
    assert gaps(client, "grid_quiet") == []
    connection.execute(SILENT)
    lessen(connection, web_role)
    code = gaps(client, "grid_quiet")[0]["code"]
    where = f"/grids/{code}/visits"
    page = client.get("/coverage?kind=grid_quiet").get_data(as_text=True)
    assert "没有诉求，也没有走访" in page
    assert f'href="/people/grids/{code}"' in page
    fields = form(page, where)
    for day in ("2026-13-01", "昨天", "2100-01-01", "1999-01-01"):
        refused = client.post(where, data={**fields, "day": day})
        assert refused.status_code == 409
        assert f"走访的日子“{day}”不对" in refused.get_data(as_text=True)
    assert len(gaps(client, "grid_quiet")) == 1
    early = client.post(where, data={**fields, "day": EARLY.isoformat()})
    page = client.get(early.headers["Location"]).get_data(as_text=True)
    assert "缺口还在清单里" in page
    told = {**fields, "note": "<b>敲门</b>都有人，电话 13800138000"}
    for said in (told, {**told, "note": ""}):
        answer = client.post(where, data=said)
        assert answer.status_code == 303
        assert answer.headers["Location"].startswith("/coverage?")
    page = client.get(answer.headers["Location"]).get_data(as_text=True)
    assert "走访记下了" in page
    assert gaps(client, "grid_quiet") == []
    kept = client.get(f"/grids/{code}").get_data(as_text=True)
    assert kept.count("&lt;b&gt;敲门&lt;/b&gt;都有人") == 1
    assert "13800138000" not in kept
    assert client.post("/grids/000000000000000/visits", data=fields).status_code == 404


def secretary(client: FlaskClient, connection: Connection, home: str) -> FlaskClient:
    """The browser of somebody who appoints in a community alone."""
    with Session(connection, join_transaction_mode="create_savepoint") as session:
        number = signing.account(session, f"secretary-{home}", Role.SECRETARY, home)
        held = signing.token(session, number)
        session.commit()
    browser = client.application.test_client()
    signing.put(browser, held)
    return browser


def away(connection: Connection, home: str) -> str:
    """Another community."""
    found = text("select min(code) from community where code <> :home")
    return str(connection.scalar(found, {"home": home}))


def serving(connection: Connection, grid: str) -> list[Any]:
    """Who has had a post in a grid, and whether it stands."""
    told = text("""
        select worker_id, upper_inf(during) from post join grid on grid.id = grid_id
        where code = :grid order by upper_inf(during), post.id
    """)
    return [tuple(row) for row in connection.execute(told, {"grid": grid})]


def test_a_laden_worker_hands_a_grid_over(
    asked: tuple[FlaskClient, Connection], web_role: str
) -> None:
    client, connection = asked
    kind, where = "worker_overloaded", "/coverage/workers/hand-over"
    laden, home = connection.execute(LADEN).one()
    outsider = secretary(client, connection, away(connection, home))
    other = connection.scalar(
        text("select min(id) from grid_worker where id <> :laden"), {"laden": laden}
    )
    lessen(connection, web_role)
    fields = form(client.get(f"/coverage?kind={kind}").get_data(as_text=True), where)
    assert fields["code"] == str(laden)
    grid = fields["grid"]
    before = serving(connection, grid)
    for wrong, status, said in (
        ({"grid": "999999999999"}, 409, "接不下"),
        ({"worker": str(laden)}, 409, "接不下"),
        ({"worker": "x"}, 400, ""),
        ({"code": str(other)}, 404, "已经补上"),
        ({"form_token": "x"}, 403, ""),
    ):
        refused = client.post(where, data={**fields, **wrong})
        assert (refused.status_code, said in refused.get_data(as_text=True)) == (status, True)
    assert outsider.post(where, data=fields).status_code == 404
    assert serving(connection, grid) == before, "nothing of what was refused is done"
    sent = client.post(where, data=fields)
    assert sent.status_code == 303, sent.get_data(as_text=True)
    shown = client.get(sent.headers["Location"]).get_data(as_text=True)
    assert "网格交接好了，这个缺口已经补上" in shown
    assert where not in shown, "the gap is gone"
    again = client.post(where, data=fields)
    assert again.status_code == 404
    assert "这个缺口已经补上了" in again.get_data(as_text=True)
    assert serving(connection, grid) == [(laden, False), (int(fields["worker"]), True)]
    connection.execute(text("reset role"))
    entered = connection.execute(
        text("select subject_id, detail from audit_entry where action = 'post.hand_over'")
    ).all()
    (entry,) = entered
    assert (entry.subject_id, entry.detail["duty"]) == (grid, "lead")
