"""Photos: taken in from anybody, shown to those on whose ground the issue lies."""

from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

from apiflask import APIBlueprint
from flask import Response, current_app, send_file
from pydantic import ConfigDict, WithJsonSchema
from werkzeug.datastructures import FileStorage

from geodata.domain.roles import Action
from geodata.errors import InvalidFile, NotFound
from geodata.files import media
from geodata.services import photos
from geodata.services.audit import Deed
from webmap import database, deeds, guard
from webmap.api.fields import Model
from webmap.guard import public, requires

blueprint = APIBlueprint("photos", __name__, url_prefix="/api/photos", tag="issues")
FOLDER = "MEDIA"


def folder() -> Path:
    """Where photos lie. Raises InvalidFile ``photo_store`` where no folder is set."""
    told = current_app.config.get(FOLDER)
    if not told:
        raise InvalidFile("photo_store")
    return Path(told)


class PhotoForm(Model):
    """One photo."""

    model_config = ConfigDict(extra="forbid", arbitrary_types_allowed=True)
    file: Annotated[FileStorage, WithJsonSchema({"type": "string", "format": "binary"})]


@blueprint.post("")
@public
@blueprint.input(PhotoForm, location="files")
@blueprint.doc(responses=[201, 413, 422])
def take_in(files_data: PhotoForm) -> tuple[dict[str, Any], int]:
    """Take in one photo; it is drawn anew, and its number goes with a report or a step."""
    session = database.session()
    told = photos.take_in(session, folder(), files_data.file.stream.read())
    deeds.commit_public(session, Deed("photo.take", ("photo", told["id"])))
    return told, 201


@blueprint.get("/<uuid:public_id>")
@requires(Action.SEE_ISSUES)
@blueprint.doc(responses=[404])
def shown(public_id: UUID) -> Response:
    """A photo of an issue on one's ground."""
    digest = photos.shown(database.session(), public_id, guard.reach(Action.SEE_ISSUES))
    try:
        answer = send_file(media.path(folder(), digest), mimetype="image/jpeg")
    except FileNotFoundError as gone:
        raise NotFound("no_photo") from gone
    answer.headers["Content-Disposition"] = "inline; filename=photo.jpg"
    answer.headers["Cache-Control"] = "private, max-age=3600"
    return answer
