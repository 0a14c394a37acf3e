"""The list, the points and the card of issues."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from geodata.db import tables
from geodata.services import issues
from tests.webmap.conftest import Store, problem

PERSONAL = "我是张三，打我电话139-1234 5678，身份证610902199001011234"
HIDDEN = ("1234 5678", "13912345678", "199001011234")


def listed(client: FlaskClient, **query: Any) -> list[dict[str, Any]]:
    """All pages of a list."""
    items: list[dict[str, Any]] = []
    after: dict[str, str] = {}
    while True:
        page = client.get("/api/issues", query_string={**query, **after}).get_json()
        items += page["items"]
        if page["next"] is None:
            return items
        after = {"after": page["next"]}


def test_pages_hold_each_issue_once_the_newest_first(client: FlaskClient) -> None:
    items = listed(client, limit=37)
    assert len({item["id"] for item in items}) == len(items) == 260
    times = [datetime.fromisoformat(item["reported_at"]) for item in items]
    assert times == sorted(times, reverse=True)


@pytest.mark.parametrize(("state", "count"), [("open", 20), ("escalated", 7), ("closed", 240)])
def test_states_narrow_the_list(client: FlaskClient, state: str, count: int) -> None:
    items = listed(client, state=state, limit=200)
    assert len(items) == count
    assert {item["is_open"] for item in items} == {state != "closed"}


def test_other_filters_narrow_it_too(client: FlaskClient) -> None:
    first = next(item for item in listed(client, limit=200) if item["grid"])
    wanted = {
        "category": first["category"],
        "community": first["community"]["code"],
        "grid": first["grid"]["code"],
    }
    items = listed(client, **wanted)
    assert first["id"] in {item["id"] for item in items}
    assert {item["grid"]["code"] for item in items} == {wanted["grid"]}
    lon, lat = first["lon"], first["lat"]
    near = listed(client, bbox=f"{lon - 1e-4},{lat - 1e-4},{lon + 1e-4},{lat + 1e-4}")
    assert first["id"] in {item["id"] for item in near}
    assert len(near) < 20


def test_ids_are_random_and_hide_the_count(client: FlaskClient) -> None:
    ids = [UUID(item["id"]) for item in listed(client, limit=200)]
    assert {one.version for one in ids} == {4}
    assert not any(key in item for item in listed(client, limit=200) for key in ("number", "raw_x"))


def test_names_of_categories_follow_the_language(client: FlaskClient) -> None:
    chinese = client.get("/api/issues?limit=1").get_json()["items"][0]
    english = client.get("/api/issues?limit=1&lang=en").get_json()["items"][0]
    assert chinese["category_name"] == chinese["category_zh"]
    assert english["category_name"] == chinese["category_en"] != chinese["category_zh"]


def test_a_card_tells_the_evidence(client: FlaskClient) -> None:
    item = next(one for one in listed(client, limit=200) if one["rule"] == "covers")
    card = client.get(f"/api/issues/{item['id']}").get_json()
    assert {key: card[key] for key in item} == item
    assert card["events"][0]["kind"] == "reported"
    assert card["boundary"]["valid_from"].startswith("2021-03-01")
    assert card["border_m"] > 0
    assert all(worker["name"].endswith("**") for worker in card["workers"])
    times = [event["at"] for event in card["events"]]
    assert times == sorted(times)


def test_an_unknown_issue_is_said_to_be_unknown(client: FlaskClient) -> None:
    path = "/api/issues/00000000-0000-4000-8000-000000000000"
    problem(client.get(path), 404, "no_issue")
    problem(client.get("/api/issues/1"), 404, "http_404")


def test_points_are_where_the_list_says(client: FlaskClient) -> None:
    told = client.get("/api/issues/points?state=open").get_json()
    assert told["clustered"] is False
    places = {item["id"]: [item["lon"], item["lat"]] for item in listed(client, state="open")}
    for feature in told["features"]:
        shown = feature["geometry"]["coordinates"]
        assert shown == pytest.approx(places[feature["properties"]["id"]], abs=1e-7)


def test_many_points_are_counted_into_clusters(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    placed = len(client.get("/api/issues/points").get_json()["features"])
    monkeypatch.setattr(issues, "FEW_POINTS", 10)
    near, far = (client.get(f"/api/issues/points?zoom={zoom}").get_json() for zoom in (19, 11))
    for told in (near, far):
        assert told["clustered"]
        assert sum(one["properties"]["count"] for one in told["features"]) == placed
    assert len(far["features"]) < len(near["features"])


def test_the_whole_district_is_given_where_it_has_few(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    every = len(client.get("/api/issues/points").get_json()["features"])
    asked = "/api/issues/points?bbox=109.02,32.68,109.03,32.69&zoom=18&whole=true"
    few = client.get(asked).get_json()
    assert (few["whole"], few["clustered"], len(few["features"])) == (True, False, every)
    monkeypatch.setattr(issues, "FEW_POINTS", every - 1)
    view = client.get(asked).get_json()
    assert (view["whole"], view["clustered"]) == (False, False)
    assert 0 < len(view["features"]) < every


def test_what_is_late_is_marked(client: FlaskClient, store: Store) -> None:
    at = tables.issue.c
    number = store.connection.scalars(select(at.public_id).where(at.is_open).limit(1)).one()
    late = datetime.now(UTC) - timedelta(days=1)
    start = late - timedelta(days=3)
    store.connection.execute(
        update(tables.issue).where(at.public_id == number).values(due_at=late, reported_at=start)
    )
    card = client.get(f"/api/issues/{number}").get_json()
    assert (card["overdue"], card["left"]) == (True, 0.0)


def test_personal_data_in_texts_is_masked_everywhere(client: FlaskClient, store: Store) -> None:
    at = tables.issue.c
    number = store.connection.scalars(select(at.public_id).where(at.is_open).limit(1)).one()
    store.connection.execute(
        update(tables.issue)
        .where(at.public_id == number)
        .values(text=PERSONAL, address=f"{PERSONAL}之家")
    )
    for path in (f"/api/issues/{number}", "/api/issues?state=open"):
        shown = client.get(path).get_data(as_text=True)
        assert "139****5678" in shown
        assert not any(secret in shown for secret in HIDDEN)
