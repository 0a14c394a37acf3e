"""Where roads cross, from their lines: the places that people name as 香溪路与巴山中路交叉口.

Lines are in degrees (longitude, latitude); two roads may cross several times, and the carriageways
of one crossing are one place.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import combinations
from typing import Final, Protocol

import numpy as np
import shapely
from numpy.typing import NDArray

from geodata.domain.crs import Floats, metres_per_degree
from geodata.domain.spelling import normalise

Spot = tuple[float, float]
"""Longitude and latitude in degrees."""

REACH_M: Final = 20.0
"""Roads that end so few metres short of one another meet: half a wide road, or hasty drawing."""
SAME_M: Final = 60.0
"""Points of two roads that lie within so many metres are one crossing."""
WIDEST_M: Final = 150.0
"""A chain of points longer than this is no one place: the roads run side by side."""


class Road(Protocol):
    """A line with a name; a database row with these columns will do."""

    @property
    def name(self) -> str:
        """As on its signs; several lines may bear one."""
        ...

    @property
    def shape(self) -> shapely.Geometry:
        """A line or several, in degrees."""
        ...


class Crossings:
    """Where roads meet, by their names in normal form. Built once; safe to share and to pickle."""

    def __init__(self, roads: Iterable[Road] = ()) -> None:
        """Find all crossings of roads with different names; lines without one are left out."""
        named = [(normalise(road.name), road.shape) for road in roads if road.name]
        names = [name for name, _ in named]
        self.names = frozenset(names)
        self._spots: dict[tuple[str, str], tuple[Spot, ...]] = {}
        if named:
            lines = np.array([shapely.force_2d(shape) for _, shape in named], dtype=object)
            self._find(names, lines)

    def of(self, names: Sequence[str]) -> tuple[Spot, ...]:
        """Where all of these roads meet, from west to east; empty if nowhere."""
        pairs = [self._spots.get(_key(*pair), ()) for pair in combinations(dict.fromkeys(names), 2)]
        if not pairs:
            return ()
        return tuple(spot for spot in pairs[0] if all(_near(spot, others) for others in pairs[1:]))

    def _find(self, names: Sequence[str], lines: NDArray[np.object_]) -> None:
        _, south, _, north = shapely.total_bounds(lines)
        scale = np.array(metres_per_degree((south + north) / 2), dtype=np.float64)
        flat = np.asarray(shapely.transform(lines, lambda corners: corners * scale))
        one, other = shapely.STRtree(flat).query(flat, predicate="dwithin", distance=REACH_M)
        called = np.array(names)
        kept = (one < other) & (called[one] != called[other])
        one, other = one[kept], other[kept]
        found: dict[tuple[str, str], list[Floats]] = defaultdict(list)
        for touching in (True, False):
            self._collect(found, called, flat, (one, other), touching=touching)
        self._spots = {
            pair: tuple(sorted((float(x), float(y)) for x, y in _places(points) / scale))
            for pair, points in found.items()
        }

    def _collect(
        self,
        found: dict[tuple[str, str], list[Floats]],
        called: NDArray[np.str_],
        flat: NDArray[np.object_],
        pairs: tuple[NDArray[np.intp], NDArray[np.intp]],
        *,
        touching: bool,
    ) -> None:
        """Add the points at which pairs touch, or come near where their roads touch nowhere."""
        one, other = flat[pairs[0]], flat[pairs[1]]
        chosen = np.flatnonzero(shapely.intersects(one, other) == touching)
        meet = shapely.intersection if touching else shapely.shortest_line
        known = frozenset(found)
        for at, shape in zip(chosen, meet(one[chosen], other[chosen]), strict=True):
            pair = _key(str(called[pairs[0][at]]), str(called[pairs[1][at]]))
            if touching or pair not in known:
                centres = shapely.centroid(shapely.get_parts(shape))
                found[pair].append(shapely.get_coordinates(centres))


def _key(one: str, other: str) -> tuple[str, str]:
    return (one, other) if one < other else (other, one)


def _near(spot: Spot, others: Iterable[Spot]) -> bool:
    kx, ky = metres_per_degree(spot[1])
    return any(float(np.hypot((x - spot[0]) * kx, (y - spot[1]) * ky)) <= SAME_M for x, y in others)


def _places(points: Sequence[Floats]) -> Floats:
    """The middle of each crossing (metres); both ends where the points run on and on."""
    places: list[Floats] = []
    for group in _groups(np.unique(np.rint(np.concatenate(points)), axis=0)):
        west, east = group[np.argmin(group[:, 0])], group[np.argmax(group[:, 0])]
        wide = float(np.hypot(*np.ptp(group, axis=0))) > WIDEST_M
        places += [west, east] if wide else [group.mean(axis=0)]
    return np.array(places)


def _groups(points: Floats) -> Iterable[Floats]:
    """The points, put together where a chain of short steps joins them."""
    spots = np.asarray(shapely.points(points))
    one, other = shapely.STRtree(spots).query(spots, predicate="dwithin", distance=SAME_M)
    group = np.arange(len(points))
    while True:
        lowest = group.copy()
        np.minimum.at(lowest, one, group[other])
        if np.array_equal(lowest, group):
            break
        group = lowest
    return [points[group == number] for number in np.unique(group)]
