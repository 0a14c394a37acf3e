"""Suggested divisions of a community: up to three alternatives, each with grids and figures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import shapely
from shapely.geometry import MultiPolygon
from shapely.geometry.base import BaseGeometry

from geodata.domain import codes as numbers
from geodata.domain import lattice, partition
from geodata.domain.suggest import balance, figures, reasons
from geodata.domain.suggest.balance import Division, Told
from geodata.domain.suggest.figures import Figures
from geodata.domain.suggest.given import Aim
from geodata.domain.suggest.reasons import Reason
from geodata.domain.suggest.taste import ANEW, Leaning, Taste
from geodata.domain.suggest.units import Units
from geodata.domain.suggest.walk import NOWHERE

EVEN: Final = Taste("even", uneven=0.4)
STREETS: Final = Taste("streets", border=0.5, crossed=1.2, loose=60.0)
COMPACT: Final = Taste("compact", loose=400.0)
STEADY: Final = Taste("steady", moved=0.8, group=80.0)
_AGAIN: Final = 2
"""Searches for an alternative that is unlike the others."""
_STAY: Final = 0.2
"""What moving a household counts at least where present grids are only to be rebalanced."""


@dataclass(frozen=True)
class Grid:
    """One suggested grid. `code` is that of the present grid it goes on from, None for a new one.

    `shape` in degrees on the lattice; `units` are indices of its units, `houses` the codes of its
    houses. `why` is told where its households are out of the band.
    """

    code: str | None
    shape: BaseGeometry
    units: tuple[int, ...]
    houses: tuple[str, ...]
    households: int
    residents: int
    why: Reason | None


@dataclass(frozen=True)
class Alternative:
    """One division: what it leans to, its grids, ground that stays in none, and its figures.

    Grids and `rest` (degrees, may be empty) divide the ground of the units exactly. Grids that
    go on come first, by code; then the new ones from north to south.
    """

    leaning: Leaning
    grids: tuple[Grid, ...]
    rest: BaseGeometry
    figures: Figures


def divide(
    units: Units, aim: Aim, number: int | None = None, seed: int = 0, told: Told = balance.unheard
) -> list[Alternative]:
    """The ground divided afresh into a number of grids, or into as many as come near the norm.

    Up to three alternatives, fewer where some are alike; the same for the same seed. Raises
    InvalidMove ``suggest_few_units`` (grids, units) and ``suggest_pieces`` (grids, pieces).
    """
    lived_in_grids = any(house.grid is not None for house in units.houses)
    tastes = (EVEN, STREETS, STEADY if lived_in_grids else COMPACT)
    return _each(
        units,
        aim,
        tastes,
        lambda taste, turn, of: balance.afresh(units.net, aim, taste, number, seed + turn, of),
        told,
        number,
    )


def rebalance(
    units: Units, aim: Aim, seed: int = 0, told: Told = balance.unheard
) -> list[Alternative]:
    """The present grids (`units.within_grids`) with their borders moved towards the norm.

    Up to three alternatives, fewer where some are alike; the same for the same seed.
    """
    tastes = [replace(taste, moved=max(taste.moved, _STAY)) for taste in (STEADY, EVEN, STREETS)]
    return _each(
        units,
        aim,
        tastes,
        lambda taste, turn, of: balance.from_present(
            units.net, units.cell, aim, taste, seed + turn, of
        ),
        told,
        None,
    )


def _each(
    units: Units,
    aim: Aim,
    tastes: Sequence[Taste],
    search: Callable[[Taste, int, Told], Division],
    told: Told,
    number: int | None,
) -> list[Alternative]:
    found: list[Alternative] = []
    seen: set[tuple[int, ...]] = set()
    for turn, taste in enumerate(tastes):
        for again in range(_AGAIN):
            share = 1 / len(tastes) / _AGAIN
            part = balance.part_of(told, turn / len(tastes) + again * share, share)
            division = search(taste, again, part)
            key = _shape_of(division)
            if key not in seen:
                seen.add(key)
                found.append(of_division(units, aim, taste, division, number))
                break
    told(1.0)
    return found


def _shape_of(division: Division) -> tuple[int, ...]:
    """Equal for divisions with the same borders, however their grids are counted."""
    first: dict[int, int] = {}
    return tuple(
        first.setdefault(grid, unit) if grid != NOWHERE else NOWHERE
        for unit, grid in enumerate(division.owner.tolist())
    )


def of_division(
    units: Units, aim: Aim, taste: Taste, division: Division, number: int | None
) -> Alternative:
    """A division as an alternative that leans to what the taste does."""
    shapes = partition.dissolve(units.shapes, division.owner)
    grids = [
        _grid(units, aim, division, grid, shapes[grid], number) for grid in _order(shapes, division)
    ]
    rest = shapes.get(NOWHERE, MultiPolygon())
    return Alternative(
        taste.leaning,
        tuple(grids),
        lattice.to_degrees(rest),
        figures.of(units, aim, division, shapes),
    )


def _order(shapes: dict[int, BaseGeometry], division: Division) -> list[int]:
    """Grids that go on by code, then new ones in reading order."""
    old = [grid for grid, code in enumerate(division.codes) if code != ANEW]
    new = [grid for grid, code in enumerate(division.codes) if code == ANEW]
    middle = shapely.get_coordinates(shapely.centroid([shapes[grid] for grid in new]))
    old.sort(key=lambda grid: division.codes[grid])
    return old + [new[place] for place in numbers.reading_order(middle)]


def _grid(
    units: Units,
    aim: Aim,
    division: Division,
    grid: int,
    shape: BaseGeometry,
    number: int | None,
) -> Grid:
    own = np.flatnonzero(division.owner == grid)
    houses = [units.houses[i] for i in np.flatnonzero(np.isin(units.home, own)).tolist()]
    code = division.codes[grid]
    return Grid(
        None if code == ANEW else units.codes[code],
        lattice.to_degrees(shape),
        tuple(own.tolist()),
        tuple(house.code for house in houses),
        sum(house.households for house in houses),
        sum(house.residents for house in houses),
        reasons.why(units, aim, own.tolist(), number),
    )
