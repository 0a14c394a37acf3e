"""Two pictures of coverage side by side: what is more, what is less, and what is sure of that."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from geodata.domain import interval
from geodata.domain.coverage.gap import KINDS
from geodata.domain.coverage.measures import Measure

Key = tuple[str, str]
"""Kind and code of a gap."""

SHIFTS: Final = (-0.10, -0.001, 0.001, 0.10)
"""Bounds of the classes of a difference: of shares as it is, of households by their norm."""


@dataclass(frozen=True)
class Change:
    """A measure on both sides; values None without data, `sure` where chance alone is unlikely.

    Shares of a whole are no sample: `sure` only says whether two areas or days differ by more than
    areas of their size commonly do (interval of the difference, 95 %).
    """

    measure: Measure
    left: float | None
    right: float | None
    sure: bool

    @property
    def by(self) -> float | None:
        """How much more there is on the right."""
        return None if self.left is None or self.right is None else self.right - self.left


def change(measure: Measure, left: Mapping[str, int], right: Mapping[str, int]) -> Change:
    """A measure of the figures on both sides."""
    values = [
        one[measure.above] / one[measure.below] if one[measure.below] else None
        for one in (left, right)
    ]
    sure = False
    if measure.unit == "share" and None not in values:
        pairs = [(one[measure.above], one[measure.below]) for one in (right, left)]
        low, high = interval.difference(pairs[0], pairs[1])
        sure = not low <= 0 <= high
    return Change(measure, values[0], values[1], sure)


def shift(one: Change) -> int | None:
    """The class of a difference, 0 (much less) to 4 (much more); None without data."""
    if one.by is None:
        return None
    norm = one.measure.bounds[1] if one.measure.unit == "households" else 1.0
    return int(np.searchsorted(SHIFTS, one.by / norm, "right"))


def opened(left: Collection[Key], right: Collection[Key]) -> tuple[list[Key], list[Key]]:
    """The gaps that only the right side has, and those that only the left side has, by weight."""
    order = {kind: -weight for kind, (_, _, weight) in KINDS.items()}
    only = (set(right) - set(left), set(left) - set(right))
    new, gone = (sorted(some, key=lambda key: (order.get(key[0], 0.0), key)) for some in only)
    return new, gone
