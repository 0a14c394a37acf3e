"""Plans to redraw grids: drawn step by step by intents; the ground is computed here.

A plan is its community's: who may not draw there is told of no such plan.
"""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated, Any, Final
from uuid import UUID

from apiflask import APIBlueprint
from pydantic import Field
from sqlalchemy import RowMapping
from sqlalchemy.orm import Session

from geodata.domain.plan import COMPUTED, open_moves
from geodata.domain.roles import Action
from geodata.errors import NotFound
from geodata.services import drawing as drawing_steps
from geodata.services import (
    redraw_answers,
    redraw_left_out,
    redraw_moves,
    redraw_preview,
    redraw_publishing,
    redraws,
)
from geodata.services.audit import Deed
from geodata.services.redraw_publishing import Published
from geodata.services.redraws import Drawn
from webmap import database, deeds, guard, left_out
from webmap.api.fields import Model, Query, Text
from webmap.api.plan_bodies import Step, TakenBack
from webmap.authors import everybody, explained, who
from webmap.guard import requires
from webmap.shapes import geojson

blueprint = APIBlueprint("redraws", __name__, url_prefix="/api/redraws", tag="redraws")

_KEYS: Final = (
    *("public_id", "community_code", "name", "state", "author", "created_at", "changed_at"),
    *("published_at", "published_by", "report", "remarks", "due_at", "takes_back"),
)
_TOLD: Final = ("issues", "buildings", "retired")
"""What the audit trail says of what publishing did."""

Community = Annotated[Text, Field(min_length=1, max_length=40)]
Name = Annotated[Text, Field(min_length=1, max_length=200)]


class Listed(Query):
    """Whose plans; all on one's ground if nothing is said."""

    community: Community | None = None


class Begun(Model):
    """A new plan for a community."""

    community: Community
    name: Name


class Named(Model):
    """Another name, or the name of a copy or of what takes a plan back."""

    name: Name


class Nothing(Model):
    """An empty body."""


@blueprint.get("")
@requires(Action.DRAFT_REDRAW)
@blueprint.input(Listed, location="query")
def listed(query_data: Listed) -> dict[str, Any]:
    """The plans of a community, or of all on one's ground, last changed first."""
    ground = guard.reach(Action.DRAFT_REDRAW)
    found = redraws.listing(database.session(), ground, query_data.community)
    everybody({row[key] for row in found for key in ("author", "published_by")})
    return {"items": [told(row) for row in found]}


@blueprint.post("")
@requires(Action.DRAFT_REDRAW)
@blueprint.input(Begun, location="json")
@blueprint.doc(responses=[201, 404])
def begin(json_data: Begun) -> tuple[dict[str, Any], int]:
    """Begin a plan; nothing changes on the map until it is published."""
    session, home = database.session(), json_data.community
    if not guard.reach(Action.DRAFT_REDRAW).covers(home):
        raise NotFound("no_community", community=home)
    made = redraws.begin(session, home, json_data.name, login(), guard.now())
    said = {"community": home, "name": json_data.name}
    deeds.commit(session, deed("begin", made["public_id"], said))
    return told(made), 201


@blueprint.get("/<uuid:public_id>")
@requires(Action.SEE_FIGURES)
@blueprint.doc(responses=[404, 409, 422])
def one(public_id: UUID) -> dict[str, Any]:
    """A plan: its steps, the cells it changes, and what publishing it would do.

    Of a published plan what publishing it did. Whoever sees the figures of its community may read
    it by its link; ``may`` are the moves that who asks can make now, by the names of their
    addresses.
    """
    found = own(public_id, Action.SEE_FIGURES)
    if found["state"] not in COMPUTED:
        return told(found)
    database.on_all_ground()
    return answered(redraws.over_present(database.session(), found))


@blueprint.post("/<uuid:public_id>/steps")
@requires(Action.DRAFT_REDRAW)
@blueprint.input(Step, location="json")
@blueprint.doc(responses=[404, 409, 422])
def step(public_id: UUID, json_data: Step) -> dict[str, Any]:
    """Draw one more step; what the ground does not allow is refused with place and remedy."""
    session = drawing(public_id)
    drawn = redraws.append(session, public_id, json_data.intent, login(), guard.now())
    said = {"op": str(json_data.intent.get("op")), "step": len(drawn.done)}
    deeds.commit(session, deed("step", public_id, said))
    return answered(drawn)


@blueprint.post("/<uuid:public_id>/name")
@requires(Action.DRAFT_REDRAW)
@blueprint.input(Named, location="json")
@blueprint.doc(responses=[404])
def rename(public_id: UUID, json_data: Named) -> dict[str, Any]:
    """Give a plan another name."""
    session = database.session()
    own(public_id)
    redraws.rename(session, public_id, json_data.name, guard.now())
    deeds.commit(session, deed("name", public_id, {"name": json_data.name}))
    return told(redraws.plan(session, public_id))


@blueprint.post("/<uuid:public_id>/copy")
@requires(Action.DRAFT_REDRAW)
@blueprint.input(Named, location="json")
@blueprint.doc(responses=[201, 404, 409])
def copy(public_id: UUID, json_data: Named) -> tuple[dict[str, Any], int]:
    """A draft with the same steps."""
    return told(copied(public_id, json_data.name)), 201


@blueprint.post("/<uuid:public_id>/publish")
@requires(Action.PUBLISH_REDRAW)
@blueprint.input(Nothing, location="json")
@blueprint.doc(responses=[404, 409, 422])
def publish(public_id: UUID, json_data: Nothing) -> dict[str, Any]:
    """Make a plan the present ground, in one transaction; doing it twice does it once."""
    del json_data
    return told(published(public_id).plan)


@blueprint.post("/<uuid:public_id>/rollback")
@requires(Action.PUBLISH_REDRAW)
@blueprint.input(TakenBack, location="json")
@blueprint.doc(responses=[404, 409, 422])
def rollback(public_id: UUID, json_data: TakenBack) -> dict[str, Any]:
    """Give everybody back what a published plan took, as a plan of its own.

    Refused where that cuts a building that has come up since, unless ``cuts`` says that it may.
    """
    return told(rolled_back(public_id, json_data.name, json_data.cuts).plan)


def copied(public_id: UUID, name: str) -> RowMapping:
    """A draft with the steps of a plan, kept with its entry in the trail."""
    session = database.session()
    own(public_id)
    made = redraw_moves.copy(session, public_id, name, login(), guard.now())
    said = {"name": name, "of": str(public_id)}
    deeds.commit(session, deed("copy", made["public_id"], said))
    return made


def published(public_id: UUID) -> Published:
    """A plan made the present ground, with its entry in the trail."""
    session = drawing(public_id, Action.PUBLISH_REDRAW)
    done = redraw_publishing.publish(session, public_id, login())
    deeds.commit(session, deed("publish", public_id, did(done)))
    return done


def rolled_back(public_id: UUID, name: str, cuts: Sequence[str] = ()) -> Published:
    """What takes a published plan back, with its entry in the trail."""
    session = drawing(public_id, Action.PUBLISH_REDRAW)
    done = redraw_publishing.rollback(session, public_id, login(), name, cuts)
    said = {**did(done), "of": str(public_id)}
    deeds.commit(session, deed("rollback", done.plan["public_id"], said))
    return done


def login() -> str:
    """The login name of who asks."""
    return guard.actor().login


def own(public_id: UUID, action: Action = Action.DRAFT_REDRAW) -> RowMapping:
    """A plan on the ground of who asks. Raises NotFound ``no_plan``."""
    found = redraws.plan(database.session(), public_id)
    if not guard.reach(action).covers(found["community_code"]):
        raise NotFound("no_plan")
    return found


def drawing(public_id: UUID, action: Action = Action.DRAFT_REDRAW) -> Session:
    """The session for drawing such a plan.

    It sees all issues: one near a border may be a neighbour's today, and must follow the ground.
    """
    own(public_id, action)
    database.on_all_ground()
    return database.session()


def deed(what: str, public_id: UUID, said: dict[str, Any] | None = None) -> Deed:
    """What the audit trail keeps of something done to a plan."""
    return Deed(f"redraw.{what}", ("plan", str(public_id)), detail=said or {})


def did(done: Published) -> dict[str, Any]:
    """What the audit trail says of a publishing."""
    return {"new": done.new, **{name: (done.plan["report"] or {}).get(name) for name in _TOLD}}


def told(row: RowMapping) -> dict[str, Any]:
    """A plan as it is answered, with the moves that who asks may make, and ``people`` by name.

    ``touches`` are the codes of the present grids that it gives or takes ground.
    """
    kept, back = {key: row[key] for key in _KEYS}, row["rolled_back"]
    kept["rolled_back"] = back and {**back, "by": who(back["by"])}
    kept["conflict"] = explained(row["conflict"])
    kept["touches"] = sorted(code for code in row["base"] or {} if not code.startswith("~"))
    return {**kept, "people": everybody([row["author"], row["published_by"]]), "may": may(row)}


def may(row: RowMapping) -> list[str]:
    """The moves that who asks may make with a plan now, by the names of their addresses."""
    mine, home = row["author"] == login(), row["community_code"]
    if row["state"] not in COMPUTED:
        stands = row["state"] == "published" and row["rolled_back"] is None
        mine = stands and guard.reach(Action.PUBLISH_REDRAW).covers(home)
        return ["rollback"] if mine else []
    return [
        move.name
        for move in open_moves(row["state"], own=mine)
        if guard.reach(move.action).covers(home)
    ]


def answered(drawn: Drawn) -> dict[str, Any]:
    """A plan as it is drawn: its cells, what the last step handed over, and the preview.

    ``note`` is what was said when it was handed in last, ``owes_answer`` whether it was returned
    and goes again only with a word why. ``left_out`` are steps that did not fit when it was drawn
    anew: ``number``, ``op``, what that is ``called``, the codes of its ``grids``, and why
    (``title``).
    """
    session = database.session()
    seen = redraw_preview.preview(session, drawn)
    lost = redraw_left_out.listing(session, drawn.plan["id"])
    cells = [_feature(drawn, code) for code in drawn.changed if code in drawn.after]
    return {
        **told(drawn.plan),
        "steps": len(drawn.done),
        "undone": drawing_steps.undone(session, drawn.plan),
        "note": redraw_answers.note(session, drawn.plan),
        "owes_answer": redraw_answers.owes_answer(session, drawn.plan),
        "left_out": [left_out.told(one) for one in lost],
        "cells": {"type": "FeatureCollection", "features": cells},
        "handed": [
            {"giver": one.giver, "taker": one.taker, "shape": geojson(one.shape)}
            for done in drawn.done[-1:]
            for one in done.handed
        ],
        "preview": asdict(seen),
    }


def _feature(drawn: Drawn, code: str) -> dict[str, Any]:
    cell = drawn.after[code]
    facts = {"code": code, "will_be": drawn.codes.get(code, code), "kind": cell.kind}
    return {"type": "Feature", "properties": facts, "geometry": geojson(cell.degrees)}
