"""What a suggestion is made from: houses, streets, what a grid should hold, and the plane."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeVar

import numpy as np
import shapely
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from geodata.domain import lattice
from geodata.domain.crs import metres_per_degree
from geodata.domain.lattice import Shapes
from geodata.errors import InvalidMove

StreetKind = Literal["arterial", "secondary", "lane", "bridge"]
Shape = TypeVar("Shape", BaseGeometry, Shapes)


@dataclass(frozen=True, slots=True)
class House:
    """A building: where it stands and who lives there. Shapes in degrees (EPSG:4326, lon/lat).

    `outline` may be a point. `courtyard` is the same text for all that must stay together,
    `group` the party group that it belongs to, `grid` the code of its present grid.
    """

    code: str
    outline: BaseGeometry
    door: Point
    households: int
    residents: int = 0
    courtyard: str | None = None
    group: str | None = None
    grid: str | None = None


@dataclass(frozen=True, slots=True)
class Street:
    """The middle line of a street in degrees (EPSG:4326, lon/lat)."""

    shape: BaseGeometry
    kind: StreetKind = "lane"


@dataclass(frozen=True, slots=True)
class Aim:
    """How many households a grid should hold, and at least and at the most.

    Raises InvalidMove ``suggest_norm`` (norm, low, high) unless 0 < low <= norm <= high.
    """

    norm: int = 300
    low: int = 200
    high: int = 500

    def __post_init__(self) -> None:
        if not 0 < self.low <= self.norm <= self.high:
            raise InvalidMove("suggest_norm", norm=self.norm, low=self.low, high=self.high)

    def of_each(self, households: int, grids: int) -> Aim:
        """The aim where so many grids must hold so many households.

        The norm is what each holds on the average; the band stays, unless no division by that
        number can keep it: then it goes with the norm.
        """
        norm = max(1, round(households / grids))
        if not self.beyond(households, grids):
            return Aim(min(max(norm, self.low), self.high), self.low, self.high)
        low, high = norm * self.low / self.norm, norm * self.high / self.norm
        return Aim(norm, max(1, int(low)), int(high) + 1)

    def beyond(self, households: float, grids: int = 1) -> float:
        """How many households some grids hold too many or too few."""
        return max(0.0, households - grids * self.high, grids * self.low - households)


@dataclass(frozen=True, slots=True)
class Plane:
    """Metres east and north of the south-western corner of some ground."""

    west: float
    south: float
    kx: float
    ky: float

    @classmethod
    def of(cls, shapes: Shapes) -> Plane:
        """The plane for shapes in lattice steps."""
        west, south, _, north = shapely.total_bounds(shapes).tolist()
        kx, ky = metres_per_degree((south + north) / 2 / lattice.STEPS)
        return cls(west, south, kx / lattice.STEPS, ky / lattice.STEPS)

    def metres(self, steps: Shape) -> Shape:
        """Shapes in metres, from lattice steps."""
        scale, start = np.array([self.kx, self.ky]), np.array([self.west, self.south])
        return shapely.transform(steps, lambda p: (p - start) * scale)

    def drawn(self, degrees: Shape) -> Shape:
        """Shapes in metres, from degrees, without snapping."""
        scale, start = np.array([self.kx, self.ky]), np.array([self.west, self.south])
        return shapely.transform(degrees, lambda p: (p * lattice.STEPS - start) * scale)

    def steps(self, metres: Shape) -> Shape:
        """Shapes in whole lattice steps, from metres."""
        scale, start = np.array([self.kx, self.ky]), np.array([self.west, self.south])
        return shapely.transform(metres, lambda p: np.rint(p / scale + start))
