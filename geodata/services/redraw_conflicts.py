"""Where somebody else has redrawn what a plan touches: what changed, by whom, when, and where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shapely.geometry.base import BaseGeometry
from sqlalchemy import RowMapping
from sqlalchemy.orm import Session

from geodata.db import plans
from geodata.db import redraw_history as history
from geodata.domain import lattice
from geodata.domain.patch import slivers
from geodata.domain.plane import around
from geodata.errors import Conflict
from geodata.services import redraw_ground


@dataclass(frozen=True)
class Changed:
    """A grid that is another now than a plan was drawn over; shapes in degrees, None if it is gone.

    `at` is when it changed first, `plan` and `name` the plan that did it, `by` who published that;
    None where it was a load.
    """

    grid: str
    was: BaseGeometry
    now: BaseGeometry | None
    at: datetime | None
    by: str | None
    plan: UUID | None
    name: str | None


def changed(
    session: Session, base: Mapping[str, int], rows: Mapping[str, RowMapping]
) -> list[Changed]:
    """The grids that have other ground now than a plan was drawn over, more than new vertices.

    `base` has the boundary of each grid that the plan touches, `rows` the present cells, by code.
    """
    moved = [c for c, number in base.items() if c not in rows or rows[c]["boundary_id"] != number]
    if not moved:
        return []
    old = history.ended(session, [base[code] for code in moved])
    found = [_changed(code, old[base[code]], rows.get(code)) for code in sorted(moved)]
    return [one for one in found if one.now is None or differs(one.was, one.now)]


def under(session: Session, found: RowMapping) -> list[Changed]:
    """What others have redrawn under a plan, or else under the step that would be taken again."""
    rows = redraw_ground.present(session, found["community_code"])
    here = changed(session, found["base"], rows)
    undone = [s for s in plans.steps(session, found["id"]) if s["undone"]]
    if here or not undone:
        return here
    return changed(session, undone[0]["base"] or {}, rows)


def refuse(session: Session, base: Mapping[str, int], rows: Mapping[str, RowMapping]) -> None:
    """Raises Conflict ``ground_changed`` (grids, by, at) where `changed` finds any."""
    found = changed(session, base, rows)
    if found:
        raise Conflict("ground_changed", **facts(found))


def facts(found: Sequence[Changed]) -> dict[str, object]:
    """What is said of changed ground: grids, by (each once), at (the first moment, ISO 8601)."""
    return {
        "grids": [one.grid for one in found],
        "by": sorted({one.by for one in found if one.by}),
        "at": min((one.at.isoformat() for one in found if one.at), default=None),
    }


def _changed(code: str, old: RowMapping, present: RowMapping | None) -> Changed:
    now = None if present is None else present["shape"]
    return Changed(code, old["shape"], now, old["at"], old["by"], old["plan"], old["name"])


def differs(one: BaseGeometry, other: BaseGeometry) -> bool:
    """Whether two shapes in degrees differ by more than crumbs."""
    steps = [lattice.to_units(shape) for shape in (one, other)]
    rest = steps[0].symmetric_difference(steps[1])
    return not rest.is_empty and not slivers([rest], around(steps))[0]
