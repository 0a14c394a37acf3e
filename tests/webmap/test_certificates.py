"""The certificate: true to the evidence, readable on paper, checkable, and without a name."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from geodata.db import tables
from geodata.domain.sketch import HEIGHT, WIDTH
from geodata.services import certificates
from tests.drawing import spot
from tests.makers import START, Town, code_of
from tests.webmap.conftest import Store, problem
from tests.webmap.test_issues import HIDDEN, PERSONAL, listed
from tests.webmap.test_pages import CHINESE, visible

CHANGE = START + timedelta(days=30)
DIGEST = re.compile(r'class="code digest">([0-9a-f ]{19})<')


def issue(session: Session, row: float, column: float, **given: object) -> int:
    """An issue at a point of a town's picture, with its first event; its number."""
    usual = {
        "place": spot(row, column),
        "precision": "pin",
        "reported_at": CHANGE + timedelta(days=1),
    }
    number: int = session.scalars(
        insert(tables.issue)
        .values(
            channel="web",
            ticket=str(uuid4()),
            category_id=select(tables.issue_category.c.id).limit(1).scalar_subquery(),
            text="灯不亮",
            status="reported",
            **{**usual, **given},
        )
        .returning(tables.issue.c.id)
    ).one()
    grid = session.scalar(select(tables.issue.c.grid_id).where(tables.issue.c.id == number))
    event(session, number, 1, "web", "reported", grid)
    return number


def event(session: Session, number: int, day: int, actor: str, kind: str, grid: int | None) -> None:
    session.execute(
        insert(tables.issue_event).values(
            issue_id=number,
            at=CHANGE + timedelta(days=day),
            actor=actor,
            kind=kind,
            status="reported",
            grid_id=grid,
        )
    )


def certified(session: Session, number: int) -> certificates.Certificate:
    public = session.scalar(select(tables.issue.c.public_id).where(tables.issue.c.id == number))
    assert public is not None
    return certificates.certificate(session, public)


def test_it_tells_the_evidence_and_who_decided(session: Session) -> None:
    town = Town(session).drawn("AB/A.")
    number = issue(session, 0.5, 0.9)
    told = certified(session, number)
    assert (told.facts["grid_code"], told.facts["rule"]) == (code_of("A"), "covers")
    assert told.facts["valid_from"] == START
    assert told.facts["border_m"] == pytest.approx(10, abs=0.5)
    assert told.facts["second_code"] == code_of("B")
    assert (told.decided_by, told.decided_at) == (None, CHANGE + timedelta(days=1))
    event(session, number, 2, "欧阳娜娜", "reassigned", town.grids["B"])
    told = certified(session, number)
    assert (told.decided_by, told.decided_at) == ("欧**", CHANGE + timedelta(days=2))
    assert [one["grid_code"] for one in told.events] == [code_of("A"), code_of("B")]


def test_the_picture_shows_the_ground_of_that_day(session: Session) -> None:
    town = Town(session).drawn("AAB")
    number = issue(session, 0.5, 0.5, reported_at=START + timedelta(days=1))
    before = certified(session, number)
    town.redrawn("ACB", CHANGE)
    after = certified(session, number)
    assert before.picture is not None
    assert after.picture is not None
    assert after.picture.paths == before.picture.paths
    assert [mark.text for mark in after.picture.marks] == ["网格B", "网格A"]
    assert after.facts["valid_to"] == CHANGE
    assert after.picture.spot is not None
    x, y = after.picture.spot
    assert 0 < x < WIDTH / 2 < WIDTH
    assert y == pytest.approx(HEIGHT / 2, abs=1)
    metres = after.picture.bar_m / after.picture.bar
    own = next(path for kind, path in after.picture.paths if kind == "own")
    xs = [float(n) for n in re.findall(r"[ML]([0-9.-]+) ", own)]
    assert (max(xs) - min(xs)) * metres == pytest.approx(200, abs=2)


def test_open_ground_is_hatched_and_a_near_place_is_seen(session: Session) -> None:
    Town(session).drawn("A.")
    told = certified(session, issue(session, 0.5, 1.2))
    assert told.facts["rule"] == "near"
    assert told.picture is not None
    assert [kind for kind, _ in told.picture.paths] == ["uncovered", "own"]
    assert told.picture.spot is not None
    assert told.picture.spot[0] < WIDTH


def test_the_code_changes_with_the_facts_and_only_then(session: Session) -> None:
    Town(session).drawn("AB")
    number = issue(session, 0.5, 0.5)
    first = certified(session, number).digest
    assert certified(session, number).digest == first
    at = tables.issue.c
    for change in ({"text": "灯亮了"}, {"status": "closed"}, {"border_m": 1.0}):
        session.execute(update(tables.issue).where(at.id == number).values(**change))
        second = certified(session, number).digest
        assert second != first
        first = second
    event(session, number, 3, "web", "closed", None)
    assert certified(session, number).digest != first


def test_what_has_no_place_says_where_it_may_be(session: Session) -> None:
    Town(session).drawn("A")
    located = {"candidates": [{"label": "文化路1号"}, {"label": "文化巷1号 13912345678"}]}
    told = certified(session, issue(session, 0, 0, place=None, precision="none", located=located))
    assert told.candidates == ["文化路1号", "文化巷1号 139****5678"]
    assert (told.picture, told.decided_at) == (None, None)


def test_the_page_is_whole_and_static(client: FlaskClient) -> None:
    for rule in ("covers", "near", "none"):
        found = next(one for one in listed(client, limit=200) if one["rule"] == rule)
        page = client.get(f"/issues/{found['id']}/certificate").get_data(as_text=True)
        assert found["ticket"] in page
        assert "演示数据：地面为合成，非真实边界" in page
        assert f"http://localhost/issues/{found['id']}/certificate" in page
        assert DIGEST.search(page)
        assert ("<svg viewBox" in page) == (found["grid"] is not None)
        if found["grid"]:
            assert found["grid"]["code"] in page
            assert "CGCS2000" in page
            assert f"{found['lon']:.7f}" in page
            assert "2021-03-01 起用" in page


def test_personal_data_are_masked(client: FlaskClient, store: Store) -> None:
    found = listed(client, limit=1)[0]["id"]
    store.connection.execute(
        update(tables.issue)
        .where(tables.issue.c.public_id == found)
        .values(text=PERSONAL, address=PERSONAL, located={"label": PERSONAL})
    )
    page = client.get(f"/issues/{found}/certificate").get_data(as_text=True)
    assert "139****5678" in page
    assert not any(secret in page for secret in HIDDEN)


def test_hostile_names_are_shown_as_they_are(client: FlaskClient, store: Store) -> None:
    hostile = "<b>{{7*191}}</b>\"'&"
    found = next(one for one in listed(client, limit=200) if one["grid"])
    store.connection.execute(update(tables.grid).values(name=hostile))
    store.connection.execute(update(tables.road).values(name=hostile, width=12))
    page = client.get(f"/issues/{found['id']}/certificate").get_data(as_text=True)
    assert "<b>{{" not in page
    assert "&lt;b&gt;{{7*191}}" in page


def test_english_is_complete(client: FlaskClient, store: Store) -> None:
    found = next(one for one in listed(client, limit=200) if one["grid"])
    store.connection.execute(update(tables.issue).values(text="x", address="y", runner_up_m=None))
    for table in (tables.grid, tables.community, tables.street, tables.road):
        store.connection.execute(update(table).values(name="z"))
    page = client.get(f"/issues/{found['id']}/certificate?lang=en").get_data(as_text=True)
    assert set(CHINESE.findall(visible(page))) == set()


def test_an_unknown_issue_has_none(client: FlaskClient) -> None:
    problem(client.get(f"/issues/{uuid4()}/certificate"), 404, "no_issue")
