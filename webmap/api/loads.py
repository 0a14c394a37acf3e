"""Layers and lists as files: sent in, judged, asked about, tried, and applied."""

from typing import Annotated, Any, cast

from apiflask import APIBlueprint
from flask import Response
from pydantic import ConfigDict, Field, WithJsonSchema
from sqlalchemy import RowMapping
from werkzeug.datastructures import FileStorage

from geodata.domain.crs import Box
from geodata.domain.privacy import masked
from geodata.domain.roles import Action
from geodata.files.fields import FIELDS, Kind
from geodata.files.mapping import mapping_in
from geodata.services import loads
from geodata.services.audit import Deed
from webmap import database, deeds, guard
from webmap.api.fields import Model, Text
from webmap.guard import requires
from webmap.load_texts import GRADES
from webmap.texts import sentence

blueprint = APIBlueprint("loads", __name__, url_prefix="/api/loads", tag="loads")

_FILE = WithJsonSchema({"type": "string", "format": "binary"})
_COUNTS = ("total", "done", "added", "changed", "same", "refused", "flagged", "repaired")
_KEYS = ("id", "kind", "file_name", "state", "dry_run", "system", "layer", *_COUNTS)

Short = Annotated[Text, Field(max_length=200)]


class UploadForm(Model):
    """A file with what it holds; columns may be told by a mapping file.

    `name`, `district`, `street` and `community` hold for all rows; `only` are codes of the
    communities whose grids may change, with commas between them.
    """

    model_config = ConfigDict(extra="forbid", arbitrary_types_allowed=True)
    file: Annotated[FileStorage, _FILE]
    kind: Kind
    layer: Short = ""
    crs: Short = ""
    mapping: Annotated[FileStorage | None, _FILE] = None
    district: Short = ""
    district_name: Short = ""
    street: Short = ""
    community: Short = ""
    only: Short = ""
    repair: bool = False
    dry_run: bool = True


class Answer(Model):
    """In which coordinate system a file is."""

    crs: Annotated[Short, Field(min_length=1)]


@blueprint.get("")
@requires(Action.LOAD_LAYERS)
def listed() -> dict[str, Any]:
    """The newest loads first."""
    return {"items": [_job(row) for row in loads.listing(database.session(), _holder())]}


@blueprint.post("")
@requires(Action.LOAD_LAYERS)
@blueprint.input(UploadForm, location="files")
@blueprint.doc(responses=[202, 413, 422])
def upload(files_data: UploadForm) -> tuple[dict[str, Any], int]:
    """Take a file in; the worker reads and judges it. Nothing changes on the map in a dry run."""
    session, form = database.session(), files_data
    mapping = form.mapping.stream.read() if form.mapping is not None else b""
    told = {name: getattr(form, name) for name in ("district", "district_name")}
    told |= {
        name: getattr(form, name) for name in ("street", "community") if name in FIELDS[form.kind]
    }
    if form.kind == "district":
        told |= {"code": told["district"], "name": told["district_name"]}
    request = loads.Request(
        form.kind,
        form.file.stream.read(),
        form.file.filename or "",
        layer=form.layer,
        crs=form.crs,
        mapping=mapping_in(mapping, form.kind) if mapping.strip() else {},
        values={name: value for name, value in told.items() if value},
        communities=[code.strip() for code in form.only.split(",") if code.strip()],
        repair=form.repair,
        dry_run=form.dry_run,
        sender=guard.account(),
    )
    database.on_all_ground()  # the same file may be somebody else's already
    number, new = loads.submit(session, request)
    said = {"kind": form.kind, "new": new, "dry_run": form.dry_run}
    deeds.commit(session, Deed("load.take", ("load", str(number)), detail=said))
    return {"id": number, "new": new}, 202


@blueprint.get("/<int:number>")
@requires(Action.LOAD_LAYERS)
@blueprint.doc(responses=[404])
def one(number: int) -> dict[str, Any]:
    """One load: how far it is, what it came to, or what is asked."""
    return _job(_own(number))


@blueprint.get("/<int:number>/report")
@requires(Action.LOAD_LAYERS)
@blueprint.doc(responses=[404])
def report(number: int) -> dict[str, Any]:
    """What was refused, repaired and flagged, each with its row, column and reason."""
    _own(number)
    notes = loads.report(database.session(), number)
    return {"items": [_note(note) for note in notes]}


@blueprint.get("/<int:number>/report.csv")
@requires(Action.LOAD_LAYERS)
@blueprint.doc(responses=[404])
def report_file(number: int) -> Response:
    """The whole report as a file, with the cells of each row."""
    grades = {grade: str(word) for grade, word in GRADES.items()}
    _own(number)
    body = loads.report_file(database.session(), number, sentence, grades)
    answer = Response(body, mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="report-{number}.csv"'
    return answer


@blueprint.post("/<int:number>/crs")
@requires(Action.LOAD_LAYERS)
@blueprint.input(Answer, location="json")
@blueprint.doc(responses=[404, 409, 422])
def answer(number: int, json_data: Answer) -> dict[str, Any]:
    """Answer in which coordinate system the file is; the load goes on."""
    session = database.session()
    _own(number)
    loads.answer(session, number, json_data.crs)
    said = {"crs": json_data.crs}
    deeds.commit(session, Deed("load.answer", ("load", str(number)), detail=said))
    return _job(loads.one(session, number))


class Nothing(Model):
    """An empty body."""


@blueprint.post("/<int:number>/apply")
@requires(Action.LOAD_LAYERS)
@blueprint.input(Nothing, location="json")
@blueprint.doc(responses=[404, 409])
def apply(number: int, json_data: Nothing) -> dict[str, Any]:
    """Let a load that was only tried change the map."""
    del json_data
    session = database.session()
    _own(number)
    loads.apply(session, number)
    deeds.commit(session, Deed("load.apply", ("load", str(number))))
    return _job(loads.one(session, number))


def _holder() -> int | None:
    return guard.holder(Action.LOAD_LAYERS)


def _own(number: int) -> RowMapping:
    """A load that who asks may follow. Raises NotFound."""
    return loads.one(database.session(), number, _holder())


def _job(row: RowMapping) -> dict[str, Any]:
    columns, error = row["columns"] or {}, row["error"]
    facts = cast("dict[str, Any]", error["facts"]) if error else {}
    return {
        **{key: row[key] for key in _KEYS},
        "recognised_columns": columns.get("recognised", {}),
        "place_columns": columns.get("places", []),
        "unmapped_columns": columns.get("unmapped", []),
        "dropped_columns": columns.get("dropped", []),
        "error": error and {**error, "title": sentence(error["code"], facts)},
        "candidates": [_candidate(one) for one in facts.get("candidates", [])],
        "bbox": _box(row),
        "created_at": row["created_at"],
        "finished_at": row["finished_at"],
    }


def _candidate(one: dict[str, Any]) -> dict[str, Any]:
    """A coordinate system with what is known nearest to where the file would land, or nothing."""
    return {**one, "near": loads.known_near(database.session(), one["lon"], one["lat"])}


def _box(row: RowMapping) -> Box | None:
    """Around what a load that is done brought, in degrees."""
    if row["state"] != "done":
        return None
    return loads.extent(database.session(), row)


def _note(note: RowMapping) -> dict[str, Any]:
    return {
        **{key: note[key] for key in ("row", "column", "grade", "code")},
        "facts": note["facts"],
        "reason": masked(sentence(note["code"], note["facts"])),
    }
