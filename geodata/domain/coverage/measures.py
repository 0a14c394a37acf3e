"""The figures of areas, and the measures by which a map is coloured, with classes that say why.

Figures add up: that of a street is the sum of its communities'. Only a worker of several grids is
one person in every area that has some of them. Gaps in no grid count in their community and
street, so that grids alone may have fewer. A measure is a numerator over a denominator, both of
them figures; without a denominator there is no data.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from geodata.domain.coverage import people
from geodata.domain.coverage.frames import Frames, Grids, Norms
from geodata.domain.coverage.gap import Gap
from geodata.domain.indicator import LEAST_RANKED
from geodata.domain.partition import Bools, Ints

Tier = Literal["street", "community", "grid"]
TIERS: Final[tuple[Tier, ...]] = ("street", "community", "grid")

FIGURES: Final = (
    *("grids", "with_group", "with_worker", "in_band", "buildings", "covered", "households"),
    *("residents", "workers", "groups", "open", "overdue", "troubled", "gaps"),
)
"""What is counted in an area: grids, those with a group, a worker and within the band; buildings,
those with a group; people; workers and groups; open and overdue issues; grids with a gap; gaps."""


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure of areas: figures above and below the line, and the bounds of its classes.

    `bounds` part five classes: a value belongs to the first whose bound it is under, else to the
    last. `ramp` is how they are coloured: ``gap`` from much missing to nothing missing, ``norm``
    around a norm (the third bound's left is below it), ``load`` from little to much. `rule` is a
    code of why the bounds are where they are.
    """

    code: str
    above: str
    below: str
    ramp: Literal["gap", "norm", "load"]
    unit: Literal["share", "households"]
    bounds: tuple[float, float, float, float]
    rule: str

    def class_of(self, value: float | None) -> int | None:
        """The class of a value, 0 to 4; None where there is no data."""
        return None if value is None else int(np.searchsorted(self.bounds, value, "right"))

    @property
    def least(self) -> int:
        """From how many issues on it tells something; 0 for what is counted whole."""
        return LEAST_RANKED if self.below == "open" else 0

    def is_few(self, figures: Mapping[str, int]) -> bool:
        """Whether it rests on some issues, but on too few."""
        return 0 < figures[self.below] < self.least


_SHARES: Final = (0.6, 0.8, 0.95, 1.0)
_LATE: Final = (0.05, 0.1, 0.2, 0.4)


def measures(norms: Norms) -> list[Measure]:
    """The measures of a district, the first of which is shown when nothing is chosen."""
    high = float(norms.band_high)
    band = (float(norms.band_low), float(norms.norm), high, 1.5 * high)
    return [
        Measure("group_share", "with_group", "grids", "gap", "share", _SHARES, "fixed"),
        Measure("building_share", "covered", "buildings", "gap", "share", _SHARES, "fixed"),
        Measure("worker_share", "with_worker", "grids", "gap", "share", _SHARES, "fixed"),
        Measure("load", "households", "grids", "norm", "households", band, "band"),
        Measure("each", "households", "workers", "norm", "households", band, "band"),
        Measure("late_share", "overdue", "open", "load", "share", _LATE, "late"),
        Measure("troubled_share", "troubled", "grids", "load", "share", _LATE, "late"),
    ]


@dataclass(frozen=True)
class Table:
    """Figures of the areas of one tier: codes, those above them, and columns of equal length."""

    codes: Sequence[str]
    parents: Sequence[str]
    columns: Mapping[str, Ints]


def table(frames: Frames, gaps: Iterable[Gap], tier: Tier) -> Table:
    """The figures of each street, community or grid, by code.

    Issues in no grid are those of their community and street, if they have one.
    """
    found = list(gaps)
    return summed(frames, found, of_grids(frames.grids, found, frames.norms), tier)


def summed(frames: Frames, gaps: Iterable[Gap], columns: Mapping[str, Ints], tier: Tier) -> Table:
    """The same from what `of_grids` gave."""
    grids, street_of = frames.grids, frames.street_of
    if tier == "grid":
        return Table(grids.code, grids.community, columns)
    is_low = tier == "community"
    own = grids.community if is_low else grids.street
    codes = sorted(street_of if is_low else set(street_of.values()))
    row_of = {code: row for row, code in enumerate(codes)}
    at = np.array([row_of[code] for code in own], dtype=np.int64)
    sums = {
        name: np.bincount(at, weights=column, minlength=len(codes)).astype(np.int64)
        for name, column in columns.items()
    }
    who, rows = people.places(grids, frames.posts)
    sums["workers"] -= people.counted_again(who, at[rows], len(codes))
    for home, beside in in_no_grid(frames, gaps).items():
        row = row_of.get(home if is_low else street_of.get(home, ""))
        for name, count in beside.items() if row is not None else ():
            sums[name][row] += count
    return Table(codes, [street_of[code] for code in codes] if is_low else [""] * len(codes), sums)


def workers(frames: Frames, here: Bools) -> int:
    """How many people serve some grids, by which rows of the frame they are."""
    who, rows = people.places(frames.grids, frames.posts)
    who = who[here[rows]]
    again = people.counted_again(who, np.zeros_like(who), 1)
    return int(frames.grids.workers[here].sum() - again[0])


LOOSE: Final = ("gaps", "open", "overdue")
"""Figures of what may lie in no grid."""


def in_no_grid(frames: Frames, gaps: Iterable[Gap]) -> dict[str, dict[str, int]]:
    """How much of `LOOSE` lies in no grid, by community; under "" what lies in none of those."""
    known, loose = set(frames.grids.code), frames.loose
    late = loose.late.tolist()
    counts = (
        Counter(gap.community for gap in gaps if gap.grid not in known),
        Counter(loose.community),
        Counter(home for home, is_late in zip(loose.community, late, strict=True) if is_late),
    )
    found: dict[str, dict[str, int]] = {}
    for name, count in zip(LOOSE, counts, strict=True):
        for home, number in count.items():
            one = found.setdefault(home if home and home in frames.street_of else "", {})
            one[name] = one.get(name, 0) + number
    return found


def of_grids(grids: Grids, gaps: Iterable[Gap], norms: Norms) -> dict[str, Ints]:
    """The figures of each grid as columns by name; gaps in no grid are in none of them."""
    row_of = {code: row for row, code in enumerate(grids.code)}
    rows = [row_of[gap.grid] for gap in gaps if gap.grid in row_of]
    here = np.bincount(np.array(rows, dtype=np.int64), minlength=len(grids))
    columns = (
        np.ones(len(grids), dtype=np.int64),
        grids.grouped,
        grids.workers > 0,
        (grids.households >= norms.band_low) & (grids.households <= norms.band_high),
        grids.buildings,
        grids.buildings - grids.bare,
        *(grids.households, grids.residents, grids.workers, grids.groups),
        *(grids.open, grids.overdue, here > 0, here),
    )
    return {
        name: np.asarray(column, dtype=np.int64)
        for name, column in zip(FIGURES, columns, strict=True)
    }
