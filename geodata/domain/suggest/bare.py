"""Ground on which nobody lives: who gets it, so that borders are short."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from geodata.domain.partition import Ints
from geodata.domain.suggest.net import Net
from geodata.domain.suggest.walk import NOWHERE

_ROUNDS: Final = 8
_GAIN_M: Final = 15.0
"""Ground changes hands only for borders that are shorter by so much."""


class Ground:
    """Units beside each other, with the length of their common borders in metres."""

    def __init__(self, net: Net) -> None:
        self.net = net
        self.near: list[list[tuple[int, float]]] = [[] for _ in net.households]
        length = net.length.sum(axis=1).tolist()
        for i, j, metres in zip(net.left.tolist(), net.right.tolist(), length, strict=True):
            self.near[i].append((j, metres))
            self.near[j].append((i, metres))
        self.bare: list[int] = np.flatnonzero(net.households == 0).tolist()
        self.empty = frozenset(self.bare)

    def beside(self, owner: Ints, units: Sequence[int]) -> dict[int, float]:
        """Metres of border that some units have, as a whole, with each grid."""
        inside, found = set(units), dict[int, float]()
        for unit in units:
            for other, metres in self.near[unit]:
                grid = int(owner[other])
                if other not in inside and grid != NOWHERE:
                    found[grid] = found.get(grid, 0.0) + metres
        return found

    def lots(self, owner: Ints) -> list[list[int]]:
        """Bare units that may change hands together: single ones, pairs, and all that adjoin."""
        pairs = [
            [unit, other]
            for unit in self.bare
            for other, _ in self.near[unit]
            if unit < other in self.empty and owner[unit] == owner[other]
        ]
        whole = [
            part
            for grid in np.unique(owner[self.bare]).tolist()
            for part in _parts(self, [unit for unit in self.bare if owner[unit] == grid])
        ]
        return [*([unit] for unit in self.bare), *pairs, *(part for part in whole if part)]

    def together(self, owner: Ints, grid: int, without: Sequence[int] = ()) -> bool:
        """Whether a grid hangs together without some of its units; nothing does not."""
        inside = set(np.flatnonzero(owner == grid).tolist()) - set(without)
        if not inside:
            return False
        queue = [min(inside)]
        reached = set(queue)
        while queue:
            fresh = [v for v, _ in self.near[queue.pop()] if v in inside and v not in reached]
            reached.update(fresh)
            queue += fresh
        return len(reached) == len(inside)


def shortest(net: Net, owner: Ints) -> Ints:
    """The grids with ground that nobody lives on handed to whom it makes borders shortest.

    Each grid hangs together as before.
    """
    ground, owner = Ground(net), owner.copy()
    for _ in range(_ROUNDS):
        given = [_handed(ground, owner, units) for units in ground.lots(owner)]
        if not any(given):
            break
    return owner


def _handed(ground: Ground, owner: Ints, units: Sequence[int]) -> bool:
    """Whether units that have one owner went to whom they have more border with."""
    mine = int(owner[units[0]])
    if mine == NOWHERE or (owner[units] != mine).any():
        return False
    metres = ground.beside(owner, units)
    best = max(metres, key=lambda grid: (metres[grid], -grid), default=mine)
    if metres.get(best, 0.0) <= metres.get(mine, 0.0) + _GAIN_M:
        return False
    if not ground.together(owner, mine, units):
        return False
    owner[units] = best
    return True


def returned(net: Net, owner: Ints, home: Ints) -> Ints:
    """The grids with ground that nobody lives on back where it is at present (`home`).

    Not where the grid it is in now needs it to hang together, or where it would lie apart.
    """
    ground, owner = Ground(net), owner.copy()
    for _ in range(_ROUNDS):
        given = 0
        for unit in ground.bare:
            mine, old = int(owner[unit]), int(home[unit])
            if NOWHERE in (mine, old) or mine == old:
                continue
            if old in ground.beside(owner, [unit]) and ground.together(owner, mine, [unit]):
                owner[unit] = old
                given += 1
        if not given:
            break
    return owner


def attached(net: Net, owner: Ints) -> Ints:
    """Every unit in a grid, and each grid in one piece: its part with most people.

    What lies apart or is in none goes to the grid along most of its border; what hangs together
    with none stays in none.
    """
    ground, owner = Ground(net), owner.copy()
    for grid in np.unique(owner[owner >= 0]).tolist():
        parts = _parts(ground, np.flatnonzero(owner == grid).tolist())
        parts.sort(key=lambda own: (-int(net.households[own].sum()), own))
        for lost in parts[1:]:
            owner[lost] = NOWHERE
    while True:
        loose = np.flatnonzero(owner == NOWHERE).tolist()
        found = [
            (metres, -grid, -unit)
            for unit in loose
            for grid, metres in ground.beside(owner, [unit]).items()
        ]
        if not found:
            return owner
        _, grid, unit = max(found)
        owner[-unit] = -grid


def _parts(ground: Ground, units: Sequence[int]) -> list[list[int]]:
    """The units by what hangs together."""
    left, parts = set(units), []
    while left:
        queue = [min(left)]
        left.discard(queue[0])
        part = []
        while queue:
            unit = queue.pop()
            part.append(unit)
            fresh = [v for v, _ in ground.near[unit] if v in left]
            left.difference_update(fresh)
            queue += fresh
        parts.append(sorted(part))
    return parts
