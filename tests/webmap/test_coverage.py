"""Coverage by page and by API: found, explained, narrowed by ground, drafted away."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import Any

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from geodata.db import tables
from geodata.demo import District
from geodata.domain.coverage.frames import Norms
from geodata.domain.coverage.gap import KINDS
from geodata.domain.coverage.measures import measures
from geodata.domain.roles import Role
from geodata.services import coverage, coverage_compare
from tests.webmap.conftest import Queries, Store, problem, someone
from webmap import coverage_texts, database
from webmap.api import coverage as doors

TOKEN = re.compile(r'name="form_token" value="([^"]+)"')


def asked(client: FlaskClient, query: str = "") -> list[dict[str, Any]]:
    answer = client.get(f"/api/coverage{query}")
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return [one["properties"] for one in json.loads(answer.get_data())["features"]]


def test_the_api_tells_every_planted_gap_with_cause_and_next_action(
    client: FlaskClient, hanbin: District
) -> None:
    told = asked(client)
    planted = {(gap.kind, gap.code) for gap in hanbin.planted}
    now = {(gap["kind"], gap["code"]) for gap in told} - {
        (gap["kind"], gap["code"]) for gap in told if gap["level"] == "issue"
    }
    assert planted <= now
    assert all(gap["why"] and gap["do"] and gap["size"] and gap["title"] for gap in told)
    assert not any("{" in gap["why"] + gap["do"] for gap in told)


def test_a_manager_finds_who_could_take_a_grid_in_three_clicks(client: FlaskClient) -> None:
    first = client.get("/coverage").get_data(as_text=True)
    assert 'href="/coverage?kind=grid_without_group#gaps-title"' in first
    page = client.get("/coverage?kind=grid_without_group&area=610902002").get_data(as_text=True)
    told = asked(client, "?kind=grid_without_group&area=610902002")
    assert told
    assert all(gap["code"].startswith("610902002") for gap in told)
    lived_in = [gap for gap in told if gap["households"]]
    assert all(gap["facts"]["offers"] for gap in lived_in)
    assert lived_in[0]["facts"]["offers"][0]["name"] in page
    assert "还能管" in page


def test_the_numbers_of_the_page_are_those_of_its_list(client: FlaskClient) -> None:
    page = " ".join(client.get("/coverage").get_data(as_text=True).split())
    for kind in ("grid_without_group", "building_without_group", "grid_without_worker"):
        number = re.search(rf'kind={kind}#gaps-title"[^<]*<b[^>]*>([\d,]+)</b>', page)
        assert number
        assert int(number[1].replace(",", "")) == len(asked(client, f"?kind={kind}"))


def test_figures_of_a_street_are_the_sum_of_its_communities(client: FlaskClient) -> None:
    streets = client.get("/api/coverage/areas?tier=street").get_json()["items"]
    communities = client.get("/api/coverage/areas?tier=community").get_json()["items"]
    grids = client.get("/api/coverage/areas?tier=grid").get_json()["items"]
    assert (len(streets), len(communities), len(grids)) == (3, 35, 620)
    for figure in streets[0]["figures"]:
        sums = [
            sum(one["figures"][figure] for one in tier) for tier in (streets, communities, grids)
        ]
        if figure == "gaps":  # some lie in no grid, and some in no community
            told = asked(client)
            assert sums[:2] == [sum(gap["community"] is not None for gap in told)] * 2
            sums = [sums[2], sum(gap["grid"] is not None for gap in told)]
        assert len(set(sums)) == 1, figure


def test_each_sees_the_gaps_of_the_own_ground(app: APIFlask, store: Store) -> None:
    home = "610902002012"
    secretary = someone(app, store, "own", Role.SECRETARY, home)
    told = asked(secretary)
    assert told
    assert {gap["community"] for gap in told} == {home}
    problem(secretary.get("/api/coverage?area=610902001003"), 404, "no_area")
    page = secretary.get("/coverage").get_data(as_text=True)
    assert "610902001003" not in page
    items = secretary.get("/api/coverage/areas?tier=grid").get_json()["items"]
    assert {one["code"][:12] for one in items} == {home}
    worker = someone(app, store, "worker", Role.WORKER)
    problem(worker.get("/api/coverage"), 403, "not_allowed")


def test_the_same_is_a_table_in_both_languages(client: FlaskClient) -> None:
    page = client.get("/coverage/table?area=610902002012").get_data(as_text=True)
    assert "网格党组织覆盖率" in page
    assert page.count("<tr") > 20
    english = client.get("/coverage/table?area=610902002012&lang=en").get_data(as_text=True)
    assert "Grids with a party group" in english
    assert ">Xincheng Street</a>" in english
    client.get("/coverage?lang=zh")


def test_a_closed_gap_is_gone_at_once(client: FlaskClient, store: Store) -> None:
    org = tables.party_org
    leaderless = asked(client, "?kind=group_without_leader")
    first = leaderless[0]["facts"]["group"]
    store.connection.execute(update(org).where(org.c.id == first).values(secretary="王芳"))
    left = asked(client, "?kind=group_without_leader")
    assert len(left) == len(leaderless) - 1


def _is_tried_once(
    client: FlaskClient, store: Store, plan: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What if it were published: that is computed again only when something has moved."""
    real, tried = coverage_compare.on_plan, list[object]()

    def on_plan(*given: Any) -> coverage_compare.Side:
        tried.append(given)
        return real(*given)

    monkeypatch.setattr(coverage_compare, "on_plan", on_plan)
    pages = {client.get(f"/coverage/compare?{plan}").status_code for _ in range(2)}
    assert (pages, len(tried)) == ({200}, 1)
    store.connection.execute(update(tables.building).values(households=1))
    client.get(f"/coverage/compare?{plan}")
    assert len(tried) == 2


def test_a_house_in_no_grid_becomes_a_plan_that_gives_it_to_one(
    client: FlaskClient, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    gap = asked(client, "?kind=building_uncovered")[0]
    token = TOKEN.search(client.get("/coverage?kind=building_uncovered").get_data(as_text=True))
    assert token
    form = {"form_token": token[1], "kind": gap["kind"], "code": gap["code"]}
    answer = client.post("/coverage/drafts", data=form)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    plan, step = tables.redraw_plan, tables.redraw_step
    row = store.connection.execute(
        select(plan.c.community_code, step.c.intent).join(step, step.c.plan_id == plan.c.id)
    ).one()
    assert row.community_code == gap["community"]
    assert row.intent["to"] == gap["facts"]["to"]
    assert answer.headers["Location"].startswith(f"/redraw/{gap['community']}?plan=")
    assert client.get(answer.headers["Location"]).status_code == 200
    assert (
        client.post("/coverage/drafts", data=form).headers["Location"]
        == (answer.headers["Location"])
    )
    _is_tried_once(client, store, answer.headers["Location"].partition("?")[2], monkeypatch)
    again = client.post("/coverage/drafts", data={**form, "code": "nothing"})
    problem(again, 404, "no_gap")


def test_a_page_costs_few_questions(client: FlaskClient, queries: Queries) -> None:
    counts = list[int]()
    for _ in range(4):
        queries.sent.clear()
        client.get("/coverage?kind=grid_without_group")
        counts.append(len(queries.sent))
    assert min(counts) <= 20, "unless other tests write to the cluster, nothing is looked at anew"


def test_unknown_choices_are_refused_or_fall_back(client: FlaskClient) -> None:
    problem(client.get("/api/coverage?kind=nothing"), 404, "no_page")
    problem(client.get("/api/coverage?area=999"), 404, "no_area")
    assert client.get("/coverage?measure=nothing").status_code == 200


def test_every_kind_and_measure_has_its_words() -> None:
    assert set(coverage_texts.KINDS) == set(KINDS)
    assert set(coverage_texts.UNITS) == {unit for _, unit, _ in KINDS.values()}
    for one in measures(Norms()):
        assert {one.above, one.below} <= set(coverage_texts.FIGURES)
        assert one.code in coverage_texts.MEASURES
        assert one.rule in coverage_texts.RULES


@pytest.mark.parametrize("tier", ["street", "community", "grid", "building"])
def test_the_page_opens_at_every_tier(client: FlaskClient, tier: str) -> None:
    page = client.get(f"/coverage?tier={tier}").get_data(as_text=True)
    assert f'data-tier="{tier}"' in page


def test_a_grid_that_is_too_large_becomes_a_plan_that_divides_it(
    client: FlaskClient, store: Store
) -> None:
    gap = asked(client, "?kind=grid_overloaded")[0]
    token = TOKEN.search(client.get("/coverage?kind=grid_overloaded").get_data(as_text=True))
    assert token
    form = {"form_token": token[1], "kind": gap["kind"], "code": gap["code"]}
    answer = client.post("/coverage/drafts", data=form)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    step = tables.redraw_step
    intent = store.connection.execute(select(step.c.intent)).scalar_one()
    new = [code for code, _ in intent["grids"] if "+" in code]
    assert len(new) == gap["facts"]["parts"] - 1
    page = client.get("/coverage?kind=grid_overloaded").get_data(as_text=True)
    assert f'href="{answer.headers["Location"]}"' in page


def test_stations_that_another_program_takes_away_leave_people_too_far(
    client: FlaskClient, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "_FRESH_S", 0.0)
    far = "?kind=far_from_station"
    before = sum(gap["measure"] for gap in asked(client, far))
    place = tables.place
    kept = select(func.min(place.c.id)).where(place.c.kind == "service").scalar_subquery()
    gone = place.c.kind == "service", place.c.id != kept
    store.connection.execute(delete(place).where(*gone))
    after = sum(gap["measure"] for gap in asked(client, far))
    told = coverage.present(Session(store.connection), datetime.now(UTC))
    assert after == sum(gap.measure for gap in told if gap.kind == "far_from_station")
    assert after > before


def test_many_gaps_come_in_pages(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "_FRESH_S", 0.0)
    whole = asked(client)
    monkeypatch.setattr(doors, "MOST", 50)
    told = [asked(client, f"?page={page}") for page in range(1, 8)]
    assert [gap for page in told for gap in page] == whole
    assert max(map(len, told)) == 50
    first = client.get("/api/coverage").get_json(force=True)
    assert (first["numberMatched"], first["numberReturned"]) == (len(whole), 50)
    table = client.get("/coverage/table").get_data(as_text=True)
    assert f"缺口 {len(whole)} 个" in table
    assert "/coverage/table?page=2#gaps-title" in table
    assert whole[50]["code"] in client.get("/coverage/table?page=2").get_data(as_text=True)


def test_a_box_has_the_gaps_that_lie_in_it_and_says_how_many(client: FlaskClient) -> None:
    whole = client.get("/api/coverage").get_json(force=True)["features"]
    spots = [gap["properties"]["spot"] for gap in whole if gap["geometry"]]
    west, south = (min(spot[n] for spot in spots if spot) - 1e-6 for n in (0, 1))
    east, north = (max(spot[n] for spot in spots if spot) + 1e-6 for n in (0, 1))
    half = (west + east) / 2
    told = [
        client.get(f"/api/coverage?limit=5&bbox={box}").get_json(force=True)
        for box in (f"{west},{south},{half},{north}", f"{half},{south},{east},{north}")
    ]
    assert all(one["numberReturned"] == 5 for one in told)
    placed = sum(1 for gap in whole if gap["geometry"])
    assert placed <= sum(one["numberMatched"] for one in told) <= placed + 35  # ground in both
