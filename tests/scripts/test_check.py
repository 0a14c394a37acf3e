"""`check` on files of several kinds: what it says, and what it writes when asked to repair."""

import json
import re
from pathlib import Path

import geopandas
import pytest
import shapely
from click.testing import CliRunner
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from geodata.domain import partition
from geodata.files import coverages
from scripts.check import check
from tests import layers as made
from tests.drawing import draw, spot
from tests.sheets import table


def told(*arguments: object, code: int = 0) -> str:
    answer = CliRunner().invoke(check, [str(one) for one in arguments])
    assert answer.exit_code == code, answer.output
    return answer.output


def layer(cells: dict[str, BaseGeometry], crs: str = "EPSG:4326") -> geopandas.GeoDataFrame:
    about = {"code": list(cells), "note": [f"<b>{code}" for code in cells]}
    return geopandas.GeoDataFrame(about, geometry=list(cells.values()), crs="EPSG:4326").to_crs(crs)


def sloppy() -> dict[str, BaseGeometry]:
    cells: dict[str, BaseGeometry] = dict(draw("AAB / CCB"))
    cells["A"] = cells["A"].buffer(1e-6, join_style="mitre")
    return cells


@pytest.mark.parametrize(("name", "crs"), [("a.gpkg", "EPSG:4545"), ("a.geojson", "EPSG:4326")])
def test_a_file_is_checked_without_touching_it(tmp_path: Path, name: str, crs: str) -> None:
    file = tmp_path / name
    layer(sloppy(), crs).to_file(file)
    before = file.read_bytes()
    said = told(file)
    assert "拓扑关系 topology: 2 errors" in said
    assert "Nothing was repaired" in said
    assert file.read_bytes() == before
    assert list(tmp_path.iterdir()) == [file]


def test_json_has_checks_and_places(tmp_path: Path) -> None:
    file = tmp_path / "a.gpkg"
    layer(sloppy()).to_file(file)
    body = json.loads(told(file, "--json"))
    assert (body["areas"], body["layer"], len(body["checks"])) == (3, "a", 6)
    overlap = next(f for f in body["features"] if f["properties"]["kind"] == "overlap")
    assert overlap["geometry"]["type"] in ("Polygon", "MultiPolygon")


@pytest.mark.parametrize("name", ["out.gpkg", "out.geojson"])
def test_repair_writes_an_exact_division_and_every_change(tmp_path: Path, name: str) -> None:
    file, out = tmp_path / "a.gpkg", tmp_path / name
    layer(sloppy(), "EPSG:4545").to_file(file)
    body = json.loads(told(file, "--json", "--repair", out))
    done = coverages.read(out)
    assert list(done.columns["note"]) == ["<b>A", "<b>B", "<b>C"]
    cells = {code: s for code, s in zip(done.codes or [], done.shapes, strict=True) if s}
    assert partition.check(cells, shapely.union_all(list(cells.values()))) == []
    changes = json.loads(Path(body["repair"]["changes_file"]).read_text("utf-8"))["features"]
    assert len(changes) == body["repair"]["changes"] > 0
    assert {change["properties"]["gained"] for change in changes} <= {"A", "B", "C", None}
    again = json.loads(told(out, "--json", "--repair", tmp_path / "again.gpkg"))
    assert again["repair"]["changes"] == 0
    assert again["repair"]["moved_m"] == 0.0


def test_stacked_layers_are_repaired_each_by_itself(tmp_path: Path) -> None:
    file, out = tmp_path / "a.gpkg", tmp_path / "out.gpkg"
    layer({**draw("AAB / AAB"), **draw("CDD / CDD")}).to_file(file)
    body = json.loads(told(file, "--json", "--repair", out))
    assert (body["repair"]["levels"], body["repair"]["changes"]) == (2, 0)
    assert len(coverages.read(out).shapes) == 4


def test_ground_drawn_twice_is_kept_and_left_to_somebody(tmp_path: Path) -> None:
    file, out = tmp_path / "a.gpkg", tmp_path / "out.gpkg"
    cells: dict[str, BaseGeometry] = dict(draw("AB"))
    cells["C"] = cells["B"]
    layer(cells).to_file(file)
    said = told(file, "--repair", out)
    assert "Not repaired, for somebody to decide: 同一块地画了两次 (1)" in said
    assert len(coverages.read(out).shapes) == 3


def test_what_no_shape_holds_is_told_and_the_rest_repaired(tmp_path: Path) -> None:
    file, out = tmp_path / "a.gpkg", tmp_path / "out.gpkg"
    cells: dict[str, BaseGeometry] = {**draw("AB"), "C": Polygon()}
    layer(cells).to_file(file)
    said = told(file, "--repair", out)
    assert "没有图形" in said
    assert len(coverages.read(out).shapes) == 2


@pytest.mark.parametrize("name", ["a.csv", "a.txt", "a.zip"])
def test_tables_and_archives_are_checked_like_layers(tmp_path: Path, name: str) -> None:
    file, rows = tmp_path / name, [({"编码": code}, s) for code, s in draw("AAB / CCB").items()]
    if name == "a.zip":
        file.write_bytes(made.written(rows, "shp", crs=None, encoding="GBK", without=(".cpg",)))
    else:
        listed = [["编码", "WKT"], *([row["编码"], shape.wkt] for row, shape in rows)]
        delimiter = ";" if name == "a.csv" else "\t"
        file.write_text(table(listed, delimiter), "utf-8-sig" if name == "a.csv" else "gb18030")
    said = told(file)
    assert "3 areas" in said
    assert "taken for degrees" in said


def test_degrees_that_are_none_are_not_believed(tmp_path: Path) -> None:
    file = tmp_path / "feet.gpkg"
    feet: dict[str, BaseGeometry] = {
        "A": Polygon([(985000, 200000), (986000, 200000), (986000, 201000)])
    }
    layer(feet).to_file(file)
    assert "不可能" in told(file, code=1)
    assert "1 areas" in told(file, "--crs", "EPSG:2263")


def test_a_shifted_datum_may_be_said(tmp_path: Path) -> None:
    file, out = tmp_path / "a.gpkg", tmp_path / "out.gpkg"
    layer(dict(draw("AB"))).to_file(file)
    told(file, "--crs", "GCJ02", "--repair", out)
    before, after = coverages.read(file).shapes[0], coverages.read(out).shapes[0]
    assert before is not None
    assert after is not None
    assert 0.001 < before.centroid.distance(after.centroid) < 0.01


def test_rows_without_or_with_the_same_code_keep_their_ground(tmp_path: Path) -> None:
    file, out = tmp_path / "a.gpkg", tmp_path / "out.gpkg"
    frame = layer(dict(draw("ABC")))
    frame["code"] = ["A", "A", None]
    frame.to_file(file)
    body = json.loads(told(file, "--json", "--repair", out))
    kinds = {f["properties"]["kind"] for f in body["features"]}
    assert {"code_duplicate", "code_missing"} <= kinds
    assert len(coverages.read(out).shapes) == 3


def test_the_page_needs_nothing_else_and_escapes_what_it_shows(tmp_path: Path) -> None:
    file, page = tmp_path / "a.gpkg", tmp_path / "a.html"
    cells = sloppy()
    cells["<script>"] = cells.pop("A")
    layer(cells).to_file(file)
    told(file, "--html", page)
    text = page.read_text("utf-8")
    assert "拓扑关系" in text
    assert "<svg" in text
    assert "<script" not in text
    assert "&lt;script&gt;" in text
    assert not re.search(r"(?:src|href)=", text)


def test_an_outline_makes_gaps_of_what_it_holds(tmp_path: Path) -> None:
    file, outline = tmp_path / "a.gpkg", tmp_path / "ground.gpkg"
    layer(dict(draw("AAB"))).to_file(file)
    layer(dict(draw("YYYY"))).to_file(outline)
    assert "边界完整性 boundary: 1 errors" in told(file, "--ground", outline)


def test_an_open_ring_is_closed_and_told_of(tmp_path: Path) -> None:
    file = tmp_path / "a.geojson"
    ring = [list(spot(y, x).coords[0]) for y, x in ((0, 0), (0, 1), (1, 1), (1, 0))]
    shape = {"type": "Polygon", "coordinates": [ring]}
    feature = {"type": "Feature", "geometry": shape, "properties": {"code": "A"}}
    file.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    assert "边界没有闭合" in told(file)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--layer", "x"], "没有“x”这一层"),
        (["--code", "x"], "没有“x”这一列"),
        (["--crs", "EPSG:0"], "不认识坐标系"),
        ([], "有好几层"),
    ],
)
def test_what_is_missing_is_said_in_a_sentence(
    tmp_path: Path, arguments: list[str], said: str
) -> None:
    file = tmp_path / "a.gpkg"
    for name in ("a", "b") if not arguments else ("a",):
        layer(dict(draw("AB"))).to_file(file, layer=name)
    assert said in told(file, *arguments, code=1)


def test_a_file_that_is_no_layer_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "a.gpkg"
    file.write_text("no layer")
    assert "不是这里读得懂的" in told(file, code=1)


def test_metres_without_a_system_are_not_taken_for_degrees(tmp_path: Path) -> None:
    file = tmp_path / "a.shp"
    square = Polygon([(500000, 3600000), (500100, 3600000), (500100, 3600100)])
    with pytest.warns(UserWarning, match="crs"):
        geopandas.GeoDataFrame({"code": ["A"]}, geometry=[square]).to_file(file)
    assert "--crs" in told(file, code=1)
    assert "1 areas" in told(file, "--crs", "EPSG:4545")
