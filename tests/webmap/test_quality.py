"""What the checks of the present division say, by API and page."""

from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select, update

from geodata.db import tables
from geodata.domain.flaw import CHECKS, KINDS
from geodata.services import quality
from tests.webmap.conftest import Store
from webmap import flaws


def asked(client: FlaskClient, language: str = "zh") -> dict[str, Any]:
    """The answer, once it is there."""
    for _ in range(30):
        answer = client.get(f"/api/quality?lang={language}")
        if answer.status_code == 200:
            return dict(answer.get_json())
        assert (answer.status_code, answer.get_json()) == (202, {"state": "checking"})
    raise AssertionError("still checking")


def test_the_demo_district_has_no_flaw_but_its_known_strip(client: FlaskClient) -> None:
    body = asked(client)
    assert body["areas"] == 620
    assert [check["code"] for check in body["checks"]] == list(CHECKS)
    (strip,) = body["features"]
    told = strip["properties"]
    assert (told["kind"], told["severity"], told["remedy"]) == ("uncovered", "note", "nothing")
    assert told["title"] == "已知未划入网格的地面"
    west, south, east, north = told["bbox"]
    assert west < told["spot"][0] < east
    assert south < told["spot"][1] < north
    assert sum(check["errors"] + check["warnings"] for check in body["checks"]) == 0


def test_words_come_in_the_language_of_the_request(client: FlaskClient) -> None:
    body = asked(client, "en")
    assert body["checks"][1]["name"] == "Topology"
    assert body["features"][0]["properties"]["title"] == "Ground known to be in no grid"


def test_the_answer_is_kept_by_the_browser(client: FlaskClient) -> None:
    asked(client)
    first = client.get("/api/quality")
    assert first.content_type.startswith("application/geo+json")
    again = client.get("/api/quality", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304


def test_the_page_opens_without_the_checks(client: FlaskClient) -> None:
    page = client.get("/quality").get_data(as_text=True)
    assert 'data-tool="problems"' in page
    assert "网格数据质量检查" in page


def test_every_kind_of_flaw_has_its_words() -> None:
    assert set(flaws.TITLES) == set(KINDS)
    assert {row[3] for row in KINDS.values()} == set(flaws.REMEDIES)
    assert set(flaws.CHECK_NAMES) == set(flaws.CHECK_MEANINGS) == set(CHECKS)


def test_a_name_given_twice_is_found_in_the_store(store: Store) -> None:
    grid = tables.grid.c
    mine = (grid.community_code == "610902001003") & grid.code.is_not(None)
    query = select(grid.id, grid.name, grid.code).where(mine).order_by(grid.code).limit(2)
    rows = store.connection.execute(query).all()
    with store.sessions() as session:
        session.execute(update(tables.grid).where(grid.id == rows[1].id).values(name=rows[0].name))
        checked = quality.present(session)
    doubled = next(flaw for flaw in checked.flaws if flaw.kind == "name_duplicate")
    assert doubled.codes == (rows[0].code, rows[1].code)
    assert doubled.spot is not None


def test_a_house_in_no_grid_is_something_to_do(store: Store) -> None:
    at = tables.building.c
    query = select(at.id, at.code).where(at.kind == "building", at.code.is_not(None)).limit(1)
    house = store.connection.execute(query).one()
    with store.sessions() as session:
        session.execute(update(tables.building).where(at.id == house.id).values(grid_id=None))
        checked = quality.present(session)
    (lost,) = [flaw for flaw in checked.flaws if flaw.kind == "building_uncovered"]
    assert (lost.codes, lost.severity, lost.check) == ((house.code,), "warning", "relations")
    assert lost.spot is not None
