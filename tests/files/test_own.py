"""Files of one's own are told by their bytes, and open nothing else, whatever is in them."""

import json
import socket
import sqlite3
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
import shapely

from geodata.errors import InvalidFile
from geodata.files import coverages, frames
from tests import layers as made
from tests.drawing import draw

ROWS = [({"code": code, "n": n}, shape) for n, (code, shape) in enumerate(draw("AB").items(), 1)]
VRT = (
    '<OGRVRTDataSource><OGRVRTLayer name="A"><SrcDataSource>{}</SrcDataSource></OGRVRTLayer>'
    "</OGRVRTDataSource>"
)
NAMES = ("a.geojson", "a.kml", "a.gpkg", "a.shp", "a.fgb", "a.gml", "a.vrt")


def refusal(path: Path) -> InvalidFile:
    with pytest.raises(InvalidFile) as caught:
        frames.read(path)
    with pytest.raises(InvalidFile) as again:
        coverages.read(path)
    assert caught.value.code == again.value.code
    return caught.value


def nothing_comes_of(path: Path) -> None:
    with pytest.raises(InvalidFile):
        coverages.read(path)
    with suppress(InvalidFile):
        assert frames.read(path).shapes is None


@pytest.mark.parametrize("packed", [False, True], ids=["bare", "zipped"])
def test_what_names_an_address_or_a_file_opens_neither(tmp_path: Path, *, packed: bool) -> None:
    secret = tmp_path / "secret.geojson"
    secret.write_bytes(made.geojson(ROWS))
    with socket.create_server(("127.0.0.1", 0)) as ears:
        url = f"http://127.0.0.1:{ears.getsockname()[1]}/a"
        for content in (
            VRT.format(secret),
            f"<OGRWFSDataSource><URL>{url}</URL></OGRWFSDataSource>",
            f'{{"type": "FeatureCollection", "links": "{url}", "features": []}}',
            url,
        ):
            for name in ("a.zip",) if packed else NAMES:
                file = tmp_path / name
                file.write_bytes(made.zipped({"a.geojson": content.encode()}) if packed else b"")
                if not packed:
                    file.write_text(content)
                nothing_comes_of(file)
        ears.settimeout(0.2)
        with pytest.raises(TimeoutError):
            ears.accept()


def test_a_view_without_an_end_is_refused_at_once(tmp_path: Path) -> None:
    file = tmp_path / "a.gpkg"
    file.write_bytes(made.written(ROWS, "gpkg"))
    with sqlite3.connect(file) as database:
        database.execute(
            "create view v as with recursive c(x) as (select 1 union all select x+1 from c)"
            " select x from c"
        )
    database.close()
    found = refusal(file)
    assert (found.code, found.facts["file"]) == ("file_external", "a.gpkg")


def test_columns_keep_their_types_and_open_rings_are_told(tmp_path: Path) -> None:
    file = tmp_path / "a.gpkg"
    file.write_bytes(made.written(ROWS, "gpkg"))
    assert frames.read(file).columns == {"code": ["A", "B"], "n": [1, 2]}
    whole = json.loads(made.geojson(ROWS))
    whole["features"][0]["geometry"]["coordinates"][0].pop()
    drawn = tmp_path / "b.geojson"
    drawn.write_text(json.dumps(whole))
    frame = frames.read(drawn)
    assert (frame.columns["n"], frame.unclosed) == ([1, 2], [0])
    assert shapely.equals(frame.shapes, [shape for _, shape in ROWS]).all()


def test_a_large_layer_is_read_whole(tmp_path: Path) -> None:
    corners = 350_000
    turn = np.linspace(0, 2 * np.pi, corners, endpoint=False)
    round_ = shapely.Polygon(np.column_stack([109 + np.cos(turn) / 9, 32 + np.sin(turn) / 9]))
    file = tmp_path / "a.fgb"
    file.write_bytes(made.written([({"code": str(n)}, round_) for n in range(3)], "fgb"))
    found = frames.read(file).shapes
    assert found is not None
    assert shapely.get_num_coordinates(found).sum() > 3 * corners


@pytest.mark.parametrize(
    ("corner", "value"), [("NaN", "nan"), ("1e400", "inf"), ("true", "True"), ('"x"', "x")]
)
def test_what_is_no_coordinate_is_named(tmp_path: Path, corner: str, value: str) -> None:
    file = tmp_path / "a.geojson"
    text = made.geojson(ROWS[:1]).decode()
    start = text.index("[[[") + 3
    file.write_text(text[:start] + corner + text[text.index(",", start) :])
    with pytest.raises(InvalidFile) as caught:
        coverages.read(file)
    assert (caught.value.code, caught.value.facts["row"]) == ("shapes_unread", 1)
    assert caught.value.facts["value"] == value


@pytest.mark.parametrize("name", ["urn:ogc:def:crs:EPSG::999999", "no such system"])
def test_a_system_that_does_not_exist_is_not_replaced(tmp_path: Path, name: str) -> None:
    file = tmp_path / "a.geojson"
    whole = json.loads(made.geojson(ROWS))
    whole["crs"] = {"type": "name", "properties": {"name": name}}
    file.write_text(json.dumps(whole))
    with pytest.raises(InvalidFile) as caught:
        coverages.read(file)
    assert (caught.value.code, caught.value.facts["crs"]) == ("crs_strange", name)
    assert coverages.read(file, crs="EPSG:4490").crs == "EPSG:4490"


def test_letters_in_kml_are_no_corner(tmp_path: Path) -> None:
    file = tmp_path / "a.kml"
    file.write_bytes(made.kml(ROWS).replace(b"<coordinates>", b"<coordinates>x,y ", 1))
    assert frames.read(file).unread[0].facts == {"value": "x,y"}
