"""What suggested grids promise: true names, who must change alone, short and straight borders."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import shapely
from shapely.geometry.base import BaseGeometry

from geodata.demo import District, community
from geodata.demo.community import Community
from geodata.domain import measure, partition
from geodata.domain.suggest import proposal, units
from geodata.domain.suggest.given import Aim, House, Street
from geodata.domain.suggest.proposal import Alternative
from tests.domain.test_suggest import cells, floor, house, rows_of
from tests.drawing import draw, ground, spot

AIM = Aim()
CRUMB = 3e-10
"""Square degrees, about three square metres: what nodes along a border come to."""
BUSY, OLD_TOWN, ROUND = 3, 5, 8
"""Communities of the demo with grids out of the band, one of which nobody lives on the bank of."""


@pytest.fixture(scope="module", params=[BUSY, OLD_TOWN, ROUND])
def place(request: pytest.FixtureRequest, hanbin: District) -> Community:
    return community.of(hanbin, hanbin.communities[request.param].code)


def out_of_band(place: Community) -> set[str]:
    size = dict.fromkeys(place.grids, 0)
    for one in place.houses:
        if one.grid is not None:
            size[one.grid] += one.households
    return {code for code, households in size.items() if AIM.beyond(households)}


def roundness(shapes: list[BaseGeometry]) -> list[float]:
    flat = measure.flat(measure.array(shapes))
    found: list[float] = (4 * np.pi * shapely.area(flat) / shapely.length(flat) ** 2).tolist()
    return found


def assert_names_are_true(found: list[Alternative]) -> None:
    """No other alternative leads in what one is named for."""
    marks = {
        "steady": lambda one: one.figures.households_moved,
        "even": lambda one: one.figures.uneven,
    }
    names = [name for one in found for name in (one.leaning, *one.also)]
    assert len(set(names)) == len(names)
    for one in found:
        for name in {one.leaning, *one.also} & set(marks):
            assert marks[name](one) == min(marks[name](other) for other in found), name


def test_divided_afresh_each_is_what_its_name_says_and_in_no_strips(place: Community) -> None:
    made = units.of_ground(floor(place), place.houses, place.streets, AIM, place.grids)
    found = proposal.divide(made, AIM)
    assert 2 <= len(found) <= 3
    assert_names_are_true(found)
    for one in found:
        assert partition.check(cells(one), floor(place), ["rest"]) == []
        assert one.figures.within == one.figures.grids
        assert one.figures.in_pieces == 0
        assert min(roundness([grid.shape for grid in one.grids])) > 0.33
        for grid in one.grids:
            inside = [h for h in place.houses if grid.shape.intersects(h.door)]
            assert {h.code for h in inside} >= set(grid.houses)


def test_rebalanced_only_those_change_that_must(place: Community) -> None:
    """A grid in the band changes only where one that is not gains by it, and no ground for none."""
    made = units.within_grids(place.grids, place.houses, place.streets, AIM)
    found = proposal.rebalance(made, AIM)
    assert_names_are_true(found)
    needy, before = out_of_band(place), place.grids
    for one in found:
        kept = {grid.code: grid for grid in one.grids if grid.code is not None}
        assert one.figures.within == one.figures.grids
        for code, grid in kept.items():
            given = [t for other in one.grids for t in other.taken if t.code == code]
            apart = grid.shape.symmetric_difference(before[code])
            if not grid.taken and not given:
                assert apart.area < CRUMB, code
            else:
                assert reached(one, code) & needy, code


def reached(one: Alternative, code: str) -> set[str | None]:
    """Whom a grid exchanges houses with, and whom these do, and so on."""
    found: set[str | None] = {code}
    while True:
        more = {
            end
            for grid in one.grids
            for taken in grid.taken
            for end in (grid.code, taken.code)
            if {grid.code, taken.code} & found
        }
        if more <= found:
            return found
        found |= more


def test_who_comes_from_where_is_told(place: Community) -> None:
    made = units.within_grids(place.grids, place.houses, place.streets, AIM)
    homes = {one.code: one for one in place.houses}
    for one in proposal.rebalance(made, AIM):
        told = sum(t.households for grid in one.grids for t in grid.taken)
        assert told == one.figures.households_moved
        for grid in one.grids:
            for taken in grid.taken:
                came = [homes[c] for c in grid.houses if homes[c].grid == taken.code]
                assert taken.houses == sum(h.households > 0 for h in came)
                assert taken.households == sum(h.households for h in came)


def test_a_balanced_community_is_left_as_it_is() -> None:
    lived = [
        *(replace(one, grid="A") for one in rows_of([0.3, 1.0, 1.7], [0.3, 0.8], 50)),
        *(replace(one, grid="B") for one in rows_of([0.3, 1.0, 1.7], [1.3, 1.8], 40)),
    ]
    made = units.within_grids(draw("AB/AB"), lived, [], AIM)
    [only] = proposal.rebalance(made, AIM)
    assert (only.leaning, set(only.also)) == ("steady", {"even", "streets"})
    assert only.figures.households_moved == 0
    for grid in only.grids:
        assert grid.shape.symmetric_difference(draw("AB/AB")[grid.code or ""]).area < CRUMB


def test_a_border_between_staggered_houses_is_drawn_straight() -> None:
    """Houses stand in two columns, every other one a little aside: the border follows no corner."""
    rows = [0.2 + 0.4 * n for n in range(10)]
    west = [house(f"w{n}", row, 0.6 + 0.12 * (n % 2), 25) for n, row in enumerate(rows)]
    east = [house(f"e{n}", row, 1.5 + 0.12 * (n % 2), 25) for n, row in enumerate(rows)]
    made = units.of_ground(ground("oo/oo/oo/oo"), [*west, *east], [], AIM)
    for one in proposal.divide(made, AIM, 2):
        first, other = one.grids
        common = shapely.line_merge(first.shape.intersection(other.shape))
        assert shapely.get_num_coordinates(common) <= 7
        for grid in one.grids:
            assert all(
                grid.shape.covers(h.outline) for h in [*west, *east] if h.code in grid.houses
            )


def test_bare_ground_goes_where_the_border_gets_shortest() -> None:
    """A bank on which nobody lives lies along three grids: each gets what lies before it."""
    street = Street(shapely.LineString([spot(1, 0), spot(1, 6)]), "secondary")
    lived: list[House] = []
    for column, code in enumerate("ABC"):
        spots = [(r, 2 * column + c) for r in (1.4, 2.2, 2.8) for c in (0.4, 1.0, 1.6)]
        lived += [house(f"{code}{n}", r, c, 30, grid=code) for n, (r, c) in enumerate(spots)]
    now = draw("AABBCC/AABBCC/AABBCC")
    made = units.of_ground(ground("oooooo/oooooo/oooooo"), lived, [street], AIM, now)
    for one in proposal.divide(made, AIM, 3):
        assert sorted(grid.households for grid in one.grids) == [270, 270, 270]
        assert min(roundness([grid.shape for grid in one.grids])) > 0.7
