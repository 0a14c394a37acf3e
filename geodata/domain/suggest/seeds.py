"""First divisions: units that hang together, cut in two again and again."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from geodata.domain.partition import Ints, components
from geodata.domain.suggest.given import Aim
from geodata.domain.suggest.net import Net
from geodata.domain.suggest.taste import Costs, Taste
from geodata.domain.suggest.trees import TREES, Woods


class Seeds:
    """Makes divisions of units of a net into grids, under one taste and from one random seed."""

    def __init__(self, net: Net, aim: Aim, taste: Taste, seed: int) -> None:
        self.rng = np.random.default_rng(seed)
        self.costs = Costs(net, aim, taste)
        self.woods = Woods(net, aim, self.rng)

    def divided(self, units: Sequence[int], grids: int, trees: int = TREES) -> list[list[int]]:
        """The units as so many grids, each of which hangs together; the best along some trees.

        There must be no fewer units than grids. Empty where the units do not hang together.
        """
        if grids == 1:
            return [sorted(units)]
        cuts = self.woods.cuts(units, grids, trees)
        if not cuts:
            return []
        cut = min(cuts, key=lambda cut: (cut.off + self._price(cut.one, units), cut.one))
        rest = grids - cut.grids
        return self.divided(cut.one, cut.grids, trees) + self.divided(cut.other, rest, trees)

    def _price(self, side: Sequence[int], units: Sequence[int]) -> float:
        """What the border between a side and the rest of the units costs."""
        rest = set(units) - set(side)
        dear = sum(
            cost for unit in side for other, cost, _ in self.costs.near[unit] if other in rest
        )
        return self.costs.taste.border * dear


def pieces(net: Net) -> list[list[int]]:
    """The units that hang together, in the order of their first unit."""
    count = len(net.households)
    root = components(count, net.left, net.right, np.ones(len(net.left), dtype=bool))
    return [np.flatnonzero(root == one).tolist() for one in np.unique(root)]


def allotted(net: Net, number: int, parts: Sequence[Sequence[int]]) -> list[int]:
    """How many of the grids each piece of ground gets: by households, at least one each.

    There must be no more parts than grids, and no more grids than units.
    """
    weight = [int(net.households[list(own)].sum()) for own in parts]
    given = [1] * len(parts)
    for _ in range(number - len(parts)):
        roomy = [n for n, own in enumerate(parts) if given[n] < len(own)]
        given[max(roomy, key=lambda n: (weight[n] / (given[n] + 0.5), -n))] += 1
    return given


def labelled(count: int, parts: Sequence[Sequence[int]], nowhere: int) -> Ints:
    """The grid of each of `count` units, from the units of each grid; `nowhere` for the others."""
    owner = np.full(count, nowhere, dtype=np.int64)
    for grid, own in enumerate(parts):
        owner[list(own)] = grid
    return owner
