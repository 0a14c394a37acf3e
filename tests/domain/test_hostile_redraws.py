"""Requests that somebody sends who means harm: no ground, no code and no time is theirs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from geodata.domain import cells, replay, strokes
from geodata.domain.cells import Cells
from geodata.domain.intent import from_json
from geodata.domain.redraw import Redrawn
from geodata.errors import InvalidRedraw
from tests.drawing import draw, line

HOME = "1"


def town(picture: str) -> Cells:
    """The cells of a picture in community 1; X and Y are in community 2."""
    shapes = draw(picture)
    return cells.cells_of(shapes, {code: "2" if code in "XY" else HOME for code in shapes})


def box(top: float, left: float, bottom: float, right: float) -> list[Any]:
    return [[line((top, left), (top, right), (bottom, right), (bottom, left))]]


def asked(before: Cells, op: str, **told: object) -> Redrawn:
    return replay.perform(before, from_json({"op": op, **told}), within={HOME})


def refused(before: Cells, op: str, **told: object) -> InvalidRedraw:
    with pytest.raises(InvalidRedraw) as found:
        asked(before, op, **told)
    return found.value


def adopted(before: Cells, *grids: tuple[str, object], retire: Sequence[str] = ()) -> InvalidRedraw:
    drawn = [list(pair) for pair in grids]
    return refused(before, "adopt", community=HOME, grids=drawn, retire=list(retire))


@pytest.mark.parametrize("locked", [False, True])
def test_no_ground_is_given_to_a_grid_of_another_community(*, locked: bool) -> None:
    before = town("AABB / AAXX")
    before = before.replaced([replace(before["X"], locked=locked)])
    whole = adopted(before, ("A", box(0, 0, 2, 2)), ("X", box(0, 2, 1, 4)), retire=["B"])
    part = adopted(before, ("A", box(0, 0, 2, 2)), ("B", box(0, 2, 1, 3)), ("X", box(0, 3, 1, 4)))
    for told in (whole, part):
        assert (told.code, told.facts["communities"]) == ("other_community", ["1", "2"])
        assert told.place is not None
        assert told.place.equals(before["X"].degrees)


@pytest.mark.parametrize(
    "code",
    ["610902001004001", "evil+x", "<img src=x>", "~1", "~2", "1+", "1+x", "1+1", "2+001", "1+٣٣٣"],
)
def test_nobody_makes_up_the_code_of_a_grid(code: str) -> None:
    before = town("AAAA / YYYY")
    told = adopted(before, ("A", box(0, 0, 1, 2)), (code, box(0, 2, 1, 4)))
    assert (told.code, told.facts["grid"]) == ("no_such_grid", code)
    back = refused(before, "restore", grids=[kept(code, box(0, 2, 1, 4))])
    assert (back.code, back.facts["grid"]) == ("no_such_grid", code)


def kept(code: str, area: object, kind: str = "basic") -> dict[str, object]:
    return {"code": code, "community": HOME, "kind": kind, "multipart": False, "area": area}


def test_a_code_stands_for_one_area_only() -> None:
    twice = [["1+001", box(0, 0, 1, 1)], ["1+001", box(0, 1, 1, 2)]]
    told = refused(town("AA"), "adopt", community=HOME, grids=twice)
    assert (told.code, told.facts["field"]) == ("intent_unreadable", "grids")
    again = [kept("A", box(0, 0, 1, 1)), kept("A", box(0, 1, 1, 2))]
    told = refused(town("AA"), "restore", grids=again)
    assert (told.code, told.facts["field"]) == ("intent_unreadable", "grids")


BOW_TIE = [[line((0, 0), (1, 1), (1, 0), (0, 1))]]


@pytest.mark.parametrize(
    "area",
    [
        [[]],
        [[line((0, 0), (0, 1))]],
        BOW_TIE,
        [[[[109.02, 32.69], [109.020001, 32.69], [109.020001, 32.690001]]]],
        [*box(0, 0, 1, 2), *box(0, 1, 1, 3)],
        [[*box(0, 0, 1, 1)[0], *box(3, 3, 4, 4)[0]]],
        box(0, 0, 1, 9),
    ],
)
def test_what_is_restored_is_what_was_there_and_not_what_is_told(area: object) -> None:
    before = town("AABB")
    given = asked(before, "give", to="B", area=box(0, 1, 1, 3))
    back = asked(given.cells, "restore", grids=[kept("A", area, "uncovered")])
    assert back.cells.same_as(before)


@pytest.mark.parametrize("number", [10**30, -(10**400), 1e300, 181, float("inf"), float("nan")])
def test_coordinates_that_are_none_do_not_read(number: float) -> None:
    before = town("AABB")
    told = refused(before, "restore", grids=[kept("A", [[[[number, 1], [1, 1], [1, 2]]]])])
    assert (told.code, told.facts["field"]) == ("intent_unreadable", "grids")
    split = {"grid": "A", "line": line((0.5, -0.1), (0.5, 2.1)), "new": ["N"]}
    told = refused(before, "split", **split, keep=[number, 1])
    assert (told.code, told.facts["field"]) == ("intent_unreadable", "keep")
    told = refused(before, "fill", community=HOME, spot=[1, number])
    assert (told.code, told.facts["field"]) == ("intent_unreadable", "spot")


def test_restoring_takes_no_other_grid_off_the_map() -> None:
    before = town("AABB / CCCC")
    merged = asked(before, "merge", grids=["A", "B"], into="A").cells
    back = asked(merged, "restore", grids=[kept("B", box(0, 0, 2, 4))])
    assert back.cells.same_as(before)
    moved = asked(before, "give", to="B", area=box(0, 1, 1, 2)).cells
    moved = asked(moved, "give", to="C", area=box(0, 2, 1, 4)).cells
    told = refused(moved, "restore", grids=[kept("A", [])])
    assert (told.code, told.facts["grids"]) == ("donor_vanishes", ["B"])


def test_restoring_ends_grids_that_came_since() -> None:
    before = town("AABB")
    split = asked(before, "split", grid="A", line=line((-0.1, 1), (1.1, 1)), new=["1+001"])
    assert asked(split.cells, "restore", grids=[kept("A", [])]).cells.same_as(before)


def test_a_giver_that_is_not_there_is_told_of() -> None:
    told = refused(town("AABB"), "give", to="B", area=box(0, 1, 1, 3), donors=["A", "N"])
    assert (told.code, told.facts["grid"]) == ("no_such_grid", "N")


def comb(teeth: int, *, lying: bool = False) -> list[Any]:
    """An area with teeth across two letters by two of a picture."""
    tooth = ((1.9, 0.0), (0.1, 0.0), (0.1, 0.5), (1.9, 0.5))
    spots = [(row, 0.1 + 1.8 * (n + by) / teeth) for n in range(teeth) for row, by in tooth]
    spots = [(1.95, 0.1), *spots, (1.95, 1.9)]
    return [[line(*((b, a) if lying else (a, b) for a, b in spots))]]


def test_combs_across_one_another_are_refused_before_they_are_noded() -> None:
    told = adopted(town("AB / AB"), ("A", comb(25)), ("B", comb(25, lying=True)))
    assert (told.code, told.facts["limit"]) == ("drawn_across", strokes.CROSSINGS)
    told = adopted(town("AA / BB / CC"), ("A", comb(2_000)), retire=["B", "C"])
    assert (told.code, told.facts["limit"]) == ("drawn_across", strokes.CROSSINGS_NEAR)


@pytest.mark.parametrize(
    "given",
    [
        {"op": "split", "grid": "A", "new": ["N"]},
        {"op": "reshape", "grid": "A", "other": "B"},
    ],
)
def test_a_line_to_and_fro_is_refused_before_it_cuts(given: dict[str, Any]) -> None:
    zigzag = line(*((0.9 * n / 500 + 0.05, 0.5 + n % 2) for n in range(500)))
    told = refused(town("AB"), **given, line=zigzag)
    assert (told.code, told.facts["limit"]) == ("line_to_and_fro", strokes.TO_AND_FRO)
