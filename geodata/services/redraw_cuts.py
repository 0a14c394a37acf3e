"""Buildings and courtyards that a plan cuts, and whether somebody said yes to each.

The yes stands in the `cuts` of its steps.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import RowMapping
from sqlalchemy.orm import Session

from geodata.db import plans
from geodata.domain import cutting, measure
from geodata.domain.cells import Cells
from geodata.domain.intent import Intent
from geodata.errors import InvalidRedraw, Remedy


def ground(before: Cells, after: Cells, touched: Iterable[str]) -> BaseGeometry:
    """All ground (degrees) of some cells, before and after."""
    both = [(cells, code) for code in touched for cells in (before, after)]
    return shapely.union_all([cells[code].degrees for cells, code in both if code in cells])


def cut(houses: Sequence[RowMapping], before: Cells, after: Cells) -> list[RowMapping]:
    """Buildings and courtyards that new borders cut further than before, as `cutting.cut` says."""
    if not houses:
        return []
    outlines = measure.array([house["outline"] for house in houses])
    parted = cutting.cut(outlines, before, after).tolist()
    return [house for house, one in zip(houses, parted, strict=True) if one]


def allowing(wanted: Intent, cuts: Sequence[str]) -> Intent:
    """An intent that may cut these buildings (codes) besides those that it may cut already."""
    return replace(wanted, cuts=tuple(sorted({*wanted.cuts, *cuts})))


def refuse(
    session: Session,
    before: Cells,
    after: Cells,
    touched: Iterable[str],
    intents: Sequence[Intent],
    *,
    drawn: bool = False,
) -> None:
    """Raises InvalidRedraw ``buildings_cut`` where nobody said yes to some that are cut.

    Its facts are ``buildings`` (the codes of buildings and courtyards), ``count`` of buildings and
    ``courtyards`` of those. `touched` are the cells that are another shape after the `intents` of a
    plan than before; the remedy is the last of those with the yes. What is `drawn` already cannot
    be sent with it: its last step is to be taken anew.
    """
    said = {code for one in intents for code in one.cuts}
    houses = plans.buildings_on(session, ground(before, after, touched))
    asked = [one for one in cut(houses, before, after) if one["code"] not in said]
    if not asked:
        return
    codes = sorted(str(house["code"]) for house in asked)
    courts = sum(house["kind"] == "courtyard" for house in asked)
    last = intents[-1].cuts if intents else ()
    yes = Remedy("cut_anyway", {"cuts": sorted({*last, *codes})})
    raise InvalidRedraw(
        "buildings_cut",
        place=shapely.union_all([house["outline"] for house in asked]),
        remedy=Remedy("step_again") if drawn else yes,
        buildings=codes,
        count=len(asked) - courts,
        courtyards=courts,
    )
