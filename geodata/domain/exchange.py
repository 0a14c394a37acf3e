"""Between two divisions of the same ground: what went from whom to whom."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import shapely
from shapely.geometry.base import BaseGeometry

from geodata.domain import lattice
from geodata.domain.cells import Cells
from geodata.domain.patch import slivers
from geodata.domain.plane import around


@dataclass(frozen=True)
class Exchange:
    """Ground that one cell gave to another; `share` of all the giver had, `shape` in degrees."""

    giver: str
    taker: str
    share: float
    shape: BaseGeometry


def exchanges(before: Cells, after: Cells, codes: Collection[str]) -> list[Exchange]:
    """What went from whom to whom among some cells, in order; crumbs are left out."""
    givers = [before[code] for code in sorted(codes) if code in before]
    takers = [after[code] for code in sorted(codes) if code in after]
    found = []
    for giver in givers:
        for taker in takers:
            if giver.code == taker.code or giver.shape.is_empty:
                continue
            both = shapely.intersection(giver.shape, taker.shape)
            if both.area > 0 and not slivers([both], around([both]))[0]:
                share = float(both.area / giver.shape.area)
                found.append(Exchange(giver.code, taker.code, share, lattice.to_degrees(both)))
    return found
