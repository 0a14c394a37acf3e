"""Every address of the application, with something in the place of its arguments."""

from collections.abc import Iterator
from dataclasses import dataclass

from apiflask import APIFlask
from sqlalchemy import select

from geodata.db import tables
from tests.webmap.conftest import Store

CODES = {"grids": "610902001003001", "streets": "610902001", "": "610902001003"}
QUERIES = {
    "/api/at": "lon=109.03&lat=32.69",
    "/api/geocode": "q=路1号",
    "/api/history/at": "lon=109.03&lat=32.69&at=2026-11-01",
    "/api/history/grids": "at=2026-11-01&community=610902001003",
    "/api/redraws": "community=610902001003",
    "/api/search": "q=路1号",
    "/exports/file": "layer=streets&format=csv",
}
GONE = (
    *("/api/exports", "/api/imports", "/api/loads", "/api/locks", "/api/photos", "/api/redraws"),
    *("/api/suggestions", "/coverage/reports", "/people/roster", "/redraws"),
)
"""Below here stand jobs, plans and photos, and the demo has none."""


@dataclass(frozen=True)
class Route:
    """One address; `rule` is as the application knows it."""

    rule: str
    url: str
    methods: frozenset[str]
    endpoint: str = ""


def walked(app: APIFlask, store: Store) -> Iterator[Route]:
    """All routes with arguments of things that exist."""
    issue = tables.issue.c
    known = {
        "code": "",
        "collection": "streets",
        "item": "610902001",
        "layer": "streets",
        "form": "geojson",
        "ending": "csv",
        "account": store.connection.scalars(select(tables.account.c.public_id)).first(),
        "day": "2026-11-01",
        "number": 1,
        "row": 1,
        "job_id": 1,
        "public_id": store.connection.scalars(select(issue.public_id).order_by(issue.id)).first(),
        "photo": "00000000-0000-4000-8000-000000000000",
        "filename": "js/map.js",
        "sheets": "base+map",
        "libraries": "leaflet+supercluster",
        "modules": "bar+tools.base",
        "name": "overview",
        "language": "en",
        "z": 15,
        "x": 26307,
        "y": 13232,
    }
    for rule in app.url_map.iter_rules():
        code = next(code for part, code in CODES.items() if part in rule.rule)
        given = {name: known[name] for name in rule.arguments} | (
            {"code": code} if "code" in rule.arguments else {}
        )
        built = rule.build(given)
        assert built is not None, rule.rule
        query = QUERIES.get(rule.rule, "")
        methods = frozenset(rule.methods or ())
        yield Route(rule.rule, f"{built[1]}?{query}".rstrip("?"), methods, rule.endpoint)


def readable(app: APIFlask, store: Store) -> list[Route]:
    """Those that can be asked with GET."""
    return [route for route in walked(app, store) if "GET" in route.methods]
