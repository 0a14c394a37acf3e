"""What a grid should hold, and how its ground is shaped, as figures that are compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final, Literal, TypeVar

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geodata.domain import measure

Standing = Literal["under", "within", "over"]
Key = TypeVar("Key", int, str)


@dataclass(frozen=True, slots=True)
class Band:
    """How many households a grid should hold (`norm`), at least (`low`) and at most (`high`)."""

    norm: int = 300
    low: int = 200
    high: int = 500

    def standing(self, households: int) -> Standing:
        """Whether so many are too few, too many or neither."""
        if households < self.low:
            return "under"
        return "over" if households > self.high else "within"


@dataclass(frozen=True, slots=True)
class Figures:
    """What a grid has: its ground in square metres and its shape, and how many of each.

    `compactness` is 4πA/P² (Polsby and Popper, 1991; 1 for a disc), `pieces` the parts of its
    ground, `expected_issues` those of a year by the reports a household of its community. `band`
    says whether its households are under, within or over the band of the district.
    """

    area_m2: float = 0.0
    compactness: float = 0.0
    pieces: int = 0
    buildings: int = 0
    households: int = 0
    residents: int = 0
    groups: int = 0
    members: int = 0
    workers: int = 0
    open_issues: int = 0
    expected_issues: float = 0.0
    band: Standing = "under"


_COUNTED: Final = ("pieces", "buildings", "households", "residents", "groups", "members")
CRUMB_M2: Final = 30.0
ROUNDER: Final = 0.005


def differs(was: Mapping[str, Any] | None, now: Mapping[str, Any] | None) -> bool:
    """Whether a grid is another than before by more than crumbs of ground and a vertex.

    Both are `Figures` by the names of their fields; None where there is no such grid.
    """
    if was is None or now is None:
        return True
    counted = (*_COUNTED, "open_issues")
    if any(was[name] != now[name] for name in counted):
        return True
    rounder = abs(was["compactness"] - now["compactness"]) > ROUNDER
    return bool(rounder or abs(was["area_m2"] - now["area_m2"]) > CRUMB_M2)


def turned(before: Mapping[Key, Figures], after: Mapping[Key, Figures]) -> set[Key]:
    """Which grids are others afterwards, as `differs` tells; new ones and those that ended too."""
    other = {
        key
        for key, now in after.items()
        if key not in before or differs(asdict(before[key]), asdict(now))
    }
    return other | {key for key in before if key not in after}


@dataclass(frozen=True, slots=True)
class Form:
    """How some ground is shaped: square metres, 4πA/P² and number of parts."""

    area_m2: float
    compactness: float
    pieces: int


def forms(shapes: Sequence[BaseGeometry]) -> list[Form]:
    """The form of each area (degrees, EPSG:4326); zeros where it is empty."""
    plane = measure.flat(shapes)
    area, length = shapely.area(plane), shapely.length(plane)
    round_ = np.divide(4 * np.pi * area, length**2, out=np.zeros(len(plane)), where=length > 0)
    parts = shapely.get_num_geometries(plane)
    parts = np.where(shapely.is_empty(plane), 0, parts)
    rows = zip(area.tolist(), round_.tolist(), parts.tolist(), strict=True)
    return [Form(float(a), round(float(c), 3), int(n)) for a, c, n in rows]
