"""Telephone and identity numbers are masked however they are written, and nothing else is."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.domain import contact
from geodata.domain.contact import ContactFact
from geodata.domain.privacy import masked

PHONE = "13912345678"
IDENTITY = "61090219900101123X"
SPELLINGS = [
    *(PHONE, "139 1234 5678", "139-1234-5678", "139.1234.5678", "139 - 1234 - 5678"),
    *("+8613912345678", "+86 139 1234 5678", "0086-13912345678", "86 13912345678"),
    *("１３９１２３４５６７８", "１３９　１２３４　５６７８", "139－1234－5678", "139—1234—5678"),
    *("1 3 9 1 2 3 4 5 6 7 8", "(139)12345678", "（139）1234（5678）", "139_1234_5678"),
    *("139\u200b1234\u200b5678", "139\u00a01234\u00a05678", "139\u20111234\u20115678"),
    *("١٣٩١٢٣٤٥٦٧٨", "①③⑨①②③④⑤⑥⑦⑧", "一三九一二三四五六七八", "幺三九幺二三四五六七八"),
    *("一三九1234五六七八", "139\n1234\n5678", "139·1234·5678", "139/1234/5678", "139~1234~5678"),
    *("139，1234，5678", "139、1234、5678", "139:1234:5678", "139|1234|5678", "139●1234●5678"),
    *("139’1234’5678", "139+1234+5678", "139*1234*5678", "壹叁玖壹贰叁肆伍陆柒捌"),
]


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("around", ["{}", "打我电话{}谢谢", "微信{}，急", "a{}b", "电话:{}。"])
def test_a_mobile_number_is_masked_however_it_is_written(spelling: str, around: str) -> None:
    shown = masked(around.format(spelling))
    assert shown.endswith(around.format("139****5678").partition("139")[2].rpartition("5678")[2])
    assert "****5678" in shown
    assert "1234" not in shown
    assert "一二三四" not in shown


@pytest.mark.parametrize(
    "spelling",
    [
        *(IDENTITY, IDENTITY.lower(), "610902 19900101 123X", "610902-1990-0101-123X"),
        *("６１０９０２１９９００１０１１２３Ｘ", "610902199001011234", "6109 0219 9001 0112 34"),
    ],
)
def test_an_identity_number_is_masked(spelling: str) -> None:
    shown = masked(f"身份证{spelling}，请核实")
    assert "610***********123" in shown
    assert "1990" not in shown


@pytest.mark.parametrize(
    "text",
    [
        *("安火路12号3号楼2单元301室", "2023-11-01 08:30", "610902001003001", "三千五百元", ""),
        *("工单AK2023000007", "109.0312345,32.6912345", "订单139123456789012", "１２号楼", "ﬀ①"),
        *("13、15、17、19、21、2号楼", "150,200,300,40", "400-123-4567", "工单3212345"),
        *("一三九", "二〇二三年十一月一日", "12345热线", "2026-01-01 0912345", "\u200b"),
    ],
)
def test_what_is_no_number_of_a_person_stays_as_it_is(text: str) -> None:
    assert masked(text) == text


def test_two_numbers_and_one_beside_the_other() -> None:
    assert masked(f"{PHONE}或18700001111") == "139****5678或187****1111"
    assert masked(f"{IDENTITY} {PHONE}").count("*") >= 11


@pytest.mark.parametrize(
    "part", ["1", "13", "1 ", "139-", "８６", "0086", "一", "\u200b", "1\u200b"]
)
def test_hostile_texts_cost_little(part: str) -> None:
    start = time.monotonic()
    masked(part * 8000)
    assert time.monotonic() - start < 2


@given(st.text(alphabet=st.sampled_from("0139一二X -—\u200b字a８"), max_size=60))
def test_masking_twice_changes_nothing_more(text: str) -> None:
    assert masked(masked(text)) == masked(text)


def test_a_contact_is_shown_masked_by_its_kind() -> None:
    cells = {
        "来电人": "张三丰",
        "联系电话": "１３９ 1234 5678",
        "固定电话": "0915-3212345",
        "身份证号": IDENTITY,
        "性别": "女",
        "REPORTER_TEL": "+86 13912345678",
        "邮箱": "",
    }
    shown = [fact.value for fact in contact.masked(contact.from_columns(cells))]
    assert shown == [*("张**", "139****5678", "****345", "610***********123X", "**", "139****5678")]
    assert contact.given(" 李四 ", "") == [ContactFact("name", "", "李四")]


@pytest.mark.parametrize("number", ["0915-3212345", "09153212345", "（029）8765 4321"])
def test_a_number_of_a_landline_is_hidden(number: str) -> None:
    shown = masked(f"请打{number}，谢谢")
    assert "****" in shown
    assert number not in shown
