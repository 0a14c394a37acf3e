"""Areas and organisations found by what people type of their names."""

import pytest

from geodata.domain.callname import Kind, understood
from geodata.domain.search import ALIKE, BEGUN, COUNTED, EXACT, WITHIN, Finder, Thing

STREETS = {"610902001": "老城街道", "610902002": "新城街道"}
COMMUNITIES = {
    "610902001003": "西大街社区",
    "610902001004": "东站社区",
    "610902002001": "东关社区",
    "610902002012": "安火路社区",
}


def thing(kind: Kind, name: str, code: str, above: str = "") -> Thing:
    return Thing(kind, name, above, code, (kind, code), code[:9], None, above)


def things() -> list[Thing]:
    made = [thing("street", name, code) for code, name in STREETS.items()]
    for code, name in COMMUNITIES.items():
        made.append(thing("community", name, code))
        for n in (1, 2, 3, 12, 30):
            grid = f"{name}第{n}网格"
            made.append(thing("grid", grid, f"{code}{n:03d}", name))
            made.append(
                Thing("group", f"{grid}党小组", "", "", ("grid", code), code[:9], None, name)
            )
    return made


FINDER = Finder(things())


def found(words: str) -> list[tuple[str, int]]:
    hits = FINDER.asked(understood(words), 20) or FINDER.coded(words, 20)
    return [(one.thing.label, one.rank) for one in hits]


@pytest.mark.parametrize(
    "words", ["安火路 03", "安火路社区第三网格", "新城街道安火路3", "新城 安火路 3"]
)
def test_a_grid_is_found_first_by_its_short_name(words: str) -> None:
    assert found(words)[0] == ("安火路社区第3网格", EXACT)


def test_a_number_that_goes_on_comes_after_the_number_itself() -> None:
    grids = [hit for hit in found("安火路1") if hit[0].endswith("网格")]
    assert grids == [("安火路社区第1网格", EXACT), ("安火路社区第12网格", COUNTED)]


def test_the_beginning_of_a_name_finds_its_area_before_what_lies_in_it() -> None:
    hits = found("安火")
    assert hits[0] == ("安火路社区", BEGUN)
    assert {label for label, _ in hits} >= {"安火路社区第30网格", "安火路社区第12网格党小组"}


def test_two_characters_are_enough_and_an_inner_part_comes_last() -> None:
    assert found("东站")[0] == ("东站社区", EXACT)
    assert found("大街")[0] == ("西大街社区", WITHIN)


def test_one_wrong_character_is_forgiven_but_never_in_a_number() -> None:
    assert found("安伙路3网格") == [("安火路社区第3网格", ALIKE)]
    assert found("安火路社区第4网格") == []
    assert found("安伙路社区第4网格") == []


def test_what_is_alike_is_left_out_where_the_name_itself_is_there() -> None:
    assert all(rank != ALIKE for _, rank in found("东站社区"))


def test_groups_are_found_with_and_without_their_number() -> None:
    assert found("安火路3小组")[0] == ("安火路社区第3网格党小组", EXACT)
    assert next(label for label, _ in found("安火路党小组")) == "安火路社区第1网格党小组"


@pytest.mark.parametrize(
    "code", ["610902002012003", "６１０９０２００２０１２００３", "610902 002012 003"]
)
def test_a_code_finds_its_grid(code: str) -> None:
    assert found(code) == [("安火路社区第3网格", EXACT)]


def test_the_start_of_a_code_finds_all_below_it() -> None:
    labels = [label for label, _ in found("610902002")]
    assert labels[:2] == ["新城街道", "东关社区"]
    assert "安火路社区第3网格" in labels
    assert not any("西大街" in label for label in labels)
    assert found("61090") == []


@pytest.mark.parametrize("words", ["", "的", "查无此处", "#", "(.*)", "1", "\u200b", "安" * 200])
def test_words_that_mean_nothing_find_nothing(words: str) -> None:
    assert found(words) == []


def test_a_kind_never_fills_more_than_its_share() -> None:
    few = FINDER.asked(understood("网格"), 3)
    assert [one.thing.kind for one in few].count("grid") == 3
