"""Adopting hand-drawn and dirty sets: exact, accounted for, and the same again."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from geodata.domain import lattice, partition
from geodata.domain.adopt import Adopted, Tolerance, adopt, level_by_level
from geodata.domain.quality import About, check
from geodata.errors import InvalidShape
from geodata.files import coverages
from scripts import dirt
from tests.drawing import draw, ground, spot

DATA = Path(os.environ.get("WANGGE_DATA", Path(__file__).parents[3] / "shared" / "data"))
COMB = [(x / 400, y) for x in range(400) for y in ((0, 1) if x % 2 else (1, 0))]


def box(west: float, north: float, east: float, south: float) -> Polygon:
    one, other = spot(north, west), spot(south, east)
    return shapely.box(one.x, other.y, other.x, one.y)


def changes(done: Adopted) -> list[tuple[str, str | None, str, bool]]:
    return [(c.why, c.gained, "".join(c.lost), c.decide) for c in done.changes]


def held(done: Adopted) -> bool:
    cells = {**done.shapes, "~": done.uncovered}
    return partition.check(cells, done.ground, {"~", *done.in_pieces}) == []


def test_a_sound_division_stays_as_it_is() -> None:
    cells = draw("AAB / ACB / CCB")
    done = adopt(cells, ground("YYY / YYY / YYY"))
    assert all(done.shapes[code].equals(cells[code]) for code in cells)
    assert (done.changes, done.lost, done.in_pieces, done.moved_m) == ([], (), (), 0.0)
    assert done.uncovered.is_empty


def test_a_small_gap_goes_to_who_has_most_of_its_border() -> None:
    cells = {"A": box(0, 0, 1, 1), "B": box(1.02, 0, 2, 1), "C": box(0, 1, 2, 2)}
    done = adopt(cells, box(0, 0, 2, 2))
    assert changes(done) == [("gap", "A", "", False)]
    assert held(done)


def test_a_large_gap_becomes_uncovered_and_wants_a_decision() -> None:
    done = adopt(draw("AAA / A.B / BBB"), ground("YYY / YYY / YYY"))
    assert changes(done) == [("gap", None, "", True)]
    assert done.uncovered.equals(draw("... / .X. / ...")["X"])
    assert held(done)


def test_a_narrow_overlap_goes_to_the_claimant_with_the_longer_border() -> None:
    done = adopt({"A": box(0, 0, 1.02, 1), "B": box(1, 0, 2, 1), "C": box(0, 1, 2, 2)})
    ((why, gained, lost, decide),) = changes(done)
    assert (why, {gained, lost}, decide) == ("overlap", {"A", "B"}, False)
    assert done.changes[0].area_m2 == pytest.approx(200, rel=0.03)
    assert held(done)


def test_a_large_overlap_goes_to_the_lowest_code_and_wants_a_decision() -> None:
    done = adopt({"B": box(0, 0, 1.5, 1), "A": box(1, 0, 2, 1)})
    assert changes(done) == [("overlap", "A", "B", True)]
    assert held(done)


def test_a_small_stray_piece_goes_to_its_neighbour_and_a_large_one_stays() -> None:
    small = box(1.4, 0.4, 1.5, 0.5)
    cells = {"A": box(0, 0, 1, 1).union(small), "B": box(1, 0, 2, 1).difference(small)}
    assert changes(adopt(cells)) == [("stray", "B", "A", False)]
    done = adopt(draw("ABA"))
    assert (done.changes, done.in_pieces) == ([], ("A",))
    assert adopt(cells, multipart={"A"}).changes == []


def test_what_lies_beyond_the_ground_is_cut_off() -> None:
    done = adopt(draw("AAB"), ground("XX"))
    assert changes(done) == [("outside", None, "B", True)]
    assert done.lost == ("B",)


def test_a_bow_tie_is_taken_apart_and_told_of() -> None:
    tie = Polygon([spot(0, 0), spot(1, 1), spot(0, 1), spot(1, 0)])
    done = adopt({"A": tie})
    assert [c.why for c in done.changes] == ["untangled"]
    assert done.in_pieces == ("A",)
    assert held(done)


def test_layers_that_overlap_by_design_are_refused_and_can_be_adopted_each() -> None:
    layers: dict[str, BaseGeometry | None] = {**draw("AAB / AAB"), **draw("CDD / CDD")}
    with pytest.raises(InvalidShape, match="layers_stacked"):
        adopt(layers)
    assert [sorted(level) for level in level_by_level(layers)] == [["A", "B"], ["C", "D"]]
    for level in level_by_level(layers):
        assert adopt(level).changes == []


@pytest.mark.parametrize(
    ("shape", "code"),
    [
        (None, "missing_shape"),
        (LineString([(109, 32), (110, 33)]), "not_an_area"),
        (Polygon([(500000, 36), (500100, 36), (500100, 37)]), "no_degrees"),
        (Polygon([(32.0, 109.0), (32.1, 109.0), (32.1, 109.1)]), "swapped"),
        (Polygon(np.random.default_rng(2).random((400, 2))), "tangled"),
    ],
)
def test_what_cannot_be_adopted_is_refused_with_its_code(
    shape: BaseGeometry | None, code: str
) -> None:
    with pytest.raises(InvalidShape) as refused:
        adopt({**draw("B"), "A": shape})
    assert (refused.value.code, refused.value.facts["shape"]) == (code, "A")


def test_combs_across_one_another_are_refused_at_once() -> None:
    comb = Polygon([*COMB, (1, -0.1), (0, -0.1)])
    across = shapely.transform(comb, lambda p: p[:, ::-1])
    with pytest.raises(InvalidShape, match="too_many_crossings"):
        adopt({"A": comb, "B": across})


def test_the_tolerance_decides_what_is_large() -> None:
    cells = {"A": box(0, 0, 1, 1), "B": box(1.02, 0, 2, 1), "C": box(0, 1, 2, 2)}
    cells["D"] = box(0, -1, 2, 0)
    assert [c.decide for c in adopt(cells).changes] == [False]
    strict = adopt(cells, tolerance=Tolerance(area_m2=1.0, width_m=0.5))
    assert [(c.gained, c.decide) for c in strict.changes] == [(None, True)]


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=60, deadline=None)
def test_careless_drawings_become_exact_divisions(seed: int) -> None:
    assert dirt.trial(seed) == []


@pytest.mark.parametrize("seed", [390, 1663, 3119])
def test_drawings_that_once_went_wrong(seed: int) -> None:
    assert dirt.trial(seed) == []


def test_the_laws_can_be_broken() -> None:
    rng = np.random.default_rng(5)
    cells = dirt.division(rng, 8)
    drawn = dirt.soil(cells, rng, 0.6)
    done = adopt(drawn)
    code = min(done.shapes)
    moved = lattice.snap_shape(shapely.transform(done.shapes[code], lambda p: p + 1e-6))
    broken = replace(done, shapes={**done.shapes, code: moved})
    assert list(dirt.broken_laws(drawn, None, broken))
    assert list(dirt.broken_laws(drawn, None, replace(done, changes=[])))


def read(name: str, layer: str, code: str) -> dict[str, BaseGeometry]:
    coverage = coverages.read(DATA / name, layer, code)
    shapes = zip(coverage.codes or [], coverage.shapes, strict=True)
    return {code: shape for code, shape in shapes if shape is not None}


real = pytest.mark.skipif(
    not (DATA / "denver_precincts_dirty.gpkg").is_file(),
    reason=f"the real coverages are not in {DATA}; set WANGGE_DATA",
)


@real
@pytest.mark.parametrize(
    ("name", "layer", "code", "most"),
    [
        ("denver_precincts_dirty.gpkg", "precincts2020_orig", "PRECID", 30),
        ("uk_northumbria_lsoa2011.gpkg", "lsoa2011", "LSOA11CD", 30),
        ("vancouver_local_areas.gpkg", "local_areas", "mapid", 80),
        ("ks_ellis_county.gpkg", "vtd", "path", 0),
    ],
)
def test_real_coverages_become_exact(name: str, layer: str, code: str, most: int) -> None:
    drawn = read(name, layer, code)
    done = adopt(drawn)
    assert (held(done), done.lost) == (True, ())
    assert len(done.changes) <= most
    left = check(list(done.shapes.values()), list(done.shapes), None, About(stored=True))
    assert {flaw.kind for flaw in left} <= {"gap", "stray_piece"}
    assert not [f for f in left if f.kind == "gap" and f.severity == "error"]
    again = adopt(done.shapes)
    assert all(again.shapes[c].equals_exact(done.shapes[c], 0) for c in done.shapes)


@real
def test_thousands_of_micro_holes_are_one_line() -> None:
    drawn = read("uk_northumbria_lsoa2011.gpkg", "lsoa2011", "LSOA11CD")
    (line,) = [f for f in check(list(drawn.values()), list(drawn)) if f.check == "boundary"]
    assert 8_500 < line.count < 9_500
    assert 1.0 < line.measure < 3.0


@real
def test_clean_blocks_have_nothing_to_repair() -> None:
    drawn = read("ks_ellis_county.gpkg", "block", "path")
    flaws = check(list(drawn.values()), list(drawn))
    assert [flaw.kind for flaw in flaws] == ["off_lattice"]
