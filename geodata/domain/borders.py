"""Redrawing whole borders: a shared stretch moved, a grid shared out among its neighbours.

Each way as one `redraw.Edit`, as in `edits`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Final

import numpy as np
import shapely
import shapely.ops
from shapely.geometry import LineString, MultiLineString, Point, Polygon
from shapely.geometry.base import BaseGeometry

from geodata.domain import lattice, measure, nearest, partition, plain, strokes
from geodata.domain.cells import Cell, Cells
from geodata.domain.intent import Reshape, Retire
from geodata.domain.lattice import Floats, Shapes
from geodata.domain.pieces import Leftover, longer
from geodata.domain.plane import Plane, around
from geodata.domain.redraw import Edit, Relabel
from geodata.errors import InvalidRedraw, Remedy

CONTACT_M: Final = 3.0
"""So near to a border an end of a line is meant to lie on it."""
_STRETCHES: Final = 2
"""So many stretches of border, the nearest ones, a line is led to."""
_BACK: Final = (0.8, 0.6, 0.4, 0.2)
"""How far a line that leaves its grids may be drawn instead, as shares of how far it was."""
LEAVES_M: Final = 1.0
"""So far a new border may run beyond the two grids it parts."""


def reshape(cells: Cells, intent: Reshape) -> Edit:
    """A stretch of a shared border moved onto a line.

    Raises InvalidRedraw: as `strokes.line` and `strokes.refuse_to_and_fro`, ``not_neighbours``,
    ``line_misses_border``, ``line_leaves_grids``.
    """
    one, other = cells.grid(intent.grid), cells.grid(intent.other)
    drawn = strokes.line(intent.line, [one, other])
    for grid in (one, other):
        strokes.refuse_to_and_fro(drawn, grid.shape)
    plane = around([one.shape, other.shape])
    stretches = _shared(one, other)
    chosen, contacts = _touched(stretches, drawn, plane)
    new = _redrawn(stretches[chosen], drawn, contacts, plane)
    ground = measure.together([one.shape, other.shape])
    _stay_inside(new, _between(drawn, contacts, plane), ground, plane)
    kept = [line for n, line in enumerate(stretches) if n != chosen]
    inner = [strokes.clipped(new, ground), *kept]
    parts = strokes.parts(ground, inner, plane)
    if not len(parts):
        raise InvalidRedraw("area_too_small", place=lattice.to_degrees(new))
    sides = _sides(one, other, parts)
    codes = tuple(sorted((one.code, other.code)))
    leftover: Leftover = "give" if intent.pieces else "ask"
    return Edit(codes, covering(sides), (inner[0],), leftover=leftover)


def _shared(one: Cell, other: Cell) -> list[LineString]:
    """The stretches of border that two grids share."""
    if one.code == other.code:
        raise InvalidRedraw("not_neighbours", grid=other.code, place=other.degrees)
    both = shapely.intersection(shapely.boundary(one.shape), shapely.boundary(other.shape))
    parts = shapely.get_parts(both)
    lines = [line for line in parts if isinstance(line, LineString) and line.length > 0]
    found: list[LineString] = list(shapely.get_parts(shapely.line_merge(MultiLineString(lines))))
    if not found:
        raise InvalidRedraw(
            "not_neighbours", grid=other.code, place=measure.together([one.degrees, other.degrees])
        )
    return found


def _touched(
    stretches: Sequence[LineString], drawn: LineString, plane: Plane
) -> tuple[int, Floats]:
    """The stretch that a line touches twice, and the first and last contact along the line."""
    for n, stretch in enumerate(stretches):
        contacts = _contacts(plane.to_m(stretch), plane.to_m(drawn))
        if len(contacts) > 1 and contacts[-1] - contacts[0] > CONTACT_M:
            return n, np.array([contacts[0], contacts[-1]])
    place = lattice.to_degrees(drawn)
    ways = [
        Remedy("extend_line", {"line": plain.line_of(line)})
        for line in _to_border(stretches, drawn, plane)
    ]
    one, more = (ways[0], ways[1:]) if ways else (None, [])
    raise InvalidRedraw("line_misses_border", place=place, remedy=one, otherwise=more)


def _to_border(
    stretches: Sequence[LineString], drawn: LineString, plane: Plane
) -> Iterator[LineString]:
    """The line with its ends led to two places of one stretch of border, the likeliest way first.

    Each to the nearest place, or straight on to where it meets the border.
    """
    flat = plane.to_m(drawn)
    borders = sorted(map(plane.to_m, stretches), key=flat.distance)
    points = shapely.get_coordinates(flat)
    for border in borders[:_STRETCHES]:
        first, last = _meetings(points[::-1], border), _meetings(points, border)
        for start, end in product(first, last):
            if start.distance(end) > 2 * CONTACT_M:
                ends = np.asarray(start.coords), np.asarray(end.coords)
                yield plane.to_steps(LineString(np.vstack([ends[0], points, ends[1]])))


def _meetings(points: Floats, border: LineString) -> list[Point]:
    """Where the last of some points (metres) may be led to on a border."""
    end = Point(points[-1])
    found = [border.interpolate(border.project(end))]
    reach = border.distance(end) + border.length + float(np.ptp(border.coords, axis=0).max())
    on = LineString([end, Point(longer(LineString(points[-2:]), reach).coords[-1])])
    met = shapely.intersection(on, border)
    if not met.is_empty:
        found.append(Point(shapely.shortest_line(end, met).coords[-1]))
    return found


def _contacts(border: LineString, drawn: LineString) -> Floats:
    """Where along a line (metres) it touches a border: crossings, and ends that lie near."""
    points = shapely.get_coordinates(drawn)
    ends = [p for p in (Point(points[0]), Point(points[-1])) if p.distance(border) <= CONTACT_M]
    crossed = shapely.intersection(drawn, border)
    spots = [*ends, *map(Point, shapely.get_coordinates(crossed))]
    return np.sort(np.array([drawn.project(spot) for spot in spots]))


def _redrawn(border: LineString, drawn: LineString, contacts: Floats, plane: Plane) -> LineString:
    """The border with the stretch between the contacts replaced by the line, in lattice steps."""
    old, new = plane.to_m(border), plane.to_m(drawn)
    inner = shapely.ops.substring(new, float(contacts[0]), float(contacts[1]))
    at = [old.project(Point(inner.coords[0])), old.project(Point(inner.coords[-1]))]
    points = shapely.get_coordinates(inner)
    if at[0] > at[1]:
        at, points = at[::-1], points[::-1]
    head, tail = shapely.ops.substring(old, 0, at[0]), shapely.ops.substring(old, at[1], old.length)
    if border.is_ring and at[1] - at[0] > old.length / 2:
        # On a ring the shorter of the two stretches is the one that is meant.
        middle = shapely.get_coordinates(shapely.ops.substring(old, at[0], at[1]))
        points = np.vstack([middle, points[::-1], middle[:1]])
    else:
        ends = shapely.get_coordinates(head), shapely.get_coordinates(tail)
        points = np.vstack([ends[0], points, ends[1]])
    steps = shapely.get_coordinates(plane.to_steps(LineString(points)))
    return LineString(steps[np.append(True, (np.diff(steps, axis=0) != 0).any(axis=1))])


def _between(drawn: LineString, contacts: Floats, plane: Plane) -> LineString:
    """The part of a line between two places along it (metres), in lattice steps."""
    part = shapely.ops.substring(plane.to_m(drawn), *contacts.tolist())
    return plane.to_steps(LineString(part.coords))


def _stay_inside(new: LineString, drawn: LineString, ground: BaseGeometry, plane: Plane) -> None:
    wide = ground.buffer(plane.steps(LEAVES_M), join_style="mitre")
    outside = shapely.difference(new, wide)
    if not outside.is_empty:
        inside = _inside(drawn, ground)
        remedy = Remedy("stay_inside", {"line": plain.line_of(inside)}) if inside else None
        back = [Remedy("pull_back", {"line": _pulled(drawn, share)}) for share in _BACK]
        place = lattice.to_degrees(outside)
        raise InvalidRedraw("line_leaves_grids", place=place, remedy=remedy, otherwise=back)


def _pulled(drawn: LineString, share: float) -> plain.Line:
    """A line that bulges as far from the straight way between its ends as the share says."""
    points = shapely.get_coordinates(drawn)
    steps = np.hypot(*np.diff(points, axis=0).T)
    along = np.append(0.0, np.cumsum(steps)) / steps.sum()
    straight = points[0] + along[:, None] * (points[-1] - points[0])
    return plain.line_of(LineString(np.rint(straight + share * (points - straight))))


def _inside(drawn: LineString, ground: BaseGeometry) -> LineString | None:
    """The line with each stretch outside of an area led along its outline, the shorter way."""
    found = [
        line
        for line in shapely.get_parts(shapely.line_merge(shapely.intersection(drawn, ground)))
        if isinstance(line, LineString) and line.length > 0
    ]
    if not found or not isinstance(ground, Polygon):
        return None
    parts = [_along(line, drawn) for line in found]
    parts.sort(key=lambda line: drawn.project(Point(line.coords[0])))
    points = [*parts[0].coords]
    for part in parts[1:]:
        points += [*_round(ground, Point(points[-1]), Point(part.coords[0])), *part.coords]
    return shapely.transform(LineString(points), np.rint)


def _along(line: LineString, drawn: LineString) -> LineString:
    """A part of a line in the direction of the whole."""
    first, last = (drawn.project(Point(line.coords[n])) for n in (0, -1))
    return line if first <= last else line.reverse()


def _round(ground: Polygon, start: Point, end: Point) -> Floats:
    """The points of the shorter way from one place on the outline of an area to another."""
    ring = LineString(ground.exterior.coords)
    a, b = ring.project(start), ring.project(end)
    way: tuple[tuple[float, float], ...] = ((a, b),)
    if abs(a - b) > ring.length / 2:
        way = ((a, 0.0), (ring.length, b)) if a < b else ((a, ring.length), (0.0, b))
    parts = [shapely.ops.substring(ring, *stretch) for stretch in way]
    return np.vstack([part.coords for part in parts])


def _sides(one: Cell, other: Cell, parts: Shapes) -> dict[str, BaseGeometry]:
    """Which of two grids gets which part of their ground, so that both keep most of theirs."""
    mine = shapely.area(shapely.intersection(parts, one.shape))
    yours = shapely.area(shapely.intersection(parts, other.shape))
    first = mine > yours
    if len(parts) > 1 and (first.all() or not first.any()):
        # Both parts are mostly one grid's: it keeps the one it would lose most with.
        first = (mine - yours) == (mine - yours).max()
    return {
        code: measure.together(parts[here])
        for code, here in ((one.code, first), (other.code, ~first))
        if here.any()
    }


def covering(areas: Mapping[str, BaseGeometry]) -> Relabel:
    """Each face goes to the area that it lies in or nearest to."""
    codes, tree = list(areas), shapely.STRtree(measure.array(list(areas.values())))

    def relabel(spots: Shapes, _: Sequence[str]) -> list[str]:
        return [codes[n] for n in tree.query_nearest(spots, all_matches=False)[1].tolist()]

    return relabel


def retire(cells: Cells, intent: Retire) -> Edit:
    """A grid given up, its ground divided among heirs by who is nearest.

    Raises InvalidRedraw ``no_heir``, ``not_neighbours``.
    """
    cell = cells.grid(intent.grid)
    heirs = _heirs(cells, cell, intent.heirs)
    plane = around([cell.shape])
    lines = {heir.code: line for heir, line in heirs}
    areas = nearest.territories(lines, cell.shape, plane) if len(lines) > 1 else {}
    cuts = [strokes.clipped(partition.outline(area), cell.shape) for area in areas.values()]
    near = covering(areas or lines)

    def relabel(spots: Shapes, olds: Sequence[str]) -> list[str]:
        pairs = zip(near(spots, olds), olds, strict=True)
        return [new if old == cell.code else old for new, old in pairs]

    codes = tuple(sorted({cell.code, *lines}))
    return Edit(codes, relabel, tuple(cuts), vanish=frozenset([cell.code]))


def _heirs(cells: Cells, cell: Cell, named: Sequence[str]) -> list[tuple[Cell, BaseGeometry]]:
    """The heirs of a grid, each with the border it shares with it."""
    beside = [cells.grid(c) for c in named] or [
        cells[code] for code in cells.touching(cell.shape) if _may_inherit(cells[code], cell)
    ]
    outline = shapely.boundary(cell.shape)
    found = []
    for heir in beside:
        shared = shapely.intersection(outline, shapely.boundary(heir.shape))
        if shared.length > 0 and heir.code != cell.code:
            found.append((heir, shared))
        elif named:
            raise InvalidRedraw("not_neighbours", grid=heir.code, place=heir.degrees)
    if not found:
        remedy = Remedy("close", {"op": "close"})
        raise InvalidRedraw("no_heir", grid=cell.code, place=cell.degrees, remedy=remedy)
    return found


def _may_inherit(heir: Cell, cell: Cell) -> bool:
    alike = heir.community == cell.community and heir.code != cell.code
    return alike and heir.kind == "basic" and not heir.locked
