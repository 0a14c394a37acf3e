"""What the map asks while somebody redraws: the ground, steps tried and taken, one answer each."""

from typing import Annotated, Any
from uuid import UUID

from apiflask import APIBlueprint
from flask import Response
from pydantic import Field

from geodata.db import scene
from geodata.domain.roles import Action
from geodata.errors import NotFound
from geodata.services import drawing, redraws
from webmap import answers, database, deeds, guard
from webmap.api import redraws as doors
from webmap.api.fields import Model, Query
from webmap.api.plan_bodies import Redone, Turned
from webmap.guard import requires

blueprint = APIBlueprint("drawing", __name__, url_prefix="/api", tag="redraws")


class Drawing(Model):
    """One intent, or buildings to hand over; `at` is the number of steps that the map knows of."""

    intent: Annotated[dict[str, Any], Field(max_length=20)]
    at: Annotated[int, Field(ge=0)] | None = None


@blueprint.get("/communities/<code:code>/ground")
@requires(Action.DRAFT_REDRAW)
@blueprint.input(Query, location="query")
@blueprint.doc(responses=[404])
def ground(code: str, query_data: Query) -> Response:
    """A community's grids, buildings and roads, for who redraws it."""
    del query_data
    if not guard.reach(Action.DRAFT_REDRAW).covers(code):
        raise NotFound("no_community", community=code)
    return answers.kept(scene.scene(database.session(), code), "application/json")


@blueprint.post("/redraws/<uuid:public_id>/try")
@requires(Action.DRAFT_REDRAW)
@blueprint.input(Drawing, location="json")
@blueprint.doc(responses=[404, 409, 422])
def attempt(public_id: UUID, json_data: Drawing) -> dict[str, Any]:
    """What one more step would do; nothing is kept."""
    session = doors.drawing(public_id)
    told = (public_id, json_data.intent, json_data.at, doors.login(), guard.now())
    answer = doors.answered(drawing.draw(session, *told, trial=True))
    session.rollback()
    return answer


@blueprint.post("/redraws/<uuid:public_id>/draw")
@requires(Action.DRAFT_REDRAW)
@blueprint.input(Drawing, location="json")
@blueprint.doc(responses=[404, 409, 422])
def draw(public_id: UUID, json_data: Drawing) -> dict[str, Any]:
    """Take one more step, once: not where the plan has other steps than the map knows of."""
    session = doors.drawing(public_id)
    drawn = drawing.draw(
        session, public_id, json_data.intent, json_data.at, doors.login(), guard.now()
    )
    said = {"op": str(json_data.intent.get("op")), "step": len(drawn.done)}
    deeds.commit(session, doors.deed("step", public_id, said))
    return doors.answered(drawn)


@blueprint.post("/redraws/<uuid:public_id>/undo")
@requires(Action.DRAFT_REDRAW)
@blueprint.input(Turned, location="json")
@blueprint.doc(responses=[404, 409, 422])
def undo(public_id: UUID, json_data: Turned) -> dict[str, Any]:
    """Take the last step back."""
    session = doors.drawing(public_id)
    drawn = redraws.undo(session, public_id, guard.now(), json_data.seen)
    deeds.commit(session, doors.deed("undo", public_id))
    return doors.answered(drawn)


@blueprint.post("/redraws/<uuid:public_id>/redo")
@requires(Action.DRAFT_REDRAW)
@blueprint.input(Redone, location="json")
@blueprint.doc(responses=[404, 409, 422])
def redo(public_id: UUID, json_data: Redone) -> dict[str, Any]:
    """Take the step again that was taken back last.

    Refused where that cuts a building that has come up since, unless ``cuts`` says that it may.
    """
    session = doors.drawing(public_id)
    drawn = redraws.redo(session, public_id, guard.now(), json_data.seen, json_data.cuts)
    deeds.commit(session, doors.deed("redo", public_id))
    return doors.answered(drawn)
