"""Neighbouring pieces joined until each cluster holds enough households."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from geodata.domain.lattice import Floats
from geodata.domain.partition import Ints

_KIN: Final = 0.3
"""To those of its own party group a piece is as near as at this share of the distance."""


def clusters(
    households: Sequence[int],
    groups: Sequence[frozenset[str]],
    middle: Floats,
    pairs: Sequence[tuple[int, int]],
    enough: float,
) -> Ints:
    """The cluster of each piece, as its lowest piece.

    The smallest cluster with less than `enough` households joins its nearest neighbour, by
    `middle` (metres) and party group, as long as both hold no more than twice that. `pairs` are
    neighbours.
    """
    work = _Work(households, groups, middle, pairs)
    waiting = sorted(work.near)
    while waiting:
        one = min(waiting, key=lambda piece: (work.households[piece], piece))
        other = work.nearest(one, 2 * enough) if work.households[one] < enough else None
        if other is None:
            waiting.remove(one)
            continue
        kept = work.join(one, other)
        waiting = [piece for piece in waiting if piece not in (one, other)] + [kept]
    return np.array([work.root(piece) for piece in range(len(households))], dtype=np.int64)


class _Work:
    def __init__(
        self,
        households: Sequence[int],
        groups: Sequence[frozenset[str]],
        middle: Floats,
        pairs: Sequence[tuple[int, int]],
    ) -> None:
        self.households, self.groups = list(households), list(groups)
        self.middle, self.size = [(x, y) for x, y in middle.tolist()], [1] * len(households)
        self.parent = list(range(len(households)))
        self.near: dict[int, set[int]] = {i: set() for i in range(len(households))}
        for i, j in pairs:
            self.near[i].add(j)
            self.near[j].add(i)

    def root(self, piece: int) -> int:
        while self.parent[piece] != piece:
            piece = self.parent[piece]
        return piece

    def nearest(self, one: int, most: float) -> int | None:
        """The nearest neighbour that can be joined."""
        room = most - self.households[one]
        may = [other for other in self.near[one] if self.households[other] <= room]
        return min(may, key=lambda other: (self._distance(one, other), other), default=None)

    def _distance(self, one: int, other: int) -> float:
        (x, y), (u, v) = self.middle[one], self.middle[other]
        kin = _KIN if self.groups[one] & self.groups[other] else 1.0
        return float(np.hypot(x - u, y - v)) * kin

    def join(self, one: int, other: int) -> int:
        kept, gone = min(one, other), max(one, other)
        share = self.size[gone] / (self.size[gone] + self.size[kept])
        (x, y), (u, v) = self.middle[kept], self.middle[gone]
        self.middle[kept] = (x + (u - x) * share, y + (v - y) * share)
        self.size[kept] += self.size[gone]
        self.households[kept] += self.households[gone]
        self.groups[kept] |= self.groups[gone]
        self.parent[gone] = kept
        self.near[kept] |= self.near.pop(gone)
        self.near[kept] -= {kept, gone}
        for beside in self.near[kept]:
            self.near[beside].discard(gone)
            self.near[beside].add(kept)
        return kept
