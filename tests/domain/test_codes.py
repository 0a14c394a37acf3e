from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.domain import codes
from geodata.errors import Conflict, InvalidRow

COMMUNITY = "610902002012"


@pytest.mark.parametrize(
    ("code", "tier"),
    [
        ("610902", "district"),
        ("610902002", "street"),
        (COMMUNITY, "community"),
        (f"{COMMUNITY}001", "grid"),
    ],
)
def test_a_code_tells_its_tier_by_its_length(code: str, tier: str) -> None:
    assert codes.tier(code) == tier


@pytest.mark.parametrize("code", ["", "61090", "61090200201", "61090x", "６１０９０２", "610902 "])
def test_what_is_no_code_is_refused(code: str) -> None:
    with pytest.raises(InvalidRow) as refused:
        codes.tier(code)
    assert refused.value.code == "code_malformed"


def test_the_code_above_is_a_prefix() -> None:
    assert codes.parent(f"{COMMUNITY}001") == COMMUNITY
    assert codes.parent("610902") is None
    assert codes.within(f"{COMMUNITY}001", "610902002")
    assert not codes.within(f"{COMMUNITY}001", "610902001")


@given(st.integers(min_value=1, max_value=999))
def test_composing_and_taking_the_parent_undo_each_other(sequence: int) -> None:
    code = codes.compose(COMMUNITY, sequence)
    assert codes.parent(code) == COMMUNITY
    assert codes.tier(code) == "grid"


def test_the_next_code_follows_the_highest_ever_used() -> None:
    used = [f"{COMMUNITY}001", f"{COMMUNITY}007", "610902002013999"]
    assert codes.following(COMMUNITY, used) == f"{COMMUNITY}008"
    assert codes.following(COMMUNITY, []) == f"{COMMUNITY}001"


def test_the_thousandth_grid_of_a_community_has_no_code() -> None:
    with pytest.raises(Conflict) as refused:
        codes.following(COMMUNITY, [f"{COMMUNITY}999"])
    assert refused.value.code == "codes_used_up"
    assert refused.value.facts["above"] == COMMUNITY


def test_nothing_lies_below_a_grid() -> None:
    with pytest.raises(InvalidRow):
        codes.compose(f"{COMMUNITY}001", 1)


def test_places_are_numbered_from_north_to_south_and_from_west_to_east() -> None:
    points = np.array([(1.0, 0.0), (0.0, 1.0), (0.0, 0.1), (1.0, 0.95)])
    assert codes.reading_order(points) == [1, 3, 2, 0]
    assert codes.reading_order(np.empty((0, 2))) == []
