"""Ground that lies in no grid: filled, or left so, as one `redraw.Edit` each."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geodata.domain import lattice, measure, partition, strokes
from geodata.domain.cells import Cell, Cells
from geodata.domain.edits import all_to, nearest_of, new_grid
from geodata.domain.intent import Close, Fill
from geodata.domain.lattice import Shapes
from geodata.domain.redraw import Edit
from geodata.errors import InvalidRedraw, Remedy


def fill(cells: Cells, intent: Fill) -> Edit:
    """Uncovered ground for a grid.

    Raises InvalidRedraw ``nothing_uncovered``, ``area_apart``; where no grid is named and none can
    take it ``grid_locked`` (the grids beside it are) or ``fill_alone`` (there is none beside it).
    """
    gap = cells.open_ground(intent.community)
    if gap.code not in cells or gap.shape.is_empty:
        raise InvalidRedraw("nothing_uncovered", community=intent.community)
    area = _open_area(cells, gap, intent)
    cuts = () if area is None else (strokes.clipped(partition.outline(area), gap.shape),)
    taker = _filler(cells, intent)
    if taker is None:
        return _fill_beside(cells, gap, area, cuts)
    known = taker.code in cells
    wanted = gap.shape if area is None else area
    shapely.prepare(wanted)

    def relabel(spots: Shapes, olds: Sequence[str]) -> list[str]:
        inside = shapely.intersects(wanted, spots).tolist()
        pairs = zip(inside, olds, strict=True)
        return [taker.code if here and old == gap.code else old for here, old in pairs]

    codes = (gap.code, taker.code) if known else (gap.code,)
    new = () if known else (taker,)
    return Edit(
        codes,
        relabel,
        cuts,
        new,
        to=taker.code,
        area=wanted,
        apart=Remedy("fill_beside", {"to": None, "new": None}),
        leftover="ask",
    )


def _open_area(cells: Cells, gap: Cell, intent: Fill) -> BaseGeometry | None:
    """The uncovered ground that is meant; None for all of it."""
    if intent.area is not None:
        return strokes.area(intent.area, cells.members(intent.community))
    if intent.spot is None:
        return None
    if not np.isfinite(intent.spot).all():
        raise InvalidRedraw("drawing_not_a_number")
    spot = shapely.Point(np.array(intent.spot) * lattice.STEPS)
    parts = shapely.get_parts(gap.shape)
    here = parts[shapely.intersects(parts, spot)]
    if not len(here):
        place = lattice.to_degrees(spot)
        raise InvalidRedraw("nothing_uncovered", community=intent.community, place=place)
    found: BaseGeometry = here[0]
    return found


def _filler(cells: Cells, intent: Fill) -> Cell | None:
    if intent.new is not None:
        return new_grid(cells, intent.new, intent.community, "basic")
    return None if intent.to is None else cells.grid(intent.to)


def _fill_beside(
    cells: Cells, gap: Cell, area: BaseGeometry | None, cuts: tuple[BaseGeometry, ...]
) -> Edit:
    """Each piece goes to the grid of the community that it shares most border with."""
    wanted = gap.shape if area is None else shapely.intersection(gap.shape, area, grid_size=1.0)
    beside = [c for c in cells.members(gap.community) if c.kind != "uncovered"]
    grids = [c for c in beside if not c.locked]
    takers: dict[str, BaseGeometry] = {}
    for piece in shapely.get_parts(wanted):
        taker = _longest(piece, grids)
        if taker is not None:
            takers[taker] = measure.together([piece, *([takers[taker]] if taker in takers else [])])
    if not takers:
        raise _untaken(wanted, [c for c in beside if c.locked])
    near = nearest_of(takers)

    def relabel(spots: Shapes, olds: Sequence[str]) -> list[str]:
        pairs = zip(near(spots, olds), olds, strict=True)
        return [new if old == gap.code else old for new, old in pairs]

    return Edit((gap.code, *takers), relabel, cuts)


def _untaken(wanted: BaseGeometry, locked: Sequence[Cell]) -> InvalidRedraw:
    """Why nobody can take some ground; a grid of its own always can."""
    place, remedy = lattice.to_degrees(wanted), Remedy("make_new_grid", {"new": True})
    held = _longest(wanted, locked)
    if held is None:
        return InvalidRedraw("fill_alone", place=place, remedy=remedy)
    return InvalidRedraw("grid_locked", grid=held, place=place, remedy=remedy)


def _longest(piece: BaseGeometry, grids: Sequence[Cell]) -> str | None:
    """The grid with the longest border to a piece; None where none has any."""
    outline = shapely.boundary(piece)
    shared = [shapely.intersection(outline, shapely.boundary(grid.shape)).length for grid in grids]
    best = int(np.argmax(shared)) if shared else -1
    return grids[best].code if best >= 0 and shared[best] > 0 else None


def close(cells: Cells, intent: Close) -> Edit:
    """A grid given up, its ground uncovered."""
    cell = cells.grid(intent.grid)
    gap = cells.open_ground(cell.community)
    known = gap.code in cells
    return Edit(
        (cell.code, gap.code) if known else (cell.code,),
        all_to(gap.code),
        new=() if known else (gap,),
        vanish=frozenset([cell.code]),
    )
