"""Suggested grids by the API: asked for, followed, called off, accepted into a draft."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

from apiflask import APIFlask
from flask.testing import FlaskClient

from geodata.domain.roles import Role
from geodata.services import suggestion_jobs
from tests.webmap.conftest import Store, problem, someone

HOME = "610902001003"
NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)


def asked(client: FlaskClient, **wish: object) -> str:
    answer = client.post("/api/suggestions", json={"community": HOME, **wish})
    assert answer.status_code == 202, answer.get_json()
    return f"/api/suggestions/{answer.get_json()['public_id']}"


def test_a_suggestion_is_followed_and_taken_into_a_new_draft(app: APIFlask, store: Store) -> None:
    secretary = someone(app, store, "secretary", Role.SECRETARY, HOME)
    url = asked(secretary, kind="divide", number=9)
    assert secretary.get(url).get_json()["state"] == "waiting"
    early = secretary.post(f"{url}/accept", json={"alternative": 0})
    problem(early, 409, "suggestion_not_ready")
    with store.sessions() as session:
        suggestion_jobs.run(session, session, lambda: NOW, session.commit)
    done = secretary.get(url).get_json()
    assert (done["state"], done["done"]) == ("done", 1.0)
    first = done["alternatives"][0]
    assert len(first["grids"]["features"]) == first["figures"]["grids"] == 9
    drawn = secretary.post(f"{url}/accept", json={"alternative": 0, "name": "九格"}).get_json()
    assert (drawn["name"], drawn["steps"], drawn["state"]) == ("九格", 1, "draft")
    homes = Counter(one["properties"]["households"] for one in first["grids"]["features"])
    assert Counter(one["households"] for one in drawn["preview"]["after"].values()) <= homes
    assert [one["kind"] for one in secretary.get("/api/suggestions").get_json()["items"]] == [
        "divide"
    ]


def test_only_ones_own_community_is_asked_for(app: APIFlask, store: Store) -> None:
    secretary = someone(app, store, "secretary", Role.SECRETARY, HOME)
    away = someone(app, store, "away", Role.SECRETARY, "610902001004")
    url = asked(secretary, kind="rebalance")
    problem(away.get(url), 404, "no_suggestion")
    problem(away.post(f"{url}/cancel", json={}), 404, "no_suggestion")
    other = {"community": HOME, "kind": "divide"}
    problem(away.post("/api/suggestions", json=other), 404, "no_community")
    assert secretary.post(f"{url}/cancel", json={}).get_json()["state"] == "cancelled"
    problem(secretary.post(f"{url}/cancel", json={}), 409, "suggestion_over")
    for wrong in ({"kind": "x"}, {"kind": "divide", "number": 0}, {"kind": "divide", "norm": -1}):
        bad = secretary.post("/api/suggestions", json={"community": HOME, **wrong})
        problem(bad, 422, "invalid_request")
