"""Each way of redrawing as one `redraw.Edit`: what is cut, and who gets which face."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geodata.domain import lattice, measure, narrow, partition, plain, strokes
from geodata.domain.cells import Cell, Cells
from geodata.domain.intent import Carve, Give, Merge, Split
from geodata.domain.lattice import Shapes
from geodata.domain.patch import slivers
from geodata.domain.pieces import Leftover
from geodata.domain.plane import around
from geodata.domain.redraw import Edit, Relabel
from geodata.errors import InvalidRedraw, Remedy

MOST_PARTS: Final = 200
"""Into so many grids one may be split."""
_TWO: Final = 2


def split(cells: Cells, intent: Split) -> Edit:
    """A grid cut along a line, which is prolonged to the border where it stops just before it.

    Raises InvalidRedraw: as `strokes.line`, `strokes.refuse_to_and_fro` and `strokes.across`,
    ``not_split``, ``too_many_parts``.
    """
    cell = cells.grid(intent.grid)
    drawn = strokes.line(intent.line, [cell])
    strokes.refuse_to_and_fro(drawn, cell.shape)
    cut = strokes.clipped(strokes.across(drawn, cell), cell.shape)
    parts = _cut_parts(cell, cut)
    if len(parts) < _TWO:
        raise InvalidRedraw("not_split", grid=cell.code, place=lattice.to_degrees(cut))
    if len(parts) > len(intent.new) + 1:
        raise InvalidRedraw(
            "too_many_parts",
            grid=cell.code,
            parts=len(parts),
            place=lattice.to_degrees(measure.together(parts)),
            remedy=_n_grids(len(parts)),
        )
    keeper = _keeper(parts, intent.keep)
    rest = [part for n, part in enumerate(parts) if n != keeper]
    codes = intent.new[: len(rest)]
    named = dict(zip(codes, rest, strict=True))
    return Edit(
        (cell.code,),
        nearest_of({cell.code: parts[keeper]} | named),
        (cut,),
        new=tuple(_beside(cells, cell, code) for code in codes),
        width_m=narrow.WIDE_M,
    )


def _n_grids(count: int) -> Remedy | None:
    return Remedy("make_n_grids", {"parts": count}) if count <= MOST_PARTS else None


def _cut_parts(cell: Cell, cut: BaseGeometry) -> Shapes:
    """What the parts of a grid that a line crosses fall into."""
    plane = around([cell.shape])
    whole = shapely.get_parts(cell.shape)
    pieces = [strokes.parts(one, [cut], plane) for one in whole]
    several = [found for found in pieces if len(found) > 1]
    return np.concatenate(several) if several else measure.array([])


def _keeper(parts: Shapes, keep: plain.Spot | None) -> int:
    """Which part keeps the code: the one at a spot, else the largest, the first of equals."""
    if keep is not None and np.isfinite(keep).all():
        spot = shapely.Point(np.array(keep) * lattice.STEPS)
        return int(np.argmin(shapely.distance(parts, spot)))
    return int(np.argmax(shapely.area(parts)))


def _beside(cells: Cells, cell: Cell, code: str) -> Cell:
    """A new grid in the community of another one."""
    return new_grid(cells, code, cell.community, cell.kind)


def new_grid(cells: Cells, code: str, community: str, kind: str) -> Cell:
    """A grid that is still without ground. Raises InvalidRedraw ``code_taken``."""
    if code in cells:
        raise InvalidRedraw("code_taken", grid=code, place=cells[code].degrees)
    return Cell(code, community, kind="dedicated" if kind == "dedicated" else "basic")


def nearest_of(areas: dict[str, BaseGeometry]) -> Relabel:
    """Each face goes to the area it lies in, or nearest to; a grid's uncut parts stay its own."""
    codes, tree = list(areas), shapely.STRtree(measure.array(list(areas.values())))

    def relabel(spots: Shapes, olds: Sequence[str]) -> list[str]:
        found = tree.query_nearest(spots, all_matches=False, return_distance=True)
        near = [codes[n] for n in found[0][1].tolist()]
        inside = (found[1] <= strokes.OUT).tolist()
        return [c if here else old for c, here, old in zip(near, inside, olds, strict=True)]

    return relabel


def merge(cells: Cells, intent: Merge) -> Edit:
    """Grids joined into one of them. Raises InvalidRedraw ``too_few_grids``, ``not_neighbours``."""
    codes = sorted({*intent.grids, intent.into})
    grids = [cells.grid(code) for code in codes]
    if len(grids) < _TWO:
        raise InvalidRedraw("too_few_grids", place=grids[0].degrees)
    _hang_together(grids)
    gone = frozenset(code for code in codes if code != intent.into)
    return Edit(tuple(codes), all_to(intent.into), to=intent.into, vanish=gone, leftover="refuse")


def _hang_together(grids: Sequence[Cell]) -> None:
    if any(grid.loose for grid in grids):
        return
    shapes = measure.array([grid.shape for grid in grids])
    left, right, _ = partition.borders(shapes)
    root = partition.components(len(grids), left, right, np.ones(len(left), dtype=bool))
    apart = np.flatnonzero(root != root[0])
    if len(apart):
        place = lattice.to_degrees(shapes[apart[0]])
        raise InvalidRedraw("not_neighbours", grid=grids[apart[0]].code, place=place)


def all_to(code: str) -> Relabel:
    """Every face goes to one cell."""
    return lambda spots, _: [code] * len(spots)


def give(cells: Cells, intent: Give) -> Edit:
    """A piece of ground for a grid. Raises InvalidRedraw: as `strokes.area` and `_donors`."""
    taker = cells.grid(intent.to)
    area = strokes.area(intent.area, cells.members(taker.community))
    return _transfer(cells, area, taker, intent)


def carve(cells: Cells, intent: Carve) -> Edit:
    """A new grid of a piece of ground. Raises InvalidRedraw: as `give`, ``code_taken``."""
    near = [cells.grid(code) for code in intent.donors] or [*cells]
    area = strokes.area(intent.area, near)
    home = _community_of(cells, area, intent.donors)
    return _transfer(cells, area, new_grid(cells, intent.new, home, intent.kind), intent)


def _community_of(cells: Cells, area: BaseGeometry, donors: Sequence[str]) -> str:
    """The community that most of an area lies in."""
    if donors:
        return cells.grid(donors[0]).community
    share: dict[str, float] = {}
    for code in cells.touching(area):
        cell = cells[code]
        both = shapely.intersection(cell.shape, area).area
        share[cell.community] = share.get(cell.community, 0.0) + both
    if not share:
        raise InvalidRedraw("drawn_outside", place=lattice.to_degrees(area))
    return min(share, key=lambda code: (-share[code], code))


def _transfer(cells: Cells, area: BaseGeometry, taker: Cell, intent: Give | Carve) -> Edit:
    donors = _donors(cells, area, taker, intent.donors)
    ground = measure.together([donor.shape for donor in donors])
    cut = strokes.clipped(partition.outline(area), ground)
    shapely.prepare(area)
    known = taker.code in cells
    codes = sorted({donor.code for donor in donors} | ({taker.code} if known else set()))
    return Edit(
        tuple(codes),
        _within(area, taker.code),
        (cut,),
        new=() if known else (taker,),
        to=taker.code,
        area=area,
        vanish=frozenset(intent.retire),
        leftover="give" if intent.pieces else _leftover(intent),
        width_m=narrow.WIDE_M,
    )


def _leftover(intent: Give | Carve) -> Leftover:
    """Where buildings are handed over, no other one may go along unasked."""
    return "ask_all" if isinstance(intent, Give) and intent.buildings else "ask"


def _within(area: BaseGeometry, code: str) -> Relabel:
    def relabel(spots: Shapes, olds: Sequence[str]) -> list[str]:
        inside = shapely.intersects(area, spots).tolist()
        return [code if here else old for here, old in zip(inside, olds, strict=True)]

    return relabel


def _donors(cells: Cells, area: BaseGeometry, taker: Cell, named: Sequence[str]) -> list[Cell]:
    """The grids of the taker's community that an area takes ground from.

    Raises InvalidRedraw ``no_such_grid``, ``only_uncovered``, ``two_communities``, ``no_change``.
    """
    for code in named:
        cells.grid(code)
    under = [cells[code] for code in cells.touching(area) if code != taker.code]
    plane = around([area])
    found = [
        cell for cell in under if not slivers([shapely.intersection(cell.shape, area)], plane)[0]
    ]
    chosen = [cell for cell in found if not named or cell.code in named]
    own = [c for c in chosen if c.community == taker.community and c.kind != "uncovered"]
    if own:
        return own
    place = lattice.to_degrees(area)
    if any(c.kind == "uncovered" and c.community == taker.community for c in chosen):
        remedy = Remedy("fill", {"op": "fill", "community": taker.community})
        raise InvalidRedraw("only_uncovered", place=place, remedy=remedy)
    if chosen:
        both = sorted({taker.community, *(cell.community for cell in chosen)})
        raise InvalidRedraw("two_communities", communities=both, place=place)
    raise InvalidRedraw("no_change", place=place)
