"""Plans by the API: an oversized grid is split along a line, looked at, published, taken back."""

from __future__ import annotations

from typing import Any

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from shapely.geometry import shape
from sqlalchemy import Engine, select, text

from geodata.db import ground, tables
from geodata.domain.roles import Role
from geodata.services import audit
from geodata.services.audit import Wanted
from tests.webmap.conftest import Store, problem, someone

HOME = "610902001003"
NEIGHBOUR = "610902001004"


@pytest.fixture
def cells(store: Store) -> list[Any]:
    with store.sessions() as session:
        rows = ground.present(session)
    return [r for r in rows if r["community_code"] == HOME and r["kind"] != "uncovered"]


def begun(client: FlaskClient, community: str = HOME) -> str:
    answer = client.post("/api/redraws", json={"community": community, "name": "春季调整"})
    assert answer.status_code == 201
    return f"/api/redraws/{answer.get_json()['public_id']}"


def split(cell: Any, reach: float = 1e-3) -> dict[str, Any]:
    """Cut a cell from north to south through the middle of its box."""
    west, south, east, north = cell["shape"].bounds
    middle = (west + east) / 2 + 1e-6
    ends = [[middle, south - reach], [middle, north + reach]]
    return {"op": "split", "grid": cell["code"], "parts": 8, "line": ends}


def sent(client: FlaskClient, url: str, **body: Any) -> Any:
    answer = client.post(url, json=body)
    if answer.status_code == 422 and answer.get_json()["code"] == "buildings_cut":
        changes = answer.get_json()["facts"]["remedy"]["changes"]
        answer = client.post(url, json={**body, "intent": {**body["intent"], **changes}})
    assert answer.status_code == 200, answer.get_json()
    return answer.get_json()


def test_a_grid_is_split_published_and_put_together_again(
    client: FlaskClient, store: Store, cells: list[Any]
) -> None:
    url, grid = begun(client), max(cells, key=lambda cell: cell["shape"].area)
    drawn = sent(client, f"{url}/steps", intent=split(grid))
    preview = drawn["preview"]
    new = preview["new"]
    assert set(preview["after"]) == {grid["code"], *new}
    was = preview["before"][grid["code"]]["households"]
    assert sum(one["households"] for one in preview["after"].values()) == was
    parts = [shape(one["geometry"]) for one in drawn["cells"]["features"]]
    assert sum(part.area for part in parts) == pytest.approx(grid["shape"].area, rel=1e-4)
    assert client.get(url).get_json()["preview"] == preview
    done = sent(client, f"{url}/publish")
    assert (done["state"], sorted(done["report"]["codes"].values())) == ("published", new)
    assert sent(client, f"{url}/publish") == done
    standing = select(tables.grid.c.code).where(tables.grid.c.retired_at.is_(None))
    with store.sessions() as session:
        assert set(new) <= set(session.scalars(standing))
    back = sent(client, f"{url}/rollback", name="撤回")
    assert sorted(back["report"]["retired"]) == new
    told = client.get(url).get_json()
    assert (told["rolled_back"]["plan"], told["may"]) == (back["public_id"], [])
    problem(client.post(f"{url}/rollback", json={"name": "再撤"}), 409, "plan_rolled_back")
    with store.sessions() as session:
        again = {row["code"]: row["shape"] for row in ground.present(session)}
    assert again[grid["code"]].normalize().equals_exact(grid["shape"].normalize(), 0)


def test_publishing_beside_somebody_at_work_says_so_and_keeps_the_plan(
    client: FlaskClient, store: Store, loaded: Engine
) -> None:
    query = (
        "select grid.code, issue.id from issue join grid on grid.id = issue.grid_id"
        " where is_open and place is not null and grid.community_code like '610902001%'"
        " order by issue.id limit 1"
    )
    with store.sessions() as session:
        session.execute(text("set lock_timeout = '200ms'"))
        code, number = session.execute(text(query)).one()
        session.commit()
    url = begun(client, code[:12])
    sent(client, f"{url}/steps", intent={"op": "retire", "grid": code})
    with loaded.connect() as other, other.begin():
        other.execute(text("select from issue where id = :id for update"), {"id": number})
        problem(client.post(f"{url}/publish", json={}), 503, "held_by_another")
    assert client.get(url).get_json()["state"] == "draft"
    assert sent(client, f"{url}/publish")["state"] == "published"


def test_what_the_ground_does_not_allow_is_refused_with_place_and_remedy(
    client: FlaskClient, cells: list[Any]
) -> None:
    url, grid = begun(client), max(cells, key=lambda cell: cell["shape"].area)
    inner = grid["shape"].representative_point()
    short = {**split(grid), "line": [[inner.x, inner.y], [inner.x + 1e-5, inner.y]]}
    answer = client.post(f"{url}/steps", json={"intent": short})
    problem(answer, 422, "line_stops_inside")
    told = answer.get_json()["facts"]
    assert shape(told["place"]).within(grid["shape"])
    assert told["remedy"]["title"] == "可以把线延长到边界。"
    sent(client, f"{url}/steps", intent={**short, **told["remedy"]["changes"]})
    assert sent(client, f"{url}/undo")["steps"] == 0
    problem(client.post(f"{url}/undo", json={}), 409, "nothing_to_undo")
    assert sent(client, f"{url}/redo")["steps"] == 1


def test_plans_are_listed_named_copied_and_thrown_away(
    client: FlaskClient, cells: list[Any]
) -> None:
    url = begun(client)
    sent(client, f"{url}/steps", intent=split(cells[0]))
    assert sent(client, f"{url}/name", name="新名")["name"] == "新名"
    assert client.post(f"{url}/copy", json={"name": "副本"}).status_code == 201
    sent(client, f"{url}/discard")
    listed = client.get(f"/api/redraws?community={HOME}").get_json()["items"]
    assert [one["name"] for one in listed] == ["副本"]
    problem(client.get(url), 404, "no_plan")


def test_a_secretary_neither_sees_nor_publishes_a_neighbours_plan(
    app: APIFlask, store: Store, client: FlaskClient, cells: list[Any]
) -> None:
    secretary = someone(app, store, "secretary", Role.SECRETARY, HOME)
    own, other = begun(secretary), begun(client, NEIGHBOUR)
    sent(secretary, f"{own}/steps", intent=split(cells[0]))
    with store.sessions() as session:
        beside = [row for row in ground.present(session) if row["community_code"] == NEIGHBOUR]
    sent(client, f"{other}/steps", intent=split(next(r for r in beside if r["code"])))
    listed = secretary.get("/api/redraws").get_json()["items"]
    assert [(one["community_code"], one["author"]) for one in listed] == [(HOME, "secretary")]
    assert secretary.get(f"/api/redraws?community={NEIGHBOUR}").get_json() == {"items": []}
    assert len(client.get("/api/redraws").get_json()["items"]) == 2
    new = {"community": NEIGHBOUR, "name": "越界"}
    problem(secretary.post("/api/redraws", json=new), 404, "no_community")
    problem(secretary.get(other), 404, "no_plan")
    for doing, said in (
        ("steps", {"intent": {"op": "close", "grid": f"{NEIGHBOUR}001"}}),
        *((doing, {}) for doing in ("undo", "redo", "discard")),
        *((doing, {"name": "我的"}) for doing in ("name", "copy")),
    ):
        problem(secretary.post(f"{other}/{doing}", json=said), 404, "no_plan")
    for url in (own, other):  # a secretary draws, and the street publishes
        problem(secretary.post(f"{url}/publish", json={}), 403, "not_allowed")
        problem(secretary.post(f"{url}/rollback", json={"name": "撤"}), 403, "not_allowed")
    assert client.get(other).get_json()["name"] == "春季调整"


def test_a_secretary_changes_no_neighbours_ground(
    app: APIFlask, store: Store, cells: list[Any]
) -> None:
    secretary = someone(app, store, "secretary", Role.SECRETARY, HOME)
    url, grid = begun(secretary), max(cells, key=lambda cell: cell["shape"].area)
    with store.sessions() as session:
        beyond = next(
            row
            for row in ground.present(session)
            if row["community_code"] != HOME
            and row["kind"] != "uncovered"
            and any(row["shape"].intersects(cell["shape"]) for cell in cells)
        )
    answer = secretary.post(f"{url}/steps", json={"intent": split(beyond)})
    assert problem(answer, 422, "other_community")["facts"]["communities"]
    drawn = sent(secretary, f"{url}/steps", intent=split(grid))
    assert all(code.startswith(HOME) for code in drawn["preview"]["after"])


def test_a_street_publishes_on_its_own_ground(
    app: APIFlask, store: Store, cells: list[Any]
) -> None:
    secretary = someone(app, store, "secretary", Role.SECRETARY, HOME)
    street, away = (
        someone(app, store, f"street-{code}", Role.STREET, code) for code in (HOME[:9], "610902002")
    )
    url, grid = begun(secretary), max(cells, key=lambda cell: cell["shape"].area)
    sent(secretary, f"{url}/steps", intent=split(grid))
    for doing, said in (("publish", {}), ("rollback", {"name": "撤"}), ("discard", {})):
        problem(away.post(f"{url}/{doing}", json=said), 404, "no_plan")
    problem(street.post(f"{url}/publish", json={}), 409, "plan_of_another")
    problem(street.post(f"{url}/return", json={"remarks": "再想想"}), 409, "plan_elsewhere")
    assert sent(secretary, f"{url}/submit")["may"] == ["withdraw", "discard"]
    problem(secretary.post(f"{url}/approve", json={}), 403, "not_allowed")
    problem(secretary.post(f"{url}/steps", json={"intent": split(grid)}), 409, "plan_closed")
    answer = street.post(f"{url}/publish", json={})
    assert "待审" in problem(answer, 409, "plan_elsewhere")["title"]
    problem(street.post(f"{url}/return", json={}), 409, "remarks_missing")
    back = sent(street, f"{url}/return", remarks="先和居民商量")
    assert (back["state"], back["remarks"]) == ("returned", "先和居民商量")
    problem(secretary.post(f"{url}/submit", json={}), 409, "answer_missing")
    sent(secretary, f"{url}/submit", remarks="居民会开过了")
    assert street.get(url).get_json()["may"] == ["approve", "return"]
    problem(street.post(f"{url}/withdraw", json={}), 409, "plan_of_another")
    assert sent(street, f"{url}/approve")["may"] == ["return", "schedule", "publish"]
    done = sent(street, f"{url}/publish")
    assert (done["author"], done["published_by"]) == ("secretary", f"street-{HOME[:9]}")
    with store.sessions() as session:
        rows, _ = audit.page(session, Wanted(), None, 15)
    plan = url.rpartition("/")[2]
    told = [(row["action"], row["actor"]) for row in rows if row["subject_id"] == plan]
    office = f"street-{HOME[:9]}"
    assert told == [
        ("redraw.publish", office),
        ("redraw.approve", office),
        ("redraw.submit", "secretary"),
        ("redraw.return", office),
        ("redraw.submit", "secretary"),
        ("redraw.step", "secretary"),
        ("redraw.begin", "secretary"),
    ]
    moves = street.get(f"{url}/history").get_json()["items"]
    assert [one["move"] for one in moves] == ["submit", "return", "submit", "approve", "publish"]


@pytest.mark.parametrize(
    "intent",
    [
        {},
        {"op": "split"},
        {"op": "split", "grid": "x", "line": [[1e308, -1e308]] * 3},
        {"op": "split", "grid": f"{HOME}001", "line": "DROP", "parts": -1},
        {"op": "give", "to": f"{HOME}001", "area": [[[[109.02, 32.7]] * 9]]},
        {"op": "split", "grid": f"{HOME}001", "line": [[1, 1], [2, 2]], "keep": [10**30, 1]},
        {"op": "adopt", "community": HOME, "grids": [["evil+x", []]]},
        {"op": "restore", "grids": []},
        {"op": "fill", "community": "610902001004", "new": True},
        {"op": "merge", "grids": ["{{7*191}}"], "into": "\u0000"},
    ],
)
def test_hostile_intents_are_refused_in_a_sentence(client: FlaskClient, intent: Any) -> None:
    answer = client.post(f"{begun(client)}/steps", json={"intent": intent})
    assert answer.status_code in (400, 409, 422)
    assert answer.get_json()["title"]
