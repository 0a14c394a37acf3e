"""What makes one division better than another, as a cost in households out of place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from geodata.domain.suggest.given import Aim
from geodata.domain.suggest.net import ARTERIAL, Net

Leaning = Literal["even", "streets", "steady", "compact"]
ANEW: Final = -1
"""The present grid of a grid that has none."""
_BEYOND: Final = 4.0
_OUT: Final = 200.0


@dataclass(frozen=True, slots=True)
class Taste:
    """How much each thing counts.

    `uneven` per household off the norm, `border` per metre of lane between grids, `crossed` per
    metre of arterial inside, `loose` per unit of moment of inertia beyond a disc's, `group` per
    party group in a grid, `moved` per household that changes grid.
    """

    leaning: Leaning
    uneven: float = 0.15
    border: float = 0.25
    crossed: float = 0.6
    loose: float = 120.0
    group: float = 60.0
    moved: float = 0.0


class Costs:
    """The cost of single grids; that of a division is their sum."""

    def __init__(self, net: Net, aim: Aim, taste: Taste) -> None:
        self.aim, self.taste = aim, taste
        self.households: list[int] = net.households.tolist()
        self.area: list[float] = net.area.tolist()
        self.x: list[float] = net.middle[:, 0].tolist()
        self.y: list[float] = net.middle[:, 1].tolist()
        self.groups, self.before = net.groups, net.before
        self._known: dict[tuple[int, ...], float] = {}
        self.near: list[list[tuple[int, float, float]]] = [[] for _ in self.area]
        columns = (net.left, net.right, net.dear, net.length[:, ARTERIAL])
        for i, j, dear, arterial in zip(*(c.tolist() for c in columns), strict=True):
            self.near[i].append((j, dear, arterial))
            self.near[j].append((i, dear, arterial))

    def of(self, units: Sequence[int], code: int = ANEW) -> float:
        """The cost of a grid of these units that has the present grid `code` (an index)."""
        key = tuple(units)
        cost = self._known.get(key)
        if cost is None:
            cost = self._known[key] = self._settled(units)
        if self.taste.moved:
            moved = sum(self.households[u] - self.before[u].get(code, 0) for u in units)
            cost += self.taste.moved * moved
        return cost

    def _settled(self, units: Sequence[int]) -> float:
        """The cost but for who moves."""
        taste = self.taste
        total = sum(self.households[unit] for unit in units)
        beyond = self.aim.beyond(total)
        cost = _BEYOND * beyond + (_OUT if beyond else 0.0)
        cost += taste.uneven * abs(total - self.aim.norm)
        cost += taste.loose * self.looseness(units)
        cost += taste.group * len({group for unit in units for group in self.groups[unit]})
        return cost + self._borders(set(units))

    def together(self, units: Sequence[int]) -> bool:
        """Whether units hang together; none do not."""
        inside = set(units)
        reached = set(units[:1])
        queue = list(reached)
        while queue:
            fresh = [v for v, _, _ in self.near[queue.pop()] if v in inside and v not in reached]
            reached.update(fresh)
            queue += fresh
        return bool(inside) and len(reached) == len(inside)

    def _borders(self, units: set[int]) -> float:
        border, crossed = 0.0, 0.0
        for unit in units:
            for other, dear, arterial in self.near[unit]:
                if other in units:
                    crossed += arterial
                else:
                    border += dear
        return (self.taste.border * border + self.taste.crossed * crossed) / 2

    def looseness(self, units: Sequence[int]) -> float:
        """The moment of inertia as a multiple of that of a disc of the same area, less one.

        Each unit counts as a square of its area at its middle.
        """
        area = sum(self.area[unit] for unit in units)
        x = sum(self.area[unit] * self.x[unit] for unit in units) / area
        y = sum(self.area[unit] * self.y[unit] for unit in units) / area
        inertia = sum(
            self.area[unit]
            * ((self.x[unit] - x) ** 2 + (self.y[unit] - y) ** 2 + self.area[unit] / 6)
            for unit in units
        )
        return max(0.0, inertia * 2 * float(np.pi) / area**2 - 1)
