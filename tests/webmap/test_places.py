"""What stands at a place, in which grid, and how places are found by their names."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from geodata.db import tables
from tests.webmap.conftest import Store, problem


def inhabited(store: Store) -> tuple[int, float, float, str]:
    """Id, door and grid code of a building with a party group."""
    at, home = tables.building.c, tables.grid.c
    query = (
        select(at.id, at.door.ST_X(), at.door.ST_Y(), home.code)
        .join_from(tables.building, tables.grid)
        .where(at.party_group_id.is_not(None), at.households > 0, at.courtyard_id.is_(None))
        .order_by(at.id)
    )
    number, lon, lat, code = store.connection.execute(query).first() or (0, 0.0, 0.0, "")
    return number, lon, lat, code


def test_the_district_tells_its_name_extent_and_totals(client: FlaskClient) -> None:
    told = client.get("/api/district").get_json()
    assert (told["code"], told["name"], told["synthetic"]) == ("610902", "汉滨区", True)
    west, south, east, north = told["bbox"]
    assert 108 < west < east < 110
    assert 32 < south < north < 33
    totals = told["totals"]
    assert (totals["communities"], totals["grids"], totals["groups"]) == (35, 620, 550)
    assert (totals["workers"], totals["platform_residents"]) == (756, 368000)
    assert totals["issues"] == {"closed": 240, "escalated": 7, "open": 13}


def test_a_place_names_its_building_grid_and_people(client: FlaskClient, store: Store) -> None:
    _, lon, lat, code = inhabited(store)
    told = client.get(f"/api/at?lon={lon}&lat={lat}").get_json()
    assert told["rule"] in ("covers", "border")
    assert told["grid"]["code"] == code
    assert told["community"]["code"] == code[:12]
    assert told["street"]["code"] == code[:9]
    assert {"households", "residents", "workers", "groups", "open_issues"} <= told["grid"].keys()


def test_a_building_names_its_party_group(client: FlaskClient, store: Store) -> None:
    at = tables.building.c
    inside = at.outline.ST_PointOnSurface()
    number, lon, lat = store.connection.execute(
        select(at.id, inside.ST_X(), inside.ST_Y())
        .where(at.party_group_id.is_not(None), at.kind == "building")
        .order_by(at.id)
        .limit(1)
    ).one()
    building = client.get(f"/api/at?lon={lon}&lat={lat}").get_json()["building"]
    assert building["id"] == number
    assert building["party_group"]["name"]
    assert building["party_group"]["member_count"] >= 3


def test_people_are_named_by_their_family_name_only(client: FlaskClient, store: Store) -> None:
    told = client.get(f"/api/grids/{inhabited(store)[3]}").get_json()
    names = [who["name"] for who in told["workers"]]
    names += [group["secretary"] for group in told["groups"] if group["secretary"]]
    assert names
    assert all(len(name) == 3 and name.endswith("**") for name in names)


def test_a_place_beyond_the_district_belongs_to_nobody(client: FlaskClient) -> None:
    told = client.get("/api/at?lon=116.4&lat=39.9").get_json()
    assert told["rule"] == "none"
    assert told["grid"] is told["building"] is told["community"] is told["street"] is None


def test_a_grid_and_its_community_agree(client: FlaskClient) -> None:
    community = client.get("/api/communities/610902001003").get_json()
    assert community["name"]
    assert community["grids"]
    grid = client.get(f"/api/grids/{community['grids'][0]['code']}").get_json()
    assert grid["community"] == {"code": community["code"], "name": community["name"]}
    assert grid["valid_from"].startswith("2021-03-01")
    assert len(grid["bbox"]) == 4


@pytest.mark.parametrize(
    ("path", "code"),
    [("/api/grids/610902001003999", "no_grid"), ("/api/communities/610902009999", "no_community")],
)
def test_an_unknown_code_is_said_to_be_unknown(client: FlaskClient, path: str, code: str) -> None:
    told = problem(client.get(path), 404, code)
    assert path.rsplit("/", 1)[-1] in told["title"]
    assert path.rsplit("/", 1)[-1] in problem(client.get(f"{path}?lang=en"), 404, code)["title"]


def test_a_whole_address_is_found_for_sure(client: FlaskClient, store: Store) -> None:
    at = tables.building.c
    address = store.connection.scalars(
        select(at.address).where(at.address != "", at.courtyard_id.is_(None)).order_by(at.id)
    ).first()
    told = client.get("/api/geocode", query_string={"q": address}).get_json()
    assert told["sure"]
    first = told["matches"][0]
    assert first["building_id"]
    assert first["precision"] in ("door", "building")
    assert first["score"] == 1


def test_no_more_places_than_asked_for(client: FlaskClient) -> None:
    told = client.get("/api/geocode", query_string={"q": "路1号", "limit": 3}).get_json()
    assert len(told["matches"]) <= 3


def test_words_that_name_no_place_find_none(client: FlaskClient) -> None:
    told = client.get("/api/geocode", query_string={"q": "垃圾"}).get_json()
    assert told == {"matches": [], "sure": False, "reason": "nothing"}
