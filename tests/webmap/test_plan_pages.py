"""The pages of plans: from the secretary's draft over the street's desk to the worker's notice."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from apiflask import APIFlask
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from geodata.db import tables
from geodata.domain.roles import Role
from tests import signing
from tests.webmap.conftest import Store, problem, someone
from tests.webmap.test_redraws import HOME, begun, cells, sent, split
from webmap import times

__all__ = ["cells"]


def pressed(client: FlaskClient, page: str, move: str, **said: str) -> Any:
    """The page after a button of a plan's page was pressed."""
    form = client.get(page).get_data(as_text=True)
    found = re.search(r'name="form_token" value="([^"]+)"', form)
    assert found is not None
    assert f'value="{move}"' in form
    told = {"form_token": found[1], "move": move, **said}
    return client.post(page, data=told, follow_redirects=True)


@pytest.fixture
def people(app: APIFlask, store: Store) -> tuple[FlaskClient, FlaskClient]:
    secretary = someone(app, store, "secretary", Role.SECRETARY, HOME)
    return secretary, someone(app, store, "street", Role.STREET, HOME[:9])


def test_a_plan_goes_from_page_to_page(
    people: tuple[FlaskClient, FlaskClient], cells: list[Any], store: Store, app: APIFlask
) -> None:
    secretary, street = people
    grid = max(cells, key=lambda cell: cell["shape"].area)
    number = begun(secretary).rpartition("/")[2]
    sent(secretary, f"/api/redraws/{number}/steps", intent=split(grid))
    page = f"/redraws/{number}"
    assert "已完成：交街道审批" in pressed(secretary, page, "submit").get_data(as_text=True)
    assert "已完成" not in secretary.get(page).get_data(as_text=True)
    assert street.get("/api/redraws/news").get_json()["waiting"] == {"submitted": 1}
    assert 'value="approve"' not in secretary.get(page).get_data(as_text=True)
    listed = street.get("/redraws?state=submitted").get_data(as_text=True)
    assert "春季调整" in listed
    assert "拆分 1" in listed
    _is_returned(street, page)
    _is_told(secretary)
    _is_answered(secretary, page)
    _is_judged_by_its_figures(street, page)
    shown = pressed(street, page, "approve").get_data(as_text=True)
    assert grid["code"] in shown
    assert "→" in shown
    _is_compared(street, page, grid["code"])
    asked = street.get(page).get_data(as_text=True)
    told = re.search(r"会通知 (\d+) 名网格员", asked)
    assert told is not None
    done = pressed(street, page, "publish").get_data(as_text=True)
    assert f"通知网格员 {told[1]} 人" in done
    tree = street.get(f"/grids/{grid['code']}").get_data(as_text=True)
    assert "地到哪里去" in tree
    assert "春季调整" in tree
    assert 'class="cell own"' in tree
    _the_worker_reads(app, store, grid["code"])
    taken = pressed(street, page, "rollback", name="撤").get_data(as_text=True)
    assert "已完成：撤回发布" in taken
    assert "撤回的方案：" in taken
    heard = secretary.get("/account/notices").get_data(as_text=True)
    assert [heard.count(f"<b>{done}</b>") for done in ("批准", "发布", "撤回发布")] == [1, 1, 1]
    undone = street.get(page).get_data(as_text=True)
    assert "已由这个方案撤回：" in undone
    assert "已发布</span>" not in undone


def _is_returned(street: FlaskClient, page: str) -> None:
    refused = pressed(street, page, "return", remarks=" ")
    assert refused.status_code == 409
    assert "请写明意见" in refused.get_data(as_text=True)
    back = pressed(street, page, "return", remarks="<b>先开居民会</b>").get_data(as_text=True)
    assert "&lt;b&gt;先开居民会" in back
    assert "为什么不改" not in back


def _is_told(secretary: FlaskClient) -> None:
    told = secretary.get("/api/redraws/news").get_json()
    assert told == {"waiting": {"returned": 1}, "unread": 1}
    assert "&lt;b&gt;先开居民会" in secretary.get("/account/notices").get_data(as_text=True)
    assert secretary.get("/api/redraws/news").get_json()["unread"] == 0


def _is_answered(secretary: FlaskClient, page: str) -> None:
    assert "为什么不改" in secretary.get(page).get_data(as_text=True)
    drawn = secretary.get(f"/api{page}").get_json()
    assert (drawn["owes_answer"], drawn["note"]) == (True, "")
    assert drawn["touches"] == [*drawn["preview"]["before"]]
    unmoved = pressed(secretary, page, "submit")
    assert (unmoved.status_code, "照意见改" in unmoved.get_data(as_text=True)) == (409, True)
    named = pressed(secretary, page, "name", name="秋季调整").get_data(as_text=True)
    assert "<h1>秋季调整" in named
    pressed(secretary, page, "name", name="春季调整")
    pressed(secretary, page, "submit", remarks="居民会开过了")
    pressed(secretary, page, "withdraw")
    drawn = secretary.get(f"/api{page}").get_json()
    assert (drawn["owes_answer"], drawn["note"]) == (False, "居民会开过了")
    kept = re.search(
        r'<textarea id="answer"[^>]*>([^<]*)<', secretary.get(page).get_data(as_text=True)
    )
    assert kept is not None
    pressed(secretary, page, "submit", remarks=kept[1])


def _is_judged_by_its_figures(street: FlaskClient, page: str) -> None:
    shown = street.get(page).get_data(as_text=True)
    assert shown.index("户</span>") < shown.index('value="approve"') < shown.index("<table")


def _is_compared(street: FlaskClient, page: str, code: str) -> None:
    beside = street.get(f"{page}/compare").get_data(as_text=True)
    assert beside.count('class="map" id="compare_') == 2
    figures = street.get(f"/api/redraws/{page.rpartition('/')[2]}/compare").get_json()
    assert code in figures["differing"]
    assert len(figures["still"]["features"]) > 5


def _the_worker_reads(app: APIFlask, store: Store, code: str) -> None:
    with store.sessions() as session:
        post = tables.post.c
        query = select(post.worker_id).join(tables.grid, tables.grid.c.id == post.grid_id)
        worker = session.scalars(query.where(tables.grid.c.code == code)).first()
        account = signing.account(session, "worker", Role.WORKER, "", worker_id=worker)
        held = signing.token(session, account)
        session.commit()
    reader = app.test_client()
    signing.put(reader, held)
    assert reader.get("/api/notices").get_json()["items"][0]["seen_at"] is None
    shown = reader.get("/account/notices").get_data(as_text=True)
    assert "网格调整：春季调整" in shown
    assert code in shown
    assert reader.get("/api/notices").get_json()["items"][0]["seen_at"] is not None


def test_a_link_is_read_by_whoever_sees_the_ground_and_by_nobody_else(
    people: tuple[FlaskClient, FlaskClient], cells: list[Any], store: Store, app: APIFlask
) -> None:
    secretary, _ = people
    url = begun(secretary)
    sent(secretary, f"{url}/steps", intent=split(cells[0]))
    page = f"/redraws/{url.rpartition('/')[2]}"
    checker = someone(app, store, "checker", Role.CHECKER, HOME)
    away = someone(app, store, "away", Role.SECRETARY, "610902001004")
    assert checker.get(url).get_json()["may"] == []
    assert 'method="post" action' not in checker.get(page).get_data(as_text=True)
    problem(checker.post(f"{url}/submit", json={}), 403, "not_allowed")
    for path in (url, f"{url}/impact", f"{url}/compare", f"{url}/conflict", f"{url}/history"):
        assert checker.get(path).status_code == 200, path
        problem(away.get(path), 404, "no_plan")
    assert away.get(page).status_code == 404


def test_a_plan_that_was_overtaken_says_by_what_and_is_drawn_anew(
    people: tuple[FlaskClient, FlaskClient], cells: list[Any]
) -> None:
    secretary, street = people
    grid = max(cells, key=lambda cell: cell["shape"].area)
    url, theirs = begun(secretary), begun(street)
    for client, plan in ((secretary, url), (street, theirs)):
        sent(client, f"{plan}/steps", intent=split(grid))
    sent(street, f"{theirs}/publish")
    told = problem(secretary.get(url), 409, "ground_changed")
    assert told["facts"]["by"] == ["street（街道管理员）"]
    (one,) = secretary.get(f"{url}/conflict").get_json()["items"]
    assert (one["grid"], one["by"], one["now"]["type"]) == (
        *(grid["code"], "street（街道管理员）", "MultiPolygon"),
    )
    page = f"/redraws/{url.rpartition('/')[2]}"
    shown = secretary.get(page).get_data(as_text=True)
    assert "别人改了什么" in shown
    assert secretary.get("/redraws").get_data(as_text=True).count("与现状冲突</span>") == 1
    assert shown.count("<svg viewBox") == 2
    anew = pressed(secretary, page, "rebase").get_data(as_text=True)
    assert "别人改了什么" not in anew
    assert "已完成：按现状重画" in anew


def test_ground_of_any_day_is_public_and_right(
    client: FlaskClient, resident: FlaskClient, cells: list[Any]
) -> None:
    grid = max(cells, key=lambda cell: cell["shape"].area)
    url = begun(client)
    sent(client, f"{url}/steps", intent=split(grid))
    at = sent(client, f"{url}/publish")["published_at"]
    for moment, more in (("2026-11-24", 0), (at, 1)):
        shown = resident.get("/api/history/grids", query_string={"at": moment, "community": HOME})
        assert len(shown.get_json()["features"]) == len(cells) + more
    first = resident.get(f"/api/history/moments?community={HOME}").get_json()["items"][0]
    assert first["at"] == at
    inner = grid["shape"].representative_point()
    where = {"lon": inner.x, "lat": inner.y, "at": "2026-11-24"}
    told = resident.get("/api/history/at", query_string=where).get_json()
    assert told["grid"] == grid["code"]
    problem(resident.get("/api/history/at?lon=109&lat=32&at=gestern1234"), 400, "time_unclear")


def test_a_grid_is_locked_and_unlocked(
    people: tuple[FlaskClient, FlaskClient], cells: list[Any]
) -> None:
    secretary, street = people
    code = cells[0]["code"]
    day = (datetime.now(UTC) + timedelta(days=30)).date().isoformat()
    wish = {"grid": code, "reason": "正在拆迁", "until": day}
    for never in ("9999-12-31T23:59:59Z", "2099-01-01"):
        problem(secretary.post("/api/locks", json={**wish, "until": never}), 409, "day_too_far")
    made = secretary.post("/api/locks", json=wish)
    assert made.status_code == 201
    told = problem(
        street.post(f"{begun(street)}/steps", json={"intent": split(cells[0])}), 422, "grid_held"
    )
    assert "正在拆迁" in told["title"]
    assert told["facts"]["place"]["type"] == "Polygon"
    other = street.post("/api/locks", json={"grid": cells[1]["code"], "reason": "施工"}).get_json()
    problem(secretary.post(f"/api/locks/{other['id']}/release", json={}), 409, "lock_of_another")
    assert street.post(f"/api/locks/{made.get_json()['id']}/release", json={}).status_code == 200
    assert [one["grid"] for one in street.get("/api/locks").get_json()["items"]] == [
        cells[1]["code"]
    ]


def test_the_days_tell_what_changed_and_by_whom(
    people: tuple[FlaskClient, FlaskClient], cells: list[Any], resident: FlaskClient
) -> None:
    _, street = people
    grid = max(cells, key=lambda cell: cell["shape"].area)
    url = begun(street)
    drawn = sent(street, f"{url}/steps", intent=split(grid))
    sent(street, f"{url}/publish")
    days = resident.get(f"/api/history/days?community={HOME}").get_json()
    assert [one["day"] for one in days["items"]] == ["2021-03-01", days["today"]]
    last = f"/api/history/days/{days['today']}"
    (told,) = street.get(last).get_json()["items"]
    assert (told["plan"]["name"], told["plan"]["by"]) == ("春季调整", "street（街道管理员）")
    how = {one["code"]: one["how"] for one in told["grids"]}
    assert how == {grid["code"]: "changed", **dict.fromkeys(drawn["preview"]["new"], "new")}
    assert {one["giver"] for one in told["handed"]} == {grid["code"]}
    (seen,) = resident.get(last).get_json()["items"]
    assert (seen["plan"], seen["handed"], len(seen["grids"])) == (None, [], len(how))
    (first,) = resident.get("/api/history/days/2021-03-01").get_json()["items"]
    assert (first["load"], first["count"], first["grids"]) == (True, 620, [])
    problem(resident.get("/api/history/days/2021-02-30"), 404, "no_page")
    page = resident.get(f"/history?community={HOME}&day=2021-03-01").get_data(as_text=True)
    assert f'data-community="{HOME}"' in page
    assert resident.get("/history?community=610902009999").status_code == 404


def test_communities_in_need_come_first(people: tuple[FlaskClient, FlaskClient]) -> None:
    _, street = people
    page = street.get("/redraw").get_data(as_text=True)
    assert "1 个网格户数偏多" in page
    assert page.index("东关社区") < page.index("西大街社区")
    assert "没有要处理的问题。" in page[page.index("西大街社区") :]


def test_the_last_moment_that_a_store_can_hold_is_shown() -> None:
    app = Flask(__name__)
    app.config["TIMEZONE"] = "Asia/Shanghai"
    with app.app_context():
        assert times.day(datetime.max.replace(tzinfo=UTC)) == "9999-12-31"
        assert times.moment(datetime.max.replace(tzinfo=UTC)) == "9999-12-31 23:59"
