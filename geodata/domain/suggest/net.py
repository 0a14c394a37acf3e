"""How units lie beside each other, what runs along their borders, and who lives in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely

from geodata.domain import measure, partition
from geodata.domain.lattice import Floats, Shapes
from geodata.domain.partition import Ints
from geodata.domain.suggest.given import Plane, Street

NEAR_M: Final = 6.0
"""A border that lies so near to the middle of a street runs along it."""
INNER, LANE, SECONDARY, ARTERIAL = range(4)
RANK: Final = {"lane": LANE, "secondary": SECONDARY, "arterial": ARTERIAL, "bridge": ARTERIAL}
DEAR: Final = np.array([4.5, 1.0, 0.5, 0.25])
"""What a metre of border costs by what runs along it: dear where people live wall to wall."""
APART: Final = np.array([1.0, 2.0, 4.0, 6.0])
"""How much what runs along a border keeps its two sides apart."""


@dataclass(frozen=True)
class Net:
    """Units as numbers: who lives in each, where it lies, and the pairs with a common border.

    `area` in square metres, `middle` in metres, both by unit. `left`, `right` are the units of a
    pair, `length` its border in metres by rank (a row of four). `groups` are the party groups with
    houses in a unit; `before` its households by present grid.
    """

    households: Ints
    area: Floats
    middle: Floats
    left: Ints
    right: Ints
    length: Floats
    groups: Sequence[tuple[int, ...]]
    before: Sequence[Mapping[int, int]]

    @property
    def dear(self) -> Floats:
        """What cutting each pair apart costs, in metres of a lane."""
        cost: Floats = self.length @ DEAR
        return cost

    @property
    def apart(self) -> Floats:
        """How much each pair is kept apart by what runs between, from 1 to 6."""
        kept: Floats = (self.length @ APART) / np.maximum(self.length.sum(axis=1), 1e-9)
        return kept


def pairs(shapes: Shapes, streets: Sequence[Street], plane: Plane) -> tuple[Ints, Ints, Floats]:
    """Pairs of units (lattice steps) with a common border: two indices, and metres by rank."""
    ends, low, high = partition.common_segments(shapes)
    ends = ends * np.array([plane.kx, plane.ky] * 2)
    length = np.hypot(*(ends[:, 2:] - ends[:, :2]).T)
    start = np.array([plane.west * plane.kx, plane.south * plane.ky])
    rank = _ranks((ends[:, :2] + ends[:, 2:]) / 2 - start, streets, plane)
    keys, where = np.unique(low * len(shapes) + high, return_inverse=True)
    by_rank = np.bincount(where * 4 + rank, weights=length, minlength=4 * len(keys)).astype(
        np.float64
    )
    return keys // len(shapes), keys % len(shapes), by_rank.reshape(-1, 4)


def _ranks(middle: Floats, streets: Sequence[Street], plane: Plane) -> Ints:
    """The rank of what runs along each segment, by its middle in metres."""
    rank = np.full(len(middle), INNER)
    spots = shapely.points(middle)
    for kind, value in sorted(RANK.items(), key=lambda pair: (pair[1], pair[0])):
        lines = measure.array([street.shape for street in streets if street.kind == kind])
        tree = shapely.STRtree(plane.drawn(lines))
        rank[tree.query(spots, predicate="dwithin", distance=NEAR_M)[0]] = value
    return rank
