"""A plan's community as small maps: before and after, with what is another marked."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from shapely.geometry.base import BaseGeometry
from sqlalchemy import RowMapping

from geodata.domain import cells as ground_cells
from geodata.domain.outline import Cells, Sketch, sketch
from geodata.services import grid_history, redraws
from geodata.services.redraw_conflicts import Changed
from geodata.services.redraws import Drawn
from webmap import database

_FINE: Final = 0.5
_BEFORE: Final = timedelta(milliseconds=1)


@dataclass(frozen=True)
class Picture:
    """Two maps of one scale, and the codes of grids that are others on them."""

    before: Sketch
    after: Sketch
    marked: Collection[str]


def drawn(plan: Drawn, figures: Sequence[Mapping[str, Any]]) -> Picture:
    """The community as it is and as a plan would have it; `figures` before and after, by code."""
    was, will = _grids(plan, plan.before), _grids(plan, plan.after)
    return _picture(was, will, _named(figures))


def published(plan: RowMapping, figures: Sequence[Mapping[str, Any]]) -> Picture:
    """The same of a published plan: the community just before and after that moment."""
    at = plan["published_at"]
    return _picture(_standing(plan, at - _BEFORE), _standing(plan, at), _named(figures))


def overtaken(plan: RowMapping, found: Sequence[Changed]) -> Picture | None:
    """The community as a plan was drawn over it and as it is; None where nothing was changed."""
    if not found:
        return None
    rows = redraws.present(database.session(), plan)
    codes = {one.grid for one in found}
    still = {
        code: row["shape"]
        for code, row in rows.items()
        if row["community_code"] == plan["community_code"] and row["kind"] != "uncovered"
    }
    was = {code: shape for code, shape in still.items() if code not in codes}
    was |= {one.grid: one.was for one in found}
    return _picture(was, still, codes)


def _picture(
    before: Mapping[str, BaseGeometry], after: Mapping[str, BaseGeometry], marked: Collection[str]
) -> Picture:
    was, now = sketch([Cells(before), Cells(after)], _FINE)
    return Picture(was, now, marked)


def _grids(plan: Drawn, cells: ground_cells.Cells) -> dict[str, BaseGeometry]:
    own = cells.members(plan.plan["community_code"])
    return {
        plan.codes.get(cell.code, cell.code): cell.degrees
        for cell in own
        if cell.kind != "uncovered" and not cell.shape.is_empty
    }


def _named(figures: Sequence[Mapping[str, Any]]) -> set[str]:
    return {code for side in figures for code in side}


def _standing(plan: RowMapping, at: datetime) -> dict[str, BaseGeometry]:
    rows = grid_history.as_of(database.session(), at, plan["community_code"])
    return {row["code"]: row["shape"] for row in rows}
