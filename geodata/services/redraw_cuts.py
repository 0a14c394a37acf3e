"""Buildings that a plan cuts, and whether somebody said yes to each: in the `cuts` of its steps."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import RowMapping
from sqlalchemy.orm import Session

from geodata.db import plans
from geodata.domain import measure
from geodata.domain.cells import Cells
from geodata.domain.intent import Intent
from geodata.domain.lattice import Shapes
from geodata.domain.partition import Bools
from geodata.errors import InvalidRedraw, Remedy

CUT: Final = 0.02
"""A building is cut where more than this share of its outline lies beyond a border."""


def ground(before: Cells, after: Cells, touched: Iterable[str]) -> BaseGeometry:
    """All ground (degrees) of some cells, before and after."""
    both = [(cells, code) for code in touched for cells in (before, after)]
    return shapely.union_all([cells[code].degrees for cells, code in both if code in cells])


def cut(houses: Sequence[RowMapping], before: Cells, after: Cells) -> list[RowMapping]:
    """Buildings that lie in two cells by more than a crumb, and did not before."""
    outlines = measure.array([house["outline"] for house in houses])
    here = _astride(outlines, after) & ~_astride(outlines, before)
    return [house for house, one in zip(houses, here.tolist(), strict=True) if one]


def _astride(outlines: Shapes, cells: Cells) -> Bools:
    """Which outlines have more than a crumb in each of two cells."""
    shapes = measure.array([cell.degrees for cell in cells])
    house, cell = shapely.STRtree(shapes).query(outlines, predicate="intersects")
    part = shapely.area(shapely.intersection(outlines[house], shapes[cell]))
    large = part > CUT * shapely.area(outlines[house])
    return np.bincount(house[large], minlength=len(outlines)) > 1


def refuse(
    session: Session,
    before: Cells,
    after: Cells,
    touched: Iterable[str],
    intents: Sequence[Intent],
) -> None:
    """Raises InvalidRedraw ``buildings_cut`` (buildings, count) where nobody said yes to some.

    `touched` are the cells that are another shape after the `intents` of a plan than before; the
    remedy is the last of those with the yes.
    """
    said = {code for one in intents for code in one.cuts}
    houses = plans.buildings_on(session, ground(before, after, touched))
    asked = [one for one in cut(houses, before, after) if one["code"] not in said]
    if not asked:
        return
    codes = sorted(str(house["code"]) for house in asked)
    last = intents[-1].cuts if intents else ()
    raise InvalidRedraw(
        "buildings_cut",
        place=shapely.union_all([house["outline"] for house in asked]),
        remedy=Remedy("cut_anyway", {"cuts": sorted({*last, *codes})}),
        buildings=codes,
        count=len(codes),
    )
