"""Cutting neighbouring units in two that each hang together, along random spanning trees.

The tree avoids crossing large streets, so that cuts fall on them (recombination as in DeFord,
Duchin and Solomon, "Recombination: a family of Markov chains for redistricting", 2021).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from geodata.domain.suggest.given import Aim
from geodata.domain.suggest.net import Net

TREES: Final = 12
_APART: Final = 0.35
_BEYOND: Final = 4.0
_UNEVEN: Final = 0.15
_LOPSIDED: Final = 3
"""A cut for many grids should leave a third of them on the smaller side."""
_SHORTLIST: Final = 4


@dataclass(frozen=True, slots=True)
class Cut:
    """Two sides of some units, how many grids the first is to become, and how far off they are."""

    one: tuple[int, ...]
    other: tuple[int, ...]
    grids: int
    off: float


class Woods:
    """Spanning trees over the units of a net, and the cuts that they offer."""

    def __init__(self, net: Net, aim: Aim, rng: np.random.Generator) -> None:
        self.aim, self.rng = aim, rng
        self.households: list[int] = net.households.tolist()
        pairs = zip(net.left.tolist(), net.right.tolist(), net.apart.tolist(), strict=True)
        self.near: list[list[tuple[int, float]]] = [[] for _ in self.households]
        for i, j, apart in pairs:
            self.near[i].append((j, _APART * apart))
            self.near[j].append((i, _APART * apart))

    def cuts(self, units: Sequence[int], grids: int, trees: int) -> list[Cut]:
        """The best cuts of units into two sides for so many grids together, best first.

        Units must hang together, and be no fewer than grids; each side then has no fewer units
        than grids.
        """
        found: dict[tuple[int, ...], Cut] = {}
        for _ in range(trees):
            order, parent = self._tree(units)
            shortlist = sorted(self._offers(order, parent, grids))[:_SHORTLIST]
            for off, place, count in shortlist:
                side = _side(order, parent, place)
                one = tuple(sorted(side))
                other = tuple(unit for unit in sorted(units) if unit not in side)
                found.setdefault(one, Cut(one, other, count, off))
        return sorted(found.values(), key=lambda cut: (cut.off, cut.one))

    def _tree(self, units: Sequence[int]) -> tuple[list[int], dict[int, int]]:
        """Units in an order that has each after its parent, and the parents (Kruskal)."""
        inside = set(units)
        pairs = [
            (apart, i, j) for i in sorted(inside) for j, apart in self.near[i] if i < j in inside
        ]
        luck = self.rng.random(len(pairs)).tolist()
        pairs = sorted((apart + by, i, j) for (apart, i, j), by in zip(pairs, luck, strict=True))
        root = {unit: unit for unit in units}
        beside: dict[int, list[int]] = {unit: [] for unit in units}
        for _, i, j in pairs:
            a, b = _root(root, i), _root(root, j)
            if a != b:
                root[a] = b
                beside[i].append(j)
                beside[j].append(i)
        return _walk(beside, min(units))

    def _offers(
        self, order: Sequence[int], parent: dict[int, int], grids: int
    ) -> Iterator[tuple[float, int, int]]:
        """For each edge of the tree how far off its cut is, its place, and its lower side's grids.

        The place is that of the edge's lower unit in the order.
        """
        total = sum(self.households[unit] for unit in order)
        mean = total / grids
        below = {unit: self.households[unit] for unit in order}
        size = dict.fromkeys(order, 1)
        for place in range(len(order) - 1, 0, -1):
            unit = order[place]
            below[parent[unit]] += below[unit]
            size[parent[unit]] += size[unit]
            least = max(1, grids - (len(order) - size[unit]))
            most = min(grids - 1, size[unit])
            if least <= most:
                count = min(max(round(below[unit] / mean) if mean else 1, least), most)
                yield self._off(below[unit], total, count, grids), place, count

    def _off(self, below: int, total: int, count: int, grids: int) -> float:
        aim = self.aim
        beyond = aim.beyond(below, count) + aim.beyond(total - below, grids - count)
        lopsided = max(0, grids // _LOPSIDED - min(count, grids - count))
        uneven = abs(below - total * count / grids)
        return _BEYOND * (beyond + aim.norm / 8 * lopsided) + _UNEVEN * uneven


def _root(root: dict[int, int], unit: int) -> int:
    while root[unit] != unit:
        root[unit] = root[root[unit]]
        unit = root[unit]
    return unit


def _walk(beside: dict[int, list[int]], start: int) -> tuple[list[int], dict[int, int]]:
    order, parent = [start], {start: start}
    for unit in order:
        for other in beside[unit]:
            if other not in parent:
                parent[other] = unit
                order.append(other)
    return order, parent


def _side(order: Sequence[int], parent: dict[int, int], place: int) -> set[int]:
    """The unit at a place of the order, and all below it."""
    side = {order[place]}
    for unit in order[place + 1 :]:
        if parent[unit] in side:
            side.add(unit)
    return side
