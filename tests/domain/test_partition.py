from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString, MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from geodata.domain import lattice, partition
from tests.drawing import draw, ground, spot


def kinds(flaws: list[partition.Flaw]) -> list[tuple[str, str]]:
    return [(flaw.kind, "".join(flaw.codes)) for flaw in flaws]


def flaws_of(picture: str, loose: str = "") -> list[partition.Flaw]:
    return partition.check(draw(picture), ground(picture), loose)


def test_a_sound_division_has_no_flaw() -> None:
    assert flaws_of("AAB / ACB / CCB") == []


def test_ground_that_nobody_has_is_a_gap() -> None:
    flaws = flaws_of("AAA / A.B / BBB")
    assert kinds(flaws) == [("gap", "")]
    assert flaws[0].place.contains(spot(1.5, 1.5))


def test_a_gap_at_the_edge_is_seen_too() -> None:
    assert kinds(flaws_of("AAB / AA.")) == [("gap", "")]


def test_a_cell_in_two_pieces_strays() -> None:
    flaws = flaws_of("AABA / AABB")
    assert kinds(flaws) == [("stray", "A")]
    assert flaws[0].place.contains(spot(0.5, 3.5))
    assert not flaws[0].place.contains(spot(0.5, 0.5))


def test_loose_cells_may_be_in_pieces_or_empty() -> None:
    cells: dict[str, BaseGeometry] = {**draw("UAU"), "V": MultiPolygon()}
    assert partition.check(cells, ground("UAU"), loose={"U", "V"}) == []
    assert kinds(partition.check(cells, ground("UAU"), loose={"U"})) == [("invalid", "V")]


def test_an_overlap_names_both_and_shows_where() -> None:
    cells = draw("AAB")
    cells["B"] = shapely.box(*draw(".XX")["X"].bounds)
    flaws = partition.check(cells, ground("AAB"))
    assert kinds(flaws) == [("overlap", "AB")]
    assert flaws[0].place.contains(spot(0.5, 1.5))


def test_ground_beyond_the_outline_is_outside() -> None:
    flaws = partition.check(draw("AAB"), draw("XX.")["X"])
    assert kinds(flaws) == [("outside", "AB")]


def test_a_vertex_on_one_side_only_is_unmatched() -> None:
    cells = draw("AA / BC")
    cells["A"] = shapely.box(*cells["A"].bounds)
    flaws = partition.check(cells, ground("AA / BC"))
    assert {flaw.kind for flaw in flaws} == {"unmatched"}
    assert ("A",) in [flaw.codes for flaw in flaws]


def test_a_shape_off_the_lattice_is_told() -> None:
    square = Polygon([(109.1, 32.6), (109.2, 32.6), (109.2, 32.7), (109.1, 32.7)])
    assert kinds(partition.check({"A": square}, square)) == [("off_lattice", "A")]


def test_an_invalid_shape_is_reported_alone() -> None:
    bow_tie = lattice.snap_shape(Polygon([(109, 32), (109.5, 32.5), (109.5, 32), (109, 32.5)]))
    cells: dict[str, BaseGeometry] = {**draw("B"), "A": bow_tie}
    assert kinds(partition.check(cells, ground("B"))) == [("invalid", "A")]


def test_a_hole_of_one_square_metre_is_found() -> None:
    whole = ground("X")
    point = lattice.to_units(spot(0.5, 0.5))
    hole = point.buffer(45, cap_style="square")
    cell = lattice.to_degrees(lattice.to_units(whole).difference(hole))
    assert kinds(partition.check({"A": cell}, whole)) == [("gap", "")]


def test_neighbours_share_a_stretch_of_border_not_just_a_corner() -> None:
    assert partition.neighbours(draw("AB / CD")) == {
        "A": ("B", "C"),
        "B": ("A", "D"),
        "C": ("A", "D"),
        "D": ("B", "C"),
    }


def test_settling_gives_a_lost_piece_to_who_surrounds_it() -> None:
    cells = lattice.to_units(np.array([*draw("ABC / DEF").values()], dtype=object))
    labels = partition.settle(cells, np.array([0, 1, 0, 0, 1, 1]))
    assert labels.tolist() == [0, 1, 1, 0, 1, 1]


def test_absorbing_joins_the_small_to_its_longest_neighbour() -> None:
    cells = lattice.to_units(np.array([*draw("AAB / AAC").values()], dtype=object))
    small = 1.5 * float(cells[1].area)
    left = partition.absorb(cells, lambda shapes: shapely.area(shapes) < small)
    assert len(left) < len(cells)
    assert float(shapely.area(left).sum()) == float(shapely.area(cells).sum())


coordinate = st.integers(min_value=-5000, max_value=5000)
line = st.lists(st.tuples(coordinate, coordinate), min_size=2, max_size=5, unique=True)


@settings(max_examples=40, deadline=None)
@given(st.lists(line, min_size=1, max_size=8))
def test_faces_between_any_lines_are_a_sound_division(drawn: list[list[tuple[int, int]]]) -> None:
    frame = shapely.box(-6000, -6000, 6000, 6000)
    faces = partition.planar([frame.boundary, *(LineString(points) for points in drawn)])
    cells = {f"{i:03d}": lattice.to_degrees(face) for i, face in enumerate(faces)}
    assert partition.check(cells, lattice.to_degrees(frame)) == []


@pytest.mark.parametrize("picture", ["AB", "AAB / CCB", "ABC / ABC / DDD"])
def test_dissolving_by_one_label_gives_back_the_ground(picture: str) -> None:
    cells = lattice.to_units(np.array([*draw(picture).values()], dtype=object))
    whole = partition.dissolve(cells, np.zeros(len(cells), dtype=np.int64))[0]
    assert whole.equals(lattice.to_units(ground(picture)))
