# ruff: noqa: PLR2004 -- a drawing is made of measures
"""Blocks between streets, and the communities that they make up.

Streets, river banks and the stream are noded on the lattice; what they enclose are the blocks. A
community is some adjacent blocks round its office. Metres on the drawing board.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry import LineString
from shapely.geometry.base import BaseGeometry

from geodata.demo import plane, streets
from geodata.demo.cuts import Corners, parts_of
from geodata.demo.facts import rows
from geodata.demo.streets import Line
from geodata.demo.terrain import Terrain, north_of
from geodata.domain import partition
from geodata.domain.lattice import Floats, Shapes
from geodata.domain.partition import Bools, Ints

OLD, NEW, NORTH = 0, 1, 2
"""The three streets, in the order of their codes."""


@dataclass(frozen=True)
class Blocks:
    """Blocks with the street and the community (index in the list of 35) that each is part of."""

    shapes: Shapes
    street: Ints
    community: Ints
    network: BaseGeometry


def lay_out(terrain: Terrain, lines: list[Line], rng: np.random.Generator) -> Blocks:
    """The blocks of the town and their communities."""
    drawn = [streets.shape(line) for line in lines]
    banks = LineString(terrain.river.exterior.coords)
    network = shapely.union_all(
        [plane.to_steps(line) for line in [*drawn, banks, terrain.stream]], grid_size=1.0
    )
    shapes = _town_faces(terrain, partition.planar([network]))
    street = _streets(terrain, shapes)
    shapes, street = _enough(shapes, street, rng)
    community = np.zeros(len(shapes), dtype=np.int64)
    for which, (first, seeds) in enumerate(_offices(terrain)):
        own = np.flatnonzero(street == which)
        community[own] = first + _grow(shapes[own], seeds, rng)
    return Blocks(shapes, street, community, network)


def _town_faces(terrain: Terrain, faces: Shapes) -> Shapes:
    """The faces that are town: not river, not country, no slivers and no islands of country."""
    metres = plane.to_metres(faces)
    inner = shapely.point_on_surface(metres)
    town = terrain.town
    shapely.prepare(town)
    keep = shapely.contains(town, inner) & (shapely.area(metres) < 1.5e6)
    keep |= _enclosed(metres, keep, terrain)
    kept = _connected(faces[keep])
    return plane.to_metres(partition.absorb(kept, lambda shapes: _small(terrain, shapes)))


def _enclosed(metres: Shapes, keep: Bools, terrain: Terrain) -> Bools:
    whole = shapely.union_all(metres[keep])
    filled = shapely.polygons(shapely.get_exterior_ring(shapely.get_parts(whole)))
    inner = shapely.point_on_surface(metres)
    found = shapely.contains(shapely.union_all(filled), inner)
    return np.asarray(found & ~shapely.contains(terrain.river, inner))


def _connected(faces: Shapes) -> Shapes:
    """The faces of the two largest connected areas: the two banks."""
    left, right, _ = partition.borders(faces)
    piece = partition.components(len(faces), left, right, np.ones(len(left), dtype=bool))
    size = np.bincount(piece, weights=shapely.area(faces))
    banks = np.argsort(-size, kind="stable")[:2]
    return faces[np.isin(piece, banks)]


def _small(terrain: Terrain, faces: Shapes) -> Bools:
    """Which faces have too little dry ground to be a block, or are too thin."""
    dry = dry_part(terrain, plane.to_metres(faces))
    area = shapely.area(dry)
    width = 2 * area / np.maximum(shapely.length(dry), 1)
    return np.asarray((area < 11_000) | (width < 42))


def dry_part(terrain: Terrain, shapes: Shapes) -> Shapes:
    """What of each shape can be built on."""
    shapely.prepare(terrain.wet)
    dry = shapes.copy()
    touched = shapely.intersects(terrain.wet, shapes)
    dry[touched] = shapely.difference(shapes[touched], terrain.wet)
    return dry


def _streets(terrain: Terrain, shapes: Shapes) -> Ints:
    """Which street each block is part of; every street hangs together."""
    middle = shapely.point_on_surface(shapes)
    street = np.where(north_of(terrain.course, middle), NORTH, NEW)
    old = shapely.contains(terrain.old_town, middle) & (street == NEW)
    return partition.settle(plane.to_steps(shapes), np.where(old, OLD, street))


def _enough(shapes: Shapes, street: Ints, rng: np.random.Generator) -> tuple[Shapes, Ints]:
    """Blocks cut where a small district has too few of them for its communities."""
    done: list[BaseGeometry] = []
    owner: list[int] = []
    for which, (_, seeds) in enumerate([(0, 9), (0, 18), (0, 8)]):
        own = shapes[street == which]
        target = float(shapely.area(own).sum()) / (2.5 * seeds)
        for block in own:
            parts, _ = parts_of(block, max(1, round(block.area / target)), rng, Corners())
            done += parts
            owner += [which] * len(parts)
    return np.array(done, dtype=object), np.array(owner)


def _offices(terrain: Terrain) -> list[tuple[int, Floats]]:
    """For each street, the index of its first community and where offices are known (or NaN)."""
    listed = rows("communities")
    codes = sorted({row["street_code"] for row in listed})
    found = []
    for code in codes:
        own = [row for row in listed if row["street_code"] == code]
        lonlat = [(row["office_lon"] or "nan", row["office_lat"] or "nan") for row in own]
        first = next(i for i, row in enumerate(listed) if row["street_code"] == code)
        found.append((first, plane.board_points(np.array(lonlat, dtype=float)) * terrain.scale))
    return found


def _grow(shapes: Shapes, offices: Floats, rng: np.random.Generator) -> Ints:
    """Which office each block goes to: areas of like size that hang together."""
    middle = shapely.get_coordinates(shapely.centroid(shapes))
    seeds = _seeds(middle, offices, rng)
    beside = _beside(shapes)
    area = shapely.area(shapes)
    owner = np.full(len(shapes), -1)
    owner[seeds] = np.arange(len(seeds))
    size = area[seeds].copy()
    while (owner < 0).any():
        _take_one(owner, size, beside, area, middle)
    return _even_out(owner, beside, area)


def _take_one(
    owner: Ints, size: Floats, beside: list[list[int]], area: Floats, middle: Floats
) -> None:
    """The smallest community that can takes the free block nearest to its centre."""
    for who in np.argsort(size, kind="stable").tolist():
        own = np.flatnonzero(owner == who)
        free = sorted({j for i in own.tolist() for j in beside[i] if owner[j] < 0})
        if free:
            gap = np.hypot(*(middle[free] - middle[own].mean(axis=0)).T)
            taken = free[int(np.argmin(gap))]
            owner[taken] = who
            size[who] += area[taken]
            return
    owner[owner < 0] = int(np.argmin(size))


def _even_out(owner: Ints, beside: list[list[int]], area: Floats) -> Ints:
    """Blocks handed from large communities to small neighbours while that helps."""
    for _ in range(400):
        size = np.bincount(owner, weights=area)
        offers = [
            (float(size[owner[i]] - size[owner[j]] - area[i]), i, int(owner[j]))
            for i in range(len(owner))
            for j in beside[i]
            if owner[j] != owner[i]
        ]
        for gain, block, taker in sorted(offers, reverse=True):
            if gain <= 0:
                return owner
            if _may_leave(block, owner, beside):
                owner[block] = taker
                break
        else:
            return owner
    return owner


def _may_leave(block: int, owner: Ints, beside: list[list[int]]) -> bool:
    """Whether the rest of a block's community hangs together without it."""
    rest = {int(i) for i in np.flatnonzero(owner == owner[block])} - {block}
    if not rest:
        return False
    seen = {min(rest)}
    queue = [min(rest)]
    while queue:
        fresh = [j for j in beside[queue.pop()] if j in rest and j not in seen]
        seen.update(fresh)
        queue += fresh
    return seen == rest


def _beside(shapes: Shapes) -> list[list[int]]:
    """For each block the blocks across its streets, by touching more than 20 m of line."""
    tree = shapely.STRtree(shapes)
    left, right = tree.query(shapes, predicate="dwithin", distance=0.5)
    once = left < right
    left, right = left[once], right[once]
    common = shapely.length(
        shapely.intersection(shapely.buffer(shapes[left], 0.6), shapely.boundary(shapes[right]))
    )
    found: list[list[int]] = [[] for _ in shapes]
    for i, j in zip(left[common > 20].tolist(), right[common > 20].tolist(), strict=True):
        found[i].append(j)
        found[j].append(i)
    return found


def _seeds(middle: Floats, offices: Floats, rng: np.random.Generator) -> Ints:
    """A first block for each community: under its office, else as far as can be from the others."""
    seeds = np.full(len(offices), -1)
    for i in np.flatnonzero(~np.isnan(offices[:, 0])).tolist():
        gap = np.hypot(*(middle - offices[i]).T)
        gap[seeds[seeds >= 0]] = np.inf
        seeds[i] = int(np.argmin(gap))
    for i in rng.permutation(np.flatnonzero(seeds < 0)).tolist():
        chosen = middle[seeds[seeds >= 0]]
        if len(chosen) == 0:
            seeds[i] = int(np.argmax(middle[:, 0]))
            continue
        gaps = np.hypot(*(middle[:, None, :] - chosen[None, :, :]).transpose(2, 0, 1)).min(axis=1)
        seeds[i] = int(np.argmax(gaps))
    return seeds
