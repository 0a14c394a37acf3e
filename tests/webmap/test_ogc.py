"""OGC API Features as programs use it: pages, boxes, times, links, refusals, and GDAL itself."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

import pytest
import shapely
from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy import delete, insert, select, text
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.serving import make_server

from geodata.db import outgoing, outlets, tables
from geodata.db.outgoing import Wish
from geodata.domain.layer import LAYERS
from geodata.services import features
from tests import signing
from tests.makers import START, Town, code_of
from tests.webmap.conftest import SETTINGS, Queries, Store, problem, signed_in
from webmap.api.ogc import CRS84
from webmap.app import create_app

pytestmark = pytest.mark.db
CHANGE = START + timedelta(days=365)


def items(client: FlaskClient, collection: str, **query: Any) -> dict[str, Any]:
    answer = client.get(f"/ogc/collections/{collection}/items", query_string=query)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    assert answer.mimetype == "application/geo+json"
    told: dict[str, Any] = json.loads(answer.get_data())
    assert told["type"] == "FeatureCollection"
    assert told["numberReturned"] == len(told["features"])
    return told


def link(told: dict[str, Any], rel: str) -> str | None:
    found = [one["href"] for one in told["links"] if one["rel"] == rel]
    return str(found[0]) if found else None


def pages(client: FlaskClient, collection: str, **query: Any) -> Iterator[dict[str, Any]]:
    """All pages, by their own links."""
    told = items(client, collection, **query)
    yield told
    while (following := link(told, "next")) is not None:
        parts = urlsplit(following)
        told = json.loads(client.get(f"{parts.path}?{parts.query}").get_data())
        yield told


def codes(told: dict[str, Any]) -> set[str]:
    return {one["properties"]["code"] for one in told["features"]}


def test_every_link_of_the_first_pages_leads_somewhere(client: FlaskClient) -> None:
    landing = client.get("/ogc").get_json()
    told = [*landing["links"]]
    for one in client.get("/ogc/collections").get_json()["collections"]:
        told += one["links"]
        own = client.get(f"/ogc/collections/{one['id']}").get_json()
        assert own == one
        assert own["extent"]["spatial"]["bbox"][0][0] == pytest.approx(109, abs=0.3)
        assert own["crs"] == ["http://www.opengis.net/def/crs/OGC/1.3/CRS84"]
    assert {one["rel"] for one in landing["links"]} >= {
        *("self", "service-desc", "service-doc", "conformance", "data", "alternate"),
    }
    for one in told:
        parts = urlsplit(one["href"])
        assert parts.netloc == "localhost"
        answer = client.head(parts.path)
        assert answer.status_code == 200, one
        assert answer.mimetype == one["type"]


def test_what_is_kept_of_the_standard_is_told(client: FlaskClient) -> None:
    told = client.get("/ogc/conformance").get_json()["conformsTo"]
    assert [one.rsplit("/", 1)[1] for one in told] == ["core", "geojson"]
    collections = client.get("/ogc/collections").get_json()["collections"]
    assert {one["id"] for one in collections} == set(features.COLLECTIONS)
    assert client.get("/ogc/").get_json() == client.get("/ogc").get_json()
    english = client.get("/ogc/collections/grids?lang=en").get_json()
    assert english["title"] == "Grids"
    assert "synthetic ground" in english["description"]


@pytest.mark.parametrize("collection", features.COLLECTIONS)
def test_pages_hold_each_feature_once(client: FlaskClient, collection: str) -> None:
    limit = 1000 if collection == "buildings" else 173
    seen = [
        one["id"] for page in pages(client, collection, limit=limit) for one in page["features"]
    ]
    first = items(client, collection, limit=1)
    assert len(set(seen)) == len(seen) == first["numberMatched"]
    one = client.get(f"/ogc/collections/{collection}/items/{seen[-1]}")
    assert one.mimetype == "application/geo+json"
    feature = one.get_json()
    assert feature["id"] == seen[-1]
    assert {"self", "collection"} <= {each["rel"] for each in feature["links"]}
    assert set(feature["properties"]) == {f.name for f in LAYERS[collection].fields} - {"id"}


def test_paging_is_stable_while_data_change(client: FlaskClient, store: Store) -> None:
    at = tables.place.c
    before = [one["id"] for p in pages(client, "places", limit=1000) for one in p["features"]]
    first = items(client, "places", limit=10)
    gone = before[3], before[12]
    store.connection.execute(delete(tables.place).where(at.id.in_(gone)))
    new = store.connection.scalars(
        insert(tables.place)
        .values(name="新", kind="shop", shape=store.connection.scalar(select(at.shape).limit(1)))
        .returning(at.id)
    ).one()
    seen = [one["id"] for one in first["features"]]
    following = link(first, "next")
    while following is not None:
        parts = urlsplit(following)
        page = json.loads(client.get(f"{parts.path}?{parts.query}").get_data())
        seen += [one["id"] for one in page["features"]]
        following = link(page, "next")
    assert seen == [one for one in before if one != gone[1]] + [new]


def test_limits_are_held(client: FlaskClient) -> None:
    assert items(client, "buildings", limit=100_000)["numberReturned"] == features.MOST
    assert items(client, "buildings")["numberReturned"] == 100
    for bad in ("0", "-1", "x", "1e3", "9" * 5000):
        problem(client.get(f"/ogc/collections/grids/items?limit={bad}"), 400, "invalid_request")


def test_a_box_gives_what_meets_it(client: FlaskClient) -> None:
    everything = [one for p in pages(client, "grids", limit=1000) for one in p["features"]]
    shapes = {one["id"]: shapely.from_geojson(json.dumps(one["geometry"])) for one in everything}
    west, south, east, north = shapes[everything[100]["id"]].bounds
    near = items(client, "grids", bbox=f"{west},{south},{east},{north}", limit=1000)
    wanted = {n for n, s in shapes.items() if s.intersects(shapely.box(west, south, east, north))}
    assert {one["id"] for one in near["features"]} == wanted
    assert near["numberMatched"] == len(wanted) < 100
    solid = items(client, "grids", bbox=f"{west},{south},0,{east},{north},99", limit=1000)
    assert {one["id"] for one in solid["features"]} == wanted
    around = items(client, "grids", bbox=f"{west},{south},-170,{north}", limit=1000)
    assert wanted <= {one["id"] for one in around["features"]}
    assert items(client, "grids", bbox="0,0,1,1")["features"] == []


@pytest.mark.parametrize(
    "bbox", ["1,2,3", "a,b,c,d", "nan,0,1,1", "0,1,1,0", "0,0,181,1", "inf,0,1,1", "", "1,2,3,4,5"]
)
def test_a_box_that_is_none_is_refused(client: FlaskClient, bbox: str) -> None:
    problem(client.get(f"/ogc/collections/grids/items?bbox={bbox}"), 400, "box_bad")


def test_the_only_system_may_be_named(client: FlaskClient) -> None:
    box = "bbox=109.02,32.68,109.04,32.70"
    named = f"{box}&bbox-crs={CRS84}&crs={CRS84}"
    found = [client.get(f"/ogc/collections/grids/items?{q}").get_json() for q in (box, named)]
    assert found[0]["features"] == found[1]["features"] != []


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("nonsense=1", "invalid_request"),
        ("f=html", "invalid_request"),
        ("crs=http://www.opengis.net/def/crs/EPSG/0/3857", "invalid_request"),
        ("bbox=1,2,3,4&bbox-crs=EPSG:4326", "invalid_request"),
        ("datetime=yesterday", "time_unclear"),
        ("datetime=2024-13-01", "time_unclear"),
        ("datetime=2024-05-02/2024-05-01", "time_unclear"),
        ("after=x", "bad_cursor"),
        ("after=WzFd", "bad_cursor"),
        ("after=WyIyMDI0LTAxLTAxIiwxXQ", "bad_cursor"),
        ("tier=group", "filter_unknown"),
        ("state=lost", "filter_bad"),
    ],
)
def test_wrong_parameters_are_400(client: FlaskClient, query: str, code: str) -> None:
    told = problem(client.get(f"/ogc/collections/issues/items?{query}"), 400, code)
    assert told["type"] == "about:blank"
    html = {"Accept": "text/html"}
    answer = client.get(f"/ogc/collections/issues/items?{query}", headers=html)
    assert answer.mimetype == "application/problem+json"


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/ogc/collections/nothing", "no_layer"),
        ("/ogc/collections/refused", "no_layer"),
        ("/ogc/collections/nothing/items", "no_layer"),
        ("/ogc/collections/grids/items/0", "no_item"),
        ("/ogc/collections/grids/items/x", "no_item"),
        ("/ogc/collections/grids/items/99999999999999999999", "no_item"),
        ("/ogc/collections/issues/items/1", "no_item"),
        ("/ogc/collections/issues/items/00000000-0000-4000-8000-000000000000", "no_item"),
        ("/ogc/collections/streets/items/%00", "no_item"),
        ("/ogc/nothing", "http_404"),
    ],
)
def test_what_is_not_there_is_404(client: FlaskClient, path: str, code: str) -> None:
    problem(client.get(path), 404, code)


def test_simple_properties_narrow(client: FlaskClient) -> None:
    opened = items(client, "issues", state="open", limit=1000)
    assert opened["numberMatched"] == 20
    assert all(one["properties"]["is_open"] for one in opened["features"])
    one = items(client, "grids", code="610902001003001")
    assert codes(one) == {"610902001003001"}
    inside = items(client, "buildings", community="610902001003", limit=1000)
    assert {f["properties"]["community_code"] for f in inside["features"]} == {"610902001003"}


def test_issues_are_found_by_their_time(client: FlaskClient) -> None:
    everything = [one for p in pages(client, "issues", limit=100) for one in p["features"]]
    times = sorted(one["properties"]["reported_at"] for one in everything)
    middle = times[130]
    late = items(client, "issues", datetime=f"{middle.replace('+00:00', 'Z')}/..", limit=1000)
    assert late["numberMatched"] == sum(one >= middle for one in times)
    first = items(client, "issues", datetime=f"../{times[0]}", limit=1000)
    assert first["numberMatched"] == 1
    assert [one["properties"]["reported_at"] for one in everything] == times


@pytest.fixture
def redrawn(session: Session) -> FlaskClient:
    """A town whose grids were drawn anew once, served."""
    town = Town(session).drawn("AAB")
    town.redrawn("ACB", CHANGE)
    sessions = sessionmaker(session.connection(), join_transaction_mode="create_savepoint")
    return signed_in(create_app(SETTINGS, sessions), sessions)


@pytest.mark.parametrize(
    ("moment", "letters"),
    [
        (None, "ABC"),
        ("2021-02-28T00:00:00Z", ""),
        ("2021-03-01T00:00:00Z", "AB"),
        ("2022-02-28T23:59:59.999999Z", "AB"),
        ("2022-03-01T00:00:00Z", "ABC"),
        ("2022-03-01T08:00:00%2B08:00", "ABC"),
        ("2022-03-01", "AB"),
        ("2022-03-02", "ABC"),
        ("../2021-06-01", "AB"),
        ("2025-01-01/..", "ABC"),
        ("2021-06-01/2023-06-01", "AABBC"),
        ("../..", "AABBC"),
        ("/", "AABBC"),
    ],
)
def test_grids_are_those_of_the_time_asked_for(
    redrawn: FlaskClient, moment: str | None, letters: str
) -> None:
    query = "" if moment is None else f"?datetime={moment}"
    told = json.loads(redrawn.get(f"/ogc/collections/grids/items{query}").get_data())
    found = sorted(one["properties"]["code"] for one in told["features"])
    assert found == sorted(map(code_of, letters))
    assert told["numberMatched"] == len(letters)


def test_a_boundary_of_the_past_can_still_be_had(redrawn: FlaskClient) -> None:
    past = json.loads(redrawn.get("/ogc/collections/grids/items?datetime=2021-06-01").get_data())
    number = past["features"][0]["id"]
    told = redrawn.get(f"/ogc/collections/grids/items/{number}").get_json()
    assert told["properties"]["valid_to"] == CHANGE.isoformat()
    assert told["geometry"] == past["features"][0]["geometry"]
    start = redrawn.get("/ogc/collections/grids").get_json()["extent"]["temporal"]["interval"]
    assert start == [["2021-03-01T00:00:00Z", None]]


def test_rings_run_as_geojson_has_them_and_personal_data_stay(client: FlaskClient) -> None:
    for one in items(client, "grids", limit=50)["features"]:
        shape = shapely.from_geojson(json.dumps(one["geometry"]))
        for part in shapely.get_parts(shape):
            assert shapely.is_ccw(shapely.get_exterior_ring(part))
    names = {one["properties"]["worker"] for one in items(client, "posts")["features"]}
    assert all(name.endswith("**") for name in names)


def test_a_page_costs_few_queries(client: FlaskClient, queries: Queries) -> None:
    client.get("/ogc")
    for path in ("", "/collections", "/collections/grids/items", "/collections/issues/items"):
        queries.sent.clear()
        client.get(f"/ogc{path}")
        assert len(queries.sent) <= 3, queries.sent


@pytest.mark.parametrize(
    ("collection", "wish", "index"),
    [
        ("issues", Wish(), "ix_issue_recent"),
        ("issues", Wish(boxes=[(109.0, 32.6, 109.0001, 32.6001)]), "ix_issue_place"),
        ("grids", Wish(boxes=[(109.0, 32.6, 109.0001, 32.6001)]), "ix_boundary_present"),
        ("buildings", Wish(boxes=[(109.0, 32.6, 109.0001, 32.6001)]), "ix_building_outline"),
        ("buildings", Wish(), "pk_building"),
    ],
)
def test_plans_use_an_index(demo_session: Session, collection: str, wish: Wish, index: str) -> None:
    layer = LAYERS[collection]
    source = outlets.SOURCES[collection]
    demo_session.execute(text("set local enable_seqscan = off"))
    query = outgoing._rows(layer, wish, source.shape).limit(100)
    written = query.compile(demo_session.connection(), compile_kwargs={"literal_binds": True})
    plan = "\n".join(demo_session.scalars(text(f"explain {written}").columns()).all())
    assert index in plan


@contextmanager
def serving(app: APIFlask) -> Iterator[str]:
    """The application on a port, one request at a time."""
    server = make_server("127.0.0.1", 0, app)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"OAPIF:http://127.0.0.1:{server.server_port}/ogc"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


GDAL = """
import json, sys
import pyogrio, shapely
address = sys.argv[1]
grids = pyogrio.read_dataframe(address, layer="grids")
west, south, east, north = grids.geometry.iloc[10].bounds
box = (west + 1e-6, south + 1e-6, east - 1e-6, north - 1e-6)
near = pyogrio.read_dataframe(address, layer="grids", bbox=box)
buildings = pyogrio.read_dataframe(address, layer="buildings", read_geometry=False)
issues = pyogrio.read_dataframe(address, layer="issues")
print(json.dumps({
    "layers": [row[0] for row in pyogrio.list_layers(address).tolist()],
    "crs": grids.crs.to_authority(),
    "grids": len(grids),
    "box": box,
    "near": sorted(near["code"]),
    "expected": sorted(grids[grids.intersects(shapely.box(*box))]["code"]),
    "buildings": [len(buildings), buildings["code"].nunique()],
    "issues": len(issues),
}))
"""
"""GDAL keeps the interpreter to itself while it asks, so it gets a process of its own."""


def test_gdal_opens_it(app: APIFlask, client: FlaskClient) -> None:
    with serving(app) as address:
        command = [sys.executable, "-c", GDAL, address]
        env = os.environ | {"GDAL_HTTP_AUTH": "BEARER", "GDAL_HTTP_BEARER": signing.MANAGER}
        ran = subprocess.run(
            command, capture_output=True, text=True, timeout=120, check=False, env=env
        )
    assert ran.returncode == 0, ran.stderr
    told = json.loads(ran.stdout)
    assert set(told["layers"]) == set(features.COLLECTIONS)
    assert told["crs"] in (["OGC", "CRS84"], ["EPSG", "4326"])
    assert told["box"][0] == pytest.approx(109, abs=0.3)
    assert told["grids"] == 620
    assert 1 < len(told["near"]) < 100
    assert told["near"] == told["expected"]
    many = items(client, "buildings", limit=1)["numberMatched"]
    assert told["buildings"] == [many, many]
    assert many > 9000
    assert told["issues"] == 260
