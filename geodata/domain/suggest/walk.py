"""A walk from division to division: two or three neighbouring grids are joined and cut anew."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations
from typing import Final

import numpy as np

from geodata.domain.partition import Bools, Ints
from geodata.domain.suggest.net import Net
from geodata.domain.suggest.seeds import Seeds

NOWHERE: Final = -1
"""The grid of a unit that takes no part."""
_OUT_FIRST: Final = 0.7
_THREE: Final = 0.25
_ONE_UNIT: Final = 0.5
_HALF: Final = 0.5
"""Odds: that the pair is taken at a grid out of the band, that a third grid joins, that only one
unit changes hands, and which of two."""
_TREES: Final = 3
"""Trees a step; the next step grows others."""
_TRIED: Final = 4
_PAIR: Final = 2


class Walk:
    """Divisions of units into grids, by simulated annealing (Kirkpatrick et al., 1983).

    `codes` gives the present grid of each grid; `best` is the cheapest division that was met.
    Only grids that are `free` change; all where it is not told.
    """

    def __init__(
        self,
        net: Net,
        seeds: Seeds,
        division: Ints,
        codes: Sequence[int],
        free: Bools | None = None,
    ) -> None:
        self.net, self.seeds, self.costs, self.rng = net, seeds, seeds.costs, seeds.rng
        self.codes = codes
        self.free = np.ones(len(codes), dtype=bool) if free is None else free
        self.owner = division.copy()
        self.members = [np.flatnonzero(division == grid).tolist() for grid in range(len(codes))]
        self.cost = [self.costs.of(own, codes[g]) for g, own in enumerate(self.members)]
        self.out = np.array([self._out(own) for own in self.members])
        self.best, self.least = self.owner.copy(), sum(self.cost)

    @property
    def settled(self) -> bool:
        """Whether no grid of the present division is out of the band."""
        return not self.out.any()

    def step(self, heat: float) -> None:
        """Try one change; what is worse by `heat` is taken about one time in three."""
        if self.rng.random() < _ONE_UNIT:
            self._hand_over(heat)
            return
        grids = self._neighbours()
        if not grids:
            return
        parts = self._parts(grids)
        if parts:
            self._weigh(grids, parts, heat)

    def _weigh(self, grids: Sequence[int], parts: Sequence[list[int]], heat: float) -> None:
        """Take the parts as the new units of the grids, unless they cost too much."""
        price = [self.costs.of(part, self.codes[g]) for g, part in zip(grids, parts, strict=True)]
        worse = sum(price) - sum(self.cost[grid] for grid in grids)
        if worse > 0 and self.rng.random() >= np.exp(-worse / heat):
            return
        for grid, part, cost in zip(grids, parts, price, strict=True):
            self.members[grid], self.cost[grid] = part, cost
            self.owner[part], self.out[grid] = grid, self._out(part)
        total = sum(self.cost)
        if total < self.least:
            self.best, self.least = self.owner.copy(), total

    def _out(self, units: Sequence[int]) -> bool:
        return self.costs.aim.beyond(sum(self.costs.households[unit] for unit in units)) > 0

    def _pair(self) -> int | None:
        """A pair of units in two grids, often one that is out of the band."""
        left, right = self.owner[self.net.left], self.owner[self.net.right]
        border = (left != right) & self.free[left] & self.free[right]
        border &= (left != NOWHERE) & (right != NOWHERE)
        near_out: Bools = border & (self.out[left] | self.out[right])
        if near_out.any() and self.rng.random() < _OUT_FIRST:
            border = near_out
        found = np.flatnonzero(border)
        return int(found[int(self.rng.integers(len(found)))]) if len(found) else None

    def _neighbours(self) -> list[int]:
        """Two or three grids that lie beside each other."""
        pair = self._pair()
        if pair is None:
            return []
        left, right = self.owner[self.net.left], self.owner[self.net.right]
        grids = [int(left[pair]), int(right[pair])]
        if self.rng.random() < _THREE:
            mine = np.isin(left, grids) ^ np.isin(right, grids)
            mine &= self.free[left] & self.free[right] & (left != NOWHERE) & (right != NOWHERE)
            third = np.flatnonzero(mine)
            if len(third):
                more = third[int(self.rng.integers(len(third)))]
                grids.append(int(right[more] if left[more] in grids else left[more]))
        return grids

    def _hand_over(self, heat: float) -> None:
        """One unit goes to the grid beside it, where its own hangs together without it."""
        pair = self._pair()
        if pair is None:
            return
        ends = (int(self.net.left[pair]), int(self.net.right[pair]))
        unit, beside = ends if self.rng.random() < _HALF else ends[::-1]
        grids = [int(self.owner[unit]), int(self.owner[beside])]
        rest = [one for one in self.members[grids[0]] if one != unit]
        if self.costs.together(rest):
            self._weigh(grids, [rest, sorted([*self.members[grids[1]], unit])], heat)

    def _parts(self, grids: Sequence[int]) -> list[list[int]]:
        """The units cut anew, a part for each grid; empty where they do not hang together."""
        units = sorted(unit for grid in grids for unit in self.members[grid])
        if len(grids) > _PAIR:
            made = self.seeds.divided(units, len(grids), _TREES)
            return self._given(made, grids)[1] if made else []
        cuts = self.seeds.woods.cuts(units, _PAIR, _TREES)[:_TRIED]
        tried = [self._given([list(cut.one), list(cut.other)], grids) for cut in cuts]
        return min(tried)[1] if tried else []

    def _given(
        self, parts: Sequence[list[int]], grids: Sequence[int]
    ) -> tuple[float, list[list[int]]]:
        """The parts in the order of the grids that costs least, and what it costs."""
        cost = [[self.costs.of(part, self.codes[grid]) for grid in grids] for part in parts]
        orders = permutations(range(len(parts)))
        total, order = min((sum(cost[p][g] for g, p in enumerate(o)), o) for o in orders)
        return total, [parts[p] for p in order]
