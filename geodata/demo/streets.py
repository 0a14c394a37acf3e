"""Streets drawn along the grain of the land, each at a decent distance from the next.

Two families cross: "along" follows the grain, "across" runs square to it. A street is traced step
by step both ways from a seed and stops before it comes too near to one of its own family, at the
river, or where the town ends. Metres on the drawing board.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import shapely
from shapely.geometry import LineString

from geodata.demo import terrain as land
from geodata.demo.terrain import Terrain
from geodata.domain.lattice import Floats

Family = Literal[0, 1]
ALONG: Family = 0
ACROSS: Family = 1

_STEP = 16.0
_COUNTRY = 1600.0
_FRINGE = 260.0

BRIDGED = 3
"""A street with so many names crosses the river: south of it, on the bridge, north of it."""

# family, a point it passes, its names: one, or three for a street that crosses the river
_ARTERIALS: tuple[tuple[Family, int, int, tuple[str, ...]], ...] = (
    (ACROSS, 1560, 300, ("大桥路", "汉江一桥", "江北大桥路")),
    (ACROSS, -620, 200, ("金州南路", "汉江二桥", "金州北路")),
    (ACROSS, 3560, 300, ("东坝大道", "汉江三桥", "花园大道")),
    (ACROSS, -2350, -700, ("西坝大道", "汉江四桥", "长岭大道")),
    (ALONG, 500, 470, ("巴山",)),
    (ALONG, 500, -420, ("兴安",)),
    (ALONG, 500, -1250, ("香溪",)),
    (ALONG, 500, 1250, ("解放路",)),
    (ALONG, 600, 2530, ("安火路",)),
    (ALONG, 3900, 2750, ("江北大道",)),
    (ALONG, -1900, 1050, ("张岭路",)),
    (ACROSS, 480, -300, ("育才路",)),
    (ACROSS, 2500, -500, ("枣园路",)),
    (ACROSS, 4600, -200, ("高新路",)),
    (ALONG, 3900, -850, ("果园路",)),
    (ALONG, -2900, -1000, ("金川路",)),
)


@dataclass
class Line:
    """One traced street: its points, its rank, and the names it was given, if any."""

    points: Floats
    family: Family
    arterial: bool
    names: tuple[str, ...] = ()


@dataclass
class Board:
    """Rasters over the land: the grain, the spacing, where streets may go, who is near."""

    west: float
    south: float
    size: float
    angle: Floats
    spacing: Floats
    zone: Floats
    near: list[Floats] = field(default_factory=list)

    def cell(self, x: float, y: float) -> tuple[int, int] | None:
        """Row and column of a point, or None beyond the edge."""
        row, column = int((y - self.south) / self.size), int((x - self.west) / self.size)
        rows, columns = self.angle.shape
        return (row, column) if 0 <= row < rows and 0 <= column < columns else None


RIVER, WILD, COUNTRY, FRINGE, TOWN = 0.0, 1.0, 2.0, 3.0, 4.0


def board(terrain: Terrain) -> Board:
    """The rasters for a terrain; cells of 20 m, coarser for very large districts."""
    size = 20.0 * max(1.0, terrain.scale / 2.5)
    west, south, east, north = terrain.town.buffer(_COUNTRY).bounds
    x, y = np.meshgrid(np.arange(west, east, size), np.arange(south, north, size))
    zone = np.full(x.shape, WILD)
    for reach, value in ((_COUNTRY, COUNTRY), (_FRINGE, FRINGE), (0.0, TOWN)):
        area = terrain.town.buffer(reach)
        shapely.prepare(area)
        zone[shapely.contains_xy(area, x, y)] = value
    zone[shapely.contains_xy(terrain.river, x, y)] = RIVER
    angle, gap = land.grain(terrain, x, y), land.spacing(terrain, x, y)
    empty = np.full(x.shape, np.inf)
    return Board(west, south, size, angle, gap, zone, [empty, empty.copy()])


def trace_all(terrain: Terrain, rng: np.random.Generator) -> list[Line]:
    """All streets of a terrain: the named arterials first, then what fits between them."""
    ground = board(terrain)
    quay = np.array(terrain.river.buffer(land.PROMENADE_M).exterior.segmentize(_STEP).coords)
    _stamp(ground, Line(quay, ALONG, arterial=False))
    lines = [line for line in _named(ground, terrain.scale) if len(line.points) > 1]
    _fill(ground, lines, rng, factor=3.1, arterial=True)
    _fill(ground, lines, rng, factor=1.0, arterial=False)
    return lines


def _named(ground: Board, scale: float) -> list[Line]:
    lines = []
    for family, x, y, names in _ARTERIALS:
        bridge = len(names) == BRIDGED
        seed = (x * scale, y * scale)
        stop = 230 * min(scale, 1)
        points = _trace(ground, seed, family, stop=stop, bridge=bridge, reach=COUNTRY)
        if len(points) * _STEP > 300 * min(scale, 1):
            line = Line(points, family, arterial=True, names=names)
            _stamp(ground, line)
            lines.append(line)
    return lines


def _fill(
    ground: Board, lines: list[Line], rng: np.random.Generator, *, factor: float, arterial: bool
) -> None:
    """Trace streets beside those there are, at ``factor`` times the local spacing."""
    queue = deque(lines)
    while queue:
        parent = queue.popleft()
        for family, x, y in _seeds(ground, parent, rng, factor):
            line = _grow(ground, (x, y), family, factor, arterial=arterial)
            if line is not None:
                _stamp(ground, line)
                lines.append(line)
                queue.append(line)


def _seeds(
    ground: Board, parent: Line, rng: np.random.Generator, factor: float
) -> list[tuple[Family, float, float]]:
    """Points beside a street (its own family) and on it (the other family)."""
    seeds: list[tuple[Family, float, float]] = []
    other: Family = ACROSS if parent.family == ALONG else ALONG
    for i in range(2, len(parent.points) - 2, 5):
        x, y = parent.points[i]
        at = ground.cell(x, y)
        if at is None or ground.zone[at] < FRINGE:
            continue
        gap = factor * ground.spacing[at] * rng.uniform(0.82, 1.35)
        dx, dy = _heading(ground, at, other)
        seeds += [(parent.family, x + dx * gap, y + dy * gap)]
        seeds += [(parent.family, x - dx * gap, y - dy * gap), (other, x, y)]
    return seeds


def _grow(
    ground: Board, seed: tuple[float, float], family: Family, factor: float, *, arterial: bool
) -> Line | None:
    at = ground.cell(*seed)
    if at is None or ground.zone[at] < FRINGE:
        return None
    gap = factor * ground.spacing[at]
    if ground.near[family][at] < 0.8 * gap:
        return None
    reach = COUNTRY if arterial else FRINGE
    points = _trace(ground, seed, family, stop=0.5 * gap, bridge=False, reach=reach)
    return Line(points, family, arterial) if len(points) * _STEP > 1.2 * gap else None


def _heading(ground: Board, at: tuple[int, int], family: Family) -> tuple[float, float]:
    angle = float(ground.angle[at]) + (np.pi / 2 if family == ACROSS else 0.0)
    return float(np.cos(angle)), float(np.sin(angle))


def _trace(
    ground: Board,
    seed: tuple[float, float],
    family: Family,
    *,
    stop: float,
    bridge: bool,
    reach: float,
) -> Floats:
    def half(sign: int) -> list[tuple[float, float]]:
        (x, y), walked = seed, []
        for _ in range(4000):
            at = ground.cell(x, y)
            if at is None or ground.near[family][at] < stop:
                break
            walked.append((x, y))
            if (ground.zone[at] == RIVER and not bridge) or ground.zone[at] == WILD:
                break
            if 0 < ground.zone[at] < reach:
                break
            dx, dy = _heading(ground, at, family)
            x, y = x + sign * dx * _STEP, y + sign * dy * _STEP
        return walked

    back, ahead = half(-1), half(1)
    return np.array(back[:0:-1] + ahead)


def _stamp(ground: Board, line: Line) -> None:
    """Remember how near every cell now is to a street of this family."""
    reach = int(1150 / ground.size)
    offsets = np.arange(-reach, reach + 1)
    kernel = np.hypot(*np.meshgrid(offsets, offsets)) * ground.size
    near = ground.near[line.family]
    rows, columns = near.shape
    for x, y in line.points[::3]:
        at = ground.cell(x, y)
        if at is None:
            continue
        top, left = max(at[0] - reach, 0), max(at[1] - reach, 0)
        bottom, right = min(at[0] + reach + 1, rows), min(at[1] + reach + 1, columns)
        window = near[top:bottom, left:right]
        i, j = top - at[0] + reach, left - at[1] + reach
        part = kernel[i : i + window.shape[0], j : j + window.shape[1]]
        np.minimum(window, part, out=window)


def shape(line: Line) -> LineString:
    """The street as a smooth line with few vertices."""
    return LineString(LineString(line.points).simplify(0.8).coords)
