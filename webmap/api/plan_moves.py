"""What a plan goes through, and what is asked before: impact, conflict, history, comparison.

`geodata.domain.plan` has the table of moves. Who may not see a plan is told of none; a move that
its state does not allow is a 409 with ``plan_elsewhere``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any, cast
from uuid import UUID

from apiflask import APIBlueprint
from pydantic import Field
from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from geodata.domain import moment
from geodata.domain.plan import MOVES, Name
from geodata.domain.roles import Action
from geodata.services import (
    redraw_compare,
    redraw_conflicts,
    redraw_impact,
    redraw_moves,
    redraw_preview,
    redraw_rebase,
    redraws,
)
from geodata.services.redraw_compare import Side
from geodata.services.redraw_conflicts import Changed
from geodata.services.redraw_impact import Impact
from geodata.services.redraw_left_out import LeftOut
from geodata.services.redraw_preview import Preview
from geodata.services.redraws import Drawn
from webmap import database, deeds, guard, left_out, times
from webmap.api import redraws as doors
from webmap.api.fields import Model, Query, Text
from webmap.api.redraws import Nothing
from webmap.authors import everybody, who
from webmap.guard import requires
from webmap.shapes import geojson

blueprint = APIBlueprint("plan_moves", __name__, url_prefix="/api/redraws", tag="redraws")

Remarks = Annotated[Text, Field(max_length=1000)]


class Remarked(Model):
    """What is said with a move; needed where a plan is returned."""

    remarks: Remarks = ""


class Scheduled(Model):
    """The day (its first moment here) or moment (ISO 8601) on which a plan is published."""

    at: Annotated[Text, Field(min_length=10, max_length=40)]


class Beside(Query):
    """Another plan of the same community; without one it is the present."""

    other: UUID | None = None


@blueprint.post("/<uuid:public_id>/submit")
@requires(Action.SUBMIT_REDRAW)
@blueprint.input(Remarked, location="json")
@blueprint.doc(responses=[404, 409, 422])
def submit(public_id: UUID, json_data: Remarked) -> dict[str, Any]:
    """Hand a draft, or a returned plan, to the street to be judged."""
    return move("submit", public_id, json_data.remarks)


@blueprint.post("/<uuid:public_id>/withdraw")
@requires(Action.SUBMIT_REDRAW)
@blueprint.input(Nothing, location="json")
@blueprint.doc(responses=[404, 409])
def withdraw(public_id: UUID, json_data: Nothing) -> dict[str, Any]:
    """Take a submitted plan back: it is a draft again."""
    del json_data
    return move("withdraw", public_id)


@blueprint.post("/<uuid:public_id>/approve")
@requires(Action.APPROVE_REDRAW)
@blueprint.input(Remarked, location="json")
@blueprint.doc(responses=[404, 409, 422])
def approve(public_id: UUID, json_data: Remarked) -> dict[str, Any]:
    """Approve a submitted plan; it can be published from then on."""
    return move("approve", public_id, json_data.remarks)


@blueprint.post("/<uuid:public_id>/return")
@requires(Action.APPROVE_REDRAW)
@blueprint.input(Remarked, location="json")
@blueprint.doc(responses=[404, 409])
def give_back(public_id: UUID, json_data: Remarked) -> dict[str, Any]:
    """Return a plan to its community with remarks, which must be said."""
    return move("return", public_id, json_data.remarks)


@blueprint.post("/<uuid:public_id>/schedule")
@requires(Action.PUBLISH_REDRAW)
@blueprint.input(Scheduled, location="json")
@blueprint.doc(responses=[400, 404, 409, 422])
def schedule(public_id: UUID, json_data: Scheduled) -> dict[str, Any]:
    """Set the day on which an approved plan is published, by the worker, without anybody's doing.

    If its ground has changed by then it is rebased, or marked ``conflicted``.
    """
    return move("schedule", public_id, due_at=moment.moment(json_data.at, times.zone()))


@blueprint.post("/<uuid:public_id>/unschedule")
@requires(Action.PUBLISH_REDRAW)
@blueprint.input(Nothing, location="json")
@blueprint.doc(responses=[404, 409])
def unschedule(public_id: UUID, json_data: Nothing) -> dict[str, Any]:
    """Take the day away again; the plan stays approved."""
    del json_data
    return move("unschedule", public_id)


@blueprint.post("/<uuid:public_id>/discard")
@requires(Action.DRAFT_REDRAW)
@blueprint.input(Nothing, location="json")
@blueprint.doc(responses=[404, 409])
def discard(public_id: UUID, json_data: Nothing) -> dict[str, Any]:
    """Throw a plan away that is not approved or published."""
    del json_data
    move("discard", public_id)
    return {}


@blueprint.post("/<uuid:public_id>/rebase")
@requires(Action.DRAFT_REDRAW)
@blueprint.input(Nothing, location="json")
@blueprint.doc(responses=[404, 409, 422])
def rebase(public_id: UUID, json_data: Nothing) -> dict[str, Any]:
    """Draw a plan anew over the ground as it is now, whoever changed it.

    The answer is the plan as drawn, and ``lost``: the steps that do not fit any more now, which
    stay with it as ``left_out``.
    """
    del json_data
    drawn, lost = rebased(public_id)
    return {**doors.answered(drawn), "lost": [left_out.told(one) for one in lost]}


@blueprint.get("/<uuid:public_id>/impact")
@requires(Action.SEE_FIGURES)
@blueprint.doc(responses=[404, 409, 422])
def impact(public_id: UUID) -> dict[str, Any]:
    """What publishing would mean for people, before anybody does it.

    ``issues`` that change hands with the workers' names, ``workers`` with what they have before
    and after, ``groups_cut`` with their buildings by grid, codes ``new`` and ``retired``, and gaps
    in the coverage that would be ``opened`` and ``closed`` (kind, code, measure); ``preview`` as
    with the plan itself.
    """
    doors.own(public_id, Action.SEE_FIGURES)
    database.on_all_ground()
    session = database.session()
    drawn = redraws.drawn(session, public_id)
    seen = redraw_preview.preview(session, drawn)
    return {**asdict(foreseen(session, drawn, seen)), "preview": asdict(seen)}


@blueprint.get("/<uuid:public_id>/conflict")
@requires(Action.SEE_FIGURES)
@blueprint.doc(responses=[404])
def conflict(public_id: UUID) -> dict[str, Any]:
    """What others have changed under a plan: grid, shapes before and now, by whom, when, by what.

    ``items`` is empty where the plan still fits, and the step too that would be taken again.
    Shapes are GeoJSON, ``now`` is null where the grid is no more.
    """
    found = doors.own(public_id, Action.SEE_FIGURES)
    database.on_all_ground()
    changed = redraw_conflicts.under(database.session(), found)
    everybody([one.by for one in changed])
    return {"items": [_changed(one) for one in changed]}


@blueprint.get("/<uuid:public_id>/history")
@requires(Action.SEE_FIGURES)
@blueprint.doc(responses=[404])
def history(public_id: UUID) -> dict[str, Any]:
    """What a plan went through, the first first: at, actor, move, state, remarks, due_at.

    ``person`` is the actor by name and role.
    """
    found = doors.own(public_id, Action.SEE_FIGURES)
    kept = ("at", "actor", "move", "state", "remarks", "due_at")
    rows = redraw_moves.history(database.session(), found["id"])
    everybody([row["actor"] for row in rows])
    told = [{name: row[name] for name in kept} for row in rows]
    return {"items": [{**one, "person": who(one["actor"])} for one in told]}


@blueprint.get("/<uuid:public_id>/compare")
@requires(Action.SEE_FIGURES)
@blueprint.input(Beside, location="query")
@blueprint.doc(responses=[404, 409, 422])
def compare(public_id: UUID, query_data: Beside) -> dict[str, Any]:
    """A plan (``right``) beside the present, or (``left`` then) beside the plan ``other``.

    Each side has ``plan``, ``name``, ``cells`` (GeoJSON of the grids that differ in either, by the
    ``code`` that they will have) and ``figures`` by code; ``codes`` are all that a plan touches,
    ``differing`` those that differ between the sides, ``still`` the other grids of the community
    (GeoJSON), ``band`` what a grid should hold.
    """
    doors.own(public_id, Action.SEE_FIGURES)
    if query_data.other is not None:
        doors.own(query_data.other, Action.SEE_FIGURES)
    database.on_all_ground()
    found = redraw_compare.beside(database.session(), public_id, query_data.other)
    return {
        "left": _side(found.left),
        "right": _side(found.right),
        "codes": found.codes,
        "differing": found.differing,
        "still": _cells(found.still),
        "band": asdict(found.band),
    }


def foreseen(session: Session, drawn: Drawn, seen: Preview) -> Impact:
    """What publishing would mean, for who asks: names in full to who draws plans there alone."""
    told = redraw_impact.impact(session, drawn, seen)
    home = drawn.plan["community_code"]
    return told if guard.reach(Action.DRAFT_REDRAW).covers(home) else redraw_impact.masked(told)


def rebased(public_id: UUID) -> tuple[Drawn, Sequence[LeftOut]]:
    """A plan over the ground as it is now, with its entry in the trail."""
    session = doors.drawing(public_id)
    drawn, lost = redraw_rebase.rebase(session, public_id, doors.login(), guard.now())
    said = {"left_out": [" ".join([one.op, *one.grids]) for one in lost]}
    deeds.commit(session, doors.deed("rebase", public_id, said))
    return drawn, lost


def move(
    name: Name, public_id: UUID, remarks: str = "", due_at: datetime | None = None
) -> dict[str, Any]:
    """Make a move with a plan for who asks, and keep it in the trail; the plan after it."""
    session = doors.drawing(public_id, MOVES[name].action)
    said = {"remarks": remarks} if remarks else {}
    made = redraw_moves.move(session, public_id, name, doors.login(), guard.now(), remarks, due_at)
    told = {**said, "due_at": due_at.isoformat()} if due_at else said
    deeds.commit(session, doors.deed(name, public_id, cast("dict[str, Any]", told)))
    return doors.told(made)


def _changed(one: Changed) -> dict[str, Any]:
    now = geojson(one.now) if one.now is not None else None
    by = who(one.by) if one.by else None
    return {**asdict(one), "by": by, "was": geojson(one.was), "now": now}


def _side(side: Side) -> dict[str, Any]:
    return {
        "plan": side.plan,
        "name": side.name,
        "cells": _cells(side.cells),
        "figures": {code: asdict(one) for code, one in side.figures.items()},
    }


def _cells(cells: Mapping[str, BaseGeometry]) -> dict[str, Any]:
    features = [
        {"type": "Feature", "properties": {"code": code}, "geometry": geojson(shape)}
        for code, shape in cells.items()
    ]
    return {"type": "FeatureCollection", "features": features}
