"""A patch of ground taken apart into faces, each with the cell it was of and the one it goes to.

Everything is in whole lattice steps. Faces share every vertex, and come in an order that depends on
where they lie alone, so that the same edit always gives the same ground.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cached_property
from typing import Final, NamedTuple

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geodata.domain import measure, partition
from geodata.domain.cells import Cells, canonical
from geodata.domain.lattice import Floats, Shapes
from geodata.domain.partition import Bools, Ints
from geodata.domain.plane import Plane

NARROW_M: Final = 1.0
SMALL_M2: Final = 30.0
"""A face narrower (twice the area over the outline) or smaller than this is a sliver."""

DEEP: Final = 1.5
"""Lattice steps that noding may move a border by: what lies deeper is surely whose it was."""


class Taker(NamedTuple):
    """A label beside some faces, and the length of its border with them (lattice steps)."""

    label: int
    length: float


class Patch:
    """The faces of some cells between their borders and the cuts.

    `names` are the codes that labels index, sorted; `before` and `label` the label of each face.
    """

    def __init__(
        self, cells: Cells, codes: Sequence[str], cuts: Sequence[BaseGeometry], new: Collection[str]
    ) -> None:
        self.names = sorted({*codes, *new})
        self.index = {code: n for n, code in enumerate(self.names)}
        filled = [code for code in codes if not cells[code].shape.is_empty]
        shapes = measure.array([cells[code].shape for code in filled])
        faces = _ordered(partition.planar([*(partition.outline(s) for s in shapes), *cuts]))
        spots = _inner(faces)
        owner = _first(spots, shapes)
        inside = owner >= 0
        self.faces: Shapes = faces[inside]
        self.spots: Shapes = spots[inside]
        labels = np.array([self.index[code] for code in filled], dtype=np.int64)
        self.before: Ints = labels[owner[inside]]
        self.label: Ints = self.before.copy()

    @cached_property
    def borders(self) -> tuple[Ints, Ints, Floats]:
        """Pairs of faces with a common border, and its length."""
        return partition.borders(self.faces)

    @cached_property
    def beside(self) -> list[list[tuple[int, float]]]:
        """For each face the ones beside it, each with the length of the common border."""
        found: list[list[tuple[int, float]]] = [[] for _ in self.faces]
        for i, j, length in zip(*(column.tolist() for column in self.borders), strict=True):
            found[i].append((j, length))
            found[j].append((i, length))
        return found

    def numbers(self, codes: Collection[str]) -> list[int]:
        """The labels of codes that are in the patch, in order."""
        return sorted(self.index[code] for code in codes if code in self.index)

    def pieces(self, label: int) -> list[Ints]:
        """The faces of a label in pieces that hang together, the largest first."""
        left, right, _ = self.borders
        here = self.label == label
        joined = here[left] & here[right]
        root = partition.components(len(self.faces), left, right, joined)
        own = np.flatnonzero(here)
        parts = [own[root[own] == one] for one in sorted(set(root[own].tolist()))]
        return sorted(parts, key=lambda part: -float(shapely.area(self.faces[part]).sum()))

    def longest(
        self, piece: Ints, allowed: Collection[int], but: Collection[int] = ()
    ) -> Taker | None:
        """The allowed label with the longest border to some faces, the lowest of equals.

        Borders with the faces in `but` do not count.
        """
        total: dict[int, float] = {}
        here = set(piece.tolist())
        for face in sorted(here):
            for other, length in self.beside[face]:
                label = int(self.label[other])
                if other not in here and label in allowed and other not in but:
                    total[label] = total.get(label, 0.0) + length
        best = min(total, key=lambda label: (-total[label], label), default=None)
        return None if best is None else Taker(best, total[best])

    def whole(self, faces: Ints) -> BaseGeometry:
        """Some faces as one area."""
        return canonical(shapely.coverage_union_all(self.faces[faces]))

    def dissolved(self) -> dict[str, BaseGeometry]:
        """The ground of each code after the edit, in canonical order."""
        return {
            self.names[label]: canonical(shape)
            for label, shape in sorted(partition.dissolve(self.faces, self.label).items())
        }

    def handed(self) -> list[tuple[str, str, BaseGeometry]]:
        """Ground that changed hands: giver, taker and the area, in order."""
        changed = np.flatnonzero(self.label != self.before)
        pairs = sorted({(int(self.before[f]), int(self.label[f])) for f in changed.tolist()})
        return [
            (
                self.names[giver],
                self.names[taker],
                self.whole(np.flatnonzero((self.before == giver) & (self.label == taker))),
            )
            for giver, taker in pairs
        ]


def slivers(shapes: Sequence[BaseGeometry] | Shapes, plane: Plane) -> Bools:
    """Which areas (lattice steps) are too narrow or too small to be anybody's ground."""
    flat = plane.to_m(measure.array(shapes))
    area = shapely.area(flat)
    return np.asarray((area < SMALL_M2) | (2 * area < NARROW_M * shapely.length(flat)))


def _inner(faces: Shapes) -> Shapes:
    """A point well inside each face, as far as it has an inside.

    A point on the surface may lie so near to a corner that noding has moved a border across it.
    """
    spots = np.asarray(shapely.point_on_surface(faces), dtype=object)
    shallow = np.flatnonzero(shapely.distance(spots, shapely.boundary(faces)) < DEEP)
    for face in shallow.tolist():
        if 2 * faces[face].area > DEEP * faces[face].length:
            circle = shapely.maximum_inscribed_circle(faces[face], tolerance=DEEP / 4)
            spots[face] = shapely.get_point(circle, 0)
    return spots


def _ordered(faces: Shapes) -> Shapes:
    """Faces by where they lie, each in its canonical order."""
    faces = np.asarray(shapely.normalize(faces), dtype=object)
    order = np.lexsort((shapely.area(faces), *shapely.bounds(faces).T[::-1]))
    return faces[order]


def _first(spots: Shapes, shapes: Shapes) -> Ints:
    """The first of the shapes that covers each spot, -1 where none does."""
    found = np.full(len(spots), len(shapes), dtype=np.int64)
    if len(shapes):
        spot, shape = shapely.STRtree(shapes).query(spots, predicate="intersects")
        np.minimum.at(found, spot, shape)
    found[found == len(shapes)] = -1
    return found
