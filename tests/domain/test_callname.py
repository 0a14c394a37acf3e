"""One key for the many ways to write a name."""

import pytest

from geodata.domain.callname import aliases, callname, understood


@pytest.mark.parametrize(
    "written",
    [
        "安火路社区第3网格", "安火路第三网格", "安火路社区3号网格", "安火路 社区 第０３网格",
        "安火路社区网格3", "安火路三网格", "安火路社区居委会第3网格",
    ],
)  # fmt: skip
def test_a_grid_has_one_key_however_it_is_written(written: str) -> None:
    assert callname(written) == callname("安火路3网格")
    assert callname(written).numbers == ("3",)


@pytest.mark.parametrize("short", ["安火路 03", "安火路3", "安火路社区第3", "安火路三"])
def test_a_grid_is_known_by_its_number_alone(short: str) -> None:
    known = aliases("安火路社区第3网格", "安火路社区")
    assert known & set(understood(short).names)


@pytest.mark.parametrize("other", ["安火路4网格", "安火路社区第30网格", "安伙路3网格", "安火路"])
def test_another_grid_has_another_key(other: str) -> None:
    assert callname(other) not in aliases("安火路社区第3网格", "安火路社区")


def test_a_name_without_its_area_is_known_with_it() -> None:
    assert callname("西大街3网格") in aliases("第003网格", "西大街社区")
    assert callname("第003网格") in aliases("第003网格", "西大街社区")


def test_party_words_are_said_in_short() -> None:
    assert callname("安火路社区第3网格党小组") == callname("安火路3小组")
    assert callname("东站社区第一百零七网格党支部") == callname("东站107支部")


@pytest.mark.parametrize(
    ("words", "kind", "duty"),
    [
        ("安火路3网格员", "worker", "any"), ("安火路网格长", "worker", "lead"),
        ("安火路3小组", "group", None), ("东站社区", "community", None),
        ("新城街道", "street", None),
        ("文昌路12号", "address", None), ("文昌", None, None), ("安火路网格", "grid", None),
    ],
)  # fmt: skip
def test_words_say_what_is_looked_for(words: str, kind: str | None, duty: str | None) -> None:
    assert (understood(words).kind, understood(words).duty) == (kind, duty)


@pytest.mark.parametrize("words", ["", "社区", "第", " ,", "街道社区", "网格员"])
def test_words_that_name_nothing_have_no_key(words: str) -> None:
    assert understood(words).names == ()
