"""The page that most people would write: everything in one Folium map, as Folium does it."""

import gzip
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final, cast

import folium
from sqlalchemy import text
from sqlalchemy.orm import Session

from geodata.db import layers
from geodata.services import district
from scripts.setup.settings import CHECKOUT

VENDOR: Final = CHECKOUT / "webmap" / "static" / "vendor"
MOST_ISSUES: Final = 10_000
MOST_GRIDS: Final = 2_000
"""About the largest page that such a map still opens: of a larger district it holds the middle,
and the newest open issues of all of it, which is in its favour."""
_NEAREST: Final = 1_200
"""Grids around the middle whose box holds about `MOST_GRIDS`."""

_BUILDINGS: Final = text("""
    select json_build_object('type', 'FeatureCollection', 'features', json_agg(
        json_build_object('type', 'Feature', 'geometry', ST_AsGeoJSON(outline, 7)::json,
            'properties', json_build_object('name', name, 'address', address))))::text
    from (select * from building where kind = 'building'
        order by outline <-> ST_SetSRID(ST_MakePoint(:lon, :lat), 4326) limit :most) as chosen
""")
_ISSUES: Final = text("""
    select ST_Y(place) as lat, ST_X(place) as lon, ticket from issue
    where place is not null order by is_open desc, id desc limit :most
""")
_MIDDLE: Final = text("""
    select ST_XMin(box), ST_YMin(box), ST_XMax(box), ST_YMax(box) from (
        select ST_Extent(shape) as box from (
            select shape from boundary where upper_inf(valid)
            order by shape <-> ST_SetSRID(ST_MakePoint(:lon, :lat), 4326) limit :most
        ) as near
    ) as around
""")
_ALL: Final = text("""
    select (select count(*) from grid join boundary on boundary.grid_id = grid.id
            where upper_inf(valid) and kind <> 'uncovered') as grids,
        (select count(*) from building where kind = 'building') as buildings,
        (select count(*) from issue) as issues
""")


@dataclass(frozen=True)
class Naive:
    """The page as a file, what went into it, and how long Folium took to write it."""

    html: bytes
    grids: int
    buildings: int
    issues: int
    seconds: float
    whole: str


def make(session: Session, buildings: int) -> Naive:
    """The district in one Folium page: its grids, so many buildings, a marker an issue.

    Leaflet comes from our own host. Of what a stock page loads besides from other hosts (jQuery,
    Bootstrap, Font Awesome, awesome-markers, a base map) it has nothing, which is in its favour.
    """
    west, south, east, north = district.ground(session).bbox
    lon, lat = (west + east) / 2, (south + north) / 2
    middle = {"lon": lon, "lat": lat}
    whole = session.execute(_ALL).one()
    if whole.grids > MOST_GRIDS:
        near = session.execute(_MIDDLE, {**middle, "most": _NEAREST})
        west, south, east, north = near.one()
    grids = json.loads(layers.grids(session, (west, south, east, north), most=MOST_GRIDS))
    houses = json.loads(str(session.scalar(_BUILDINGS, {**middle, "most": buildings})))
    issues = session.execute(_ISSUES, {"most": MOST_ISSUES}).all()
    started = time.perf_counter()
    page = folium.Map((lat, lon), zoom_start=14, tiles=None)
    page.default_js = [("leaflet", "/leaflet.js")]
    page.default_css = [("leaflet_css", "/leaflet.css")]
    for features, field in ((grids, "name"), (houses, "address")):
        popup = folium.GeoJsonPopup(fields=[field], labels=False)
        folium.GeoJson(features, popup=popup).add_to(page)
    for issue in issues:
        folium.Marker((issue.lat, issue.lon), tooltip=issue.ticket).add_to(page)
    html = cast("Any", page.get_root()).render().encode()
    seconds = time.perf_counter() - started
    counts = len(grids["features"]), len(houses["features"]), len(issues)
    told = f"{whole.grids:,} grids, {whole.buildings:,} buildings and {whole.issues:,} issues"
    return Naive(html, *counts, seconds, told)


@contextmanager
def served(page: Naive) -> Iterator[str]:
    """The address of the page, kept ready and gzipped as a good server would hand it out."""
    files = {"/": (page.html, "text/html; charset=utf-8")}
    for name, kind in (("leaflet.js", "text/javascript"), ("leaflet.css", "text/css")):
        files[f"/{name}"] = ((VENDOR / name).read_bytes(), kind)
    packed = {path: (gzip.compress(body, 6), kind) for path, (body, kind) in files.items()}
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(packed))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def _handler(files: dict[str, tuple[bytes, str]]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        """Hands out the files, and nothing for what a stock page would ask of us besides."""

        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            body, kind = files.get(self.path, (b"", ""))
            self.send_response(200 if kind else 404)
            if kind:
                self.send_header("Content-Type", kind)
                self.send_header("Content-Encoding", "gzip")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    return Handler
