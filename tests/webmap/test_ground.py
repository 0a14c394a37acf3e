"""Nobody finds a neighbour's records: by page, API, tile, export, GIS address or search."""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final
from zipfile import ZipFile

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.test import TestResponse

from geodata.domain.roles import Role
from geodata.services.geocoding import Locator
from tests import signing
from tests.webmap.conftest import Store, problem, someone
from tests.webmap.test_contacts import CONTACT

TOLD: Final = "邻社区的井盖丢了"
REASON: Final = {"reason": "回访核实情况"}
REFUSED: Final = (401, 403, 404)

_NEIGHBOURS: Final = text("""
    select g.code, g.id, g.community_code as community, c.street_code as street,
        ST_X(b.label) as lon, ST_Y(b.label) as lat,
        (select min(worker_id) from post where post.grid_id = g.id and during @> now()) as worker
    from grid g join community c on c.code = g.community_code
    join boundary b on b.grid_id = g.id and upper_inf(b.valid)
    where g.kind = 'basic' and exists (
        select from post where post.grid_id = g.id and post.during @> now())
    and exists (select from party_org o where o.grid_id = g.id and o.tier = 'group')
    order by g.code
""")


@dataclass(frozen=True)
class Place:
    """A grid with its tiers, a point inside it, and somebody who works there."""

    code: str
    id: int
    community: str
    street: str
    lon: float
    lat: float
    worker: int

    @property
    def box(self) -> str:
        return f"{self.lon - 1e-4},{self.lat - 1e-4},{self.lon + 1e-4},{self.lat + 1e-4}"


@dataclass(frozen=True)
class Stage:
    """Two places far from one another, and what was reported and sent in for the second."""

    own: Place
    other: Place
    issue: str
    ticket: str
    job: int


@pytest.fixture(scope="module")
def staged(
    loaded: Engine, rebound: sessionmaker[Session], locator: Locator, app: APIFlask
) -> Iterator[tuple[Store, Stage]]:
    """What was reported and sent in once for all of these tests, undone at their end."""
    with loaded.connect() as connection, connection.begin() as outer:
        rebound.configure(bind=connection)
        store = Store(rebound, connection, locator)
        yield store, set_up(app, store)
        outer.rollback()


@pytest.fixture
def store(staged: tuple[Store, Stage], rebound: sessionmaker[Session]) -> Iterator[Store]:
    """As everywhere, upon what was staged; what a test changes is undone."""
    store, _ = staged
    rebound.configure(bind=store.connection)
    with store.connection.begin_nested() as own:
        yield store
        own.rollback()


@pytest.fixture
def stage(staged: tuple[Store, Stage], store: Store) -> Stage:
    del store
    return staged[1]


def set_up(app: APIFlask, store: Store) -> Stage:
    places = [Place(**row) for row in store.connection.execute(_NEIGHBOURS).mappings()]
    own = places[0]
    other = next(one for one in reversed(places) if one.street != own.street)
    said = {"category": "ENV", "text": TOLD, "lon": other.lon, "lat": other.lat}
    told = app.test_client().post("/api/issues", json={**said, "contact": CONTACT}).get_json()
    sheet = f"工单编号,受理时间,诉求内容,事发地址\nN1,昨天,{TOLD},某处".encode()
    manager = app.test_client()
    signing.put(manager, signing.MANAGER)
    job = manager.post("/api/imports", data={"file": (BytesIO(sheet), "邻.csv")}).get_json()["id"]
    store.work()
    return Stage(own, other, told["id"], told["ticket"], job)


SCOPES: Final = {
    Role.WORKER: "",
    Role.GRID_HEAD: "",
    Role.GROUP_LEADER: "code",
    Role.SECRETARY: "community",
    Role.DISPATCHER: "community",
    Role.CHECKER: "community",
    Role.DEPARTMENT: "street",
    Role.STREET: "street",
    Role.AUDITOR: "",
    Role.ADMINISTRATOR: "",
}
WORKS: Final = [role for role in SCOPES if role not in (Role.AUDITOR, Role.ADMINISTRATOR)]


def holder(app: APIFlask, store: Store, stage: Stage, role: Role) -> FlaskClient:
    scope = getattr(stage.own, SCOPES[role]) if SCOPES[role] else ""
    worker = stage.own.worker if role in (Role.WORKER, Role.GRID_HEAD) else None
    department = "城管局" if role is Role.DEPARTMENT else None
    more = {"worker_id": worker, "department": department}
    return someone(app, store, f"a-{role}", role, scope, **more)


def read(answer: TestResponse) -> str:
    """What an answer says, unpacked where it is an archive."""
    if not answer.data.startswith(b"PK"):
        return answer.get_data(as_text=True)
    with ZipFile(BytesIO(answer.data)) as archive:
        return "".join(archive.read(name).decode() for name in archive.namelist())


@pytest.mark.parametrize("role", SCOPES)
def test_no_role_finds_a_neighbours_records(
    app: APIFlask, store: Store, stage: Stage, role: Role
) -> None:
    client, other = holder(app, store, stage, role), stage.other
    for path in (
        *("/", "/api/issues?limit=200", f"/api/issues?bbox={other.box}", "/api/imports"),
        f"/api/issues?community={other.community}",
        f"/api/issues?grid={other.code}&street={other.street}",
        f"/api/issues?community={other.community}&street={stage.own.street}",
        *(f"/api/search?q={word}" for word in (stage.ticket, stage.issue, TOLD)),
        f"/ogc/collections/issues/items?bbox={other.box}&limit=1000",
        f"/ogc/collections/issues/items?grid={other.code}",
        f"/exports/issues.csv?grid={other.code}",
        f"/exports/issues.geojson?bbox={other.box}",
        *("/exports/refused.csv", f"/exports/refused.csv?import={stage.job}"),
    ):
        answer = client.get(path, buffered=True)
        assert answer.status_code in (200, *REFUSED), path
        shown = read(answer)
        asked = path.partition("q=")[2]
        for known in {TOLD, stage.ticket, stage.issue} - {asked}:
            assert known not in shown, path
        assert f'"{stage.issue}"' not in shown, path
    for path in (
        *(f"/issues/{stage.issue}/certificate", f"/api/issues/{stage.issue}/contact"),
        *(f"/ogc/collections/issues/items/{stage.issue}", f"/api/imports/{stage.job}"),
        *(f"/api/imports/{stage.job}/refused", f"/api/imports/{stage.job}/refused.csv"),
        *(f"/api/grids/{other.code}", f"/api/communities/{other.community}"),
        f"/api/streets/{other.street}",
    ):
        assert client.get(path).status_code in REFUSED, path
    url = f"/api/issues/{stage.issue}/contact"
    assert client.post(url, json=REASON).status_code in REFUSED
    corrected = client.put(f"/api/imports/{stage.job}/refused/2", json={"受理时间": "2026-05-01"})
    assert corrected.status_code in REFUSED


@pytest.mark.parametrize("role", WORKS)
def test_who_works_elsewhere_sees_of_a_record_what_everybody_sees(
    app: APIFlask, store: Store, stage: Stage, role: Role
) -> None:
    client, other = holder(app, store, stage, role), stage.other
    followed = client.get(f"/api/issues/{stage.issue}").get_json()
    resident = app.test_client().get(f"/api/issues/{stage.issue}").get_json()
    assert followed == resident
    assert (followed["workers"], followed["steps"]) == (None, [])
    problem(client.get(f"/issues/{stage.issue}/certificate"), 404, "no_issue")
    problem(client.get(f"/api/issues/{stage.issue}/contact"), 404, "no_issue")
    problem(client.get(f"/api/grids/{other.code}"), 404, "outside_ground")
    told = client.get(f"/api/issues/counts?community={other.community}").get_json()
    assert told.pop("more") == []
    assert set(told.values()) == {0}
    for zoom in (12, 18):
        shown = client.get(f"/api/issues/points?bbox={other.box}&zoom={zoom}").get_json()
        assert shown["features"] == []
    at = client.get(f"/api/at?lon={other.lon}&lat={other.lat}").get_json()
    assert "households" not in at["grid"]
    cells = client.get("/api/layers/grids").get_json()["features"]
    figured = {c["properties"]["code"] for c in cells if "households" in c["properties"]}
    assert stage.own.code in figured
    assert other.code not in figured


@pytest.mark.parametrize("role", [role for role in WORKS if role is not Role.DEPARTMENT])
def test_ones_own_is_all_there(app: APIFlask, store: Store, stage: Stage, role: Role) -> None:
    client, own = holder(app, store, stage, role), stage.own
    said = {"category": "ENV", "text": "自己的事", "lon": own.lon, "lat": own.lat}
    mine = client.post("/api/issues", json={**said, "contact": CONTACT}).get_json()["id"]
    listed = client.get("/api/issues?limit=200").get_json()["items"]
    assert mine in {item["id"] for item in listed}
    assert client.get(f"/api/issues/{mine}").get_json()["workers"]
    assert client.get(f"/issues/{mine}/certificate").status_code == 200
    assert client.get(f"/api/issues/{mine}/contact").get_json()["facts"]
    assert client.get(f"/api/grids/{own.code}").get_json()["households"] >= 0
    assert client.get(f"/api/search?q={mine}").get_json()["matches"][0]["kind"] == "issue"
    totals = client.get("/api/district").get_json()["totals"]
    assert 0 < totals["grids"] < 620
    assert client.get("/api/issues/counts").get_json()["all"] >= len(listed) > 0


PEOPLE_LAYERS: Final = ("buildings", "party-orgs", "posts", "issues")


@pytest.mark.parametrize("role", [Role.SECRETARY, Role.STREET])
def test_what_is_taken_out_is_of_ones_own_ground(
    app: APIFlask, store: Store, stage: Stage, role: Role
) -> None:
    client = holder(app, store, stage, role)
    own = stage.own.community if role is Role.SECRETARY else stage.own.street
    for layer in PEOPLE_LAYERS:
        rows = client.get(f"/exports/{layer}.geojson", buffered=True).get_json()["features"]
        assert rows, layer
        page = client.get(f"/ogc/collections/{layer}/items?limit=1000").get_json()
        assert page["numberMatched"] == len(rows), layer
        for row in (*rows, *page["features"]):
            facts = row["properties"]
            code = facts["community_code"] or facts.get("grid_code") or facts.get("street_code")
            assert code.startswith(own), (layer, facts)
    assert len(client.get("/ogc/collections/grids/items?limit=1000").get_json()["features"]) > 500


def test_a_secretary_finds_no_one_elsewhere_by_name_or_post(
    app: APIFlask, store: Store, stage: Stage, client: FlaskClient
) -> None:
    secretary = holder(app, store, stage, Role.SECRETARY)
    name = store.connection.scalar(
        text("select name from grid_worker where id = :id"), {"id": stage.other.worker}
    )
    group = store.connection.scalar(
        text("select name from party_org where grid_id = :id and tier = 'group'"),
        {"id": stage.other.id},
    )
    for words, kind in ((name, "worker"), (group, "group")):
        found: list[set[Any]] = []
        for who in (client, secretary):
            hits = who.get(f"/api/search?q={words}&limit=20").get_json()["matches"]
            found.append({hit["opens"]["id"] for hit in hits if hit["kind"] == kind})
        assert stage.other.code in found[0]
        assert stage.other.code not in found[1]


def test_only_the_sender_follows_a_file(
    app: APIFlask, store: Store, stage: Stage, client: FlaskClient
) -> None:
    secretary = holder(app, store, stage, Role.SECRETARY)
    dispatcher = holder(app, store, stage, Role.DISPATCHER)
    sheet = "工单编号,受理时间,诉求内容,事发地址\nN2,昨天,别处,某处".encode()
    for sender in (secretary, secretary):
        sent = sender.post("/api/imports", data={"file": (BytesIO(sheet), "我.csv")}).get_json()
    store.work()
    url = f"/api/imports/{sent['id']}/refused"
    assert len(secretary.get(url).get_json()["rows"]) == 1
    problem(dispatcher.get(url), 404, "no_import")
    assert client.get(url).status_code == 200  # who imports for the whole district sees all
    again = dispatcher.post("/api/imports", data={"file": (BytesIO(sheet), "你.csv")}).get_json()
    assert again == {"id": sent["id"], "new": False}
    assert dispatcher.get(url).status_code == 200  # the same file is the same import


def test_who_reports_for_somebody_elsewhere_can_follow_it(
    app: APIFlask, store: Store, stage: Stage
) -> None:
    worker = holder(app, store, stage, Role.WORKER)
    said = {"category": "ENV", "text": "界外", "lon": stage.other.lon, "lat": stage.other.lat}
    sent = worker.post("/api/issues", json=said).get_json()
    followed = worker.get(f"/api/issues/{sent['id']}").get_json()
    for told in (sent, followed):
        assert (told["text"], told["workers"]) == ("界外", None)
    problem(worker.get(f"/api/issues/{sent['id']}/contact"), 404, "no_issue")


def test_an_issue_in_no_grid_is_its_communitys_and_else_the_districts(
    app: APIFlask, store: Store, stage: Stage, client: FlaskClient
) -> None:
    number = store.connection.scalar(
        text("select id from issue where public_id = :id"), {"id": stage.issue}
    )
    nowhere = text("""
        update issue set grid_id = null, boundary_id = null, rule = 'none', place = null,
            precision = 'none', community_code = :code where id = :id
    """)
    secretary = holder(app, store, stage, Role.SECRETARY)
    url = "/api/issues?state=unplaced&limit=200"
    for code, seen in ((stage.own.community, True), (None, False)):
        store.connection.execute(nowhere, {"id": number, "code": code})
        shown = [item["id"] for item in secretary.get(url).get_json()["items"]]
        assert (stage.issue in shown) is seen
        assert stage.issue in [item["id"] for item in client.get(url).get_json()["items"]]


def test_ground_follows_the_posts_at_once(app: APIFlask, store: Store, stage: Stage) -> None:
    worker = holder(app, store, stage, Role.WORKER)
    url = f"/api/grids/{stage.own.code}"
    assert worker.get(url).status_code == 200
    store.connection.execute(
        text("delete from post where worker_id = :id"), {"id": stage.own.worker}
    )
    problem(worker.get(url), 403, "not_allowed")
    assert worker.get("/account").status_code == 200


def test_answers_are_ones_own_though_they_look_the_same(
    app: APIFlask, store: Store, stage: Stage, client: FlaskClient
) -> None:
    secretary = holder(app, store, stage, Role.SECRETARY)
    tag = client.get("/api/layers/grids").headers["ETag"]
    told = secretary.get("/api/layers/grids", headers={"If-None-Match": tag})
    assert (told.status_code, "Cookie" in told.headers["Vary"]) == (200, True)
    assert "private" in secretary.get("/api/issues").headers["Cache-Control"]
