"""The indicators of the field, each formula once: what is counted, and what over what.

Everything counted adds up over areas, categories and channels. A share is a count over a count; the
others say so in their unit. All are of a span of time and of a moment at which it was looked at: an
issue whose deadline is still to come is not due yet.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from geodata.domain import interval
from geodata.domain.interval import Interval
from geodata.domain.lattice import Floats
from geodata.domain.partition import Bools, Ints

Unit = Literal["share", "hours", "per_thousand"]
Window = tuple[float, float, float]
"""From, until and the moment of looking, as seconds since 1970 (UTC)."""

LEAST_RANKED: Final = 20
"""Under so many in the denominator a figure is shown, but nobody is ranked by it."""
LEAST_EVENTS: Final = 5.0
"""Under so many events to be expected the same holds for events by residents."""

_HOUR: Final = 3600.0
GOOD, FAIR, BAD = 1, 2, 3


@dataclass(frozen=True)
class Issues:
    """Issues as columns of equal length.

    Moments are seconds since 1970 (UTC), NaN where there is none; `handled` is when the handling
    that stands was done. `dropped` are those rejected or void, `rating` is 1 good, 2 fair, 3 bad,
    0 none; the last four columns say where each belongs, -1 to none.
    """

    reported: Floats
    due: Floats
    handled: Floats
    closed: Floats
    dropped: Bools
    reworked: Bools
    rating: Ints
    grid: Ints
    category: Ints
    channel: Ints
    community: Ints

    def __len__(self) -> int:
        """How many there are."""
        return len(self.reported)


COUNTS: Final = (
    *("reported", "due", "in_time", "closed", "closed_in_time", "reworked", "late"),
    *("handled", "hours", "hours_squared", "rated", "content"),
)
"""What is counted in a span; `counted` says how."""

MOMENT: Final[Mapping[str, str]] = {
    "reported": "reported",
    "rated": "closed",
    "content": "closed",
    **dict.fromkeys(("handled", "hours", "hours_squared"), "handled"),
    **dict.fromkeys(("due", "in_time", "closed", "closed_in_time", "reworked", "late"), "due"),
}
"""The moment of an issue that must lie in the span for each count."""

Counts = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Indicator:
    """An indicator: the counts above and below the line, its unit, and which way is better."""

    code: str
    above: str
    below: str
    unit: Unit = "share"
    better: Literal["high", "low"] = "high"


INDICATORS: Final[Mapping[str, Indicator]] = {
    one.code: one
    for one in (
        Indicator("handled_in_time", "in_time", "due"),
        Indicator("closed", "closed", "due"),
        Indicator("closed_in_time", "closed_in_time", "due"),
        Indicator("late", "late", "due", better="low"),
        Indicator("reworked", "reworked", "due", better="low"),
        Indicator("hours", "hours", "handled", "hours", "low"),
        Indicator("content", "content", "rated"),
        Indicator("heat", "reported", "residents", "per_thousand", "low"),
    )
}
"""按期处置率, 结案率, 按期结案率, 超期待处置率, 返工率, 平均处置时长, 满意率, 诉求热度."""


def counted(issues: Issues, window: Window) -> dict[str, Floats]:
    """Whether each issue counts, by `COUNTS`; hours and their squares as they are.

    应处置 due: the deadline lies in the span and before the moment of looking, and the issue was
    neither rejected nor void; 应结案 is the same, since one deadline holds for both. 按期 in time:
    handled or closed not after the deadline. 超期待处置 late: due and not handled yet. 返工: due
    and reworked at least once. 处置时长: from report to handling, of what was handled in the span.
    评价: of what was closed in the span; 基本满意 counts as content.
    """
    since, until, now = window
    end = min(until, now)
    kept = ~issues.dropped
    due = kept & _in(issues.due, since, end)
    handled = kept & _in(issues.handled, since, end)
    over = kept & _in(issues.closed, since, end)
    hours = np.where(handled, (issues.handled - issues.reported) / _HOUR, 0.0)
    columns: tuple[Bools | Floats, ...] = (
        _in(issues.reported, since, end),
        due,
        due & (issues.handled <= issues.due),
        due & (issues.closed <= now),
        due & (issues.closed <= issues.due),
        due & issues.reworked,
        due & ~(issues.handled <= now),
        handled,
        hours,
        hours**2,
        over & (issues.rating > 0),
        over & ((issues.rating == GOOD) | (issues.rating == FAIR)),
    )
    return {name: column.astype(np.float64) for name, column in zip(COUNTS, columns, strict=True)}


def _in(moments: Floats, since: float, end: float) -> Bools:
    return np.asarray((moments >= since) & (moments < end))


def summed(columns: Mapping[str, Floats], groups: Ints, count: int) -> list[dict[str, float]]:
    """The counts of each of `count` groups; what belongs to none (-1) is left out."""
    known = groups >= 0
    sums = {
        name: np.bincount(groups[known], weights=column[known], minlength=count).tolist()
        for name, column in columns.items()
    }
    return [{name: column[n] for name, column in sums.items()} for n in range(count)]


@dataclass(frozen=True, slots=True)
class Figure:
    """An indicator's value: above over below, its interval (95 %), and whether it can be ranked.

    `value` and `interval` are None where the denominator is 0. `per_thousand` is events for a
    thousand residents.
    """

    indicator: Indicator
    above: float
    below: float
    value: float | None
    interval: Interval | None
    ranked: bool


def figure(indicator: Indicator, counts: Counts, expected: float | None = None) -> Figure:
    """The value of an indicator for what was counted.

    `expected` are the events that a mean like everybody's would bring, for those by residents.
    """
    above, below = counts.get(indicator.above, 0.0), counts.get(indicator.below, 0.0)
    if not below:
        return Figure(indicator, above, below, None, None, ranked=False)
    limits, ranked = _share(above, below)
    value = above / below
    if indicator.unit == "hours":
        limits = interval.mean(above, counts["hours_squared"], round(below))
    elif indicator.unit == "per_thousand":
        value *= 1000
        low, high = interval.events(round(above))
        limits = low / below * 1000, high / below * 1000
        ranked = expected is None or expected >= LEAST_EVENTS
    return Figure(indicator, above, below, value, limits, ranked)


def _share(above: float, below: float) -> tuple[Interval | None, bool]:
    fits = above <= below  # or it is no share, and has limits of its own
    return interval.share(round(above), round(below)) if fits else None, below >= LEAST_RANKED


def expected(counts: Sequence[Counts], indicator: Indicator) -> list[float]:
    """The events that each group would have if all had as many for what is below the line."""
    above = sum(one.get(indicator.above, 0.0) for one in counts)
    below = sum(one.get(indicator.below, 0.0) for one in counts)
    return [one.get(indicator.below, 0.0) * above / below if below else 0.0 for one in counts]


Verdict = Literal["better", "worse", "same", "few"]


def changed(now: Figure, then: Figure) -> Verdict:
    """Whether a figure has changed by more than chance explains; "same" where that is not sure.

    Shares by the interval of their difference, others where their intervals do not meet. "few"
    where either has too few for anybody to be ranked by it.
    """
    if now.value is None or then.value is None or now.interval is None or then.interval is None:
        return "same"
    if not (now.ranked and then.ranked):
        return "few"
    if now.indicator.unit == "share":
        pairs = [(round(one.above), round(one.below)) for one in (now, then)]
        low, high = interval.difference(pairs[0], pairs[1])
    else:
        low, high = now.interval[0] - then.interval[1], now.interval[1] - then.interval[0]
    if low <= 0 <= high:
        return "same"
    return "better" if (low > 0) == (now.indicator.better == "high") else "worse"


HEAT: Final = (0.5, 0.8, 1.25, 2.0)
"""Bounds of the classes of heat, as multiples of the whole area's."""


def warmth(figures: Sequence[Figure], whole: Figure) -> list[int | None]:
    """The class of each figure of heat, 0 to 4; None where there are too few to tell."""
    if not whole.value:
        return [None] * len(figures)
    times = [one.value / whole.value if one.value is not None else None for one in figures]
    return [
        None if ratio is None or not one.ranked else int(np.searchsorted(HEAT, ratio, "right"))
        for one, ratio in zip(figures, times, strict=True)
    ]
