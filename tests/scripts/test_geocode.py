"""`python -m scripts geocode`: places for a file of addresses among a file of buildings."""

import csv
import json
import os
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
from click.testing import CliRunner

from geodata.demo import District
from geodata.domain.gazetteer import Entry
from geodata.domain.geocoder import Geocoder
from geodata.domain.spelling import region
from scripts.__main__ import main
from scripts.bench import geocoding

DATA = Path(os.environ.get("WANGGE_DATA", Path(__file__).parents[3] / "shared" / "data"))
KNOWN = [
    *("上海市静安区愚园路1088弄10号", "上海市静安区愚园路1088弄12号", "上海市黄浦区广东路51-59号"),
    *("上海市黄浦区中山东一路20号", "上海市虹口区黄浦路106~110号", "上海市徐汇区田林三村12号"),
    *("上海市浦东新区张杨路501号", "上海市黄浦区人民路8号", "上海市浦东新区人民路8号"),
    *("北京市东城区东四十条甲22号", "北京市西城区羊角灯胡同11号", "成都市武侯区人民南路四段27号"),
    *("广州市天河区体育东路138号", "厦门市思明区镇邦路47号之1", "田林新村3村12号"),
]


def files(tmp_path: Path, asked: list[str], known: list[str] | None = None) -> tuple[Path, Path]:
    """Addresses as CSV and buildings as GeoPackage, some hundred metres apart."""
    addresses, buildings = tmp_path / "asked.csv", tmp_path / "known.gpkg"
    with addresses.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["地址"], *([text] for text in asked)])
    texts = KNOWN if known is None else known
    shapes = [shapely.Point(121.4 + i / 100, 31.2).buffer(1e-4) for i in range(len(texts))]
    frame = gpd.GeoDataFrame({"address": texts, "名称": ""}, geometry=shapes, crs="EPSG:4326")
    frame.to_crs("EPSG:4549").to_file(buildings)
    return addresses, buildings


def told(addresses: Path, buildings: Path, *words: str | Path) -> dict[str, Any]:
    usual = ["geocode", str(addresses), "--column", "地址", "--buildings", str(buildings)]
    result = CliRunner().invoke(main, [*usual, *map(str, words), "--json"])
    assert result.exit_code == 0, result.output
    answer: dict[str, Any] = json.loads(result.stdout)
    return answer


TOLD = {
    "上海市静安区愚园路1088弄12号301室": 2,
    "愚园路1088弄10号": 1,
    "上海黄浦区广东路五十三号": 3,
    "中山东一路20号和平饭店": 4,
    "上海市虹口区黄浦路108号": 5,
    "徐汇区田林三村12号": 6,
    "张杨路501号第一八佰伴": 7,
    "浦东新区人民路8号": 9,
    "北京市东城区东四十条甲22号": 10,
    "西城区羊角灯胡同11号院": 11,
    "成都市武侯区人民南路4段27号": 12,
    "天河区体育东路138号": 13,
    "镇邦路47号附1号": 14,
}
NOT_TOLD = [
    *("愚园路1088弄14号", "愚园路1088弄", "愚园路10号", "广东路52号", "广东路61号", "黄浦路109号"),
    *("上海市静安区广东路53号", "杭州市黄浦区广东路53号", "人民路8号", "虹口区人民路8号"),
    *("东四十条22号", "人民南路27号", "体育西路138号", "镇邦路47号", "田林新村"),
    *("中山东二路20号", "黄浦区", "", "没有说地址"),
]


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """What one run says of each address."""
    asked = [*TOLD, *NOT_TOLD]
    answer = told(*files(tmp_path_factory.mktemp("cities"), asked), "--address", "address")
    assert answer["home"] == ""
    return dict(zip(asked, answer["rows"], strict=True))


@pytest.mark.parametrize(("text", "building"), TOLD.items())
def test_addresses_of_any_city(
    answers: dict[str, dict[str, Any]], text: str, building: int
) -> None:
    row = answers[text]
    assert (row["sure"], row["building"]) == (True, building)
    assert row["lon"] == pytest.approx(121.4 + (building - 1) / 100, abs=1e-5)
    assert row["precision"] in ("door", "building", "place")


@pytest.mark.parametrize("text", NOT_TOLD)
def test_what_the_text_does_not_tell_is_not_guessed(
    answers: dict[str, dict[str, Any]], text: str
) -> None:
    row = answers[text]
    assert (row["sure"], row["place"], row["lon"]) == (False, None, None)


def test_street_and_number_may_be_two_columns_and_the_city_is_learnt(tmp_path: Path) -> None:
    (tmp_path / "known.csv").write_text(
        "street,number,name,经度,纬度\n世纪大道,8,国金中心,121.50,31.24\n世纪大道,88,,121.51,31.24\n"
        ",,无名,,\n",
        encoding="gb18030",
    )
    asked = ["上海市世纪大道88号", "上海市浦东新区国金中心", "北京市世纪大道8号"] + ["上海市"] * 9
    addresses, _ = files(tmp_path, asked)
    columns = ("--address", "street", "--address", "number", "--name", "name")
    answer = told(addresses, tmp_path / "known.csv", *columns)
    assert [row["building"] for row in answer["rows"][:3]] == [3, 2, None]
    assert (answer["home"], answer["buildings"], answer["buildings_left_out"]) == ("上海", 2, 1)
    assert answer["rows"][2]["candidates"][0]["building"] == 2


def test_csv_has_a_row_for_each_address_and_no_formula(tmp_path: Path) -> None:
    addresses, buildings = files(tmp_path, ["=1+1", "张杨路501号"])
    out = tmp_path / "out.csv"
    words = ["geocode", str(addresses), "--column", "地址", "--buildings", str(buildings)]
    result = CliRunner().invoke(main, [*words, "--address", "address", "--out", str(out)])
    assert result.exit_code == 0, result.output
    assert "2 addresses among 15 buildings" in result.stderr
    rows = list(csv.DictReader(out.read_text("utf-8").splitlines()))
    assert [row["address"] for row in rows] == ["'=1+1", "张杨路501号"]
    assert rows[1]["precision"] == "door"
    assert json.loads(rows[1]["candidates"])[0]["building"] == 7


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--column", "nope", "--address", "address"), "column_missing"),
        (("--column", "地址", "--address", "nope"), "column_missing"),
        (("--column", "地址", "--address", "address", "--layer", "nope"), "layer_missing"),
        (("--column", "地址", "--address", "名称"), "buildings_none"),
    ],
)
def test_what_is_missing_is_named(tmp_path: Path, words: tuple[str, ...], code: str) -> None:
    addresses, buildings = files(tmp_path, ["张杨路501号"])
    command = ["geocode", str(addresses), "--buildings", str(buildings), *words]
    result = CliRunner().invoke(main, command)
    assert result.exit_code == 1
    assert code in result.stderr


def test_a_row_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    asked, known = files(tmp_path, ["愚园路1088弄10号", "长" * 200_000, "广东路51号"])
    answer = told(asked, known, "--address", "address")
    assert [row["row"] for row in answer["rows"]] == [2, 4]
    assert answer["refused"][0]["row"] == 3
    assert "第 3 行有一格超过" in answer["refused"][0]["reason"]


def test_the_file_that_will_not_do_is_named(tmp_path: Path) -> None:
    asked, known = files(tmp_path, ["愚园路1088弄10号"])
    asked.write_bytes(b"\xff\xff" * 9)
    words = ["geocode", str(asked), "--column", "a", "--buildings", str(known), "--address", "a"]
    assert "“asked.csv”" in CliRunner().invoke(main, words).output


def test_what_is_sure_is_right_on_mistyped_names(hanbin: District) -> None:
    """A sample of `bench geocoding`: every kind of error, on the demo district."""
    entries = geocoding.entries_of(hanbin)
    rng = np.random.default_rng(11)
    questions = [*geocoding._mistyped(entries, 120, rng), *geocoding._exact(entries, 120, rng)]
    geocoder = Geocoder(entries, region(geocoding.HOME))
    answers = [(question, geocoder.locate(question.text)) for question in questions]
    right = [geocoding._right(answer, entries[q.meant]) for q, answer in answers]
    told = [question.error != geocoding.ANOTHER for question in questions]
    sure = [
        good
        for good, fair, (_, answer) in zip(right, told, answers, strict=True)
        if answer.sure and fair
    ]
    assert len(sure) > 150
    assert sum(sure) >= 0.999 * len(sure)
    assert sum(right) >= 0.88 * len(right)
    kinds = {question.error for question in questions}
    assert {*geocoding.ERRORS, geocoding.BESIDE, geocoding.DIGIT, "none"} <= kinds


@pytest.mark.skipif(
    not (DATA / "shanghai_lujiazui_osm.gpkg").is_file(),
    reason=f"the buildings of Lujiazui are not in {DATA}; set WANGGE_DATA",
)
def test_lujiazui(tmp_path: Path) -> None:
    asked = ["上海市浦东新区陆家嘴环路1318号", "银城中路501号上海中心大厦", "上海市世纪大道9999号"]
    addresses, _ = files(tmp_path, asked)
    columns = ("--address", "addr_street", "--address", "addr_housenumber", "--name", "name")
    answer = told(addresses, DATA / "shanghai_lujiazui_osm.gpkg", "--layer", "buildings", *columns)
    assert [row["sure"] for row in answer["rows"]] == [True, True, False]


@pytest.mark.skipif(
    not (DATA / "shanghai_lujiazui_osm.gpkg").is_file(),
    reason=f"the roads of Lujiazui are not in {DATA}; set WANGGE_DATA",
)
def test_crossings_of_lujiazui(tmp_path: Path) -> None:
    asked = ["世纪大道与浦东南路路口", "陆家嘴环路近东园路", "滨江大道与四川中路交叉口", "世纪大道"]
    addresses, _ = files(tmp_path, asked)
    city = DATA / "shanghai_lujiazui_osm.gpkg"
    columns = ("--layer", "buildings", "--address", "addr_street", "--address", "addr_housenumber")
    roads = ("--roads", city, "--roads-layer", "roads", "--road-name", "name")
    rows = told(addresses, city, *columns, *roads)["rows"]
    assert [row["precision"] for row in rows] == ["crossing", "crossing", "road", "road"]
    assert [row["sure"] for row in rows] == [True, True, False, False]
    assert rows[2]["reason"] == "no_crossing"
    assert (rows[0]["lon"], rows[0]["lat"]) == pytest.approx((121.5088, 31.2360), abs=2e-4)


def test_a_file_without_roads_is_refused(tmp_path: Path) -> None:
    addresses, buildings = files(tmp_path, ["张杨路501号"])
    words = ["--column", "地址", "--buildings", str(buildings), "--address", "address"]
    wrong = ["--roads", str(buildings), "--road-name", "address"]
    result = CliRunner().invoke(main, ["geocode", str(addresses), *words, *wrong])
    assert result.exit_code == 1
    assert "roads_none" in result.stderr


def test_an_entry_may_be_known_by_an_alias() -> None:
    entry = Entry("place", "滨江公园", 109.0, 32.7, aliases=("江边公园",))
    assert Geocoder([entry]).locate("江边公园").sure
