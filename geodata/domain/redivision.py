"""A community's ground given back as it was, or divided as drawn, each as one `redraw.Edit`."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

import shapely
from shapely.geometry.base import BaseGeometry

from geodata.domain import lattice, measure, partition, plain, strokes
from geodata.domain.adopt import adopt as divided
from geodata.domain.borders import covering
from geodata.domain.cells import NO_GROUND, Cell, Cells, uncovered
from geodata.domain.intent import Adopt, Restore, Revive
from geodata.domain.lattice import Shapes
from geodata.domain.pieces import CRUMB
from geodata.domain.redraw import Edit
from geodata.errors import InvalidRedraw, InvalidShape


def restore(cells: Cells, intent: Restore) -> Edit:
    """Grids given back the ground they had at first, whatever a caller says that it was.

    Grids that came since may lose all they have; others may not. Raises InvalidRedraw
    ``no_such_grid`` for a code that was not there at first, ``no_change``.
    """
    given = [_at_first(cells, kept.code) for kept in intent.grids]
    back = _given_back(cells, given)
    here = {*back.participants, *(cell.code for cell in back.new)}
    came = frozenset(code for code in here if code not in cells.first)
    return replace(back, vanish=came | {cell.code for cell in given})


def _at_first(cells: Cells, code: str) -> Cell:
    if code not in cells.first:
        raise InvalidRedraw("no_such_grid", grid=code)
    return cells.first[code]


def revive(cells: Cells, intent: Revive) -> Edit:
    """Grids given back the ground that a log of ours says they had; raises ``no_change``."""
    return _given_back(
        cells,
        [
            Cell(kept.code, kept.community, plain.as_area(kept.area), kept.kind, kept.multipart)
            for kept in intent.grids
        ],
    )


def _given_back(cells: Cells, given: Sequence[Cell]) -> Edit:
    """Cells given the ground they have here; whoever has some of it now gives it up.

    What they have now beyond that goes to whichever of them it lies nearest to.
    """
    filled = {cell.code: cell.shape for cell in given if not cell.shape.is_empty}
    if not filled:
        raise InvalidRedraw("no_change")
    codes = sorted({cell.code for cell in given if cell.code in cells} | _now_on(cells, filled))
    back, exact = covering(filled), shapely.STRtree(measure.array(list(filled.values())))

    def relabel(spots: Shapes, olds: Sequence[str]) -> list[str]:
        near = exact.query(spots, predicate="dwithin", distance=strokes.OUT)
        inside = set(near[0].tolist())
        pairs = enumerate(zip(back(spots, olds), olds, strict=True))
        return [was if n in inside or now in filled else now for n, (was, now) in pairs]

    return Edit(
        tuple(codes),
        relabel,
        tuple(partition.outline(shape) for shape in filled.values()),
        tuple(replace(cell, shape=NO_GROUND) for cell in given if cell.code not in cells),
        vanish=frozenset(codes),
        tidy=False,
    )


def _now_on(cells: Cells, old: Mapping[str, BaseGeometry]) -> set[str]:
    """The codes of those who have more than a crumb of some ground now."""
    areas = measure.array(list(old.values()))
    found = set()
    for code in cells.around(areas):
        both = shapely.intersection(cells[code].shape, areas)
        thick = 2 * shapely.area(both) > CRUMB * shapely.length(both)
        if code not in old and thick.any():
            found.add(code)
    return found


def adopt(cells: Cells, intent: Adopt) -> Edit:
    """A community's ground divided as drawn; gaps and overlaps settled as `adopt.adopt` does.

    Grids that are drawn as they are take no part. Raises InvalidRedraw as that InvalidShape,
    ``no_such_community``, ``other_community`` and ``no_such_grid`` for codes that are not the
    community's, ``no_change``, and as `strokes.areas`.
    """
    everyone = cells.members(intent.community)
    if not everyone:
        raise InvalidRedraw("no_such_community", community=intent.community)
    _refuse_strange(cells, intent.community, [code for code, _ in intent.grids])
    drawn = strokes.areas(intent.grids, everyone)
    still = _still(everyone, {code: lattice.to_units(shape) for code, shape in drawn.items()})
    members = [cell for cell in everyone if cell.code not in still]
    drawn = {code: shape for code, shape in drawn.items() if code not in still}
    if not drawn and not intent.retire:
        raise InvalidRedraw("no_change")
    ground = lattice.to_degrees(measure.together([cell.shape for cell in members]))
    several = [cell.code for cell in members if cell.multipart]
    try:
        done = divided(drawn, ground, multipart=several)
    except InvalidShape as refused:
        place = drawn.get(str(refused.facts.get("shape")), ground)
        told = InvalidRedraw(refused.code, place=place)
        told.facts = refused.facts
        raise told from refused
    gap = uncovered(intent.community)
    made = {gap: done.uncovered, **done.shapes}
    found = {c: lattice.to_units(s) for c, s in sorted(made.items()) if not s.is_empty}
    new = [Cell(code, intent.community) for code in done.shapes if code not in cells]
    if gap in found and gap not in cells:
        new.append(replace(cells.open_ground(intent.community)))
    return Edit(
        tuple(cell.code for cell in members),
        covering(found),
        tuple(partition.outline(shape) for shape in found.values()),
        tuple(new),
        vanish=frozenset(intent.retire),
    )


def _still(members: Sequence[Cell], drawn: Mapping[str, BaseGeometry]) -> set[str]:
    """The codes of cells that are drawn as they are, by more than which nothing else lies on."""
    codes = list(drawn)
    shapes = measure.array([drawn[code] for code in codes])
    tree = shapely.STRtree(shapes)
    found = set()
    for cell in members:
        if cell.code not in drawn or _thick(cell.shape.symmetric_difference(drawn[cell.code])):
            continue
        near = [n for n in tree.query(cell.shape).tolist() if codes[n] != cell.code]
        if not any(_thick(part) for part in shapely.intersection(cell.shape, shapes[near])):
            found.add(cell.code)
    return found


def _thick(shape: BaseGeometry) -> bool:
    """Whether ground (lattice steps) is more than crumbs along a border."""
    parts = shapely.get_parts(shape)
    return bool((2 * shapely.area(parts) > CRUMB * shapely.length(parts)).any())


def _refuse_strange(cells: Cells, community: str, codes: Collection[str]) -> None:
    """Refuse codes that are neither grids of a community nor provisional ones of its own.

    A plain code that is not among the cells may be present elsewhere, or retired and never to be
    used again.
    """
    new = re.compile(rf"{re.escape(community)}\+[0-9]{{3,6}}")
    for code in codes:
        if code not in cells and new.fullmatch(code):
            continue
        grid = cells.grid(code)
        if grid.community != community:
            communities = sorted((community, grid.community))
            raise InvalidRedraw("other_community", communities=communities, place=grid.degrees)
