"""Random redraws over real ground, and the laws that each must keep."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geodata.demo.model import District
from geodata.domain import lattice, measure, partition, pieces, plain, replay
from geodata.domain.cells import Cell, Cells, canonical, uncovered
from geodata.domain.intent import Give, Intent, as_json, from_json
from geodata.domain.patch import slivers
from geodata.domain.plane import around
from geodata.domain.redraw import Redrawn
from geodata.errors import InvalidRedraw, InvalidShape
from scripts.hands import Hand

SPOTS: Final = 60
ON_BORDER: Final = 15
ROUNDING: Final = 1.5
"""Lattice steps by which noding may move a border."""
CRUMBS: Final = 1e-6
CUT: Final = 0.02
"""The share of a building that may lie beyond a border before it counts as cut."""


def of_district(district: District) -> tuple[Cells, dict[str, BaseGeometry]]:
    """The cells of a generated district, and the outlines of its buildings, in lattice steps."""
    cells = [
        Cell(
            cell.code or uncovered(cell.community_code),
            cell.community_code,
            canonical(lattice.to_units(cell.shape)),
            cell.kind,
        )
        for cell in district.cells
    ]
    outlines: dict[str, BaseGeometry] = {
        b.code: lattice.to_units(b.outline) for b in district.buildings
    }
    return Cells(cells), outlines


def neighbourhood(cells: Cells, community: str) -> Cells:
    """The cells of a community and of those around it, which share its borders."""
    own = [cell.shape for cell in cells.members(community) if not cell.shape.is_empty]
    homes = {cells[code].community for code in cells.around(own)}
    return Cells(cell for cell in cells if cell.community in homes)


@dataclass
class Trial:
    """Random redraws of one community, one after the other."""

    cells: Cells
    community: str
    rng: np.random.Generator
    buildings: Mapping[str, BaseGeometry] = field(default_factory=dict)
    log: list[Intent] = field(default_factory=list)
    told: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.start = self.cells
        own = [c.shape for c in self.cells.members(self.community) if not c.shape.is_empty]
        ground = measure.together(own)
        shapely.prepare(ground)
        here = {c: b for c, b in self.buildings.items() if ground.intersects(b)}
        self.hand = Hand(self.cells, self.community, self.rng, here)

    def run(self, count: int) -> Iterator[str]:
        """Laws broken by so many accepted redraws."""
        while len(self.log) < count:
            self.hand.cells = self.cells
            wanted = self.hand.draw()
            if wanted is not None:
                yield from self._try(wanted)
        yield from self._replayed()
        yield from _unsound(self.cells, self.cells)
        yield from _drifted(self.start, self.cells)

    def _try(self, wanted: Intent) -> Iterator[str]:
        name = type(wanted).__name__.lower()
        try:
            done = self._performed(wanted)
        except InvalidRedraw as refused:
            self.told[f"{name} {refused.code}"] += 1
            yield from _unexplained(refused)
            return
        except InvalidShape as refused:
            self.told[f"{name} {refused.code}"] += 1
            return
        self.told[name] += 1
        wanted = self.log[-1]
        for law in broken_laws(self.cells, done, self.rng):
            yield f"{law} after {as_json(wanted)}"
        if isinstance(wanted, Give) and wanted.buildings and not wanted.pieces:
            yield from _lost_buildings(self.cells, done, wanted, self.hand.buildings)
        self.cells = done.cells

    def _performed(self, wanted: Intent) -> Redrawn:
        """The redraw, or the one that the remedy of its refusal comes to."""
        wanted = from_json(as_json(wanted))
        for _ in range(3):
            try:
                done = replay.perform(self.cells, wanted, {self.community})
            except InvalidRedraw as refused:
                other = _remedied(wanted, refused, self.hand)
                if other is None or other == wanted:
                    raise
                self.told[f"remedy {refused.remedy and refused.remedy.kind}"] += 1
                wanted = other
            else:
                self.log.append(wanted)
                return done
        done = replay.perform(self.cells, wanted, {self.community})
        self.log.append(wanted)
        return done

    def _replayed(self) -> Iterator[str]:
        """Whether the log, done again over the first ground, ends in the very same ground."""
        last = self.start
        for done in replay.replay(self.start, [from_json(as_json(one)) for one in self.log]):
            last = done.cells
        if not last.same_as(self.cells):
            yield "replaying the log gives other ground"


def _remedied(wanted: Intent, refused: InvalidRedraw, hand: Hand) -> Intent | None:
    """The intent with the changes of a remedy; new codes are made up as a service would."""
    if refused.remedy is None:
        return None
    plain_one: dict[str, Any] = {**as_json(wanted), **refused.remedy.changes}
    parts = plain_one.pop("parts", None)
    if parts is not None:
        plain_one["new"] = [hand.code() for _ in range(parts - 1)]
    kept = {
        "carve": {"op", "area", "new", "kind", "donors", "pieces", "retire"},
        "fill": {"op", "community", "to", "area"},
        "close": {"op", "grid"},
    }.get(plain_one["op"], plain_one.keys())
    plain_one = {name: value for name, value in plain_one.items() if name in kept}
    if plain_one["op"] == "carve" and not isinstance(plain_one.get("new"), str):
        plain_one["new"] = hand.code()
    return from_json(plain_one)


def _unexplained(refused: InvalidRedraw) -> Iterator[str]:
    if refused.code == "no_division":
        yield f"{refused} is no answer"
    if refused.code == "intent_unreadable":
        yield f"{refused} comes of a remedy"
    elif refused.place is None and refused.code not in ("nothing_uncovered", "no_buildings"):
        yield f"{refused.code} has no place"


def broken_laws(before: Cells, done: Redrawn, rng: np.random.Generator) -> Iterator[str]:
    """What a redraw should keep and does not; nothing where all is well."""
    yield from _unsound(*_here(before, done))
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


def _unsound(before: Cells, after: Cells) -> Iterator[str]:
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


def _drifted(first: Cells, last: Cells) -> Iterator[str]:
    """How far the outline of all ground has moved, where that is more than rounding."""
    was, now = (
        measure.together([cell.shape for cell in cells if not cell.shape.is_empty])
        for cells in (first, last)
    )
    if was.symmetric_difference(now).area > ROUNDING * was.length:
        yield "the outline of the ground has moved"


def _ugly(before: Cells, done: Redrawn) -> Iterator[str]:
    """Grids that became slivers, or have a thin strip that was not there."""
    for code in done.changed:
        if code not in done.cells or done.cells[code].kind == "uncovered":
            continue
        shape = done.cells[code].shape
        plane = around([shape])
        was = before[code].shape if code in before else shape
        if slivers([shape], plane)[0] and not slivers([was], plane)[0]:
            yield f"{code} is a sliver"
        thin = pieces.strips(plane.to_m(shape))[0]
        old = pieces.strips(plane.to_m(was))[0] if code in before else thin[:0]
        if len(thin) > len(old):
            yield f"{code} has a strip {max(shapely.length(thin)) / 2:.0f} m long"


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


def _lost_buildings(
    before: Cells, done: Redrawn, wanted: Give, buildings: Mapping[str, BaseGeometry]
) -> Iterator[str]:
    """Buildings that were to be handed over and were not, or others that were."""
    taker = done.cells[wanted.to].shape
    donors = [before[code].shape for code in wanted.donors]
    for code, outline in buildings.items():
        wants = code in wanted.buildings
        if wants and outline.difference(taker).area > CUT * outline.area:
            yield f"building {code} was not handed over"
        elif not wants and any(donor.covers(outline) for donor in donors):
            if taker.intersects(outline.centroid):
                yield f"building {code} was handed over unasked"
