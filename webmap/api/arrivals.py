"""What has newly come to who asks: how much, and that one of it was opened."""

from uuid import UUID

from apiflask import APIBlueprint

from geodata.domain.roles import Action
from geodata.services import arrivals
from geodata.services.audit import Deed
from webmap import database, deeds, guard
from webmap.api.fields import Model
from webmap.guard import requires

blueprint = APIBlueprint("arrivals", __name__, url_prefix="/api", tag="issues")


class Nothing(Model):
    """An empty body."""


@blueprint.get("/arrivals")
@requires(Action.SEE_ISSUES)
def count() -> dict[str, int]:
    """How many issues are new to who asks; counted up to `most`."""
    found = arrivals.count(database.session(), guard.audiences())
    return {"count": found, "most": arrivals.MOST}


@blueprint.post("/issues/<uuid:public_id>/opened")
@requires(Action.SEE_ISSUES)
@blueprint.input(Nothing, location="json")
@blueprint.doc(responses=[200, 404, 422])
def opened(public_id: UUID, json_data: Nothing) -> dict[str, bool]:
    """Who asks has opened an issue; whether it was new to them, and to their colleagues."""
    del json_data
    session = database.session()
    was_new = arrivals.open_one(session, public_id, guard.audiences())
    if was_new:
        deeds.commit(session, Deed("issue.open", ("issue", str(public_id))))
    return {"was_new": was_new}
