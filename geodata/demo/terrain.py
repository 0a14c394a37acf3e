"""The lie of the land: a river in bends, the town on both banks, the old town, a stream.

All in metres on the drawing board, for a district of 620 grids; larger and smaller districts are
the same picture at another scale, with streets as wide and blocks as large as before.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from shapely.geometry import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from geodata.domain.lattice import Floats, Shapes
from geodata.domain.partition import Bools

PROMENADE_M = 52.0
"""From the water to the middle of the road along it."""
STREAM_M = 10.0
"""Half the width of the stream."""
BANK_M = 24.0
"""From the middle of the stream to the end of the green beside it."""
_QUAY_M = PROMENADE_M + 14
_SIZE = 0.94

_RIVER = [
    (-9000, -3900), (-6800, -2700), (-5200, -1750), (-3900, -850), (-2700, -250), (-1750, 230),
    (-1020, 860), (-420, 1560), (420, 2010), (1350, 2060), (2250, 1760), (3250, 1440),
    (4350, 1560), (5500, 2050), (6900, 2350), (8300, 1950), (10500, 900),
]  # fmt: skip
_RIVER_HALF_WIDTH = [
    170, 170, 165, 160, 150, 145, 150, 165, 180, 185, 190, 205, 200, 180, 175, 180, 190,
]  # fmt: skip
_SOUTH = [
    (-4300, -700), (-4250, -1350), (-3200, -1700), (-2300, -1500), (-1500, -1750), (-700, -2250),
    (300, -2450), (1100, -2050), (2100, -1900), (3000, -1500), (3900, -1550), (4900, -1150),
    (5500, -350), (5600, 600), (5200, 2100), (3000, 1500), (1000, 2100), (-600, 1500), (-2000, 0),
]  # fmt: skip
_NORTH = [
    (-2900, -300), (-3300, 500), (-2900, 1250), (-2100, 1700), (-1500, 2350), (-500, 2700),
    (500, 3050), (1700, 2950), (2700, 3250), (3900, 3500), (5000, 3350), (5500, 2700),
    (5300, 2100), (4300, 1500), (3000, 1400), (900, 2000), (-500, 1500), (-1600, 300),
]  # fmt: skip
_OLD_TOWN = [
    (-1150, 700), (-900, 330), (300, 330), (1200, 400), (2150, 520), (2300, 1950), (900, 2300),
    (-500, 2100),
]  # fmt: skip
_STREAM = [
    (2400, -4200), (2250, -3300), (2500, -2500), (2350, -1800), (2650, -1100), (2500, -400),
    (2800, 200), (2700, 800), (2900, 1600),
]  # fmt: skip
_GRAIN = (  # where, how the streets lie there (degrees), how far that reaches
    (500, 1200, -4, 1100), (300, -300, 9, 1700), (-2600, -900, 27, 1900), (3800, -100, -13, 2200),
    (-2000, 1500, 33, 1500), (300, 2600, 20, 1500), (3900, 2900, 4, 2000), (600, -1900, 18, 1300),
)  # fmt: skip
_HILLS = (
    ("香溪山", -200, -3900, 2100, 1000), ("文武山", -3400, -3100, 1500, 900),
    ("牛山余脉", -3400, 3300, 1700, 1100), ("北山", 1600, 4700, 2300, 900),
    ("东坝果园", 6900, 300, 900, 700), ("奠安山", 4600, -2900, 1500, 800),
)  # fmt: skip


@dataclass(frozen=True)
class Terrain:
    """The shapes that streets have to respect, in metres on the board."""

    scale: float
    course: LineString
    river: Polygon
    south: Polygon
    north: Polygon
    old_town: Polygon
    stream: LineString
    hills: list[tuple[str, Polygon]]

    @property
    def town(self) -> BaseGeometry:
        """Where the town may stand: both banks without the river."""
        return shapely.union_all([self.south, self.north]).difference(self.river)

    @cached_property
    def wet(self) -> BaseGeometry:
        """The river with its promenade and the stream with its banks: nothing is built there."""
        return shapely.union(self.river.buffer(_QUAY_M), self.stream.buffer(BANK_M))


def make(scale: float) -> Terrain:
    """The terrain at a linear scale (1 for 620 grids)."""
    wide = min(scale, scale**0.5)
    scale *= _SIZE
    course = _smooth(np.array(_RIVER, dtype=float) * scale)
    half = _smooth(np.array([(w, 0) for w in _RIVER_HALF_WIDTH], dtype=float) * wide)[:, 0]
    return Terrain(
        scale=scale,
        course=LineString(course),
        river=_along(course, half),
        south=_ring(_SOUTH, scale),
        north=_ring(_NORTH, scale),
        old_town=_ring(_OLD_TOWN, scale),
        stream=LineString(_smooth(np.array(_STREAM, dtype=float) * scale)),
        hills=[(name, _hill(x, y, a, b, scale)) for name, x, y, a, b in _HILLS],
    )


def north_of(course: LineString, points: Shapes) -> Bools:
    """Whether points lie to the left of the river's course: on the northern bank."""
    at = shapely.line_locate_point(course, points)
    start = shapely.get_coordinates(shapely.line_interpolate_point(course, np.maximum(at - 5, 0)))
    end = shapely.get_coordinates(shapely.line_interpolate_point(course, at + 5))
    ahead, aside = end - start, shapely.get_coordinates(points) - start
    return np.asarray(ahead[:, 0] * aside[:, 1] - ahead[:, 1] * aside[:, 0] > 0)


def _smooth(points: Floats, rounds: int = 4, *, closed: bool = False) -> Floats:
    """Corners cut (Chaikin) until the line bends gently."""
    for _ in range(rounds):
        if closed:
            points = np.vstack([points, points[:1]])
        near = points[:-1] * 0.75 + points[1:] * 0.25
        far = points[:-1] * 0.25 + points[1:] * 0.75
        cut = np.stack([near, far], axis=1).reshape(-1, points.shape[1])
        points = cut if closed else np.vstack([points[:1], cut, points[-1:]])
    return points


def _ring(corners: list[tuple[int, int]], scale: float) -> Polygon:
    ring = Polygon(_smooth(np.array(corners, dtype=float) * scale, 3, closed=True))
    return Polygon(ring.buffer(0).exterior)


def _along(course: Floats, half: Floats) -> Polygon:
    ahead = np.gradient(course, axis=0)
    across = np.stack([-ahead[:, 1], ahead[:, 0]], axis=1) / np.hypot(*ahead.T)[:, None]
    banks = np.vstack([course + across * half[:, None], (course - across * half[:, None])[::-1]])
    return Polygon(banks).buffer(0)


def _hill(x: float, y: float, a: float, b: float, scale: float) -> Polygon:
    turn = np.linspace(0, 2 * np.pi, 73)[:-1]
    rough = 1 + 0.16 * np.sin(3 * turn + x) + 0.11 * np.sin(5 * turn + y) + 0.05 * np.sin(11 * turn)
    ring = np.stack([x + a * rough * np.cos(turn), y + b * rough * np.sin(turn)], axis=1)
    return Polygon(ring * scale)


def grain(terrain: Terrain, x: Floats, y: Floats) -> Floats:
    """How streets lie at points of the board: radians from east, between ±50 degrees.

    Streets follow the river near it and the local habit elsewhere, with a slow waver.
    """
    total, weight = _river_grain(terrain, x, y)
    for east, north, degrees, reach in _GRAIN:
        gap = np.hypot(x / terrain.scale - east, y / terrain.scale - north)
        local = np.exp(-((gap / reach) ** 2)) + 1e-4
        total += local * degrees
        weight += local
    waver = 5 * np.sin(x / 910 + y / 1700) + 4 * np.sin(y / 760 - x / 2300) + 3 * np.sin(x / 430)
    return np.asarray(np.radians(np.clip(total / weight + waver, -50, 50)))


def _river_grain(terrain: Terrain, x: Floats, y: Floats) -> tuple[Floats, Floats]:
    points = shapely.points(x, y)
    course = LineString(terrain.course.simplify(6.0).coords)
    at = shapely.line_locate_point(course, points)
    before = shapely.line_interpolate_point(course, np.maximum(at - 120, 0))
    after = shapely.line_interpolate_point(course, at + 120)
    dx = shapely.get_x(after) - shapely.get_x(before)
    dy = shapely.get_y(after) - shapely.get_y(before)
    weight = 1.8 * np.exp(-((np.maximum(shapely.distance(course, points) - 170, 0) / 420) ** 2))
    return weight * np.degrees(np.arctan2(dy, dx)), weight


def spacing(terrain: Terrain, x: Floats, y: Floats) -> Floats:
    """Metres between parallel streets at points of the board: narrow in the old town."""
    centre = np.hypot((x / terrain.scale - 500) * 0.8, y / terrain.scale - 700)
    wide = 300 + 170 * np.clip((centre - 900) / 2600, 0, 1)
    return np.where(shapely.contains_xy(terrain.old_town, x, y), 205.0, wide)
