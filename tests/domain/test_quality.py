"""The six checks, on drawn places: each finds what it is for, and nothing else."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from shapely.geometry import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry

from geodata.domain import quality, soundness
from geodata.domain.flaw import CHECKS, KINDS, Flaw
from geodata.domain.quality import About, check, summary
from geodata.errors import InvalidShape
from tests.drawing import draw, ground, spot

STORED = About(stored=True)
COMMUNITY = "610902001003"


def flaws_of(picture: str, outline: str | None = None, about: About = STORED) -> list[Flaw]:
    cells = draw(picture)
    return check(list(cells.values()), list(cells), ground(outline) if outline else None, about)


def told(flaws: list[Flaw]) -> list[tuple[str, str]]:
    return [(flaw.kind, "".join(flaw.codes)) for flaw in flaws]


def bow_tie() -> Polygon:
    return Polygon([spot(0, 0), spot(1, 1), spot(0, 1), spot(1, 0)])


def box(west: float, north: float, east: float, south: float) -> Polygon:
    one, other = spot(north, west), spot(south, east)
    return shapely.box(one.x, other.y, other.x, one.y)


def with_corner(value: float) -> Polygon:
    with np.errstate(invalid="ignore"):
        return Polygon([(109, 32), (110, 32), (110, value)])


def test_a_sound_division_has_no_flaw() -> None:
    assert flaws_of("AAB / ACB / CCB", "YYY / YYY / YYY") == []


def test_a_gap_is_told_with_its_square_metres_and_a_place_in_it() -> None:
    (gap,) = flaws_of("AAA / A.B / BBB", "YYY / YYY / YYY")
    assert (gap.kind, gap.check, gap.severity, gap.unit) == ("gap", "boundary", "error", "m2")
    assert gap.measure == pytest.approx(10_000, rel=0.02)
    assert gap.spot is not None
    assert draw("... / .X. / ...")["X"].contains(Point(gap.spot))


def test_a_large_hole_without_an_outline_may_be_meant() -> None:
    (gap,) = flaws_of("AAA / A.B / BBB")
    assert (gap.kind, gap.severity) == ("gap", "warning")


def test_ground_known_to_be_in_no_grid_is_a_note() -> None:
    about = About(stored=True, known_open=draw("... / .X. / ...")["X"])
    (note,) = flaws_of("AAA / A.B / BBB", "YYY / YYY / YYY", about)
    assert (note.kind, note.severity, note.remedy) == ("uncovered", "note", "nothing")


def test_of_a_gap_that_is_partly_known_the_rest_is_a_flaw() -> None:
    about = About(stored=True, known_open=draw(".... / .X.. / ....")["X"])
    flaws = flaws_of("AAAA / A..B / BBBB", "YYYY / YYYY / YYYY", about)
    assert told(flaws) == [("gap", ""), ("uncovered", "")]


def test_ground_beyond_the_outline_is_told() -> None:
    assert ("outside_ground", "") in told(flaws_of("AAB", "XX"))


def test_an_overlap_names_both() -> None:
    flaws = check([box(0, 0, 2, 1), box(1.5, 0, 3, 1)], ["A", "B"])
    assert [f.kind for f in flaws if f.check == "topology"] == ["overlap"]
    assert flaws[0].codes == ("A", "B")
    assert flaws[0].measure == pytest.approx(5_000, rel=0.02)


def test_thousands_of_tiny_holes_are_one_line_with_the_largest_shown() -> None:
    cells = [(x, y) for x in range(1, 48) for y in range(1, 48)]
    holes = [box(x / 50, y / 50, x / 50 + 0.002, y / 50 + 0.002 + x / 1e5) for x, y in cells]
    area = box(0, 0, 1, 1).difference(shapely.union_all(holes))
    (line,) = [flaw for flaw in check([area], ["A"]) if flaw.check == "boundary"]
    assert line.count == len(holes)
    share = sum(shapely.area(holes)) / box(0, 0, 1, 1).area
    assert line.measure == pytest.approx(share * 10_000, rel=0.02)
    assert len(line.largest) == 10
    assert list(line.largest) == sorted(line.largest, reverse=True)


def test_what_is_drawn_inside_another_is_told_apart_from_an_overlap() -> None:
    flaws = check([box(0, 0, 2, 2), box(0.5, 0.5, 1, 1)], ["A", "B"])
    assert [f.kind for f in flaws if f.check == "topology"] == ["nested"]
    assert flaws[0].remedy == "decide"


def test_the_same_ground_twice_is_a_duplicate_unless_a_code_is_above_the_other() -> None:
    square = box(0, 0, 1, 1)
    assert told(check([square, square], ["A", "B"]))[0] == ("duplicate_shape", "AB")
    flaws = check([square, square], [COMMUNITY, f"{COMMUNITY}001"])
    assert flaws[0].kind == "stacked"
    assert flaws[0].severity == "note"


def test_two_layers_in_one_file_overlap_by_design() -> None:
    one, other = draw("AAB / AAB"), draw("CDD / CDD")
    flaws = check([*one.values(), *other.values()], [*one, *other], None, STORED)
    assert {flaw.kind for flaw in flaws} == {"stacked"}


def test_each_layer_of_a_stack_is_searched_for_gaps_by_itself() -> None:
    one, other = draw("AAB / A.B / AAB"), draw("CCD / CCD / CCD")
    flaws = check([*one.values(), *other.values()], [*one, *other], None, STORED)
    assert {flaw.kind for flaw in flaws} == {"stacked", "gap"}


def test_pieces_apart_are_one_line_a_code_unless_allowed() -> None:
    flaws = flaws_of("ABABCA")
    assert [(f.kind, f.codes, f.count) for f in flaws] == [
        ("stray_piece", ("A",), 2),
        ("stray_piece", ("B",), 1),
    ]
    assert flaws_of("ABABBA", about=About(stored=True, multipart={"A", "B"})) == []


def test_a_vertex_on_one_side_only_is_unmatched() -> None:
    cells = dict(draw("AA / BC"))
    flaws = check([shapely.box(*cells["A"].bounds), cells["B"], cells["C"]], list("ABC"))
    assert {f.kind for f in flaws if f.check == "topology"} == {"unmatched"}


@pytest.mark.parametrize(
    ("shape", "kind"),
    [
        (None, "missing_shape"),
        (Polygon(), "missing_shape"),
        (LineString([(109, 32), (110, 33)]), "not_an_area"),
        (with_corner(np.nan), "not_a_number"),
        (with_corner(np.inf), "not_a_number"),
        (Polygon([(500000, 3600000), (500100, 3600000), (500100, 3600100)]), "no_degrees"),
    ],
)
def test_a_shape_that_is_none_is_told_by_its_row(shape: BaseGeometry | None, kind: str) -> None:
    flaws = check([*draw("B").values(), shape], ["B", None], None, STORED)
    assert (kind, "#2") in told(flaws)
    assert not [f for f in flaws if f.check == "topology" and f.kind != kind]


def test_a_bow_tie_is_told_with_its_crossing_and_still_compared_with_others() -> None:
    flaws = check([bow_tie(), box(0, 0, 2, 1)], ["A", "B"])
    crossing = next(f for f in flaws if f.kind == "self_intersection")
    assert crossing.spot == pytest.approx(spot(0.5, 0.5).coords[0])
    assert {"nested", "overlap"} & {f.kind for f in flaws}


@pytest.mark.parametrize("corners", [300, 5000])
def test_a_scribble_is_refused_and_not_mended(corners: int) -> None:
    points = np.random.default_rng(1).random((corners, 2)) * 0.01 + [109.0, 32.0]
    flaws = check([Polygon(points)], ["A"])
    assert ("tangled", "A") in told(flaws)


def test_combs_across_one_another_are_not_compared() -> None:
    teeth = [(x / 400, y) for x in range(400) for y in ((0, 1) if x % 2 else (1, 0))]
    comb = Polygon([*teeth, (1, -0.1), (0, -0.1)])
    across = shapely.transform(comb, lambda p: p[:, ::-1])
    assert soundness.crowded([comb, across])
    assert ("unfinished", "") in told(check([comb, across], ["A", "B"]))


def test_too_many_vertices_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quality, "VERTICES", 3)
    with pytest.raises(InvalidShape, match="too_many_vertices"):
        flaws_of("A")


def test_when_time_is_up_it_says_so() -> None:
    assert told(flaws_of("AB", about=About(stored=True, spent=lambda: True))) == [
        ("unfinished", "")
    ]


def test_few_decimals_are_coarse_and_lattice_points_are_not() -> None:
    squares = [shapely.box(109 + x / 1000, 32, 109 + (x + 1) / 1000, 32.001) for x in range(9)]
    codes = [f"{n}" for n in range(9)]
    flaws = {flaw.kind: flaw for flaw in check(squares, codes)}
    assert flaws["coarse"].measure == pytest.approx(111)
    assert flaws["coarse"].facts["decimals"] == 3
    assert flaws["off_lattice"].severity == "note"
    assert check(squares, codes, None, STORED)[0].severity == "error"


def test_what_lies_elsewhere_is_told_with_the_reason() -> None:
    swapped = shapely.transform(draw("A")["A"], lambda p: p[:, ::-1])
    flaws = check([swapped, box(0, 0, 1, 1)], ["A", "B"], ground("XX"))
    assert ("swapped", "A") in told(flaws)


def test_what_lies_outside_the_outline_altogether_is_told() -> None:
    far = shapely.transform(draw("A")["A"], lambda p: p + 1)
    flaws = check([far, draw("B")["B"], box(0, 0, 1, 1)], ["A", "B", "C"], ground("XX"))
    assert ("elsewhere", "A") in told(flaws)
    assert ("elsewhere", "B") not in told(flaws)


def test_codes_and_names_are_checked() -> None:
    cells = list(draw("ABCDE").values())
    codes = [f"{COMMUNITY}001", f"{COMMUNITY}001", "", "61090", f"{COMMUNITY}004"]
    about = About(names=["一", "一", "三", "", "五"], scheme="GB", stored=True)
    flaws = {(f.kind, f.codes) for f in check(cells, codes, None, about)}
    assert flaws == {
        ("code_duplicate", (f"{COMMUNITY}001",)),
        ("code_missing", ("#3",)),
        ("code_malformed", ("61090",)),
        ("name_missing", ("61090",)),
        ("name_duplicate", (f"{COMMUNITY}001", f"{COMMUNITY}001")),
    }


def test_what_is_wrong_with_a_row_is_shown_where_it_lies() -> None:
    (flaw,) = check([draw("A")["A"]], ["x" * 99], None, STORED)
    assert flaw.spot is not None
    assert draw("A")["A"].contains(Point(flaw.spot))


def test_communities_and_streets_must_exist_and_hold_their_grids() -> None:
    cells = draw("AABC")
    codes = [f"{COMMUNITY}001", f"{COMMUNITY}002", "610902009001001"]
    about = About(
        communities={COMMUNITY: draw("XX..")["X"], "610902001009": draw("..XX")["X"]},
        streets=["610902001"],
        scheme="GB",
        stored=True,
    )
    found = {f.kind: f for f in check(list(cells.values()), codes, None, about)}
    assert set(found) == {
        "code_elsewhere",
        "community_unknown",
        "street_unknown",
        "community_without_grid",
    }
    assert found["code_elsewhere"].facts == {"says": COMMUNITY, "lies_in": "610902001009"}


def test_a_grid_that_reaches_out_of_its_community_is_told() -> None:
    about = About(communities={COMMUNITY: draw("XX.")["X"]}, scheme="GB", stored=True)
    flaws = check([draw("AAA")["A"]], [f"{COMMUNITY}001"], None, about)
    assert [(f.kind, round(f.measure, -2)) for f in flaws] == [("outside_community", 10_000)]


def test_weight_comes_first_and_every_check_is_counted() -> None:
    flaws = check([box(0, 0, 2, 1), box(1.5, 0, 3, 1), bow_tie()], ["A", "B", ""])
    severities = [f.severity for f in flaws]
    assert severities == sorted(severities, key=["error", "warning", "note"].index)
    counts = summary(flaws)
    assert tuple(counts) == CHECKS
    assert sum(row["errors"] for row in counts.values()) == severities.count("error")


def test_every_kind_belongs_to_a_check() -> None:
    assert {row[0] for row in KINDS.values()} == set(CHECKS)


def test_many_parts_do_not_hide_a_hole_between_them() -> None:
    ring = box(0, 0, 3, 3).difference(box(1, 1, 2, 2))
    island = box(1.4, 1.4, 1.6, 1.6)
    flaws = check([shapely.union_all([ring, island])], ["A"], None, About(multipart={"A"}))
    (gap,) = [f for f in flaws if f.kind == "gap"]
    assert gap.measure == pytest.approx(9_600, rel=0.02)
