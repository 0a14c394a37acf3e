"""What hands do on a map: random intents over real ground, from careful to careless."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import shapely
import shapely.ops
from shapely.geometry import LineString, Point
from shapely.geometry.base import BaseGeometry

from geodata.domain import lattice, nearest, plain
from geodata.domain.cells import Cell, Cells
from geodata.domain.intent import (
    Adopt,
    Carve,
    Close,
    Fill,
    Give,
    Intent,
    Merge,
    Reshape,
    Retire,
    Split,
)
from geodata.domain.plane import Plane, around
from scripts import dirt

STEP_M: Final = 0.012
HURRIED: Final = 0.3
"""How often a hand goes on without asking, or stops short."""


@dataclass
class Hand:
    """A hand over some ground; `buildings` are outlines in lattice steps by code."""

    cells: Cells
    community: str
    rng: np.random.Generator
    buildings: Mapping[str, BaseGeometry] = field(default_factory=dict)
    made: int = 0

    def draw(self) -> Intent | None:
        """One random intent in the community; None where this one cannot be drawn here."""
        ways = self._crowded() if len(self._grids()) > CROWD else self._roomy()
        return ways[int(self.rng.integers(len(ways)))]()

    def code(self) -> str:
        """The code of a grid that never was."""
        self.made += 1
        return f"{self.community}N{self.made:05d}"

    def _roomy(self) -> list[Callable[[], Intent | None]]:
        return [self.split] * 5 + self._either()

    def _crowded(self) -> list[Callable[[], Intent | None]]:
        return [self.merge] * 5 + [self.retire] * 2 + self._either()

    def _either(self) -> list[Callable[[], Intent | None]]:
        both = [self.merge, self.split, self.give, self.give, self.give, self.give, self.reshape]
        rare = [self.carve, self.close, self.retire, self.fill, self.fill, self.adopt]
        return [*both, self.reshape, self.reshape, self.hand_over, self.hand_over, *rare]

    def _grids(self) -> list[Cell]:
        members = self.cells.members(self.community)
        return [cell for cell in members if cell.kind != "uncovered"]

    def _grid(self) -> Cell:
        grids = self._grids()
        return grids[int(self.rng.integers(len(grids)))]

    def _pair(self) -> tuple[Cell, Cell] | None:
        """A grid and one beside it, now and then in another community."""
        one = self._grid()
        beside = [
            self.cells[code]
            for code in self.cells.touching(one.shape)
            if code != one.code and self.cells[code].kind != "uncovered"
        ]
        own = [cell for cell in beside if cell.community == self.community]
        if self.rng.random() > 0.05 and own:  # noqa: PLR2004 -- a slip now and then
            beside = own
        return (one, beside[int(self.rng.integers(len(beside)))]) if beside else None

    def _spread(self, shape: BaseGeometry) -> float:
        """About half the width of an area, in metres."""
        return float(np.sqrt(around([shape]).to_m(shape).area) / 2)

    def _scribble(
        self, points: list[tuple[float, float]], sigma: float, plane: Plane
    ) -> plain.Line:
        """Points in metres joined by a hand that trembles by `sigma` metres."""
        dense = shapely.segmentize(LineString(points), max(LineString(points).length / 32, 1.0))
        xy = shapely.get_coordinates(dense)
        xy += self.rng.normal(0, sigma, xy.shape) if sigma else 0.0
        return plain.line_of(plane.to_steps(LineString(xy)))

    def split(self) -> Intent | None:
        """Straight, freehand, from corner to corner, short of the border, or along it."""
        cell = self._grid()
        plane, size = around([cell.shape]), self._spread(cell.shape)
        flat = plane.to_m(cell.shape)
        new = tuple(self.code() for _ in range(int(self.rng.integers(1, 4))))
        style = int(self.rng.integers(4))
        if style == 0:
            corners = shapely.get_coordinates(cell.shape)
            ends = corners[self.rng.choice(len(corners) - 1, 2, replace=False)]
            return Split(cell.code, plain.line_of(LineString(ends)), new)
        if style == 1:
            ring = flat.buffer(-float(10 ** self.rng.uniform(-0.7, 1.3))).boundary
            lines = [line for line in shapely.get_parts(ring) if line.length > 1]
            if not lines:
                return None
            arc = shapely.ops.substring(lines[0], 0.05, self.rng.uniform(0.2, 0.9), normalized=True)
            return Split(cell.code, plain.line_of(plane.to_steps(arc)), new)
        middle = shapely.get_coordinates(flat.representative_point())[0]
        angle, reach = self.rng.uniform(0, 2 * np.pi), size * self.rng.uniform(0.9, 3.0)
        step = reach * np.array([np.cos(angle), np.sin(angle)])
        sigma = float(self.rng.choice([0.0, 1.5]))
        points = [tuple((middle - step).tolist()), tuple((middle + step).tolist())]
        keep = plain.line_of(Point(shapely.get_coordinates(cell.shape)[0]))[0]
        return Split(
            cell.code,
            self._scribble(points, sigma, plane),
            new,
            keep if style == 2 else None,  # noqa: PLR2004
        )

    def merge(self) -> Intent | None:
        """Two neighbours, or by mistake two that are none."""
        pair = self._pair()
        if pair is None or self.rng.random() < 0.1:  # noqa: PLR2004 -- a slip now and then
            pair = self._grid(), self._grid()
        return Merge((pair[0].code, pair[1].code), pair[0].code)

    def _area(self, one: Cell, other: Cell) -> BaseGeometry:
        """An area (metres) about the border of two cells, drawn in one of five ways."""
        plane, size = around([one.shape]), self._spread(other.shape)
        mine, yours = plane.to_m(one.shape), plane.to_m(other.shape)
        near = shapely.shortest_line(mine, yours.representative_point()).coords[0]
        style = int(self.rng.integers(5))
        if style == 0:
            return self._blob(near, size * self.rng.uniform(0.2, 1.2), 24)
        if style == 1:
            half = size * self.rng.uniform(0.2, 1.2)
            return shapely.box(near[0] - half, near[1] - half, near[0] + half, near[1] + half)
        if style == 2:  # noqa: PLR2004 -- the whole other cell, traced with an error
            xy = shapely.get_coordinates(shapely.get_parts(yours)[0].exterior)
            return shapely.Polygon(xy + self.rng.uniform(-0.6, 0.6, xy.shape)).buffer(0)
        if style == 3:  # noqa: PLR2004 -- a strip along the border
            return mine.buffer(float(10 ** self.rng.uniform(-0.7, 1.3)), join_style="mitre")
        west, south, east, north = yours.bounds
        return shapely.box(west - 9, south - 9, (west + east) / 2, north + 9)

    def _blob(self, centre: tuple[float, ...], radius: float, corners: int) -> BaseGeometry:
        angle = np.sort(self.rng.uniform(0, 2 * np.pi, corners))
        reach = radius * self.rng.uniform(0.7, 1.3, corners)
        xy = np.array(centre) + np.column_stack([np.cos(angle), np.sin(angle)]) * reach[:, None]
        return shapely.Polygon(xy)

    def give(self) -> Intent | None:
        """A lasso, a rectangle, a traced neighbour, a strip or half of the neighbour."""
        pair = self._pair()
        if pair is None:
            return None
        drawn = plain.area_of(around([pair[0].shape]).to_steps(self._area(*pair)))
        donors = (pair[1].code,) if self.rng.random() < HURRIED else ()
        return Give(drawn, pair[0].code, donors, pieces=bool(self.rng.random() < HURRIED))

    def hand_over(self) -> Intent | None:
        """The buildings of a neighbour that stand nearest, as a brush takes them."""
        pair = self._pair()
        if pair is None:
            return None
        to, donor = pair
        here = {c: b for c, b in self.buildings.items() if donor.shape.intersects(b)}
        inside = [code for code, outline in here.items() if donor.shape.covers(outline)]
        if not inside:
            return None
        order = sorted(inside, key=lambda code: here[code].distance(to.shape))
        count = int(self.rng.integers(1, max(2, len(order) // 2 + 1)))
        chosen = dict.fromkeys(order[:count], donor)
        return nearest.hand_over(here, chosen, to.code)

    def reshape(self) -> Intent | None:
        """A bump in the border of two grids."""
        pair = self._pair()
        if pair is None:
            return None
        one, other = pair
        plane = around([one.shape])
        shared = plane.to_m(one.shape.boundary.intersection(other.shape.boundary))
        lines = [line for line in shapely.get_parts(shared) if line.length > 1]
        if not lines:
            return Reshape(one.code, other.code, plain.line_of(LineString([(0, 0), (1, 1)])))
        border = shapely.line_merge(shapely.multilinestrings(lines))
        border = max(shapely.get_parts(border), key=shapely.length)
        ends = np.sort(self.rng.uniform(0, 1, 2))
        start, end = (border.interpolate(at, normalized=True).coords[0] for at in ends)
        middle = (np.array(start) + np.array(end)) / 2
        push = self.rng.normal(0, self._spread(other.shape) / 3, 2)
        points = [start, tuple((middle + push).tolist()), end]
        return Reshape(
            one.code, other.code, self._scribble(points, float(self.rng.choice([0, 0.8])), plane)
        )

    def carve(self) -> Intent | None:
        """A school's or hospital's ground out of a grid, or out of two."""
        cell = self._grid()
        plane = around([cell.shape])
        centre = plane.to_m(cell.shape).representative_point().coords[0]
        area = self._blob(centre, self._spread(cell.shape) * self.rng.uniform(0.2, 0.8), 12)
        drawn = plain.area_of(plane.to_steps(area))
        return Carve(drawn, self.code(), pieces=bool(self.rng.random() < HURRIED))

    def close(self) -> Intent | None:
        """A grid given up."""
        return Close(self._grid().code) if len(self._grids()) > 2 else None  # noqa: PLR2004

    def retire(self) -> Intent | None:
        """A grid shared out."""
        return Retire(self._grid().code)

    def fill(self) -> Intent | None:
        """Uncovered ground for one beside it, for a new grid, or for all around."""
        gap = self.cells.open_ground(self.community)
        if gap.shape.is_empty:
            return Fill(self.community)
        spot = plain.line_of(shapely.get_parts(gap.shape)[0].representative_point())[0]
        style = int(self.rng.integers(4))
        if style == 0:
            return Fill(self.community, new=self.code(), spot=spot)
        if style == 1:
            return Fill(self.community)
        if style == 2:  # noqa: PLR2004 -- one piece of it, to a grid
            return Fill(self.community, to=self._grid().code, spot=spot)
        part = shapely.get_parts(gap.shape)[0]
        plane = around([part])
        area = self._blob(plane.to_m(part).representative_point().coords[0], 40.0, 12)
        return Fill(self.community, area=plain.area_of(plane.to_steps(area)))

    def adopt(self) -> Intent | None:
        """The whole community drawn again by a careless hand."""
        grids = {cell.code: cell.degrees for cell in self._grids()}
        if self.rng.random() > HURRIED:
            return None
        soiled = dirt.soil(grids, self.rng, float(self.rng.choice([0.15, 0.6])))
        drawn = tuple((c, plain.area_of(lattice.to_units(s))) for c, s in sorted(soiled.items()))
        missing = tuple(sorted(grids.keys() - soiled.keys()))
        return Adopt(self.community, drawn, retire=missing)


CROWD: Final = 24
