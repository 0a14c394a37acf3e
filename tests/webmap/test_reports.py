"""A resident reports: by a pin, a building or an address."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from geodata.db import tables
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
    assert (told["grid"]["code"], told["precision"]) == (code, "building")
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
