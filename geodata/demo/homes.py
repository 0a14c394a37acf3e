"""How many live where: households and residents of each building, with exact totals."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from geodata.demo.facts import rows
from geodata.demo.houses import Houses
from geodata.demo.lots import Lot, Use
from geodata.demo.shares import largest_remainder, scaled
from geodata.domain.partition import Bools, Ints

PLATFORM_RESIDENTS = 368_000
"""Residents of the 27 platform communities when there are 620 grids."""
BAND = (200, 500)
"""Households that a grid should have."""
_PERSONS = 2.9
_LEVELS: dict[Use, tuple[int, int]] = {
    "houses": (2, 4),
    "slabs": (6, 8),
    "towers": (17, 31),
    "mixed": (4, 9),
    "school": (3, 5),
    "waste": (1, 1),
}


@dataclass(frozen=True)
class Homes:
    """Buildings' levels, households and residents; which grids were made too large."""

    levels: Ints
    households: Ints
    residents: Ints
    overloaded: Ints


def fill(
    lots: list[Lot], houses: Houses, civic: Bools, grids: int, rng: np.random.Generator
) -> Homes:
    """Households near the norm in each grid but a few, and residents that add up exactly."""
    own = [lots[i] for i in houses.prints.lot.tolist()]
    cell = np.array([lot.cell for lot in own])
    span = np.array([_LEVELS[lot.use] for lot in own])
    levels = rng.integers(span[:, 0], span[:, 1] + 1)
    area = shapely.area(houses.prints.outlines)
    room = np.where(civic, 0.0, area * levels)
    targets, overloaded = _targets(grids, rng)
    households = np.zeros(len(own), dtype=np.int64)
    for grid, inside in by_grid(cell).items():
        households[inside] = largest_remainder(room[inside], int(targets[grid]))
    bare = (cell < 0) & ~civic
    households[bare] = np.maximum(1, area[bare] * levels[bare] / 140).astype(int)
    levels = np.maximum(levels, np.minimum(33, np.ceil(households * 80 / area))).astype(np.int64)
    residents = _residents(np.array([lot.community for lot in own]), households, grids, rng)
    return Homes(levels, households, residents, overloaded)


def by_grid(cell: Ints) -> dict[int, Ints]:
    """The indices of the buildings in each grid that has any."""
    order = np.argsort(cell, kind="stable")
    found, start = np.unique(cell[order], return_index=True)
    groups = np.split(order, start[1:])
    return {int(grid): own for grid, own in zip(found, groups, strict=True) if grid >= 0}


def _targets(grids: int, rng: np.random.Generator) -> tuple[Ints, Ints]:
    """Households wanted in each grid, and the grids with too many on purpose."""
    targets = np.clip(rng.normal(264, 38, grids), BAND[0] + 6, BAND[1] - 40)
    odd = rng.permutation(grids)
    many, few = max(1, scaled(9, grids)), max(1, scaled(12, grids))
    targets[odd[:many]] = rng.uniform(BAND[1] + 12, BAND[1] + 150, many)
    targets[odd[many : many + few]] = rng.uniform(118, BAND[0] - 12, few)
    return np.rint(targets).astype(np.int64), np.sort(odd[:many])


def _residents(community: Ints, households: Ints, grids: int, rng: np.random.Generator) -> Ints:
    listed = rows("communities")
    platform = np.array([row["platform"] == "yes" for row in listed])[community]
    known = scaled(PLATFORM_RESIDENTS, grids)
    share = float(np.mean([row["platform"] == "yes" for row in listed]))
    estimated = round(known * (1 - share) / share)
    weight = households * rng.uniform(0.93, 1.07, len(households))
    residents = np.zeros(len(households), dtype=np.int64)
    residents[platform] = largest_remainder(weight[platform], known)
    residents[~platform] = largest_remainder(weight[~platform], estimated)
    return residents
