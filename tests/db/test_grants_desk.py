"""The desk as the web's lesser role: what comes newly to whom, passed on and settled away."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from geodata.db import tables
from geodata.domain.roles import Role
from tests import signing
from tests.db.test_grants import HOME, app, did, manager, rebound, sessions, web

__all__ = ["app", "manager", "rebound", "sessions", "web"]
OFFICE = "市容所"
KEY = "a-key-of-the-clients-own"


@dataclass(frozen=True)
class Place:
    """A grid with a worker on it: code, community, a spot inside in degrees, the worker's id."""

    code: str
    community: str
    lon: float
    lat: float
    worker: int


@pytest.fixture
def places(sessions: sessionmaker[Session]) -> list[Place]:
    """Grids with a worker, those of HOME first."""
    grid, post, ground = tables.grid.c, tables.post.c, tables.boundary.c
    query = (
        select(
            *(grid.code, grid.community_code.label("community"), func.min(post.worker_id)),
            *(func.ST_X(ground.label).label("lon"), func.ST_Y(ground.label).label("lat")),
        )
        .select_from(tables.grid)
        .join(tables.post, post.grid_id == grid.id)
        .join(tables.boundary, (ground.grid_id == grid.id) & func.upper_inf(ground.valid))
        .where(post.during.contains(datetime.now(UTC)))
        .group_by(grid.code, grid.community_code, ground.label)
        .order_by(grid.community_code != HOME, grid.code)
    )
    with sessions() as session:
        return [
            Place(row.code, row.community, row.lon, row.lat, row.min)
            for row in session.execute(query)
        ]


@dataclass(frozen=True)
class Desk:
    """An issue that a resident has reported in a grid, and those who may have it."""

    app: APIFlask
    sessions: sessionmaker[Session]
    url: str
    worker: FlaskClient
    secretary: FlaskClient
    office: FlaskClient

    def signed(self, login: str, role: Role, scope: str = "", **more: Any) -> FlaskClient:
        """Somebody more."""
        return signed(self.app, self.sessions, login, role, scope, **more)

    def step(self, client: FlaskClient, name: str, **word: Any) -> Any:
        """Take a step."""
        return did(client, f"{self.url}/steps", step=name, key=f"{KEY}-{name}-{len(word)}", **word)

    @property
    def number(self) -> str:
        """The issue's random number."""
        return self.url.rpartition("/")[2]


def signed(
    app: APIFlask, sessions: sessionmaker[Session], login: str, role: Role, scope: str, **more: Any
) -> FlaskClient:
    client = app.test_client()
    with sessions() as session:
        number = signing.account(session, login, role, scope, **more)
        token = signing.token(session, number)
        session.commit()
    signing.put(client, token)
    return client


@pytest.fixture
def desk(app: APIFlask, sessions: sessionmaker[Session], places: list[Place]) -> Desk:
    """A report in the first of HOME's grids, with its worker, secretary and a department."""
    with sessions() as session:
        session.execute(tables.issue_category.update().values(department=OFFICE))
        session.commit()
    here = places[0]
    said = {"category": "ENV", "text": "垃圾", "lon": here.lon, "lat": here.lat}
    return Desk(
        *(app, sessions, f"/api/issues/{did(app.test_client(), '/api/issues', **said)['id']}"),
        signed(app, sessions, "worker", Role.WORKER, "", worker_id=here.worker),
        signed(app, sessions, "secretary", Role.SECRETARY, HOME),
        signed(app, sessions, "office", Role.DEPARTMENT, "610902", department=OFFICE),
    )


def new(client: FlaskClient) -> int:
    return int(client.get("/api/arrivals").get_json()["count"])


def listed(client: FlaskClient) -> list[str]:
    return [one["id"] for one in client.get("/api/issues?fresh=true").get_json()["items"]]


def test_a_report_is_new_to_its_worker_until_it_is_opened(desk: Desk) -> None:
    worker, secretary = desk.worker, desk.secretary
    assert desk.number in listed(worker)
    assert desk.number not in listed(secretary)
    before = new(worker)
    mine = worker.get("/api/my-grid").get_json()["issues"]
    assert desk.number in [one["id"] for one in mine if one["fresh"]]
    assert "new_to" not in mine[0]
    assert not did(secretary, f"{desk.url}/opened")["was_new"]  # it is not theirs to open
    assert new(worker) == before
    assert did(worker, f"{desk.url}/opened")["was_new"]
    assert new(worker) == before - 1
    assert "fresh" not in desk.app.test_client().get(desk.url).get_json()  # nobody else is told


def test_what_is_handed_on_is_new_to_whoever_has_it_then(desk: Desk, places: list[Place]) -> None:
    worker, secretary, office, step = desk.worker, desk.secretary, desk.office, desk.step
    step(secretary, "dispatch", handler=OFFICE)
    assert desk.number not in listed(worker)
    assert desk.number in listed(office)
    assert office.get("/desk?fresh=true").status_code == 200
    step(office, "handle", note="已清")
    assert desk.number not in listed(office)
    step(secretary, "rework", note="没清完")
    assert desk.number in listed(office)

    beside = {grid["code"] for grid in worker.get(desk.url).get_json()["beside"]}
    follows = next(one for one in places if one.code in beside)
    neighbour = desk.signed("neighbour", Role.WORKER, worker_id=follows.worker)
    passed = step(worker, "pass_over", grid=follows.code, note="在那一侧")
    assert passed["status"] == "reported"
    assert office.get(desk.url).get_json()["workers"] is None  # the office has it no more
    assert desk.number in listed(neighbour)


def test_what_is_settled_away_is_new_there(
    desk: Desk, places: list[Place], manager: FlaskClient
) -> None:
    away = next(place for place in places if place.community != HOME)
    there = desk.signed("there", Role.WORKER, worker_id=away.worker)
    over = desk.signed("over", Role.SECRETARY, away.community)
    desk.step(desk.secretary, "dispatch", handler=OFFICE)
    ruling = {"lon": away.lon, "lat": away.lat, "note": "界址", "key": f"{KEY}-ground"}
    lies = did(desk.secretary, f"{desk.url}/ground", **ruling)
    assert (lies["grid_code"], lies["seen"]) == (away.code, False)
    assert desk.office.get(desk.url).get_json()["workers"] is None
    assert desk.number in listed(there)
    assert desk.number not in listed(over)
    desk.step(there, "escalate", note="要社区协调")
    assert desk.number not in listed(there)
    assert did(over, f"{desk.url}/opened")["was_new"]
    desk.step(manager, "supervise", grade="yellow")
    assert desk.number in listed(over)  # called in, and there to be opened again
    desk.step(over, "register")
    assert desk.number not in listed(over)


def test_who_joins_follows_with_it(desk: Desk) -> None:
    resident = desk.app.test_client()
    joined = did(resident, f"{desk.url}/join", key=f"{KEY}-joins", note="我也是")
    assert did(resident, "/api/issues/follow", code=joined["code"])["url"] == joined["url"]
    assert did(resident, f"{desk.url}/own", code=joined["code"])["words"][0]["note"] == "我也是"
