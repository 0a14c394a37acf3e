"""Which buildings and courtyards new borders cut, further than the old ones did."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Final

import numpy as np
import pytest
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from geodata.domain import cutting, measure
from geodata.domain.cells import Cells, cells_of
from geodata.domain.crs import metres_per_degree

AT: Final = np.array([109.0, 32.7])
KX, KY = metres_per_degree(32.7)


def box(west: float, south: float, east: float, north: float) -> Polygon:
    """A box in metres about a place, in degrees."""
    ring = np.array([[west, south], [east, south], [east, north], [west, north]])
    return Polygon(ring / [KX, KY] + AT)


def strips(*edges: float) -> Cells:
    """Cells side by side from west to east between some edges (metres)."""
    pairs = pairwise(edges)
    return cells_of({f"{n}": box(a, 0, b, 300) for n, (a, b) in enumerate(pairs)}, "1")


def cut(outline: BaseGeometry, before: Cells, after: Cells) -> bool:
    return bool(cutting.cut(measure.array([outline]), before, after)[0])


ONE: Final = (0, 200)
HOUSE: Final = box(90, 10, 110, 30)
COURT: Final = box(50, 50, 150, 250)


@pytest.mark.parametrize(
    ("what", "before", "after", "is_cut"),
    [
        (HOUSE, ONE, (0, 100, 200), True),
        (HOUSE, ONE, (0, 90, 200), False),
        (HOUSE, (0, 100, 200), ONE, False),
        (HOUSE, (0, 100, 200), (0, 100, 200), False),
        (HOUSE, (0, 100, 200), (0, 90, 200), False),
        # In two grids already, and the border moves through the house, or a third comes in.
        (HOUSE, (0, 100, 200), (0, 105, 200), True),
        (HOUSE, (0, 100, 200), (0, 100, 105, 200), True),
        # A share that is small of a courtyard is no crumb where it is wide and large on the ground.
        (COURT, ONE, (0, 51.9, 200), True),
        (COURT, ONE, (0, 50.4, 200), False),
        (HOUSE, ONE, (0, 90.15, 200), False),
        # Many crumbs are none.
        (COURT, (0, 50.4, 200), (0, 50.8, 200), True),
    ],
)
def test_what_lay_together_and_is_parted_is_cut(
    what: BaseGeometry, before: tuple[float, ...], after: tuple[float, ...], *, is_cut: bool
) -> None:
    assert cut(what, strips(*before), strips(*after)) is is_cut


def test_who_has_the_ground_makes_no_cut() -> None:
    before = strips(0, 100, 200)
    shapes: Mapping[str, BaseGeometry] = before.shapes()
    renamed = cells_of({"8": shapes["0"], "9": shapes["1"]}, "1")
    assert not cut(HOUSE, before, renamed)
    assert not cut(box(300, 0, 310, 10), before, renamed)
