"""What grids hold at present, in the figures by which plans are compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from shapely.geometry import Polygon
from sqlalchemy.orm import Session

from geodata.db import ground, workloads
from geodata.domain.workload import Band, Figures, forms


def band(session: Session) -> Band:
    """What a grid of this district should hold."""
    found = ground.first(session)
    if found is None:
        return Band()
    return Band(found["norm_households"], found["band_low"], found["band_high"])


def present(
    session: Session, ids: Sequence[int], norm: Band, rates: Mapping[str, float]
) -> dict[int, Figures]:
    """The figures of grids by id; `rates` are reports a household and year by community."""
    rows = workloads.held(session, ids)
    shapes = [row["shape"] if row["shape"] is not None else Polygon() for row in rows]
    return {
        int(row["id"]): Figures(
            *(form.area_m2, form.compactness, form.pieces),
            *(int(row["buildings"]), int(row["households"]), int(row["residents"])),
            *(int(row["groups"]), int(row["members"])),
            *(int(row["workers"]), int(row["open_issues"])),
            expected(row["households"], rates.get(row["community_code"], 0.0)),
            norm.standing(row["households"]),
        )
        for row, form in zip(rows, forms(shapes), strict=True)
    }


def expected(households: int, rate: float) -> float:
    """The reports of a year that so many households lead one to expect, to one decimal."""
    return round(households * rate, 1)
