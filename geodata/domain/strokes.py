"""What a hand draws: lines and areas, judged before anything is done with them, and made fit.

Given in degrees (EPSG:4326, lon/lat) as `plain` writes them; handed on in lattice steps.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

import numpy as np
import shapely
from shapely.geometry import LineString, MultiPoint, MultiPolygon, Point
from shapely.geometry.base import BaseGeometry

from geodata.domain import lattice, measure, partition, plain, soundness
from geodata.domain.cells import Cell
from geodata.domain.lattice import Floats, Shapes
from geodata.domain.patch import slivers
from geodata.domain.pieces import longer
from geodata.domain.plane import Plane, around
from geodata.domain.untangle import Untangled, untangled
from geodata.errors import InvalidRedraw, Remedy

MOST_POINTS: Final = 2_000
MOST_CORNERS: Final = 5_000
MOST_TOGETHER: Final = 50_000
"""Points in a line, in all rings of an area, and in areas that are drawn together."""
BEYOND_M: Final = 1_000.0
"""So far beyond the cells concerned a drawing may reach."""
MEETINGS: Final = 20
"""So often a line may meet itself."""
CROSSINGS: Final = 1_000
CROSSINGS_NEAR: Final = 5_000
"""So often areas that are drawn together may cross one another, and with the grids there now."""
TO_AND_FRO: Final = 200
"""So often a line may cross the border of a grid."""
PLAIN_M: Final = 0.5
"""Points of a line that lie no further off it than this say nothing."""
SNAP_M: Final = 1.0
"""So near to a corner of a cell a point of a line is meant to be that corner."""
REACH_M: Final = 20.0
"""So far an end that stops inside is prolonged without a question."""
OUT: Final = 2.0
"""Lattice steps that a line sticks out of the cell it cuts, so as to cross the border surely."""
_RING: Final = 3
_SHOWN: Final = 500
"""About so many points of a drawing are shown where it has too many."""
_AT: Final = re.compile(r"\[(\S+) (\S+)\]")
_NONE: Final[Mapping[str, plain.Line]] = MappingProxyType({})


def line(given: plain.Line, near: Sequence[Cell]) -> LineString:
    """A drawn line without the trembling of the hand.

    Raises InvalidRedraw: ``too_many_points``, ``not_a_number``, ``drawn_outside``,
    ``too_few_points``, ``line_tangled``.
    """
    if len(given) > MOST_POINTS:
        raise _too_many([given], MOST_POINTS, {"line": given[:: len(given) // MOST_POINTS + 1]})
    points = _points([given], near)
    distinct = points[np.append(True, (np.diff(points, axis=0) != 0).any(axis=1))]
    if len(distinct) < 2:  # noqa: PLR2004 -- a line has two ends
        raise InvalidRedraw("too_few_points", place=_spot(points), least=2)
    drawn = LineString(distinct)
    plane = around([drawn])
    smooth = LineString(
        shapely.get_coordinates(plane.to_steps(plane.to_m(drawn).simplify(PLAIN_M)))
    )
    if smooth.length == 0:
        raise InvalidRedraw("too_few_points", place=_spot(points), least=2)
    if not smooth.is_simple and _tangled(smooth):
        raise InvalidRedraw("line_tangled", place=lattice.to_degrees(smooth), limit=MEETINGS)
    return smooth


def area(given: plain.Area, near: Sequence[Cell]) -> BaseGeometry:
    """A drawn area.

    Raises InvalidRedraw: as `line`, and ``area_crosses_itself`` with what it would become as the
    remedy, ``area_too_small``.
    """
    rings = [ring for polygon in given for ring in polygon]
    if sum(map(len, rings)) > MOST_CORNERS:
        raise _too_many(rings, MOST_CORNERS, {"area": _thinner(given)})
    shape = _as_drawn(given, near)
    if not shape.is_valid:
        raise _crossing(shape)
    if slivers([shape], around([shape]))[0]:
        raise InvalidRedraw("area_too_small", place=lattice.to_degrees(shape))
    return shape


def areas(given: Sequence[tuple[str, plain.Area]], near: Sequence[Cell]) -> dict[str, BaseGeometry]:
    """Areas that were drawn together, by code, in degrees; those that cross themselves untangled.

    Raises InvalidRedraw: as `line`, ``area_crosses_itself`` where it is past untangling, and
    ``drawn_across`` (limit) where they cross one another too often.
    """
    rings = [ring for _, area in given for polygon in area for ring in polygon]
    if sum(map(len, rings)) > MOST_TOGETHER:
        raise _too_many(rings, MOST_TOGETHER)
    found = {}
    for code, drawn in given:
        shape = _as_drawn(drawn, near)
        found[code] = lattice.to_degrees(shape if shape.is_valid else _untangled(shape).area)
    _refuse_across(found, near)
    return found


def _refuse_across(drawn: Mapping[str, BaseGeometry], near: Sequence[Cell]) -> None:
    whole = measure.array(list(drawn.values()))
    both = measure.array([*whole, *(cell.degrees for cell in near)])
    for shapes, limit in ((whole, CROSSINGS), (both, CROSSINGS_NEAR)):
        if soundness.cross(soundness.segments(shapes), limit):
            place = shapely.box(*shapely.total_bounds(whole))
            raise InvalidRedraw("drawn_across", place=place, limit=limit)


def refuse_to_and_fro(drawn: LineString, shape: BaseGeometry) -> None:
    """Refuse a line that crosses an outline so often that to take it apart would take long.

    Raises InvalidRedraw ``line_to_and_fro`` (limit).
    """
    points = shapely.get_coordinates(drawn)
    steps = np.asarray(shapely.linestrings(np.stack([points[:-1], points[1:]], axis=1)))
    if (
        len(shapely.STRtree(soundness.segments(shape)).query(steps, predicate="crosses")[0])
        > TO_AND_FRO
    ):
        place = lattice.to_degrees(drawn)
        raise InvalidRedraw("line_to_and_fro", limit=TO_AND_FRO, place=place)


def _as_drawn(given: plain.Area, near: Sequence[Cell]) -> MultiPolygon:
    """A drawn area judged for its numbers only, perhaps invalid."""
    rings = [ring for polygon in given for ring in polygon]
    points = _points(rings, near)
    if not all(given) or any(len(set(ring)) < _RING for ring in rings):
        raise InvalidRedraw("too_few_points", place=_spot(points), least=_RING)
    return plain.as_area(given)


def _untangled(shape: BaseGeometry) -> Untangled:
    made = untangled(shape)
    if made is None:
        raise InvalidRedraw("area_crosses_itself", place=_first_crossing(shape))
    return made


def _crossing(shape: BaseGeometry) -> InvalidRedraw:
    """The refusal of an area that crosses itself, with the areas it is made of as the remedy."""
    made = _untangled(shape)
    place = lattice.to_degrees(made.crossings) if made.crossings else _first_crossing(shape)
    if made.area.is_empty:
        return InvalidRedraw("area_too_small", place=place)
    remedy = Remedy("untangle_area", {"area": plain.area_of(made.area)})
    return InvalidRedraw("area_crosses_itself", place=place, remedy=remedy)


def _first_crossing(shape: BaseGeometry) -> BaseGeometry:
    """One point in which an area crosses itself, in degrees."""
    at = _AT.search(str(shapely.is_valid_reason(shape)))
    spot = Point(float(at[1]), float(at[2])) if at else shape.representative_point()
    return lattice.to_degrees(spot)


def _too_many(
    lines: Sequence[plain.Line], limit: int, changes: Mapping[str, plain.Line | plain.Area] = _NONE
) -> InvalidRedraw:
    """The refusal of a drawing with too many points, with every so many of them as the remedy."""
    count = sum(map(len, lines))
    points = np.array([spot for one in lines for spot in one[:: len(one) // _SHOWN + 1]])
    place = _spot(points * lattice.STEPS)
    remedy = Remedy("thin_out", changes) if changes else None
    return InvalidRedraw("too_many_points", count=count, limit=limit, place=place, remedy=remedy)


def _thinner(given: plain.Area) -> plain.Area:
    """An area with at most half as many corners as it may have; each ring keeps three."""
    count = sum(len(ring) for polygon in given for ring in polygon)
    each = 2 * count // MOST_CORNERS + 1
    return tuple(
        tuple(ring[:: min(each, max(1, len(ring) // _RING))] for ring in polygon)
        for polygon in given
    )


def _points(lines: Sequence[plain.Line], near: Sequence[Cell]) -> Floats:
    """All points of drawn lines in lattice steps, once they are judged."""
    points = np.array([point for one in lines for point in one], dtype=np.float64).reshape(-1, 2)
    if not len(points):
        raise InvalidRedraw("too_few_points", least=2)
    if not np.isfinite(points).all():
        raise InvalidRedraw("drawing_not_a_number", place=_spot(points * lattice.STEPS))
    steps: Floats = np.rint(points * lattice.STEPS)
    ground = measure.array([cell.shape for cell in near if not cell.shape.is_empty])
    if not len(ground):
        raise InvalidRedraw("drawn_outside", place=_spot(steps))
    bounds = shapely.total_bounds(ground)
    beyond = around(ground).steps(BEYOND_M)
    if (steps < bounds[:2] - beyond).any() or (steps > bounds[2:] + beyond).any():
        raise InvalidRedraw("drawn_outside", place=_spot(steps))
    return steps


def _spot(points: Floats) -> BaseGeometry:
    """The points in degrees, as far as they are on the earth."""
    limit = np.array([180.0, 90.0]) * lattice.STEPS
    with np.errstate(invalid="ignore"):
        on_earth = (np.abs(points) <= limit).all(axis=1)
    return lattice.to_degrees(MultiPoint(points[on_earth]))


def _tangled(drawn: LineString) -> bool:
    points = shapely.get_coordinates(drawn)
    return soundness.meet(
        np.asarray(shapely.linestrings(np.stack([points[:-1], points[1:]], axis=1))),
        MEETINGS,
    )


def across(drawn: LineString, cell: Cell) -> LineString:
    """A line as it cuts a cell: its points on near corners, its ends out of the cell.

    Raises InvalidRedraw: ``line_misses``, ``line_closed``, ``line_stops_inside``.
    """
    plane = around([cell.shape])
    if not shapely.intersects(drawn, cell.shape):
        raise InvalidRedraw("line_misses", grid=cell.code, place=lattice.to_degrees(drawn))
    snapped = _snapped(drawn, cell.shape, plane)
    if snapped.is_ring and shapely.within(snapped, cell.shape):
        remedy = Remedy("carve", {"op": "carve", "area": ((plain.line_of(snapped),),)})
        raise InvalidRedraw("line_closed", place=lattice.to_degrees(snapped), remedy=remedy)
    points = list(shapely.get_coordinates(snapped))
    first, before = _exit(points[1::-1], cell, plane)
    last, after = _exit(points[-2:], cell, plane)
    whole = LineString([*first, *points, *last])
    far = max(before, after)
    if far <= REACH_M:
        return whole
    raise InvalidRedraw(
        "line_stops_inside",
        grid=cell.code,
        metres=round(far, 1),
        place=lattice.to_degrees(Point(points[0] if before == far else points[-1])),
        remedy=Remedy("extend_line", {"line": plain.line_of(whole)}),
    )


def clipped(drawn: BaseGeometry, shape: BaseGeometry) -> BaseGeometry:
    """The part of a line in an area, sticking out a little; the rest must leave no vertex."""
    return shapely.intersection(drawn, shape.buffer(OUT, join_style="mitre"))


def _snapped(drawn: LineString, shape: BaseGeometry, plane: Plane) -> LineString:
    """The line with each point that lies near a corner moved onto it."""
    corners = shapely.get_coordinates(shape)
    points = shapely.get_coordinates(drawn)
    tree = shapely.STRtree(np.asarray(shapely.points(plane.metres(corners))))
    found = tree.query_nearest(
        shapely.points(plane.metres(points)), max_distance=SNAP_M, all_matches=False
    )
    points[found[0]] = corners[found[1]]
    kept = points[np.append(True, (np.diff(points, axis=0) != 0).any(axis=1))]
    return LineString(kept) if len(kept) > 1 else drawn


def _exit(stretch: Sequence[Floats], cell: Cell, plane: Plane) -> tuple[list[Floats], float]:
    """Where a line's last stretch, prolonged, has left the cell, and how many metres to there.

    Nothing, and 0, where the line does not end inside.
    """
    if not shapely.contains(cell.shape, Point(stretch[-1])):
        return [], 0.0
    ray = longer(plane.to_m(LineString(stretch)), _diameter_m(cell, plane))
    beyond = LineString(ray.coords[-2:])
    hit = shapely.intersection(beyond, plane.to_m(cell.shape).boundary)
    far = float(shapely.distance(Point(beyond.coords[0]), hit))
    out = beyond.interpolate(far + OUT * max(plane.step_m))
    return [shapely.get_coordinates(plane.to_steps(out))[0]], far


def _diameter_m(cell: Cell, plane: Plane) -> float:
    west, south, east, north = plane.to_m(cell.shape).bounds
    return float(np.hypot(east - west, north - south)) + 1.0


def parts(shape: BaseGeometry, cuts: Sequence[BaseGeometry], plane: Plane) -> Shapes:
    """What an area falls into along some cuts, without the crumbs, from west to east."""
    faces = partition.planar([partition.outline(shape), *cuts])
    inner = shapely.point_on_surface(faces)
    shapely.prepare(shape)
    found = faces[shapely.intersects(shape, inner) & ~slivers(faces, plane)]
    centre = shapely.get_coordinates(shapely.centroid(found))
    return np.asarray(found[np.lexsort((-centre[:, 1], centre[:, 0]))], dtype=object)
