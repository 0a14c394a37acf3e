"""Before a report is sent: who would have it and by when; and joining what is known already."""

from typing import Annotated, Any
from uuid import UUID

from apiflask import APIBlueprint
from pydantic import Field

from geodata.services import foretelling, issues, joining
from geodata.services.audit import Deed
from webmap import database, deeds, guard, languages
from webmap.api.fields import Key, Model, Text
from webmap.api.issues import PlacedBody
from webmap.guard import public

blueprint = APIBlueprint("foretelling", __name__, url_prefix="/api/issues", tag="issues")


class JoinBody(Model):
    """Somebody else's word, with what they had written; `key` is the client's own.

    By it the word counts once.
    """

    key: Key
    note: Annotated[Text, Field(max_length=2000)] = ""


@blueprint.post("/preview")
@public
@blueprint.input(PlacedBody, location="json")
@blueprint.doc(responses=[200, 404, 409, 422])
def preview(json_data: PlacedBody) -> dict[str, Any]:
    """Which grid and party group a report would have, until when, and likely duplicates."""
    said = issues.Report(text="", **json_data.model_dump())
    session = database.session()
    database.on_all_ground()  # what is told of others' reports has no name and no number
    told = foretelling.foretold(
        *(session, said, database.locator(), guard.now(), database.ground().bbox),
        database.calendar(),
    )
    return {**told, "category": told[f"category_{languages.current()}"]}


@blueprint.post("/<uuid:public_id>/join")
@public
@blueprint.input(JoinBody, location="json")
@blueprint.doc(responses=[200, 404, 409, 422])
def join(public_id: UUID, json_data: JoinBody) -> dict[str, str]:
    """Say that one has seen the same; the answer leads to the issue, with a code to follow it by.

    409 where the key was used for something else.
    """
    session = database.session()
    database.on_all_ground()  # the key may have been used anywhere
    code, anew = joining.join(session, public_id, json_data.key, guard.now(), json_data.note)
    if anew:
        deeds.commit_public(session, Deed("issue.join", ("issue", str(public_id))))
    return {"url": f"/issues/{public_id}", "code": code}
