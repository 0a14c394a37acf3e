"""Visits as those tell of them who go: their own grids only, and never one that is no more."""

from __future__ import annotations

import re
from html import unescape

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from geodata.db import tables
from geodata.domain.roles import Role
from tests.webmap.conftest import Store, someone

OWN, OTHER = "610902002011001", "610902002011002"
TOKEN = re.compile(r'name="form_token" value="([^"]+)"')


def visited(client: FlaskClient, code: str) -> int:
    page = client.get("/account").get_data(as_text=True)
    token = TOKEN.search(page)
    assert token
    form = {"form_token": token[1], "day": "", "note": "去过"}
    return client.post(f"/grids/{code}/visits", data=form).status_code


@pytest.mark.parametrize("role", [Role.WORKER, Role.GROUP_LEADER, Role.SECRETARY])
def test_whoever_goes_tells_of_own_grids_only(app: APIFlask, store: Store, role: Role) -> None:
    scope = "610902002011" if role is Role.SECRETARY else OWN
    held = select(tables.post.c.worker_id).join(tables.grid).where(tables.grid.c.code == OWN)
    worker = store.connection.execute(held.limit(1)).scalar_one()
    client = someone(app, store, "goes", role, scope, worker_id=worker)
    assert visited(client, OWN) == 303
    page = client.get(f"/grids/{OWN}").get_data(as_text=True)
    assert f'action="/grids/{OWN}/visits"' in page
    assert "去过" in page
    assert visited(client, OTHER) == (303 if role is Role.SECRETARY else 404)
    assert visited(client, "610902001001001") == 404


def test_a_refused_day_comes_back_beside_the_form_with_all_that_was_typed(
    client: FlaskClient,
) -> None:
    token = TOKEN.search(client.get(f"/grids/{OWN}").get_data(as_text=True))
    assert token
    form = {"form_token": token[1], "day": "2099-01-01", "note": "门 < 锁着", "kind": "grid_quiet"}
    answer = client.post(f"/grids/{OWN}/visits", data=form)
    assert answer.status_code == 409
    page = unescape(answer.get_data(as_text=True))
    shown = page[page.index('<form class="visit"') :]
    shown = shown[: shown.index("</form>")]
    assert "走访的日子“2099-01-01”不对" in shown
    for name in ("day", "note", "kind"):
        assert re.search(rf'name="{name}"[^>]* value="{form[name]}"', shown), shown
    assert "还没有记过走访" in page
    again = client.post(f"/grids/{OWN}/visits", data={**form, "day": "2026-11-20"})
    assert "done=visited" in again.headers["Location"]
    assert client.get(f"/grids/{OWN}/visits").headers["Location"] == f"/grids/{OWN}#visits"


def test_others_cannot_tell_of_visits(app: APIFlask, store: Store) -> None:
    checker = someone(app, store, "checker2", Role.CHECKER)
    assert visited(checker, OWN) == 403
    assert "/visits" not in checker.get(f"/grids/{OWN}").get_data(as_text=True)


def test_a_grid_that_is_no_more_is_not_visited(client: FlaskClient, store: Store) -> None:
    grid = tables.grid
    gone = update(grid).where(grid.c.code == OWN).values(retired_at=func.now())
    store.connection.execute(gone)
    assert visited(client, OWN) == 404
    assert store.connection.execute(select(tables.grid_visit)).all() == []
