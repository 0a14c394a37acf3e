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

_LEAST: Final = {"share": 0.001, "households": 0.5}
"""The smallest difference that is told, in the unit of a measure."""


@dataclass(frozen=True)
class Change:
    """A measure on both sides; values None without data.

    Grids, buildings, workers and households are counted whole: a difference of those is `sure`.
    Of issues it is where chance alone is unlikely (interval of the difference, 95 %), and never
    where either side has too `few`.
    """

    measure: Measure
    left: float | None
    right: float | None
    sure: bool
    few: bool = False

    @property
    def by(self) -> float | None:
        """How much more there is on the right."""
        return None if self.left is None or self.right is None else self.right - self.left


def change(measure: Measure, left: Mapping[str, int], right: Mapping[str, int]) -> Change:
    """A measure of the figures on both sides."""
    values = tuple(
        one[measure.above] / one[measure.below] if one[measure.below] else None
        for one in (left, right)
    )
    few = any(measure.is_few(one) for one in (left, right))
    sure = None not in values and not few
    if sure and measure.least:
        pairs = [(one[measure.above], one[measure.below]) for one in (right, left)]
        low, high = interval.difference(pairs[0], pairs[1])
        sure = not low <= 0 <= high
    return Change(measure, values[0], values[1], sure, few)


def verdict(one: Change) -> int | None:
    """Whether a measure became worse (0), neither (1) or better (2); None where that is not sure.

    Around a norm it is better to lie less far outside the band.
    """
    if one.left is None or one.right is None:
        return None
    worth = [_worth(one.measure, value) for value in (one.left, one.right)]
    by = worth[1] - worth[0]
    if abs(by) < _LEAST[one.measure.unit]:
        return 1
    return 1 + int(np.sign(by)) if one.sure else None


def _worth(measure: Measure, value: float) -> float:
    """How good a value is, the higher the better."""
    if measure.ramp != "norm":
        return value if measure.ramp == "gap" else -value
    low, _norm, high, _most = measure.bounds
    return -max(low - value, value - high, 0.0)


def opened(left: Collection[Key], right: Collection[Key]) -> tuple[list[Key], list[Key]]:
    """The gaps that only the right side has, and those that only the left side has, by weight."""
    order = {kind: -weight for kind, (_, _, weight) in KINDS.items()}
    only = (set(right) - set(left), set(left) - set(right))
    new, gone = (sorted(some, key=lambda key: (order.get(key[0], 0.0), key)) for some in only)
    return new, gone
