"""Gaps of service are closed from the list by the web's lesser role, and are gone at once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Connection, Engine, text
from sqlalchemy.orm import sessionmaker

from tests import signing
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
