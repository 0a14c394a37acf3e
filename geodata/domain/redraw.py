"""One edit of the ground: what every way of redrawing comes down to.

The borders of the cells concerned and of all that touch them are noded together with what was
drawn, every face between them gets a cell, and the faces of each cell are joined again. So
neighbours share every vertex, whoever they belong to, and nothing is lost or counted twice. Crumbs,
stray pieces and strips that drawing leaves are given to a neighbour; what cannot be had is refused
with the place and a remedy. Everything is in whole lattice steps.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Literal

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geodata.domain import lattice, measure, narrow, partition, pieces, plane, thinning
from geodata.domain.cells import NO_GROUND, Cell, Cells, moved
from geodata.domain.lattice import Shapes
from geodata.domain.patch import Patch, slivers
from geodata.errors import InvalidRedraw, Remedy

Relabel = Callable[[Shapes, Sequence[str]], Sequence[str]]
"""From an inner point of each face and the code it had, the code it shall have."""
ROUNDS: Final = 8
"""Rounds in which strips are cut off; what is left then may stay."""
OUTLINE: Final = 1.7
"""Lattice steps that an outline may get longer or shorter by noding.

Less than half the outline of the smallest gap, a triangle of 2 + √2 steps, so that a gap still
shows where noding has made the outline shorter.
"""
RAGGED: Final = 3.0
"""The same where much of the outline is noded anew, and is seen to have no gap behind it."""


@dataclass(frozen=True)
class Edit:
    """What is to be done with the ground.

    Only `participants` and `new` cells gain or lose ground. `cuts` are lines to node with. `to` is
    the taker, where there is one, `area` what it was to take, `apart` what helps where it does not
    reach it. Grids in `vanish` may lose all their ground. `leftover` says what becomes of pieces
    cut off from their grid. Without `tidy` borders stay exactly where they are drawn. New grids
    are at least `width_m` metres wide.
    """

    participants: tuple[str, ...]
    relabel: Relabel
    cuts: tuple[BaseGeometry, ...] = ()
    new: tuple[Cell, ...] = ()
    to: str | None = None
    area: BaseGeometry | None = None
    apart: Remedy | None = None
    vanish: frozenset[str] = frozenset()
    leftover: pieces.Leftover = "give"
    tidy: bool = True
    width_m: float = 0.0


@dataclass(frozen=True)
class Handed:
    """Ground that changed hands: whose it was and is, and where (degrees)."""

    giver: str
    taker: str
    shape: BaseGeometry


@dataclass(frozen=True)
class Settled:
    """A crumb or a stray piece that went to a neighbour unasked, and where (degrees)."""

    why: Literal["sliver", "piece"]
    taker: str
    shape: BaseGeometry


@dataclass(frozen=True)
class Redrawn:
    """The ground after an edit.

    `changed` are the cells with other ground than before, new and vanished ones too; `noded` the
    bystanders that got or lost vertices only.
    """

    cells: Cells
    changed: tuple[str, ...]
    noded: tuple[str, ...]
    handed: tuple[Handed, ...]
    settled: tuple[Settled, ...] = field(default=())


def apply(cells: Cells, edit: Edit) -> Redrawn:
    """The cells after an edit, which divide the same ground as exactly as before.

    Raises InvalidRedraw: ``two_communities``, ``grid_locked``, ``code_taken`` before anything is
    computed; ``donor_in_pieces``, ``area_apart``, ``not_joined``, ``donor_vanishes``,
    ``grid_too_small``, ``no_change``, ``no_division`` where the ground does not allow it.
    """
    _may(cells, edit)
    for whole in (False, True):
        done = _Work(cells, edit, whole=whole).done()
        if done is not None:
            return done
    raise InvalidRedraw("no_division", place=_place(cells, edit))


def _place(cells: Cells, edit: Edit) -> BaseGeometry:
    return lattice.to_degrees(measure.together([cells[code].shape for code in edit.participants]))


def _may(cells: Cells, edit: Edit) -> None:
    concerned = [cells[code] for code in edit.participants] + list(edit.new)
    communities = sorted({cell.community for cell in concerned})
    if len(communities) > 1:
        raise InvalidRedraw("two_communities", communities=communities, place=_place(cells, edit))
    for cell in concerned:
        if cell.locked:
            raise InvalidRedraw("grid_locked", grid=cell.code, place=cell.degrees)
    for cell in edit.new:
        if cell.code in cells and not cells[cell.code].shape.is_empty:
            raise InvalidRedraw("code_taken", grid=cell.code, place=cells[cell.code].degrees)


class _Work:
    """One edit under way, on the participants and whoever touches them, or on all cells."""

    def __init__(self, cells: Cells, edit: Edit, *, whole: bool) -> None:
        self.cells, self.edit = cells, edit
        self.own = [cells[code].shape for code in edit.participants]
        self.codes = cells.codes if whole else _scope(cells, edit)
        self.whole = whole
        self.plane = plane.around([shape for shape in self.own if not shape.is_empty])
        self.settled: list[Settled] = []

    def done(self) -> Redrawn | None:
        """The ground after the edit; None where a larger patch is needed."""
        patch, shapes = self._settled_patch()
        if self.edit.tidy:
            shapes = thinning.thinned(self._before(), shapes, self._changed(patch))
        if not self._exact(shapes):
            return None
        handed = patch.handed()
        if not handed or (self.edit.tidy and slivers([s for *_, s in handed], self.plane).all()):
            raise InvalidRedraw("no_change", place=_place(self.cells, self.edit))
        return self._redrawn(patch, shapes)

    def _settled_patch(self) -> tuple[Patch, dict[str, BaseGeometry]]:
        """The faces with their cells, cut again where strips are left."""
        cuts = list(self.edit.cuts)
        for last in (*(False,) * ROUNDS, True):
            self.settled.clear()
            patch = self._labelled(cuts)
            shapes = patch.dissolved()
            self._refuse_lost(shapes)
            more = [] if last or not self.edit.tidy else self._mouths(patch, shapes)
            if not more:
                break
            cuts += more
        return patch, shapes

    def _labelled(self, cuts: Sequence[BaseGeometry]) -> Patch:
        new = [cell.code for cell in self.edit.new]
        patch = Patch(self.cells, self.codes, cuts, new)
        pieces.rejoin(patch, patch.numbers(self._standing()))
        mine = np.flatnonzero(np.isin(patch.before, patch.numbers(self.edit.participants)))
        olds = [patch.names[label] for label in patch.before[mine].tolist()]
        wanted = self.edit.relabel(patch.spots[mine], olds)
        if not {*wanted} <= {*self.edit.participants, *new}:
            raise InvalidRedraw("no_division", place=_place(self.cells, self.edit))
        patch.label[mine] = [patch.index[code] for code in wanted]
        allowed = patch.numbers([*self.edit.participants, *new])
        if self.edit.tidy:
            given = pieces.give_slivers(patch, mine, allowed, self.plane)
            self._tell("sliver", patch, given)
            kept = [code for code in self._allowed() if not self._cell(code).loose]
            settle = pieces.Settle(
                kept, self.edit.to, self.edit.leftover, self.edit.area, self.edit.apart
            )
            self._tell("piece", patch, pieces.settle(patch, settle, allowed, self.plane))
        else:
            pieces.gather_crumbs(patch, mine, allowed)
        return patch

    def _standing(self) -> list[str]:
        """Who takes no part and must stay in one piece."""
        others = set(self.codes).difference(self.edit.participants)
        return sorted(code for code in others if not self.cells[code].loose)

    def _allowed(self) -> list[str]:
        return sorted({*self.edit.participants, *(cell.code for cell in self.edit.new)})

    def _cell(self, code: str) -> Cell:
        return next((c for c in self.edit.new if c.code == code), None) or self.cells[code]

    def _tell(
        self, why: Literal["sliver", "piece"], patch: Patch, given: Collection[pieces.Given]
    ) -> None:
        for label, shape in given:
            self.settled.append(Settled(why, patch.names[label], lattice.to_degrees(shape)))

    def _refuse_lost(self, shapes: dict[str, BaseGeometry]) -> None:
        """Refuse where grids lose all their ground unasked, or keep only a crumb of it."""
        lost = []
        for code in self._allowed():
            cell, shape = self._cell(code), shapes.get(code, NO_GROUND)
            if cell.kind == "uncovered" or (code in self.edit.vanish and shape.is_empty):
                continue
            if shape.is_empty and cell.shape.is_empty:
                raise InvalidRedraw("no_change", place=_place(self.cells, self.edit))
            small = self.edit.tidy and not shape.is_empty and self._is_small(shape)
            if small and self._as_small(code):
                continue
            if self.edit.tidy and cell.shape.is_empty:
                narrow.refuse(code, shape, self.edit, self.plane)
            if small or shape.is_empty:
                lost.append(cell)
        if lost:
            codes = [cell.code for cell in lost]
            place = lattice.to_degrees(measure.together([cell.shape for cell in lost]))
            remedy = Remedy("confirm_retire", {"retire": sorted({*self.edit.vanish, *codes})})
            raise InvalidRedraw("donor_vanishes", grids=codes, place=place, remedy=remedy)

    def _as_small(self, code: str) -> bool:
        """Whether a grid was a crumb before."""
        before = self._cell(code).shape
        return not before.is_empty and self._is_small(before)

    def _is_small(self, shape: BaseGeometry) -> bool:
        return bool(slivers([shape], self.plane)[0])

    def _mouths(self, patch: Patch, shapes: dict[str, BaseGeometry]) -> list[BaseGeometry]:
        """Lines across the mouths of strips beside ground that changed hands."""
        changed = np.flatnonzero(patch.label != patch.before)
        if not len(changed):
            return []
        near = self.plane.to_m(shapely.union_all(patch.faces[changed]))
        found = [shapes[code] for code in self._changed(patch) if code in shapes]
        return [
            self.plane.to_steps(mouth)
            for shape in found
            for mouth in pieces.mouths(self.plane.to_m(shape), near)
        ]

    def _changed(self, patch: Patch) -> list[str]:
        """The codes that gain or lose ground, in order."""
        changed = patch.label != patch.before
        labels = {*patch.label[changed].tolist(), *patch.before[changed].tolist()}
        return [patch.names[label] for label in sorted(labels)]

    def _before(self) -> dict[str, BaseGeometry]:
        return {code: self.cells[code].shape for code in self.codes}

    def _exact(self, shapes: dict[str, BaseGeometry]) -> bool:
        """Whether the cells share every vertex with each other and with all around the patch."""
        before = self._before()
        around = [] if self.whole else self.cells.around([s for s in before.values() if s])
        rest = [self.cells[code].shape for code in around if code not in before]
        filled = measure.array([*shapes.values(), *rest])
        if not np.all(shapely.is_valid(filled)) or not shapely.coverage_is_valid(filled):
            return False
        # A coverage may have gaps and be called valid: the outline must not have grown by theirs.
        old = measure.array([*before.values(), *rest])
        grown = abs(partition.one_sided(filled) - partition.one_sided(old))
        return grown <= OUTLINE or (grown <= RAGGED and _gaps(filled) <= _gaps(old))

    def _redrawn(self, patch: Patch, shapes: dict[str, BaseGeometry]) -> Redrawn:
        handed = [Handed(a, b, lattice.to_degrees(shape)) for a, b, shape in patch.handed()]
        changed = sorted({code for one in handed for code in (one.giver, one.taker)})
        other = [code for code in sorted(shapes) if not self._same(code, shapes[code])]
        gone = [code for code in changed if code not in shapes and not self._kept_empty(code)]
        emptied = [self._cell(c) for c in changed if c not in shapes and c not in gone]
        now = [moved(self._cell(code), shapes[code]) for code in other]
        cells = self.cells.replaced([*now, *(replace(c, shape=NO_GROUND) for c in emptied)], gone)
        noded = tuple(code for code in other if code not in changed)
        return Redrawn(cells, tuple(changed), noded, tuple(handed), tuple(self.settled))

    def _kept_empty(self, code: str) -> bool:
        return self._cell(code).kind == "uncovered"

    def _same(self, code: str, shape: BaseGeometry) -> bool:
        return code in self.cells and bool(shapely.equals_identical(self.cells[code].shape, shape))


def _gaps(shapes: lattice.Shapes) -> int:
    """How many holes, too thin for any ground, areas that share their vertices leave."""
    rings = shapely.get_rings(shapely.get_parts(measure.together(shapes)))
    holes = shapely.polygons(rings)
    return int((2 * shapely.area(holes) < pieces.CRUMB * shapely.length(holes)).sum())


def _scope(cells: Cells, edit: Edit) -> list[str]:
    """The participants, and all cells that touch one of them."""
    shapes = [cells[code].shape for code in edit.participants]
    return sorted({*edit.participants, *cells.around([s for s in shapes if not s.is_empty])})
