"""Which of many areas covers each of many points: exact, and quick for thousands.

A raster of some hundred squares an area says at once which area a point lies in, except in the
squares that an edge runs through: there its candidates are asked one by one. The areas may be any
polygons, of any size and place, overlapping, with holes and gaps; the plane may be degrees or
metres.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]
Ranks = NDArray[np.int32]

SQUARES: Final = 400
"""Squares of the raster an area."""
FEWEST: Final = 1 << 14
MOST: Final = 1 << 23
"""Squares of the raster, whatever the number of areas: at most 32 MB."""

NOWHERE: Final = -1
"""The rank of a point that no area covers."""

_PAD: Final = 1e-6
"""Part of a square by which an edge is widened: a million times the rounding of its squares."""
_UPRIGHT: Final = 0.01
"""An edge narrower than this part of a square runs through all squares between its ends."""
_CROSSED: Final = 1 << 24
"""Squares that all edges together may run through; the raster is made coarser beyond that."""
_BATCH: Final = 1 << 20
_EDGES: Final = 1 << 17
_MARGIN: Final = 2
"""Squares around the areas; a widened edge reaches the inner ones, the outermost are empty."""
_POINTS: Final = 1 << 17
_EACH: Final = 64
"""Points asked for together, at least and for each area: more take memory and gain nothing; with
fewer each area is met too seldom in one go."""


class _Pairs(NamedTuple):
    """Squares and the ranks of the areas that have an edge in them, without doubles."""

    square: Numbers
    rank: Numbers


class _Runs(NamedTuple):
    """Neighbouring squares of one row that lie wholly inside an area."""

    first: Numbers
    length: Numbers
    rank: Numbers


class CoverIndex:
    """Areas, ready to be asked for many points; an area's rank is its place in the sequence."""

    def __init__(self, areas: Sequence[BaseGeometry]) -> None:
        """Index polygons and multipolygons; empty ones and other shapes cover nothing.

        Invalid polygons count as their outlines cross: even and odd.
        """
        self._areas = np.array([_polygonal(area) for area in areas], dtype=object)
        shapely.prepare(self._areas)
        starts, ends, owner = _edges(self._areas)
        self._lay_out(float(np.abs(ends - starts).sum()))
        pairs = self._edge_squares(starts, ends, owner)
        inside = np.full(self._across * self._down, len(self._areas), dtype=np.int32)
        self._fill(inside, self._runs(pairs))
        self._raster = np.where(inside == len(self._areas), np.int32(NOWHERE), inside)
        self._list_candidates(pairs, inside)

    @property
    def bytes(self) -> int:
        """Memory of the index beside the areas themselves."""
        parts = (self._raster, self._starts, self._candidates, self._else)
        return sum(part.nbytes for part in parts)

    def first(self, x: Floats, y: Floats) -> Ranks:
        """The lowest rank whose area covers each point, border included; `NOWHERE` if none does.

        `x` and `y` are arrays of one length in the plane of the areas; NaN lies nowhere.
        """
        found = np.full(len(x), NOWHERE, dtype=np.int32)
        step = min(max(_POINTS, _EACH * len(self._areas)), _BATCH)
        for start in range(0, len(x), step):
            part = slice(start, start + step)
            found[part] = self._first(np.asarray(x[part]), np.asarray(y[part]))
        return found

    def _first(self, x: Floats, y: Floats) -> Ranks:
        found = self._raster[self._squares(x, y)]
        unsure = np.flatnonzero(found < NOWHERE)
        if unsure.size:
            entry = NOWHERE - 1 - found[unsure]
            order = np.argsort(entry)
            unsure, entry = unsure[order], entry[order]
            found[unsure] = self._asked(x[unsure], y[unsure], entry)
        return found

    def _asked(self, x: Floats, y: Floats, entry: Ranks) -> Ranks:
        """The answers in squares with edges: their candidates in order, else what fills them."""
        answer = self._else[entry]
        at, last = self._starts[entry], self._starts[entry + 1]
        open_ = np.flatnonzero(at < last)
        while open_.size:
            rank = self._candidates[at[open_]]
            covered = shapely.intersects_xy(self._areas[rank], x[open_], y[open_])
            answer[open_[covered]] = rank[covered]
            open_ = open_[~covered]
            at[open_] += 1
            open_ = open_[at[open_] < last[open_]]
        return answer

    def _squares(self, x: Floats, y: Floats) -> Numbers:
        """The square of each point; for one outside, or NaN, an empty one of the outermost."""
        column = _within((x - self._west) * self._scale, self._across)
        row = _within((y - self._south) * self._scale, self._down)
        row *= self._across
        row += column
        return row

    def _lay_out(self, edges: float) -> None:
        """The raster's corner, its squares a unit, and how many there are each way.

        `edges` is the length of all edges, east plus north. The outermost squares on each side
        are empty.
        """
        box = shapely.total_bounds(self._areas) if len(self._areas) else np.full(4, np.nan)
        west, south, east, north = np.where(np.isfinite(box), box, 0.0)
        wide, high = max(east - west, 0.0), max(north - south, 0.0)
        wanted = min(max(SQUARES * len(self._areas), FEWEST), MOST)
        side = max(np.sqrt(wide * high / wanted), (wide + high) / wanted, edges / _CROSSED)
        self._scale = float(1.0 / side) if side > 0.0 else 1.0
        margin = _MARGIN / self._scale
        self._west, self._south = float(west - margin), float(south - margin)
        self._across = int(wide * self._scale) + 3 * _MARGIN
        self._down = int(high * self._scale) + 3 * _MARGIN

    def _edge_squares(self, starts: Floats, ends: Floats, owner: Numbers) -> _Pairs:
        """All squares that an edge runs through or close by, once for each area."""
        corner = np.array([self._west, self._south])
        starts, ends = (starts - corner) * self._scale, (ends - corner) * self._scale
        keys = [
            self._keys(starts[part], ends[part], owner[part])
            for part in (slice(i, i + _EDGES) for i in range(0, len(owner), _EDGES))
        ]
        merged = _distinct(np.concatenate([*keys, np.empty(0, dtype=np.int64)]))
        count = self._across * self._down
        return _Pairs(merged % count, merged // count)

    def _keys(self, starts: Floats, ends: Floats, owner: Numbers) -> Numbers:
        """Area times squares plus square for the squares of some edges (in squares)."""
        west, east = np.minimum(starts[:, 0], ends[:, 0]), np.maximum(starts[:, 0], ends[:, 0])
        edge, column = _spread(_whole(west - _PAD), _whole(east + _PAD))
        low, high = _heights(starts[edge], ends[edge], column)
        part, row = _spread(_whole(low - _PAD), _whole(high + _PAD))
        column, edge = column[part], edge[part]
        inner = (column >= 0) & (column < self._across) & (row >= 0) & (row < self._down)
        keys = (owner[edge] * self._down + row) * self._across + column
        return _distinct(keys[inner])

    def _runs(self, pairs: _Pairs) -> _Runs:
        """The squares between two edges of an area in one row, where they lie inside it."""
        if pairs.square.size == 0:
            return _Runs(*(np.empty(0, dtype=np.int64),) * 3)
        here, after = pairs.square[:-1], pairs.square[1:]
        gap = (
            (pairs.rank[:-1] == pairs.rank[1:])
            & (here // self._across == after // self._across)
            & (after - here > 1)
        )
        first, length, rank = here[gap] + 1, (after - here)[gap] - 1, pairs.rank[:-1][gap]
        x = self._west + (first % self._across + 0.5) / self._scale
        y = self._south + (first // self._across + 0.5) / self._scale
        inside = shapely.intersects_xy(self._areas[rank], x, y)
        return _Runs(first[inside], length[inside], rank[inside])

    def _fill(self, inside: Ranks, runs: _Runs) -> None:
        """Write the runs into the raster, the lowest rank last, so that it stays."""
        order = np.argsort(-runs.rank, kind="stable")
        first, length, rank = (part[order] for part in runs)
        cuts = np.searchsorted(np.cumsum(length), np.arange(_BATCH, length.sum(), _BATCH))
        for chosen in np.split(np.arange(len(rank)), cuts):
            run, square = _spread(first[chosen], first[chosen] + length[chosen] - 1)
            inside[square] = rank[chosen][run]

    def _list_candidates(self, pairs: _Pairs, inside: Ranks) -> None:
        """For each square with edges the areas to ask in order; those above a full one are idle."""
        useful = pairs.rank < inside[pairs.square]
        square, rank = pairs.square[useful], pairs.rank[useful]
        order = np.argsort(square, kind="stable")
        square, rank = square[order], rank[order]
        opens = np.flatnonzero(np.diff(square, prepend=-1))
        self._candidates = rank.astype(np.int32)
        self._starts = np.append(opens, len(square)).astype(np.int32)
        edged = square[opens]
        self._else = self._raster[edged]
        self._raster[edged] = NOWHERE - 1 - np.arange(len(edged), dtype=np.int32)


def _within(places: Floats, count: int) -> Numbers:
    """Whole squares from 0 to `count` - 1, with what lies beyond moved to the ends; NaN to 0."""
    np.fmax(places, 0.0, out=places)
    np.fmin(places, count - 1.0, out=places)
    return places.astype(np.int64)


def _polygonal(area: BaseGeometry | None) -> BaseGeometry:
    """The area in the plane if it is one, else an empty polygon."""
    if area is None or area.geom_type not in ("Polygon", "MultiPolygon"):
        return shapely.Polygon()
    flat: BaseGeometry = shapely.force_2d(area)
    return flat


def _edges(areas: NDArray[np.object_]) -> tuple[Floats, Floats, Numbers]:
    """Both ends of every edge (count, 2) and the rank of its area."""
    rings, owner = _rings(areas)
    corners, ring = shapely.get_coordinates(rings, return_index=True)
    same = ring[:-1] == ring[1:]
    return corners[:-1][same], corners[1:][same], owner[ring[:-1][same]]


def _rings(areas: NDArray[np.object_]) -> tuple[NDArray[np.object_], Numbers]:
    """All outlines and holes, and the rank of the area each belongs to."""
    parts, of = shapely.get_parts(areas, return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    return rings, of[part].astype(np.int64)


def _whole(values: Floats) -> Numbers:
    return np.floor(values).astype(np.int64)


def _spread(low: Numbers, high: Numbers) -> tuple[Numbers, Numbers]:
    """For each pair all whole numbers from low to high: the pair's place, and the number."""
    count = high - low + 1
    place = np.repeat(np.arange(len(low)), count)
    before = np.cumsum(count) - count
    return place, np.arange(count.sum()) - before[place] + low[place]


def _heights(starts: Floats, ends: Floats, column: Numbers) -> tuple[Floats, Floats]:
    """Between which heights each edge runs within a column of squares (all in squares)."""
    (x0, y0), (x1, y1) = starts.T, ends.T
    with np.errstate(divide="ignore", invalid="ignore"):
        slope = (y1 - y0) / (x1 - x0)
        enter = y0 + (np.clip(column - _PAD, np.minimum(x0, x1), np.maximum(x0, x1)) - x0) * slope
        leave = (
            y0 + (np.clip(column + 1 + _PAD, np.minimum(x0, x1), np.maximum(x0, x1)) - x0) * slope
        )
    steep = ~np.isfinite(slope) | (np.abs(x1 - x0) < _UPRIGHT)
    low = np.where(steep, np.minimum(y0, y1), np.minimum(enter, leave))
    high = np.where(steep, np.maximum(y0, y1), np.maximum(enter, leave))
    return low, high


def _distinct(keys: Numbers) -> Numbers:
    """Sorted without doubles; quicker than `np.unique`."""
    keys = np.sort(keys)
    return keys[np.diff(keys, prepend=-1) != 0] if keys.size else keys
