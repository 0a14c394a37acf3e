"""Steps that a plan lost when it was drawn anew: tried again, or forgotten."""

from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID

from apiflask import APIBlueprint
from pydantic import Field

from geodata.domain.roles import Action
from geodata.services import redraw_left_out
from geodata.services.redraw_left_out import LeftOut
from webmap import deeds, guard
from webmap.api import redraws as doors
from webmap.api.fields import Model
from webmap.api.plan_bodies import Again
from webmap.guard import requires
from webmap.left_out import told

blueprint = APIBlueprint("left_out", __name__, url_prefix="/api/redraws", tag="redraws")


class Read(Model):
    """Numbers of steps that are not wanted any more."""

    numbers: Annotated[tuple[int, ...], Field(max_length=1000)]


@blueprint.post("/<uuid:public_id>/left-out/<int:number>")
@requires(Action.DRAFT_REDRAW)
@blueprint.input(Again, location="json")
@blueprint.doc(responses=[404, 409, 422])
def again(public_id: UUID, number: int, json_data: Again) -> dict[str, Any]:
    """Take a step as the last one that did not fit when the plan was drawn anew.

    Refused where it still does not, or cuts a building, unless ``cuts`` says that it may.
    """
    session = doors.drawing(public_id)
    who, now = doors.login(), guard.now()
    drawn = redraw_left_out.again(session, public_id, number, who, now, json_data.cuts)
    deeds.commit(session, doors.deed("again", public_id, {"step": len(drawn.done)}))
    return doors.answered(drawn)


@blueprint.post("/<uuid:public_id>/left-out")
@requires(Action.DRAFT_REDRAW)
@blueprint.input(Read, location="json")
@blueprint.doc(responses=[404, 409])
def forget(public_id: UUID, json_data: Read) -> dict[str, Any]:
    """Forget some of the steps that did not fit; ``left_out`` are the rest."""
    session = doors.drawing(public_id)
    rest = redraw_left_out.forget(session, public_id, json_data.numbers)
    deeds.commit(session, doors.deed("forget", public_id, {"count": len(json_data.numbers)}))
    return {"left_out": _all(rest)}


def _all(found: Sequence[LeftOut]) -> list[dict[str, Any]]:
    return [told(one) for one in found]
