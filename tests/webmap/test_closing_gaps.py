"""Gaps of service are closed from the list by the web's lesser role, and are gone at once."""

from __future__ import annotations

import re
from collections.abc import Iterator
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
