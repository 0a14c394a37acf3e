"""What a division comes to, in figures that a secretary compares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geodata.domain import measure
from geodata.domain.lattice import Floats, Shapes
from geodata.domain.suggest.balance import Division
from geodata.domain.suggest.given import Aim
from geodata.domain.suggest.net import ARTERIAL, INNER, pairs
from geodata.domain.suggest.taste import ANEW
from geodata.domain.suggest.units import Units


@dataclass(frozen=True, slots=True)
class Figures:
    """What a division comes to.

    `within` counts grids in the band, `least` and `most` are households of a grid, `uneven` their
    mean distance from the norm. `groups_cut` counts party groups with houses in several grids,
    `courtyards_cut` the like; `households_moved` and `residents_moved` those who have a present
    grid and get another. `on_streets` is the share of the borders between grids that runs along
    streets, `crossed_m` metres of arterial between parts of one grid, `compactness` the mean of
    4πA/P² (Polsby and Popper, 1991; 1 for a disc), `in_pieces` the grids that do not hang together.
    """

    grids: int
    within: int
    least: int
    most: int
    uneven: float
    groups_cut: int
    courtyards_cut: int
    households_moved: int
    residents_moved: int
    on_streets: float
    crossed_m: float
    compactness: float
    in_pieces: int


def of(units: Units, aim: Aim, division: Division, shapes: Mapping[int, BaseGeometry]) -> Figures:
    """The figures of a division; `shapes` are its grids in lattice steps."""
    net, owner, count = units.net, division.owner, len(division.codes)
    sizes = np.bincount(owner[owner >= 0], net.households[owner >= 0], count).astype(int).tolist()
    within = owner[net.left] == owner[net.right]
    cells = measure.array([shapes[grid] for grid in sorted(shapes)])
    length = pairs(cells, units.streets, units.plane)[2]
    plane = units.plane.metres(measure.array([shapes[grid] for grid in range(count)]))
    home = owner[units.home].tolist()
    stays = [division.codes[grid] if grid >= 0 else ANEW for grid in home]
    moved = [
        house
        for house, code in zip(units.houses, stays, strict=True)
        if house.grid is not None and (code == ANEW or units.codes[code] != house.grid)
    ]
    return Figures(
        grids=count,
        within=sum(not aim.beyond(size) for size in sizes),
        least=min(sizes),
        most=max(sizes),
        uneven=round(float(np.mean([abs(size - aim.norm) for size in sizes])), 1),
        groups_cut=_cut([house.group for house in units.houses], home),
        courtyards_cut=_cut([house.courtyard for house in units.houses], home),
        households_moved=sum(house.households for house in moved),
        residents_moved=sum(house.residents for house in moved),
        on_streets=_share(float(length[:, INNER + 1 :].sum()), float(length.sum())),
        crossed_m=round(float(net.length[within, ARTERIAL].sum()), 1),
        compactness=round(float(np.mean(_roundness(plane))), 3),
        in_pieces=int((shapely.get_num_geometries(plane) > 1).sum()),
    )


def _cut(names: list[str | None], home: list[int]) -> int:
    """How many names lie in several grids."""
    grids: dict[str, set[int]] = {}
    for name, grid in zip(names, home, strict=True):
        if name is not None:
            grids.setdefault(name, set()).add(grid)
    return sum(len(found) > 1 for found in grids.values())


def _share(part: float, whole: float) -> float:
    return round(part / whole, 3) if whole else 1.0


def _roundness(plane: Shapes) -> Floats:
    return 4 * np.pi * shapely.area(plane) / shapely.length(plane) ** 2
