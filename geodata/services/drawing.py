"""What somebody at the map does to a plan: tries a step, or takes it, at a place in its log.

Buildings are handed over by their codes; the ground around them is found here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import shapely
from sqlalchemy import RowMapping
from sqlalchemy.orm import Session

from geodata.db import plans
from geodata.domain import lattice, nearest
from geodata.domain.cells import Cell
from geodata.domain.intent import as_json
from geodata.errors import Conflict, InvalidRedraw, Remedy
from geodata.services import redraws
from geodata.services.redraws import Drawn

HAND: Final = "hand"
MOST_BUILDINGS: Final = 1000


def draw(
    session: Session,
    public_id: UUID,
    given: Mapping[str, Any],
    at: int | None,
    author: str,
    now: datetime,
    *,
    trial: bool = False,
) -> Drawn:
    """One more step for a draft that has `at` steps, where that is told.

    `given` as `redraws.append` takes it, or ``hand`` with `buildings` (codes) and the grid `to`
    which they go; an `area` that a remedy brought stands for the ground around them. Raises as
    `redraws.append`, and Conflict ``plan_moved_on`` (steps) where the draft has other steps.
    """
    wanted = dict(given)
    if at is not None or wanted.get("op") == HAND:
        over = redraws.drawn(session, public_id, lock=True)
        if at is not None and len(over.done) != at:
            raise Conflict("plan_moved_on", steps=len(over.done))
        if wanted.get("op") == HAND:
            wanted = _give(session, over, wanted)
    try:
        return redraws.append(session, public_id, wanted, author, now, trial=trial)
    except InvalidRedraw as refused:
        if refused.remedy is not None and "op" in refused.remedy.changes and "area" in wanted:
            # Who asked by buildings has no area to send again as another operation.
            changes = {"area": wanted["area"], **refused.remedy.changes}
            refused.remedy = Remedy(refused.remedy.kind, changes)
        raise


def undone(session: Session, found: RowMapping) -> int:
    """How many steps of a plan were taken back and can be taken again."""
    return sum(bool(step["undone"]) for step in plans.steps(session, found["id"]))


def _give(session: Session, over: Drawn, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """The giving of ground that handing over buildings comes to."""
    kept = {name: value for name, value in wanted.items() if name not in ("op", "buildings")}
    if "area" in kept:
        return {"op": "give", **kept}
    to = wanted.get("to")
    if not isinstance(to, str):
        raise InvalidRedraw("intent_unreadable", field="to")
    made = nearest.hand_over(*_houses(session, over, _codes(wanted.get("buildings"))), to)
    return {**as_json(made), **kept}


def _codes(value: object) -> Sequence[str]:
    if not isinstance(value, list) or len(value) > MOST_BUILDINGS:
        raise InvalidRedraw("intent_unreadable", field="buildings")
    return [code for code in value if isinstance(code, str)]


def _houses(
    session: Session, over: Drawn, codes: Sequence[str]
) -> tuple[dict[str, Any], dict[str, Cell]]:
    """All outlines of the community's ground by code, and the cell of each chosen door."""
    cells = sorted(over.after.members(over.plan["community_code"]), key=lambda cell: cell.code)
    ground = shapely.union_all([cell.degrees for cell in cells])
    rows = [row for row in plans.buildings_on(session, ground) if row["kind"] == "building"]
    chosen, wanted = {}, set(codes)
    for row in rows:
        if row["code"] in wanted:
            door = lattice.to_units(row["door"])
            home = next((c for c in cells if c.kind != "uncovered" and c.shape.covers(door)), None)
            if home is not None:
                chosen[str(row["code"])] = home
    return {str(row["code"]): lattice.to_units(row["outline"]) for row in rows}, chosen
