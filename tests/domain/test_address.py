"""Addresses as people in Hanbin write them, and as nobody should."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.domain.address import Address, parse
from geodata.domain.numerals import to_arabic, to_chinese
from geodata.domain.spelling import LONGEST, normalise

PIECES = (
    *("陕西省", "安康市", "汉滨区", "新城", "办", "街办", "办事处", "街道", "社区", "居委会", "村"),
    *(
        "路",
        "街",
        "巷",
        "大道",
        "号",
        "院",
        "楼",
        "栋",
        "单元",
        "室",
        "附",
        "-",
        "—",
        " ",
        ",",
        "；",
    ),
    *(
        "#",
        "一",
        "二",
        "十",
        "百",
        "〇",
        "12",
        "3",
        "A",
        "b",
        "附近",
        "旁边",
        "对面",
        "门口",
        "院内",
    ),
    *(
        "楼下",
        "香",
        "溪",
        "五星",
        "第",
        "\0",
        "\ud800",
        "\u200b",
        "①",
        "医院",
        "东",
        "铁路",
        "反映",
    ),
)
texts = st.one_of(st.lists(st.sampled_from(PIECES), max_size=12).map("".join), st.text(max_size=30))


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        ("安康市汉滨区新城办香溪路枣树巷三号", "新城街道香溪路枣树巷3号"),
        ("新城街办香溪路", "新城街道香溪路"),
        ("新城街道办事处香溪路", "新城街道香溪路"),
        ("汉滨区江北办学坎巷4号", "江北街道学坎巷4号"),
        ("香溪路１２号", "香溪路12号"),
        ("香溪路 12 号", "香溪路12号"),
        ("香溪路12＃楼三单元五〇二室", "香溪路12号楼3单元502室"),
        ("香溪路一百零三号", "香溪路103号"),
        ("香溪路12号附3号", "香溪路12-3号"),
        ("香溪路12号之3", "香溪路12-3号"),
        ("香溪路12号－3", "香溪路12-3号"),
        ("香溪路12—3号", "香溪路12-3号"),
        ("5星街", "五星街"),
        ("西大街42巷11号", "西大街四十二巷11号"),
        ("五星街", "五星街"),
        ("三号", "3号"),
        ("香溪路12号对面", "香溪路12号附近"),
        ("糖酒副食公司院内", "糖酒副食公司"),
        ("枣园社区居委会", "枣园社区"),
        ("衙门口街3号", "衙门口街3号"),
        ("老城东门口", "老城东门口"),
        ("安康市中心医院", "安康市中心医院"),
        ("a座", "A座"),
        ("香\u200b溪\x00路\ud800", "香溪路"),
    ],
)
def test_one_spelling(typed: str, normal: str) -> None:
    assert normalise(typed) == normal


@settings(max_examples=400)
@given(texts)
def test_a_normal_form_is_its_own(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once


@settings(max_examples=200)
@given(texts)
def test_parsing_never_fails_and_the_form_does_not_matter(text: str) -> None:
    assert parse(text).road == parse(normalise(text)).road


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (
            "安康市汉滨区新城办香溪路枣树巷三号",
            {"district": "汉滨区", "street": "新城街道", "within": "香溪路", "road": "枣树巷"}
            | {"numbers": ("3",)},
        ),
        (
            "汉滨区老城办南马道25号",
            {"district": "汉滨区", "street": "老城街道", "road": "南马道", "numbers": ("25",)},
        ),
        (
            "巴山中路98号糖酒副食公司院内",
            {"road": "巴山中路", "numbers": ("98",), "rest": "糖酒副食公司"},
        ),
        (
            "来电反映香溪路12号院3号楼楼下垃圾没人清理",
            {"road": "香溪路", "numbers": ("12",), "building": "3", "rest": "垃圾没人清理"},
        ),
        (
            "香溪花园小区3栋2单元501室",
            {"estate": "香溪花园", "building": "3", "unit": "2", "room": "501"},
        ),
        (
            "香溪花园3-2-501",
            {"estate": "香溪花园", "building": "3", "unit": "2", "room": "501"},
        ),
        (
            "文昌路12号龙泉华庭3号楼",
            {"road": "文昌路", "numbers": ("12",), "estate": "龙泉华庭", "building": "3"},
        ),
        (
            "安火路社区大桥路42号；44号",
            {"community": "安火路社区", "road": "大桥路", "numbers": ("42", "44")},
        ),
        ("香溪路42-44号", {"road": "香溪路", "numbers": ("42-44", "42", "44")}),
        ("香溪路12-3号", {"road": "香溪路", "numbers": ("12-3",)}),
        ("东大街甲12号", {"road": "东大街", "numbers": ("甲12",)}),
        ("后张岭269号", {"road": "后张岭", "numbers": ("269",)}),
        ("西大街四十二巷11号", {"road": "西大街四十二巷", "numbers": ("11",)}),
        ("铁路二街5号", {"road": "铁路二街", "numbers": ("5",)}),
        ("铁路家属院5号楼", {"estate": "铁路家属院", "building": "5"}),
        ("希望路一巷14号", {"road": "希望路一巷", "numbers": ("14",)}),
        ("香溪路12号附近", {"road": "香溪路", "numbers": ("12",), "near": True, "rest": "附近"}),
        ("五星街道路破损", {"road": "五星街", "rest": "道路破损"}),
        ("香溪社区", {"community": "香溪社区"}),
        ("下水道堵了", {"rest": "下水道堵了"}),
        ("", {}),
    ],
)
def test_taken_apart(text: str, parts: dict[str, object]) -> None:
    assert parse(text) == Address(**parts)  # type: ignore[arg-type]


def test_the_first_number_is_the_number() -> None:
    assert parse("大桥路42号;44号").number == "42"
    assert parse("大桥路").number == ""


@pytest.mark.parametrize(
    "hostile",
    [
        "路",
        "号",
        "12-",
        "第",
        "1",
        "一",
        "新城街道",
        "社区",
        "村",
        "院",
        "市民在",
        "3号楼,",
        "\ud800",
    ],
)
def test_hostile_texts_cost_little(hostile: str) -> None:
    started = time.process_time()
    parse(hostile * (8000 // len(hostile)))
    assert time.process_time() - started < 1.0
    assert len(normalise(hostile * 8000)) <= LONGEST


@pytest.mark.parametrize("number", [1, 5, 10, 11, 20, 42, 99])
def test_numerals_there_and_back(number: int) -> None:
    assert to_arabic(to_chinese(str(number))) == str(number)


@pytest.mark.parametrize(
    ("numeral", "digits"), [("一百零三", "103"), ("两千", "2000"), ("三〇一", "301"), ("十", "10")]
)
def test_larger_numerals(numeral: str, digits: str) -> None:
    assert to_arabic(numeral) == digits


def test_numerals_of_names_are_short() -> None:
    with pytest.raises(ValueError, match="103"):
        to_chinese("103")
