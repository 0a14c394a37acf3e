"""What drawing leaves: crumbs, stray pieces and thin strips, and who gets them.

Works on the faces of a `patch.Patch`, in lattice steps; strips are looked for in metres.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

import numpy as np
import shapely
from shapely.geometry import LineString
from shapely.geometry.base import BaseGeometry

from geodata.domain import lattice, plain, untangle
from geodata.domain.lattice import Shapes
from geodata.domain.partition import Ints
from geodata.domain.patch import Patch, slivers
from geodata.domain.plane import Plane
from geodata.errors import InvalidRedraw, Remedy

Leftover = Literal["give", "ask", "ask_all", "refuse"]
"""What becomes of a piece that an edit cuts off: a neighbour's, a question if it is large, a
question in any case, or a refusal."""
Given = tuple[int, BaseGeometry]
"""The label that got a piece, and the piece."""

UNASKED_M2: Final = 400.0
UNASKED_WIDE_M: Final = 3.0
"""A piece smaller or narrower than this goes to a neighbour without a question."""
STRIP_M: Final = 0.5
STRIP_LONG_M: Final = 5.0
"""Narrower and longer than this is a strip."""
CRUMB: Final = 2.0
"""Lattice steps: a thinner face is the noise of rounding."""

_ALONE: Final[Mapping[str, str]] = MappingProxyType({"op": "carve", "kind": "basic"})
_HALF: Final = STRIP_M / 2
_BACK: Final = 1.02
"""The opened shape is grown back a little further, so that its own corners are no strips."""
_NOISE_M: Final = 0.0002
_LONGER_M: Final = 0.1
_SHORTER_M: Final = 0.5
"""So much shorter strips are cut off too: leaving out vertices may make one longer."""
_THINNEST: Final = 1e-4
_TENTH_MM: Final = 10_000.0
_ROUNDS: Final = 10


@dataclass(frozen=True)
class Settle:
    """Which codes must hang together, and what the edit was about (see `redraw.Edit`)."""

    kept: Sequence[str]
    to: str | None
    leftover: Leftover
    area: BaseGeometry | None
    apart: Remedy | None


def give_slivers(patch: Patch, mine: Ints, allowed: Collection[int], plane: Plane) -> list[Given]:
    """Each sliver goes to the allowed label along most of it; which went where.

    Slivers beside slivers wait for those: the one with the longest border to settled ground goes
    first, so that a strip between two others goes where they go, not to whom it meets at its end.
    """
    small = mine[slivers(patch.faces[mine], plane)] if len(mine) else mine
    order = small[np.argsort(shapely.area(patch.faces[small]), kind="stable")]
    wanted = patch.label[order].copy()
    waiting = dict.fromkeys(order.tolist())
    found = {face: patch.longest(np.array([face]), allowed, but=waiting) for face in waiting}
    while True:
        ready = {face: taker for face, taker in found.items() if taker is not None}
        if not ready:
            break
        face = min(ready, key=lambda one: (-ready[one].length, one))
        patch.label[face] = ready[face].label
        del waiting[face], found[face]
        for other, _ in patch.beside[face]:
            if other in waiting:
                found[other] = patch.longest(np.array([other]), allowed, but=waiting)
    other = order[patch.label[order] != wanted]
    return [(int(patch.label[face]), patch.faces[face]) for face in other.tolist()]


def settle(patch: Patch, how: Settle, allowed: Collection[int], plane: Plane) -> list[Given]:
    """Every piece apart from the largest one of its label goes to a neighbour.

    Raises InvalidRedraw ``donor_in_pieces``, ``area_apart``, ``not_joined``.
    """
    given: list[Given] = []
    for _ in range(_ROUNDS):
        strays = [
            (label, piece) for label in patch.numbers(how.kept) for piece in patch.pieces(label)[1:]
        ]
        for label, piece in strays:
            _ask(patch, how, label, piece, plane)
        moves = [(piece, _taker(patch, how, label, piece, allowed)) for label, piece in strays]
        if not moves:
            return given
        for piece, taker in moves:
            patch.label[piece] = taker
            given.append((taker, patch.whole(piece)))
    raise InvalidRedraw("not_joined", place=lattice.to_degrees(given[-1][1]))


def _ask(patch: Patch, how: Settle, label: int, piece: Ints, plane: Plane) -> None:
    shape, code = patch.whole(piece), patch.names[label]
    if slivers([shape], plane)[0]:
        return
    place = lattice.to_degrees(shape)
    if how.leftover == "refuse":
        raise InvalidRedraw("not_joined", grid=code, place=place)
    if code == how.to:
        raise _apart(patch, how, label, plane)
    if how.leftover == "ask_all" or (how.leftover == "ask" and _large(plane.to_m(shape))):
        remedy = Remedy("take_piece_too", {"pieces": True})
        raise InvalidRedraw("donor_in_pieces", grid=code, place=place, remedy=remedy)


def _large(flat: BaseGeometry) -> bool:
    return bool(flat.area > UNASKED_M2 and 2 * flat.area > UNASKED_WIDE_M * flat.length)


def _apart(patch: Patch, how: Settle, label: int, plane: Plane) -> InvalidRedraw:
    """The refusal of all that a taker does not reach; to leave it out, or to make a grid of it."""
    pieces = patch.pieces(label)
    own = [n for n, piece in enumerate(pieces) if (patch.before[piece] == label).any()]
    main = own[0] if own else 0
    shapes = [patch.whole(piece) for n, piece in enumerate(pieces) if n != main]
    apart = shapely.union_all([s for s in shapes if not slivers([s], plane)[0]])
    place, alone = lattice.to_degrees(apart), Remedy("make_new_grid", _ALONE)
    if how.apart is not None:
        return InvalidRedraw("area_apart", grid=how.to, place=place, remedy=how.apart)
    gained = pieces[main][patch.before[pieces[main]] != label]
    if how.area is None or not len(gained) or slivers([patch.whole(gained)], plane)[0]:
        return InvalidRedraw("area_apart", grid=how.to, place=place, remedy=alone)
    rest = shapely.difference(how.area, apart.buffer(CRUMB, join_style="mitre"))
    less = Remedy("leave_piece_out", {"area": plain.area_of(shapely.transform(rest, np.rint))})
    return InvalidRedraw("area_apart", grid=how.to, place=place, remedy=less, otherwise=[alone])


def _taker(patch: Patch, how: Settle, label: int, piece: Ints, allowed: Collection[int]) -> int:
    others = [one for one in allowed if one != label]
    preferred = patch.index.get(how.to or "", -1)
    if preferred in others and patch.longest(piece, [preferred]) is not None:
        return preferred
    taker = patch.longest(piece, others)
    if taker is None:
        place = lattice.to_degrees(patch.whole(piece))
        raise InvalidRedraw("not_joined", grid=patch.names[label], place=place)
    return taker.label


def gather_crumbs(patch: Patch, mine: Ints, allowed: Collection[int]) -> None:
    """Faces thinner than rounding that hang on no other of their label go to the longest border."""
    for label in sorted(allowed):
        for piece in patch.pieces(label)[1:]:
            thin = np.isin(piece, mine).all() and _is_crumb(patch.whole(piece))
            taker = patch.longest(piece, allowed) if thin else None
            if taker is not None:
                patch.label[piece] = taker.label


def rejoin(patch: Patch, standing: Collection[int]) -> None:
    """Crumbs that noding cuts off cells which take no part lie with their neighbours from now on.

    A spike thinner than a lattice step may close at its foot when another border gets a vertex.
    """
    every = range(len(patch.names))
    for label in sorted(standing):
        others = [one for one in every if one != label]
        for piece in patch.pieces(label)[1:]:
            taker = patch.longest(piece, others) if _is_crumb(patch.whole(piece)) else None
            if taker is not None:
                patch.label[piece] = patch.before[piece] = taker.label


def _is_crumb(shape: BaseGeometry) -> bool:
    return bool(2 * shape.area < CRUMB * shape.length)


def strips(shape: BaseGeometry, least: float = STRIP_LONG_M) -> tuple[Shapes, BaseGeometry]:
    """The thin strips of an area in metres, and the area without them."""
    narrow = shape.buffer(-_HALF, join_style="mitre")
    # Mitred corners may cross each other.
    opened = untangle.sound(narrow.buffer(_HALF * _BACK, join_style="mitre"), _TENTH_MM)
    parts = np.asarray(shapely.get_parts(shape.difference(opened)), dtype=object)
    length = shapely.length(parts)
    thick = 2 * shapely.area(parts) > _THINNEST * length
    return parts[(length / 2 > least) & thick], opened


def mouths(shape: BaseGeometry, near: BaseGeometry) -> Iterator[LineString]:
    """Lines (metres) across the mouths of the strips of an area that lie beside other ground."""
    thin, opened = strips(shape, STRIP_LONG_M - _SHORTER_M)
    thin = thin[shapely.dwithin(thin, near, _LONGER_M)] if len(thin) else thin
    if not len(thin):
        return
    beside = opened.boundary.intersection(shapely.union_all(thin).buffer(_NOISE_M))
    inner = beside.difference(shape.boundary.buffer(_NOISE_M))
    for line in shapely.get_parts(shapely.line_merge(inner)):
        if isinstance(line, LineString) and line.length > _NOISE_M:
            yield longer(line, _LONGER_M)


def longer(line: LineString, by: float) -> LineString:
    """A line prolonged at both ends along its first and last stretch."""
    points = shapely.get_coordinates(line)
    return LineString(
        [_beyond(points[1], points[0], by), *points, _beyond(points[-2], points[-1], by)]
    )


def _beyond(start: lattice.Floats, end: lattice.Floats, by: float) -> lattice.Floats:
    step = end - start
    return np.asarray(end + step / np.hypot(*step) * by)
