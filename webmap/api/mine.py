"""The ground of a grid worker, with what is open on it."""

from typing import Annotated, Any

from apiflask import APIBlueprint
from pydantic import Field

from geodata.domain.roles import Action
from geodata.errors import NotAllowed
from geodata.services import own_ground
from webmap import database, guard, stepping
from webmap.api.fields import Query
from webmap.api.issues import localised
from webmap.guard import requires

blueprint = APIBlueprint("mine", __name__, url_prefix="/api/my-grid", tag="issues")


class MineQuery(Query):
    """Which grid is wanted, for whoever has no post of their own; else the own ones."""

    grid: Annotated[str, Field(pattern=r"^[0-9A-Za-z_-]{0,20}$")] = ""


@blueprint.get("")
@requires(Action.HANDLE_ISSUE)
@blueprint.input(MineQuery, location="query")
@blueprint.doc(responses=[403, 422])
def mine(query_data: MineQuery) -> dict[str, Any]:
    """Own grids, their open issues by deadline, and the steps that can be taken.

    `session_s` are the seconds for which all this may be kept on the device.
    """
    codes = (query_data.grid,) if query_data.grid else guard.actor().grids
    reach = guard.reach(Action.HANDLE_ISSUE)
    session = database.session()
    told = own_ground.found(session, codes, stepping.mover(), guard.now())
    if not all(reach.covers(grid["community_code"], grid["code"]) for grid in told["grids"]):
        raise NotAllowed("outside_ground")
    told["issues"] = [localised(issue) for issue in told["issues"]]
    return {**told, "session_s": int(guard.session_left().total_seconds())}
