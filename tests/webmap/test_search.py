"""One question finds everything that the district names, and says what opening it shows."""

from datetime import UTC, datetime
from types import ModuleType
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Table, select, update

from geodata.db import tables
from geodata.domain.gazetteer import Entry
from geodata.domain.geocoder import Geocoder
from geodata.domain.search import EXACT, Finder
from geodata.services import district, geocoding, search
from tests.webmap.conftest import Store, problem

GRID = "610902002012003"


def found(client: FlaskClient, words: str, **more: Any) -> list[dict[str, Any]]:
    answer = client.get("/api/search", query_string={"q": words, **more})
    assert answer.status_code == 200, answer.get_data(as_text=True)
    matches = answer.get_json()["matches"]
    assert isinstance(matches, list)
    return matches


@pytest.mark.parametrize(
    ("words", "kind", "label"),
    [
        ("安火路社区", "community", "安火路社区"),
        ("新城街道", "street", "新城街道"),
        ("安火路 03", "grid", "安火路社区第3网格"),
        ("安火路3网格", "grid", "安火路社区第3网格"),
        ("安火路社区第三网格", "grid", "安火路社区第3网格"),
        ("安伙路3网格", "grid", "安火路社区第3网格"),
        (GRID, "grid", "安火路社区第3网格"),
        ("安火路1小组", "group", "安火路社区第1网格党小组"),
        ("安火路社区第一网格党支部", "branch", "安火路社区第一网格党支部"),
        ("新城街道党工委", "committee", "新城街道党工委"),
        ("巴山公园", "place", "巴山公园"),
        ("文昌路", "road", "文昌路"),
    ],
)
def test_the_best_match_is_the_thing_that_was_named(
    client: FlaskClient, words: str, kind: str, label: str
) -> None:
    best = found(client, words)[0]
    assert (best["kind"], best["label"]) == (kind, label)
    assert best["detail"] or kind in ("street", "road", "place")
    assert best["bbox"] or (best["lon"] and best["lat"])


def test_what_a_match_opens_is_there(client: FlaskClient) -> None:
    cards = {"grid": "/api/grids", "community": "/api/communities", "street": "/api/streets"}
    for words in (
        "安火路 03",
        "安火路社区",
        "新城街道",
        "安火路1小组",
        "安火路社区党委",
        "新城街道党工委",
    ):
        opens = found(client, words)[0]["opens"]
        assert client.get(f"{cards[opens['kind']]}/{opens['id']}").status_code == 200


def test_an_address_leads_to_its_door_and_tells_its_community(
    client: FlaskClient, store: Store
) -> None:
    at, area = tables.building.c, tables.community.c
    address, community = store.connection.execute(
        select(at.address, area.name)
        .join_from(tables.building, tables.community)
        .where(at.name == "", at.address != "")
        .order_by(at.id)
    ).first() or ("", "")
    best = found(client, address)[0]
    assert best["kind"] in ("address", "building")
    assert community in best["detail"]
    kind, place = best["opens"].values()
    lon, lat = place.split(",")
    assert kind == "place"
    assert client.get(f"/api/at?lon={lon}&lat={lat}").get_json()["community"]["name"] == community


def test_typing_on_finds_doors_and_estates(client: FlaskClient, store: Store) -> None:
    at = tables.building.c
    estate = store.connection.scalars(
        select(at.name).where(at.kind == "courtyard", at.name.like("%花园")).order_by(at.id)
    ).first()
    assert estate
    assert any(estate in match["label"] for match in found(client, estate[:-1]))
    begun = found(client, "文昌路1", limit=20)
    doors = [match["label"] for match in begun if match["kind"] == "address"]
    assert doors
    assert all("文昌路1" in label for label in doors)


@pytest.mark.parametrize("words", ["安火路9号", "汉滨区安火路９＃", "安活路9号"])
def test_a_whole_number_that_is_not_there_becomes_no_other(client: FlaskClient, words: str) -> None:
    assert any("安火路9" in match["label"] for match in found(client, "安火路9"))
    hits = found(client, words)
    assert "安火路" in {match["label"] for match in hits}
    assert {(match["kind"], match["missing"]) for match in hits} == {("road", "9")}


def test_a_building_is_found_by_a_name_that_tells_little(store: Store) -> None:
    houses = [
        Entry("door", name, 109.02, 32.69, f"文昌路{name[2:]}号") for name in ("新楼1", "新楼10")
    ]
    locator = geocoding.Locator(Geocoder(houses))
    with store.sessions() as session:
        index = search.Index(Finder([]))
        hits = search.answer(session, index, locator, "新楼1", 8, datetime.now(UTC))
    assert [hit.label for hit in hits if "新楼1" in hit.label] == [
        "文昌路1号新楼1",
        "文昌路10号新楼10",
    ]
    assert hits[0].rank == EXACT


def test_a_post_is_found_by_its_grid_and_its_duty(client: FlaskClient) -> None:
    both, lead = (found(client, f"安火路3{duty}") for duty in ("网格员", "网格长"))
    assert {match["kind"] for match in both} == {"worker"}
    assert [match["duty"] for match in lead] == ["lead"]
    assert lead[0] in both
    assert all(match["opens"] == {"kind": "grid", "id": GRID} for match in both)
    assert {"安火路" in match["detail"] for match in found(client, "安火路社区网格员")} == {True}


def test_a_worker_is_found_by_the_whole_name_which_is_not_told(
    client: FlaskClient, store: Store
) -> None:
    name, code = store.connection.execute(
        select(tables.grid_worker.c.name, tables.grid.c.code)
        .join_from(
            tables.grid_worker, tables.post, tables.post.c.worker_id == tables.grid_worker.c.id
        )
        .join(tables.grid)
        .where(tables.grid_worker.c.name.like("___"))
        .order_by(tables.grid_worker.c.id)
    ).first() or ("", "")
    answer = client.get("/api/search", query_string={"q": name, "limit": 20})
    workers = [match for match in answer.get_json()["matches"] if match["kind"] == "worker"]
    assert {"kind": "grid", "id": code} in [match["opens"] for match in workers]
    assert {match["label"] for match in workers} == {f"{name[0]}**"}
    assert name not in answer.get_data(as_text=True)
    assert not any(match["kind"] == "worker" for match in found(client, name[:2], limit=20))


def test_an_issue_is_found_by_its_ticket_and_by_its_id(client: FlaskClient, store: Store) -> None:
    at = tables.issue.c
    ticket, number = store.connection.execute(
        select(at.ticket, at.public_id).where(at.channel == "12345").order_by(at.ticket)
    ).first() or ("", "")
    opens = {"kind": "issue", "id": str(number)}
    for words in (ticket, ticket.lower(), f" {ticket} ", str(number), f"http://x/issues/{number}"):
        best = found(client, words)[0]
        assert (best["kind"], best["label"], best["opens"]) == ("issue", ticket, opens)
        assert best["status"]
        assert best["category_name"]
    assert opens in [match["opens"] for match in found(client, str(number)[:8])]
    assert found(client, ticket[:6])[0]["label"] == ticket
    digits = ticket.lstrip("AK")
    assert digits.isdigit()
    assert found(client, digits)[0]["label"] == ticket
    assert found(client, digits[:10])[0]["label"].endswith(digits[-9:])
    assert not any(match["kind"] == "issue" for match in found(client, ticket[:3]))


def test_the_state_of_an_issue_is_told_in_the_language_asked_for(client: FlaskClient) -> None:
    chinese, english = (found(client, "AK2026", lang=lang)[0] for lang in ("zh", "en"))
    assert chinese["category_name"] != english["category_name"]
    assert {"is_open", "overdue"} <= chinese.keys()


def test_kinds_stand_together_and_share_the_room(client: FlaskClient) -> None:
    kinds = [match["kind"] for match in found(client, "东站")]
    assert kinds[0] == "community"
    assert {"grid", "group", "road"} <= set(kinds)
    assert kinds == sorted(kinds, key=kinds.index)
    assert len(kinds) <= 8
    assert len(found(client, "东站", limit=20)) > 8


@pytest.mark.parametrize("words", ["查无此处", "%", "_____", "' or 1=1 --", "\\", "ＡＢＣ", "🙂"])
def test_words_that_mean_nothing_find_nothing(client: FlaskClient, words: str) -> None:
    assert found(client, words) == []


@pytest.mark.parametrize(
    "query", ["", "q=", "q=%20", "q=x&limit=0", "q=x&limit=21", f"q={'长' * 201}"]
)
def test_a_question_that_is_none_is_refused(client: FlaskClient, query: str) -> None:
    problem(client.get(f"/api/search?{query}"), 422, "invalid_request")


def test_a_street_tells_its_communities(client: FlaskClient) -> None:
    street = client.get("/api/streets/610902002").get_json()
    assert (street["name"], len(street["bbox"])) == ("新城街道", 4)
    own = {row["code"]: row for row in street["communities"]}
    assert own["610902002012"]["name"] == "安火路社区"
    assert all(code.startswith("610902002") and row["grids"] > 0 for code, row in own.items())
    problem(client.get("/api/streets/610902999"), 404, "no_street")


def test_all_streets_tell_their_communities(client: FlaskClient) -> None:
    streets = client.get("/api/streets").get_json()["streets"]
    assert [street["name"] for street in streets] == ["老城街道", "新城街道", "江北街道"]
    assert sum(len(street["communities"]) for street in streets) == 35


@pytest.mark.parametrize(
    ("table", "seen_by"),
    [
        (tables.community, (search, district, geocoding)),
        (tables.street, (search, district, geocoding)),
        (tables.grid, (search, district)),
        (tables.party_org, (search, district)),
    ],
)
def test_what_is_renamed_is_a_new_version(
    store: Store, table: Table, seen_by: tuple[ModuleType, ...]
) -> None:
    with store.sessions() as session:
        before = [room.version(session) for room in seen_by]
        first = select(table.c.name).where(table.c.name != "").limit(1).scalar_subquery()
        session.execute(update(table).where(table.c.name == first).values(name="改过的名字"))
        after = [room.version(session) for room in seen_by]
        assert all(one != other for one, other in zip(before, after, strict=True))
