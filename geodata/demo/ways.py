# ruff: noqa: PLR2004 -- a drawing is made of measures
"""Roads with names: the traced streets where they lead somewhere, the embankments, the lanes.

Metres on the drawing board.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import shapely
from shapely.geometry import LineString
from shapely.geometry.base import BaseGeometry

from geodata.demo import plane, streets
from geodata.demo.blocks import Blocks
from geodata.demo.cuts import Cut
from geodata.demo.names import Names
from geodata.demo.streets import BRIDGED, Line
from geodata.demo.terrain import PROMENADE_M, Terrain, north_of
from geodata.domain.lattice import Shapes
from geodata.domain.partition import Bools, Ints

Kind = Literal["arterial", "secondary", "lane", "bridge"]

WIDTH: dict[Kind, float] = {"arterial": 30.0, "secondary": 18.0, "lane": 7.0, "bridge": 24.0}
"""Metres from kerb to kerb."""
_AVENUES = ("巴山", "兴安", "香溪")


@dataclass(frozen=True)
class Way:
    """A named stretch of road; ``axis`` is the whole line along which its houses are numbered."""

    name: str
    kind: Kind
    shape: LineString
    axis: LineString


class Nearby:
    """Finds the way nearest to a shape; quick, since long ways are looked up piece by piece."""

    def __init__(self, ways: list[Way]) -> None:
        lines = shapely.segmentize(np.array([way.shape for way in ways], dtype=object), 150.0)
        points, owner = shapely.get_coordinates(lines, return_index=True)
        inside = np.flatnonzero(owner[1:] == owner[:-1])
        pieces = shapely.linestrings(np.stack([points[inside], points[inside + 1]], axis=1))
        self._owner: Ints = owner[inside].astype(np.int64)
        self._tree = shapely.STRtree(np.asarray(pieces))

    def of(self, shapes: Shapes) -> Ints:
        """The index of the way nearest to each shape."""
        return self._owner[self._tree.nearest(shapes)]


@dataclass(frozen=True)
class _Edges:
    """Stretches between crossings: whose street, on a bridge, and north of the river."""

    shapes: Shapes
    owner: Ints
    wet: Bools
    north: Bools


def of_streets(land: Terrain, lines: list[Line], blocks: Blocks, names: Names) -> list[Way]:
    """The streets, bridges and embankments, without ends that lead nowhere in town."""
    edges = _kept(land, lines, blocks)
    town = _Town(blocks)
    ways: list[Way] = []
    for i, line in enumerate(lines):
        title = _Titles(line, town, names)
        parts: dict[tuple[Kind, str], list[LineString]] = defaultdict(list)
        for at in np.flatnonzero(edges.owner == i).tolist():
            kind: Kind = "arterial" if line.arterial else "secondary"
            kind = "bridge" if edges.wet[at] else kind
            parts[kind, title.of(edges.shapes[at], kind, bool(edges.north[at]))].append(
                edges.shapes[at]
            )
        for (kind, name), shapes in parts.items():
            ways += _merged(name, kind, shapes, streets.shape(line))
    return ways + _embankments(land, blocks, names)


def _kept(land: Terrain, lines: list[Line], blocks: Blocks) -> _Edges:
    """What is kept of the network: no blind ends in town, no promenade, bridges where planned."""
    edges = shapely.get_parts(blocks.network)
    dangling = set(shapely.get_parts(shapely.polygonize_full([blocks.network])[2]))
    middle = plane.to_metres(shapely.line_interpolate_point(edges, 0.5, normalized=True))
    drawn = [streets.shape(line) for line in lines]
    bank = LineString(land.river.exterior.coords)
    owner = shapely.STRtree([*drawn, bank, land.stream]).nearest(middle)
    arterial = np.array([line.arterial for line in lines] + [False, False])[owner]
    bridge = np.array([len(line.names) == BRIDGED for line in lines] + [False, False])[owner]
    town = shapely.union_all(blocks.shapes)
    shapely.prepare(town)
    loose = np.array([edge in dangling for edge in edges])
    wet = shapely.contains(land.river, middle)
    outside = ~shapely.dwithin(town, middle, 30.0)
    keep = (owner < len(lines)) & (~loose | (arterial & outside)) & (~wet | bridge)
    shapes, owner, wet = plane.to_metres(edges[keep]), owner[keep], wet[keep]
    quay = land.river.buffer(PROMENADE_M - 1)
    crossing = bridge[keep] & _on_bridge(shapes, owner, wet, quay)
    shapes = np.where(crossing, shapes, shapely.difference(shapes, quay))
    dry = shapely.length(shapes) > 1
    return _Edges(shapes[dry], owner[dry], wet[dry], north_of(land.course, middle[keep][dry]))


def _on_bridge(shapes: Shapes, owner: Ints, wet: Bools, quay: BaseGeometry) -> Bools:
    """The edges of a street that touch its bridge: they run over the promenade."""
    found = wet.copy()
    for which in np.unique(owner[wet]).tolist():
        deck = shapely.union_all(shapes[wet & (owner == which)]).intersection(quay)
        found |= (owner == which) & (shapely.distance(shapes, deck) < 1)
    return found


class _Town:
    """Which of the three streets (老城, 新城, 江北) a stretch of road lies in or next to."""

    def __init__(self, blocks: Blocks) -> None:
        self._street = blocks.street
        self._tree = shapely.STRtree(blocks.shapes)

    def at(self, part: LineString) -> int:
        middle = part.interpolate(0.5, normalized=True)
        return int(self._street[self._tree.nearest(middle)])


@dataclass
class _Titles:
    """The names along one street: given ones, or a new one in each part of the town."""

    line: Line
    town: _Town
    names: Names
    found: dict[int, str] = field(default_factory=dict)

    def of(self, part: LineString, kind: Kind, north: bool) -> str:  # noqa: FBT001 -- a bank
        given = self.line.names
        if len(given) == BRIDGED:
            return given[1] if kind == "bridge" else given[2] if north else given[0]
        if given:
            return f"{given[0]}{self._third(part)}路" if given[0] in _AVENUES else given[0]
        which = self.town.at(part)
        if which not in self.found:
            self.found[which] = self.names.street(which)
        return self.found[which]

    def _third(self, part: LineString) -> str:
        axis = streets.shape(self.line)
        at = axis.project(part.interpolate(0.5, normalized=True)) / axis.length
        return "西" if at < 0.36 else "中" if at < 0.64 else "东"


def _merged(name: str, kind: Kind, parts: list[LineString], axis: LineString) -> list[Way]:
    lines = shapely.get_parts(np.array(parts, dtype=object))
    whole = shapely.line_merge(shapely.multilinestrings(lines))
    return [Way(name, kind, _forward(part, axis), axis) for part in shapely.get_parts(whole)]


def _forward(part: LineString, axis: LineString) -> LineString:
    start, end = (axis.project(shapely.get_point(part, i)) for i in (0, -1))
    return part if start <= end else shapely.reverse(part)


def _embankments(land: Terrain, blocks: Blocks, names: Names) -> list[Way]:
    """A road along the water on each bank, as far as the town reaches."""
    town = shapely.union_all(blocks.shapes).buffer(40)
    ring = LineString(land.river.buffer(PROMENADE_M).exterior.coords).intersection(town)
    ways = []
    for run in shapely.get_parts(shapely.line_merge(ring)):
        if run.length < 250:
            continue
        north = north_of(land.course, np.array([run.interpolate(0.5, normalized=True)]))[0]
        name = "江北滨江路" if north else "滨江大道"
        names.reserve(name)
        line = (run if run.coords[0][0] < run.coords[-1][0] else shapely.reverse(run)).simplify(0.6)
        ways.append(Way(name, "secondary", line, line))
    return ways


def of_cuts(land: Terrain, cuts: list[Cut], ways: list[Way], names: Names) -> list[Way]:
    """A named lane for each cut that is one, called after the street that it leaves."""
    lines = [cut.line for cut in cuts if cut.lane]
    if not lines:
        return []
    quay = land.river.buffer(PROMENADE_M)
    shapely.prepare(quay)
    streets_only = [way for way in ways if way.kind in ("arterial", "secondary")]
    near = Nearby(streets_only).of(np.array(lines, dtype=object))
    found = []
    for line, beside in zip(lines, near.tolist(), strict=True):
        dry = line.difference(quay) if quay.intersects(line) else line
        if isinstance(dry, LineString) and dry.length > 8:
            found.append(Way(names.lane(streets_only[beside].name), "lane", dry, dry))
    return found
