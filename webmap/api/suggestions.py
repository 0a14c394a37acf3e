"""Grids suggested for a community: asked for, followed, called off, accepted into a draft."""

from typing import Annotated, Any, Final
from uuid import UUID

from apiflask import APIBlueprint
from pydantic import Field
from shapely.geometry import MultiPolygon, Polygon, mapping
from sqlalchemy import RowMapping
from sqlalchemy.orm import Session

from geodata.domain.roles import Action
from geodata.errors import NotFound
from geodata.services import redraws, suggestion_drafts, suggestion_jobs
from geodata.services.audit import Deed
from geodata.services.suggestion_jobs import Kind, Wish
from webmap import database, deeds, guard
from webmap.api import redraws as doors
from webmap.api.fields import Code, Model, Query
from webmap.api.redraws import Community, Name, Nothing
from webmap.authors import everybody, explained, who
from webmap.guard import requires

blueprint = APIBlueprint("suggestions", __name__, url_prefix="/api/suggestions", tag="redraws")

_KEYS: Final = (
    *("public_id", "community_code", "kind", "options", "author", "state", "done", "error"),
    *("created_at", "finished_at"),
)
_MOST_GRIDS: Final = 200
_MOST_CUT: Final = 1000
Households = Annotated[int, Field(ge=1, le=100_000)]


class Listed(Query):
    """Of which community; of all on one's ground if nothing is said."""

    community: Community | None = None


class Asked(Model):
    """What is wanted.

    ``divide`` the community afresh into ``number`` grids (or as the norm asks), ``rebalance`` its
    ``grids`` (all if none are named), or make grids from street ``blocks``. ``norm``, ``low`` and
    ``high`` are households a grid, those of the district where they are not told; another ``seed``
    finds other alternatives. The ground is that which the draft ``plan`` has drawn, the published
    one where none is named.
    """

    community: Community
    kind: Kind
    number: Annotated[int, Field(ge=1, le=_MOST_GRIDS)] | None = None
    grids: Annotated[tuple[Code, ...], Field(max_length=_MOST_GRIDS)] = ()
    norm: Households | None = None
    low: Households | None = None
    high: Households | None = None
    seed: Annotated[int, Field(ge=0, lt=2**31)] = 0
    plan: UUID | None = None


class Accepted(Model):
    """Which alternative, which of its grids (all if none are named), and into which draft.

    Without ``plan`` a new draft is begun under ``name``. ``cuts`` are the buildings it may cut.
    """

    alternative: Annotated[int, Field(ge=0, le=9)]
    grids: Annotated[list[int], Field(min_length=1, max_length=_MOST_GRIDS)] | None = None
    plan: UUID | None = None
    name: Name | None = None
    cuts: Annotated[tuple[Code, ...], Field(max_length=_MOST_CUT)] = ()


@blueprint.get("")
@requires(Action.DRAFT_REDRAW)
@blueprint.input(Listed, location="query")
def listed(query_data: Listed) -> dict[str, Any]:
    """The newest jobs, without what they found."""
    ground = guard.reach(Action.DRAFT_REDRAW)
    rows = suggestion_jobs.listing(database.session(), ground, query_data.community)
    everybody([row["author"] for row in rows])
    return {"items": [_told(row) for row in rows]}


@blueprint.post("")
@requires(Action.DRAFT_REDRAW)
@blueprint.input(Asked, location="json")
@blueprint.doc(responses=[202, 404, 409])
def ask(json_data: Asked) -> tuple[dict[str, Any], int]:
    """Ask for a suggestion; it is made in the background, ``done`` tells how far it is (0 to 1)."""
    session, home = database.session(), json_data.community
    if not guard.reach(Action.DRAFT_REDRAW).covers(home):
        raise NotFound("no_community", community=home)
    if json_data.plan is not None:
        doors.drawing(json_data.plan)
    given = json_data.model_dump(exclude={"community"})
    made = suggestion_jobs.submit(session, home, Wish(**given), doors.login(), guard.now())
    said = {"community": home, "kind": json_data.kind, "job": str(made["public_id"])}
    deeds.commit(session, Deed("suggestion.ask", None, detail=said))
    return _told(made), 202


@blueprint.get("/<uuid:public_id>")
@requires(Action.DRAFT_REDRAW)
@blueprint.doc(responses=[404])
def one(public_id: UUID) -> dict[str, Any]:
    """A job; once it is ``done`` with up to three ``alternatives``.

    Each has ``leaning``, what it leads in ``also``, ``figures`` and ``grids`` as GeoJSON, whose
    properties are code (null for a new grid), households, residents, whom it has ``taken`` from
    which grid, and ``why`` it is out of the band where it is. Grids in ``held`` were locked and
    are in none of them.
    """
    job = _own(public_id)
    found = job["found"] or {}
    told = [_alternative(one) for one in found.get("alternatives", [])]
    return {**_told(job), "alternatives": told, "held": found.get("held", [])}


@blueprint.post("/<uuid:public_id>/cancel")
@requires(Action.DRAFT_REDRAW)
@blueprint.input(Nothing, location="json")
@blueprint.doc(responses=[404, 409])
def cancel(public_id: UUID, json_data: Nothing) -> dict[str, Any]:
    """Call a job off."""
    del json_data
    _own(public_id)
    job = suggestion_jobs.cancel(database.session(), public_id, guard.now())
    deeds.commit(
        database.session(),
        Deed("suggestion.cancel", None, detail={"job": str(public_id)}),
    )
    return _told(job)


@blueprint.post("/<uuid:public_id>/accept")
@requires(Action.DRAFT_REDRAW)
@blueprint.input(Accepted, location="json")
@blueprint.doc(responses=[404, 409, 422])
def accept(public_id: UUID, json_data: Accepted) -> dict[str, Any]:
    """Draw an alternative, whole or some of its grids, into a draft; the draft as it is drawn."""
    job = _own(public_id)
    session = _drawing(json_data)
    plan = json_data.plan or _begun(json_data, job)
    drawn = suggestion_drafts.accept(
        *(session, job, plan),
        suggestion_drafts.Choice(json_data.alternative, json_data.grids, json_data.cuts),
        author=doors.login(),
        now=guard.now(),
    )
    said = {"job": str(public_id), "step": len(drawn.done)}
    deeds.commit(session, doors.deed("suggest", plan, said))
    return doors.answered(drawn)


def _drawing(asked: Accepted) -> Session:
    """The session for drawing into a draft that is there, or into one to be begun."""
    if asked.plan is not None:
        return doors.drawing(asked.plan)
    database.on_all_ground()
    return database.session()


def _begun(asked: Accepted, job: RowMapping) -> UUID:
    name = asked.name or "网格建议"
    made = redraws.begin(
        database.session(), job["community_code"], name, doors.login(), guard.now()
    )
    public_id: UUID = made["public_id"]
    return public_id


def _own(public_id: UUID) -> RowMapping:
    found = suggestion_jobs.one(database.session(), public_id)
    if not guard.reach(Action.DRAFT_REDRAW).covers(found["community_code"]):
        raise NotFound("no_suggestion")
    return found


def _told(job: RowMapping) -> dict[str, Any]:
    told = {"author": who(job["author"]), "error": explained(job["error"])}
    return {**{key: job[key] for key in _KEYS}, **told}


def _alternative(found: dict[str, Any]) -> dict[str, Any]:
    features = [
        {
            "type": "Feature",
            "properties": {name: value for name, value in grid.items() if name != "area"},
            "geometry": mapping(MultiPolygon([Polygon(r[0], r[1:]) for r in grid["area"]])),
        }
        for grid in found["grids"]
    ]
    return {
        "leaning": found["leaning"],
        "also": found.get("also", []),
        "figures": found["figures"],
        "grids": {"type": "FeatureCollection", "features": features},
    }
