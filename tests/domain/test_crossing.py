"""Crossings of roads: one is a place, several are a question, none is said to be none."""

from dataclasses import dataclass

import pytest
from shapely import LineString

from geodata.domain.answer import Answer
from geodata.domain.crossing import Crossings
from geodata.domain.gazetteer import Entry
from geodata.domain.geocoder import Geocoder

WEST, SOUTH = 109.0, 32.69


@dataclass(frozen=True)
class Road:
    name: str
    shape: LineString


def road(name: str, *corners: tuple[float, float]) -> Road:
    """Corners in units of a thousandth of a degree, about 100 metres."""
    return Road(name, LineString([(WEST + x / 1000, SOUTH + y / 1000) for x, y in corners]))


ROADS = [
    road("香溪路", (0, 0), (5, 0)),
    road("香溪路", (5, 0), (10, 0)),
    road("巴山中路", (5, -9), (5, 9)),
    road("巴山中路", (5.2, -9), (5.2, 9)),
    road("安火路", (2, 0.1), (2, 9)),
    road("5星街", (3, -9), (3, 4), (8, 4), (8, -9)),
    road("远山路", (90, 0), (99, 0)),
    road("香溪辅路", (0, 0.15), (10, 0.15)),
    road("", (1, -9), (1, 9)),
]
KNOWN = [
    *(Entry("road", name, WEST, SOUTH) for name in dict.fromkeys(r.name for r in ROADS if r.name)),
    Entry("door", "", WEST + 0.009, SOUTH, "香溪路12号", ref=12),
    Entry("place", "滨江公园", WEST + 0.0055, SOUTH, ref=1),
    Entry("place", "远处公园", WEST + 0.05, SOUTH, ref=2),
]
GEOCODER = Geocoder(KNOWN, roads=ROADS)


def ask(text: str) -> Answer:
    return GEOCODER.locate(text)


@pytest.mark.parametrize(
    "text",
    [
        "香溪路与巴山中路交叉口",
        "巴山中路和香溪路",
        "香溪路巴山中路路口",
        "香溪路、巴山中路路口",
        "安康市汉滨区香溪路/巴山中路口",
        "反映香溪路由南向北与巴山中路十字路口有积水",
        "香溪路近巴山中路",
        "香溪路与巴山中路的交汇处",
        "香溪路与巴山中路交叉路口东南角",
        "滨江公园旁香溪路与巴山中路交叉口",
    ],
)
def test_the_carriageways_of_one_crossing_are_one_place(text: str) -> None:
    answer = ask(text)
    assert (answer.sure, answer.precision) == (True, "crossing")
    assert answer.best is not None
    assert answer.best.label in ("香溪路与巴山中路交叉口", "巴山中路与香溪路交叉口")
    assert answer.point == pytest.approx((WEST + 0.0051, SOUTH), abs=1e-5)


def test_a_road_that_ends_a_little_short_meets_the_other() -> None:
    answer = ask("香溪路与安火路交叉口")
    assert answer.sure
    assert answer.point == pytest.approx((WEST + 0.002, SOUTH + 0.00005), abs=1e-5)


def test_several_crossings_are_a_question() -> None:
    answer = ask("香溪路与五星街路口")
    assert (answer.sure, answer.reason, answer.point) == (False, "ambiguous", None)
    assert [round(match.lon, 4) for match in answer.candidates] == [109.003, 109.008]
    assert len({match.label for match in answer.candidates}) == 2


def test_roads_side_by_side_have_no_one_crossing() -> None:
    assert not ask("香溪路与香溪辅路交叉口").sure


def test_roads_that_meet_nowhere_are_said_to() -> None:
    answer = ask("香溪路与远山路交叉口")
    assert (answer.sure, answer.reason, answer.precision) == (False, "no_crossing", "road")
    assert [match.label for match in answer.candidates] == ["香溪路", "远山路"]


@pytest.mark.parametrize(
    "text",
    [
        "香溪路与巴山中路交叉口往东200米",
        "香溪路(巴山中路至安火路)",
        "香溪路与巴山中路之间",
        "香溪路与巴山中路路灯不亮",
        "香溪路与无名路交叉口",
        "香溪路巴山中路口腔医院",
        "香溪路与巴山路交叉口",
        "远处公园香溪路与巴山中路交叉口",
    ],
)
def test_what_names_no_one_crossing_is_not_taken_for_it(text: str) -> None:
    assert not ask(text).sure


def test_a_door_is_nearer_than_a_crossing() -> None:
    answer = ask("香溪路12号(与巴山中路交叉口)")
    assert answer.best is not None
    assert (answer.precision, answer.best.ref) == ("door", 12)


def test_three_roads_meet_where_all_of_them_do() -> None:
    star = [road(f"{name}路", (-5, -y), (5, y)) for name, y in (("甲", 1), ("乙", 5), ("丙", 9))]
    assert len(Crossings(star).of(("甲路", "乙路", "丙路"))) == 1
    assert Crossings(ROADS).of(("香溪路", "巴山中路", "安火路")) == ()
    assert Crossings().of(("香溪路", "巴山中路")) == ()
