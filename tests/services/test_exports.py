"""Every layer and list leaves as a file and comes back as it was, or says what it lost."""

import csv
import io
import json
import re
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import openpyxl
import pyogrio
import pytest
import shapely
from pyproj import Transformer
from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from geodata.db import outgoing, outlets, tables
from geodata.domain import lattice
from geodata.domain.crs import from_wgs84
from geodata.domain.layer import LAYERS, SHORT
from geodata.errors import InvalidFile, NotFound, WanggeError
from geodata.files import layers, projection
from geodata.files.exports import FORMATS
from geodata.services import exports, loads
from geodata.services.exports import Order
from tests.conftest import NOW
from tests.makers import START, Town, code_of

pytestmark = pytest.mark.db
LOSSLESS = [name for name, form in FORMATS.items() if form.lossless]
PLACED = [name for name, layer in LAYERS.items() if layer.spatial]
PHONE = "13912345678"
HOSTILE = '=HYPERLINK("x")\n<b>&amp;\''


def taken(
    session: Session,
    folder: Path,
    layer: str,
    form: str,
    suffix: str = "",
    **given: Any,
) -> Path:
    """An export as a file."""
    wanted = exports.checked(Order(layer, form, **given))
    path = folder / f"out{suffix or wanted.format.suffix}"
    exports.write(session, wanted, path, NOW)
    return path


def stored(session: Session, layer: str) -> dict[str, tuple[dict[str, Any], Any]]:
    """What the store has, as it may leave: values and shape by the values' own text."""
    wanted = exports.checked(Order(layer, "gpkg"))
    found = {}
    for batch in exports._batches(session, wanted, NOW):
        names = [field.name for field in wanted.layer.fields]
        for row, shape in zip(batch.rows, batch.shapes, strict=True):
            values = dict(zip(names, row, strict=True))
            found[json.dumps(values)] = (values, shape)
    return found


def came_back(path: Path) -> dict[str, tuple[dict[str, Any], Any]]:
    """What GDAL reads from a file, in the same form."""
    options = {"DATE_AS_STRING": "YES"} if path.suffix == ".geojson" else {}
    meta, _, shapes, columns = pyogrio.raw.read(path, **options)
    found = {}
    shapes = shapely.from_wkb(shapes) if shapes is not None else [None] * len(columns[0])
    for i, shape in enumerate(shapes):
        values = {
            name: _value(column[i], kind)
            for name, column, kind in zip(meta["fields"], columns, meta["dtypes"], strict=True)
        }
        found[json.dumps(values)] = (values, shape)
    return found


def _value(value: Any, kind: str) -> Any:
    if value is None or value != value:  # noqa: PLR0124 -- NaN
        return None
    if kind.startswith("int"):
        return int(value)
    return bool(value) if kind == "bool" else value.item() if hasattr(value, "item") else value


def same(ours: Any, theirs: Any) -> bool:
    """Whether two shapes have the same vertices, to the last bit."""
    if ours is None or theirs is None:
        return ours is theirs
    a, b = (shapely.normalize(_single(shape)) for shape in (ours, theirs))
    return bool(shapely.equals_identical(a, b))


def _single(shape: Any) -> Any:
    parts = shapely.get_parts(shape)
    return parts[0] if len(parts) == 1 else shape


def refuse_one(session: Session) -> None:
    """An import with one refused row, since the demo has none."""
    job = session.scalars(
        insert(tables.import_job)
        .values(
            file_name="热线13912345678.csv",
            sha256="0" * 64,
            channel="12345",
            datum="WGS84",
            content=b"",
        )
        .returning(tables.import_job.c.id)
    ).one()
    facts = {"value": "明天", "phone": "13912345678"}
    raw = {"诉求内容": "打我电话13912345678", "受理时间": "明天"}
    session.execute(
        insert(tables.refused_row).values(
            job_id=job, row=2, column="受理时间", code="time_bad", facts=facts, raw=raw
        )
    )


def test_every_layer_is_told_as_it_is_read() -> None:
    assert set(outlets.SOURCES) == set(LAYERS)
    for name, layer in LAYERS.items():
        source = outlets.SOURCES[name]
        assert {field.name for field in layer.fields} <= set(source.columns)
        assert set(layer.filters) == set(source.filters)
        assert layer.dated == (source.valid is not None)


def test_names_of_ten_letters_are_plain_and_differ() -> None:
    for layer in LAYERS.values():
        short = [field.ascii10 for field in layer.fields]
        assert len(set(short)) == len(short), layer.name
        assert all(re.fullmatch(rf"[a-z][a-z0-9_]{{1,{SHORT - 1}}}", name) for name in short)


@pytest.mark.parametrize("form", LOSSLESS)
@pytest.mark.parametrize("layer", LAYERS)
def test_what_leaves_comes_back_bit_for_bit(
    demo_session: Session, tmp_path: Path, layer: str, form: str
) -> None:
    refuse_one(demo_session)
    if layer == "issues":
        at = tables.issue.c
        unclear = {"text": HOSTILE, "due_at": None, "address": "", "raw_x": 1 / 3}
        demo_session.execute(update(tables.issue).where(at.channel == "web").values(unclear))
    ours = stored(demo_session, layer)
    path = taken(demo_session, tmp_path, layer, form)
    if layer == "refused" and form == "geojson":
        values = [one["properties"] for one in json.loads(path.read_text())["features"]]
        assert values == [value for value, _ in ours.values()]
        return
    theirs = came_back(path)
    assert len(ours) > 0
    assert set(theirs) == set(ours)
    for key, (_, shape) in ours.items():
        assert same(shape, theirs[key][1])
        assert shape is None or lattice.on_lattice(theirs[key][1])


@pytest.mark.parametrize("form", LOSSLESS)
def test_the_label_is_cgcs2000(demo_session: Session, tmp_path: Path, form: str) -> None:
    path = taken(demo_session, tmp_path, "grids", form)
    info = pyogrio.read_info(path)
    assert info["crs"] == "EPSG:4490"
    assert info["features"] == 620


@pytest.mark.parametrize("form", [name for name in FORMATS if name != "xlsx"])
def test_nothing_at_all_makes_a_sound_file(session: Session, tmp_path: Path, form: str) -> None:
    Town(session).drawn("AB")
    path = taken(session, tmp_path, "buildings", form)
    if form == "csv":
        assert len(_table(path)) == 1
        return
    assert pyogrio.read_info(path, force_feature_count=True)["features"] == 0


def test_a_shapefile_tells_its_names_and_its_losses(demo_session: Session, tmp_path: Path) -> None:
    path = taken(demo_session, tmp_path, "issues", "shp")
    with zipfile.ZipFile(path) as archive:
        names = {Path(name).suffix: name for name in archive.namelist()}
        assert archive.read(names[".cpg"]) == b"UTF-8"
        assert b"China_2000" in archive.read(names[".prj"]) or b"4490" in archive.read(
            names[".prj"]
        )
        mapping = list(csv.DictReader(io.StringIO(archive.read("fields.csv").decode("utf-8-sig"))))
        readme = archive.read("README.txt").decode("utf-8-sig")
    assert {"ascii10": "second", "中文名": "也可能归的网格编码"}.items() <= {
        **next(row for row in mapping if row["field"] == "runner_up_code")
    }.items()
    assert "254" in readme
    assert "演示数据：地面为合成" in readme
    assert "National Bureau of Statistics" in readme
    info = pyogrio.read_info(path)
    assert list(info["fields"]) == [row["ascii10"] for row in mapping]
    told = {values["id"]: values for values, _ in stored(demo_session, "issues").values()}
    shapes = {values["id"]: shape for values, shape in stored(demo_session, "issues").values()}
    for values, shape in came_back(path).values():
        assert values["text"] == told[values["id"]]["text"]
        assert same(shapes[values["id"]], shape)


def test_a_text_is_cut_between_two_characters(demo_session: Session, tmp_path: Path) -> None:
    demo_session.execute(update(tables.place).values(name="字" * 100))
    path = taken(demo_session, tmp_path, "places", "shp")
    assert {values["name"] for values, _ in came_back(path).values()} == {"字" * 84}


def _in_kml(values: dict[str, Any], name: str) -> str:
    """A field as GDAL reads it from KML, where placemarks have some names of their own."""
    return str(values.get(f"{name}2", values.get(name)) or "")


@pytest.mark.parametrize("layer", [name for name in PLACED if name != "issues"])
def test_kml_has_every_row_and_vertex(demo_session: Session, tmp_path: Path, layer: str) -> None:
    ours = stored(demo_session, layer)
    path = taken(demo_session, tmp_path, layer, "kml")
    theirs = came_back(path)
    names = [field.name for field in LAYERS[layer].fields if field.kind == "text"]
    told = {tuple(v[n] or "" for n in names): s for v, s in ours.values()}
    assert len(theirs) > 0
    for values, shape in theirs.values():
        if len(told) == len(ours):
            assert same(told[tuple(_in_kml(values, name) for name in names)], shape)
    assert "displayName" in path.read_text()


def test_kml_holds_hostile_texts(demo_session: Session, tmp_path: Path) -> None:
    demo_session.execute(update(tables.place).values(name=f"{HOSTILE}\x0b]]>"))
    path = taken(demo_session, tmp_path, "places", "kml")
    assert {_in_kml(one, "name") for one, _ in came_back(path).values()} == {f"{HOSTILE}]]>"}


def _table(path: Path) -> list[list[str]]:
    with zipfile.ZipFile(path) as archive:
        name = next(name for name in archive.namelist() if name.startswith("610902"))
        content = archive.read(name)
        assert {"README.txt", "fields.csv"} < set(archive.namelist())
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("text", [HOSTILE, "'a", "''", "＝1", "-1", "@x", "\t1", "+86"])
def test_csv_cells_are_no_formulas_and_come_back(
    demo_session: Session, tmp_path: Path, text: str
) -> None:
    demo_session.execute(update(tables.issue).values(text=text, ticket=tables.issue.c.ticket))
    header, *rows = _table(taken(demo_session, tmp_path, "issues", "csv"))
    assert {len(row) for row in rows} == {len(header)}
    column = header.index("text")
    for row in rows:
        assert row[column][0] == "'"
        assert row[column][1:] == text
        assert not any(cell.startswith(("=", "+", "@", "\t", "\r", "＝")) for cell in row)


def test_csv_has_points_and_shapes(demo_session: Session, tmp_path: Path) -> None:
    header, *rows = _table(taken(demo_session, tmp_path, "grids", "csv"))
    ours = {v["code"]: shape for v, shape in stored(demo_session, "grids").values()}
    assert header[-3:] == ["lon", "lat", "wkt"]
    for row in rows:
        shape = shapely.from_wkt(row[-1])
        assert same(ours[row[0]], shape)
        assert shapely.intersects(shape, shapely.Point(float(row[-3]), float(row[-2])))


def test_csv_alone_has_its_notes_beside_it(demo_session: Session, tmp_path: Path) -> None:
    path = taken(demo_session, tmp_path, "streets", "csv", ".csv")
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    assert {p.name for p in tmp_path.iterdir()} == {"out.csv", "out.README.txt", "out.fields.csv"}


def test_excel_has_texts_a_mapping_and_its_notes(demo_session: Session, tmp_path: Path) -> None:
    demo_session.execute(update(tables.issue).values(text=HOSTILE, address="\x0b-1"))
    book = openpyxl.load_workbook(taken(demo_session, tmp_path, "issues", "xlsx"))
    sheet, mapping, notes = (book[name] for name in ("诉求", "字段对照", "说明"))
    header = [cell.value for cell in sheet[1]]
    for row in sheet.iter_rows(min_row=2):
        cells = dict(zip(header, row, strict=True))
        assert (cells["text"].value, cells["text"].data_type) == (HOSTILE, "s")
        assert cells["text"].quotePrefix
        assert (cells["address"].value, cells["address"].data_type) == ("-1", "s")
        assert not any(cell.data_type == "f" for cell in row)
        assert cells["lon"].value is None or 108 < float(str(cells["lon"].value)) < 110
    assert sheet.max_row == 261
    assert ["border_m", "border_m", "离界线（米）", "real"] in [
        [cell.value for cell in row] for row in mapping.iter_rows()
    ]
    told = "\n".join(str(row[0].value) for row in notes.iter_rows())
    assert "No shapes, only lon, lat" in told
    assert "演示数据：地面为合成" in told


@pytest.mark.parametrize("form", FORMATS)
def test_personal_data_do_not_leave(demo_session: Session, tmp_path: Path, form: str) -> None:
    refuse_one(demo_session)
    demo_session.execute(
        update(tables.issue).values(text=f"打{PHONE}", address=PHONE, located={"label": PHONE})
    )
    demo_session.execute(update(tables.grid_worker).values(name="欧阳娜娜"))
    demo_session.execute(update(tables.party_org).values(secretary="欧阳娜娜"))
    for layer in ("issues", "posts", "party-orgs", "refused"):
        content = taken(demo_session, tmp_path, layer, form).read_bytes()
        if content.startswith(b"PK"):
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                content = b"".join(map(archive.read, archive.namelist()))
        assert PHONE.encode() not in content
        assert "阳娜".encode() not in content
        assert b"139****5678" in content or "欧**".encode() in content


@pytest.mark.parametrize(("crs", "epsg"), [("EPSG:4545", 4545), ("epsg:32649", 32649)])
def test_other_coordinates_are_computed(
    demo_session: Session, tmp_path: Path, crs: str, epsg: int
) -> None:
    path = taken(demo_session, tmp_path, "grids", "gpkg", crs=crs)
    assert pyogrio.read_info(path)["crs"] == f"EPSG:{epsg}"
    way = Transformer.from_crs(4490, epsg, always_xy=True)
    ours = {v["code"]: s for v, s in stored(demo_session, "grids").values()}
    for values, shape in came_back(path).values():
        here = shapely.get_coordinates(ours[values["code"]])
        there = np.column_stack(way.transform(here[:, 0], here[:, 1]))
        assert np.allclose(shapely.get_coordinates(shape), there, atol=1e-6)


def test_shifted_datums_carry_no_wrong_label(demo_session: Session, tmp_path: Path) -> None:
    path = taken(demo_session, tmp_path, "places", "gpkg", crs="GCJ02")
    assert pyogrio.read_info(path)["crs"] is None or "4490" not in pyogrio.read_info(path)["crs"]
    ours = {v["id"]: s for v, s in stored(demo_session, "places").values()}
    for values, shape in came_back(path).values():
        here = ours[values["id"]]
        lon, lat = from_wgs84(np.array([here.x]), np.array([here.y]), "GCJ02")
        assert (shape.x, shape.y) == (lon[0], lat[0])


@pytest.mark.parametrize(
    ("order", "kind", "code"),
    [
        (Order("nothing", "gpkg"), NotFound, "no_layer"),
        (Order("grids", "dwg"), NotFound, "no_format"),
        (Order("grids", "gpkg", "EPSG:1"), InvalidFile, "crs_unknown"),
        (Order("grids", "gpkg", "EPSG:4979"), InvalidFile, "crs_unknown"),
        (Order("grids", "gpkg", "+proj=merc +a=9"), InvalidFile, "crs_unknown"),
        (Order("roads", "gpkg", at=NOW), WanggeError, "no_history"),
        (Order("roads", "gpkg", filters={"state": "open"}), WanggeError, "filter_unknown"),
        (Order("issues", "gpkg", filters={"state": "lost"}), WanggeError, "filter_bad"),
        (Order("issues", "gpkg", filters={"since": "soon"}), WanggeError, "filter_bad"),
        (Order("issues", "gpkg", filters={"overdue": "1"}), WanggeError, "filter_bad"),
        (Order("issues", "gpkg", filters={"grids": "1"}), WanggeError, "filter_unknown"),
        (Order("refused", "csv", filters={"import": "x"}), WanggeError, "filter_bad"),
        (Order("refused", "csv", filters={"bbox": "1,2,3,4"}), WanggeError, "filter_unknown"),
        (Order("grids", "gpkg", filters={"bbox": "3,2,1,4"}), WanggeError, "box_bad"),
        (Order("grids", "gpkg", filters={"bbox": "nan,0,1,1"}), WanggeError, "box_bad"),
    ],
)
def test_orders_that_cannot_be_met_are_refused(
    order: Order, kind: type[WanggeError], code: str
) -> None:
    with pytest.raises(kind) as refused:
        exports.checked(order)
    assert refused.value.code == code


def test_kml_is_wgs84_only_and_long_shapefiles_are_refused(
    demo_session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(InvalidFile, match="crs_only_wgs84"):
        taken(demo_session, tmp_path, "grids", "kml", crs="GCJ02")
    wanted = exports.checked(Order("grids", "shp"))
    monkeypatch.setattr(outgoing, "BATCH", 100)
    object.__setattr__(wanted.format, "most", 500)
    try:
        with pytest.raises(InvalidFile, match="export_too_long"):
            exports.write(demo_session, wanted, tmp_path / "x.zip", NOW)
    finally:
        object.__setattr__(wanted.format, "most", 400_000)
    assert list(tmp_path.iterdir()) == []


def test_filters_and_boxes_narrow(demo_session: Session, tmp_path: Path) -> None:
    def count(layer: str, **filters: str) -> int:
        path = taken(demo_session, tmp_path, layer, "gpkg", filters=filters)
        return int(pyogrio.read_info(path)["features"])

    assert count("issues", state="open") == 20
    assert count("issues", state="open", category="LAMP") < 20
    streets = [count("issues", street=f"61090200{n}") for n in (1, 2, 3)]
    assert all(0 < number < 260 for number in streets)
    week, rest = count("issues", period="7d"), count("issues", until="2026-11-16")
    assert week + rest == 260
    assert week == count("issues", since="2026-11-17") > 0
    assert count("issues", overdue="true") < 20
    assert 0 < count("grids", community="610902001003") < 40
    assert count("grids", community="610902001003", kind="none") == 0
    everything = stored(demo_session, "grids")
    shape = next(iter(everything.values()))[1]
    west, south, east, north = shape.bounds
    near = sum(shapely.intersects(s, shapely.box(*shape.bounds)) for _, s in everything.values())
    assert count("grids", bbox=f"{west!r},{south!r},{east!r},{north!r}") == near < 620


def as_of(session: Session, folder: Path, layer: str, at: datetime | None) -> dict[str, Any]:
    path = taken(session, folder, layer, "gpkg", at=at)
    return {values.get("code", "."): shape for values, shape in came_back(path).values()}


def test_grids_leave_as_of_any_day(session: Session, tmp_path: Path) -> None:
    town = Town(session).drawn("AAB")
    change = START + timedelta(days=30)
    town.redrawn("ACB", change)
    past = as_of(session, tmp_path, "grids", change - timedelta(microseconds=1))
    now = as_of(session, tmp_path, "grids", None)
    assert set(past) == {code_of("A"), code_of("B")}
    assert set(now) == set(as_of(session, tmp_path, "grids", change)) == set(map(code_of, "ACB"))
    assert past[code_of("A")].area > now[code_of("A")].area
    assert as_of(session, tmp_path, "grids", START - timedelta(days=1)) == {}


def test_open_ground_leaves_as_of_any_day(session: Session, tmp_path: Path) -> None:
    town = Town(session).drawn("A.")
    town.redrawn("AB", START + timedelta(days=30))
    assert as_of(session, tmp_path, "uncovered", None) == {}
    assert len(as_of(session, tmp_path, "uncovered", START)) == 1


def test_names_of_files_are_names(session: Session) -> None:
    Town(session).drawn("A")
    session.execute(update(tables.district).values(name='../汉\r\n滨"区/x.exe\\'))
    order = Order("grids", "csv", "GCJ02", datetime(2024, 5, 1, tzinfo=UTC))
    plain, said = exports.file_name(session, exports.checked(order), NOW)
    assert plain == "610902-grids-20261123-at-20240501-GCJ02-csv.zip"
    assert said == "汉滨区xexe-网格-20261123-at-20240501-GCJ02-csv.zip"
    # the day is that of who takes it out
    evening = datetime(2026, 11, 23, 18, tzinfo=UTC)
    there = replace(order, zone=ZoneInfo("Asia/Shanghai"), at=None)
    plain, _ = exports.file_name(session, exports.checked(there), evening)
    assert plain == "610902-grids-20261124-GCJ02-csv.zip"
    listed = exports.called(session, ("list", "诉求清单"), ["20261124"], ".xlsx")
    assert listed == ("610902-list-20261124.xlsx", "汉滨区xexe-诉求清单-20261124.xlsx")


def test_structures_are_masked_inside() -> None:
    field = next(f for f in LAYERS["issues"].fields if f.name == "located")
    told: Mapping[str, Any] = {"b": ["13912345678", 1.5, None], "a": {"13912345678": True}}
    assert json.loads(exports.shown(field, told)) == {
        "a": {"139****5678": True},
        "b": ["139****5678", 1.5, None],
    }


@pytest.mark.parametrize("form", [name for name in FORMATS if name != "xlsx"])
def test_what_left_comes_back_by_the_load_and_changes_nothing(
    demo_session: Session, tmp_path: Path, form: str
) -> None:
    path = taken(demo_session, tmp_path, "communities", form)
    crs = "CGCS2000" if form == "csv" else ""
    request = loads.Request("communities", path.read_bytes(), path.name, crs=crs)
    number, _ = loads.submit(demo_session, request)
    for _ in loads.run(demo_session, number):
        pass
    job = loads.one(demo_session, number)
    told = [job[name] for name in ("state", "total", "same", "changed", "refused")]
    assert told == ["checked", 35, 35, 0, 0]


@pytest.mark.parametrize("datum", ["GCJ02", "BD09"])
@pytest.mark.parametrize("form", ["gpkg", "geojson", "fgb", "shp"])
def test_a_shifted_datum_is_named_in_the_file_and_known_again(
    demo_session: Session, tmp_path: Path, form: str, datum: str
) -> None:
    path = taken(demo_session, tmp_path, "streets", form, crs=datum)
    head, features = layers.read(path.read_bytes(), path.name)
    found = shapely.from_wkb([one.wkb for one in features])
    assert head.crs == datum
    system = projection.reference(head.crs)
    moved = shapely.transform(found, lambda xy: projection.degrees(system, xy))
    ours = sorted(shape.area for _, shape in stored(demo_session, "streets").values())
    assert sorted(shape.area for shape in moved) == pytest.approx(ours, rel=1e-6)


def test_gdal_takes_a_shifted_datum_for_no_wgs84(demo_session: Session, tmp_path: Path) -> None:
    path = taken(demo_session, tmp_path, "streets", "geojson", crs="GCJ02")
    assert str(pyogrio.read_info(path)["crs"]).startswith('LOCAL_CS["GCJ02"')
