"""Which grid came from which: written by each publishing, read as a family tree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from geodata.db import plans
from geodata.domain.cells import UNCOVERED
from geodata.domain.exchange import Exchange


def trace(
    session: Session,
    number: int,
    given: Sequence[Exchange],
    ids: Mapping[str, int],
    touched: BaseGeometry,
) -> None:
    """Write which grid came from which, with the share of its area and of its households."""
    passed = [one for one in given if not {one.giver[0], one.taker[0]} & {UNCOVERED}]
    houses = plans.buildings_on(session, touched)
    total: dict[int, int] = {}
    for house in houses:
        total[house["grid_id"]] = total.get(house["grid_id"], 0) + house["households"]
    rows = []
    for one in passed:
        giver = ids[one.giver]
        shapely.prepare(one.shape)
        moved = sum(
            house["households"]
            for house in houses
            if house["grid_id"] == giver and one.shape.intersects(house["door"])
        )
        lineage = {"plan_id": number, "parent_id": giver, "child_id": ids[one.taker]}
        share = moved / total[giver] if total.get(giver) else 0.0
        rows.append({**lineage, "area_share": one.share, "household_share": share})
    plans.add_lineage(session, rows)
