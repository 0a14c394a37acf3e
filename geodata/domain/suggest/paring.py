"""A rebalanced division pared to what the band asks for: who need not change is left alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from geodata.domain.partition import Bools, Ints
from geodata.domain.suggest import bare
from geodata.domain.suggest.balance import Division
from geodata.domain.suggest.given import Aim
from geodata.domain.suggest.net import Net
from geodata.domain.suggest.taste import ANEW
from geodata.domain.suggest.walk import NOWHERE


def pared(net: Net, present: Ints, aim: Aim, division: Division, *, thorough: bool) -> Division:
    """The division without changes that bring no household into the band.

    `present` is the present grid of each unit. Grids that are in the band change only where they
    must help one that is not; where it is `thorough` nobody moves but who must. Ground without
    households stays where it is, but where a grid would fall apart.
    """
    work = _Work(net, present, aim, division, thorough=thorough)
    while sum(work.undone(units) for units in work.offers()):
        pass
    owner = bare.returned(net, work.owner, work.home)
    return Division(owner, division.codes)


class _Work:
    def __init__(
        self, net: Net, present: Ints, aim: Aim, division: Division, *, thorough: bool
    ) -> None:
        self.net, self.aim, self.thorough = net, aim, thorough
        self.ground = bare.Ground(net)
        self.owner = division.owner.copy()
        grid_of = {code: grid for grid, code in enumerate(division.codes) if code != ANEW}
        self.home = np.array([grid_of.get(code, NOWHERE) for code in present.tolist()])
        self.count = len(division.codes)
        size = np.bincount(present[present >= 0], net.households[present >= 0])
        self.needy = {
            grid
            for grid, code in enumerate(division.codes)
            if code == ANEW or aim.beyond(float(size[code]))
        }

    def offers(self) -> Iterator[list[int]]:
        """Units that moved and might go back together, the largest sets first."""
        for grid in range(self.count):
            if grid not in self.needy:
                yield self._moved((self.home == grid) | (self.owner == grid))
        for one, other in sorted(self._pairs()):
            if self.thorough or not {one, other} & self.needy:
                both = np.isin(self.home, [one, other]) & np.isin(self.owner, [one, other])
                yield self._moved(both)
        for unit in self._moved(np.ones(len(self.owner), dtype=bool)):
            if self.thorough or not {int(self.owner[unit]), int(self.home[unit])} & self.needy:
                yield [unit]

    def _moved(self, among: Bools) -> list[int]:
        """Units that are not where they were, those with most households first."""
        moved = np.flatnonzero(among & (self.home >= 0) & (self.owner != self.home)).tolist()
        return sorted(moved, key=lambda unit: (-int(self.net.households[unit]), unit))

    def _pairs(self) -> set[tuple[int, int]]:
        moved = self._moved(np.ones(len(self.owner), dtype=bool))
        ends = [sorted((int(self.owner[u]), int(self.home[u]))) for u in moved]
        return {(one, other) for one, other in ends}

    def undone(self, units: Sequence[int]) -> bool:
        """Put units back, where that brings no household out of the band and parts no grid."""
        back = [unit for unit in units if self.owner[unit] != self.home[unit]]
        if not back:
            return False
        tried = self.owner.copy()
        tried[back] = self.home[back]
        touched = {*self.owner[back].tolist(), *tried[back].tolist()}
        before, after = (
            sum(self._beyond(o, grid) for grid in touched) for o in (self.owner, tried)
        )
        if after > before or not all(self.ground.together(tried, grid) for grid in touched):
            return False
        self.owner = tried
        return True

    def _beyond(self, owner: Ints, grid: int) -> float:
        return self.aim.beyond(float(self.net.households[owner == grid].sum()))
