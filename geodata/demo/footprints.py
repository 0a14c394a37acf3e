# ruff: noqa: PLR2004 -- a drawing is made of measures
"""Footprints: rows of buildings on each lot, aligned to its street, none touching another.

Rows run along one direction of the lot and are further apart than they are deep, so no two can
meet; what does not fit in the lot is left out. Metres on the drawing board.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry import Polygon

from geodata.demo.cuts import longest_sides
from geodata.demo.lots import Lot, Use
from geodata.demo.shares import largest_remainder
from geodata.domain.lattice import Floats, Shapes
from geodata.domain.partition import Bools, Ints


@dataclass(frozen=True)
class Style:
    """How a use is built: (least, most) metres of depth, width, gap between rows and between."""

    depth: tuple[float, float]
    width: tuple[float, float]
    row_gap: tuple[float, float]
    side_gap: tuple[float, float]


STYLES: dict[Use, Style] = {
    "houses": Style((9.0, 12.0), (11.0, 25.0), (5.5, 10.0), (1.2, 4.0)),
    "slabs": Style((11.5, 14.0), (34.0, 62.0), (17.0, 25.0), (8.0, 14.0)),
    "towers": Style((17.0, 22.0), (21.0, 33.0), (25.0, 36.0), (18.0, 28.0)),
    "mixed": Style((11.0, 15.0), (16.0, 36.0), (11.0, 18.0), (3.0, 9.0)),
    "school": Style((13.0, 17.0), (40.0, 64.0), (26.0, 40.0), (14.0, 20.0)),
}
_TRIES = 14
_MARGIN_M = 0.1
_LEAST = 7


@dataclass(frozen=True)
class Footprints:
    """Buildings as columns: the lot, the four corners of the box, the outline with its notch."""

    lot: Ints
    corners: Floats
    outlines: Shapes


def build(lots: list[Lot], count: int, rng: np.random.Generator) -> Footprints:
    """Exactly ``count`` footprints, some on every grid."""
    cells = np.array([lot.cell for lot in lots])
    size = 1.12 * (1.05 * len(np.unique(cells)) * 16 / count) ** 0.5
    for _ in range(_TRIES):
        boxes, owner = _boxes(lots, size, rng)
        if len(boxes) >= count:
            break
        size *= 0.88
    chosen = _chosen(cells[owner], count, rng)
    boxes, owner = boxes[chosen], owner[chosen]
    return Footprints(owner, boxes, _outlines(boxes, rng))


def _boxes(lots: list[Lot], size: float, rng: np.random.Generator) -> tuple[Floats, Ints]:
    found = [np.empty((0, 4, 2))] * len(lots)
    have: Counter[int] = Counter()
    for i, lot in enumerate(lots):
        if lot.use in STYLES:
            found[i] = _on_lot(lot, STYLES[lot.use], size, rng)
            have[lot.cell] += len(found[i])
    for i, lot in enumerate(lots):
        if lot.use in STYLES and have[lot.cell] < _LEAST:
            denser = _on_lot(lot, STYLES["houses"], 0.7 * min(size, 1.0), rng)
            found[i] = max(found[i], denser, key=len)
    return np.concatenate(found), np.repeat(np.arange(len(lots)), [len(boxes) for boxes in found])


def _on_lot(lot: Lot, style: Style, size: float, rng: np.random.Generator) -> Floats:
    """Boxes on a lot as an array (n, 4, 2): corners, counterclockwise from the row's south-west."""
    angle = _direction(lot, rng)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    flat = shapely.transform(lot.shape, lambda p: p @ turn)
    boxes = _rows(flat, style, size, rng)
    if len(boxes) == 0:
        return np.empty((0, 4, 2))
    west, south, east, north = boxes.T
    inner = shapely.buffer(flat, -_MARGIN_M)
    shapely.prepare(inner)
    boxes = boxes[shapely.contains(inner, shapely.box(west, south, east, north))]
    west, south, east, north = boxes.T
    corners = np.stack([west, south, east, south, east, north, west, north], axis=1)
    placed: Floats = corners.reshape(-1, 4, 2) @ turn.T
    return placed


def _direction(lot: Lot, rng: np.random.Generator) -> float:
    """Along the longest side; slabs and towers rather along the side that faces south."""
    start, end = next(longest_sides(lot.shape))
    angle = float(np.arctan2(end[1] - start[1], end[0] - start[0]))
    angle = (angle + np.pi / 2) % np.pi - np.pi / 2
    south_facing = lot.use in ("slabs", "towers", "school") and rng.random() < 0.85
    if south_facing and abs(angle) > np.pi / 4:
        angle -= np.copysign(np.pi / 2, angle)
    return angle


def _rows(flat: Polygon, style: Style, size: float, rng: np.random.Generator) -> Floats:
    """Boxes as rows of west, south, east, north in the lot's own frame; not yet all inside."""
    west, south, east, north = flat.bounds
    boxes: list[tuple[float, float, float, float]] = []
    floor, ground = south + 0.2, _row_ends(flat)
    while floor < north - 6:
        depth = max(6.0, rng.uniform(*style.depth) * min(size, 1.3))
        start, end = ground(floor, floor + depth)
        for x, width in _along(end - start, style, size, rng):
            inset = rng.uniform(0, 0.12) * depth
            boxes.append((start + x, floor + inset * 0.5, start + x + width, floor + depth - inset))
        floor += depth + rng.uniform(*style.row_gap) * size
    del west, east
    return np.array(boxes).reshape(-1, 4)


def _row_ends(flat: Polygon):  # type: ignore[no-untyped-def]  # noqa: ANN202
    west, _, east, _ = flat.bounds

    def ends(low: float, high: float) -> tuple[float, float]:
        """From where to where a row between two heights lies inside."""
        lines = shapely.linestrings([[(west - 1, y), (east + 1, y)] for y in (low, high)])
        bounds = shapely.bounds(shapely.intersection(flat, lines))
        start, end = float(bounds[:, 0].max()), float(bounds[:, 2].min())
        return (start + 0.2, end - 0.2) if start < end else (0.0, 0.0)

    return ends


def _along(
    length: float, style: Style, size: float, rng: np.random.Generator
) -> list[tuple[float, float]]:
    """Where buildings start along a row and how wide they are."""
    mean = (style.width[0] + style.width[1]) / 2 * size
    gap = rng.uniform(*style.side_gap) * size
    count = int((length + gap) // (mean + gap)) or int(length > 0.5 * mean)
    if count == 0 or length < 6:
        return []
    room = length - gap * (count - 1)
    weight = rng.uniform(style.width[0], style.width[1], count)
    widths = np.minimum(room * weight / weight.sum(), style.width[1] * max(size, 1) * 1.25)
    slack = room - widths.sum()
    starts = np.concatenate([[0.0], np.cumsum(widths[:-1] + gap + slack / max(count, 1))])
    return list(zip(starts.tolist(), widths.tolist(), strict=True))


def _chosen(cell: Ints, count: int, rng: np.random.Generator) -> Ints:
    """Indices of ``count`` buildings, as evenly thinned over the grids as can be."""
    found, where = np.unique(cell, return_inverse=True)
    have = np.bincount(where)
    quota = np.minimum(
        largest_remainder(
            np.power(have, 0.75, dtype=np.float64), count, least=min(4, count // len(found))
        ),
        have,
    )
    while (short := count - int(quota.sum())) > 0:
        room = have - quota
        quota += np.minimum(largest_remainder(room.astype(float), short), room)
    rank = np.empty(len(cell), dtype=np.int64)
    order = np.lexsort((rng.random(len(cell)), where))
    start = np.concatenate([[0], np.cumsum(have)[:-1]])
    rank[order] = np.arange(len(cell)) - start[where[order]]
    return np.flatnonzero(rank < quota[where])


def _outlines(boxes: Floats, rng: np.random.Generator) -> Shapes:
    """The boxes as polygons, every eighth with a corner cut out."""
    shapes = np.array(shapely.polygons(boxes), dtype=object)
    notched = np.flatnonzero((rng.random(len(boxes)) < 0.16) & _roomy(boxes))
    if len(notched):
        turned = np.array([np.roll(boxes[i], -int(rng.integers(4)), axis=0) for i in notched])
        shapes[notched] = shapely.polygons(_notch(turned, rng.uniform(0.28, 0.45, len(notched))))
    return shapes


def _roomy(boxes: Floats) -> Bools:
    sides = np.hypot(*(boxes[:, 1:3] - boxes[:, 0:2]).transpose(2, 0, 1))
    return np.asarray(sides.min(axis=1) > 9)


def _notch(boxes: Floats, share: Floats) -> Floats:
    """L-shapes: a part of the box cut off at its third corner."""
    a, b, c, d = (boxes[:, i] for i in range(4))
    part = share[:, None]
    on_bc, on_cd = c + (b - c) * part, c + (d - c) * part
    inner = on_bc + (on_cd - c)
    return np.stack([a, b, on_bc, inner, on_cd, d], axis=1)
