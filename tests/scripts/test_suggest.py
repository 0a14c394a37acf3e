"""`python -m scripts suggest`: grids from an outline or present grids, buildings and streets."""

import json
from pathlib import Path
from typing import Any

import geopandas
import pytest
import shapely
from click.testing import CliRunner, Result
from shapely.geometry import LineString

from geodata.domain import partition
from scripts.__main__ import main
from tests.drawing import draw, ground, spot

PICTURE = "ooo/ooo"
HALF = 0.00008


@pytest.fixture
def town(tmp_path: Path) -> Path:
    """A folder with an outline, two grids, 24 buildings of 35 households, and an arterial."""
    places = [(r, c) for r in (0.25, 0.75, 1.25, 1.75) for c in (0.4, 1.0, 1.7, 1.9, 2.2, 2.6)]
    outlines = [spot(r, c).buffer(HALF / 2, cap_style="square") for r, c in places]
    columns: dict[str, list[Any]] = {
        "楼栋编码": [f"{n:05d}" for n in range(len(places))],
        "户数": [35] * len(places),
        "人口": [100] * len(places),
    }
    save(tmp_path / "buildings.gpkg", outlines, columns, "EPSG:4545")
    save(tmp_path / "outline.gpkg", [ground(PICTURE)], {"name": ["社区"]}, "EPSG:4490")
    grids = draw("ABB/ABB")
    save(tmp_path / "grids.gpkg", list(grids.values()), {"code": list(grids)}, "EPSG:4326")
    lines = [LineString([spot(0, 1.4), spot(2, 1.4)]), LineString([spot(1, 0), spot(1, 3)])]
    save(tmp_path / "roads.gpkg", lines, {"kind": ["主干路", "footway"]}, "EPSG:4326")
    return tmp_path


def save(path: Path, shapes: list[Any], columns: dict[str, list[Any]], crs: str) -> None:
    frame = geopandas.GeoDataFrame(columns, geometry=shapes, crs="EPSG:4326")
    frame.to_crs(crs).to_file(path)


def run(town: Path, area: str, *words: str) -> Result:
    files = [str(town / area), str(town / "buildings.gpkg"), "--streets", str(town / "roads.gpkg")]
    return CliRunner().invoke(main, ["suggest", *files, *words])


def told(town: Path, area: str, *words: str) -> dict[str, Any]:
    result = run(town, area, *words, "--json")
    assert result.exit_code == 0, result.output
    answer: dict[str, Any] = json.loads(result.stdout)
    return answer


def test_an_outline_is_divided_and_written_as_exact_layers(town: Path) -> None:
    out = town / "out.gpkg"
    answer = told(town, "outline.gpkg", "--out", str(out))
    assert answer["buildings"] == 24
    assert answer["away"] == answer["without_shape"] == []
    for one in answer["alternatives"]:
        assert one["figures"]["within"] == one["figures"]["grids"] == 3
        written = geopandas.read_file(out, layer=one["leaning"])
        assert sorted(written["households"]) == sorted(g["households"] for g in one["grids"])
        cells = dict(zip(written["code"], written.geometry, strict=True))
        parts = {code: shapely.get_parts(shape)[0] for code, shape in cells.items()}
        assert partition.check(parts, ground(PICTURE)) == []


def test_present_grids_keep_their_codes_and_are_rebalanced(town: Path) -> None:
    answer = told(town, "grids.gpkg", "--rebalance")
    first = answer["alternatives"][0]
    assert first["leaning"] == "steady"
    assert first["figures"]["within"] == first["figures"]["grids"] == 2
    assert [grid["code"] for grid in first["grids"]] == ["A", "B"]
    assert 0 < first["figures"]["households_moved"] <= 140
    afresh = told(town, "grids.gpkg", "--grids", "3")
    assert {grid["code"] for grid in afresh["alternatives"][0]["grids"]} == {"A", "B", "new-1"}


def test_the_report_says_what_it_came_to(town: Path) -> None:
    result = run(town, "outline.gpkg", "--grids", "1")
    assert result.exit_code == 0, result.output
    told = "even, streets, compact: 0 of 1 grids within the band, 840 to 840 households"
    assert told in result.stdout
    assert "new-1: 840. " in result.stdout


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--grids", "99"), "suggest_few_units"),
        (("--low", "400"), "suggest_norm"),
        (("--layers", "nothing", "", ""), "layer_missing"),
        (("--crs", "EPSG:1"), "crs_unknown"),
    ],
)
def test_what_cannot_be_done_is_told_in_a_sentence(
    town: Path, words: tuple[str, ...], code: str
) -> None:
    result = run(town, "outline.gpkg", *words)
    assert result.exit_code == 1
    assert f"[{code}]" in result.output


def test_buildings_without_households_or_with_nonsense_are_refused(town: Path) -> None:
    at = [spot(0.5, 0.5)]
    save(town / "buildings.gpkg", at, {"name": ["a"]}, "EPSG:4326")
    assert "[columns_missing]" in run(town, "outline.gpkg").output
    save(town / "buildings.gpkg", at, {"户数": ["很多"]}, "EPSG:4326")
    assert "[number_bad]" in run(town, "outline.gpkg").output


def test_buildings_elsewhere_or_without_shape_are_listed(town: Path) -> None:
    shapes = [spot(0.5, 0.5), spot(0.6, 2.5), spot(30, 30), None]
    columns: dict[str, list[Any]] = {"code": list("abcd"), "households": [200, 200, 9, 9]}
    save(town / "buildings.gpkg", shapes, columns, "EPSG:4326")
    answer = told(town, "outline.gpkg")
    assert answer["away"] == ["c"]
    assert answer["without_shape"] == [4]
