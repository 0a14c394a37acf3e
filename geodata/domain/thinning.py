"""Vertices that an edit left without a purpose go again, in every ring that has them at once.

A vertex goes where it lies no more than one lattice step off the line between its two neighbours,
and the edit itself has put it there or has taken away the border that met the others in it.
Vertices that were drawn or surveyed stay.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

import numpy as np
import shapely
from shapely.geometry import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from geodata.domain import measure
from geodata.domain.cells import canonical
from geodata.domain.lattice import Floats
from geodata.domain.partition import Ints

_OFF: Final = 1.0 + 1e-6
_ROUNDS: Final = 3
_RING: Final = 4
_BETWEEN: Final = 2


def thinned(
    before: Mapping[str, BaseGeometry],
    after: dict[str, BaseGeometry],
    changed: Collection[str],
) -> dict[str, BaseGeometry]:
    """The shapes (lattice steps) after an edit without its idle vertices.

    As given where leaving them out would hurt a ring or open the coverage.
    """
    old = _degrees(list(before.values()))
    shapes = dict(after)
    for _ in range(_ROUNDS):
        drop = _idle(shapes, old, changed)
        if not len(drop):
            break
        fewer = {code: _without(shape, drop) for code, shape in shapes.items()}
        if None in fewer.values():
            break
        shapes = {code: shape for code, shape in fewer.items() if shape is not None}
    filled = measure.array(list(shapes.values()))
    sound = bool(np.all(shapely.is_valid(filled))) and bool(shapely.coverage_is_valid(filled))
    return shapes if sound else after


def _keys(points: Floats) -> Ints:
    """One whole number a lattice point."""
    whole = points.astype(np.int64)
    return np.asarray(whole[:, 0] * 2**32 + whole[:, 1])


def _edges(shapes: Collection[BaseGeometry]) -> tuple[Floats, Floats]:
    """Both ends of every border segment, each twice: there and back."""
    rings = shapely.get_rings(shapely.get_parts(measure.array(list(shapes))))
    points, ring = shapely.get_coordinates(rings, return_index=True)
    inside = np.flatnonzero(ring[1:] == ring[:-1])
    start, end = points[inside], points[inside + 1]
    return np.vstack([start, end]), np.vstack([end, start])


def _distinct(shapes: Collection[BaseGeometry]) -> tuple[Ints, Floats, Floats]:
    """Each border segment from each end once, sorted by the key of its start."""
    start, end = _edges(shapes)
    key, other = _keys(start), _keys(end)
    order = np.lexsort((other, key))
    key, other, start, end = key[order], other[order], start[order], end[order]
    first = np.ones(len(key), dtype=bool)
    first[1:] = (key[1:] != key[:-1]) | (other[1:] != other[:-1])
    return key[first], start[first], end[first]


def _degrees(shapes: Collection[BaseGeometry]) -> dict[int, int]:
    """How many borders meet in each vertex."""
    keys, count = np.unique(_distinct(shapes)[0], return_counts=True)
    return dict(zip(keys.tolist(), count.tolist(), strict=True))


def _idle(
    shapes: Mapping[str, BaseGeometry], old: Mapping[int, int], changed: Collection[str]
) -> Ints:
    """Keys of the vertices to leave out, no two of them neighbours."""
    key, start, end = _distinct(list(shapes.values()))
    keys, first, count = np.unique(key, return_index=True, return_counts=True)
    first = first[count == _BETWEEN]
    keys = keys[count == _BETWEEN]
    off = _off_chord(start[first], end[first], end[first + 1])
    here = _keys(shapely.get_coordinates([shapes[code] for code in changed if code in shapes]))
    mine = np.isin(keys, here)
    near = np.flatnonzero((off <= _OFF) & mine)
    taken: set[int] = set()
    drop: list[int] = []
    for n in near.tolist():
        one = int(keys[n])
        beside = _keys(end[first[n] : first[n] + 2]).tolist()
        if old.get(one) != _BETWEEN and taken.isdisjoint(beside):
            drop.append(one)
            taken.add(one)
    return np.array(drop, dtype=np.int64)


def _off_chord(point: Floats, one: Floats, other: Floats) -> Floats:
    """How far points lie off the lines between two others, infinite where they lie beyond."""
    chord, to = other - one, point - one
    length = np.hypot(chord[:, 0], chord[:, 1])
    with np.errstate(divide="ignore", invalid="ignore"):
        off = np.abs(chord[:, 0] * to[:, 1] - chord[:, 1] * to[:, 0]) / length
        along = (chord * to).sum(axis=1) / length**2
    return np.where((along > 0) & (along < 1), off, np.inf)


def _without(shape: BaseGeometry, drop: Ints) -> BaseGeometry | None:
    """The area without some vertices; None where a ring would be left with too few."""
    if not np.isin(_keys(shapely.get_coordinates(shape)), drop).any():
        return shape
    parts = []
    for part in shapely.get_parts(shape):
        rings = [_ring(ring, drop) for ring in (part.exterior, *part.interiors)]
        if any(len(ring) < _RING for ring in rings):
            return None
        parts.append(Polygon(rings[0], rings[1:]))
    return canonical(parts[0] if len(parts) == 1 else MultiPolygon(parts))


def _ring(ring: BaseGeometry, drop: Ints) -> Floats:
    points = shapely.get_coordinates(ring)[:-1]
    kept = points[~np.isin(_keys(points), drop)]
    return np.vstack([kept, kept[:1]])
