"""Metres on the ground around one place, for questions of width and distance between shapes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import overload

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geodata.domain import lattice
from geodata.domain.crs import metres_per_degree
from geodata.domain.lattice import Floats, Shape, Shapes


@dataclass(frozen=True)
class Plane:
    """A local plane: its origin in lattice steps, and the metres in a step east and north.

    The scale is that of the WGS 84 ellipsoid at the origin's latitude.
    """

    origin: tuple[float, float]
    step_m: tuple[float, float]

    @overload
    def to_m(self, shape: Shape) -> Shape: ...
    @overload
    def to_m(self, shape: Shapes) -> Shapes: ...
    def to_m(self, shape: Shape | Shapes) -> Shape | Shapes:
        """A shape or shapes in lattice steps (longitude, latitude) in metres east and north."""
        return shapely.transform(shape, self.metres)

    def metres(self, points: Floats) -> Floats:
        """Points (count, 2) in lattice steps in metres."""
        return np.asarray((points - np.array(self.origin)) * np.array(self.step_m))

    def to_steps(self, shape: Shape) -> Shape:
        """A shape in metres in whole lattice steps."""
        back = np.array(self.step_m)
        return shapely.transform(shape, lambda p: np.rint(p / back + np.array(self.origin)))

    def steps(self, metres: float) -> float:
        """The lattice steps that are at least so many metres in any direction."""
        return metres / min(self.step_m)


def around(shapes: Sequence[BaseGeometry] | Shapes) -> Plane:
    """The plane at the middle of shapes in lattice steps."""
    west, south, east, north = shapely.total_bounds(np.asarray(shapes, dtype=object)).tolist()
    x, y = np.rint((west + east) / 2), np.rint((south + north) / 2)
    kx, ky = metres_per_degree(float(y) * lattice.STEP)
    return Plane((float(x), float(y)), (kx * lattice.STEP, ky * lattice.STEP))
