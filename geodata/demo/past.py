"""What had not been done yet on the days before: the coverage of the demo's last month.

The present less some steps, each taken on a day of its own: groups founded, leaders named, houses
taken into a group or given back to theirs; and, since things also go wrong, leaders who left, new
houses that nobody has taken in yet, and houses that strayed. Where that was follows from the order
of the codes alone, so that the same demo always has the same month.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np

from geodata.demo.draft import Draft, House
from geodata.demo.shares import scaled
from geodata.domain.coverage.frames import Frames
from geodata.domain.coverage.gap import Gap
from geodata.domain.crs import metres_per_degree

DAYS: Final = 30
"""How many days before the present there are."""
_DONE: Final = {"founded": 5, "named": 3, "enrolled": 3, "returned": 2}
"""In how many grids of 620 a gap was closed, and how."""
_LEFT, _BUILT, _STRAYED = 2, 3, 1
_LAST, _STRIDE = 28, 11
"""The steps are eleven days apart, round and round in 28 days: the first 28 on different ones."""
_FEW: Final = 2

Undo = Callable[[Draft], None]


@dataclass(frozen=True)
class Step:
    """Something that was done so many days ago; on all days before, a draft has it undone."""

    ago: int
    undo: Undo


class Past:
    """Where something was done in the month before the present."""

    def __init__(self, frames: Frames, gaps: Iterable[Gap]) -> None:
        """Choose grids of `frames`, in which `gaps` are all gaps there are."""
        self.frames, self.gaps = frames, list(gaps)
        groups = enumerate(frames.groups.grid.tolist())
        self.group_of = {frames.grids.row_of.get(grid, -1): n for n, grid in groups}
        troubled = {gap.grid for gap in self.gaps}
        self.calm = [
            row
            for row, code in enumerate(frames.grids.code)
            if code not in troubled and row in self.group_of and frames.grids.buildings[row] > _FEW
        ]
        self.chosen = _dealt(self.calm, {k: self._scaled(n) for k, n in _DONE.items()})

    def grids(self) -> list[int]:
        """The grids (ids) of whose houses `steps` has to know."""
        rows = self.chosen["enrolled"] + self.chosen["returned"]
        return sorted(self.frames.grids.id[rows].tolist())

    def steps(self, houses: Sequence[House]) -> list[Step]:
        """All that was done; `houses` are those of `grids` that the groups there serve, by code."""
        undone = [*self._closed(houses), *self._opened()]
        return [Step(1 + n * _STRIDE % _LAST, undo) for n, undo in enumerate(undone)]

    def _closed(self, houses: Sequence[House]) -> Iterator[Undo]:
        lived_in = defaultdict[int, list[House]](list)
        for house in houses:
            lived_in[self.frames.grids.row_of[house["grid"]]].append(house)
        for row in self.chosen["founded"]:
            yield partial(Draft.unfound, grid=row)
        for row in self.chosen["named"]:
            yield partial(Draft.unname, group=self.group_of[row])
        for n, row in enumerate(self.chosen["enrolled"]):
            some = lived_in[row][: 1 + n % _FEW]
            told = [
                partial(Draft.unenrol, house=h, grid=row, group=self.group_of[row]) for h in some
            ]
            yield partial(_all, told)
        for row in self.chosen["returned"]:
            own, other = self.group_of[row], self._beside(row)
            if other is not None:
                some = lived_in[row][:_FEW]
                told = [partial(Draft.unreturn, house=h, group=own, other=other) for h in some]
                yield partial(_all, told)

    def _opened(self) -> Iterator[Undo]:
        frames = self.frames
        number = {n: row for row, n in enumerate(frames.groups.id.tolist())}
        for gap in self._some("group_without_leader", _LEFT):
            yield partial(Draft.unleave, group=number[gap.facts["group"]])
        house = {code: row for row, code in enumerate(frames.buildings.code)}
        grid = {code: row for row, code in enumerate(frames.grids.code)}
        for gap in self._some("building_without_group", _BUILT):
            yield partial(Draft.unbuild, row=house[gap.code], grid=grid[str(gap.grid)])
        for gap in self._some("group_astride", _STRAYED):
            yield partial(_all, list(self._strayed(gap.facts["group"], number)))

    def _strayed(self, group: int, number: dict[int, int]) -> Iterator[Undo]:
        houses, row_of = self.frames.buildings, self.frames.grids.row_of
        for row in np.flatnonzero((houses.group == group) & (houses.grid != houses.owner)).tolist():
            own = self.group_of.get(row_of.get(int(houses.grid[row]), -1))
            if own is not None:
                yield partial(Draft.unstray, row=row, other=number[group], group=own)

    def _some(self, kind: str, count: int) -> list[Gap]:
        """Some gaps of a kind, far apart in the order of their codes."""
        of_kind = sorted((gap for gap in self.gaps if gap.kind == kind), key=lambda gap: gap.code)
        return [of_kind[n] for n in _apart(len(of_kind), self._scaled(count))]

    def _beside(self, row: int) -> int | None:
        """The row of the group of the nearest calm grid of the same community."""
        grids = self.frames.grids
        near = [n for n in self.calm if n != row and grids.community[n] == grids.community[row]]
        if not near:
            return None
        kx, ky = metres_per_degree(float(grids.lat[row]))
        away = np.hypot(
            (grids.lon[near] - grids.lon[row]) * kx, (grids.lat[near] - grids.lat[row]) * ky
        )
        return self.group_of[near[int(np.argmin(away))]]

    def _scaled(self, count: int) -> int:
        return max(1, scaled(count, len(self.frames.grids)))


def then(present: Frames, steps: Iterable[Step], ago: int) -> Frames:
    """The frames of the end of a day, so many days before the present."""
    draft = Draft(present)
    for step in steps:
        if step.ago < ago:
            step.undo(draft)
    return draft.frames()


def _all(undone: Iterable[Undo], draft: Draft) -> None:
    for undo in undone:
        undo(draft)


def _apart(length: int, count: int) -> list[int]:
    """So many places in a list, as far from each other as they can be; fewer in a short one."""
    count = min(count, length)
    return [(2 * n + 1) * length // (2 * count) for n in range(count)]


def _dealt(rows: Sequence[int], counts: dict[str, int]) -> dict[str, list[int]]:
    """Rows far apart, so many of each sort, and those of each sort far apart again."""
    turns = sorted(
        ((n + 0.5) / count, kind) for kind, count in counts.items() for n in range(count)
    )
    found: dict[str, list[int]] = {kind: [] for kind in counts}
    for place, (_, kind) in zip(_apart(len(rows), len(turns)), turns, strict=False):
        found[kind].append(rows[place])
    return found
