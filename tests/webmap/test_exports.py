"""Files taken out by the web: their names, their bytes, and how they are refused."""

import io
import json
import zipfile
from threading import BoundedSemaphore
from urllib.parse import unquote

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient

from geodata.domain.layer import LAYERS
from geodata.services import export_jobs, exports
from tests.webmap.conftest import problem
from webmap.pages.exports import _SLOTS

MAGIC = {
    "gpkg": b"SQLite format 3\0",
    "geojson": b'{"type": "FeatureCollection"',
    "fgb": b"fgb\x03",
    "shp": b"PK\x03\x04",
    "kml": b"<?xml",
    "csv": b"PK\x03\x04",
    "xlsx": b"PK\x03\x04",
}


@pytest.mark.parametrize("form", exports.FORMATS)
def test_a_layer_comes_as_a_file(client: FlaskClient, form: str) -> None:
    answer = client.get(f"/exports/streets.{form}", buffered=True)
    assert answer.status_code == 200
    assert answer.mimetype == exports.FORMATS[form].media
    assert answer.data.startswith(MAGIC[form])
    assert int(answer.headers["Content-Length"]) == len(answer.data)
    said = answer.headers["Content-Disposition"]
    assert 'attachment; filename="610902-streets-' in said
    assert unquote(said).split("filename*=UTF-8''")[1].startswith("汉滨区-街道-")
    assert answer.headers["Cache-Control"] == "no-store"
    assert client.head(f"/exports/streets.{form}").headers["Content-Disposition"] == said


def test_what_the_list_is_narrowed_to_is_what_leaves(client: FlaskClient) -> None:
    asked = "/exports/file?layer=issues&format=geojson&crs=EPSG%3A4326&at=&state=open"
    answer = client.get(asked, buffered=True)
    told = json.loads(answer.data)
    assert len(told["features"]) == 20
    assert "crs" not in told
    assert "state=open" in told["description"]


def test_a_bundle_says_what_it_lost(client: FlaskClient) -> None:
    answer = client.get("/exports/grids.csv?crs=GCJ02&at=2022-01-01", buffered=True)
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        names = archive.namelist()
        readme = archive.read("README.txt").decode("utf-8-sig")
    assert names[0].startswith("610902-grids-")
    assert names[0].endswith("-at-20220101-GCJ02-csv.csv")
    assert "GCJ-02" in readme
    assert "UTF-8 with a byte order mark" in readme


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/exports/nothing.gpkg", 404, "no_layer"),
        ("/exports/streets.exe", 404, "no_format"),
        ("/exports/streets.gpkg?at=2024-01-01", 400, "no_history"),
        ("/exports/grids.gpkg?at=soon", 400, "time_unclear"),
        ("/exports/streets.gpkg?state=open", 400, "filter_unknown"),
        ("/exports/issues.gpkg?state=x", 400, "filter_bad"),
        ("/exports/issues.gpkg?bbox=1", 400, "box_bad"),
        ("/exports/streets.gpkg?crs=EPSG:999999", 422, "crs_unknown"),
        ("/exports/streets.kml?crs=BD09", 422, "crs_only_wgs84"),
        ("/exports/streets.gpkg?where=1", 422, "invalid_request"),
    ],
)
def test_orders_that_cannot_be_met_say_why(
    client: FlaskClient, path: str, status: int, code: str
) -> None:
    problem(client.get(path), status, code)


def test_only_some_files_are_made_at_once(client: FlaskClient, app: APIFlask) -> None:
    slots = app.extensions[_SLOTS]
    app.extensions[_SLOTS] = BoundedSemaphore(1)
    try:
        assert client.get("/exports/nothing.gpkg").status_code == 404
        assert client.get("/exports/streets.kml?crs=BD09").status_code == 422
        assert client.get("/exports/streets.kml", buffered=True).status_code == 200
        app.extensions[_SLOTS].acquire()
        busy = client.get("/exports/streets.kml")
        problem(busy, 503, "export_busy")
        assert int(busy.headers["Retry-After"]) > 0
    finally:
        app.extensions[_SLOTS] = slots


def test_the_page_offers_everything_and_says_the_losses(client: FlaskClient) -> None:
    page = client.get("/exports?layer=issues&state=open").get_data(as_text=True)
    for name in LAYERS:
        assert f'value="{name}"' in page
    for form in exports.FORMATS.values():
        assert form.title in page
        assert all(zh in page for zh, _ in form.losses)
    assert '<input type="hidden" name="state" value="open">' in page
    assert "http://localhost/ogc" in page


def test_a_large_file_is_ordered_and_followed(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = {"layer": "streets", "format": "csv"}
    assert client.post("/api/exports", json=small).get_json() == {"id": None, "small": True}
    monkeypatch.setattr(export_jobs, "SMALL", 5)
    problem(client.get("/exports/issues.gpkg"), 400, "export_large")
    wanted = {"layer": "issues", "format": "gpkg", "state": "open", "crs": "GCJ02"}
    answer = client.post("/api/exports", json=wanted)
    assert answer.status_code == 202
    number = answer.get_json()["id"]
    job = client.get(f"/api/exports/{number}").get_json()
    assert (job["state"], job["total"], job["crs"]) == ("waiting", 20, "GCJ02")
    assert job["filters"] == {"state": "open"}
    assert client.get("/api/exports").get_json()["items"][0]["id"] == number
    problem(client.get(f"/api/exports/{number}/file"), 404, "export_gone")
    stopped = client.post(f"/api/exports/{number}/cancel", json={})
    assert stopped.get_json()["state"] == "cancelled"
    problem(client.post(f"/api/exports/{number}/cancel", json={}), 409, "export_over")
    problem(client.get("/api/exports/2147483647"), 404, "no_export")


@pytest.mark.parametrize("more", [{"format": "exe"}, {"state": "x"}, {"crs": "EPSG:1"}])
def test_an_order_that_cannot_be_met_says_why(client: FlaskClient, more: dict[str, str]) -> None:
    wanted = {"layer": "issues", "format": "gpkg", **more}
    assert client.post("/api/exports", json=wanted).status_code in (400, 404, 422)
