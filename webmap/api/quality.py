"""The six checks of the present division."""

from typing import Any

from apiflask import APIBlueprint
from flask import Response, jsonify

from geodata.domain.roles import Action
from geodata.services import quality
from webmap import answers, database, flaws, guard
from webmap.api.fields import Query
from webmap.guard import requires

blueprint = APIBlueprint("quality", __name__, url_prefix="/api/quality", tag="quality")
_PATIENCE_S = 2.0


@blueprint.get("")
@requires(Action.SEE_QUALITY)
@blueprint.input(Query, location="query")
@blueprint.doc(responses=[200, 202])
def present(query_data: Query) -> Response | tuple[dict[str, Any], int]:
    """Flaws of the present division by weight, as GeoJSON; 202 while they are being looked for."""
    del query_data
    checked = database.checked(_PATIENCE_S)
    if checked is None:
        return {"state": "checking"}, 202
    seen = quality.on(guard.reach(Action.SEE_QUALITY), checked)
    body = jsonify(flaws.collection(seen.flaws, seen.areas)).get_data()
    return answers.kept(body, "application/geo+json")
