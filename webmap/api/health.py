"""For machines: are we alive, are we ready."""

from apiflask import APIBlueprint
from flask import Response, jsonify
from sqlalchemy import text

from webmap import database
from webmap.guard import public

blueprint = APIBlueprint("health", __name__, tag="health")


@blueprint.get("/healthz")
@public
def healthz() -> Response:
    """Whether this process answers; asks nobody else."""
    return jsonify({"status": "ok"})


@blueprint.get("/readyz")
@public
@blueprint.doc(responses=[503])
def readyz() -> Response:
    """Whether the database answers and holds a district."""
    database.session().execute(text("select 1"))
    return jsonify({"status": "ok", "district": database.ground().code})
