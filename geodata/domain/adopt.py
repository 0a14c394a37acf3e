"""A hand-drawn or dirty set of areas becomes an exact division of its ground, when asked for.

    done = adopt({"A": shape, …}, ground)
    done.shapes, done.uncovered, done.changes

All borders are noded together on whole lattice steps, so that neighbours share every vertex; each
face between them gets one owner. Who gets what was drawn by nobody or by several:

1. A gap or overlap within the `Tolerance` goes to the neighbour, or the claimant, it shares most
   border with.
2. A larger gap becomes *uncovered* ground; a larger overlap goes to the lowest code, as a place on
   a border does. Both are marked for somebody's decision.
3. A stray piece within the tolerance goes to its longest neighbour; a larger one stays, and its
   code is named in `in_pieces`.

Every piece that changed hands is in the list of changes. Adopting what was adopted changes nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import shapely
from shapely.geometry import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from geodata.domain import lattice, measure, soundness, stacking
from geodata.domain.crs import metres_per_degree
from geodata.domain.faces import NOBODY, OPEN, ROUNDS, Faces, union
from geodata.domain.flaw import Flaw
from geodata.domain.lattice import Shapes
from geodata.domain.partition import Ints
from geodata.errors import InvalidShape

Why = Literal["gap", "overlap", "stray", "outside", "untangled"]
_Piece = tuple[Ints, tuple[int, ...]]
"""Faces that hang together, and who claims them."""


@dataclass(frozen=True)
class Tolerance:
    """Up to which size a gap, overlap or stray piece is settled without anybody's decision.

    Either not larger than `area_m2` or not wider than `width_m` (twice the area over the outline).
    """

    area_m2: float = 400.0
    width_m: float = 3.0


@dataclass(frozen=True)
class Change:
    """One piece of ground that changed hands.

    `gained` is the code that has it now, None where it is uncovered or left the ground; `lost` are
    the codes that claimed it before and have not got it. `shape` in degrees. `decide` marks what
    lies beyond the tolerance.
    """

    why: Why
    gained: str | None
    lost: tuple[str, ...]
    area_m2: float
    shape: BaseGeometry
    decide: bool = False


@dataclass(frozen=True)
class Adopted:
    """An exact division on the lattice, and how it came to be.

    `shapes` by code and the `uncovered` rest fill `ground` together (degrees). `lost` are codes
    that have no ground left, `in_pieces` those with parts that were not flagged as multipart,
    `moved_m` how far snapping moved a vertex at the most.
    """

    shapes: dict[str, BaseGeometry]
    uncovered: BaseGeometry
    ground: BaseGeometry
    changes: list[Change] = field(default_factory=list)
    lost: tuple[str, ...] = ()
    in_pieces: tuple[str, ...] = ()
    moved_m: float = 0.0


def adopt(
    shapes: Mapping[str, BaseGeometry | None],
    ground: BaseGeometry | None = None,
    multipart: Collection[str] = (),
    tolerance: Tolerance | None = None,
) -> Adopted:
    """The areas as an exact division of the ground; without one, of what they cover and enclose.

    Shapes and ground are in degrees (EPSG:4326, lon/lat), as drawn. `multipart` are codes that may
    have several parts. Raises InvalidShape with the ``shape`` concerned: ``missing_shape``,
    ``not_a_number``, ``not_an_area``, ``no_degrees``, ``tangled``, ``too_many_crossings``; and
    ``layers_stacked`` where areas lie on one another by design: adopt each level
    (`level_by_level`) by itself.
    """
    codes = sorted(shapes)
    drawn, flaws = _sound(shapes, codes)
    found = _overlaps(drawn, codes)
    if stacking.levels(drawn, codes, found).any():
        first = np.flatnonzero(stacking.meant_pairs(drawn, found))[0]
        both = [codes[found.left[first]], codes[found.right[first]]]
        raise InvalidShape("layers_stacked", shape=both[0], other=both[1])
    limits = tolerance or Tolerance()
    exempt = frozenset(n for n, code in enumerate(codes) if code in multipart)
    work = _Work(codes, Faces(drawn, ground), exempt, limits)
    work.settle()
    now = dict(zip(codes, drawn, strict=True))
    names = [one.codes[0] for one in flaws]
    return work.done(
        drawn,
        [
            _untangled(shapes[name], now[name], one, limits.area_m2)
            for name, one in zip(names, flaws, strict=True)
        ],
    )


def level_by_level(
    shapes: Mapping[str, BaseGeometry | None],
) -> list[dict[str, BaseGeometry | None]]:
    """The set parted into levels that can be adopted each by itself; one level for a plain set.

    Raises as `adopt`, except for ``layers_stacked``.
    """
    codes = sorted(shapes)
    drawn, _ = _sound(shapes, codes)
    level = stacking.levels(drawn, codes, _overlaps(drawn, codes))
    count = int(level.max(initial=0)) + 1
    return [
        {code: shapes[code] for code, here in zip(codes, level, strict=True) if here == n}
        for n in range(count)
    ]


def _overlaps(drawn: Shapes, codes: Sequence[str]) -> stacking.Pairs:
    try:
        if not soundness.crowded(drawn):
            return stacking.pairs(drawn, bool)
    except stacking.TooManyError:
        pass
    raise InvalidShape("too_many_crossings", shape=codes[0], shapes=len(codes))


def _sound(
    shapes: Mapping[str, BaseGeometry | None], codes: Sequence[str]
) -> tuple[Shapes, list[Flaw]]:
    sound = soundness.look([shapes[code] for code in codes], codes)
    for one in sound.flaws:
        if one.kind != "self_intersection":
            raise InvalidShape(one.kind, shape=one.codes[0], **one.facts)
    return sound.shapes, sound.flaws


@dataclass(frozen=True)
class _Sized:
    """An area in degrees, its size, and whether that is beyond the tolerance."""

    shape: BaseGeometry
    area_m2: float
    large: bool


class _Work:
    """Settles the faces and keeps the list of what changed hands."""

    def __init__(
        self, codes: Sequence[str], faces: Faces, exempt: frozenset[int], tolerance: Tolerance
    ) -> None:
        self.codes, self.faces, self.exempt, self.tolerance = codes, faces, exempt, tolerance
        self.changes: list[Change] = []

    def settle(self) -> None:
        """Give every face an owner, or nobody; cut off what lies beyond the ground."""
        beyond = self._sized([face for face, _ in self.faces.beyond])
        for one, (_, claimed) in zip(beyond, self.faces.beyond, strict=True):
            self._change("outside", None, claimed, one)
        pieces = [(faces, self.faces.claims[faces[0]]) for faces in self.faces.pieces()]
        sized = self._sized([self.faces.whole(faces) for faces, _ in pieces])
        for one, (faces, claimed) in zip(sized, pieces, strict=True):
            if one.large:
                self.faces.owner[faces] = claimed[0] if claimed else NOBODY
        self._fill_small(pieces)
        for one, (faces, claimed) in zip(sized, pieces, strict=True):
            owner = int(self.faces.owner[faces[0]])
            gained = None if owner == NOBODY else owner
            self._change("overlap" if claimed else "gap", gained, claimed, one)
        self._gather_strays()

    def _fill_small(self, pieces: Sequence[_Piece]) -> None:
        """Small pieces go to the owner they share most border with, from the outside inwards."""
        owner = self.faces.owner
        waiting = [piece for piece in pieces if owner[piece[0][0]] == OPEN]
        while waiting:
            choice = [self.faces.longest(faces, claimed) for faces, claimed in waiting]
            for (faces, _), taker in zip(waiting, choice, strict=True):
                owner[faces] = OPEN if taker is None else taker
            left = [p for p, taker in zip(waiting, choice, strict=True) if taker is None]
            if len(left) == len(waiting):
                break
            waiting = left
        for faces, claimed in waiting:
            owner[faces] = claimed[0] if claimed else NOBODY

    def _gather_strays(self) -> None:
        """Small pieces apart from the rest of their owner go to their longest neighbour."""
        for _ in range(ROUNDS):
            strays = self._strays()
            sized = self._sized([self.faces.whole(faces) for faces, _ in strays])
            moved = [
                self._moved(faces, owner, one)
                for (faces, owner), one in zip(strays, sized, strict=True)
            ]
            if not any(moved):
                break

    def _moved(self, faces: Ints, owner: int, stray: _Sized) -> bool:
        taker = None if stray.large else self.faces.longest(faces, but=owner)
        if taker is None:
            return False
        self.faces.owner[faces] = taker
        self._change("stray", taker, (owner,), stray)
        return True

    def _strays(self) -> list[tuple[Ints, int]]:
        return list(self.faces.strays(self.exempt))

    def _sized(self, shapes: Sequence[BaseGeometry]) -> list[_Sized]:
        """Areas in lattice steps with their size and whether it is beyond the tolerance."""
        degrees = lattice.to_degrees(measure.array(shapes))
        area, width = measure.area_m2(degrees), measure.width_m(degrees)
        limit = self.tolerance
        large = (area > limit.area_m2) & (width > limit.width_m)
        return [_Sized(*one) for one in zip(degrees, area.tolist(), large.tolist(), strict=True)]

    def _change(self, why: Why, gained: int | None, claimed: Sequence[int], one: _Sized) -> None:
        lost = tuple(self.codes[i] for i in claimed if i != gained)
        gets = None if gained is None else self.codes[gained]
        self.changes.append(Change(why, gets, lost, one.area_m2, one.shape, one.large))

    def done(self, drawn: Shapes, mended: Sequence[Change]) -> Adopted:
        """The division, with what was done to reach it, the weightiest change first."""
        cells = {
            n: lattice.to_degrees(shape).normalize() for n, shape in self.faces.dissolved().items()
        }
        shapes = {self.codes[n]: shape for n, shape in sorted(cells.items()) if n >= 0}
        all_faces = self.faces.faces
        changes = [*self.changes, *mended]
        changes.sort(key=lambda c: (not c.decide, -c.area_m2, c.gained or "", c.lost))
        return Adopted(
            shapes,
            cells.get(NOBODY, MultiPolygon()),
            lattice.to_degrees(union(all_faces)).normalize() if len(all_faces) else Polygon(),
            changes,
            tuple(code for code in self.codes if code not in shapes),
            tuple(sorted({self.codes[owner] for _, owner in self._strays()})),
            _farthest_m(drawn),
        )


def _untangled(given: BaseGeometry | None, now: BaseGeometry, told: Flaw, limit: float) -> Change:
    """The mending of a shape that crossed itself, by how much its area is another now."""
    size = abs(float(np.diff(measure.area_m2([given or now, now]))[0]))
    return Change("untangled", told.codes[0], (), size, told.shape or now, size > limit)


def _farthest_m(drawn: Shapes) -> float:
    """How far snapping moves a vertex at the most, in metres."""
    points = shapely.get_coordinates(drawn)
    kx, ky = metres_per_degree(points[:, 1])
    moved = np.abs(lattice.snap(points) - points) * np.column_stack([kx, ky])
    return float(np.hypot(moved[:, 0], moved[:, 1]).max(initial=0.0))
