"""Layers and tiles: whole, valid, and not sent twice."""

import gzip

import pytest
import shapely
from flask.testing import FlaskClient

from geodata.domain import lattice
from tests.webmap.conftest import problem

LAYERS = ("streets", "communities", "grids", "uncovered")
FILES = ("/static/vendor/leaflet.js", "/static/css/map.css", "/static/icons.svg")
HANBIN = "/tiles/base/15/26307/13232.mvt"


@pytest.mark.parametrize(
    ("layer", "count"), [("streets", 3), ("communities", 35), ("grids", 620), ("uncovered", None)]
)
def test_a_layer_is_whole(client: FlaskClient, layer: str, count: int | None) -> None:
    answer = client.get(f"/api/layers/{layer}")
    assert answer.mimetype == "application/geo+json"
    features = answer.get_json()["features"]
    assert features
    assert count is None or len(features) == count
    for feature in features:
        assert shapely.geometry.shape(feature["geometry"]).is_valid


def test_labels_lie_on_what_they_name(client: FlaskClient) -> None:
    for feature in client.get("/api/layers/grids").get_json()["features"]:
        label = shapely.Point(feature["properties"]["label"])
        assert shapely.geometry.shape(feature["geometry"]).buffer(1e-6).covers(label)


def test_seven_decimals_give_the_lattice_back(client: FlaskClient) -> None:
    features = client.get("/api/layers/communities").get_json()["features"]
    corners = shapely.get_coordinates([shapely.geometry.shape(f["geometry"]) for f in features])
    assert abs(lattice.snap(corners) - corners).max() < 0.5e-7 + 1e-12


def test_a_box_narrows_the_grids(client: FlaskClient) -> None:
    whole = client.get("/api/layers/grids").get_json()["features"]
    lon, lat = whole[0]["properties"]["label"]
    box = f"{lon - 0.001},{lat - 0.001},{lon + 0.001},{lat + 0.001}"
    few = client.get(f"/api/layers/grids?bbox={box}").get_json()
    codes = [feature["properties"]["code"] for feature in few["features"]]
    assert whole[0]["properties"]["code"] in codes
    assert len(codes) < 20
    assert few["truncated"] is False


@pytest.mark.parametrize("path", [*(f"/api/layers/{name}" for name in LAYERS), HANBIN])
def test_nothing_is_sent_that_the_browser_has(client: FlaskClient, path: str) -> None:
    first = client.get(path)
    assert first.status_code == 200
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    other = client.get(path, headers={"If-None-Match": '"something else"'})
    assert other.data == first.data


@pytest.mark.parametrize("path", ["/api/layers/grids", HANBIN, "/openapi.json", "/", *FILES])
def test_what_is_big_is_packed_for_those_who_take_it(client: FlaskClient, path: str) -> None:
    plain = client.get(path, buffered=True)
    packed = client.get(path, headers={"Accept-Encoding": "gzip"}, buffered=True)
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert gzip.decompress(packed.data) == plain.data
    assert len(packed.data) < len(plain.data)


def test_a_file_is_sent_once_and_in_parts_as_it_is(client: FlaskClient) -> None:
    packed = client.get(FILES[0], headers={"Accept-Encoding": "gzip"}, buffered=True)
    known = {"Accept-Encoding": "gzip", "If-None-Match": packed.headers["ETag"]}
    again = client.get(FILES[0], headers=known, buffered=True)
    assert (again.status_code, again.data) == (304, b"")
    part = client.get(
        FILES[0], headers={"Accept-Encoding": "gzip", "Range": "bytes=10-2099"}, buffered=True
    )
    assert part.status_code == 206
    assert part.data == gzip.decompress(packed.data)[10:2100]


def test_a_tile_holds_the_layers_of_the_base_map(client: FlaskClient) -> None:
    answer = client.get(HANBIN)
    assert answer.mimetype == "application/vnd.mapbox-vector-tile"
    for layer in (b"green", b"roads", b"buildings"):
        assert layer in answer.data
    assert b"water" in client.get("/tiles/base/12/3288/1654.mvt").data
    assert answer.headers["Cache-Control"] == "no-cache"


def test_houses_are_numbered_in_the_nearest_tiles_only(client: FlaskClient) -> None:
    near = b"".join(
        client.get(f"/tiles/base/16/{x}/{y}.mvt").data
        for x in (52614, 52615)
        for y in (26464, 26465)
    )
    number = "号楼".encode()
    assert number in near
    assert number not in client.get(HANBIN).data


def test_ground_far_away_is_an_empty_tile(client: FlaskClient) -> None:
    answer = client.get("/tiles/base/14/1/1.mvt")
    assert (answer.status_code, answer.data) == (200, b"")


@pytest.mark.parametrize("tile", ["9/0/0", "20/0/0", "12/4096/0", "12/0/4096"])
def test_a_tile_beyond_the_grid_is_none(client: FlaskClient, tile: str) -> None:
    problem(client.get(f"/tiles/base/{tile}.mvt"), 404, "no_tile")
