"""A resident reports: by a pin, a building or an address."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from geodata.db import tables
from geodata.services.geocoding import Locator
from tests.webmap.conftest import Store, problem
from tests.webmap.test_places import inhabited

SAID = {"category": "ENV", "text": "垃圾没人清理"}


def stored(store: Store) -> int:
    return store.connection.scalar(select(func.count()).select_from(tables.issue)) or 0


def reported(client: FlaskClient, **said: Any) -> dict[str, Any]:
    answer = client.post("/api/issues", json={**SAID, **said})
    assert answer.status_code == 201, answer.get_data(as_text=True)
    told = answer.get_json()
    assert isinstance(told, dict)
    return told


def test_by_a_pin_into_the_grid_that_covers_it(client: FlaskClient, store: Store) -> None:
    _, lon, lat, code = inhabited(store)
    told = reported(client, lon=lon, lat=lat)
    assert told["grid"]["code"] == code
    assert (told["status"], told["precision"], told["channel"]) == ("reported", "pin", "web")
    assert told["url"] == f"/issues/{told['id']}"
    assert client.get(f"/api/issues/{told['id']}").get_json()["text"] == SAID["text"]
    assert client.get("/api/issues?limit=1").get_json()["items"][0]["id"] == told["id"]


def test_by_a_building(client: FlaskClient, store: Store) -> None:
    number, lon, lat, code = inhabited(store)
    told = reported(client, building_id=number)
    assert (told["grid"]["code"], told["precision"]) == (code, "door")
    assert (told["lon"], told["lat"]) == (lon, lat)
    assert told["address"]


def test_by_an_address_that_is_sure(client: FlaskClient, store: Store) -> None:
    at = tables.building.c
    address = store.connection.scalars(
        select(at.address).where(at.address != "", at.courtyard_id.is_(None)).order_by(at.id)
    ).first()
    told = reported(client, address=address)
    assert told["precision"] == "door"
    assert told["grid"]


def test_an_address_that_may_be_several_asks_back(client: FlaskClient, store: Store) -> None:
    before = stored(store)
    name = store.connection.scalars(
        select(tables.road.c.name).where(tables.road.c.name != "").order_by(tables.road.c.id)
    ).first()
    told = problem(
        client.post("/api/issues", json={**SAID, "address": f"{name}"}), 409, "address_ambiguous"
    )
    choices = told["facts"]["candidates"]
    assert choices
    assert {"label", "lon", "lat", "precision", "score"} <= choices[0].keys()
    assert stored(store) == before
    chosen = reported(client, address=name, lon=choices[0]["lon"], lat=choices[0]["lat"])
    assert chosen["address"] == name


def test_an_address_that_is_nowhere_is_said_to_be(client: FlaskClient) -> None:
    answer = client.post("/api/issues", json={**SAID, "address": "火星环形山"})
    assert "火星环形山" in problem(answer, 409, "address_unknown")["title"]


@pytest.mark.parametrize(
    ("said", "status", "code"),
    [
        ({"lon": 116.4, "lat": 39.9}, 422, "pin_outside"),
        ({"lon": 0, "lat": 0}, 422, "pin_outside"),
        ({"lon": 32.69, "lat": 109.02}, 422, "pin_swapped"),
        ({"lon": 12100000, "lat": 3600000}, 422, "pin_outside"),
        ({"building_id": 2**31 - 1}, 404, "no_building"),
        ({"lon": 109.02, "lat": 32.69, "category": "NONE"}, 404, "no_category"),
        ({}, 422, "invalid_request"),
        ({"lon": 109.02}, 422, "invalid_request"),
        ({"lon": 109.02, "lat": 32.69, "text": ""}, 422, "invalid_request"),
        ({"lon": 109.02, "lat": 32.69, "text": "  "}, 422, "invalid_request"),
        ({"lon": 109.02, "lat": 32.69, "text": "\u200b"}, 422, "invalid_request"),
        ({"lon": 109.02, "lat": 32.69, "text": "x\uffffy"}, 422, "invalid_request"),
        ({"lon": 109.02, "lat": 32.69, "text": "字" * 2001}, 422, "invalid_request"),
        ({"lon": 109.02, "lat": 32.69, "text": 5}, 422, "invalid_request"),
        ({"lon": "东", "lat": 32.69}, 422, "invalid_request"),
        ({"lon": 109.02, "lat": 32.69, "status": "closed"}, 422, "invalid_request"),
        ({"lon": 109.02, "lat": 32.69, "grid": "610902001003001"}, 422, "invalid_request"),
        ({"building_id": 2**31}, 422, "invalid_request"),
        ({"building_id": -1}, 422, "invalid_request"),
    ],
)
def test_what_cannot_be_taken_is_refused_and_nothing_stored(
    client: FlaskClient, store: Store, said: dict[str, Any], status: int, code: str
) -> None:
    before = stored(store)
    answer = client.post("/api/issues", json={**SAID, **said})
    problem(answer, status, code)
    english = client.post("/api/issues?lang=en", json={**SAID, **said}).get_json()["title"]
    assert english.isascii() or "“" in english
    assert stored(store) == before


def test_personal_data_is_masked_in_the_answer(client: FlaskClient, store: Store) -> None:
    _, lon, lat, _ = inhabited(store)
    told = reported(
        client, lon=lon, lat=lat, text="打13912345678", address="找１３９１２３４５６７８"
    )
    assert (told["text"], told["address"]) == ("打139****5678", "找139****5678")


def test_line_breaks_and_rare_characters_arrive(client: FlaskClient, store: Store) -> None:
    _, lon, lat, _ = inhabited(store)
    text = "第一行\n第二行 𠮷野家 😀 Ünïcødé"
    assert reported(client, lon=lon, lat=lat, text=text)["text"] == text


def crossing(store: Store) -> tuple[str, str]:
    """Two roads that cross in one point."""
    one, other = tables.road.alias("one"), tables.road.alias("other")
    meeting = func.ST_Intersection(one.c.shape, other.c.shape)
    pairs = (
        select(one.c.name, other.c.name)
        .where(
            one.c.name < other.c.name, one.c.name != "", func.ST_Crosses(one.c.shape, other.c.shape)
        )
        .group_by(one.c.name, other.c.name)
        .having(func.count() == 1, func.max(func.ST_NumGeometries(meeting)) == 1)
        .order_by(one.c.name, other.c.name)
    )
    first = store.connection.execute(pairs).first()
    assert first is not None
    return first[0], first[1]


def test_by_the_crossing_of_two_roads(client: FlaskClient, store: Store) -> None:
    one, other = crossing(store)
    told = reported(client, address=f"{one}与{other}交叉口")
    assert told["precision"] == "crossing"
    assert told["grid"]
    lines = select(tables.road.c.shape.ST_Distance(func.ST_Point(told["lon"], told["lat"], 4326)))
    for name in (one, other):
        away = store.connection.scalars(lines.where(tables.road.c.name == name)).all()
        assert min(away) < 0.0005
    best = client.get("/api/search", query_string={"q": f"{one}{other}路口"}).get_json()["matches"]
    assert best[0]["precision"] == "crossing"


def test_roads_that_meet_nowhere_are_asked_about(client: FlaskClient) -> None:
    told = client.get("/api/geocode", query_string={"q": "文昌路与文昌路一巷二巷路口"}).get_json()
    assert not told["sure"]


def misspelt(client: FlaskClient, store: Store) -> tuple[str, dict[str, Any]]:
    """An address with a wrong character, and the first place that is offered for it."""
    at = tables.building.c
    houses = select(at.address).where(at.address != "", at.courtyard_id.is_(None)).order_by(at.id)
    for address in store.connection.scalars(houses.limit(200)):
        typed = f"鑫{address[1:]}"
        told = client.get("/api/geocode", query_string={"q": typed}).get_json()
        if not told["sure"] and told["reason"] == "unlike":
            return typed, told["matches"][0]
    raise AssertionError("no address of the demo can be misspelt")


def test_the_place_chosen_for_a_wording_is_remembered_and_not_believed(
    client: FlaskClient, store: Store
) -> None:
    typed, offered = misspelt(client, store)
    where = {"lon": offered["lon"], "lat": offered["lat"]}
    reported(client, address=offered["label"], typed=typed, **where)
    kept = store.connection.execute(select(tables.alias.c.label, tables.alias.c.trusted)).all()
    assert kept == [(offered["label"], False)]
    with store.sessions() as session:
        locator = Locator.of(session)
    answer = locator.answer(typed, 5)
    assert (answer.sure, answer.candidates[0].label) == (False, offered["label"])
    assert typed not in {named.name for named in locator.completion.names(typed[:2], 20)}


def test_a_place_that_was_not_offered_is_not_remembered(client: FlaskClient, store: Store) -> None:
    typed, _ = misspelt(client, store)
    _, lon, lat, _ = inhabited(store)
    reported(client, typed=typed, lon=lon + 0.0001, lat=lat)
    assert store.connection.scalar(select(func.count()).select_from(tables.alias)) == 0
