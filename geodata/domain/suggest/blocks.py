"""Blocks between streets: loose ends joined, lines noded on the lattice, thin faces taken in.

Street data end short of each other, end blind, and draw arterials as two carriageways. A loose end
is prolonged to what it meets, or joined to the street beside it; what is too small or too thin to
be a block goes to the neighbour along most of its border.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from shapely.geometry import LineString, Point
from shapely.geometry.base import BaseGeometry

from geodata.domain import measure, partition
from geodata.domain.lattice import Floats, Shapes
from geodata.domain.partition import Bools, Ints
from geodata.domain.suggest.given import Plane, Street

AROUND_M: Final = 20.0
"""So far beyond the ground streets still count."""
PROLONG_M: Final = 12.0
JOIN_M: Final = 6.0
SMALL_M2: Final = 600.0
THIN_M: Final = 14.0
"""A face under either is no block; its width is twice its area over its outline."""
_CROSSING_M: Final = 0.03
_SAME_M: Final = 0.02
_GRID_M: Final = 0.01


@dataclass(frozen=True)
class Blocks:
    """Faces in lattice steps that divide the cells exactly, and the cell (index) of each."""

    shapes: Shapes
    cell: Ints


def between(cells: Shapes, streets: Sequence[Street], plane: Plane) -> Blocks:
    """The blocks that streets and the borders of cells enclose; cells in lattice steps.

    Cells must share their vertices, as those of a partition do. Without streets each cell is a
    block, or several where it lies in pieces.
    """
    edges = [partition.outline(cell) for cell in cells]
    drawn = _clipped(plane.drawn(measure.array([s.shape for s in streets])), plane.metres(cells))
    border = shapely.union_all(plane.metres(measure.array(edges)))
    network = joined(drawn, border)
    faces = partition.planar([*edges, *plane.steps(network)])
    cell = owners(faces, cells)
    shapes, owner = [], []
    for index in range(len(cells)):
        own = partition.absorb(faces[cell == index], lambda some: _small(plane.metres(some)))
        shapes += list(own)
        owner += [index] * len(own)
    return Blocks(measure.array(shapes), np.array(owner, dtype=np.int64))


def owners(faces: Shapes, cells: Shapes) -> Ints:
    """The first of the cells that covers an inner point of each face, -1 where none does."""
    spots = shapely.point_on_surface(faces)
    found = np.full(len(faces), len(cells), dtype=np.int64)
    face, cell = shapely.STRtree(cells).query(spots, predicate="intersects")
    np.minimum.at(found, face, cell)
    return np.where(found == len(cells), -1, found)


def _clipped(lines: Shapes, cells: Shapes) -> Shapes:
    """The parts of lines on the ground or just beside it, in metres."""
    ground = shapely.union_all(cells).buffer(AROUND_M)
    shapely.prepare(ground)
    near = lines[shapely.intersects(ground, lines)]
    return np.asarray(shapely.get_parts(shapely.intersection(near, ground)), dtype=object)


def _small(faces: Shapes) -> Bools:
    area, length = shapely.area(faces), shapely.length(faces)
    return np.asarray((area < SMALL_M2) | (2 * area < THIN_M * length))


def joined(lines: Shapes, edge: BaseGeometry) -> Shapes:
    """Lines noded with each other, and a short line from each loose end to what it should meet.

    Lines and `edge`, the border of the ground, are in metres. A loose end goes straight on for
    `PROLONG_M` at the most, else to the nearest other line within `JOIN_M`, else stays loose.
    """
    if len(lines) == 0:
        return lines
    noded = shapely.union_all(list(lines), grid_size=_GRID_M)
    merged = np.asarray(shapely.get_parts(shapely.line_merge(noded)), dtype=object)
    ends, back, owner = _loose_ends(merged, edge)
    targets = measure.array([*merged, edge])
    tree = shapely.STRtree(targets)
    hits = _straight_on(ends, back, targets, tree)
    lost = np.isnan(hits[:, 0])
    hits[lost] = _beside(ends[lost], owner[lost], targets, tree)
    found = ~np.isnan(hits[:, 0])
    return measure.array([*merged, *_lines(ends[found], hits[found])])


def _loose_ends(lines: Shapes, edge: BaseGeometry) -> tuple[Floats, Floats, Ints]:
    """Ends that no other line shares: where, the vertex before, and the index of the line."""
    points, line = shapely.get_coordinates(lines, return_index=True)
    first = np.flatnonzero(np.diff(line, prepend=-1))
    last = np.append(first[1:], len(points)) - 1
    at, before = np.concatenate([first, last]), np.concatenate([first + 1, last - 1])
    ends, back = points[at], points[before]
    key = np.rint(ends / _GRID_M).astype(np.int64)
    _, which, times = np.unique(key, axis=0, return_inverse=True, return_counts=True)
    loose = times[which.ravel()] == 1
    loose &= shapely.distance(shapely.points(ends), edge) > _SAME_M
    return ends[loose], back[loose], line[at][loose].astype(np.int64)


def _straight_on(ends: Floats, back: Floats, targets: Shapes, tree: shapely.STRtree) -> Floats:
    """Just behind the first thing that each end meets straight on; NaN where it meets none."""
    hits = np.full(ends.shape, np.nan)
    way = ends - back
    way /= np.maximum(np.hypot(way[:, 0], way[:, 1]), _GRID_M)[:, None]
    rays = _lines(ends + _SAME_M * way, ends + PROLONG_M * way)
    ray, target = tree.query(rays, predicate="intersects")
    met, pair = shapely.get_coordinates(
        shapely.intersection(rays[ray], targets[target]), return_index=True
    )
    which = ray[pair]
    gap = np.hypot(*(met - ends[which]).T)
    nearest_last = np.argsort(-gap, kind="stable")
    hits[which[nearest_last]] = (met + _CROSSING_M * way[which])[nearest_last]
    return hits


def _beside(ends: Floats, owner: Ints, targets: Shapes, tree: shapely.STRtree) -> Floats:
    """The nearest place of another line to each end; NaN where none is near."""
    hits = np.full(ends.shape, np.nan)
    spots = measure.array([Point(end) for end in ends])
    end, target = tree.query(spots, predicate="dwithin", distance=JOIN_M)
    other = target != owner[end]
    end, target = end[other], target[other]
    gap = shapely.distance(spots[end], targets[target])
    links = shapely.get_coordinates(shapely.shortest_line(spots[end], targets[target]))
    start, stop = links[0::2], links[1::2]
    through = stop + (stop - start) * (_CROSSING_M / np.maximum(gap, _SAME_M))[:, None]
    nearest_last = np.lexsort((-target, -gap))
    nearest_last = nearest_last[gap[nearest_last] > _SAME_M]
    hits[end[nearest_last]] = through[nearest_last]
    return hits


def _lines(starts: Floats, stops: Floats) -> Shapes:
    """A line from each start to its stop."""
    return measure.array([LineString(pair) for pair in np.stack([starts, stops], axis=1)])
