"""Suggested grids: exact, whole, contiguous, near the norm, the same each time; or a reason."""

import os
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import geopandas
import numpy as np
import pytest
import shapely
from shapely.geometry import LineString
from shapely.geometry.base import BaseGeometry

from geodata.demo import District, community
from geodata.demo.community import Community
from geodata.domain import division, partition
from geodata.domain.adopt import adopt
from geodata.domain.suggest import proposal, units
from geodata.domain.suggest.given import Aim, House, Street
from geodata.domain.suggest.proposal import Alternative
from geodata.domain.suggest.units import Units
from geodata.errors import InvalidMove
from tests.drawing import draw, ground, spot

DATA = Path(os.environ.get("WANGGE_DATA", Path(__file__).parents[3] / "shared" / "data"))
AIM = Aim()
BUSY: Final = 3
"""A community of the demo with a grid far over the band and one below it."""
HALF_M = 0.00008
CUT = 0.02


@pytest.fixture(scope="module")
def place(hanbin: District) -> Community:
    return community.of(hanbin, hanbin.communities[BUSY].code)


@pytest.fixture(scope="module")
def divided(place: Community) -> tuple[Units, list[Alternative]]:
    made = units.of_ground(floor(place), place.houses, place.streets, AIM, place.grids)
    return made, proposal.divide(made, AIM)


@pytest.fixture(scope="module")
def balanced(place: Community) -> tuple[Units, list[Alternative]]:
    made = units.within_grids(place.grids, place.houses, place.streets, AIM)
    return made, proposal.rebalance(made, AIM)


def floor(place: Community) -> BaseGeometry:
    return shapely.union_all(list(place.grids.values()))


def house(code: str, row: float, column: float, households: int = 40, **more: str) -> House:
    door = spot(row, column)
    outline = door.buffer(HALF_M, cap_style="square")
    return House(code, outline, door, households, 2 * households, **more)


def rows_of(rows: Sequence[float], columns: Sequence[float], households: int = 40) -> list[House]:
    return [house(f"{r:.2f}/{c:.2f}", r, c, households) for r in rows for c in columns]


def cells(alternative: Alternative) -> dict[str, BaseGeometry]:
    shapes = {f"{n:03d}": grid.shape for n, grid in enumerate(alternative.grids)}
    return shapes | {"rest": alternative.rest}


def assert_sound(made: Units, found: Sequence[Alternative], area: BaseGeometry) -> None:
    """What must hold of every division, whatever it leans to."""
    codes = sorted(one.code for one in made.houses)
    for one in found:
        assert partition.check(cells(one), area, ["rest"]) == []
        assert sorted(code for grid in one.grids for code in grid.houses) == codes
        assert sum(grid.households for grid in one.grids) == made.net.households.sum()
        assert_whole(made, one)
        assert one.figures.within == sum(grid.why is None for grid in one.grids)
        assert one.figures.in_pieces == 0


def assert_whole(made: Units, one: Alternative) -> None:
    """Each house stands in its own grid, door and walls, and no courtyard is cut."""
    outline = {made_house.code: made_house for made_house in made.houses}
    yards: defaultdict[str, set[int]] = defaultdict(set)
    for number, grid in enumerate(one.grids):
        shapely.prepare(grid.shape)
        for code in grid.houses:
            own = outline[code]
            assert grid.shape.intersects(own.door)
            out = own.outline.difference(grid.shape).area
            assert out <= CUT * own.outline.area + 1e-15
            if own.courtyard:
                yards[own.courtyard].add(number)
    assert [name for name, grids in yards.items() if len(grids) > 1] == []


def test_a_community_is_divided_exactly_and_within_the_band(
    place: Community, divided: tuple[Units, list[Alternative]]
) -> None:
    made, found = divided
    assert [one.leaning for one in found] == ["even", "streets", "steady"]
    assert_sound(made, found, floor(place))
    for one in found:
        assert one.figures.within == one.figures.grids
        assert one.figures.on_streets > 0.7
        assert one.figures.compactness > 0.55
    assert found[1].figures.on_streets >= found[0].figures.on_streets


def test_grids_keep_the_code_of_the_grid_they_share_most_people_with(
    divided: tuple[Units, list[Alternative]],
) -> None:
    made, found = divided
    before = {one.code: one for one in made.houses}
    for one in found:
        kept = [grid.code for grid in one.grids if grid.code is not None]
        assert len(set(kept)) == len(kept) > 0.8 * one.figures.grids
        moved = 0
        for grid in one.grids:
            shared: defaultdict[str | None, int] = defaultdict(int)
            for code in grid.houses:
                shared[before[code].grid] += before[code].households
            if grid.code is not None:
                others = [n for code, n in shared.items() if code not in kept]
                assert shared[grid.code] >= max(others, default=0)
            moved += grid.households - shared.get(grid.code, 0)
        assert one.figures.households_moved == moved


def test_present_grids_are_brought_into_the_band_with_few_people_moved(
    place: Community, balanced: tuple[Units, list[Alternative]]
) -> None:
    made, found = balanced
    assert_sound(made, found, floor(place))
    size: defaultdict[str | None, int] = defaultdict(int)
    for lived in place.houses:
        size[lived.grid] += lived.households
    out = sum(AIM.beyond(households) > 0 for households in size.values())
    assert out > 0
    for one in found:
        assert one.figures.within == one.figures.grids
    total = sum(size.values())
    assert found[0].leaning == "steady"
    assert found[0].figures.households_moved < 0.15 * total
    assert found[0].figures.households_moved == min(f.figures.households_moved for f in found)


def test_what_is_balanced_already_hardly_moves(place: Community) -> None:
    size: defaultdict[str | None, int] = defaultdict(int)
    for one in place.houses:
        size[one.grid] += one.households
    calm = {code: shape for code, shape in place.grids.items() if not AIM.beyond(size[code])}
    made = units.within_grids(calm, place.houses, place.streets, AIM)
    steady = proposal.rebalance(made, AIM)[0]
    assert steady.figures.households_moved < 0.03 * made.net.households.sum()
    assert len(made.away) == sum(one.grid not in calm for one in place.houses)
    assert {grid.code for grid in steady.grids} == set(calm)


def test_the_same_input_and_seed_give_the_same_grids() -> None:
    lived = rows_of([0.2, 0.7, 1.2, 1.7], [0.4, 1.0, 1.6, 2.2, 2.8], 50)
    runs = [
        proposal.divide(units.of_ground(ground("ooo/ooo"), some, [], AIM), AIM, seed=4)
        for some in (lived, lived[::-1])
    ]
    assert [cells(one) for one in runs[0]] == [cells(one) for one in runs[1]]
    assert [one.figures for one in runs[0]] == [one.figures for one in runs[1]]


def test_a_division_can_be_published_beside_its_neighbours(
    place: Community, divided: tuple[Units, list[Alternative]]
) -> None:
    """Noded with the ground around, as publishing does, it stays a partition without faults."""
    _, found = divided
    grids = {f"{n:03d}": grid.shape for n, grid in enumerate(found[0].grids)}
    around = {"uncovered": place.uncovered} if not place.uncovered.is_empty else {}
    area = floor(place)
    done = division.divide(grids, dict.fromkeys(grids, "c"), {"c": area}, around)
    assert done.faults == []
    whole = shapely.union_all([area, *around.values()])
    everything: Mapping[str, BaseGeometry] = {**done.cells, **done.around}
    assert partition.check(everything, whole, ["uncovered"]) == []


def test_progress_rises_to_one_and_what_it_raises_ends_the_search() -> None:
    made = units.of_ground(ground("XX/XX"), rows_of([0.3, 1.5], [0.3, 1.0, 1.6], 100), [], AIM)
    told: list[float] = []
    proposal.divide(made, AIM, told=told.append)
    assert told == sorted(told)
    assert told[-1] == 1.0
    assert len(told) > 100

    def stop(done: float) -> None:
        if done > 0.2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        proposal.divide(made, AIM, told=stop)


def test_as_many_grids_as_asked_for() -> None:
    made = units.of_ground(
        ground("ooo/ooo"), rows_of([0.2, 0.7, 1.2, 1.7], [0.4, 1, 2, 2.6]), [], AIM
    )
    for number in (1, 2, 3):
        for one in proposal.divide(made, AIM, number):
            assert one.figures.grids == number
            assert partition.check(cells(one), ground("ooo/ooo"), ["rest"]) == []


def test_grids_follow_the_street() -> None:
    """Houses stand on both sides of an arterial that is off the middle."""
    arterial = LineString([spot(0, 1.4), spot(2, 1.4)])
    lived = rows_of([0.25, 0.75, 1.25, 1.75], [0.4, 1.0, 1.8, 2.4], 35)
    made = units.of_ground(ground("ooo/ooo"), lived, [Street(arterial, "arterial")], AIM)
    for one in proposal.divide(made, AIM, 2):
        assert [grid.households for grid in one.grids] == [280, 280]
        assert one.figures.on_streets == 1.0
        assert one.figures.crossed_m < 1.0


def test_a_party_group_and_a_courtyard_stay_together() -> None:
    """One courtyard lies on both sides of a lane, and one group on both sides of the middle."""
    lane = LineString([spot(1, 0), spot(1, 4)])
    lived = rows_of([0.3, 0.7, 1.3, 1.7], [0.4, 1.2, 2.0, 2.8, 3.6], 40)
    yard = {"0.70/0.40", "1.30/0.40"}
    lived = [replace(one, courtyard="yard") if one.code in yard else one for one in lived]
    lived = [replace(one, group="third") if "/2.00" in one.code else one for one in lived]
    made = units.of_ground(ground("oooo/oooo"), lived, [Street(lane)], AIM)
    found = proposal.divide(made, AIM)
    assert_sound(made, found, ground("oooo/oooo"))
    assert {one.figures.courtyards_cut for one in found} == {0}
    assert min(one.figures.groups_cut for one in found) == 0


def test_a_house_across_a_street_is_not_cut() -> None:
    lane = LineString([spot(1, 0), spot(1, 3)])
    over = House("over", spot(1.05, 1.5).buffer(0.0002, cap_style="square"), spot(1.2, 1.5), 60)
    lived = [*rows_of([0.3, 1.7], [0.3, 0.9, 2.1, 2.7], 60), over]
    made = units.of_ground(ground("ooo/ooo"), lived, [Street(lane)], AIM)
    assert_sound(made, proposal.divide(made, AIM, 2), ground("ooo/ooo"))


def test_one_building_beyond_the_band_is_named_and_spoils_no_other() -> None:
    lived = [
        *rows_of([0.2, 0.6, 1.0, 1.4, 1.8], [0.4, 1.0, 2.0, 2.6], 60),
        house("塔楼", 1.0, 1.5, 900),
    ]
    made = units.of_ground(ground("ooo/ooo"), lived, [], AIM)
    for one in proposal.divide(made, AIM):
        out = [grid for grid in one.grids if grid.why is not None]
        assert [grid.why.code for grid in out if grid.why] == ["one_homestead"]
        assert out[0].why is not None
        assert out[0].why.facts == {"house": "塔楼", "households": 900}


def test_too_few_people_and_too_many_grids_are_told() -> None:
    few = units.of_ground(ground("XX"), rows_of([0.5], [0.5, 1.5]), [], AIM)
    [only] = proposal.divide(few, AIM)
    assert [grid.why.code for grid in only.grids if grid.why] == ["ground_apart"]
    some = units.of_ground(ground("XX/XX"), rows_of([0.3, 1.7], [0.3, 1, 1.7], 70), [], AIM)
    for one in proposal.divide(some, AIM, 4):
        reasons = {grid.why.code for grid in one.grids if grid.why}
        assert reasons == {"number_asked"}
    with pytest.raises(InvalidMove, match="suggest_few_units") as refused:
        proposal.divide(some, AIM, 99)
    assert refused.value.facts == {"grids": 99, "units": len(some.shapes)}


def test_ground_in_pieces_is_divided_piece_by_piece() -> None:
    apart = draw("XX.XX.X/XX.XX.X")["X"]
    lived = rows_of([0.2, 0.7, 1.2, 1.7], [0.4, 1.2, 3.4, 4.2], 40)
    made = units.of_ground(apart, lived, [], AIM)
    for one in proposal.divide(made, AIM):
        assert one.figures.in_pieces == 0
        assert one.rest.area == pytest.approx(2 * ground("X").area)
        assert partition.check(cells(one), apart, ["rest"]) == []
    with pytest.raises(InvalidMove, match="suggest_pieces"):
        proposal.divide(made, AIM, 1)


@pytest.mark.parametrize(
    ("area", "lived", "code"),
    [
        ("XX", [], "suggest_no_houses"),
        ("XX", [house("far", 30, 30)], "suggest_no_houses"),
        ("XX", [house("empty", 0.5, 0.5, 0)], "suggest_no_houses"),
        ("", [house("nowhere", 0.5, 0.5)], "suggest_no_ground"),
    ],
)
def test_nothing_to_divide_is_refused(area: str, lived: list[House], code: str) -> None:
    shape = ground(area) if area else shapely.Polygon()
    with pytest.raises(InvalidMove, match=code):
        units.of_ground(shape, lived, [], AIM)


def test_houses_known_by_points_only_and_piled_up_are_taken() -> None:
    rng = np.random.default_rng(3)
    points = [spot(*pair) for pair in rng.uniform(0.05, 1.95, (40, 2))]
    lived = [House(f"p{n}", at, at, 30) for n, at in enumerate(points)]
    lived += [House(f"q{n}", points[0], points[0], 5) for n in range(4)]
    made = units.of_ground(ground("XX/XX"), lived, [], AIM)
    for one in proposal.divide(made, AIM):
        assert one.figures.within == one.figures.grids
        assert partition.check(cells(one), ground("XX/XX"), ["rest"]) == []


@pytest.mark.skipif(not DATA.exists(), reason="no WANGGE_DATA: no census blocks of Kansas")
def test_census_blocks_become_grids_along_their_streets() -> None:
    """The middle of Hays, Kansas: people count as households, the borders of blocks as streets."""
    blocks = geopandas.read_file(DATA / "ks_ellis_county.gpkg", layer="block").to_crs(4326)
    middle = blocks.geometry.representative_point()
    east, north = abs(middle.x + 99.3268), abs(middle.y - 38.8742)
    near = blocks[(east < 0.006) & (north < 0.0045)]
    exact = adopt(dict(zip(near["path"], near.geometry, strict=True)))
    lived = [
        House(path, shape, shape.representative_point(), int(people))
        for path, shape, people in zip(
            near["path"], map(exact.shapes.get, near["path"]), near["total_pop"], strict=True
        )
        if shape is not None
    ]
    streets = [Street(shape.boundary) for shape in exact.shapes.values()]
    made = units.of_ground(exact.ground, lived, streets, AIM)
    found = proposal.divide(made, AIM)
    assert_sound(made, found, exact.ground)
    for one in found:
        assert one.figures.within == one.figures.grids >= 4
        assert one.figures.on_streets == 1.0


def test_a_band_upside_down_is_refused() -> None:
    with pytest.raises(InvalidMove, match="suggest_norm"):
        Aim(norm=300, low=400, high=500)
