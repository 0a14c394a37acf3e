# ruff: noqa: PLR2004 -- a drawing is made of measures
"""Cells: blocks cut and joined to exactly as many grids as asked for, and the ground in none.

The result is an exact partition on the lattice, since every border is noded with all others before
faces are labelled and joined. Metres on the drawing board, borders in lattice steps.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from geodata.demo import plane, terrain
from geodata.demo.blocks import NEW, Blocks, dry_part
from geodata.demo.cuts import Corners, Cut, parts_of, slice_off
from geodata.demo.facts import rows
from geodata.demo.shares import largest_remainder
from geodata.demo.terrain import Terrain
from geodata.domain import codes, partition
from geodata.domain.lattice import Floats, Shapes
from geodata.domain.partition import Ints

_MOST = 990
"""Grids in one community, short of the 999 that its codes can number."""
_STRIP_M = 58.0


@dataclass(frozen=True)
class Ground:
    """Grids in the order of their codes, the uncovered ground by community, lines between."""

    grids: list[Polygon]
    community: Ints
    street: Ints
    codes: list[str]
    uncovered: dict[int, list[Polygon]]
    cuts: list[Cut]


@dataclass
class _Leaves:
    """Pieces of ground with the grid (or -1 - community, for ground in none) each belongs to."""

    shapes: list[Polygon]
    labels: list[int]
    cuts: list[Cut]
    community: list[int]
    corners: Corners


def divide(land: Terrain, blocks: Blocks, grids: int, rng: np.random.Generator) -> Ground:
    """The town's blocks divided into ``grids`` grids, with a strip left in none of them."""
    weight = _weights(land, blocks)
    leaves = _Leaves([], [], [], [], Corners(land.wet))
    bare = _bare_community(land, blocks)
    for which, count in enumerate(_counts(blocks, weight, grids).tolist()):
        own = np.flatnonzero(blocks.community == which)
        shapes = list(blocks.shapes[own])
        if which == bare:
            shapes = _leave_strips(land, leaves, shapes, which)
        _divide_community(leaves, shapes, weight[own], (which, count), rng)
    cells = _cells(leaves, blocks)
    return _numbered(cells, leaves, blocks)


def _weights(land: Terrain, blocks: Blocks) -> Floats:
    middle = shapely.get_coordinates(shapely.point_on_surface(blocks.shapes))
    gap = terrain.spacing(land, middle[:, 0], middle[:, 1])
    return np.asarray(shapely.area(dry_part(land, blocks.shapes)) / gap**1.6)


def _bare_community(land: Terrain, blocks: Blocks) -> int:
    """The community of the new town whose largest block away from the water is the largest."""
    fit = (blocks.street == NEW) & ~shapely.intersects(land.wet, blocks.shapes)
    return int(blocks.community[np.argmax(np.where(fit, shapely.area(blocks.shapes), 0.0))])


def _counts(blocks: Blocks, weight: Floats, grids: int) -> Ints:
    """How many grids each community gets: streets by communities, communities by ground."""
    communities = len(rows("communities"))
    street = np.array([blocks.street[blocks.community == i][0] for i in range(communities)])
    size = np.bincount(blocks.community, weights=weight, minlength=communities)
    counts = np.zeros(communities, dtype=np.int64)
    quota = largest_remainder(np.bincount(street).astype(float), grids)
    for which, total in enumerate(quota.tolist()):
        own = street == which
        counts[own] = _capped(size[own], total)
    return counts


def _capped(size: Floats, total: int) -> Ints:
    most = max(_MOST if total < _MOST * len(size) else 999, -(-total // len(size)))
    size = size.copy()
    counts = largest_remainder(size, total, least=1)
    while (counts > most).any():
        size = np.minimum(size, size.max() * 0.97)
        counts = largest_remainder(size, total, least=1)
    return counts


def _leave_strips(
    land: Terrain, leaves: _Leaves, shapes: list[Polygon], which: int
) -> list[Polygon]:
    """Two strips cut off two large blocks into no grid; the blocks without them."""
    damp = shapely.intersects(land.wet, shapes)
    order = sorted(range(len(shapes)), key=lambda i: (damp[i], -float(shapes[i].area)))
    apart = [i for i in order[1:] if shapes[i].distance(shapes[order[0]]) > 1]
    for i in order[:1] + (apart or order[1:])[:1]:
        sliced = slice_off(shapes[i], min(_STRIP_M, 0.35 * float(shapes[i].area) ** 0.5))
        if sliced is not None:
            (strip, _), (rest, _), line = sliced
            shapes[i] = rest
            leaves.shapes.append(strip)
            leaves.labels.append(-1 - which)
            leaves.cuts.append(Cut(line, lane=False, share=2))
    return shapes


def _divide_community(
    leaves: _Leaves,
    shapes: list[Polygon],
    weight: Floats,
    task: tuple[int, int],
    rng: np.random.Generator,
) -> None:
    which, count = task
    if len(shapes) > count:
        for shape, label in zip(shapes, _joined(shapes, count), strict=True):
            leaves.shapes.append(shape)
            leaves.labels.append(len(leaves.community) + label)
        leaves.community += [which] * count
        return
    for shape, share in zip(shapes, largest_remainder(weight, count, least=1), strict=True):
        parts, cuts = parts_of(shape, int(share), rng, leaves.corners)
        leaves.shapes += parts
        leaves.labels += range(len(leaves.community), len(leaves.community) + len(parts))
        leaves.community += [which] * len(parts)
        leaves.cuts += cuts


def _joined(shapes: list[Polygon], count: int) -> list[int]:
    """Labels 0 to count - 1 for blocks, small ones joined with their smallest neighbour."""
    group = list(range(len(shapes)))
    tree = shapely.STRtree(shapes)
    left, right = tree.query(shapes, predicate="dwithin", distance=0.5)
    near = [(i, j) for i, j in zip(left.tolist(), right.tolist(), strict=True) if i != j]
    long = [
        (i, j)
        for i, j in near
        if shapes[i].buffer(0.6).intersection(shapes[j].boundary).length > 20
    ]
    while len(set(group)) > count:
        size = {
            g: sum(float(s.area) for s, h in zip(shapes, group, strict=True) if h == g)
            for g in group
        }
        pairs = [(group[i], group[j]) for i, j in long if group[i] != group[j]]
        taken, taker = min(pairs, key=lambda pair: (size[pair[0]] + size[pair[1]], pair))
        group = [taker if g == taken else g for g in group]
    return [sorted(set(group)).index(g) for g in group]


def _cells(leaves: _Leaves, blocks: Blocks) -> dict[int, BaseGeometry]:
    """The exact cell of each label, in lattice steps."""
    pieces = plane.to_steps(np.array(leaves.shapes, dtype=object))
    lines = [plane.to_steps(cut.line) for cut in leaves.cuts]
    edges = shapely.boundary(plane.to_steps(blocks.shapes))
    faces = partition.planar([*edges, *lines])
    owner = _owner(faces, pieces)
    faces, owner = faces[owner >= 0], owner[owner >= 0]
    labels = partition.settle(faces, np.array(leaves.labels)[owner])
    return partition.dissolve(faces, labels)


def _owner(faces: Shapes, pieces: Shapes) -> Ints:
    """The piece that each face lies in, or -1; the lowest where several touch it."""
    inner = shapely.point_on_surface(faces)
    owner = np.full(len(faces), len(pieces))
    face, piece = shapely.STRtree(pieces).query(inner, predicate="dwithin", distance=3.0)
    np.minimum.at(owner, face, piece)
    inside = shapely.STRtree(pieces).query(inner, predicate="intersects")
    owner[inside[0]] = inside[1]
    return np.where(owner == len(pieces), -1, owner)


def _numbered(cells: dict[int, BaseGeometry], leaves: _Leaves, blocks: Blocks) -> Ground:
    listed = rows("communities")
    order: list[int] = []
    numbers: list[str] = []
    for which in range(len(listed)):
        own = [label for label, owner in enumerate(leaves.community) if owner == which]
        points = shapely.get_coordinates(shapely.centroid([cells[label] for label in own]))
        ranked = [own[i] for i in codes.reading_order(points)]
        order += ranked
        numbers += [codes.compose(listed[which]["code"], i + 1) for i in range(len(ranked))]
    community = np.array([leaves.community[label] for label in order])
    street = np.array([blocks.street[blocks.community == i][0] for i in range(len(listed))])
    bare = {-1 - label: shapely.get_parts(cells[label]).tolist() for label in cells if label < 0}
    grids = [cells[label] for label in order]
    return Ground(grids, community, street[community], numbers, bare, leaves.cuts)  # type: ignore[arg-type]
