"""Locks on single grids: while one holds, no plan changes the grid's ground."""

from typing import Annotated, Any, Final

from apiflask import APIBlueprint
from pydantic import Field
from sqlalchemy import RowMapping

from geodata.domain import moment
from geodata.domain.roles import Action
from geodata.services import redraw_locks
from geodata.services.audit import Deed
from webmap import database, deeds, guard, times
from webmap.api.fields import Code, Model, Query, Text
from webmap.api.redraws import Community, Nothing, login
from webmap.authors import everybody, who
from webmap.guard import requires

blueprint = APIBlueprint("locks", __name__, url_prefix="/api/locks", tag="redraws")

_KEYS: Final = ("id", "reason", "locked_by", "locked_at", "until")


class Listed(Query):
    """Of which community; of all on one's ground if nothing is said."""

    community: Community | None = None


class Wanted(Model):
    """The grid, why, and until when (a day or moment of ISO 8601); without that until unlocked."""

    grid: Code
    reason: Annotated[Text, Field(min_length=1, max_length=200)]
    until: Annotated[Text, Field(min_length=10, max_length=40)] | None = None


@blueprint.get("")
@requires(Action.DRAFT_REDRAW)
@blueprint.input(Listed, location="query")
def listed(query_data: Listed) -> dict[str, Any]:
    """The locks that hold now, by the code of the grid."""
    ground = guard.reach(Action.DRAFT_REDRAW)
    found = redraw_locks.listing(database.session(), ground, query_data.community)
    everybody([row["locked_by"] for row in found])
    return {"items": [_told(row) for row in found]}


@blueprint.post("")
@requires(Action.DRAFT_REDRAW)
@blueprint.input(Wanted, location="json")
@blueprint.doc(responses=[201, 400, 404, 409])
def lock(json_data: Wanted) -> tuple[dict[str, Any], int]:
    """Lock a grid with a reason: steps that would change its ground are refused (``grid_held``)."""
    until = moment.moment(json_data.until, times.zone()) if json_data.until else None
    made = redraw_locks.lock(
        database.session(),
        guard.reach(Action.DRAFT_REDRAW),
        json_data.grid,
        json_data.reason,
        until,
        login(),
        guard.now(),
    )
    said = {"reason": json_data.reason, "until": until.isoformat() if until else None}
    deeds.commit(database.session(), Deed("grid.lock", ("grid", json_data.grid), detail=said))
    return _told(made), 201


@blueprint.post("/<int:number>/release")
@requires(Action.DRAFT_REDRAW)
@blueprint.input(Nothing, location="json")
@blueprint.doc(responses=[404, 409])
def release(number: int, json_data: Nothing) -> dict[str, Any]:
    """Unlock a grid: one's own lock, or any on ground whose plans one approves."""
    del json_data
    own, above = guard.reach(Action.DRAFT_REDRAW), guard.reach(Action.APPROVE_REDRAW)
    gone = redraw_locks.unlock(database.session(), own, above, number, login(), guard.now())
    deeds.commit(database.session(), Deed("grid.unlock", ("grid", gone["code"])))
    return {}


def _told(row: RowMapping) -> dict[str, Any]:
    kept = {name: row[name] for name in _KEYS}
    return {"grid": row["code"], **kept, "holder": who(row["locked_by"])}
