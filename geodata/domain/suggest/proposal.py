"""Suggested divisions of a community: up to three alternatives, each with grids and figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import shapely
from shapely.geometry import MultiPolygon
from shapely.geometry.base import BaseGeometry

from geodata.domain import codes as numbers
from geodata.domain import lattice, measure, partition
from geodata.domain.suggest import (
    balance,
    bare,
    figures,
    keeping,
    naming,
    paring,
    reasons,
    smoothing,
)
from geodata.domain.suggest.balance import Division, Told
from geodata.domain.suggest.figures import Figures
from geodata.domain.suggest.given import Aim, House
from geodata.domain.suggest.reasons import Reason
from geodata.domain.suggest.taste import ANEW, Leaning, Taste
from geodata.domain.suggest.units import Units
from geodata.domain.suggest.walk import NOWHERE

EVEN: Final = Taste("even", uneven=0.4)
STREETS: Final = Taste("streets", border=0.5, crossed=1.2, loose=60.0, group=40.0)
COMPACT: Final = Taste("compact", loose=400.0)
STEADY: Final = Taste("steady", moved=0.8, group=120.0)
_STAY: Final = 0.2
"""What moving a household counts at least where present grids are only to be rebalanced."""

_Search = Callable[[Told], Division]


@dataclass(frozen=True, slots=True)
class Taken:
    """Houses with somebody in them that come from another present grid, or from none (None)."""

    code: str | None
    houses: int
    households: int


@dataclass(frozen=True)
class Grid:
    """One suggested grid. `code` is that of the present grid it goes on from, None for a new one.

    `shape` in degrees on the lattice; `units` are indices of its units, `houses` the codes of its
    houses, `taken` who comes from elsewhere, most first. `why` is told where its households are
    out of the band.
    """

    code: str | None
    shape: BaseGeometry
    units: tuple[int, ...]
    houses: tuple[str, ...]
    households: int
    residents: int
    taken: tuple[Taken, ...]
    why: Reason | None


@dataclass(frozen=True)
class Alternative:
    """One division: what it leans to, its grids, ground that stays in none, and its figures.

    `also` is what else it leads in of the divisions found with it.
    Grids and `rest` (degrees, may be empty) divide the ground of the units exactly. Grids that
    go on come first, by code; then the new ones from north to south.
    """

    leaning: Leaning
    grids: tuple[Grid, ...]
    rest: BaseGeometry
    figures: Figures
    also: tuple[Leaning, ...] = ()


def divide(
    units: Units, aim: Aim, number: int | None = None, seed: int = 0, told: Told = balance.unheard
) -> list[Alternative]:
    """The ground divided afresh into a number of grids, or into as many as come near the norm.

    Up to three alternatives, fewer where some are alike; the same for the same seed. Raises
    InvalidMove ``suggest_few_units`` (grids, units) and ``suggest_pieces`` (grids, pieces).
    """
    net, present = units.net, units.present
    lived_in_grids = any(house.grid is not None for house in units.houses)
    tastes = (EVEN, STREETS, STEADY if lived_in_grids else COMPACT)
    searches = [_afresh(units, aim, taste, number, seed) for taste in tastes]
    if lived_in_grids and (present >= 0).any():
        wanted = number or balance.grids_for(int(net.households.sum()), len(net.households), aim)
        searches.append(lambda of: keeping.kept(net, present, aim, STEADY, wanted, seed, of))
    made = _all(searches, told)
    found = [_with_bare(units, one) for one in made[: len(tastes)]] + made[len(tastes) :]
    exact = [one for one in found if number in (None, len(one.codes))]
    return _named(units, aim, exact, tastes, number)


def rebalance(
    units: Units, aim: Aim, seed: int = 0, told: Told = balance.unheard
) -> list[Alternative]:
    """The present grids (`units.within_grids`) with their borders moved towards the norm.

    Grids in the band change only where they must help one that is not. Up to three alternatives,
    fewer where some are alike; the same for the same seed.
    """
    net, present = units.net, units.present
    tastes = [replace(taste, moved=max(taste.moved, _STAY)) for taste in (STEADY, EVEN, STREETS)]
    searches = [_balanced(units, aim, taste, seed) for taste in tastes]
    found = [
        paring.pared(net, present, aim, one, thorough=taste.leaning == "steady")
        for taste, one in zip(tastes, _all(searches, told), strict=True)
    ]
    return _named(units, aim, found, tastes, None)


def _afresh(units: Units, aim: Aim, taste: Taste, number: int | None, seed: int) -> _Search:
    return lambda told: balance.afresh(units.net, aim, taste, number, seed, told)


def _balanced(units: Units, aim: Aim, taste: Taste, seed: int) -> _Search:
    return lambda told: balance.from_present(units.net, units.present, aim, taste, seed, told)


def _all(searches: Sequence[_Search], told: Told) -> list[Division]:
    share = 1 / len(searches)
    found = [one(balance.part_of(told, n * share, share)) for n, one in enumerate(searches)]
    told(1.0)
    return found


def _with_bare(units: Units, division: Division) -> Division:
    """The division with ground that nobody lives on where it makes borders shortest."""
    owner = bare.shortest(units.net, division.owner)
    grids = [np.flatnonzero(owner == grid).tolist() for grid in range(len(division.codes))]
    return Division(owner, balance.named(units.net, grids))


def _named(
    units: Units,
    aim: Aim,
    found: Sequence[Division],
    tastes: Sequence[Taste],
    number: int | None,
) -> list[Alternative]:
    """The divisions that lead in what the tastes lean to, under the names they deserve."""
    unlike = list({_shape_of(one): one for one in reversed(found)}.values())[::-1]
    leanings = [taste.leaning for taste in tastes]
    return [
        replace(of_division(units, aim, first, division, number), also=also)
        for (first, *others), division in naming.named(units.net, aim, unlike, leanings)
        for also in [tuple(others)]
    ]


def _shape_of(division: Division) -> tuple[int, ...]:
    """Equal for divisions with the same borders, however their grids are counted."""
    first: dict[int, int] = {}
    return tuple(
        first.setdefault(grid, unit) if grid != NOWHERE else NOWHERE
        for unit, grid in enumerate(division.owner.tolist())
    )


def of_division(
    units: Units, aim: Aim, leaning: Leaning, division: Division, number: int | None
) -> Alternative:
    """A division as an alternative of this leaning, its borders drawn straight."""
    shapes = partition.dissolve(units.shapes, division.owner)
    shapes = smoothing.smoothed(shapes, _heeded(units))
    grids = [
        _grid(units, aim, division, grid, shapes[grid], number) for grid in _order(shapes, division)
    ]
    rest = shapes.get(NOWHERE, MultiPolygon())
    return Alternative(
        leaning,
        tuple(grids),
        lattice.to_degrees(rest),
        figures.of(units, aim, division, shapes),
    )


def _heeded(units: Units) -> smoothing.Ground:
    """What borders heed when they are drawn straight."""
    plane = units.plane
    return smoothing.Ground(
        plane,
        plane.drawn(measure.array([house.outline for house in units.houses])),
        shapely.get_coordinates(plane.drawn(measure.array([h.door for h in units.houses]))),
        plane.drawn(measure.array([street.shape for street in units.streets])),
        plane.metres(units.borders),
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
    number_of = division.codes[grid]
    code = None if number_of == ANEW else units.codes[number_of]
    return Grid(
        code,
        lattice.to_degrees(shape),
        tuple(own.tolist()),
        tuple(house.code for house in houses),
        sum(house.households for house in houses),
        sum(house.residents for house in houses),
        _taken(houses, code),
        reasons.why(units, aim, own.tolist(), number),
    )


def _taken(houses: Sequence[House], code: str | None) -> tuple[Taken, ...]:
    """Where those with somebody in them come from that are of another grid."""
    count: Counter[str | None] = Counter()
    households: Counter[str | None] = Counter()
    for house in houses:
        if house.households and house.grid != code:
            count[house.grid] += 1
            households[house.grid] += house.households
    order = sorted(households, key=lambda one: (-households[one], one or ""))
    return tuple(Taken(one, count[one], households[one]) for one in order)
