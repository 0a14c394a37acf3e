"""The laws that every redraw must keep, whatever was drawn."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Final

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geodata.domain import lattice, measure, partition, pieces, plain, replay
from geodata.domain.cells import Cells, canonical
from geodata.domain.intent import Give
from geodata.domain.patch import slivers
from geodata.domain.plane import around
from geodata.domain.redraw import Redrawn
from geodata.errors import InvalidRedraw

SPOTS: Final = 60
ON_BORDER: Final = 15
ROUNDING: Final = 1.5
"""Lattice steps by which noding may move a border."""
CRUMBS: Final = 1e-6
CUT: Final = 0.02
"""The share of a building that may lie beyond a border before it counts as cut."""


def broken_laws(before: Cells, done: Redrawn, rng: np.random.Generator) -> Iterator[str]:
    """What a redraw should keep and does not; nothing where all is well."""
    if any(unsound(*_here(before, done))):
        # A few cells alone have a rim that all of them have not, and GEOS may find fault with it.
        yield from unsound(before, done.cells)
    yield from _ugly(before, done)
    yield from _bystanders(before, done)
    yield from _spots(before, done, rng)
    yield from _round_trip(done)
    yield from _inverse(before, done)


def _here(before: Cells, done: Redrawn) -> tuple[Cells, Cells]:
    """The cells that changed and those around them, before and after."""
    sides = (before, done.cells)
    found = {
        code
        for cells in sides
        for code in cells.around([cells[c].shape for c in done.changed if c in cells])
    } | {*done.changed, *done.noded}
    was, now = (Cells(cell for cell in cells if cell.code in found) for cells in sides)
    return was, now


def unsound(before: Cells, after: Cells) -> Iterator[str]:
    """Flaws of the division, and ground or one-sided border that came or went."""
    shapes = after.shapes()
    loose = [cell.code for cell in after if cell.loose]
    ground = measure.together([cell.degrees for cell in before if not cell.shape.is_empty])
    for flaw in partition.check(shapes, ground, loose):
        yield f"{flaw.kind} {flaw.codes}"
    sides = [partition.one_sided([cell.shape for cell in one]) for one in (before, after)]
    if abs(sides[1] - sides[0]) > 2 * ROUNDING:
        yield f"unmatched: {sides[1] - sides[0]:.1f} steps more border have one side only"
    was, now = (sum(cell.shape.area for cell in one) for one in (before, after))
    if abs(was - now) > ROUNDING * lattice.to_units(ground).length:
        yield f"{now - was:.0f} square steps came or went"


def drifted(first: Cells, last: Cells) -> Iterator[str]:
    """How far the outline of all ground has moved, where that is more than rounding."""
    was, now = (
        measure.together([cell.shape for cell in cells if not cell.shape.is_empty])
        for cells in (first, last)
    )
    if was.symmetric_difference(now).area > ROUNDING * was.length:
        yield "the outline of the ground has moved"


def _ugly(before: Cells, done: Redrawn) -> Iterator[str]:
    """Grids that became slivers."""
    for code in done.changed:
        if code not in done.cells or done.cells[code].kind == "uncovered":
            continue
        shape = done.cells[code].shape
        was = before[code].shape if code in before else shape
        plane = around([shape])
        if slivers([shape], plane)[0] and not slivers([was], plane)[0]:
            yield f"{code} is a sliver"


def new_strips(before: Cells, done: Redrawn) -> Iterator[str]:
    """Thin strips of grids that were not there."""
    was, now = (_strips(cells, done.changed) for cells in (before, done.cells))
    if len(now) > len(was):
        yield f"a strip {max(now):.0f} m long"


def _strips(cells: Cells, codes: Collection[str]) -> list[float]:
    """The length of each strip in metres."""
    found: list[float] = []
    for code in codes:
        if code in cells and cells[code].kind != "uncovered":
            shape = cells[code].shape
            thin = pieces.strips(around([shape]).to_m(shape))[0]
            found += (shapely.length(thin) / 2).tolist()
    return found


def _bystanders(before: Cells, done: Redrawn) -> Iterator[str]:
    """Cells that took no part and changed by more than vertices on their borders."""
    homes = {before[c].community if c in before else done.cells[c].community for c in done.changed}
    if len(homes) != 1:
        yield f"changed in {sorted(homes)}"
    for cell in before:
        if cell.code not in done.changed:
            now = done.cells[cell.code].shape
            limit = ROUNDING * cell.shape.length
            if cell.shape is not now and cell.shape.symmetric_difference(now).area > limit:
                yield f"{cell.code} took no part and has other ground"


def _spots(before: Cells, done: Redrawn, rng: np.random.Generator) -> Iterator[str]:
    """Places in no cell, or inside two."""
    near = [done.cells[code] for code in done.changed if code in done.cells]
    shapes = measure.array([cell.shape for cell in near if not cell.shape.is_empty])
    if not len(shapes):
        return
    was = shapely.STRtree(measure.array([cell.shape for cell in before]))
    west, south, east, north = shapely.total_bounds(shapes)
    corners = shapely.get_coordinates(shapes)
    on = corners[rng.integers(0, len(corners), ON_BORDER)]
    rings = shapely.get_rings(shapely.get_parts(shapes))
    edges = [ring.interpolate(rng.random(), normalized=True) for ring in rings[:ON_BORDER]]
    free = np.column_stack([rng.uniform(west, east, SPOTS), rng.uniform(south, north, SPOTS)])
    edge = np.rint(shapely.get_coordinates(edges))
    points = np.asarray(shapely.points(np.vstack([free, on, edge])))
    every = shapely.STRtree(measure.array([cell.shape for cell in done.cells]))
    inside = np.bincount(every.query(points, predicate="within")[0], minlength=len(points))
    if (inside > 1).any():
        yield "a place lies inside two cells"
    known = np.unique(was.query(points, predicate="intersects")[0])
    far = every.query_nearest(points[known], all_matches=False, return_distance=True)[1]
    if (far > ROUNDING).any():
        yield "a place lies in no cell any more"


def _round_trip(done: Redrawn) -> Iterator[str]:
    """Cells that do not come back from a GeoJSON of 7 decimals."""
    for code in (*done.changed, *done.noded):
        if code in done.cells and not done.cells[code].shape.is_empty:
            shape = done.cells[code].shape
            back = canonical(plain.as_area(plain.area_of(shape)))
            if not shapely.equals_identical(back, shape):
                yield f"{code} does not survive GeoJSON"


def _inverse(before: Cells, done: Redrawn) -> Iterator[str]:
    """Cells that the inverse does not give back their ground, but for rounding."""
    try:
        back = replay.perform(done.cells, replay.inverse(before, done)).cells
    except InvalidRedraw as refused:
        yield f"the inverse is refused: {refused}"
        return
    if [c for c in back.codes if back[c].kind != "uncovered"] != [
        c for c in before.codes if before[c].kind != "uncovered"
    ]:
        yield "the inverse has other grids"
        return
    for code in done.changed:
        if code in before:
            was, now = before[code].shape, back[code].shape
            if was.symmetric_difference(now).area > ROUNDING * was.length + CRUMBS:
                yield f"the inverse gives {code} other ground"


def lost_buildings(
    before: Cells, done: Redrawn, wanted: Give, buildings: Mapping[str, BaseGeometry]
) -> Iterator[str]:
    """Buildings that were to be handed over and were not, or others that were.

    One that was left out on the way, since the taker does not reach it, is none of them.
    """
    area = plain.as_area(wanted.area)
    taker = done.cells[wanted.to].shape
    donors = [before[code].shape for code in wanted.donors]
    for code, outline in buildings.items():
        wants = code in wanted.buildings and area.covers(outline.centroid)
        if wants and outline.difference(taker).area > CUT * outline.area:
            yield f"building {code} was not handed over"
        inside = not wants and any(donor.covers(outline) for donor in donors)
        if inside and taker.intersects(outline.centroid):
            yield f"building {code} was handed over unasked"
