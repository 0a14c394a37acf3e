"""Visits to grids: told on the grid's page and in the list of gaps, which a visit closes."""

from http import HTTPStatus
from typing import Final, cast

from apiflask import APIBlueprint
from flask import Response, make_response, redirect

from geodata.domain.roles import Action
from geodata.errors import InvalidMove
from geodata.services import visits
from geodata.services.audit import Deed
from geodata.services.visits import LONGEST_NOTE, Said
from webmap import database, deeds, guard, times
from webmap.errors import status_of
from webmap.forms import posted, told
from webmap.guard import requires
from webmap.pages import grids
from webmap.pages.party_groups import back
from webmap.texts import sentence

blueprint = APIBlueprint("visits", __name__, enable_openapi=False)
KIND = "grid_quiet"
FIELDS: Final = {
    "day": 10,
    "note": LONGEST_NOTE,
    **dict.fromkeys(("kind", "area", "measure", "tier"), 30),
}
"""What the form says, and how long it may be."""


@blueprint.get("/grids/<code:code>/visits")
@requires(Action.SEE_FIGURES)
def listed(code: str) -> Response:
    """Where the visits of a grid are told: for who comes back to where a refused form was sent."""
    return cast("Response", redirect(f"/grids/{code}#visits", HTTPStatus.SEE_OTHER))


@blueprint.post("/grids/<code:code>/visits")
@requires(Action.RECORD_VISIT)
@posted
def record(code: str) -> Response:
    """Keep that somebody went to see a grid; whoever came from the list of gaps goes back there.

    A day that cannot be is said on the grid's page, with all that was typed.
    """
    said = Said(told("day", 10), told("note", LONGEST_NOTE), guard.account())
    ground, session = guard.reach(Action.RECORD_VISIT), database.session()
    try:
        day = visits.record(session, ground, code, said, guard.now(), times.zone())
    except InvalidMove as refused:
        typed = {name: told(name, most) for name, most in FIELDS.items()}
        problem = sentence(refused.code, refused.facts)
        return make_response(grids.shown(code, typed, problem), status_of(refused))
    deeds.commit(session, Deed("grid.visit", ("grid", code), detail={"day": day.isoformat()}))
    if told("kind", 30) == KIND and guard.may_somewhere(Action.SEE_COVERAGE):
        return back(KIND, "visited", code)
    return cast("Response", redirect(f"/grids/{code}#visits", HTTPStatus.SEE_OTHER))
