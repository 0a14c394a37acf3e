"""`python -m scripts evaluate`: official labels held against areas, from any files."""

import csv
import gzip
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
from click.testing import CliRunner, Result
from openpyxl import Workbook

from geodata.domain.crs import from_wgs84, metres_per_degree
from geodata.files import frames, pairs
from scripts.__main__ import main

DATA = Path(os.environ.get("WANGGE_DATA", Path(__file__).parents[3] / "shared" / "data"))
real = pytest.mark.skipif(
    not (DATA / "nyc_311_animals.csv.gz").is_file(),
    reason=f"the labelled points of real cities are not in {DATA}; set WANGGE_DATA",
)
WEST, SOUTH, SIDE = 109.0, 32.6, 0.01
BOROUGHS = {"MANHATTAN": 1, "BRONX": 2, "BROOKLYN": 3, "QUEENS": 4, "STATEN ISLAND": 5}


def square(column: int) -> shapely.Polygon:
    return shapely.box(WEST + column * SIDE, SOUTH, WEST + (column + 1) * SIDE, SOUTH + SIDE)


def areas(tmp_path: Path, name: str = "areas.csv", crs: str = "EPSG:4326") -> Path:
    """Three squares in a row, coded 1, 2 and 3; as CSV, which needs no child to be read."""
    if name.endswith(".csv"):
        with (tmp_path / name).open("w", encoding="utf-8", newline="") as file:
            rows = [(number, square(number - 1).wkt) for number in (3, 1, 2)]
            csv.writer(file).writerows([("code", "WKT"), *rows])
        return tmp_path / name
    frame = gpd.GeoDataFrame({"code": [3, 1, 2]}, geometry=[square(2), square(0), square(1)])
    frame = frame.set_crs("EPSG:4326").to_crs(crs)
    frame.to_file(tmp_path / name)
    return tmp_path / name


def spot(column: float, row: float = 0.5) -> tuple[float, float]:
    return WEST + column * SIDE, SOUTH + row * SIDE


ROWS: list[tuple[str, Any, Any]] = [
    ("1", *spot(0.5)),
    ("1", *spot(0.2)),
    ("2", *spot(1.5)),
    ("3", *spot(1.5)),
    ("", *spot(1.5)),
    ("3", "", ""),
    ("3", 0, 0),
    ("9", *spot(2.5)),
]


def table(path: Path, rows: Sequence[Sequence[object]], *, x: str = "lon", y: str = "lat") -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("area", x, y), *rows])
    return path


def evaluate(*words: str | Path) -> Result:
    return CliRunner().invoke(main, ["evaluate", *map(str, words)])


def told(*words: str | Path) -> dict[str, Any]:
    """The JSON of an evaluation by the usual columns."""
    result = evaluate(*words, "--json")
    assert result.exit_code == 0, result.output
    answer: dict[str, Any] = json.loads(result.stdout)
    return answer


def judged(points: Path, ground: Path, *words: str | Path) -> dict[str, Any]:
    return told(points, "--label", "area", "--areas", ground, "--code", "code", *words)


def refused(*words: str | Path) -> str:
    result = evaluate(*words)
    assert result.exit_code == 1
    assert result.stdout == ""
    return result.stderr


def usual(points: Path, ground: Path) -> tuple[str | Path, ...]:
    return (points, "--label", "area", "--areas", ground, "--code", "code")


def test_rows_are_counted_or_left_out_by_reason(tmp_path: Path) -> None:
    answer = judged(table(tmp_path / "points.csv", ROWS), areas(tmp_path))
    assert (answer["points"], answer["agreement"]) == (4, 0.75)
    assert answer["within_m"] == {"1": 0.75, "5": 0.75, "10": 0.75, "25": 0.75}
    reasons = {"no_label": 1, "no_place": 2, "unknown_label": 1, "row_broken": 0}
    assert answer["left_out"] == reasons
    assert answer["unknown_labels"] == {"9": 1}
    assert answer["columns"] == ["lon", "lat"]


def test_distances_to_the_border_are_metres(tmp_path: Path) -> None:
    metre = 1 / metres_per_degree(SOUTH)[0] / SIDE
    rows = [("1", *spot(1 + m * metre)) for m in (0.5, 4, 9, 24, 26, 50)]
    answer = judged(table(tmp_path / "points.csv", rows), areas(tmp_path))
    shares = [1 / 6, 2 / 6, 3 / 6, 4 / 6]
    assert [*answer["within_m"].values()] == pytest.approx(shares)
    assert answer["agreement"] == 0.0


@pytest.mark.parametrize("kind", ["csv.gz", "xlsx", "gpkg", "geojson", "fgb", "shp"])
def test_points_come_in_files_of_every_kind(tmp_path: Path, kind: str) -> None:
    plain = table(tmp_path / "plain.csv", ROWS[:4])
    path = tmp_path / f"points.{kind}"
    if kind == "csv.gz":
        path.write_bytes(gzip.compress(plain.read_bytes()))
    elif kind == "xlsx":
        book = Workbook()
        sheet = book.worksheets[0]
        for row in [("表题",), ("area", "lon", "lat"), *ROWS[:4]]:
            sheet.append(row)
        book.save(path)
    else:
        shapes = [shapely.Point(x, y) for _, x, y in ROWS[:4]]
        labels = [label for label, _, _ in ROWS[:4]]
        frame = gpd.GeoDataFrame({"area": labels}, geometry=shapes, crs="EPSG:4326")
        (frame if kind == "geojson" else frame.to_crs("EPSG:4545")).to_file(path)
    assert judged(path, areas(tmp_path))["agreement"] == 0.75


@pytest.mark.parametrize(
    ("name", "crs"),
    [("areas.gpkg", "EPSG:4490"), ("areas.shp", "EPSG:4545"), ("areas.shp", "EPSG:3857")],
)
def test_areas_may_be_in_any_system(tmp_path: Path, name: str, crs: str) -> None:
    points = table(tmp_path / "points.csv", ROWS[:4])
    assert judged(points, areas(tmp_path, name, crs))["agreement"] == 0.75


@pytest.mark.parametrize("crs", ["EPSG:4545", "GCJ02", "BD-09"])
def test_points_may_be_in_any_system(tmp_path: Path, crs: str) -> None:
    ground = areas(tmp_path)
    lon, lat = np.array([row[1:] for row in ROWS[:4]], dtype=float).T
    if crs.startswith("EPSG"):
        moved = gpd.points_from_xy(lon, lat, crs="EPSG:4326").to_crs(crs)
        x, y = moved.x, moved.y
    else:
        x, y = from_wgs84(lon, lat, "GCJ02" if crs == "GCJ02" else "BD09")
    rows = [(row[0], a, b) for row, a, b in zip(ROWS, x, y, strict=False)]
    points = table(tmp_path / "points.csv", rows, x="X", y="Y")
    assert judged(points, ground, "--crs", crs)["agreement"] == 0.75
    if crs == "EPSG:4545":
        assert "points_metres" in refused(*usual(points, ground))
        assert "EPSG:4545" in refused(*usual(points, ground))


def test_a_shifted_datum_is_suspected_and_not_guessed(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    column, row = rng.random(300) * 3, rng.random(300)
    lon, lat = from_wgs84(WEST + column * SIDE, SOUTH + row * SIDE, "GCJ02")
    rows = [(int(c) + 1, x, y) for c, x, y in zip(column, lon, lat, strict=True)]
    answer = judged(table(tmp_path / "points.csv", rows), areas(tmp_path))
    doubt = next(d for d in answer["doubts"] if d["code"] == "points_shifted")
    assert doubt["other"] == "GCJ02"
    assert answer["agreement"] < 0.7


def test_swapped_and_distant_points_are_refused_with_the_reason(tmp_path: Path) -> None:
    ground = areas(tmp_path)
    swapped = table(tmp_path / "points.csv", ROWS, x="lat", y="lon")
    assert "points_swapped" in refused(*usual(swapped, ground))
    away = [(label, 100.0, 30.0) for label, *_ in ROWS[:3]]
    away_file = table(tmp_path / "away.csv", away)
    assert "points_elsewhere" in refused(*usual(away_file, ground))
    assert judged(away_file, ground, "--anyway")["agreement"] == 0.0
    few = table(tmp_path / "few.csv", [*ROWS, ("2", *reversed(spot(1.5)))])
    doubt = judged(few, ground)["doubts"][0]
    assert (doubt["code"], doubt["count"], doubt["swapped"]) == ("points_outside", 1, 1)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("map.csv", "label,code\n甲,1\n乙,2\n丙,3\n"),
        ("map.csv", "code,label\n1,甲\n2,乙\n3,丙\n"),
        ("map.csv", "甲,1\n乙,2\n丙,3\n"),
        ("map.csv", "社区,编号\n甲,1\n乙,2\n丙,3\n"),
        ("map.json", '{"甲": 1, "乙": 2, "丙": "3"}'),
        ("map.json", '[["甲", 1], ["乙", 2], ["丙", 3]]'),
        ("map.json", '[{"label": "甲", "code": 1}, {"code": 2, "label": "乙"}]'),
    ],
)
def test_a_map_file_pairs_label_and_code(tmp_path: Path, name: str, content: str) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")
    found = pairs.read(tmp_path / name, "area", "code", {"1", "2", "3"})
    assert (found["甲"], found["乙"]) == ("1", "2")


def test_labels_are_judged_by_the_codes_a_map_file_gives_them(tmp_path: Path) -> None:
    (tmp_path / "map.csv").write_text("社区,编号\n甲,1\n乙,2\n丙,3\n", encoding="utf-8")
    rows = [("甲", *spot(0.5)), ("乙", *spot(1.5)), ("乙", *spot(2.5))]
    points = table(tmp_path / "points.csv", rows)
    answer = judged(points, areas(tmp_path), "--map", tmp_path / "map.csv")
    assert (answer["points"], answer["agreement"]) == (3, pytest.approx(2 / 3))


def test_the_lowest_code_has_what_several_areas_cover(tmp_path: Path) -> None:
    shapes = [square(0).union(square(1)), square(1), square(1).buffer(-SIDE / 4)]
    frame = gpd.GeoDataFrame({"code": [10, 9, 7]}, geometry=shapes, crs="EPSG:4326")
    frame.to_file(tmp_path / "areas.gpkg")
    rows = [("7", *spot(1.5)), ("10", *spot(1.5)), ("9", *spot(1.1)), ("9", *spot(1.0))]
    answer = judged(table(tmp_path / "points.csv", rows), tmp_path / "areas.gpkg")
    assert (answer["agreement"], answer["in_overlap"]) == (0.75, 1)


def test_what_is_missing_is_named(tmp_path: Path) -> None:
    points, ground = table(tmp_path / "points.csv", ROWS), areas(tmp_path)
    layers = usual(points, areas(tmp_path, "areas.gpkg"))
    assert "areas" in refused(*layers, "--layer", "nope")
    wrong = refused(points, "--label", "nope", "--areas", ground, "--code", "code")
    assert "nope" in wrong
    assert "area、lon、lat" in wrong
    assert "nope" in refused(points, "--label", "area", "--areas", ground, "--code", "nope")
    assert "crs_unknown" in refused(*usual(points, ground), "--crs", "EPSG:99")
    silent = areas(tmp_path, "silent.shp")
    silent.with_suffix(".prj").unlink()
    assert "crs_undeclared" in refused(*usual(points, silent))
    assert judged(points, silent, "--areas-crs", "EPSG:4326")["points"] == 4
    letters = table(tmp_path / "letters.csv", [("甲", *spot(0.5))])
    assert "labels_unknown" in refused(*usual(letters, ground))
    nameless = table(tmp_path / "nameless.csv", ROWS, x="a", y="b")
    assert "coordinates_missing" in refused(*usual(nameless, ground))
    assert judged(nameless, ground, "--x", "a", "--y", "b")["points"] == 4
    (tmp_path / "broken.gpkg").write_bytes(b"SQLite format 3\0 nothing")
    assert "file_broken" in refused(*usual(points, tmp_path / "broken.gpkg"))


def test_the_map_of_disagreements_needs_nothing_and_runs_nothing(tmp_path: Path) -> None:
    evil = "</script><img src=x onerror=alert(1)>{{7*7}}"
    frame = gpd.GeoDataFrame({"code": [evil, "b"]}, geometry=[square(0), square(1)], crs=4326)
    frame.to_file(tmp_path / "areas.gpkg")
    points = table(tmp_path / "points.csv", [(evil, *spot(1.5)), ("b", *spot(1.5))])
    page = tmp_path / "page.html"
    assert judged(points, tmp_path / "areas.gpkg", "--html", page)["disagreements"] == 1
    html = page.read_text("utf-8")
    assert "<img" not in html
    assert "{{7*7}}" in html
    assert "http" not in html.replace('http-equiv="Content-Security-Policy"', "")
    assert 'class="c4"' in html


def test_a_shapefile_in_gbk_without_a_code_page_is_read(tmp_path: Path) -> None:
    frame = gpd.GeoDataFrame({"code": ["香溪社区"]}, geometry=[square(0)], crs="EPSG:4326")
    frame.to_file(tmp_path / "areas.shp", encoding="GBK")
    (tmp_path / "areas.cpg").unlink()
    dbf = bytearray((tmp_path / "areas.dbf").read_bytes())
    dbf[29] = 0
    (tmp_path / "areas.dbf").write_bytes(dbf)
    assert frames.read(tmp_path / "areas.shp").texts("code") == ["香溪社区"]


def test_labels_that_a_table_has_bent_are_still_their_codes(tmp_path: Path) -> None:
    frame = gpd.GeoDataFrame(
        {"code": ["411", "0102", "West End", "7", "07"]},
        geometry=[square(column) for column in range(5)],
        crs="EPSG:4326",
    )
    frame.to_file(tmp_path / "areas.gpkg")
    labels = ("411.0", "0411", " 411 ", "102", "west  end", "7", "7.0")
    columns = (0.5, 0.5, 0.5, 1.5, 2.5, 3.5, 3.5)
    rows = [(label, *spot(column)) for label, column in zip(labels, columns, strict=True)]
    points = table(tmp_path / "points.csv", rows)
    answer = told(points, "--label", "area", "--areas", tmp_path / "areas.gpkg", "--code", "code")
    assert (answer["points"], answer["agreement"]) == (6, 1.0)
    assert answer["labels_read_as"]["102"] == "0102"
    assert answer["unknown_labels"] == {"7.0": 1}


@real
def test_new_york_vancouver_and_northumbria_reach_their_ceilings(tmp_path: Path) -> None:
    boards = {f"{n:02} {name}": f"{b}{n:02}" for name, b in BOROUGHS.items() for n in range(1, 19)}
    nyc, van = tmp_path / "nyc.json", tmp_path / "van.csv"
    nyc.write_text(json.dumps(boards))
    van.write_text("label,code\nCentral Business District,Downtown\nArbutus Ridge,Arbutus-Ridge\n")
    york = told(
        *(DATA / "nyc_311_animals.csv.gz", "--label", "Community Board", "--map", nyc),
        *("--areas", DATA / "nyc_community_districts.gpkg", "--layer", "cd_2013"),
        *("--code", "boro_cd"),
    )
    assert york["agreement"] >= 0.993
    couver = told(
        *(DATA / "vancouver_thefts_2020.csv.gz", "--label", "NEIGHBOURHOOD", "--map", van),
        *("--areas", DATA / "vancouver_local_areas.gpkg", "--code", "name"),
        *("--crs", "EPSG:26910"),
    )
    assert couver["agreement"] >= 0.975
    umbria = told(
        *(DATA / "uk_northumbria_asb_2022.csv.gz", "--label", "lsoa_code"),
        *("--areas", DATA / "uk_northumbria_lsoa2011.gpkg", "--code", "LSOA11CD"),
    )
    assert umbria["agreement"] >= 0.951
    assert umbria["within_m"]["10"] >= 0.996
