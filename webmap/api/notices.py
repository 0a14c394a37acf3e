"""What a grid worker is told: what became of their grids when they were redrawn."""

from typing import Any

from apiflask import APIBlueprint

from geodata.domain.roles import Action
from geodata.services import notices
from webmap import database, deeds, guard
from webmap.api.fields import Query
from webmap.api.redraws import Nothing
from webmap.guard import requires

blueprint = APIBlueprint("notices", __name__, url_prefix="/api/notices", tag="notices")


@blueprint.get("")
@requires(Action.OWN_ACCOUNT)
@blueprint.input(Query, location="query")
def own(query_data: Query) -> dict[str, Any]:
    """One's own notices, the newest first: id, kind, at, seen_at, detail.

    Of kind ``redraw`` the detail has the ``name`` of the plan and ``grids``: grid, ended, before,
    after (buildings, households, residents, open_issues), issues_in, issues_out.
    """
    del query_data
    rows = notices.own(database.session(), guard.account())
    return {"items": [dict(row) for row in rows]}


@blueprint.post("/seen")
@requires(Action.OWN_ACCOUNT)
@blueprint.input(Nothing, location="json")
def seen(json_data: Nothing) -> dict[str, Any]:
    """All of one's notices are seen; how many were new."""
    del json_data
    count = notices.see(database.session(), guard.account(), guard.now())
    deeds.commit_entered(database.session())
    return {"seen": count}
