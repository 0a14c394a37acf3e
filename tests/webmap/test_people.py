"""Appointing on one's own ground, and only there; rosters; what people are called is text."""

from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any, Final

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy import delete, func, select, text
from werkzeug.test import TestResponse

from geodata.db import tables
from geodata.domain.roles import Role
from geodata.services import loads
from tests.sheets import table
from tests.webmap.conftest import Store, someone
from tests.webmap.test_hostile_text import HOSTILE

HOME: Final = "610902001003"
HTML: Final = {"Accept": "text/html"}
TODAY: Final = f"{datetime.now(UTC) + timedelta(hours=8):%Y-%m-%d}"
_SERVED: Final = text("""
    select grid.code, post.id, post.worker_id, grid_worker.name
    from post join grid on grid.id = post.grid_id
    join grid_worker on grid_worker.id = post.worker_id
    where community_code = :home and duty = 'lead' and during @> now()
    order by grid.code limit 2
""")


@pytest.fixture
def secretary(app: APIFlask, store: Store) -> FlaskClient:
    return someone(app, store, "shuji", Role.SECRETARY, HOME)


@pytest.fixture
def led(store: Store) -> Any:
    """A grid of the secretary's community with its head: code, post, worker, name."""
    return store.connection.execute(_SERVED, {"home": HOME}).all()


@pytest.fixture
def neighbour(store: Store) -> Any:
    """The same in the next community."""
    home = store.connection.scalar(
        select(func.min(tables.community.c.code)).where(tables.community.c.code > HOME)
    )
    return store.connection.execute(_SERVED, {"home": home}).all()[0]


def send(client: FlaskClient, path: str, **said: object) -> TestResponse:
    return client.post(path, data={"form_token": "form", **said}, headers=HTML)


def shown(client: FlaskClient, path: str) -> str:
    answer = client.get(path, headers=HTML)
    assert answer.status_code == 200, path
    return answer.get_data(as_text=True)


def holders(store: Store, code: str) -> dict[str, str]:
    """Who stands in a grid now, with which duty."""
    rows = store.connection.execute(
        select(tables.grid_worker.c.name, tables.post.c.duty)
        .join(tables.post, tables.post.c.worker_id == tables.grid_worker.c.id)
        .join(tables.grid, tables.grid.c.id == tables.post.c.grid_id)
        .where(tables.grid.c.code == code)
        .where(tables.post.c.during.contains(datetime.now(UTC)))
    )
    return {str(row.name): str(row.duty) for row in rows}


def emptied(store: Store, served: Any) -> str:
    """The code of a grid out of which everybody was sent."""
    number = select(tables.grid.c.id).where(tables.grid.c.code == served.code).scalar_subquery()
    store.connection.execute(delete(tables.post).where(tables.post.c.grid_id == number))
    return str(served.code)


def deeds(store: Store) -> list[str]:
    entry = tables.audit_entry.c
    return list(store.connection.scalars(select(entry.action).order_by(entry.number.desc())))


def test_one_sees_ones_own_grids_the_vacant_first(
    secretary: FlaskClient, store: Store, led: Any, neighbour: Any
) -> None:
    vacant = emptied(store, led[1])
    page = shown(secretary, "/people")
    assert page.index(vacant) < page.index(led[0].code)
    assert page.index("空岗") < page.index(led[0].name)
    assert HOME in page
    assert neighbour.code not in page
    assert neighbour.code not in shown(secretary, f"/people?q={neighbour.name}")
    assert secretary.get(f"/people/grids/{neighbour.code}", headers=HTML).status_code == 403
    assert secretary.get(f"/people/workers/{neighbour.worker_id}").status_code == 404


def test_a_newcomer_is_appointed_follows_and_leaves(
    secretary: FlaskClient, store: Store, led: Any
) -> None:
    code, post, _, name = led[0]
    path = f"/people/grids/{code}"
    wish = {"worker": "new", "name": "新来的", "duty": "lead", "since": TODAY}
    taken = send(secretary, path, **wish)
    assert taken.status_code == 409
    assert "要换人，请勾上" in taken.get_data(as_text=True)
    assert name in holders(store, code)
    assert send(secretary, path, instead="yes", **wish).headers["Location"].startswith(path)
    assert holders(store, code)["新来的"] == "lead"
    assert name not in holders(store, code)
    assert deeds(store)[0] == "post.appoint"
    page = shown(secretary, path)
    assert "以前的岗位" in page
    again = send(secretary, f"/people/posts/{post}/leave", grid=code, day=TODAY)
    assert "已经结束了" in again.get_data(as_text=True)
    fresh = store.connection.scalar(select(func.max(tables.post.c.id)))
    assert send(secretary, f"/people/posts/{fresh}/leave", grid=code, day=TODAY).status_code == 303
    assert "新来的" not in holders(store, code)
    twin = send(secretary, path, **wish)
    assert "请从名单里选" in twin.get_data(as_text=True)


def test_leave_is_covered_for_some_days_and_the_account_follows(
    secretary: FlaskClient, app: APIFlask, store: Store, led: Any
) -> None:
    (code, post, *_), (_, _, worker, name) = led
    deputy = someone(app, store, "daiban", Role.WORKER, worker_id=worker)
    told = {"grid": code, "worker": worker, "since": TODAY}
    path = f"/people/posts/{post}/deputy"
    assert send(secretary, path, **told).status_code == 422
    assert send(secretary, path, until="2020-01-01", **told).status_code == 422
    assert code not in shown(deputy, "/account")
    assert send(secretary, path, until=TODAY, **told).status_code == 303
    assert holders(store, code)[name] == "assistant"
    assert code in shown(deputy, "/account")
    assert "代班" in shown(secretary, f"/people?q={code}")


def test_no_forged_form_appoints_on_the_neighbours_ground(
    secretary: FlaskClient, store: Store, neighbour: Any, led: Any
) -> None:
    there, here = f"/people/grids/{neighbour.code}", f"/people/grids/{led[0].code}"
    before = holders(store, neighbour.code)
    for path, said in (
        (there, {"worker": "new", "name": "闯入", "since": TODAY}),
        (f"/people/posts/{neighbour.id}/leave", {"grid": led[0].code, "day": TODAY}),
        (f"/people/posts/{neighbour.id}/deputy", {"worker": led[0].worker_id, "until": TODAY}),
    ):
        assert send(secretary, path, **said).status_code == 403, path
    assert send(secretary, here, worker=neighbour.worker_id, since=TODAY).status_code == 404
    assert holders(store, neighbour.code) == before
    assert "access.deny" in deeds(store)


def test_a_form_without_its_token_changes_nothing(
    secretary: FlaskClient, store: Store, led: Any
) -> None:
    path = f"/people/grids/{led[0].code}"
    said = {"worker": "new", "name": "闯入", "since": TODAY}
    assert secretary.post(path, data=said, headers=HTML).status_code == 403
    assert secretary.post(path, data={**said, "form_token": "x"}).status_code == 403
    elsewhere = {"Origin": "https://evil.example"}
    assert secretary.post(path, data={**said, "form_token": "form"}, headers=elsewhere).status_code
    assert "闯入" not in holders(store, led[0].code)


def test_a_hostile_name_is_shown_as_it_is(
    secretary: FlaskClient, client: FlaskClient, store: Store, led: Any
) -> None:
    name = HOSTILE[:60]
    send(secretary, f"/people/grids/{led[0].code}", worker="new", name=name, since=TODAY)
    assert name in holders(store, led[0].code)
    number = store.connection.scalar(select(func.max(tables.grid_worker.c.id)))
    for path in (
        *(f"/people/grids/{led[0].code}", f"/people/workers/{number}", "/people?q={{7"),
        *("/people?q=%3Cimg", "/people?q=%25", f"/people/grids/{led[0].code}?q={{%"),
    ):
        page = shown(secretary, path)
        assert "1337" not in page
        assert "<img" not in page.replace('<img src="/static', "")
    assert "{{7*191}}" in shown(client, f"/people/workers/{number}")


def test_a_roster_is_refused_by_row_where_it_leaves_ones_ground(
    secretary: FlaskClient, app: APIFlask, store: Store, led: Any, neighbour: Any
) -> None:
    vacant = emptied(store, led[0])
    rows = [
        ["姓名", "手机", "网格编码", "职责"],
        ["钱某某", "13912345678", vacant, "网格长"],
        ["孙某某", "13912345679", neighbour.code, "网格员"],
        [neighbour.name, "-", vacant, "网格员"],
    ]
    data = {"form_token": "form", "file": (BytesIO(table(rows).encode()), "名册.csv")}
    sent = secretary.post("/people/roster", data=data, headers=HTML)
    assert sent.status_code == 303
    path = sent.headers["Location"]
    assert "Refresh" in secretary.get(path, headers=HTML).headers
    worked(store)
    page = shown(secretary, path)
    assert f"网格 {neighbour.code} 不在你的范围里" in page
    assert "什么都没有变" in page
    assert "139" not in page
    assert holders(store, vacant) == {}
    other = someone(app, store, "other", Role.SECRETARY, neighbour.code[:12])
    assert other.get(path, headers=HTML).status_code == 404
    assert send(other, f"{path}/apply").status_code == 404
    assert send(secretary, f"{path}/apply").status_code == 303
    worked(store)
    assert "已经生效" in shown(secretary, path)
    assert holders(store, vacant) == {"钱某某": "lead", neighbour.name: "assistant"}
    there = {name for name in holders(store, neighbour.code) if name == "孙某某"}
    assert there == set()
    twins = select(func.count()).where(tables.grid_worker.c.name == neighbour.name)
    assert store.connection.scalar(twins) == 2
    report = secretary.get(f"{path}/report.csv").get_data(as_text=True)
    assert "不在你的范围里" in report


def worked(store: Store) -> None:
    with store.sessions() as session:
        for job in loads.listing(session):
            for _ in loads.run(session, job["id"]):
                session.commit()


def test_a_roster_without_a_file_says_so(secretary: FlaskClient) -> None:
    data = {"form_token": "form", "file": (BytesIO(b""), "")}
    sent = secretary.post("/people/roster", data=data, headers=HTML)
    assert sent.status_code == 422
    assert "请先选一个文件" in sent.get_data(as_text=True)
