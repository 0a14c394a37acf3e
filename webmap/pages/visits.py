"""Visits to grids: told on the grid's page and in the list of gaps, which a visit closes."""

from http import HTTPStatus
from typing import cast

from apiflask import APIBlueprint
from flask import Response, redirect

from geodata.domain.roles import Action
from geodata.services import visits
from geodata.services.audit import Deed
from geodata.services.visits import LONGEST_NOTE, Said
from webmap import database, deeds, guard, times
from webmap.forms import posted, told
from webmap.guard import requires
from webmap.pages.party_groups import back

blueprint = APIBlueprint("visits", __name__, enable_openapi=False)
KIND = "grid_quiet"


@blueprint.post("/grids/<code:code>/visits")
@requires(Action.RECORD_VISIT)
@posted
def record(code: str) -> Response:
    """Keep that somebody went to see a grid; whoever came from the list of gaps goes back there."""
    said = Said(told("day", 10), told("note", LONGEST_NOTE), guard.account())
    ground, session = guard.reach(Action.RECORD_VISIT), database.session()
    day = visits.record(session, ground, code, said, guard.now(), times.zone())
    deeds.commit(session, Deed("grid.visit", ("grid", code), detail={"day": day.isoformat()}))
    if told("kind", 30) == KIND and guard.may_somewhere(Action.SEE_COVERAGE):
        return back(KIND, "visited", code)
    return cast("Response", redirect(f"/grids/{code}#visits", HTTPStatus.SEE_OTHER))
