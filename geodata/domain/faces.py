"""The faces between the borders of many areas: who claims each, who owns it, who is beside it.

Everything is in whole lattice steps (`lattice.to_units`), where noding is exact.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Final

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geodata.domain import lattice, measure, partition
from geodata.domain.lattice import Floats, Shapes
from geodata.domain.partition import Bools, Ints

ROUNDS: Final = 20
"""Rounds of noding, each of which moves a border by half a step at most; two nearly always do."""
NEAR: Final = 3.0
"""Within so many lattice steps of a border as drawn, an inner point of a face is doubted."""
HALF_A_STEP: Final = 0.5
NOBODY: Final = -1
"""Owner of ground that stays uncovered."""
OPEN: Final = -2
"""Owner of a face that is not settled yet."""


class Faces:
    """Faces within the ground, each with its claimants (lowest first) and its owner.

    `faces` in lattice steps; `claims` and `owner` are indices of the areas as given. A face that
    one area claims is its own from the start; all others are `OPEN`.
    """

    def __init__(self, drawn: Shapes, ground: BaseGeometry | None) -> None:
        """Node the areas and the ground (degrees, as drawn); without ground all faces count."""
        lines = [*drawn, *([ground] if ground is not None else [])]
        faces = _noded(lattice.to_units(measure.array(lines)))
        claims = _claims(drawn, faces)
        if ground is None:
            inside = ~_open_to_the_outside(faces, claims)
        else:
            points = lattice.to_degrees(shapely.point_on_surface(faces))
            inside = _within(ground, points)
        self.faces = faces[inside]
        self.claims = [claims[i] for i in np.flatnonzero(inside)]
        self.beyond = [(faces[i], claims[i]) for i in np.flatnonzero(~inside) if claims[i]]
        self.left, self.right, length = partition.borders(self.faces)
        self.beside = _beside(self.left, self.right, length)
        self.owner = np.array([c[0] if len(c) == 1 else OPEN for c in self.claims], dtype=np.int64)

    def whole(self, faces: Ints) -> BaseGeometry:
        """Some faces as one area, in lattice steps."""
        return union(self.faces[faces])

    def pieces(self) -> list[Ints]:
        """Open faces that hang together and have the same claimants, as arrays of indices."""
        open_faces = np.flatnonzero(self.owner == OPEN)
        keys = {key: n for n, key in enumerate(sorted(set(self.claims)))}
        key = np.array([keys[claimed] for claimed in self.claims], dtype=np.int64)
        roots = self._roots(key)[open_faces]
        order = np.argsort(roots, kind="stable")
        starts = np.flatnonzero(np.diff(roots[order], prepend=-1))
        return np.split(open_faces[order], starts[1:]) if len(order) else []

    def _roots(self, key: Ints) -> Ints:
        same = key[self.left] == key[self.right]
        return partition.components(len(self.faces), self.left, self.right, same)

    def longest(self, faces: Ints, allowed: Collection[int] = (), but: int = NOBODY) -> int | None:
        """The owner around some faces with the longest common border, the lowest of equals."""
        total: dict[int, float] = {}
        here = set(faces.tolist())
        for face in here:
            for other, length in self.beside.get(face, ()):
                owner = int(self.owner[other])
                may = owner in allowed if allowed else owner not in (NOBODY, OPEN, but)
                if other not in here and may:
                    total[owner] = total.get(owner, 0.0) + length
        return min(total, key=lambda owner: (-total[owner], owner)) if total else None

    def strays(self, exempt: Collection[int]) -> Iterator[tuple[Ints, int]]:
        """The pieces of each owner besides its largest one, smallest first, with the owner."""
        root = self._roots(self.owner)
        size = np.bincount(root, weights=shapely.area(self.faces), minlength=len(root))
        parts: dict[int, set[int]] = {}
        for owner, one in zip(self.owner.tolist(), root.tolist(), strict=True):
            parts.setdefault(owner, set()).add(one)
        for owner, roots in sorted(parts.items()):
            if owner >= 0 and len(roots) > 1 and owner not in exempt:
                for one in sorted(roots, key=lambda r: (size[r], r))[:-1]:
                    yield np.flatnonzero(root == one), owner

    def dissolved(self) -> dict[int, BaseGeometry]:
        """The ground of each owner, `NOBODY` among them, in lattice steps."""
        return partition.dissolve(self.faces, self.owner) if len(self.faces) else {}


def _noded(shapes: Shapes) -> Shapes:
    """The faces between the borders of shapes, all in lattice steps, stable under noding."""
    lines = _node(shapely.boundary(shapes))
    for _ in range(ROUNDS):
        again = _node(lines)
        if shapely.equals_identical(again, lines):
            break
        lines = again
    return np.asarray(shapely.get_parts(shapely.polygonize([lines])), dtype=object)


def _node(lines: BaseGeometry | Shapes) -> BaseGeometry:
    return shapely.line_merge(shapely.union_all(lines, grid_size=1.0)).normalize()


def _within(ground: BaseGeometry, points: Shapes) -> Bools:
    shapely.prepare(ground)
    return np.asarray(shapely.intersects(ground, points), dtype=bool)


def _open_to_the_outside(faces: Shapes, claims: list[tuple[int, ...]]) -> Bools:
    """Which unclaimed faces are shut off by lines alone, and so are no enclosed gaps."""
    left, right, length = partition.borders(faces)
    shared = np.bincount(left, length, len(faces)) + np.bincount(right, length, len(faces))
    bare = np.array([not claimed for claimed in claims], dtype=bool)
    outer = bare & (shapely.length(faces) - shared > HALF_A_STEP)
    root = partition.components(len(faces), left, right, bare[left] & bare[right])
    return bare & np.isin(root, root[outer])


def _claims(drawn: Shapes, faces: Shapes) -> list[tuple[int, ...]]:
    """For each face which shapes cover it, or most of it, as drawn; lowest first.

    An inner point tells, unless it lies so near to a border as drawn that rounding may have put
    it on the wrong side: then the larger share of the face does.
    """
    points = lattice.to_degrees(shapely.point_on_surface(faces))
    tree = shapely.STRtree(drawn)
    found = set(_pairs(tree.query(points, predicate="intersects")))
    rings = shapely.STRtree(shapely.boundary(drawn))
    near = _pairs(rings.query(points, predicate="dwithin", distance=NEAR * lattice.STEP))
    found -= set(near)
    if near:
        face, shape = (np.array(column) for column in zip(*near, strict=True))
        ground = lattice.to_degrees(faces[face])
        most = shapely.area(shapely.intersection(ground, drawn[shape])) * 2 > shapely.area(ground)
        found |= {pair for pair, mostly in zip(near, most.tolist(), strict=True) if mostly}
    claims: list[list[int]] = [[] for _ in faces]
    for i, j in sorted(found):
        claims[i].append(j)
    return [tuple(claimed) for claimed in claims]


def _pairs(found: Ints) -> list[tuple[int, int]]:
    return [(i, j) for i, j in found.T.tolist()]


def _beside(left: Ints, right: Ints, length: Floats) -> dict[int, list[tuple[int, float]]]:
    """For each face its neighbours, each with the length of the common border."""
    beside: dict[int, list[tuple[int, float]]] = {}
    for i, j, common in zip(left.tolist(), right.tolist(), length.tolist(), strict=True):
        beside.setdefault(i, []).append((j, common))
        beside.setdefault(j, []).append((i, common))
    return beside


def union(faces: Shapes) -> BaseGeometry:
    """Faces that share their vertices as one area."""
    return faces[0] if len(faces) == 1 else shapely.coverage_union_all(faces)
