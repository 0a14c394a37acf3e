"""How sure a figure is: intervals in which its true value lies in nineteen of twenty cases."""

import math
from typing import Final

Interval = tuple[float, float]
"""Lower and upper limit."""

Z: Final = 1.959963984540054
"""The normal quantile of 97.5 %, for two-sided intervals of 95 %."""


def share(count: int, total: int) -> Interval:
    """Of a share `count` / `total` (Wilson 1927, without correction); `total` above 0."""
    p, z2 = count / total, Z * Z
    middle = (p + z2 / (2 * total)) / (1 + z2 / total)
    half = Z * math.sqrt(p * (1 - p) / total + z2 / (4 * total * total)) / (1 + z2 / total)
    return max(0.0, middle - half), min(1.0, middle + half)


def events(count: int) -> Interval:
    """Of the mean of a count of events, taken as Poisson distributed (Byar's approximation)."""
    return (
        count * (1 - 1 / (9 * count) - Z / (3 * math.sqrt(count))) ** 3 if count else 0.0,
        (count + 1) * (1 - 1 / (9 * (count + 1)) + Z / (3 * math.sqrt(count + 1))) ** 3,
    )


def mean(total: float, squares: float, count: int) -> Interval | None:
    """Of a mean of `count` values by their sum and the sum of their squares; None under two.

    Normal approximation, never under 0.
    """
    if count < 2:  # noqa: PLR2004 -- one value says nothing of how they scatter
        return None
    middle = total / count
    spread = max(squares - total * middle, 0.0) / (count - 1)
    half = Z * math.sqrt(spread / count)
    return max(0.0, middle - half), middle + half


def difference(one: tuple[int, int], other: tuple[int, int]) -> Interval:
    """Of `one` − `other`, two independent shares as (count, total).

    Newcombe's hybrid of Wilson's limits (1998, method 10); totals above 0.
    """
    p, q = one[0] / one[1], other[0] / other[1]
    (low, high), (least, most) = share(*one), share(*other)
    return (
        p - q - math.hypot(p - low, most - q),
        p - q + math.hypot(high - p, q - least),
    )
