"""Layers of every format give the same features; hostile ones are refused before they do harm."""

import io
import socket
import sqlite3
import zipfile
from pathlib import Path

import geopandas
import pytest
import shapely

from geodata.errors import InvalidFile
from geodata.files import layers
from geodata.files.features import Feature, Layer, Wish
from geodata.files.limits import LAYER, Limits
from tests import layers as made
from tests.drawing import draw
from tests.sheets import table

GRIDS = [
    ({"网格编码": f"61090200100300{n}", "网格名称": f"第{n}网格"}, shape)
    for n, shape in enumerate(draw("AB / AC").values(), start=1)
]
PLACES = {"x": ["经度"], "y": ["纬度"], "wkt": ["WKT"]}
KNOWN = ["网格编码", "网格名称", "经度", "纬度"]


def read(content: bytes, layer: str = "", limits: Limits = LAYER) -> tuple[Layer, list[Feature]]:
    head, features = layers.read(
        content, "文件", wish=Wish(layer), known=KNOWN, places=PLACES, limits=limits
    )
    return head, list(features)


def refusal(content: bytes, limits: Limits = LAYER) -> str:
    with pytest.raises(InvalidFile) as caught:
        read(content, limits=limits)
    return caught.value.code


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("gpkg", made.written(GRIDS, "gpkg")),
        ("flatgeobuf", made.written(GRIDS, "fgb")),
        ("geojson", made.geojson(GRIDS)),
        ("shapefile", made.written(GRIDS, "shp", encoding="GBK", without=(".cpg",))),
        ("shapefile", made.written(GRIDS, "shp", encoding="UTF-8")),
        ("shapefile", made.written(GRIDS, "shp", encoding="UTF-8", without=(".cpg",))),
        ("kml", made.kml(GRIDS)),
        ("kmz", made.zipped({"doc.kml": made.kml(GRIDS)})),
        ("csv", table(made.listed(GRIDS)).encode()),
        ("csv", table(made.listed(GRIDS)).encode("gb18030")),
        ("csv", table(made.listed(GRIDS), ";").encode("utf-8-sig")),
        ("csv", table(made.listed(GRIDS), "\t").encode("utf-16")),
        ("csv", made.zipped({"a.csv": table(made.listed(GRIDS)).encode(), "fields.csv": b"a,b"})),
        ("gpkg", made.zipped({"a/b.gpkg": made.written(GRIDS, "gpkg")})),
        ("xlsx", made.book(GRIDS)),
    ],
    ids=range(15),
)
def test_every_format_gives_the_same(kind: str, content: bytes) -> None:
    head, features = read(content)
    assert head.format == kind
    assert head.crs == ("" if kind in ("csv", "xlsx") else "EPSG:4326")
    # A name of more than ten bytes is cut by a shapefile.
    assert [name[:3] for name in head.names[:2]] == ["网格编", "网格名"]
    found = {f.cells[0]: (f.cells[1], shapely.from_wkb(f.wkb)) for f in features}
    for told, shape in GRIDS:
        name, drawn = found[told["网格编码"]]
        assert name == told["网格名称"]
        assert shapely.equals(drawn, shape)


def test_points_come_from_two_columns_and_bad_ones_name_their_row_and_column() -> None:
    rows = [["网格编码", "网格名称", "经度", "纬度"], ["1", "a", "109.02", "32.69"]]
    rows += [["2", "b", "109.02", ""], ["3", "c", "东经", "32.69"], ["4", "d", "", ""]]
    _, features = read(table(rows).encode())
    assert [(f.row, f.column, f.code) for f in features] == [
        (2, "", ""),
        (3, "纬度", "coordinate_half"),
        (4, "经度", "coordinate_bad"),
        (5, "", ""),
    ]
    assert shapely.equals(shapely.from_wkb(features[0].wkb), shapely.Point(109.02, 32.69))
    assert features[3].wkb is None


def test_what_a_file_declares_is_told() -> None:
    assert read(made.written(GRIDS, "gpkg", crs="EPSG:4490"))[0].crs == "EPSG:4490"
    assert read(made.written(GRIDS, "shp", crs=None))[0].crs == ""
    assert read(made.written(GRIDS, "shp", crs="EPSG:4545"))[0].crs == "EPSG:4545"
    assert read(made.geojson(GRIDS, "EPSG:4490"))[0].crs == "EPSG:4490"


def test_a_layer_is_chosen_where_there_are_several(tmp_path: Path) -> None:
    path = tmp_path / "two.gpkg"
    path.write_bytes(made.written(GRIDS, "gpkg", layer="网格"))
    import_second(path)
    content = path.read_bytes()
    with pytest.raises(InvalidFile) as caught:
        read(content)
    assert caught.value.code == "layer_choose"
    assert set(caught.value.facts["layers"]) == {"网格", "另一层"}  # type: ignore[call-overload]
    assert len(read(content, "网格")[1]) == 3


def import_second(path: Path) -> None:
    geopandas.read_file(path).to_file(path, layer="另一层", engine="pyogrio")


VRT = (
    b'<OGRVRTDataSource><OGRVRTLayer name="x"><SrcDataSource>CSV:/etc/passwd</SrcDataSource>'
    b"</OGRVRTLayer></OGRVRTDataSource>"
)


UNREADABLE = ("file_broken", "file_empty", "file_too_heavy")
"""What GDAL says of garbage differs; that nothing comes of it does not."""


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file_empty"),
        (b"\0" * 100, "file_empty"),
        (VRT, "file_kind"),
        (b'<?xml version="1.0"?>' + VRT, "file_kind"),
        (b"<OGRWFSDataSource><URL>x</URL></OGRWFSDataSource>", "file_kind"),
        (made.zipped({"a.shp": VRT, "a.shx": VRT, "a.dbf": VRT}), "unreadable"),
        (made.zipped({"a.vrt": VRT}), "file_kind"),
        (made.zipped({"../a.shp": b"x"}), "zip_path"),
        (made.zipped({"/etc/a.shp": b"x"}), "zip_path"),
        (made.zipped({"c:\\a.shp": b"x"}), "zip_path"),
        (made.zipped({"a.shp": b"x"}), "shape_parts_missing"),
        (b"\x00\x00\x27\x0a" + bytes(100), "file_shape_alone"),
        (b"SQLite format 3\0" + bytes(200), "file_broken"),
        (made.written(GRIDS, "gpkg")[:9000], "file_broken"),
        (made.written(GRIDS, "fgb")[:60], "unreadable"),
        (b"fgb\x03fgb\x00" + b"\xff" * 500, "unreadable"),
        (b'{"type": "FeatureCollection", "features": [', "json_broken"),
        (b'{"type": "FeatureCollection", "features": 7}', "file_broken"),
        (b'{"type": "x", "a": ' + b"[" * 100_000, "file_broken"),
        (
            b'{"type":"FeatureCollection","features":[],"crs":{"type":"link","properties":{}}}',
            "file_external",
        ),
        (
            made.kml(GRIDS, "<NetworkLink><Link><href>x</href></Link></NetworkLink>"),
            "file_external",
        ),
        (b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><kml>&b;</kml>', "xml_entities"),
        (b"<kml><Document>", "file_broken"),
        (b"%PDF-1.7", "file_kind"),
        (b"a\n", "file_empty_or_not"),
    ],
    ids=range(25),
)
def test_hostile_files_are_refused(content: bytes, code: str) -> None:
    if code == "file_empty_or_not":
        assert read(content)[1] == []
        return
    found = refusal(content)
    assert found in UNREADABLE if code == "unreadable" else found == code


@pytest.mark.parametrize(
    "statement",
    [
        "create virtual table evil using VirtualOGR('/etc/passwd')",
        "create view evil as select * from layer",
    ],
)
def test_a_geopackage_that_reaches_out_is_refused(tmp_path: Path, statement: str) -> None:
    path = tmp_path / "a.gpkg"
    path.write_bytes(made.written(GRIDS, "gpkg"))
    with sqlite3.connect(path) as database:
        if "virtual" in statement:
            database.execute("pragma writable_schema = on")
            database.execute(
                "insert into sqlite_master values ('table', 'evil', 'evil', 0, ?)", (statement,)
            )
        else:
            database.execute(statement)
    database.close()
    assert refusal(path.read_bytes()) == "file_external"


def test_a_zip_that_swells_is_refused() -> None:
    bomb = made.zipped({"a.shp": bytes(30 * 2**20)})
    assert len(bomb) < 2**20
    assert refusal(bomb) == "zip_ratio"
    many = made.zipped({f"{n}.shp": b"x" for n in range(100)})
    assert refusal(many) == "zip_members"


def test_a_link_in_a_zip_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        link = zipfile.ZipInfo("a.shp")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    assert refusal(out.getvalue()) == "zip_path"


def test_too_much_is_refused() -> None:
    content = made.written(GRIDS, "gpkg")
    assert refusal(content, Limits(features=2)) == "too_many_rows"
    assert refusal(made.geojson(GRIDS), Limits(features=2)) == "too_many_rows"
    assert refusal(content, Limits(vertices=5)) == "too_many_vertices"
    assert refusal(content, Limits(file_bytes=10)) == "file_too_big"
    _, features = read(content, limits=Limits(shape_vertices=3))
    assert {f.code for f in features} == {"shape_too_long"}


def test_shapes_that_mean_nothing_are_told_by_row() -> None:
    features = [
        '{"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":["a",1]}}',
        '{"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":[1e400,1]}}',
        '{"type":"Feature","properties":null,"geometry":null}',
        "7",
    ]
    whole = '{"type":"FeatureCollection","features":[' + ",".join(features) + "]}"
    _, found = read(whole.encode())
    told = [(f.code, f.facts.get("value")) for f in found]
    assert told == [
        ("shape_no_number", "a"),
        ("shape_no_number", "inf"),
        ("", None),
        ("shape_unreadable", None),
    ]


def test_nothing_is_asked_from_anywhere() -> None:
    """A file that names an address does not make the child call it."""
    with socket.create_server(("127.0.0.1", 0)) as ears:
        url = f"http://127.0.0.1:{ears.getsockname()[1]}/a.gpkg"
        link = f"<GroundOverlay><Icon><href>{url}</href></Icon></GroundOverlay>"
        cell = f"/vsicurl/{url}"
        for content in (
            made.kml(GRIDS, link),
            table([["网格编码", "网格名称"], [cell, cell]]).encode(),
        ):
            read(content)
        ears.settimeout(0.2)  # the child is gone, and whom it called would wait in line
        with pytest.raises(TimeoutError):
            ears.accept()


def test_a_header_of_two_rows_is_one_header() -> None:
    rows = [
        ["网格台账", "", "", ""],
        [],
        ["网格编码", "网格名称", "坐标", ""],
        ["", "", "经度", "纬度"],
        ["610902001003001", "甲", "109.1", "32.1"],
    ]
    head, features = read(table(rows).encode())
    assert head.names == ("网格编码", "网格名称", "经度", "纬度")
    places = shapely.get_coordinates([shapely.from_wkb(one.wkb or b"") for one in features])
    assert ([one.row for one in features], places.tolist()) == ([5], [[109.1, 32.1]])
