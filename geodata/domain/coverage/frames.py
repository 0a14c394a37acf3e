"""What gaps are looked for in: grids, buildings, groups, workers and issues, as columns.

Columns of one frame have equal length. Places are longitude and latitude in degrees (EPSG:4326).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import Any, Final, Self

import numpy as np
from shapely.geometry.base import BaseGeometry

from geodata.domain.lattice import Floats
from geodata.domain.partition import Bools, Ints

Row = Mapping[str, Any]
Texts = Sequence[str]
Moments = Sequence[datetime | None]

REPORTED: Final = ("open", "overdue", "reports", "last_seen")
"""The columns of grids that issues and visits tell."""

BAND_HIGH: Final = 500
"""Households at the most, where a district says nothing."""


@dataclass(frozen=True)
class Norms:
    """How much is right: households a grid and a group, metres to walk, years a border lasts."""

    norm: int = 300
    band_low: int = 200
    band_high: int = BAND_HIGH
    walk_m: float = 1_800.0
    stale_years: int = 10


class Frame:
    """Columns that are made of rows."""

    @classmethod
    def of(cls, rows: Sequence[Row]) -> Self:
        """The frame of rows that have its columns by name; counts that are missing are 0."""
        return cls.of_columns({n: [row[n] for row in rows] for n in cls.__annotations__})

    @classmethod
    def of_columns(cls, columns: Mapping[str, Sequence[Any]]) -> Self:
        """The same of its columns by name."""
        return cls(**{n: _column(kind, columns[n]) for n, kind in cls.__annotations__.items()})


def _column(kind: str, values: Sequence[Any]) -> Any:
    if kind == "Ints":
        return np.array([value or 0 for value in values], dtype=np.int64)
    if kind == "Floats":
        return np.array([np.nan if value is None else value for value in values], dtype=np.float64)
    return values


@dataclass(frozen=True)
class Grids(Frame):
    """The grids of the present.

    `bare` are buildings that no group serves, `workers` those with a post now; `left_at` is when
    the last one left, `comes_at` when the next one begins; `groups` are those it owns,
    `joint` the id of another grid's group that was given it, 0 for none; `reports` are all issues
    there ever were; `last_seen` is when the last one came, or somebody visited the grid.
    """

    id: Ints
    code: Texts
    name: Texts
    community: Texts
    street: Texts
    lon: Floats
    lat: Floats
    drawn_at: Moments
    buildings: Ints
    bare: Ints
    households: Ints
    residents: Ints
    workers: Ints
    left_at: Moments
    comes_at: Moments
    groups: Ints
    joint: Ints
    open: Ints
    overdue: Ints
    reports: Ints
    last_seen: Moments

    def __len__(self) -> int:
        """How many there are."""
        return len(self.code)

    @classmethod
    def unreported(cls, columns: Mapping[str, Sequence[Any]]) -> Self:
        """The grids of columns that say nothing of issues."""
        none = [None] * len(columns["code"])
        return cls.of_columns({**dict.fromkeys(REPORTED, none), **columns})

    def reported(self, columns: Mapping[str, Sequence[Any]]) -> Self:
        """The same grids with what issues say of them; `columns` have the grids' ids beside."""
        row_of = {number: row for row, number in enumerate(columns["id"])}
        rows = [row_of.get(number, -1) for number in self.id.tolist()]
        told: dict[str, Any] = {}
        for name in REPORTED:
            column = [*columns[name], None]
            told[name] = _column(self.__annotations__[name], [column[row] for row in rows])
        return replace(self, **told)

    @cached_property
    def grouped(self) -> Bools:
        """Which have a party group: one of their own, or another grid's that was given them."""
        return np.asarray((self.groups > 0) | (self.joint > 0))

    @cached_property
    def row_of(self) -> Mapping[int, int]:
        """The row of each grid by its id."""
        return {number: row for row, number in enumerate(self.id.tolist())}

    @cached_property
    def within(self) -> Mapping[str, Ints]:
        """The rows of the grids of each community by its code."""
        rows: dict[str, list[int]] = {}
        for row, code in enumerate(self.community):
            rows.setdefault(code, []).append(row)
        return {code: np.array(members) for code, members in rows.items()}


@dataclass(frozen=True)
class Buildings(Frame):
    """Buildings, or those among them that may have a gap.

    `grid` is the id of the grid that the door lies in, 0 for none; `group` the id of the party
    group, 0 for none; `owner` that of the grid which owns the group, 0 where there is no group.
    """

    code: Texts
    name: Texts
    address: Texts
    community: Texts
    grid: Ints
    group: Ints
    owner: Ints
    households: Ints
    residents: Ints
    lon: Floats
    lat: Floats

    def __len__(self) -> int:
        """How many there are."""
        return len(self.code)


@dataclass(frozen=True)
class Groups(Frame):
    """Party groups: `grid` is the id of the owner; the place is amid the buildings they serve."""

    id: Ints
    name: Texts
    grid: Ints
    secretary: Sequence[str | None]
    members: Ints
    buildings: Ints
    households: Ints
    residents: Ints
    lon: Floats
    lat: Floats

    def __len__(self) -> int:
        """How many there are."""
        return len(self.name)


@dataclass(frozen=True)
class Posts(Frame):
    """Posts that stand now: a worker in a grid, both by id."""

    worker: Ints
    name: Texts
    grid: Ints

    def __len__(self) -> int:
        """How many there are."""
        return len(self.name)


@dataclass(frozen=True)
class Loose(Frame):
    """Open issues in no grid; without a place `lon` is NaN, and `reason` says why.

    `late` are overdue.
    """

    id: Texts
    ticket: Texts
    address: Texts
    community: Sequence[str | None]
    precision: Texts
    reason: Sequence[str | None]
    reported_at: Sequence[datetime]
    lon: Floats
    lat: Floats
    late: Ints

    def __len__(self) -> int:
        """How many there are."""
        return len(self.ticket)


@dataclass(frozen=True)
class Bare:
    """The ground of a community that lies in no grid: its shape in degrees, since when."""

    community: str
    name: str
    shape: BaseGeometry
    since: datetime
    plan: str | None = None


@dataclass(frozen=True)
class Overlap:
    """Areas that overlap in a file that was brought in and could not be taken."""

    file: int
    name: str
    row: int
    other: int
    area_m2: float
    spot: tuple[float, float] | None
    at: datetime


@dataclass(frozen=True)
class Far:
    """Residents of a grid (by id) who live farther than the walk from any station."""

    grid: int
    residents: int
    households: int
    farthest_m: float
    station: str


@dataclass(frozen=True)
class Still:
    """What only changes with the ground and what stands on it, and so need not be looked up anew.

    `cut` are the buildings that the border of each grid (by id) cuts.
    """

    far: Sequence[Far] = ()
    cut: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Frames:
    """All that gaps are looked for in; `since` is when the first report came.

    `parties` are the communities (codes) with a party organisation, below which alone a group can
    be set up; None where that is not known, and taken to be all.
    `looked` are the communities alone in which lasting gaps are looked for; None for all.
    `homes` are all communities with their streets (codes), those without grids too.
    """

    grids: Grids
    buildings: Buildings
    groups: Groups
    posts: Posts
    loose: Loose = field(default_factory=lambda: Loose.of([]))
    bare: Sequence[Bare] = ()
    overlaps: Sequence[Overlap] = ()
    still: Still = field(default_factory=Still)
    since: datetime | None = None
    norms: Norms = field(default_factory=Norms)
    parties: frozenset[str] | None = None
    looked: frozenset[str] | None = None
    homes: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def street_of(self) -> Mapping[str, str]:
        """The street of each community that is known, by their codes."""
        return {**dict(zip(self.grids.community, self.grids.street, strict=True)), **self.homes}

    def has_party(self, community: str) -> bool:
        """Whether a party group can be set up in a community."""
        return self.parties is None or community in self.parties

    def looks_at(self, community: str | None) -> bool:
        """Whether gaps of a community are looked for; those of none always are."""
        return self.looked is None or community is None or community in self.looked
