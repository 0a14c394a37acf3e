"""Where there are more grids than come at once: those of a box, and what a plan has changed."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.orm import Session

from geodata.db import issues
from geodata.db.scoping import Ground
from geodata.services import district, grid_history
from geodata.services.district import summary
from tests.webmap.conftest import Store

WHEN = "2026-11-20T00:00:00+08:00"


def test_history_tells_a_box_and_first_what_a_plan_changed_anywhere(
    client: FlaskClient, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def asked(**query: Any) -> dict[str, Any]:
        answer = client.get("/api/history/grids", query_string={"at": WHEN, **query})
        assert answer.status_code == 200
        return dict(answer.get_json())

    whole = asked()
    assert (len(whole["features"]), whole["truncated"]) == (620, False)
    some = whole["features"][400]
    x, y = some["geometry"]["coordinates"][0][0][:2]
    while isinstance(x, list):
        x, y = x
    near = asked(bbox=f"{x},{y},{x},{y}")
    codes = [one["properties"]["code"] for one in near["features"]]
    assert some["properties"]["code"] in codes
    assert len(codes) < 20
    monkeypatch.setattr(grid_history, "MOST_GRIDS", 5)
    few = asked()
    assert (len(few["features"]), few["truncated"]) == (5, True)
    home = asked(community=some["properties"]["community"])
    assert len(home["features"]) > 5
    _published(store, some["properties"]["code"])
    told = asked(since="2021-01-01")
    assert some["properties"]["code"] in [one["properties"]["code"] for one in told["features"]]


def _published(store: Store, code: str) -> None:
    """As if a plan had given this grid its ground."""
    store.connection.execute(text("set local session_replication_role = replica"))
    store.connection.execute(
        text("""
            with plan as (
                insert into redraw_plan
                    (community_code, name, author, base, created_at, changed_at)
                select community_code, '划', 'x', '{}', now(), now() from grid where code = :code
                returning id
            ) update boundary set plan_id = (select id from plan)
            where grid_id = (select id from grid where code = :code)
        """),
        {"code": code},
    )


def test_totals_say_of_what_there_are_more(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    session = Session(store.connection)
    one = Ground(handed=frozenset({"城管"}))
    assert "issues_at_least" not in summary(session)
    monkeypatch.setattr(issues, "MOST_COUNTED", 0)
    store.connection.execute(text("update issue set handler = '城管' where id % 9 = 0"))
    told = district.summary(session, one)
    assert "closed" in told["issues_at_least"]
    assert "issues_at_least" not in district.summary(session)


def test_the_grids_of_a_community_come_whatever_their_codes(client: FlaskClient) -> None:
    home = "610902002012"
    answer = client.get(f"/api/coverage/areas?tier=grid&area={home}").get_json()
    assert answer["home"] == home
    query = f"/api/layers/grids?figures=false&community={home}"
    drawn = client.get(query).get_json(force=True)["features"]
    codes = [one["properties"]["code"] for one in drawn]
    assert codes == [one["code"] for one in answer["items"]]
    west, south, east, north = answer["box"]
    x, y = drawn[0]["properties"]["label"]
    assert west < x < east
    assert south < y < north
