"""From what people write to a place, or to an honest "not sure"."""

import os
import pickle
import subprocess
import sys
import time
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.domain.gazetteer import Entry
from geodata.domain.geocoder import Answer, Geocoder

XIANGXI = {"street": "新城街道", "community": "香溪社区", "community_code": "610902002008"}
ZAOYUAN = {"street": "新城街道", "community": "枣园社区", "community_code": "610902002003"}


def door(ref: int, address: str, lon: float, name: str = "", **where: str) -> Entry:
    kind = "courtyard" if name.endswith("院") else "building"
    return Entry(kind, name, lon, 32.69, address, ref=ref, **where)  # type: ignore[arg-type]


ENTRIES = [
    Entry("community", "香溪社区", 109.02, 32.69, street="新城街道", community_code="610902002008"),
    Entry("community", "枣园社区", 109.06, 32.69, street="新城街道", community_code="610902002003"),
    *(
        Entry("road", name, 109.02, 32.69)
        for name in (
            "香溪路",
            "枣树巷",
            "巴山中路",
            "巴山东路",
            "解放路",
            "文昌路",
            "西大街四十二巷",
        )
    ),
    Entry("place", "汉滨高级中学", 109.0276, 32.6921, "育才路1号", ref=100),
    Entry("place", "滨江公园", 109.0376, 32.6921, aliases=("江边公园",), ref=101),
    door(1, "香溪路12号", 109.0212, "香溪路12号院", **XIANGXI),
    door(2, "香溪路12号", 109.0213, "1号楼", **XIANGXI),
    door(3, "香溪路12号", 109.0214, "3号楼", **XIANGXI),
    door(4, "陕西省安康市汉滨区新城办香溪路枣树巷3号", 109.0225, **XIANGXI),
    door(5, "巴山中路98号", 109.0315, **ZAOYUAN),
    door(6, "巴山东路98号", 109.0415, **ZAOYUAN),
    door(7, "解放路5号", 109.0615, **ZAOYUAN),
    door(8, "解放路5号", 109.0215, **XIANGXI),
    door(9, "香溪路20号", 109.0216, "香溪花园3号楼", **XIANGXI),
    door(10, "香溪路20号", 109.0236, "香溪花园1号楼", **XIANGXI),
    door(11, "文昌路8号", 109.0240, "龙泉华庭", **XIANGXI),
    door(12, "文昌路8号龙泉华庭2号楼", 109.0242, "龙泉华庭2号楼", **XIANGXI),
    door(13, "文昌路8号龙泉华庭5号楼", 109.0262, "龙泉华庭5号楼", **XIANGXI),
    door(14, "西大街四十二巷11号", 109.0281, **XIANGXI),
    door(15, "大桥路42号;44号", 109.0291, **XIANGXI),
    door(16, "沙石厂家属院", 109.0301, "沙石厂家属院", **ZAOYUAN),
    door(17, "水西门街道口巷7号", 109.0305, **ZAOYUAN),
]
GEOCODER = Geocoder(ENTRIES)


def ask(text: str, **columns: str) -> Answer:
    return GEOCODER.locate(text, **columns)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "ref", "precision"),
    [
        ("香溪路12号", 1, "door"),
        ("陕西省安康市汉滨区新城办香溪路十二号", 1, "door"),
        ("香溪路12号院3号楼", 3, "door"),
        ("香溪路12号院3号楼楼下垃圾没人清理", 3, "door"),
        ("香溪路１２＃３号楼２单元", 3, "door"),
        ("市民来电反映：位于香溪路12号1栋的路灯坏了", 2, "door"),
        ("枣树巷三号", 4, "door"),
        ("新城街道香溪社区香溪路枣树巷3号", 4, "door"),
        ("香溪花园小区3栋2单元301", 9, "building"),
        ("文昌路8号龙泉华庭5号楼", 13, "door"),
        ("龙泉华庭5号楼", 13, "building"),
        ("文昌路8号", 11, "door"),
        ("西大街42巷11号", 14, "door"),
        ("大桥路44号", 15, "door"),
        ("大桥路42号", 15, "door"),
        ("大桥路42-44号", 15, "door"),
        ("香溪路12", 1, "door"),
        ("香溪路12号对面", 1, "place"),
        ("汉滨高级中学门口", 100, "place"),
        ("江边公园", 101, "place"),
        ("沙石厂家属院", 16, "place"),
    ],
)
def test_sure(text: str, ref: int, precision: str) -> None:
    answer = ask(text)
    assert answer.sure
    assert answer.best is not None
    assert (answer.best.ref, answer.precision) == (ref, precision)
    assert answer.point == (answer.best.lon, answer.best.lat)
    assert answer.candidates[0] == answer.best


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("香溪社区", "coarse"),
        ("枣园社区居委会附近", "coarse"),
        ("香溪路", "coarse"),
        ("香溪路与巴山中路交叉口", "coarse"),
        ("香溪路12盏路灯不亮", "coarse"),
        ("香溪路3月起漏水", "coarse"),
        ("香溪路12号楼", "no_number"),
        ("新城街道香溪社区香溪路路灯不亮", "coarse"),
        ("解放路5号", "ambiguous"),
        ("香溪路20号", "ambiguous"),
        ("香溪花园", "ambiguous"),
        ("香溪路99号", "no_number"),
        ("香溪路12号5栋", "no_number"),
        ("香溪花园9号楼", "no_number"),
        ("巴山路98号", "unlike"),
        ("巴山西路98号", "unlike"),
        ("香奚路12号", "unlike"),
        ("新香溪路12号", "unlike"),
        ("汉滨高及中学", "unlike"),
        ("滨江公", "unlike"),
        ("香溪花园二期3号楼", "unlike"),
        ("枣园社区香溪路12号", "unlike"),
        ("西安市雁塔区小寨东路", "nothing"),
        ("西安市雁塔区香溪路12号", "unlike"),
        ("西安市电子街道香溪路12号", "unlike"),
        ("西安市 雁塔区 香溪路12号", "unlike"),
        ("西安市香溪路12号", "unlike"),
        ("恒口示范区香溪路12号", "unlike"),
        ("紫阳县城关镇香溪路12号", "unlike"),
        ("来电人未说明具体位置", "nothing"),
        ("汉滨区", "nothing"),
        ("", "nothing"),
        ("\x00\ud800", "nothing"),
    ],
)
def test_not_sure_gives_no_point(text: str, reason: str) -> None:
    answer = ask(text)
    assert answer.reason == reason
    assert not answer.sure
    assert answer.point is None
    assert answer.precision in {"road", "community", "none"}


def test_only_a_community_or_a_road_says_so() -> None:
    assert ask("香溪社区").precision == "community"
    assert ask("香溪路路灯不亮").precision == "road"
    assert ask("解放路5号").precision == "none"


def test_the_area_tells_equal_addresses_apart() -> None:
    for answer in (ask("枣园社区解放路5号"), ask("解放路5号", community="枣园社区居委会")):
        assert answer.best is not None
        assert (answer.sure, answer.best.ref) == (True, 7)
    assert {match.ref for match in ask("解放路5号").candidates} == {7, 8}


def test_a_wrong_number_never_becomes_another() -> None:
    for number in (1, 2, 11, 13, 21, 99, 120, 112):
        answer = ask(f"香溪路{number}号")
        assert (answer.sure, answer.precision) == (False, "road")
        assert answer.candidates[1].score < 0.5


def test_a_misspelt_name_is_sure_only_with_evidence() -> None:
    backed = ask("新城办香溪社区乡溪路12号3号楼")
    assert backed.sure
    assert backed.best is not None
    assert backed.best.ref == 3
    for text in ("乡溪路12号", "香奚路12号", "香溪社区香奚路12号3号楼"):
        assert not ask(text).sure
        assert ask(text).candidates[0].ref in (1, 3)


def test_roads_of_one_family_are_not_taken_for_one_another() -> None:
    known = [
        door(1, "桂林路100号", 109.03, **XIANGXI),
        door(2, "万科城市花园3栋", 109.04, **XIANGXI),
    ]
    for text in ("新城街道香溪社区桂平路100号", "香溪社区万里城市花园3栋", "万克城市花园5栋"):
        assert not Geocoder(known).locate(text).sure
    assert Geocoder([*ENTRIES[:1], *known]).locate("香溪社区贵林路100号").sure


def test_two_places_in_one_text_are_a_question() -> None:
    answer = ask("枣树巷3号的住户和文昌路8号的住户打架")
    assert not answer.sure
    assert {4, 11} <= {match.ref for match in answer.candidates}


def test_a_place_between_known_numbers_is_offered_as_such_and_never_sure() -> None:
    known = [door(n, f"高井路{n}号", 109 + n / 10_000, **XIANGXI) for n in (2, 3, 10, 11, 99)]
    answer = Geocoder(known).locate("高井路6号")
    assert not answer.sure
    guess = next(match for match in answer.candidates if match.precision == "between")
    assert guess.lon == pytest.approx(109.0006)
    assert guess.label == "高井路2号—10号"
    for text in ("高井路13号", "高井路1号", "高井路120号", "高井路6-2号"):
        found = Geocoder(known).locate(text)
        assert not found.sure
        assert "between" not in {match.precision for match in found.candidates}


def test_doors_of_one_spot_are_one_place() -> None:
    twins = [door(1, "高井路2号", 109.03, **XIANGXI), door(2, "高井路2号", 109.0301, **XIANGXI)]
    answer = Geocoder(twins).locate("高井路2号")
    assert (answer.sure, answer.precision) == (True, "place")


def test_candidates_are_limited_and_differ() -> None:
    many = [door(i, f"高井路{i}号", 109 + i / 1000, "同名大厦") for i in range(50)]
    answer = Geocoder(many).locate("同名大厦", 8)
    assert len(answer.candidates) == 8
    assert len({match.ref for match in answer.candidates}) == 8
    assert answer.reason == "ambiguous"


@dataclass
class Row:
    """As a database row: attributes, and no aliases."""

    kind: str = "door"
    label: str = "一号的标签"
    name: str = ""
    address: str = "高井路1号"
    lon: float = 109.0
    lat: float = 32.7
    ref: int | None = 5
    street: str = "新城街道"
    community: str = "高井社区"
    community_code: str = "610902002016"


def test_rows_of_a_database_will_do() -> None:
    best = Geocoder([Row()]).locate("新城办高井路1号").best
    assert best is not None
    assert (best.label, best.ref, best.community_code) == ("一号的标签", 5, "610902002016")


def test_it_travels() -> None:
    copy = pickle.loads(pickle.dumps(GEOCODER))  # noqa: S301 -- our own bytes
    assert copy.locate("枣树巷3号") == GEOCODER.locate("枣树巷3号")
    assert len(copy) == len(ENTRIES)


def test_an_empty_district_answers_too() -> None:
    assert Geocoder([]).locate("香溪路12号").reason == "nothing"


@settings(max_examples=200)
@given(
    st.text(alphabet="香溪路枣树巷巴山中东解放5号12院栋社区新城街道花园 ,-#一二附近", max_size=40)
)
def test_whatever_is_asked_sure_means_one_point(text: str) -> None:
    answer = GEOCODER.locate(text)
    assert answer.sure == (answer.point is not None)
    assert all(0.0 <= match.score <= 1.0 for match in answer.candidates)
    if answer.sure and answer.best:
        assert answer.best.precision in {"door", "building", "place"}


def test_thousands_a_second() -> None:
    texts = [f"安康市汉滨区新城办香溪路12号院{i % 4}号楼" for i in range(2000)]
    started = time.process_time()
    for text in texts:
        GEOCODER.locate(text)
    assert time.process_time() - started < 1.0
    started = time.process_time()
    GEOCODER.locate("香溪路" * 3000)
    assert time.process_time() - started < 0.5


ASK = """
from geodata.domain.gazetteer import Entry
from geodata.domain.geocoder import Geocoder
gardens = [Entry("building", f"{name}花园", 109.02, 32.69) for name in "金碧丽翠兰梅竹菊东西"]
print([match.label for match in Geocoder(gardens).locate("花园").candidates])
"""


def test_equals_keep_their_places_in_every_process() -> None:
    answers = {
        subprocess.run(
            [sys.executable, "-c", ASK],
            env=os.environ | {"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "3", "4")
    }
    assert len(answers) == 1
    assert "花园" in answers.pop()


def test_what_people_call_a_place_never_outweighs_a_door() -> None:
    said = [
        Entry("alias", "老院子", 109.05, 32.69, label="糖酒公司"),
        Entry("alias", "香溪路12号", 109.05, 32.69, label="糖酒公司"),
        Entry("hearsay", "绿房子", 109.06, 32.69, label="沙石厂家属院"),
    ]
    learnt = Geocoder([*said, *ENTRIES])
    door = learnt.locate("香溪路12号3号楼老院子")
    assert door.best is not None
    assert (door.sure, door.best.ref) == (True, 3)
    called = learnt.locate("老院子门口")
    assert called.best is not None
    assert (called.sure, called.best.label, called.best.kind) == (True, "糖酒公司", "place")
    heard = learnt.locate("绿房子")
    assert (heard.sure, heard.candidates[0].label) == (False, "沙石厂家属院")
