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
