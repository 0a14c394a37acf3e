"""No page asks the database more often than it must, however much there is to show."""

import pytest
from flask.testing import FlaskClient

from geodata.db import tables
from tests.webmap.conftest import Queries, Store
from tests.webmap.test_issues import listed
from tests.webmap.test_places import inhabited

MOST = {
    "/": 3,
    "/report": 3,
    "/imports": 2,
    "/desk": 6,
    "/desk?words=漏水&sort=due&soon=true": 6,
    "/quality": 2,
    "/api/quality": 2,
    "/exports": 2,
    "/exports/grids.geojson": 5,
    "/ogc": 2,
    "/ogc/conformance": 0,
    "/ogc/collections": 3,
    "/ogc/collections/grids/items": 2,
    "/ogc/collections/issues/items?limit=1000": 2,
    "/loads": 0,
    "/api/loads": 1,
    "/people": 4,
    "/redraws": 4,
    "/people/grids/610902001003001": 6,
    "/people/workers/1": 2,
    "/people/roster": 1,
    "/about": 0,
    "/maps/overview.js": 2,
    "/texts/en.json": 0,
    "/healthz": 0,
    "/readyz": 3,
    "/openapi.json": 0,
    "/api/district": 5,
    "/api/issues?limit=200": 1,
    "/api/issues/points": 2,
    "/api/issues/points?whole=true": 2,
    "/api/issues/counts": 1,
    "/api/issues?street=610902001&category=ENV&period=7d&overdue=true": 2,
    "/api/layers/streets": 1,
    "/api/layers/communities": 1,
    "/api/layers/grids": 1,
    "/api/layers/uncovered": 1,
    "/api/communities/610902001003": 2,
    "/api/imports": 1,
    "/api/geocode?q=路1号": 2,
    "/api/streets": 1,
    "/api/streets/610902001": 2,
    "/api/search?q=安火路": 4,
    "/api/search?q=安火路3网格员": 5,
    "/api/search?q=AK2026": 5,
    "/tiles/base/15/26307/13232.mvt": 3,
    "/static/js/map.js": 0,
}

WHO_ASKS = 1
"""The statement that finds whose session it is."""


@pytest.mark.parametrize("path", MOST)
def test_a_page_asks_little(client: FlaskClient, queries: Queries, path: str) -> None:
    client.get(path, buffered=True)  # the ground is remembered from here on
    queries.sent.clear()
    assert client.get(path, buffered=True).status_code == 200
    assert len(queries.sent) <= MOST[path] + WHO_ASKS, "\n".join(queries.sent)


def test_facts_ask_little(client: FlaskClient, store: Store, queries: Queries) -> None:
    _, lon, lat, code = inhabited(store)
    card = next(item["id"] for item in listed(client, limit=200) if item["grid"])
    for path, most in (
        (f"/api/at?lon={lon}&lat={lat}", 7),
        (f"/api/grids/{code}", 4),
        (f"/api/issues/{card}", 4),
        (f"/issues/{card}", 3),
        (f"/issues/{card}/certificate", 6),
    ):
        queries.sent.clear()
        assert client.get(path).status_code == 200
        assert len(queries.sent) <= most + WHO_ASKS, path


def test_a_report_asks_little(client: FlaskClient, queries: Queries) -> None:
    said = {"category": "ENV", "text": "x", "lon": 109.03, "lat": 32.69}
    client.post("/api/issues", json=said)
    queries.sent.clear()
    assert client.post("/api/issues", json=said).status_code == 201
    assert len(queries.sent) <= 11 + WHO_ASKS, "\n".join(queries.sent)


def test_a_long_list_costs_no_more_queries_than_a_short_one(
    client: FlaskClient, queries: Queries
) -> None:
    counted = []
    for limit in (1, 200):
        queries.sent.clear()
        client.get(f"/api/issues?limit={limit}")
        counted.append(len(queries.sent))
    assert counted[0] == counted[1]


def test_a_tile_is_made_once(client: FlaskClient, queries: Queries) -> None:
    client.get("/tiles/base/16/52615/26465.mvt")
    queries.sent.clear()
    client.get("/tiles/base/16/52615/26465.mvt")
    assert not any(tables.landcover.name in statement for statement in queries.sent)
