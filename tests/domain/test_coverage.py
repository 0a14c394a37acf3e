"""Gaps are found from frames alone: all that were planted, and nothing else."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.domain.coverage import chance, comparison, gaps, measures, narrowing, party, walk
from geodata.domain.coverage.frames import (
    Bare,
    Buildings,
    Frames,
    Grids,
    Groups,
    Loose,
    Norms,
    Overlap,
    Posts,
    Still,
)
from geodata.domain.coverage.gap import Gap
from tests.drawing import draw, spot
from tests.makers import multi

NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=400)
GRID: Mapping[str, Any] = {
    "community": "C",
    "street": "S",
    "drawn_at": LONG_AGO,
    "buildings": 10,
    "bare": 0,
    "households": 300,
    "residents": 900,
    "workers": 1,
    "left_at": None,
    "comes_at": None,
    "groups": 1,
    "open": 0,
    "overdue": 0,
    "reports": 20,
    "joint": 0,
    "last_seen": NOW,
}
GROUP: Mapping[str, Any] = {
    "secretary": "王芳",
    "members": 12,
    "buildings": 10,
    "households": 300,
    "residents": 900,
}
HOUSE: Mapping[str, Any] = {
    "name": "",
    "address": "老街 1 号",
    "community": "C",
    "households": 30,
    "residents": 90,
}


def grid(number: int, **other: Any) -> dict[str, Any]:
    at = spot(0.5, number + 0.5)
    own = {"id": number, "code": f"G{number}", "name": f"网格{number}", "lon": at.x, "lat": at.y}
    return {**GRID, **own, **other}


def group(number: int, **other: Any) -> dict[str, Any]:
    at = spot(0.5, number + 0.5)
    own = {"id": 100 + number, "name": f"党小组{number}", "grid": number}
    return {**GROUP, **own, "lon": at.x, "lat": at.y, **other}


def house(code: str, grid: int | None, group: int | None = None, **other: Any) -> dict[str, Any]:
    at = spot(0.5, (grid or 9) + 0.4)
    own = {"code": code, "grid": grid, "group": group, "owner": group and group - 100}
    return {**HOUSE, **own, "lon": at.x, "lat": at.y, **other}


def town(
    grids: list[dict[str, Any]],
    groups: list[dict[str, Any]],
    houses: list[dict[str, Any]] | None = None,
    posts: list[tuple[int, int]] | None = None,
    **more: Any,
) -> Frames:
    return Frames(
        grids=Grids.of(grids),
        groups=Groups.of(groups),
        buildings=Buildings.of(houses or []),
        posts=Posts.of([{"worker": w, "name": f"员{w}", "grid": g} for w, g in posts or []]),
        loose=more.pop("loose", Loose.of([])),
        since=LONG_AGO,
        **more,
    )


def found(frames: Frames) -> dict[tuple[str, str], Gap]:
    return {gap.key: gap for gap in gaps.found(frames, NOW)}


def test_a_town_that_lacks_nothing_has_no_gap() -> None:
    assert found(town([grid(1), grid(2)], [group(1), group(2)])) == {}


def test_a_vacant_post_is_told_from_one_that_nobody_ever_had() -> None:
    left = NOW - timedelta(days=30)
    told = found(
        town(
            [grid(1, workers=0, left_at=left), grid(2, workers=0)],
            [group(1), group(2)],
        )
    )
    vacant, never = (
        told["grid_without_worker", "G1"],
        told["grid_without_worker", "G2"],
    )
    assert (vacant.cause, vacant.since, vacant.action) == ("vacant", left, "appoint")
    assert (never.cause, never.since) == ("never_appointed", None)
    assert (vacant.measure, vacant.unit) == (300, "households")


def test_a_grid_above_the_band_is_one_gap_and_its_group_none() -> None:
    told = found(town([grid(1, households=501, workers=2)], [group(1, households=501)]))
    assert list(told) == [("grid_overloaded", "G1")]
    facts = {"over": 1, "residents": 900, "workers": 2, "parts": 2, "each": 250}
    assert told["grid_overloaded", "G1"].facts == facts


def test_a_group_that_serves_more_than_the_band_in_a_small_grid_is_a_gap() -> None:
    told = found(town([grid(1)], [group(1, households=640)]))
    assert told["group_overloaded", "G1"].facts["over"] == 140
    large = town([grid(1), grid(2, households=700)], [group(1), group(2, households=700)])
    assert {kind for kind, _ in found(large)} == {"grid_overloaded"}
    assert party.with_their_grid(large) == [1]


def test_who_serves_two_full_grids_has_too_much_and_who_shares_them_has_not() -> None:
    grids, groups = [grid(1), grid(2)], [group(1), group(2)]
    alone = found(town(grids, groups, posts=[(7, 1), (7, 2)]))
    assert alone["worker_overloaded", "7"].measure == 600
    assert alone["worker_overloaded", "7"].facts == {"grids": ["G1", "G2"], "residents": 1800}
    assert found(town(grids, groups, posts=[(7, 1), (7, 2), (8, 1), (8, 2)])) == {}


def test_in_a_grid_without_a_group_its_buildings_are_not_listed_again() -> None:
    told = found(town([grid(1, groups=0), grid(2)], [group(2)], [house("H1", 1), house("H2", 2)]))
    assert set(told) == {("grid_without_group", "G1"), ("building_without_group", "H2")}


def test_the_nearest_group_with_room_is_offered_first() -> None:
    grids = [grid(n, groups=int(n != 1)) for n in (1, 2, 3, 4)]
    groups = [group(2, households=400), group(3, households=150), group(4, households=100)]
    gap = found(town(grids, groups))["grid_without_group", "G1"]
    offers = gap.facts["offers"]
    assert gap.action == "take_over"
    assert [(o["grid"], o["room"], o["enough"]) for o in offers] == [
        ("G3", 350, True),
        ("G4", 400, True),
        ("G2", 100, False),
    ]
    assert offers[0]["distance_m"] == pytest.approx(200, rel=0.02)


def test_a_grid_that_was_given_to_a_group_lacks_none_and_makes_it_not_astride() -> None:
    grids = [grid(1, groups=0, joint=102), grid(2)]
    groups = [group(2, households=200)]
    houses = [house("H1", 1, 102), house("H2", 1)]
    told = found(town(grids, groups, houses))
    assert set(told) == {("building_without_group", "H2")}
    assert told["building_without_group", "H2"].facts["offers"][0]["group"] == 102
    figures = measures.table(town(grids, groups), [], "community").columns
    assert (figures["with_group"].tolist(), figures["groups"].tolist()) == ([2], [1])


def test_a_house_that_was_left_out_is_offered_to_groups_of_its_own_grid_alone() -> None:
    groups = [group(1, households=500), group(2, households=10)]
    gap = found(town([grid(1), grid(2)], groups, [house("H", 1)]))["building_without_group", "H"]
    assert (gap.action, gap.facts["offers"]) == ("set_up_group", [])


def test_nobody_is_offered_beyond_ones_ground() -> None:
    grids = [grid(1, groups=0), grid(2), grid(3, community="D")]
    frames = town(grids, [group(2, households=490), group(3, households=100)])
    full = gaps.found(replace(frames, groups=frames.groups), NOW)
    gap = next(one for one in full if one.key == ("grid_without_group", "G1"))
    mine = narrowing.within(gap, lambda community, _: community == "C")
    theirs = narrowing.within(gap, lambda community, _: community == "D")
    assert [o["grid"] for o in mine.facts["offers"]] == ["G2"]
    assert theirs.facts["offers"] == []
    assert theirs.action == "set_up_group"


def test_where_no_group_has_room_one_is_to_be_set_up() -> None:
    gap = found(town([grid(1, groups=0), grid(2)], [group(2)]))["grid_without_group", "G1"]
    assert (gap.cause, gap.action) == ("never_set_up", "set_up_group")
    assert [offer["enough"] for offer in gap.facts["offers"]] == [False]


def test_a_group_is_astride_by_its_buildings_in_other_grids_only() -> None:
    houses = [house("H1", 2, 101), house("H2", 2, 101), house("H3", None, 101)]
    told = found(town([grid(1), grid(2)], [group(1), group(2)], houses))
    assert set(told) == {("group_astride", "G1"), ("building_uncovered", "H3")}
    assert told["group_astride", "G1"].facts["elsewhere"] == {"G2": 2}
    assert told["building_uncovered", "H3"].facts["to"] == "G2"


def test_a_group_without_a_name_to_lead_it_is_a_gap() -> None:
    told = found(town([grid(1), grid(2)], [group(1, secretary=None), group(2, secretary=" ")]))
    assert set(told) == {("group_without_leader", "G1"), ("group_without_leader", "G2")}


def test_uncovered_ground_is_measured_with_the_houses_on_it() -> None:
    shape = draw("A.A / ..A")["A"]
    bare = Bare("C", "西大街社区", multi(shape), LONG_AGO)
    told = found(town([grid(1)], [group(1)], [house("H1", None)], bare=[bare]))
    gap = told["ground_uncovered", "C"]
    assert gap.measure == pytest.approx(30_000, rel=0.02)
    assert (gap.facts, gap.households) == ({"pieces": 2, "buildings": 1, "unserved": 1}, 30)


def test_areas_that_overlap_in_a_file_are_told_with_their_rows() -> None:
    one = Overlap(4, "网格.zip", 7, 9, 812.4, (109.0, 32.7), NOW)
    told = found(town([grid(1)], [group(1)], overlaps=[one]))
    assert told["overlap", "4:7-9"].measure == 812.4


def test_an_issue_outside_is_told_from_an_address_that_has_no_place() -> None:
    usual = {"address": "某处", "community": "C", "precision": "pin", "reported_at": NOW, "late": 0}
    loose = Loose.of(
        [
            {**usual, "id": "a", "ticket": "T1", "reason": None, "lon": 109.0, "lat": 32.7},
            {**usual, "id": "b", "ticket": "T2", "reason": "unknown", "lon": None, "lat": None},
        ]
    )
    told = found(town([grid(1)], [group(1)], loose=loose))
    assert told["issue_outside", "T1"].facts == {"id": "a", "near": "G1"}
    assert told["address_unlocated", "T2"].cause == "unknown"


def test_a_border_that_cuts_houses_or_is_old_is_stale() -> None:
    grids = [grid(1), grid(2, drawn_at=NOW - timedelta(days=3700)), grid(3)]
    told = found(town(grids, [group(1), group(2), group(3)], still=Still(cut={1: 4})))
    assert {key[1]: gap.cause for key, gap in told.items()} == {
        "G1": "cuts_buildings",
        "G2": "not_reviewed",
    }
    assert told["boundary_stale", "G1"].measure == 4
    assert told["boundary_stale", "G1"].since is None
    assert told["boundary_stale", "G2"].since == NOW - timedelta(days=3700 - 3652.5)


def test_silence_is_judged_by_size() -> None:
    """Of twenty equal grids with 5 reports each in 400 days, one silent for 100 is nothing."""
    usual = [grid(n, reports=20) for n in range(20)]
    groups = [group(n) for n in range(20)]
    month = NOW - timedelta(days=60)
    assert found(town([{**usual[0], "last_seen": month}, *usual[1:]], groups)) == {}
    silent = [grid(0, last_seen=None, reports=0), *usual[1:]]
    told = found(town(silent, groups))
    assert set(told) == {("grid_quiet", "G0")}
    assert told["grid_quiet", "G0"].measure == pytest.approx(400)
    since = told["grid_quiet", "G0"].since
    assert since
    mean = 19 * 20 / 20 * ((since - LONG_AGO) / (NOW - LONG_AGO))
    assert np.exp(-mean) == pytest.approx(0.05 / 20)
    before = [grid(0, last_seen=LONG_AGO - timedelta(days=90), reports=0), *usual[1:]]
    assert found(town(before, groups))["grid_quiet", "G0"].measure == pytest.approx(400)
    small = [grid(0, last_seen=None, reports=0, residents=90), *usual[1:]]
    assert found(town(small, groups)) == {}


def test_overdue_issues_pile_up_where_chance_does_not_explain_them() -> None:
    groups = [group(n) for n in range(20)]
    even = [grid(n, open=3, overdue=2) for n in range(20)]
    assert found(town(even, groups)) == {}
    told = found(town([grid(0, open=15, overdue=12), *even[1:]], groups))
    assert set(told) == {("overdue_cluster", "G0")}
    assert told["overdue_cluster", "G0"].facts["open_issues"] == 15


def test_a_walk_is_measured_to_the_nearest_station() -> None:
    place = [spot(0.5, n + 0.5) for n in (0, 5, 9)]
    rows = [
        {"grid": n, "households": 10, "residents": 30, "lon": p.x, "lat": p.y}
        for n, p in enumerate(place)
    ]
    stations = walk.Stations.of([{"name": "老街驿站", "lon": place[0].x, "lat": place[0].y}])
    far = walk.too_far(walk.Homes.of(rows), stations, 1_000)
    assert [(one.grid, one.residents, one.station) for one in far] == [(2, 30, "老街驿站")]
    assert far[0].farthest_m == pytest.approx(900 * walk.DETOUR, rel=0.02)
    assert walk.too_far(walk.Homes.of(rows), walk.Stations.of([]), 1_000) == []


@given(st.integers(1, 60), st.floats(0.05, 40))
def test_the_tail_of_the_distribution_is_what_is_left_of_one(count: int, mean: float) -> None:
    below = sum(math.exp(n * math.log(mean) - mean - math.lgamma(n + 1)) for n in range(count))
    if count > mean:
        assert chance.at_least(count, mean) == pytest.approx(max(0.0, 1 - below), abs=1e-9)


@given(
    st.lists(
        st.tuples(
            st.integers(0, 900), st.integers(0, 2), st.integers(0, 1), st.booleans(), st.booleans()
        ),
        min_size=1,
        max_size=12,
    )
)
def test_all_that_is_planted_is_found_and_nothing_else(
    drawn: list[tuple[int, int, int, bool, bool]],
) -> None:
    """Grids with any households, workers, groups, leaders, and a house without a group."""
    grids, groups, houses, planted = [], [], [], set()
    for n, (households, workers, owned, led, left_out) in enumerate(drawn, 1):
        code = f"G{n}"
        grids.append(grid(n, households=households, workers=workers, groups=owned))
        planted |= {("grid_overloaded", code)} if households > 500 else set()
        planted |= {("grid_without_worker", code)} if workers == 0 else set()
        planted |= {("grid_without_group", code)} if owned == 0 else set()
        if owned:
            groups.append(group(n, secretary="李强" if led else None))
            planted |= set() if led else {("group_without_leader", code)}
        if left_out:
            houses.append(house(f"H{n}", n))
            planted |= {("building_without_group", f"H{n}")} if owned else set()
    told = found(town(grids, groups, houses))
    assert set(told) == planted
    by_code = {row["code"]: row["households"] for row in grids}
    for kind, code in planted & {(kind, code) for kind, code in told if code in by_code}:
        if kind.startswith("grid"):
            assert told[kind, code].measure == by_code[code]


def test_the_weightiest_comes_first_and_the_order_is_always_the_same() -> None:
    frames = town(
        [grid(1, groups=0), grid(2, workers=0), grid(3, households=800)],
        [group(2), group(3, households=300)],
    )
    kinds = [gap.kind for gap in gaps.found(frames, NOW)]
    assert kinds == ["grid_overloaded", "grid_without_worker", "grid_without_group"]
    turned = replace(frames, groups=Groups.of([group(3), group(2)]))
    assert [gap.key for gap in gaps.found(turned, NOW)] == [
        gap.key for gap in gaps.found(frames, NOW)
    ]
    assert np.isfinite([gap.weight for gap in gaps.found(frames, NOW)]).all()


def test_each_gap_is_known_by_its_own_code() -> None:
    leaderless = [group(1, secretary=""), group(1, id=150, secretary=None), group(2)]
    usual = {
        "address": "老街",
        "community": "C",
        "precision": "none",
        "reported_at": NOW,
        "late": 0,
    }
    nowhere = {**usual, "reason": "unknown", "lon": None, "lat": None, "ticket": "T1"}
    loose = Loose.of([{**nowhere, "id": "a"}, {**nowhere, "id": "b"}])
    told = gaps.found(town([grid(1), grid(2)], leaderless, loose=loose), NOW)
    assert {gap.key for gap in told} == {
        ("group_without_leader", "G1"),
        ("group_without_leader", "G1:150"),
        ("address_unlocated", "T1"),
        ("address_unlocated", "T1:b"),
    }


def test_the_gaps_of_communities_are_those_of_the_list() -> None:
    frames = town([grid(1, workers=0), grid(2)], [group(1), group(2)], [house("H", None)])
    told = gaps.found(frames, NOW)
    assert {gap.grid for gap in told} == {"G1", None}
    counts: dict[measures.Tier, int] = {"grid": 1, "community": 2, "street": 2}
    for tier, count in counts.items():
        table = measures.table(frames, told, tier)
        assert table.columns["gaps"].sum() == count


def test_a_worker_of_several_grids_is_one_person_wherever_one_looks() -> None:
    home = {"community": "D"}
    grids = [grid(1), grid(2), grid(3, workers=2, **home), grid(4, **home), grid(5, **home)]
    posts = [(7, 1), (7, 2), (7, 3), (8, 3), (8, 4)]
    frames = town(grids, [group(n) for n in range(1, 6)], posts=posts)
    counts = {
        tier: measures.table(frames, [], tier).columns["workers"].tolist()
        for tier in measures.TIERS
    }
    assert counts == {"grid": [1, 1, 2, 1, 1], "community": [1, 3], "street": [3]}
    assert measures.workers(frames, np.array([True, True, False, False, False])) == 1
    assert measures.workers(frames, np.zeros(5, dtype=bool)) == 0


def test_a_change_is_better_or_worse_by_what_its_measure_wishes_for() -> None:
    norms = Norms()
    known = {one.code: one for one in measures.measures(norms)}

    def verdict(code: str, left: float | None, right: float | None) -> int | None:
        return comparison.verdict(comparison.Change(known[code], left, right, sure=True))

    assert verdict("group_share", 0.5, 0.75) == 2
    assert verdict("late_share", 0.5, 0.75) == 0
    assert verdict("late_share", 0.5, 0.5) == 1
    assert verdict("load", norms.band_high + 100, norms.norm) == 2
    assert verdict("load", norms.norm, norms.band_low - 50) == 0
    assert verdict("load", norms.norm, norms.band_low) == 1
    assert verdict("load", None, norms.norm) is None


def test_only_of_issues_a_change_may_be_chance_and_of_few_it_is_never_told() -> None:
    known = {one.code: one for one in measures.measures(Norms())}

    def late(left: tuple[int, int], right: tuple[int, int]) -> comparison.Change:
        sides = [{"overdue": above, "open": below} for above, below in (left, right)]
        return comparison.change(known["late_share"], sides[0], sides[1])

    few = late((8, 16), (14, 20))
    assert (few.sure, few.few, comparison.verdict(few)) == (False, True, None)
    close = late((10, 40), (12, 40))
    assert (close.sure, close.few, comparison.verdict(close)) == (False, False, None)
    worse = late((4, 40), (30, 40))
    assert (worse.sure, worse.few, comparison.verdict(worse)) == (True, False, 0)
    assert comparison.verdict(late((1, 2), (1, 2))) == 1
    nobody = late((0, 0), (1, 30))
    assert (nobody.sure, nobody.few) == (False, False)
    pair = [{"with_group": n, "grids": 3} for n in (2, 3)]
    whole = comparison.change(known["group_share"], pair[0], pair[1])
    assert (whole.sure, whole.few, comparison.verdict(whole)) == (True, False, 2)


def test_who_has_too_much_is_told_who_could_take_a_grid_and_have_room_for_it() -> None:
    grids = [grid(1), grid(2), grid(3, households=150), grid(4, households=250)]
    groups = [group(n) for n in (1, 2, 3, 4)]
    told = found(town(grids, groups, posts=[(7, 1), (7, 2), (8, 3), (9, 4)]))
    takers = told["worker_overloaded", "7"].facts["takers"]
    assert [(one["worker"], one["share"], one["room"]) for one in takers] == [(8, 300, 350)]
    three = [(7, 1), (7, 2), (7, 3), (8, 4)]
    lighter = found(
        town([*grids[:2], grid(3, households=100), grid(4, households=150)], groups, posts=three)
    )
    takers = lighter["worker_overloaded", "7"].facts["takers"]
    assert {one["grid"] for one in takers} <= {"G1", "G2"}, "the smallest one would not be enough"
    heavy = found(town([*grids[:2], grid(3), grid(4, households=150)], groups, posts=three))
    assert heavy["worker_overloaded", "7"].facts["takers"], "one of three helps, if not enough"
