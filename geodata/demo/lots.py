# ruff: noqa: PLR2004 -- a drawing is made of measures
"""Lots: what is left of the grids between roads, water and greens, and what each is used for.

Metres on the drawing board.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import shapely
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from geodata.demo import plane
from geodata.demo.blocks import OLD
from geodata.demo.cells import Ground
from geodata.demo.cuts import Corners, Cut, parts_of
from geodata.demo.names import Names
from geodata.demo.terrain import Terrain
from geodata.demo.ways import WIDTH, Way, of_cuts
from geodata.domain.lattice import Shapes
from geodata.domain.partition import Bools

Use = Literal["houses", "slabs", "towers", "mixed", "school", "park", "plaza", "waste"]

_FOOTPATH = {"arterial": 7.0, "secondary": 4.5, "lane": 2.0, "bridge": 8.0}
_WALL_M = 1.6
_LEAST_M2 = 260.0
_INSIDE_M = 15.0


@dataclass(frozen=True)
class Lot:
    """A piece of a grid to build on; ``cell`` is -1 - community for ground in no grid."""

    cell: int
    community: int
    shape: Polygon
    use: Use


def lay_out(
    land: Terrain, ground: Ground, ways: list[Way], names: Names, rng: np.random.Generator
) -> tuple[list[Lot], list[Way]]:
    """All lots, and the lanes inside grids that lie between them."""
    pieces: list[tuple[int, int, Polygon]] = []
    cuts: list[Cut] = []
    corners = Corners()
    for cell, community, shape in _cells(ground):
        target = 7_500 if cell >= 0 and ground.street[cell] == OLD else 17_000
        count = max(1, round(shape.area / target)) if cell >= 0 else 2
        parts, inner = parts_of(shape, count, rng, corners)
        pieces += [(cell, community, part) for part in parts]
        cuts += inner
    lanes = of_cuts(land, cuts, ways, names)
    free = _free([piece[2] for piece in pieces], [*ways, *lanes], land)
    lots = []
    for (cell, community, _), rest in zip(pieces, free, strict=True):
        old = cell >= 0 and bool(ground.street[cell] == OLD)
        lots += [
            Lot(cell, community, part, _use(part, old, rng))
            for part in shapely.get_parts(rest)
            if part.area > _LEAST_M2
        ]
    return _inhabited(lots, rng), lanes


def crossed(ground: Ground, ways: list[Way]) -> Bools:
    """Which grids a road or lane runs through, not only along the border of."""
    inner = shapely.buffer(plane.to_metres(np.array(ground.grids, dtype=object)), -_INSIDE_M)
    lines = np.array([way.shape for way in ways], dtype=object)
    grid, way = shapely.STRtree(lines).query(inner, predicate="intersects")
    length = shapely.length(shapely.intersection(inner[grid], lines[way]))
    through: Bools = np.bincount(grid, length, len(inner)) > 2 * _INSIDE_M
    return through


def _inhabited(lots: list[Lot], rng: np.random.Generator) -> list[Lot]:
    """The lots, with homes on the largest of each grid and on one lot of the ground in none."""
    largest: dict[int, int] = {}
    for i, lot in enumerate(lots):
        if lot.cell not in largest or lot.shape.area > lots[largest[lot.cell]].shape.area:
            largest[lot.cell] = i
    for i in largest.values():
        if lots[i].cell < 0:
            lots[i] = replace(lots[i], use="houses")
        elif lots[i].use not in ("houses", "slabs", "mixed"):
            use: Use = "mixed" if rng.random() < 0.5 else "houses"
            lots[i] = replace(lots[i], use=use)
    return [
        replace(lot, use="waste") if lot.cell < 0 and largest[lot.cell] != i else lot
        for i, lot in enumerate(lots)
    ]


def _cells(ground: Ground) -> list[tuple[int, int, Polygon]]:
    grids = plane.to_metres(np.array(ground.grids, dtype=object))
    found = [(i, int(ground.community[i]), grid) for i, grid in enumerate(grids)]
    for community, parts in ground.uncovered.items():
        found += [(-1 - community, community, plane.to_metres(part)) for part in parts]
    return found


def _free(pieces: list[Polygon], ways: list[Way], land: Terrain) -> Shapes:
    """The pieces without road corridors, water and its banks, a step back from their borders."""
    reach = [WIDTH[way.kind] / 2 + _FOOTPATH[way.kind] for way in ways]
    corridors: list[BaseGeometry] = list(
        shapely.buffer([way.shape for way in ways], reach, cap_style="square", join_style="mitre")
    )
    corridors.append(land.wet)
    inner = np.array(shapely.buffer(pieces, -_WALL_M, join_style="mitre"), dtype=object)
    left, right = shapely.STRtree(corridors).query(inner, predicate="intersects")
    around = np.array(corridors, dtype=object)
    order = np.lexsort((right, left))
    left, right = left[order], right[order]
    turn = np.arange(len(left)) - np.searchsorted(left, left)
    for n in range(int(turn.max(initial=-1)) + 1):
        now = turn == n
        inner[left[now]] = shapely.difference(inner[left[now]], around[right[now]])
    return np.asarray(shapely.simplify(inner, 0.3))


def _use(shape: Polygon, old: bool, rng: np.random.Generator) -> Use:  # noqa: FBT001
    choices: tuple[Use, ...] = ("houses", "slabs", "towers", "mixed", "school", "park", "plaza")
    if shape.area < 2_500:
        odds = (0.85, 0.0, 0.0, 0.1, 0.0, 0.03, 0.02) if old else (0.2, 0.1, 0, 0.6, 0, 0.09, 0.01)
    elif old:
        odds = (0.72, 0.08, 0.02, 0.12, 0.03, 0.02, 0.01)
    else:
        odds = (0.06, 0.42, 0.2, 0.2, 0.05, 0.055, 0.015)
    return choices[int(rng.choice(len(choices), p=np.array(odds) / sum(odds)))]
