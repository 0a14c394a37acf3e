"""The generator's smaller parts."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geodata.demo import ATTRIBUTION, Options, cuts, facts, generate
from geodata.demo.names import Names, numeral
from geodata.demo.shares import largest_remainder

weights = st.lists(st.floats(min_value=0, max_value=1e6), min_size=1, max_size=40)


@given(weights, st.integers(min_value=0, max_value=10_000))
def test_shares_add_up_and_follow_the_weights(given_weights: list[float], total: int) -> None:
    shares = largest_remainder(np.array(given_weights), total)
    assert shares.sum() == total
    assert shares.min() >= 0
    heavy, light = int(np.argmax(given_weights)), int(np.argmin(given_weights))
    assert shares[heavy] >= shares[light] - 1


def test_each_gets_its_least_first() -> None:
    assert largest_remainder(np.array([0.0, 0.0, 9.0]), 5, least=1).tolist() == [1, 1, 3]


@pytest.mark.parametrize(
    ("number", "written"),
    [(1, "一"), (10, "十"), (12, "十二"), (20, "二十"), (101, "一百零一"), (110, "一百一十"),
     (115, "一百一十五"), (1001, "一千零一"), (2010, "二千零一十")],
)  # fmt: skip
def test_numbers_are_written_in_chinese(number: int, written: str) -> None:
    assert numeral(number) == written


def test_no_name_is_handed_out_twice() -> None:
    names = Names(np.random.default_rng(1))
    handed = [names.street(i % 3) for i in range(300)] + [names.estate() for _ in range(700)]
    handed += [names.lane("香溪路") for _ in range(300)]
    assert len(set(handed)) == len(handed)


@pytest.mark.parametrize("count", [1, 2, 3, 7, 16])
def test_ground_is_cut_into_as_many_parts_as_asked(count: int) -> None:
    ground = shapely.box(0, 0, 400, 300)
    parts, made = cuts.parts_of(ground, count, np.random.default_rng(count), cuts.Corners())
    assert len(parts) == count
    assert len(made) == count - 1
    assert shapely.area(parts).sum() == pytest.approx(ground.area)
    assert shapely.area(parts).min() > 0.4 * ground.area / count


def test_the_listed_communities_are_the_35_of_three_streets() -> None:
    listed = facts.rows("communities")
    assert [sum(r["street_code"].endswith(n) for r in listed) for n in "123"] == [9, 18, 8]
    assert all(r["code"].startswith(r["street_code"]) and len(r["code"]) == 12 for r in listed)
    assert {r["name"]: r["code"] for r in listed}["安火路社区"] == "610902002012"
    assert "CC BY" in ATTRIBUTION


def test_most_issues_name_an_address_and_some_only_a_community_or_nothing() -> None:
    issues = generate(Options(5, 70, 700, 3000, datetime(2026, 11, 1, tzinfo=UTC))).issues
    numbered = sum("号" in address for address in issues.address) / len(issues)
    communities = sum(address.endswith("社区") for address in issues.address) / len(issues)
    assert 0.75 < numbered < 0.95
    assert 0.02 < communities < 0.07
    assert 0.08 < issues.building.count(-1) / len(issues) < 0.16
    pins = [lon for lon in issues.lon if lon is not None]
    assert 0 < len(pins) < 0.3 * len(issues)
    assert set(issues.channel) == {"12345", "web"}
