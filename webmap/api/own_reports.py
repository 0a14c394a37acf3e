"""Words and photos of a report, for whoever has its tracking code."""

from typing import Any
from uuid import UUID

from apiflask import APIBlueprint
from flask import Response, send_file

from geodata.errors import NotFound
from geodata.files import media
from geodata.services import own_reports
from webmap import database
from webmap.api.moves import CodeBody
from webmap.api.photos import folder
from webmap.guard import public

blueprint = APIBlueprint("own_reports", __name__, url_prefix="/api/issues", tag="issues")


@blueprint.post("/<uuid:public_id>/own")
@public
@blueprint.input(CodeBody, location="json")
@blueprint.doc(responses=[403, 404, 422])
def words(public_id: UUID, json_data: CodeBody) -> dict[str, Any]:
    """What one has answered and written oneself, and what was written of how it was done."""
    session = database.session()
    database.follow(public_id)
    return own_reports.words(session, public_id, json_data.code)


@blueprint.post("/<uuid:public_id>/photos")
@public
@blueprint.input(CodeBody, location="json")
@blueprint.doc(responses=[403, 404, 422])
def photos(public_id: UUID, json_data: CodeBody) -> dict[str, Any]:
    """The photos that one has sent with a report and, once it is done, those of the result."""
    session = database.session()
    database.follow(public_id)
    found = own_reports.pictures(session, public_id, json_data.code)
    shown = ("kind", "width", "height")
    return {
        "items": [
            {"id": str(one["public_id"]), **{name: one[name] for name in shown}} for one in found
        ]
    }


@blueprint.post("/<uuid:public_id>/photos/<uuid:photo>")
@public
@blueprint.input(CodeBody, location="json")
@blueprint.doc(responses=[403, 404, 422])
def photo(public_id: UUID, photo: UUID, json_data: CodeBody) -> Response:
    """One of them, as JPEG; the code goes in the body, where no log keeps it."""
    session = database.session()
    database.follow(public_id)
    digest = own_reports.picture(session, public_id, photo, json_data.code)
    try:
        return send_file(media.path(folder(), digest), mimetype="image/jpeg")
    except FileNotFoundError as gone:
        raise NotFound("no_photo") from gone
