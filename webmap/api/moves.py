"""Steps on issues: by officials in their roles, and by whoever reported, with the code."""

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

from apiflask import APIBlueprint
from pydantic import AwareDatetime, Field

from geodata.domain.roles import Action
from geodata.domain.workflow import Word
from geodata.errors import NotFound
from geodata.services import moves, passing, rulings
from geodata.services.audit import Deed
from geodata.services.moves import Move
from geodata.services.rulings import Ruling
from webmap import database, deeds, guard, stepping
from webmap.api.fields import Code, Key, Model, PhotoBody, Said, Text, kinds
from webmap.guard import public, requires

blueprint = APIBlueprint("moves", __name__, url_prefix="/api", tag="issues")

Note = Annotated[Text, Field(max_length=1000)]
_SAID = {"note", "reason", "handler", "grid", "grade", "satisfaction", "until"}
_EARLIEST = timedelta(days=3)


class StepBody(Model):
    """A step of the workflow; `key` is the client's own, so that it counts once.

    `at` is when it was taken, where the network was away meanwhile.
    """

    step: Code
    key: Key
    note: Note = ""
    reason: Literal["", "not_my_ground", "not_my_matter"] = ""
    handler: Annotated[Text, Field(max_length=60)] = ""
    grid: Code | Literal[""] = ""
    grade: Literal["", "normal", "yellow", "red"] = ""
    until: AwareDatetime | None = None
    at: AwareDatetime | None = None
    photos: Annotated[list[PhotoBody], Field(max_length=10)] = Field(default_factory=list)


class GroundBody(Model):
    """Where an issue truly lies, and why: what settles whose ground it is."""

    lon: float
    lat: float
    note: Annotated[Said, Field(min_length=1, max_length=1000)]
    key: Key


class ReplyBody(Model):
    """What whoever reported says of it: that it is done, and how well; or that it is not."""

    code: Annotated[Text, Field(min_length=16, max_length=40)]
    step: Literal["confirm", "reopen"]
    key: Key
    note: Note = ""
    satisfaction: Literal["", "good", "fair", "bad"] = ""


class CodeBody(Model):
    """A tracking code."""

    code: Annotated[Text, Field(min_length=16, max_length=40)]


@blueprint.post("/issues/<uuid:public_id>/steps")
@requires(Action.SEE_ISSUES)
@blueprint.input(StepBody, location="json")
@blueprint.doc(responses=[200, 403, 404, 409, 422])
def step(public_id: UUID, json_data: StepBody) -> dict[str, Any]:
    """Take a step on an issue of one's ground; 409 where the issue has no such step now."""
    session, said = database.session(), json_data
    detail = _late(said.at)
    if said.step == passing.STEP:
        database.follow(public_id)  # it may leave one's own ground, and come again from the outbox
    move = Move(
        said.step, said.key, Word(**said.model_dump(include=_SAID)), detail, kinds(said.photos)
    )
    mover, now = stepping.mover(), guard.now()
    if mover.ground.handed and moves.offered(session, public_id, mover, now):
        database.follow(public_id)  # handed back it is no longer the department's to see
    came = moves.take(session, public_id, move, mover, now, database.calendar())
    if not came.again:
        told = {"step": said.step}
        deeds.commit(session, Deed("issue.step", ("issue", str(public_id)), detail=told))
    return {**asdict(came), **_next(public_id)}


def _next(public_id: UUID) -> dict[str, Any]:
    """What can be done next; nothing with what has left one's ground."""
    try:
        return stepping.offered(public_id)
    except NotFound:
        return {"steps": [], "departments": []}


@blueprint.post("/issues/<uuid:public_id>/ground")
@requires(Action.DISPATCH_ISSUE)
@blueprint.input(GroundBody, location="json")
@blueprint.doc(responses=[200, 403, 404, 409, 422])
def settle_ground(public_id: UUID, json_data: GroundBody) -> dict[str, Any]:
    """Settle on whose ground an issue lies; its address is remembered for the next time.

    `seen` says whether it still lies where who asks sees issues.
    """
    session, said, mover = database.session(), json_data, stepping.mover()
    if moves.offered(session, public_id, mover, guard.now()):
        database.follow(public_id)  # it may leave one's own ground, and is seen up to there
    came, lies = rulings.settle(
        *(session, public_id, Move("settle_ground", said.key, Word(said.note))),
        *(Ruling(said.lon, said.lat), mover, guard.now()),
        (database.ground().bbox, database.calendar()),
    )
    if not came.again:
        detail = {"grid": lies["grid_code"]}
        deeds.commit(session, Deed("issue.ground", ("issue", str(public_id)), detail=detail))
    seen = guard.reach(Action.SEE_ISSUES).covers(lies["community_code"], lies["grid_code"])
    return {**asdict(came), **lies, "seen": seen}


@blueprint.post("/issues/<uuid:public_id>/reply")
@public
@blueprint.input(ReplyBody, location="json")
@blueprint.doc(responses=[200, 403, 404, 409, 422])
def reply(public_id: UUID, json_data: ReplyBody) -> dict[str, Any]:
    """Confirm or reopen what one has reported."""
    session, said = database.session(), json_data
    database.follow(public_id)
    move = Move(said.step, said.key, Word(said.note, satisfaction=said.satisfaction))
    came = moves.reply(session, public_id, move, said.code, guard.now(), database.calendar())
    if not came.again:
        deeds.commit_public(session, Deed("issue.reply", ("issue", str(public_id))))
    return {"status": came.status, "again": came.again}


@blueprint.post("/issues/follow")
@public
@blueprint.input(CodeBody, location="json")
@blueprint.doc(responses=[200, 404, 422])
def follow(json_data: CodeBody) -> dict[str, str]:
    """The address of the issue with a tracking code."""
    database.session()
    database.on_all_ground()
    found = moves.followed(database.session(), json_data.code)
    return {"id": str(found), "url": f"/issues/{found}"}


def _late(at: datetime | None) -> dict[str, Any]:
    """When a step was really taken, where it comes late and that can be."""
    if at is None or not timedelta(minutes=1) < guard.now() - at < _EARLIEST:
        return {}
    return {"taken_at": at.isoformat()}
