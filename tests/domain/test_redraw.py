"""Redrawing small places drawn as pictures, one way after the other."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pytest
import shapely
from shapely.geometry.base import BaseGeometry

from geodata.domain import cells, lattice, nearest, partition, plain, replay
from geodata.domain.cells import Cell, Cells
from geodata.domain.intent import (
    Adopt,
    Carve,
    Close,
    Dedicated,
    Fill,
    Give,
    Intent,
    Merge,
    Reshape,
    Retire,
    Split,
    as_json,
    from_json,
)
from geodata.domain.plain import Area, Line
from geodata.domain.redraw import Redrawn
from geodata.errors import InvalidRedraw, Remedy
from tests.drawing import draw, line, spot

Spots = Sequence[tuple[float, float]]


def town(picture: str, multipart: str = "") -> Cells:
    """The cells of a picture in community 1; letters X, Y and Z are in community 2, ~ is open."""
    shapes = {("~1" if c == "U" else c): s for c, s in draw(picture).items()}
    return cells.cells_of(
        shapes, {code: "2" if code in "XYZ" else "1" for code in shapes}, multipart
    )


def area(*spots: tuple[float, float]) -> Area:
    return ((line(*spots),),)


def box(top: float, left: float, bottom: float, right: float) -> Area:
    return area((top, left), (top, right), (bottom, right), (bottom, left))


def redrawn(before: Cells, intent: Intent) -> Redrawn:
    """The ground after an intent, once it is seen to be as exact as before."""
    done = replay.perform(before, from_json(as_json(intent)))
    whole = shapely.union_all(list(before.shapes().values()))
    loose = [cell.code for cell in done.cells if cell.loose]
    assert partition.check(done.cells.shapes(), whole, loose) == []
    return done


def refused(before: Cells, intent: Intent) -> InvalidRedraw:
    with pytest.raises(InvalidRedraw) as told:
        replay.perform(before, intent)
    return told.value


def has(done: Redrawn, picture: str) -> bool:
    """Whether each letter of a picture has just the ground it is drawn on."""
    wanted = {("~1" if c == "U" else c): s for c, s in draw(picture).items()}
    got = {code: shape for code, shape in done.cells.shapes().items() if not shape.is_empty}
    return got.keys() == wanted.keys() and all(got[c].equals(wanted[c]) for c in wanted)


def share(done: Redrawn, code: str, other: Cells) -> float:
    """The ground of a cell as a share of that of A before."""
    return float(done.cells[code].shape.area / other["A"].shape.area)


def handed(done: Redrawn) -> list[tuple[str, str]]:
    return [(one.giver, one.taker) for one in done.handed]


def contains(shape: BaseGeometry | None, *spots: tuple[float, float]) -> bool:
    return shape is not None and all(shape.buffer(1e-7).contains(spot(*one)) for one in spots)


# Splitting


def test_a_line_across_a_grid_makes_two_and_the_larger_part_keeps_the_code() -> None:
    before = town("AAB / AAB")
    done = redrawn(before, Split("A", line((0.5, -0.1), (0.5, 2.1)), ("N",)))
    assert handed(done) == [("A", "N")]
    assert share(done, "N", before) == pytest.approx(0.25, abs=1e-4)
    assert done.noded == ("B",)
    assert contains(done.handed[0].shape, (0.25, 0.5))


def test_the_part_that_is_named_keeps_the_code() -> None:
    keep = line((0.2, 0.2), (0, 0))[0]
    done = redrawn(town("AAB / AAB"), Split("A", line((0.5, -0.1), (0.5, 2.1)), ("N",), keep))
    assert contains(done.cells["A"].degrees, (0.25, 0.5))
    assert contains(done.cells["N"].degrees, (1.5, 0.5))


def test_a_line_that_stops_just_before_the_border_is_prolonged() -> None:
    before = town("AAB / AAB")
    done = redrawn(before, Split("A", line((1.0, 0.15), (1.0, 1.85)), ("N",)))
    assert share(done, "N", before) == pytest.approx(0.5, abs=1e-4)


def test_a_line_that_stops_far_inside_is_refused_and_its_remedy_works() -> None:
    before, given = town("AAB / AAB"), Split("A", line((1.0, -0.1), (1.0, 1.2)), ("N",))
    told = refused(before, given)
    assert (told.code, told.facts["metres"]) == ("line_stops_inside", pytest.approx(80, abs=2))
    assert contains(told.place, (1.0, 1.2))
    assert told.remedy is not None
    assert told.remedy.kind == "extend_line"
    redrawn(before, from_json({**as_json(given), **told.remedy.changes}))


def test_a_line_that_makes_more_parts_than_there_are_codes_says_how_many() -> None:
    before = town("A.A / AAA / BBB")
    given = Split("A", line((0.5, -0.1), (0.5, 3.1)), ("N",))
    told = refused(before, given)
    assert told.code == "too_many_parts"
    assert told.remedy is not None
    assert told.remedy.changes == {"parts": 3}
    done = redrawn(before, Split(given.grid, given.line, ("N", "O")))
    assert contains(done.cells["N"].degrees, (0.2, 0.5))
    assert contains(done.cells["O"].degrees, (0.2, 2.5))


@pytest.mark.parametrize(
    ("drawn", "code"),
    [
        (line((0.5, 2.2), (0.5, 2.8)), "line_misses"),
        (line((0.0, -0.5), (0.0, 2.5)), "not_split"),
        (line((0.5, 0.5), (0.5, 1.5), (1.5, 1.5), (0.5, 0.5)), "line_closed"),
        (line((0.5, 0.5), (0.5, 0.5)), "too_few_points"),
        ((), "too_few_points"),
        (((109.02, math.nan), (109.03, 32.68)), "drawing_not_a_number"),
        (((109.02, 32.69), (109.02, math.inf)), "drawing_not_a_number"),
        (((32.69, 109.02), (32.68, 109.03)), "drawn_outside"),
        (((0.0, 0.0), (1.0, 1.0)), "drawn_outside"),
        (tuple((109.02 + n * 1e-6, 32.69) for n in range(2_001)), "too_many_points"),
    ],
)
def test_lines_that_cannot_split_are_refused_with_their_reason(drawn: Line, code: str) -> None:
    assert refused(town("AAB / AAB"), Split("A", drawn, ("N",))).code == code


def test_a_scribble_is_refused_at_once() -> None:
    rng = np.random.default_rng(3)
    points = [spot(*one) for one in rng.uniform(0, 2, (600, 2)).tolist()]
    drawn = tuple((point.x, point.y) for point in points)
    assert refused(town("AAB / AAB"), Split("A", drawn, ("N",))).code == "line_tangled"


def test_a_code_is_never_given_twice() -> None:
    told = refused(town("AAB / AAB"), Split("A", line((0.5, -0.1), (0.5, 2.1)), ("B",)))
    assert told.code == "code_taken"


def test_a_grid_in_pieces_is_split_where_the_line_goes() -> None:
    before = town("AABA / AABA", multipart="A")
    done = redrawn(before, Split("A", line((1.0, -0.1), (1.0, 2.1)), ("N",)))
    assert contains(done.cells["A"].degrees, (0.5, 3.5), (1.5, 3.5))
    assert share(done, "N", before) == pytest.approx(2 / 6, abs=1e-3)


# Merging


def test_merging_joins_neighbours_and_takes_the_border_away() -> None:
    done = redrawn(town("ABC / ABC"), Merge(("A", "B"), "A"))
    assert has(done, "AAC / AAC")
    assert handed(done) == [("B", "A")]


def test_merging_what_was_split_gives_back_the_very_same_ground() -> None:
    before = town("AAB / AAB / CCC")
    done = redrawn(before, Split("A", line((0.51, -0.1), (0.37, 1.3), (0.52, 2.1)), ("N",)))
    assert redrawn(done.cells, Merge(("A", "N"), "A")).cells.same_as(before)


@pytest.mark.parametrize("picture", ["ACB", "AC / DB"])
def test_grids_that_are_no_neighbours_are_not_merged(picture: str) -> None:
    told = refused(town(picture), Merge(("A", "B"), "A"))
    assert (told.code, told.facts["grid"]) == ("not_neighbours", "B")


def test_one_grid_alone_is_no_merger() -> None:
    assert refused(town("AB"), Merge(("A",), "A")).code == "too_few_grids"


# Giving ground


def test_ground_goes_from_one_grid_to_its_neighbour() -> None:
    before = town("AAB / AAB / CCC")
    done = redrawn(before, Give(box(0.2, 1.5, 0.8, 2.5), "B"))
    assert handed(done) == [("A", "B")]
    assert share(done, "B", before) == pytest.approx(0.5 + 0.3 / 4, abs=1e-3)


def test_what_is_cut_off_on_the_way_is_asked_about_and_goes_along_if_said_so() -> None:
    before, given = town("ABB / ABB"), Give(box(0.5, 0.5, 1.5, 3.5), "A")
    told = refused(before, given)
    assert (told.code, told.facts["grid"]) == ("donor_in_pieces", "B")
    assert contains(told.place, (0.25, 2)) or contains(told.place, (1.75, 2))
    assert told.remedy is not None
    assert told.remedy.kind == "take_piece_too"
    done = redrawn(before, from_json({**as_json(given), **told.remedy.changes}))
    assert handed(done) == [("B", "A")]


def test_a_small_piece_that_is_cut_off_goes_along_unasked_and_is_told_of() -> None:
    corner = [(0.15, 0.5), (0.15, 1.1), (-0.1, 1.1), (-0.1, 1.25), (0.3, 1.25), (0.3, 0.5)]
    done = redrawn(town("ABB / ABB"), Give(area(*corner), "A"))
    assert [one.taker for one in done.settled] == ["A"]
    assert contains(done.settled[0].shape, (0.1, 1.05))


def test_ground_that_the_taker_does_not_reach_is_refused() -> None:
    before = town("ABBB / ABBB")
    told = refused(before, Give(box(0.5, 2.5, 1.5, 3.5), "A"))
    assert told.code == "area_apart"
    assert contains(told.place, (1.0, 3.0))
    assert told.remedy is not None
    assert told.remedy.kind == "make_new_grid"


def test_a_part_that_the_taker_does_not_reach_can_be_left_out() -> None:
    before = town("ABBB / ABBB")
    given = Give((*box(0.5, 0.5, 1.5, 1.5), *box(0.5, 2.5, 1.5, 3.5)), "A")
    told = refused(before, given)
    assert told.remedy is not None
    assert (told.code, told.remedy.kind) == ("area_apart", "leave_piece_out")
    done = redrawn(before, from_json({**as_json(given), **told.remedy.changes}))
    assert share(done, "A", before) == pytest.approx(1.25, abs=1e-3)


def test_a_donor_that_would_lose_everything_wants_a_word() -> None:
    before, given = town("AB / CC"), Give(box(-0.2, 0.9, 1.2, 2.2), "A")
    told = refused(before, given)
    assert told.remedy is not None
    assert (told.code, told.facts["grids"]) == ("donor_vanishes", ["B"])
    assert told.remedy.changes == {"retire": ["B"]}
    done = replay.perform(before, from_json({**as_json(given), **told.remedy.changes}))
    assert "B" not in done.cells


def test_ground_that_is_the_takers_already_changes_nothing() -> None:
    told = refused(town("AAB / AAB"), Give(box(0.2, 0.2, 0.8, 0.8), "A"))
    assert told.code == "no_change"


def test_a_line_traced_a_foot_beside_the_border_leaves_no_strip() -> None:
    before = town("AAB / AAB")
    told = refused(before, Give(box(-0.1, 1.997, 2.1, 3.1), "B"))
    assert told.code == "no_change"


def test_an_area_that_crosses_itself_is_refused_with_what_it_would_become() -> None:
    tie = area((0.2, 1.5), (0.8, 1.9), (0.8, 1.5), (0.2, 2.5))
    given = Give(tie, "B")
    told = refused(town("AAB / AAB"), given)
    assert told.remedy is not None
    assert (told.code, told.remedy.kind) == ("area_crosses_itself", "untangle_area")
    mended = from_json({**as_json(given), **told.remedy.changes})
    assert refused(town("AAB / AAB"), mended).code == "area_apart"


@pytest.mark.parametrize(
    ("drawn", "code"),
    [
        (box(0.2, 1.9, 0.24, 1.94), "area_too_small"),
        (area((0.2, 1.9), (0.3, 1.9), (0.5, 1.9)), "area_too_small"),
        (((((109.02, 32.69), (109.03, math.nan), (109.03, 32.68)),),), "drawing_not_a_number"),
        (area((0.2, 0.2), (0.8, 0.8), (0.2, 0.2)), "too_few_points"),
        ((), "too_few_points"),
        (((),), "too_few_points"),
        (box(90, 90, 95, 95), "drawn_outside"),
    ],
)
def test_areas_that_are_none_are_refused_with_their_reason(drawn: Area, code: str) -> None:
    assert refused(town("AAB / AAB"), Give(drawn, "B")).code == code


# Buildings


def test_buildings_are_handed_over_whole_and_the_others_stay() -> None:
    before = town("AAABBB / AAABBB")
    places = {"n": (0.5, 2.6), "s": (1.4, 2.5), "far": (1.0, 1.2), "own": (1.0, 3.5)}
    houses = {code: _house(*at) for code, at in places.items()}
    a, b = before["A"], before["B"]
    stay = {code: house for code, house in houses.items() if code != "own"}
    done = redrawn(before, nearest.hand_over(stay, {"n": a, "s": a}, "B"))
    assert all(done.cells["B"].shape.contains(houses[code]) for code in ("n", "s", "own"))
    assert done.cells["A"].shape.contains(houses["far"])
    assert b.shape.area < done.cells["B"].shape.area


def _house(row: float, column: float) -> BaseGeometry:
    return lattice.to_units(spot(row, column)).buffer(900, cap_style="square")


def test_handing_over_all_buildings_of_a_grid_is_asked_about() -> None:
    before = town("AABB / AABB")
    given = nearest.hand_over({"one": _house(1, 1)}, {"one": before["A"]}, "B")
    assert refused(before, given).code == "donor_vanishes"


def test_no_buildings_are_nothing_to_hand_over() -> None:
    with pytest.raises(InvalidRedraw, match="no_buildings"):
        nearest.hand_over({}, {}, "A")


# Borders


def test_a_stretch_of_border_moves_onto_the_line() -> None:
    before = town("AABB / AABB")
    given = Reshape("A", "B", line((0.5, 2), (0.5, 2.5), (1.5, 2.5), (1.5, 2)))
    done = redrawn(before, given)
    assert share(done, "A", before) == pytest.approx(1 + 0.5 / 4, abs=1e-3)
    back = redrawn(done.cells, Reshape("A", "B", line((0.5, 2), (1.5, 2))))
    assert has(back, "AABB / AABB")


def test_a_line_that_does_not_reach_the_border_is_led_there() -> None:
    before = town("AABB / AABB")
    given = Reshape("A", "B", line((0.5, 2.2), (0.5, 2.5), (1.5, 2.5), (1.5, 2.2)))
    told = refused(before, given)
    assert told.remedy is not None
    assert (told.code, told.remedy.kind) == ("line_misses_border", "extend_line")
    redrawn(before, from_json({**as_json(given), **told.remedy.changes}))


def test_a_new_border_stays_within_its_two_grids() -> None:
    before = town("AABBC / AABBC")
    given = Reshape("A", "B", line((0.5, 2), (0.5, 4.5), (1.5, 4.5), (1.5, 2)))
    told = refused(before, given)
    assert told.code == "line_leaves_grids"
    assert contains(told.place, (1.0, 4.5))
    assert told.remedy is not None
    assert told.remedy.kind == "pull_back"
    done = redrawn(before, from_json({**as_json(given), **told.remedy.changes}))
    assert handed(done) == [("B", "A")]


def test_a_line_that_leaves_its_grids_at_their_edge_is_led_along_it() -> None:
    before = town("AABB / AABB")
    given = Reshape("A", "B", line((0, 2), (0, 2.4), (-0.2, 2.6), (0.5, 3), (1.5, 2)))
    told = refused(before, given)
    assert told.remedy is not None
    assert (told.code, told.remedy.kind) == ("line_leaves_grids", "stay_inside")
    redrawn(before, from_json({**as_json(given), **told.remedy.changes}))


@pytest.mark.parametrize("picture", ["AC / DB", "ADB / CCC"])
def test_only_neighbours_have_a_border_to_move(picture: str) -> None:
    drawn = line((0.5, 0.5), (1.5, 0.5))
    assert refused(town(picture), Reshape("A", "B", drawn)).code == "not_neighbours"


def test_the_border_around_an_island_can_be_moved_too() -> None:
    before = town("AAAA / ABBA / ABBA / AAAA")
    done = redrawn(before, Reshape("A", "B", line((1, 1.5), (0.5, 1.5), (0.5, 2.5), (1, 2.5))))
    assert handed(done) == [("A", "B")]
    assert done.cells["B"].shape.area > before["B"].shape.area


# New, given up and uncovered


def test_a_school_becomes_a_grid_of_its_own_inside_another() -> None:
    done = redrawn(town("AAA / AAA / AAA"), Carve(box(1.2, 1.2, 1.8, 1.8), "N"))
    assert done.cells["N"].kind == "dedicated"
    assert len(shapely.get_rings(done.cells["A"].shape)) == 2


@pytest.mark.parametrize("kind", ["dedicated", "basic"])
def test_a_grid_that_nobody_could_walk_in_is_refused_and_offered_wider(kind: Dedicated) -> None:
    before = town("AAA / AAA / AAA")
    given = Carve(box(1.0, 0.5, 1.016, 2.5), "N", kind)
    told = refused(before, given)
    assert told.remedy is not None
    assert (told.code, told.remedy.kind) == ("grid_too_small", "widen")
    assert contains(told.place, (1.008, 1.5))
    done = redrawn(before, from_json({**as_json(given), **told.remedy.changes}))
    assert handed(done) == [("A", "N")]
    assert redrawn(before, Carve(box(1.0, 0.5, 1.04, 2.5), "N", kind)).changed == ("A", "N")


def test_a_strip_is_not_split_off() -> None:
    told = refused(town("AAA / AAA"), Split("A", line((-0.1, 0.02), (2.1, 0.02)), ("N",)))
    assert told.code == "grid_too_small"


def test_a_compound_in_two_grids_is_taken_from_both() -> None:
    done = redrawn(town("AAB / AAB"), Carve(box(0.2, 1.5, 0.8, 2.5), "N"))
    assert handed(done) == [("A", "N"), ("B", "N")]


def test_a_grid_given_up_leaves_its_ground_uncovered_and_it_can_be_filled_again() -> None:
    before = town("ABC / ABC")
    closed = redrawn(before, Close("B"))
    assert has(closed, "AUC / AUC")
    assert has(redrawn(closed.cells, Fill("1", to="A")), "AAC / AAC")
    again = redrawn(closed.cells, Fill("1", new="B"))
    assert has(again, "ABC / ABC")


def test_uncovered_ground_goes_to_whoever_has_most_of_its_border() -> None:
    done = redrawn(town("AAAC / AUUC / AAAB"), Fill("1"))
    assert has(done, "AAAC / AAAC / AAAB")


def test_each_piece_of_uncovered_ground_finds_its_own_neighbour() -> None:
    done = redrawn(town("UAABBU"), Fill("1"))
    assert has(done, "AAABBB")


def test_a_part_of_the_uncovered_ground_can_be_filled() -> None:
    before = town("AAUU / AAUU")
    done = redrawn(before, Fill("1", to="A", area=box(-0.1, 1.5, 2.1, 3.0)))
    assert share(done, "A", before) == pytest.approx(1.5, abs=1e-3)
    spot_ = line((0.5, 2.5), (0, 0))[0]
    assert has(redrawn(before, Fill("1", to="A", spot=spot_)), "AAAA / AAAA")


def test_uncovered_ground_that_does_not_touch_the_grid_goes_to_the_neighbour_instead() -> None:
    before = town("ABBU")
    told = refused(before, Fill("1", to="A"))
    assert told.remedy is not None
    assert (told.code, told.remedy.kind) == ("area_apart", "fill_beside")
    assert has(redrawn(before, Fill("1")), "ABBB")


@pytest.mark.parametrize(("picture", "code"), [("AUB", "grid_locked"), ("XU", "fill_alone")])
def test_ground_that_no_grid_beside_it_may_take_can_be_a_grid_of_its_own(
    picture: str, code: str
) -> None:
    free = town(picture)
    before = free.replaced(
        [Cell(c.code, c.community, c.shape, locked=True) for c in free if c.kind == "basic"]
    )
    told = refused(before, Fill("1"))
    assert told.remedy is not None
    assert (told.code, told.remedy.kind) == (code, "make_new_grid")
    assert told.facts.get("grid", "A") == "A"
    assert has(redrawn(before, Fill("1", new="N")), picture.replace("U", "N"))


def test_where_nothing_is_uncovered_there_is_nothing_to_fill() -> None:
    assert refused(town("AB"), Fill("1", to="A")).code == "nothing_uncovered"
    assert refused(town("AUB"), Fill("1", "A", spot=(0.0, 0.0))).code == "nothing_uncovered"


def test_an_area_over_uncovered_ground_alone_is_filled() -> None:
    told = refused(town("AUU"), Give(box(0.2, 1.2, 0.8, 2.2), "A"))
    assert told.remedy is not None
    assert (told.code, told.remedy.kind) == ("only_uncovered", "fill")


def test_a_grid_is_shared_out_to_whoever_is_nearest() -> None:
    before = town("AABBCC / AABBCC")
    done = redrawn(before, Retire("B"))
    assert handed(done) == [("B", "A"), ("B", "C")]
    assert share(done, "A", before) == pytest.approx(1.5, abs=0.02)


def test_a_grid_of_many_kilometres_is_shared_out_as_exactly_and_with_few_points() -> None:
    west = dict(zip("ABC", (109.0, 109.25, 109.5), strict=True))
    squares = {code: shapely.box(x, 32, x + 0.25, 32.25) for code, x in west.items()}
    before = cells.cells_of(squares, "1")
    done = redrawn(before, Retire("B"))
    assert share(done, "A", before) == pytest.approx(1.5, abs=0.001)
    assert share(done, "C", before) == pytest.approx(1.5, abs=0.001)
    far = nearest.MOST_ALONG * nearest.SPACING_M
    assert len(nearest.along(far, 10.0)) < far / 10.0 + 500


def test_a_grid_can_be_left_to_one_heir() -> None:
    assert has(redrawn(town("ABC / ABC"), Retire("B", ("C",))), "ACC / ACC")
    assert refused(town("ABCD"), Retire("B", ("D",))).code == "not_neighbours"


def test_the_last_grid_has_no_heir_but_can_be_closed() -> None:
    told = refused(town("AX"), Retire("A"))
    assert told.remedy is not None
    assert (told.code, told.remedy.kind) == ("no_heir", "close")


# Adopting


def test_a_community_drawn_again_by_hand_is_taken_over_exactly() -> None:
    before = town("AABB / AABB / XYYY")
    drawn = (
        ("A", box(0.001, -0.001, 1.999, 1.5)),
        ("B", box(0.0, 1.503, 2.0, 4.0)),
    )
    done = redrawn(before, Adopt("1", drawn))
    assert share(done, "A", before) == pytest.approx(0.75, abs=0.01)
    assert done.noded == ("Y",)


def test_grids_that_were_not_drawn_want_a_word() -> None:
    before, drawn = town("AABB"), (("A", box(0, 0, 1, 4)),)
    assert refused(before, Adopt("1", drawn)).code == "donor_vanishes"
    assert has(redrawn(before, Adopt("1", drawn, retire=("B",))), "AAAA")


def test_grids_drawn_as_they_are_take_no_part_and_may_be_locked() -> None:
    free = town("AABC / AABC")
    before = Cells(Cell(c.code, c.community, c.shape, locked=c.code == "C") for c in free)
    drawn = (
        ("A", box(0, 0, 2, 1)),
        ("B", box(0, 1, 2, 3)),
        ("C", box(0, 3, 2, 4)),
    )
    done = redrawn(before, Adopt("1", drawn))
    assert handed(done) == [("A", "B")]
    assert done.cells["C"].shape.equals(before["C"].shape)
    wider = (*drawn[:1], ("B", box(0, 1, 2, 3.5)), ("C", box(0, 3.5, 2, 4)))
    assert refused(before, Adopt("1", wider)).code == "grid_locked"


def test_a_drawing_with_new_codes_makes_new_grids() -> None:
    drawn = (("A", box(0, 0, 1, 2)), ("1+001", box(0, 2, 1, 4)))
    done = redrawn(town("AAAA"), Adopt("1", drawn))
    assert handed(done) == [("A", "1+001")]
    assert done.cells["1+001"].shape.equals(plain.as_area(box(0, 2, 1, 4)))


# Rights


def test_neighbours_in_another_community_get_vertices_only() -> None:
    before = town("AABB / XXYY")
    done = redrawn(before, Split("A", line((-0.1, 1.2), (1.2, 1.2)), ("N",)))
    assert done.noded == ("X",)
    assert done.cells["X"].shape.equals(before["X"].shape)


@pytest.mark.parametrize(
    "intent",
    [
        Merge(("A", "X"), "A"),
        Give(box(0.5, 0.2, 1.5, 0.8), "B", donors=("X",)),
        Reshape("A", "X", line((1, 0.2), (1.5, 0.5), (1, 1.2))),
    ],
)
def test_ground_never_changes_its_community(intent: Intent) -> None:
    assert refused(town("AABB / XXYY"), intent).code == "two_communities"


def test_an_area_that_reaches_into_another_community_takes_from_its_own_only() -> None:
    done = redrawn(town("AABB / XXYY"), Give(box(0.5, 1.5, 1.5, 2.5), "B"))
    assert handed(done) == [("A", "B")]


def test_a_plan_for_one_community_cannot_touch_another() -> None:
    with pytest.raises(InvalidRedraw, match="other_community"):
        replay.perform(town("AABB / XXYY"), Close("X"), within={"1"})


def test_a_locked_grid_stays_as_it_is() -> None:
    before = town("AABB")
    locked = before.replaced([Cell("B", "1", before["B"].shape, locked=True)])
    told = refused(locked, Merge(("A", "B"), "A"))
    assert (told.code, told.facts["grid"]) == ("grid_locked", "B")


@pytest.mark.parametrize(
    "intent", [Split("N", line((0, 0), (1, 1)), ("O",)), Merge(("A", "N"), "A"), Close("~1")]
)
def test_grids_that_are_not_there_are_refused(intent: Intent) -> None:
    assert refused(town("ABU"), intent).code == "no_such_grid"


# Undoing, and what a log holds


@pytest.mark.parametrize(
    "intent",
    [
        Split("A", line((0.5, -0.1), (0.7, 2.1)), ("N",)),
        Merge(("A", "B"), "A"),
        Give(box(0.2, 1.5, 0.8, 2.5), "B"),
        Carve(box(0.2, 0.2, 0.8, 0.8), "N"),
        Close("A"),
        Fill("1", to="B"),
        Retire("A"),
    ],
)
def test_the_inverse_gives_everybody_back_what_was_theirs(intent: Intent) -> None:
    before = town("AABU / AABB / CCCC")
    done = redrawn(before, intent)
    back = redrawn(done.cells, replay.inverse(before, done))
    assert [c for c in back.cells.codes if c in before or c[0] != "~"] == before.codes
    for code in before.codes:
        off = back.cells[code].shape.symmetric_difference(before[code].shape).area
        assert off <= before[code].shape.length


def test_the_inverse_works_when_others_have_moved_on() -> None:
    before = town("AABBCC / AABBCC")
    first = redrawn(before, Give(box(0.2, 1.5, 0.8, 2.5), "B"))
    second = redrawn(first.cells, Split("C", line((1.0, 3.9), (1.0, 6.1)), ("N",)))
    back = redrawn(second.cells, replay.inverse(before, first))
    assert back.cells["A"].shape.equals(before["A"].shape)
    assert "N" in back.cells


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({}, "op"),
        ({"op": "paint"}, "op"),
        ({"op": ["split"]}, "op"),
        ({"op": "split", "grid": "A", "line": [[1, 2]]}, "new"),
        ({"op": "split", "grid": "A", "line": "1,2", "new": ["N"]}, "line"),
        ({"op": "split", "grid": "A", "line": [["a", 1]], "new": ["N"]}, "line"),
        ({"op": "split", "grid": 7, "line": [[1, 2]], "new": ["N"]}, "grid"),
        ({"op": "split", "grid": "A", "line": [[1, 2, 3]], "new": ["N"]}, "line"),
        ({"op": "give", "to": "B", "area": [[1, 2]]}, "area"),
        ({"op": "give", "to": "B", "area": [[[[True, 1]]]]}, "area"),
        ({"op": "close", "grid": "A", "now": True}, "now"),
        ({"op": "close", "grid": "A\u0000"}, "grid"),
        ({"op": "carve", "new": "N", "area": [], "kind": "uncovered"}, "kind"),
        ({"op": "restore", "grids": [{"code": "A"}]}, "grids"),
    ],
)
def test_what_does_not_read_is_refused_by_its_field(given: dict[str, object], field: str) -> None:
    with pytest.raises(InvalidRedraw) as told:
        from_json(given)
    assert (told.value.code, told.value.facts["field"]) == ("intent_unreadable", field)


def test_a_vertex_survives_the_seven_decimals_of_the_log() -> None:
    rng = np.random.default_rng()
    points = lattice.snap(rng.uniform([100, 20], [120, 50], (1_000, 2)))
    again = [plain.as_line((p, p)).coords[0] for p in map(_seven, points.tolist())]
    assert np.array_equal(np.array(again), points * lattice.STEPS)


def _seven(point: Sequence[float]) -> tuple[float, float]:
    return round(point[0], 7), round(point[1], 7)


def test_an_edit_far_away_leaves_every_other_cell_untouched() -> None:
    before = town("AABBCCDD / AABBCCDD")
    done = redrawn(before, Split("A", line((1.0, -0.1), (1.0, 2.1)), ("N",)))
    for code in ("C", "D"):
        assert done.cells[code] is before[code]


def test_a_remedy_is_one_that_the_intent_can_take() -> None:
    around_all_of_it = line((0, 1), (0, 2), (1, 2), (1, 1))
    with pytest.raises(InvalidRedraw, match="donor_vanishes") as refused:
        replay.perform(town("AB"), Reshape("A", "B", around_all_of_it))
    assert refused.value.remedy == Remedy("draw_again")
