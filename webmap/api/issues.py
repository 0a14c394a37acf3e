"""Issues: the list, the map's points, one issue, and a resident's report."""

from datetime import UTC, datetime
from secrets import token_hex
from typing import Annotated, Any, Self
from uuid import UUID

from apiflask import APIBlueprint
from pydantic import Field, model_validator

from geodata.db.scoping import WHOLE
from geodata.domain import tracking
from geodata.domain.roles import Action
from geodata.services import contacts, issues
from geodata.services.audit import Deed
from webmap import cursors, database, deeds, guard, languages, public_view, stepping
from webmap.api import fields
from webmap.api.fields import Answers, Code, Key, Model, PhotoBody, Text
from webmap.api.issue_queries import ListQuery, PointsQuery, Where
from webmap.guard import public, requires

blueprint = APIBlueprint("issues", __name__, url_prefix="/api/issues", tag="issues")

SHORTEST_REASON = 4
FEWEST_DIGITS, MOST_DIGITS = 7, 15


class ContactBody(Model):
    """How to reach the reporter, who agrees that the grid's people may read it to handle this."""

    name: Annotated[Text, Field(max_length=50)] = ""
    phone: Annotated[Text, Field(max_length=30)] = ""
    consent: bool = False

    @model_validator(mode="after")
    def _agreed(self) -> "ContactBody":
        digits = sum(character.isdigit() for character in self.phone)
        if self.phone and not FEWEST_DIGITS <= digits <= MOST_DIGITS:
            raise ValueError("phone: 7 to 15 digits")
        if (self.name or self.phone) and not self.consent:
            raise ValueError("consent is needed for a name or a phone number")
        return self


class ReasonBody(Model):
    """Why somebody needs to read a contact."""

    reason: Annotated[Text, Field(min_length=4, max_length=200)]

    @model_validator(mode="after")
    def _said(self) -> "ReasonBody":
        if sum(sign.isalnum() for sign in self.reason) < SHORTEST_REASON:
            raise ValueError("reason: at least 4 letters or digits")
        return self


class PlacedBody(Model):
    """A category, and a place by a pin, else by a building, else by an address."""

    category: Code
    address: Annotated[Text, Field(max_length=200)] = ""
    lon: float | None = None
    lat: float | None = None
    building_id: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = None

    @model_validator(mode="after")
    def _placed(self) -> Self:
        if (self.lon is None) != (self.lat is None):
            raise ValueError("lon and lat go together")
        if self.lon is None and self.building_id is None and not self.address:
            raise ValueError("a place is needed: lon and lat, building_id or address")
        return self


class ReportBody(PlacedBody):
    """A resident's report.

    `typed` are the words for which the place was offered, where it was chosen among several; `key`
    is the client's own, so that a report sent twice counts once; `on_behalf` says that a grid
    worker reports what somebody has told them.
    """

    text: Annotated[fields.Said, Field(min_length=1, max_length=2000)]
    typed: Annotated[Text, Field(max_length=200)] = ""
    contact: ContactBody | None = None
    key: Key | None = None
    on_behalf: bool = False
    photos: Annotated[list[PhotoBody], Field(max_length=5)] = Field(default_factory=list)
    answers: Answers = Field(default_factory=dict)


@blueprint.get("")
@requires(Action.SEE_ISSUES)
@blueprint.input(ListQuery, location="query")
@blueprint.doc(responses=[400, 404, 422])
def listed(query_data: ListQuery) -> dict[str, Any]:
    """Issues in pages, the newest report first where no other order is wanted."""
    after = cursors.read(query_data.after, query_data.sort) if query_data.after else None
    now = datetime.now(UTC)
    wanted = query_data.filter(now)
    items, end = issues.page(
        database.session(), wanted, after, query_data.limit, now, query_data.order()
    )
    further = cursors.written(end, query_data.sort) if end else None
    return {"items": [localised(item) for item in items], "next": further}


@blueprint.get("/points")
@requires(Action.SEE_ISSUES)
@blueprint.input(PointsQuery, location="query")
@blueprint.doc(responses=[400, 404, 422])
def points(query_data: PointsQuery) -> dict[str, Any]:
    """Issues as GeoJSON points, or clusters where they are many, of so many closed ones: `upto`."""
    now = datetime.now(UTC)
    wanted, zoom = query_data.filter(now), query_data.zoom
    return issues.points(database.session(), wanted, zoom, now, whole=query_data.whole)


@blueprint.get("/counts")
@requires(Action.SEE_ISSUES)
@blueprint.input(Where, location="query")
@blueprint.doc(responses=[400, 404, 422])
def counts(query_data: Where) -> dict[str, int]:
    """How many issues each state would list; `more` names those of which it counts only 10,000."""
    return issues.counts(database.session(), query_data.wanted(datetime.now(UTC)))


@blueprint.get("/<uuid:public_id>")
@public
@blueprint.doc(responses=[404])
def one(public_id: UUID) -> dict[str, Any]:
    """One issue with its history and the evidence of its assignment.

    Whoever has its number follows it; who works on issues sees all of those of their own ground.
    """
    database.follow(public_id)
    standing = guard.standing if stepping.steps_at_all() else None
    card = issues.card(database.session(), public_id, guard.now(), WHOLE, standing)
    return public_view.issue(localised(card))


@blueprint.post("")
@public
@blueprint.input(ReportBody, location="json")
@blueprint.doc(responses=[200, 201, 404, 409, 422])
def report(json_data: ReportBody) -> tuple[dict[str, Any], int]:
    """Report an issue; 409 with candidates where the address is not sure."""
    said = issues.Report(
        **json_data.model_dump(exclude={"contact", "on_behalf", "key", "photos"}),
        key=json_data.key or token_hex(16),
        photos=fields.kinds(json_data.photos),
        channel="worker" if _is_for_another(json_data) else "web",
    )
    session, given = database.session(), json_data.contact
    extent = database.ground().bbox
    database.follow(tracking.number(said.key))
    card = issues.report(
        *(session, said, database.locator(), datetime.now(UTC), extent),
        database.calendar(),
    )
    if card["again"]:
        return public_view.issue({**localised(card), "url": f"/issues/{card['id']}"}), 200
    if given is not None:
        contacts.keep_given(session, database.sealer(), card["id"], given.name, given.phone)
    deeds.commit_public(session, Deed("issue.report", ("issue", card["id"])))
    told = {**localised(card), "url": f"/issues/{card['id']}"}
    return public_view.issue(told), 201


@blueprint.get("/<uuid:public_id>/contact")
@requires(Action.SEE_ISSUES)
@blueprint.doc(responses=[403, 404, 409])
def contact(public_id: UUID) -> dict[str, Any]:
    """How to reach the reporter, masked; for officials, and empty where nothing is known."""
    ground = guard.reach(Action.SEE_ISSUES)
    known = contacts.masked(database.session(), database.sealer(), public_id, ground)
    return {"masked": True, "facts": known or []}


@blueprint.post("/<uuid:public_id>/contact")
@requires(Action.UNMASK_CONTACT)
@blueprint.input(ReasonBody, location="json")
@blueprint.doc(responses=[200, 403, 404, 409, 422])
def unmask(public_id: UUID, json_data: ReasonBody) -> dict[str, Any]:
    """The same in full, for a reason that the audit trail keeps."""
    session = database.session()
    known = contacts.unmask(
        *(session, database.sealer(), public_id, json_data.reason, deeds.who()),
        guard.reach(Action.UNMASK_CONTACT),
    )
    deeds.commit_entered(session)
    return {"masked": False, "facts": known}


def _is_for_another(said: ReportBody) -> bool:
    return said.on_behalf and guard.may_somewhere(Action.HANDLE_ISSUE)


def localised(item: dict[str, Any]) -> dict[str, Any]:
    """The item with its category's name in the language of the request, and whether it is new.

    That is to who asks.
    """
    told = {name: said for name, said in item.items() if name != "new_to"}
    return {
        **told,
        "category_name": item[f"category_{languages.current()}"],
        "fresh": guard.is_new(item),
    }
