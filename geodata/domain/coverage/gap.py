"""A gap: its kind, its place, how large it is, why it is there and what closes it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Literal

from shapely.geometry.base import BaseGeometry

Unit = Literal["m2", "households", "residents", "buildings", "members", "days", "issues"]
Level = Literal["community", "grid", "building", "group", "worker", "issue", "file"]

KINDS: Final[Mapping[str, tuple[Level, Unit, float]]] = {
    "building_uncovered": ("building", "households", 8.0),
    "grid_without_worker": ("grid", "households", 5.0),
    "ground_uncovered": ("community", "m2", 4.0),
    "overdue_cluster": ("grid", "issues", 4.0),
    "issue_outside": ("issue", "issues", 4.0),
    "grid_without_group": ("grid", "households", 3.0),
    "building_without_group": ("building", "households", 3.0),
    "overlap": ("file", "m2", 3.0),
    "address_unlocated": ("issue", "issues", 2.0),
    "grid_overloaded": ("grid", "households", 2.0),
    "worker_overloaded": ("worker", "households", 2.0),
    "group_overloaded": ("group", "households", 1.5),
    "group_without_leader": ("group", "members", 1.5),
    "group_astride": ("group", "buildings", 1.0),
    "far_from_station": ("grid", "residents", 1.0),
    "grid_quiet": ("grid", "days", 1.0),
    "boundary_stale": ("grid", "buildings", 0.5),
}
"""Each kind with what has it, the unit of its measure, and how much it weighs a household."""


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that nobody serves, or not as it should be.

    `code` is that of what has it: of a community, grid or building, of the grid that owns a group,
    the ticket of an issue, the number of a worker or file. The second group of a grid, and the
    second issue of a ticket, have their own number behind it. `cause` and `action` are codes, which
    `facts` complete; `households` are those concerned; `spot` is lon, lat in degrees, `shape` the
    ground where it is no whole area (degrees). `since` is when it came, where that is known.
    """

    kind: str
    code: str
    measure: float
    cause: str
    action: str
    community: str | None = None
    grid: str | None = None
    name: str = ""
    households: int = 0
    spot: tuple[float, float] | None = None
    shape: BaseGeometry | None = None
    since: datetime | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def level(self) -> Level:
        """What has it."""
        return KINDS[self.kind][0]

    @property
    def unit(self) -> Unit:
        """The unit of its measure."""
        return KINDS[self.kind][1]

    @property
    def weight(self) -> float:
        """How much it matters: the households concerned, by the weight of its kind."""
        return KINDS[self.kind][2] * (1 + self.households)

    @property
    def key(self) -> tuple[str, str]:
        """What it is known by from one day to the next."""
        return self.kind, self.code


def by_weight(gaps: Iterable[Gap]) -> list[Gap]:
    """The weightiest first; ties by kind and code, so that the order is always the same."""
    return sorted(gaps, key=_place)


def _place(gap: Gap) -> tuple[float, str, str]:
    """Where a gap stands: asked of tens of thousands, and so without its properties."""
    return -KINDS[gap.kind][2] * (1 + gap.households), gap.kind, gap.code
