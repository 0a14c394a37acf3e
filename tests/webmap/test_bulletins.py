"""What is made known to everybody: by whom, where it is seen, and that it stays text."""

import re
from datetime import UTC, datetime
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from geodata.db import scoping, tables
from geodata.domain.roles import Role, Scope
from tests.webmap.conftest import Store, someone
from tests.webmap.test_desk import elsewhere, reported, step

HOSTILE = "{{7*191}} <img src=x onerror=alert(1)> ]]>&amp; '\" </script>"
ATOM = {"a": "http://www.w3.org/2005/Atom", "g": "http://www.georss.org/georss"}


def token(client: FlaskClient, path: str) -> str:
    page = client.get(path).get_data(as_text=True)
    found = re.search(r'name="form_token" value="([^"]+)"', page)
    assert found, page[:200]
    return found[1]


def publish(client: FlaskClient, **said: str) -> Any:
    body = {"title": "停水", "text": "周六上午", "form_token": token(client, "/notices/new")}
    return client.post("/notices", data=body | said)


def seen(client: FlaskClient, area: str = "") -> list[dict[str, Any]]:
    told = client.get(f"/api/bulletins?area={area}").get_json()
    assert told["type"] == "FeatureCollection"
    return list(told["features"])


@pytest.fixture
def home(store: Store) -> str:
    at = tables.community.c
    return str(store.connection.scalar(at.code.table.select().with_only_columns(at.code).limit(1)))


def test_a_notice_is_seen_by_everybody_as_text_until_it_is_withdrawn(
    app: APIFlask, store: Store, resident: FlaskClient, home: str
) -> None:
    secretary = someone(app, store, "here", Role.SECRETARY, home)
    label = store.connection.execute(
        text("select ST_X(p), ST_Y(p) from (select ST_PointOnSurface(shape) as p from community"
             " where code = :code) as spot"), {"code": home},
    ).one()  # fmt: skip
    answer = publish(
        secretary,
        title=f"\u202e{HOSTILE}",
        text=HOSTILE,
        area=home,
        lon=str(label[0]),
        lat=str(label[1]),
    )
    assert answer.status_code == 303, answer.get_data(as_text=True)

    (feature,) = seen(resident, home)
    assert feature["properties"]["title"] == feature["properties"]["text"] == HOSTILE
    assert feature["geometry"]["coordinates"] == pytest.approx(tuple(label), abs=1e-6)
    assert seen(resident, elsewhere(store, home)) == []
    for path in ("/notices", f"/notices?area={home}", feature["properties"]["url"]):
        page = resident.get(path).get_data(as_text=True)
        assert "&lt;img src=x" in page
        assert "<img src=x" not in page
        assert "{{7*191}}" in page
    feed = ET.fromstring(resident.get("/notices.atom").data)  # noqa: S314 -- our own
    entry = feed.find("a:entry", ATOM)
    assert entry is not None
    assert entry.findtext("a:title", None, ATOM) == entry.findtext("a:content", None, ATOM)
    assert entry.findtext("a:title", None, ATOM) == HOSTILE
    lat, lon = map(float, str(entry.findtext("g:point", None, ATOM)).split())
    assert (lon, lat) == pytest.approx(tuple(label), abs=1e-6)

    away = someone(app, store, "away", Role.SECRETARY, elsewhere(store, home))
    number = feature["id"]
    gone = {"form_token": token(away, "/notices/new")}
    assert away.post(f"/notices/{number}/withdraw", data=gone).status_code == 404
    gone = {"form_token": token(secretary, "/notices/new")}
    assert secretary.post(f"/notices/{number}/withdraw", data=gone).status_code == 303
    assert seen(resident) == []
    assert resident.get(f"/notices/{number}").status_code == 404
    assert "&lt;img" in secretary.get("/notices?state=all").get_data(as_text=True)
    assert "&lt;img" not in away.get("/notices?state=all").get_data(as_text=True)


def test_a_form_that_comes_twice_counts_once(
    app: APIFlask, store: Store, resident: FlaskClient, home: str
) -> None:
    secretary = someone(app, store, "twice", Role.SECRETARY, home)
    page = secretary.get("/notices/new").get_data(as_text=True)
    found = re.search(r'name="key" value="([^"]+)"', page)
    assert found
    for _ in range(2):
        assert publish(secretary, area=home, key=found[1]).status_code == 303
    (only,) = seen(resident, home)
    assert found[1] in only["properties"]["url"]
    # gone back to and written anew it is another one
    assert publish(secretary, area=home, key=found[1], title="来水").status_code == 303
    assert {one["properties"]["title"] for one in seen(resident, home)} == {"停水", "来水"}
    other = someone(app, store, "other", Role.SECRETARY, home)
    assert publish(other, area=home, key=found[1], title="别人的").status_code == 409


def test_one_publishes_on_ones_own_ground_only(
    app: APIFlask, store: Store, resident: FlaskClient, home: str
) -> None:
    secretary = someone(app, store, "here", Role.SECRETARY, home)
    street = someone(app, store, "street", Role.STREET, home[:9])
    worker = someone(app, store, "group", Role.GROUP_LEADER, home)
    assert worker.get("/notices/new").status_code == 403
    for area in ("", home[:9], elsewhere(store, home)):
        assert publish(secretary, area=area).status_code == 403
    refused = publish(secretary, area=home, title="", text="写到一半")
    assert refused.status_code == 409
    assert "写到一半" in refused.get_data(as_text=True)
    refused = publish(secretary, area=home, title="停\0水", text="写到一半")
    page = refused.get_data(as_text=True)
    assert refused.status_code == 409
    assert all(said in page for said in ("标题里有看不见的控制字符", "写到一半", 'value="停水"'))
    assert publish(secretary, area=home, until="2020-01-01").status_code == 409
    assert publish(street, area=home[:9], since="2026-02-31").status_code == 409
    assert publish(street, area=home[:9], since="2126-01-01").status_code == 303
    assert seen(resident) == []
    assert publish(street, area=home[:9]).status_code == 303
    assert [one["properties"]["area"]["code"] for one in seen(resident, home)] == [home[:9]]


def test_a_solved_issue_is_told_in_new_words_and_not_quite_where(
    app: APIFlask, store: Store, resident: FlaskClient
) -> None:
    told = reported(resident, store, category="NOISE", text="隔壁张三家太吵")
    own = told["community"]["code"]
    secretary = someone(app, store, "here", Role.SECRETARY, own)
    new = f"/notices/new?issue={told['id']}"
    assert secretary.get(new).status_code == 409
    step(secretary, told["id"], "settle", note="已劝住")
    step(secretary, told["id"], "close")
    form = secretary.get(new).get_data(as_text=True)
    assert "隔壁张三家太吵" in form
    said = {"issue": told["id"], "title": "噪声已劝止", "text": "夜里十点后安静了"}
    assert publish(secretary, **said).status_code == 409  # nobody has read it over
    assert publish(secretary, **said, checked="1").status_code == 303
    assert publish(secretary, **said, checked="1").status_code == 409  # once is enough
    (feature,) = seen(resident, own)
    assert feature["geometry"]["coordinates"] == pytest.approx(
        [round(told["lon"], 3), round(told["lat"], 3)], abs=1e-6
    )
    assert "张三" not in resident.get("/notices").get_data(as_text=True)

    body = {"code": told["code"], "step": "reopen", "note": "又吵了", "key": "k" * 22}
    assert resident.post(f"/api/issues/{told['id']}/reply", json=body).status_code == 200
    assert seen(resident, own) == []


COPIED = (
    "insert into bulletin (kind, title, text, street_code, community_code, since, created_at)"
    " select kind, title, text, street_code, community_code, since, created_at from bulletin"
)


def rows(web: Connection, query: str) -> int:
    return int(web.scalar(text(query)) or 0)


def test_the_database_holds_it_too(store: Store, web_role: str, home: str) -> None:
    other, web = elsewhere(store, home), store.connection
    filled = (
        "insert into bulletin (kind, title, text, street_code, community_code, since, created_at,"
        " withdrawn_at) values ('notice', 'a', 'a', :street, :home, :now, :now, null),"
        " ('notice', 'b', 'b', :street, :home, :now, :now, :now),"
        " ('notice', 'c', 'c', :street, null, '2126-01-01', :now, null)"
    )
    given = {"street": home[:9], "home": home, "now": datetime(2026, 1, 1, tzinfo=UTC)}
    web.execute(text(filled), given)
    ground = {code: scoping.resolved(web, Scope((code,))) for code in (home, home[:9], other)}
    count = "select count(*) from bulletin"
    with web.begin_nested() as inner:
        web.execute(text(f"set local role {web_role}"))
        assert rows(web, count) == 1
        for code, expected in ((home, 2), (home[:9], 3), (other, 1)):
            scoping.tell(web, scoping.settings(ground[code], 1, all_files=False))
            assert rows(web, count) == expected
        for refused in ("delete from bulletin", "update bulletin set title = 'x'", COPIED):
            with pytest.raises(DBAPIError), web.begin_nested():
                web.execute(text(refused))
        inner.rollback()


@pytest.mark.parametrize("moment", ["999999999999", "253402300800", "253402300799.999999"])
def test_a_page_from_beyond_the_calendar_is_no_crash(resident: FlaskClient, moment: str) -> None:
    assert resident.get(f"/notices?after={moment},1").status_code in (200, 400)


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01"])
def test_a_day_at_the_end_of_the_calendar_is_refused_in_words(
    app: APIFlask, store: Store, home: str, day: str
) -> None:
    secretary = someone(app, store, "here", Role.SECRETARY, home)
    answer = publish(secretary, area=home, until=day)
    assert 400 <= answer.status_code < 500
    assert "停水" in answer.get_data(as_text=True)
