"""Files of tickets: sent in, followed, and their refused rows corrected."""

from typing import Annotated, Any

from apiflask import APIBlueprint
from flask import Response
from pydantic import ConfigDict, Field, RootModel, WithJsonSchema
from sqlalchemy import RowMapping
from werkzeug.datastructures import FileStorage

from geodata.domain.crs import Datum
from geodata.domain.privacy import masked
from geodata.domain.roles import Action
from geodata.services import imports
from geodata.services.audit import Deed
from webmap import database, deeds, guard
from webmap.api.fields import Code, Model, Text
from webmap.guard import requires
from webmap.texts import sentence

blueprint = APIBlueprint("imports", __name__, url_prefix="/api/imports", tag="imports")


class UploadForm(Model):
    """A file with the channel it is from and the datum of its coordinates."""

    model_config = ConfigDict(extra="forbid", arbitrary_types_allowed=True)
    file: Annotated[FileStorage, WithJsonSchema({"type": "string", "format": "binary"})]
    channel: Code = "12345"
    datum: Datum = "WGS84"


Cell = Annotated[Text, Field(max_length=5000)]


class Correction(RootModel[dict[Cell, Cell]]):
    """The cells of a row by header, corrected."""

    root: Annotated[dict[Cell, Cell], Field(min_length=1, max_length=200)]


@blueprint.get("")
@requires(Action.IMPORT_TICKETS)
def listed() -> dict[str, Any]:
    """The newest imports first."""
    return {"items": [_job(row) for row in imports.listing(database.session(), _holder())]}


@blueprint.post("")
@requires(Action.IMPORT_TICKETS)
@blueprint.input(UploadForm, location="files")
@blueprint.doc(responses=[202, 413, 422])
def upload(files_data: UploadForm) -> tuple[dict[str, Any], int]:
    """Take a file in; the worker reads it. The same file again is the same import."""
    session, file = database.session(), files_data.file
    content, name = file.stream.read(), file.filename or ""
    database.on_all_ground()  # the same file may be somebody else's already
    number, new = imports.submit(
        *(session, content, name, files_data.channel, files_data.datum, guard.account())
    )
    deeds.commit(session, Deed("import.take", ("import", str(number)), detail={"new": new}))
    return {"id": number, "new": new}, 202


@blueprint.get("/<int:number>")
@requires(Action.IMPORT_TICKETS)
@blueprint.doc(responses=[404])
def one(number: int) -> dict[str, Any]:
    """One import: how far it is and what became of its rows."""
    return _job(_own(number))


@blueprint.get("/<int:number>/refused")
@requires(Action.IMPORT_TICKETS)
@blueprint.doc(responses=[404])
def refused(number: int) -> dict[str, Any]:
    """The rows that wait for correction, each with its row, column and reason."""
    _own(number)
    rows = imports.refused(database.session(), number)
    return {"rows": [_refused(row) for row in rows]}


@blueprint.get("/<int:number>/refused.csv")
@requires(Action.IMPORT_TICKETS)
@blueprint.doc(responses=[404])
def refused_file(number: int) -> Response:
    """The same as a file, to be corrected and sent in again."""
    _own(number)
    body = imports.refused_file(database.session(), number, sentence, mask=True)
    answer = Response(body, mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="refused-{number}.csv"'
    return answer


@blueprint.put("/<int:number>/refused/<int:row>")
@requires(Action.IMPORT_TICKETS)
@blueprint.input(Correction, location="json")
@blueprint.doc(responses=[404, 422])
def correct(number: int, row: int, json_data: Correction) -> dict[str, Any]:
    """Try a refused row again with corrected cells."""
    session = database.session()
    _own(number)
    database.on_all_ground()  # a ticket goes where it belongs, as the rest of its file did
    counts = imports.correct(
        session, number, row, json_data.root, database.locator(), database.sealer()
    )
    told = {"row": row, "columns": list(json_data.root), **counts}
    deeds.commit(session, Deed("import.correct", ("import", str(number)), detail=told))
    return {"state": "taken", **counts}


def _holder() -> int | None:
    return guard.holder(Action.IMPORT_TICKETS)


def _own(number: int) -> RowMapping:
    """An import that who asks may follow. Raises NotFound."""
    return imports.one(database.session(), number, _holder())


_COUNTS = ("total", "done", "added", "known", "unplaced", "refused")


def _job(row: RowMapping) -> dict[str, Any]:
    columns, error = row["columns"] or {}, row["error"]
    return {
        **{key: row[key] for key in ("id", "file_name", "channel", "datum", "state", *_COUNTS)},
        "recognised_columns": columns.get("recognised", {}),
        "unknown_columns": columns.get("unknown", []),
        "dropped_columns": columns.get("dropped", []),
        "sealed_columns": columns.get("sealed", []),
        "unknown_values": columns.get("strange", {}),
        "error": error and {**error, "title": sentence(error["code"], error["facts"])},
        "created_at": row["created_at"],
        "finished_at": row["finished_at"],
    }


def _refused(row: RowMapping) -> dict[str, Any]:
    return {
        **{key: row[key] for key in ("row", "column", "code")},
        "facts": {name: _masked(fact) for name, fact in row["facts"].items()},
        "reason": masked(sentence(row["code"], row["facts"])),
        "raw": {name: masked(shown) for name, shown in row["raw"].items()},
    }


def _masked(fact: object) -> object:
    return masked(fact) if isinstance(fact, str) else fact
