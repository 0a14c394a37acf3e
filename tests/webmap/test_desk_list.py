"""The list of issues: every order whole and by key, words of two characters, files of just that."""

import csv
import re
from datetime import UTC, datetime, timedelta
from io import BytesIO, StringIO
from typing import Any
from zipfile import ZipFile
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy import select, text, update

from geodata.db import tables
from geodata.domain.roles import Role
from tests.webmap.conftest import Store, problem, someone
from tests.webmap.test_issues import listed

ISSUE = tables.issue
COMMUNITY = "610902001003"


@pytest.fixture
def told(store: Store) -> dict[str, str]:
    """An open issue with words of its own, handed to a department, called in and due tomorrow."""
    soon = datetime.now(UTC) + timedelta(hours=5)
    row = store.connection.execute(
        select(ISSUE.c.id, ISSUE.c.public_id).where(ISSUE.c.is_open, ISSUE.c.grid_id.is_not(None))
    ).first()
    assert row is not None
    store.connection.execute(
        update(ISSUE)
        .where(ISSUE.c.id == row.id)
        .values(
            text="三楼厨房Ｌeak漏水，电话 139 1234 5678",
            handler="市政处",
            supervision="yellow",
            due_at=soon,
            status="dispatched",
        )
    )
    return {"id": str(row.public_id), "number": str(row.id)}


@pytest.mark.parametrize("sort", ["oldest", "due", "kind", "grid", "near"])
def test_an_order_has_every_issue_once_whatever_the_page(client: FlaskClient, sort: str) -> None:
    asked = {"sort": sort, "state": "open", "near": "109.03,32.69", "limit": 3}
    items = listed(client, **asked)
    placed = [one for one in listed(client, state="open") if sort != "near" or one["lon"]]
    assert sorted(one["id"] for one in items) == sorted(one["id"] for one in placed)
    if sort == "due":
        assert [one["due_at"] for one in items] == sorted(one["due_at"] for one in items)
    if sort == "near":
        assert [one["metres"] for one in items] == sorted(one["metres"] for one in items)


@pytest.mark.parametrize("limit", [2, 9])
@pytest.mark.parametrize("asked", [{"state": "closed"}, {"state": "closed", "status": "void"}])
def test_an_area_by_grid_has_every_issue_once(
    client: FlaskClient, store: Store, asked: dict[str, str], limit: int
) -> None:
    row = ISSUE.c.id % 3 == 0
    store.connection.execute(update(ISSUE).where(~ISSUE.c.is_open, row).values(status="void"))
    items = listed(client, sort="grid", street="610902001", limit=limit, **asked)
    every = listed(client, street="610902001", **asked)
    assert sorted(one["id"] for one in items) == sorted(one["id"] for one in every)
    assert len(items) > limit
    keys = [(one["grid"]["code"], one["reported_at"]) for one in items if one["grid"]]
    assert keys == sorted(keys)


def test_an_order_for_what_is_open_is_refused_for_the_rest(client: FlaskClient) -> None:
    problem(client.get("/api/issues?sort=due&state=closed"), 400, "order_open_only")
    problem(client.get("/api/issues?sort=near&state=open"), 400, "order_needs_place")
    end = client.get("/api/issues?sort=kind&limit=1").get_json()["next"]
    problem(client.get(f"/api/issues?sort=grid&after={end}"), 400, "bad_cursor")


@pytest.mark.parametrize(
    ("words", "found"),
    [("漏水", 1), ("厨房 漏水", 1), ("LEAK漏", 1), ("水漏", 0), ("厨房 没有", 0), ("91234", 0)],
)
def test_words_of_two_characters_are_found(
    client: FlaskClient, told: dict[str, str], words: str, found: int
) -> None:
    ids = [one["id"] for one in listed(client, words=words, state="open")]
    assert (told["id"] in ids) == bool(found)
    points = client.get("/api/issues/points", query_string={"words": words, "state": "open"})
    assert len(points.get_json()["features"]) <= len(ids)


def test_words_too_short_are_told_of(client: FlaskClient) -> None:
    problem(client.get("/api/issues?words=水"), 400, "words_short")


def test_words_are_found_by_an_index(store: Store) -> None:
    store.connection.execute(text("set local enable_seqscan = off"))
    asked = "explain select id from issue where issue_bigrams(text, address) @> array['漏水']"
    plan = " ".join(store.connection.scalars(text(asked)))
    assert "ix_issue_said" in plan


@pytest.mark.parametrize(
    "asked",
    [{"soon": "true"}, {"supervision": "any"}, {"supervision": "yellow"}, {"handler": "市政处"}],
)
def test_lists_for_who_supervises(
    client: FlaskClient, told: dict[str, str], asked: dict[str, str]
) -> None:
    items = listed(client, state="open", **asked)
    assert told["id"] in [one["id"] for one in items]
    assert len(items) < 20


def test_what_is_done_falls_due_no_more(
    client: FlaskClient, store: Store, told: dict[str, str]
) -> None:
    done = update(ISSUE).where(ISSUE.c.id == int(told["number"])).values(status="handled")
    store.connection.execute(done)
    assert told["id"] not in [one["id"] for one in listed(client, state="open", soon="true")]
    page = client.get("/desk?words=漏水").get_data(as_text=True)
    assert told["id"] in page
    assert "快到期" not in page


def test_the_page_shows_what_its_address_says(client: FlaskClient, told: dict[str, str]) -> None:
    page = client.get("/desk?words=漏水&sort=due&soon=true").get_data(as_text=True)
    assert f"issue={told['id']}" in page
    assert page.count("late-row") == 0
    assert 'aria-sort="ascending"' in page
    assert "黄牌督办" in page
    assert "139 1234 5678" not in page
    assert "共 1 件" in page
    short = client.get("/desk?words=水")
    assert short.status_code == 400
    assert "至少两个字" in short.get_data(as_text=True)
    assert ("共 0 件" in short.text, "清除条件" in short.text) == (False, True)
    assert "清除条件" not in client.get("/desk?sort=due").text


def test_a_file_holds_exactly_what_the_list_shows(client: FlaskClient) -> None:
    for asked in ({"state": "open", "words": "楼下"}, {"state": "closed", "channel": "web"}):
        ids = {one["id"] for one in listed(client, **asked)}
        answer = client.get("/exports/issues.csv", query_string=asked, buffered=True)
        with ZipFile(BytesIO(answer.data)) as archive:
            name = next(n for n in archive.namelist() if n.endswith("-csv.csv") or "issues" in n)
            told = archive.read(name).decode("utf-8-sig")
        assert {row["id"] for row in csv.DictReader(StringIO(told))} == ids


def test_the_desks_tables_are_written_for_people(
    client: FlaskClient, told: dict[str, str], store: Store
) -> None:
    at = tables.issue.c
    text = update(tables.issue).where(at.public_id == told["id"]).values(text="=1+1 楼下漏水")
    store.connection.execute(text)
    page = client.get("/desk?words=漏水").get_data(as_text=True)
    assert "/desk/list.xlsx?words=" in page
    assert "/exports/issues.gpkg?words=" in page  # programs keep codes and ISO times
    answer = client.get("/desk/list.csv?words=漏水&sort=due")
    assert re.search(r'filename="\d+-list-\d{8}\.csv"', answer.headers["Content-Disposition"])
    row = next(csv.DictReader(StringIO(answer.data.decode("utf-8-sig"))))
    assert row["诉求标识"] == told["id"]
    assert (row["督办"], row["来源"], row["内容"]) == ("黄牌督办", "12345 热线", "'=1+1 楼下漏水")
    query = select(at.due_at).where(at.public_id == told["id"])
    due = store.connection.scalar(query)
    assert due
    assert row["办理期限"] == f"{due.astimezone(ZoneInfo('Asia/Shanghai')):%Y-%m-%d %H:%M}"
    english = client.get("/desk/list.xlsx?words=漏水&lang=en")
    sheet = openpyxl.load_workbook(BytesIO(english.data)).worksheets[0]
    cells = dict(zip(*[[cell.value for cell in line] for line in sheet.iter_rows()], strict=True))
    assert (cells["Source"], cells["What was said"]) == ("12345 hotline", "=1+1 楼下漏水")
    assert all(cell.data_type != "f" for cell in sheet[2])


def test_a_department_sees_what_was_handed_to_it_and_no_more(
    app: APIFlask, store: Store, told: dict[str, str]
) -> None:
    more: dict[str, Any] = {"department": "市政处"}
    client = someone(app, store, "dep", Role.DEPARTMENT, "610902", **more)
    assert [one["id"] for one in listed(client)] == [told["id"]]
    card = client.get(f"/api/issues/{told['id']}").get_json()
    assert {"handle", "hand_back"} <= set(card["steps"])
    body = {"step": "hand_back", "reason": "not_my_matter", "key": "k" * 24}
    assert client.post(f"/api/issues/{told['id']}/steps", json=body).status_code == 200
    assert listed(client) == []
    other = someone(app, store, "none", Role.DEPARTMENT, "610902")
    assert other.get("/api/issues").status_code == 403


def test_the_hotline_gets_its_tickets_from_the_list(app: APIFlask, store: Store) -> None:
    client = someone(app, store, "sec", Role.SECRETARY, COMMUNITY)
    answer = client.get("/desk/tickets.csv?state=all")
    own = [one for one in listed(client, limit=200) if one["channel"] == "12345"]
    rows = list(csv.DictReader(StringIO(answer.data.decode("utf-8-sig"))))
    assert {row["工单编号"] for row in rows} == {one["ticket"] for one in own}
    worker = someone(app, store, "checker", Role.CHECKER, COMMUNITY)
    assert worker.get("/desk/tickets.csv").status_code == 403
