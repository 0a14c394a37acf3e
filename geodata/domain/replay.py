"""Intents done over the ground, one after the other: the same ones always give the same ground."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from typing import Any, Final

from shapely.geometry.base import BaseGeometry

from geodata.domain import (
    borders,
    edits,
    filling,
    intent,
    lattice,
    measure,
    plain,
    redivision,
    redraw,
    remedies,
)
from geodata.domain.cells import Cell, Cells
from geodata.domain.intent import Intent, Kept, Revive
from geodata.domain.redraw import Edit, Redrawn
from geodata.errors import InvalidRedraw, Remedy

Way = Callable[[Cells, Any], Edit]

_WAYS: Final[Mapping[type[Intent], Way]] = {
    intent.Split: edits.split,
    intent.Merge: edits.merge,
    intent.Give: edits.give,
    intent.Carve: edits.carve,
    intent.Fill: filling.fill,
    intent.Close: filling.close,
    intent.Reshape: borders.reshape,
    intent.Retire: borders.retire,
    intent.Restore: redivision.restore,
    intent.Revive: redivision.revive,
    intent.Adopt: redivision.adopt,
}
_CHOSEN: Final = frozenset(
    {
        *("no_such_grid", "no_such_community", "not_neighbours", "too_few_grids", "grid_locked"),
        *("two_communities", "other_community", "code_taken", "no_buildings", "nothing_uncovered"),
    }
)
"""Refusals that another choice of grids helps with, not another drawing."""


def perform(cells: Cells, wanted: Intent, within: Collection[str] | None = None) -> Redrawn:
    """The ground after one intent; with `within` only in those communities.

    Raises InvalidRedraw: what the way itself refuses, and ``other_community`` where it would change
    the ground of a community that is not among those; always with a place and a remedy, which was
    tried and helps unless it has no changes.
    """
    try:
        return _done(cells, wanted, within)
    except InvalidRedraw as refused:
        found = remedies.working(wanted, refused, lambda other: _done(cells, other, within))
        again = "choose_again" if refused.code in _CHOSEN else "draw_again"
        refused.remedy = found or Remedy(again)
        if refused.place is None or refused.place.is_empty:
            refused.place = _meant(cells, wanted)
        raise


def _done(cells: Cells, wanted: Intent, within: Collection[str] | None) -> Redrawn:
    edit = _WAYS[type(wanted)](cells, wanted)
    homes = {cells[code].community for code in edit.participants}
    homes |= {cell.community for cell in edit.new}
    if within is not None and not homes <= set(within):
        foreign = sorted(homes - set(within))
        other = [cells[c] for c in edit.participants if cells[c].community in foreign]
        place = other[0].degrees if other else None
        raise InvalidRedraw("other_community", communities=foreign, place=place)
    return redraw.apply(cells, edit)


def _meant(cells: Cells, wanted: Intent) -> BaseGeometry:
    """The ground of the grids or the community that an intent names, else all ground (degrees)."""
    told = {field.name: getattr(wanted, field.name) for field in fields(wanted)}
    named = {value for value in told.values() if isinstance(value, str)}
    named |= {one for name in ("grids", "donors", "heirs") for one in _codes(told.get(name))}
    here = [c for c in cells if not c.shape.is_empty and named & {c.code, c.community}]
    ground = here or [cell for cell in cells if not cell.shape.is_empty]
    return lattice.to_degrees(measure.together([cell.shape for cell in ground]))


def _codes(value: object) -> set[str]:
    return {one for one in value if isinstance(one, str)} if isinstance(value, tuple) else set()


def replay(
    cells: Cells, intents: Sequence[Intent], within: Collection[str] | None = None
) -> Iterator[Redrawn]:
    """The ground after each of the intents in turn; raises InvalidRedraw as `perform`."""
    for wanted in intents:
        done = perform(cells, wanted, within)
        cells = done.cells
        yield done


def inverse(before: Cells, done: Redrawn) -> Revive:
    """The intent that gives every changed cell back what it had, over whatever ground is then."""
    return restore_of([before[code] for code in done.changed if code in before])


def restore_of(cells: Iterable[Cell]) -> Revive:
    """The intent that gives cells back the ground they have here."""
    return Revive(
        tuple(
            Kept(cell.code, cell.community, cell.kind, cell.multipart, plain.area_of(cell.shape))
            for cell in cells
        )
    )
