"""Counts of issues by day, kept, beside the issues that have changed since or that no day has yet.

Counts add up, so those of a span are the kept ones of its days, less what the changed issues were
when they were kept, and with what they are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Final, Literal

import numpy as np

from geodata.domain import indicator
from geodata.domain.indicator import COUNTS, MOMENT, Issues, Window
from geodata.domain.lattice import Floats
from geodata.domain.partition import Ints

Group = Literal["grid", "category", "channel", "community"]
GROUPS: Final[tuple[Group, ...]] = ("grid", "category", "channel", "community")


@dataclass(frozen=True)
class Days:
    """Kept counts: the first second of each row's day, its groups (-1 for none), its counts."""

    begins: Floats
    groups: Mapping[Group, Ints]
    counts: Mapping[str, Floats]


def no_days() -> Days:
    """None kept."""
    none = np.zeros(0, dtype=np.int64)
    nothing = np.zeros(0)
    return Days(nothing, dict.fromkeys(GROUPS, none), dict.fromkeys(COUNTS, nothing))


@dataclass(frozen=True)
class Told:
    """All that is to be counted.

    `days` are the kept days, all before the moment `until` (seconds since 1970, UTC). `fresh` are
    issues that count from `until` on, `changed` those that have changed since the keeping, as they
    are, and `before` the same as they were.
    """

    days: Days
    until: float
    fresh: Issues
    changed: Issues
    before: Issues

    def counted(self, window: Window) -> dict[str, Floats]:
        """As `indicator.counted`, for each row of `groups`; what is given back is below zero."""
        since, end, now = window
        fresh = indicator.counted(self.fresh, (max(since, self.until), end, now))
        changed = indicator.counted(self.changed, window)
        before = indicator.counted(self.before, (since, min(end, self.until), now))
        lies = (self.days.begins >= since) & (self.days.begins < end)
        return {
            name: np.concatenate(
                [self.days.counts[name] * lies, fresh[name], changed[name], -before[name]]
            )
            for name in COUNTS
        }

    def group(self, name: Group) -> Ints:
        """Where each row belongs."""
        told = [getattr(one, name) for one in (self.fresh, self.changed, self.before)]
        return np.concatenate([self.days.groups[name], *told])


def plain(issues: Issues) -> Told:
    """Issues of which nothing is kept."""
    none = only(issues, np.zeros(len(issues), dtype=np.bool_))
    return Told(no_days(), -np.inf, issues, none, none)


def only(issues: Issues, which: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Issues:
    """Some of the issues."""
    return Issues(**{one.name: getattr(issues, one.name)[which] for one in fields(issues)})


def by_day(told: Told, since: float, starts: Sequence[float]) -> Days:
    """What is new for the days kept, one row a day, community, category and channel.

    `starts` are the first seconds of all days in order, the last the end of the days to keep;
    `since` is where the new ones begin. What lies before the first is left out. What changed
    counts on all of them, what is fresh on the new ones.
    """
    limit = starts[-1]
    parts = [
        (told.fresh, (max(since, starts[0]), limit, np.inf), 1.0),
        (told.changed, (starts[0], limit, np.inf), 1.0),
        (told.before, (starts[0], since, np.inf), -1.0),
    ]
    cells, sums = _cells([_placed(one, window, sign, starts) for one, window, sign in parts])
    names: tuple[Group, ...] = ("community", "category", "channel")
    groups = {name: cells[:, 1 + n].astype(np.int64) for n, name in enumerate(names)}
    return Days(np.asarray(starts)[cells[:, 0]], groups, sums)


_Placed = list[tuple[str, Ints, Floats]]


def _placed(issues: Issues, window: Window, sign: float, starts: Sequence[float]) -> _Placed:
    """For each count its issues as rows of day, community, category and channel, and its amount."""
    counts = indicator.counted(issues, window)
    homes = np.column_stack([issues.community, issues.category, issues.channel])
    found: _Placed = []
    for name in COUNTS:
        some = counts[name] != 0
        at = np.searchsorted(starts, getattr(issues, MOMENT[name])[some], "right") - 1
        found.append((name, np.column_stack([at, homes[some]]), sign * counts[name][some]))
    return found


def _cells(parts: Sequence[_Placed]) -> tuple[Ints, dict[str, Floats]]:
    """The cells that any count is in, and each count summed over them."""
    flat = [one for part in parts for one in part]
    rows = np.concatenate([cells for _, cells, _ in flat])
    cells, at = np.unique(rows, axis=0, return_inverse=True)
    at, sums, start = at.reshape(-1), {name: np.zeros(len(cells)) for name in COUNTS}, 0
    for name, own, amounts in flat:
        here = at[start : start + len(own)]
        sums[name] += np.bincount(here, weights=amounts, minlength=len(cells))
        start += len(own)
    return cells, sums
