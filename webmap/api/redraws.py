"""Plans to redraw grids: drawn step by step by intents; the ground is computed here."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated, Any, Final
from uuid import UUID

from apiflask import APIBlueprint
from pydantic import Field
from sqlalchemy import RowMapping

from geodata.services import redraw_preview, redraw_publishing, redraws
from geodata.services.redraws import Drawn
from webmap import database
from webmap.api.fields import Model, Query, Text
from webmap.shapes import geojson

blueprint = APIBlueprint("redraws", __name__, url_prefix="/api/redraws", tag="redraws")

_KEYS: Final = (
    *("public_id", "community_code", "name", "state", "author", "created_at", "changed_at"),
    *("published_at", "published_by", "report"),
)
_ACTOR: Final = "web"
"""Who acts, until people sign in."""

Name = Annotated[Text, Field(min_length=1, max_length=200)]


class Listed(Query):
    """Whose plans."""

    community: Annotated[Text, Field(min_length=1, max_length=40)]


class Begun(Model):
    """A new plan for a community."""

    community: Annotated[Text, Field(min_length=1, max_length=40)]
    name: Name


class Named(Model):
    """Another name, or the name of a copy or of what takes a plan back."""

    name: Name


class Step(Model):
    """One intent: ``op`` and what it needs, as `geodata.domain.intent` reads it."""

    intent: Annotated[dict[str, Any], Field(max_length=20)]


class Nothing(Model):
    """An empty body."""


@blueprint.get("")
@blueprint.input(Listed, location="query")
def listed(query_data: Listed) -> dict[str, Any]:
    """The plans of a community, last changed first."""
    found = redraws.listing(database.session(), query_data.community)
    return {"items": [_plan(row) for row in found]}


@blueprint.post("")
@blueprint.input(Begun, location="json")
@blueprint.doc(responses=[201, 404])
def begin(json_data: Begun) -> tuple[dict[str, Any], int]:
    """Begin a plan; nothing changes on the map until it is published."""
    session = database.session()
    made = redraws.begin(session, json_data.community, json_data.name, _ACTOR, _now())
    session.commit()
    return _plan(made), 201


@blueprint.get("/<uuid:public_id>")
@blueprint.doc(responses=[404, 409, 422])
def one(public_id: UUID) -> dict[str, Any]:
    """A plan: its steps, the cells it changes, and what publishing it would do.

    Of a published plan what publishing it did.
    """
    session = database.session()
    found = redraws.plan(session, public_id)
    if found["state"] != "draft":
        return _plan(found)
    return _drawn(redraws.over_present(session, found))


@blueprint.post("/<uuid:public_id>/steps")
@blueprint.input(Step, location="json")
@blueprint.doc(responses=[404, 409, 422])
def step(public_id: UUID, json_data: Step) -> dict[str, Any]:
    """Draw one more step; what the ground does not allow is refused with place and remedy."""
    session = database.session()
    drawn = redraws.append(session, public_id, json_data.intent, _ACTOR, _now())
    session.commit()
    return _drawn(drawn)


@blueprint.post("/<uuid:public_id>/undo")
@blueprint.input(Nothing, location="json")
@blueprint.doc(responses=[404, 409])
def undo(public_id: UUID, json_data: Nothing) -> dict[str, Any]:
    """Take the last step back."""
    del json_data
    session = database.session()
    drawn = redraws.undo(session, public_id, _now())
    session.commit()
    return _drawn(drawn)


@blueprint.post("/<uuid:public_id>/redo")
@blueprint.input(Nothing, location="json")
@blueprint.doc(responses=[404, 409])
def redo(public_id: UUID, json_data: Nothing) -> dict[str, Any]:
    """Take the step again that was taken back last."""
    del json_data
    session = database.session()
    drawn = redraws.redo(session, public_id, _now())
    session.commit()
    return _drawn(drawn)


@blueprint.post("/<uuid:public_id>/name")
@blueprint.input(Named, location="json")
@blueprint.doc(responses=[404])
def rename(public_id: UUID, json_data: Named) -> dict[str, Any]:
    """Give a plan another name."""
    session = database.session()
    redraws.rename(session, public_id, json_data.name, _now())
    session.commit()
    return _plan(redraws.plan(session, public_id))


@blueprint.post("/<uuid:public_id>/copy")
@blueprint.input(Named, location="json")
@blueprint.doc(responses=[201, 404])
def copy(public_id: UUID, json_data: Named) -> tuple[dict[str, Any], int]:
    """A draft with the same steps."""
    session = database.session()
    made = redraws.copy(session, public_id, json_data.name, _ACTOR, _now())
    session.commit()
    return _plan(made), 201


@blueprint.post("/<uuid:public_id>/discard")
@blueprint.input(Nothing, location="json")
@blueprint.doc(responses=[404, 409])
def discard(public_id: UUID, json_data: Nothing) -> dict[str, Any]:
    """Throw a draft away."""
    del json_data
    session = database.session()
    redraws.discard(session, public_id, _now())
    session.commit()
    return {}


@blueprint.post("/<uuid:public_id>/publish")
@blueprint.input(Nothing, location="json")
@blueprint.doc(responses=[404, 409, 422])
def publish(public_id: UUID, json_data: Nothing) -> dict[str, Any]:
    """Make a plan the present ground, in one transaction; doing it twice does it once."""
    del json_data
    session = database.session()
    done = redraw_publishing.publish(session, public_id, _ACTOR)
    session.commit()
    return _plan(done.plan)


@blueprint.post("/<uuid:public_id>/rollback")
@blueprint.input(Named, location="json")
@blueprint.doc(responses=[404, 409, 422])
def rollback(public_id: UUID, json_data: Named) -> dict[str, Any]:
    """Give everybody back what a published plan took, as a plan of its own."""
    session = database.session()
    done = redraw_publishing.rollback(session, public_id, _ACTOR, json_data.name)
    session.commit()
    return _plan(done.plan)


def _now() -> datetime:
    return datetime.now(UTC)


def _plan(row: RowMapping) -> dict[str, Any]:
    return {key: row[key] for key in _KEYS}


def _drawn(drawn: Drawn) -> dict[str, Any]:
    told = redraw_preview.preview(database.session(), drawn)
    return {
        **_plan(drawn.plan),
        "steps": len(drawn.done),
        "cells": {
            "type": "FeatureCollection",
            "features": [_feature(drawn, code) for code in drawn.changed if code in drawn.after],
        },
        "handed": [
            {"giver": one.giver, "taker": one.taker, "shape": geojson(one.shape)}
            for done in drawn.done[-1:]
            for one in done.handed
        ],
        "preview": asdict(told),
    }


def _feature(drawn: Drawn, code: str) -> dict[str, Any]:
    cell = drawn.after[code]
    facts = {"code": code, "will_be": drawn.codes.get(code, code), "kind": cell.kind}
    return {"type": "Feature", "properties": facts, "geometry": geojson(cell.degrees)}
