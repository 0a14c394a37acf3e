# ruff: noqa: PLR2004 -- a drawing is made of measures
"""Cutting a piece of ground into parts of equal size, by lines that make decent lanes.

Metres on the drawing board.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import shapely
from shapely.geometry import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from geodata.domain.lattice import Floats

_OVERSHOOT = 0.7
_OFFERS = ((0, 0.0), (0, 0.08), (0, -0.08), (1, 0.0), (0, 0.2), (1, 0.1), (1, -0.1), (0, -0.2))
"""Which axis to cut across (0: the longer), and how far from the fair place."""


@dataclass(frozen=True)
class Cut:
    """A line that cuts ground in two; it overshoots both ends a little, so that nodes form."""

    line: LineString
    lane: bool
    share: int


@dataclass
class Corners:
    """Where cuts end, so that the next cut may meet them and make a crossing.

    Of each part that is cut, a good share must lie outside ``wet``.
    """

    wet: BaseGeometry | None = None
    size: float = 60.0
    cells: dict[tuple[int, int], list[tuple[float, float]]] = field(default_factory=dict)

    def add(self, line: LineString) -> None:
        """Remember both ends of a line."""
        for x, y in (line.coords[0], line.coords[-1]):
            self.cells.setdefault((int(x // self.size), int(y // self.size)), []).append((x, y))

    def dry(self, part: Polygon) -> bool:
        """Whether enough of a part is dry ground."""
        if self.wet is None or not self.wet.intersects(part):
            return True
        return bool(part.difference(self.wet).area > 0.4 * part.area)

    def near(self, shape: Polygon) -> Floats:
        """The remembered ends on the border of a shape, as rows of x, y."""
        west, south, east, north = (int(v // self.size) for v in shape.bounds)
        found = [
            end
            for column in range(west, east + 1)
            for row in range(south, north + 1)
            for end in self.cells.get((column, row), ())
        ]
        points = np.array(found, dtype=float).reshape(-1, 2)
        border = shapely.boundary(shape)
        return points[shapely.distance(border, shapely.points(points)) < 1.0]


def parts_of(
    ground: Polygon, count: int, rng: np.random.Generator, corners: Corners
) -> tuple[list[Polygon], list[Cut]]:
    """``count`` parts of about the same size, and the cuts between them."""
    done: list[Polygon] = []
    cuts: list[Cut] = []
    todo = [(ground, count)]
    while todo:
        piece, share = todo.pop()
        halves = _halve(piece, share, rng, corners) if share > 1 else None
        if halves is None:
            done.append(piece)
            continue
        (first, first_share), (second, second_share), line = halves
        corners.add(line)
        lane = share > 2 or rng.random() < 0.7
        cuts.append(Cut(_stretched(line), lane, share))
        todo += [(first, first_share), (second, second_share)]
    return (done, cuts) if len(done) == count else _make_up(done, cuts, count, rng, corners.wet)


def _make_up(
    done: list[Polygon],
    cuts: list[Cut],
    count: int,
    rng: np.random.Generator,
    wet: BaseGeometry | None,
) -> tuple[list[Polygon], list[Cut]]:
    """Cut the largest parts further where some piece could not be cut often enough."""
    for _ in range(20 * count):
        if len(done) == count:
            break
        order = sorted(range(len(done)), key=lambda i: -float(done[i].area))
        for i in order[:5]:
            halves = _halve(done[i], 2, rng, Corners(wet), least=0.08)
            if halves is not None:
                done[i : i + 1] = [halves[0][0], halves[1][0]]
                cuts.append(Cut(_stretched(halves[2]), lane=True, share=2))
                break
    return done, cuts


Halves = tuple[tuple[Polygon, int], tuple[Polygon, int], LineString]


def _halve(
    piece: Polygon, share: int, rng: np.random.Generator, corners: Corners, least: float = 0.45
) -> Halves | None:
    low = share // 2 if share % 2 == 0 or rng.random() < 0.5 else share - share // 2
    angle = _long_axis(piece)
    ends = corners.near(piece)
    bend, slant = rng.normal(0, 0.02), rng.normal(0, 0.035)
    for axis, shift in _OFFERS:
        fair = low / share * (1 + shift)
        line = _line(piece, angle + slant + axis * np.pi / 2, fair, bend, ends)
        halves = None if line is None else _split(piece, line)
        if halves is None or not _fair(halves, low / share, least):
            continue
        if corners.dry(halves[0]) and corners.dry(halves[1]):
            return (halves[0], low), (halves[1], share - low), line or LineString()
    return None


def slice_off(piece: Polygon, width: float) -> Halves | None:
    """A strip of about ``width`` metres along the longest side, and the rest, with no share yet."""
    for start, end in longest_sides(piece):
        along = float(np.arctan2(end[1] - start[1], end[0] - start[0]))
        share = width * float(np.hypot(*(end - start))) / piece.area
        for turn, place in ((np.pi / 2, share), (np.pi / 2, 1 - share)):
            line = _line(piece, along + turn, place, 0.0, np.empty((0, 2)))
            halves = None if line is None else _split(piece, line)
            if line is not None and halves is not None:
                strip, rest = sorted(halves, key=lambda half: float(half.area))
                if strip.distance(LineString([start, end])) < width / 2:
                    return (strip, 0), (rest, 0), line
    return None


def _fair(halves: tuple[Polygon, Polygon], share: float, least: float) -> bool:
    whole = halves[0].area + halves[1].area
    sizes = bool(
        halves[0].area > least * share * whole and halves[1].area > least * (1 - share) * whole
    )
    return sizes and all(2 * half.area / half.length > 0.11 * half.area**0.5 for half in halves)


def _long_axis(piece: Polygon) -> float:
    box = shapely.get_coordinates(shapely.minimum_rotated_rectangle(piece))
    sides = np.diff(box[:3], axis=0)
    x, y = sides[int(np.argmax(np.hypot(*sides.T)))]
    return float(np.arctan2(y, x))


def _line(
    piece: Polygon, angle: float, share: float, bend: float, ends: Floats
) -> LineString | None:
    """A line square to ``angle`` that leaves ``share`` of the piece on its first side."""
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    middle = np.array(piece.centroid.coords[0])
    flat = shapely.transform(piece, lambda p: (p - middle) @ turn)
    west, south, east, north = flat.bounds
    at = _place(flat, share)
    across = ((ends - middle) @ turn)[:, 0]
    meets = across[np.abs(across - at) < 0.13 * (east - west)]
    if len(meets):
        at = float(meets[np.argmin(np.abs(meets - at))])
    run = np.linspace(south - 1, north + 1, 9)
    sway = bend * (north - south) * np.sin((run - south) / (north - south) * np.pi)
    line = LineString(np.stack([at + sway, run], axis=1) @ turn.T + middle)
    inside = [part for part in shapely.get_parts(line.intersection(piece)) if part.length > 1]
    return inside[0] if len(inside) == 1 and isinstance(inside[0], LineString) else None


def _place(flat: Polygon, share: float) -> float:
    """Where, from the west, a share of a flat piece's area is reached."""
    west, south, east, north = flat.bounds
    low, high = west, east
    for _ in range(11):
        middle = (low + high) / 2
        part = shapely.clip_by_rect(flat, west - 1, south - 1, middle, north + 1)
        low, high = (middle, high) if part.area < share * flat.area else (low, middle)
    return (low + high) / 2


def _split(piece: Polygon, line: LineString) -> tuple[Polygon, Polygon] | None:
    """The two sides of a line, the one that lies to its left first."""
    noded = shapely.union(piece.boundary, _stretched(line))
    faces = [face for face in shapely.get_parts(shapely.polygonize([noded])) if face.area > 1]
    if len(faces) != 2 or not line.length > 5:
        return None
    start, end = np.array(line.coords[0]), np.array(line.coords[-1])
    ahead, aside = end - start, np.array(faces[0].centroid.coords[0]) - start
    left = ahead[0] * aside[1] - ahead[1] * aside[0] > 0
    return (faces[0], faces[1]) if left else (faces[1], faces[0])


def _stretched(line: LineString) -> LineString:
    points = np.array(line.coords)
    return LineString(
        np.vstack([_beyond(points[1], points[0]), points[1:-1], _beyond(*points[-2:])])
    )


def _beyond(before: Floats, end: Floats) -> Floats:
    step = end - before
    stretched: Floats = end + step / np.hypot(*step) * _OVERSHOOT
    return stretched


def longest_sides(shape: Polygon) -> Iterator[tuple[Floats, Floats]]:
    """The straight sides of a shape, as pairs of points, longest first."""
    outer = shapely.Polygon(shape.exterior)
    points = shapely.get_coordinates(outer.simplify(3.0))
    lengths = np.hypot(*np.diff(points, axis=0).T)
    for i in np.argsort(-lengths, kind="stable").tolist():
        yield points[i], points[i + 1]
