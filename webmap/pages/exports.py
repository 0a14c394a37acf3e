"""Taking layers and lists out as files: the page that offers them, and the files themselves."""

import tempfile
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any, Final, cast

from apiflask import APIBlueprint
from flask import Flask, Response, current_app, render_template, request
from werkzeug.wsgi import FileWrapper

from geodata.domain.layer import LAYERS, Layer
from geodata.domain.roles import Action
from geodata.errors import WanggeError
from geodata.services import deeds as told
from geodata.services import export_jobs, exports
from geodata.services.exports import FORMATS, Checked
from webmap import database, deeds, languages
from webmap.api.exports import checked
from webmap.api.orders import FileQuery, Short
from webmap.disposition import named
from webmap.errors import problem
from webmap.guard import requires

blueprint = APIBlueprint("exports", __name__, tag="exports")
_SLOTS: Final = "wangge-export-slots"
_AT_ONCE: Final = 2
"""Files that one process makes at a time, so that the other readers keep their connections."""

_CHUNK: Final = 1 << 16
_RETRY_S: Final = "10"


class ChosenQuery(FileQuery):
    """The same as a form sends it, with the layer and the format among it."""

    layer: Short = ""
    format: Short = ""


def prepare(app: Flask) -> None:
    """Count the files that are being made."""
    app.extensions[_SLOTS] = BoundedSemaphore(_AT_ONCE)


@blueprint.get("/exports")
@requires(Action.EXPORT)
@blueprint.doc(hide=True)
def page() -> str:
    """Every layer in every format, with what each format loses."""
    english = languages.current() == "en"
    return render_template(
        "exports.html",
        district=database.ground(),
        layers=[_offered(layer, english=english) for layer in LAYERS.values()],
        formats=[
            {"name": f.name, "title": f.title, "losses": [loss[english] for loss in f.losses]}
            for f in FORMATS.values()
        ],
        chosen=request.args.get("layer", "grids"),
        given={name: request.args[name] for name in _PASSED if request.args.get(name)},
        address=request.host_url + "ogc",
        small=export_jobs.SMALL,
    )


_PASSED: Final = (
    *("state", "category", "street", "community", "grid", "period", "since", "until", "overdue"),
    *("import", "bbox", "soon", "status", "channel", "handler", "supervision", "words"),
    *("due_since", "due_until", "outcome", "done_since", "done_until", "nowhere"),
)
"""Filters of the list of issues that the page carries on."""


def _offered(layer: Layer, *, english: bool) -> dict[str, Any]:
    title = layer.en if english else layer.zh
    return {"name": layer.name, "title": title, "dated": layer.dated}


@blueprint.get("/exports/file")
@requires(Action.EXPORT)
@blueprint.input(ChosenQuery, location="query")
@blueprint.doc(hide=True)
def chosen(query_data: ChosenQuery) -> Response:
    """The file that the page's form asks for."""
    return _file(query_data.layer, query_data.format, query_data)


@blueprint.get("/exports/<code:layer>.<form>")
@requires(Action.EXPORT)
@blueprint.input(FileQuery, location="query")
@blueprint.doc(responses=[400, 404, 422, 503])
def file(layer: str, form: str, query_data: FileQuery) -> Response:
    """A layer or list as a file."""
    return _file(layer, form, query_data)


def _file(layer: str, form: str, asked: FileQuery) -> Response:
    wanted = checked(layer, form, asked)
    if not export_jobs.is_small(database.session(), wanted, datetime.now(UTC)):
        raise WanggeError("export_large", limit=export_jobs.SMALL)
    if request.method == "HEAD":
        return _named(Response(mimetype=wanted.format.media), wanted)
    slots = cast("BoundedSemaphore", current_app.extensions[_SLOTS])
    if not slots.acquire(blocking=False):
        busy = problem(HTTPStatus.SERVICE_UNAVAILABLE, "export_busy", {})
        busy.headers["Retry-After"] = _RETRY_S
        return busy
    try:
        return _made(wanted)
    finally:
        slots.release()


def _made(wanted: Checked) -> Response:
    """The file, made in a folder of its own that is gone before it is sent."""
    now = datetime.now(UTC)
    with tempfile.TemporaryDirectory(prefix="wangge-export-") as folder:
        path = Path(folder) / f"export{wanted.format.suffix}"
        rows = exports.write(database.session(), wanted, path, now)
        deeds.seen(told.exported(wanted, rows))
        size = path.stat().st_size
        opened = path.open("rb")
    sent = FileWrapper(opened, _CHUNK)  # closes the file when it was sent, or nobody waits for it
    answer = Response(sent, mimetype=wanted.format.media, direct_passthrough=True)
    answer.content_length = size
    return _named(answer, wanted)


def _named(answer: Response, wanted: Checked) -> Response:
    return named(answer, *exports.file_name(database.session(), wanted, datetime.now(UTC)))
