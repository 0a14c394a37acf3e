"""Borders between grids drawn straight where they run between buildings.

Borders between units follow the middle between houses, corner by corner. Where such a stretch is
neither along a street nor along a border that stands already, it is pulled tight: the shortest way
along its own points that keeps every house on its side and comes no nearer to one than before, or
than `CLEAR_M`. Shapes in lattice steps, measures in metres.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from shapely.geometry import LineString, MultiPoint, Point
from shapely.geometry.base import BaseGeometry

from geodata.domain import measure, partition
from geodata.domain.lattice import Floats, Shapes
from geodata.domain.partition import Bools, Ints
from geodata.domain.suggest.given import Plane
from geodata.domain.suggest.net import NEAR_M

CLEAR_M: Final = 2.0
"""So far from houses, and twice as far from other borders, a border may be drawn anew."""
EVERY_M: Final = 9.0
_TURN_M: Final = 6.0
"""A turn is worth as much as so many metres of border."""
_MOST: Final = 70
_STANDS_M: Final = 0.05
_SAME_M: Final = 0.05
_FEW: Final = 3


@dataclass(frozen=True)
class Ground:
    """What borders heed: houses (metres; `doors` as rows of x, y), streets, present borders."""

    plane: Plane
    houses: Shapes
    doors: Floats
    streets: Shapes
    borders: Shapes


def smoothed(shapes: Mapping[int, BaseGeometry], ground: Ground) -> dict[int, BaseGeometry]:
    """The same division of the same ground with straighter borders; exact as before.

    Whoever lives in a grid lives in it still. Where a border drawn anew would meet another the
    division is given back as it was.
    """
    if len(shapes) == 1 or not len(ground.houses):
        return dict(shapes)
    arcs = _arcs(list(shapes.values()))
    edge = partition.outline(shapely.coverage_union_all(measure.array(list(shapes.values()))))
    work = _Work(arcs, ground, edge)
    work.pull()
    made = _rebuilt(work.arcs, shapes)
    return dict(shapes) if made is None or not _same(made, shapes, ground) else made


def _arcs(cells: Sequence[BaseGeometry]) -> list[Floats]:
    """The borders from node to node, as points in lattice steps."""
    noded = shapely.union_all([partition.outline(cell) for cell in cells], grid_size=1.0)
    lines = shapely.get_parts(shapely.line_merge(noded))
    return [shapely.get_coordinates(line) for line in lines]


class _Work:
    def __init__(self, arcs: list[Floats], ground: Ground, edge: BaseGeometry) -> None:
        self.arcs, self.ground = arcs, ground
        stands = measure.array([*ground.borders, ground.plane.metres(edge)])
        self.houses = shapely.STRtree(ground.houses)
        self.streets, self.stands = shapely.STRtree(ground.streets), shapely.STRtree(stands)

    def pull(self) -> None:
        """Pull every stretch tight that may be, arc by arc."""
        for number, arc in enumerate(self.arcs):
            done: list[Floats] = []
            for stretch, loose in self._stretches(arc):
                tight = self._tight(stretch, number, arc) if loose else None
                done.append(stretch if tight is None else tight)
            self.arcs[number] = np.vstack([done[0], *(part[1:] for part in done[1:])])

    def _flat(self, points: Floats) -> Floats:
        plane = self.ground.plane
        flat: Floats = (points - [plane.west, plane.south]) * [plane.kx, plane.ky]
        return flat

    def _stretches(self, arc: Floats) -> Iterator[tuple[Floats, bool]]:
        """The arc in stretches that may be drawn anew, or may not."""
        flat = self._flat(arc)
        spots = measure.array([Point(spot) for spot in (flat[1:] + flat[:-1]) / 2])
        loose = np.ones(len(spots), dtype=bool)
        loose[self.streets.query(spots, predicate="dwithin", distance=NEAR_M)[0]] = False
        loose[self.stands.query(spots, predicate="dwithin", distance=_STANDS_M)[0]] = False
        starts = np.flatnonzero(np.diff(loose, prepend=~loose[0]))
        ends = np.append(starts[1:], len(loose))
        for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
            yield arc[start : end + 1], bool(loose[start])

    def _tight(self, stretch: Floats, number: int, arc: Floats) -> Floats | None:
        """The shortest way along the stretch's points; None where there is no other."""
        points = _fine(stretch, self._flat(stretch))
        if len(points) < _FEW or bool((points[0] == points[-1]).all()):
            return None
        flat = self._flat(points)
        start, end = np.triu_indices(len(points), 2)
        chords = _lines(flat[start], flat[end])
        fit = self._clear(flat, start, end, chords)
        fit &= _keeps_sides(flat, start, end, self._doors_near(flat))
        fit[fit] = self._apart(chords[fit], flat, self._others(stretch, number, arc))
        way = _shortest(flat, start[fit], end[fit])
        tight = points[way]
        line = LineString(flat[way])
        return tight if line.is_simple and len(way) < len(points) else None

    def _clear(self, flat: Floats, start: Ints, end: Ints, chords: Shapes) -> Bools:
        """Which chords come no nearer to a house than the points they leave out, or `CLEAR_M`."""
        sides = _lines(flat[:-1], flat[1:])
        before = np.minimum(self._to_house(sides), CLEAR_M)
        allowed = np.array(
            [before[i:j].min() for i, j in zip(start.tolist(), end.tolist(), strict=True)]
        )
        return np.asarray(self._to_house(chords) >= allowed - _SAME_M / 5)

    def _to_house(self, lines: Shapes) -> Floats:
        far = np.full(len(lines), np.inf)
        (line, _), distance = self.houses.query_nearest(
            lines, max_distance=CLEAR_M, return_distance=True, all_matches=False
        )
        far[line] = distance
        return far

    def _doors_near(self, flat: Floats) -> Floats:
        low, high = flat.min(axis=0), flat.max(axis=0)
        doors = self.ground.doors
        near: Floats = doors[((doors >= low) & (doors <= high)).all(axis=1)]
        return near

    def _others(self, stretch: Floats, number: int, arc: Floats) -> Shapes:
        """All other borders in metres: those of other arcs, and of this arc before and after."""
        lines = [self._flat(one) for n, one in enumerate(self.arcs) if n != number]
        first = int(np.flatnonzero((arc == stretch[0]).all(axis=1))[0])
        last = int(np.flatnonzero((arc == stretch[-1]).all(axis=1))[-1])
        lines += [self._flat(part) for part in (arc[: first + 1], arc[last:])]
        return measure.array([LineString(one) for one in lines if len(one) > 1])

    def _apart(self, chords: Shapes, flat: Floats, others: Shapes) -> Bools:
        """Which chords neither meet another border, but at the stretch's ends, nor graze one."""
        ends = MultiPoint(flat[[0, -1]])
        near = ends.buffer(2 * CLEAR_M)
        chord, other = shapely.STRtree(others).query(
            chords, predicate="dwithin", distance=2 * CLEAR_M
        )
        inner = shapely.difference(chords[chord], near)
        grazes = shapely.distance(inner, others[other]) < 2 * CLEAR_M
        met = shapely.intersection(chords[chord], others[other])
        apart = shapely.difference(met, ends.buffer(_SAME_M))
        bad = chord[np.asarray(grazes) | ~shapely.is_empty(apart)]
        fit = np.ones(len(chords), dtype=bool)
        fit[bad] = False
        return fit


def _fine(stretch: Floats, flat: Floats) -> Floats:
    """The points of a stretch in whole steps, with more between those that lie far apart."""
    length = np.hypot(*np.diff(flat, axis=0).T)
    every = max(EVERY_M, float(length.sum()) / _MOST)
    parts = np.maximum(1, np.ceil(length / every)).astype(int).tolist()
    between = [
        stretch[n] + (stretch[n + 1] - stretch[n]) * (np.arange(count)[:, None] / count)
        for n, count in enumerate(parts)
    ]
    points: Floats = np.rint(np.vstack([*between, stretch[-1:]]))
    return points


def _lines(starts: Floats, stops: Floats) -> Shapes:
    """A line from each start to its stop."""
    return np.asarray(shapely.linestrings(np.stack([starts, stops], axis=1)), dtype=object)


def _keeps_sides(flat: Floats, start: Ints, end: Ints, doors: Floats) -> Bools:
    """Which chords leave every door on its side: none, or an even number of times, is enclosed."""
    if not len(doors):
        return np.ones(len(start), dtype=bool)
    step = _crossed(flat[:-1], flat[1:], doors)
    along = np.vstack([np.zeros((1, len(doors)), dtype=np.int64), np.cumsum(step, axis=0)])
    enclosed = along[end] - along[start] + _crossed(flat[start], flat[end], doors)
    return np.asarray((enclosed % 2 == 0).all(axis=1))


def _crossed(one: Floats, other: Floats, doors: Floats) -> Ints:
    """Of each line from one end to the other and each door: 1 where it crosses the door's east."""
    y = doors[None, :, 1]
    over = (one[:, 1, None] > y) != (other[:, 1, None] > y)
    rise = np.where(over, other[:, 1, None] - one[:, 1, None], 1.0)
    x = one[:, 0, None] + (y - one[:, 1, None]) * (other[:, 0, None] - one[:, 0, None]) / rise
    crossed: Ints = (over & (x > doors[None, :, 0])).astype(np.int64)
    return crossed


def _shortest(flat: Floats, start: Ints, end: Ints) -> list[int]:
    """The points of the cheapest way from first to last, by its length and its turns."""
    count = len(flat)
    ways: list[list[int]] = [[n - 1] for n in range(count)]
    for i, j in zip(start.tolist(), end.tolist(), strict=True):
        ways[j].append(i)
    cost, before = np.zeros(count), np.zeros(count, dtype=np.int64)
    for n in range(1, count):
        from_ = np.array(ways[n])
        price = cost[from_] + np.hypot(*(flat[n] - flat[from_]).T) + _TURN_M
        best = int(np.argmin(price))
        cost[n], before[n] = price[best], from_[best]
    way = [count - 1]
    while way[-1]:
        way.append(int(before[way[-1]]))
    return way[::-1]


def _rebuilt(
    arcs: Sequence[Floats], shapes: Mapping[int, BaseGeometry]
) -> dict[int, BaseGeometry] | None:
    """The areas between the arcs, each with the label of the shape it has most ground with."""
    faces = partition.planar([LineString(arc) for arc in arcs])
    labels = list(shapes)
    old = measure.array([shapes[label] for label in labels])
    face, shape = shapely.STRtree(old).query(faces, predicate="intersects")
    both = shapely.area(shapely.intersection(faces[face], old[shape]))
    most = np.zeros((len(faces), len(labels)))
    most[face, shape] = both
    kept = most.sum(axis=1) > shapely.area(faces) / 2
    if not kept.any():
        return None
    owner = np.array([labels[n] for n in most[kept].argmax(axis=1).tolist()], dtype=np.int64)
    return partition.dissolve(faces[kept], owner)


def _same(
    made: Mapping[int, BaseGeometry], shapes: Mapping[int, BaseGeometry], ground: Ground
) -> bool:
    """Whether the same labels have the same doors, as many pieces, and together the same ground."""
    if set(made) != set(shapes):
        return False
    labels = sorted(shapes)
    new, old = (measure.array([some[label] for label in labels]) for some in (made, shapes))
    if (shapely.get_num_geometries(new) != shapely.get_num_geometries(old)).any():
        return False
    off = abs(float(shapely.area(new).sum() - shapely.area(old).sum()))
    doors = ground.plane.steps(measure.array([Point(door) for door in ground.doors]))
    return (
        off < 1.0 and bool(shapely.is_valid(new).all()) and _homes(new, doors) == _homes(old, doors)
    )


def _homes(shapes: Shapes, doors: Shapes) -> set[tuple[int, int]]:
    """Which door lies in which shape."""
    door, shape = shapely.STRtree(shapes).query(doors, predicate="intersects")
    return set(zip(door.tolist(), shape.tolist(), strict=True))
