"""Large files on their way out: ordered, followed, called off, fetched."""

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, Final
from zoneinfo import ZoneInfo

from apiflask import APIBlueprint
from flask import Response, current_app, request, stream_with_context
from sqlalchemy import RowMapping

from geodata.domain.layer import LAYERS
from geodata.domain.moment import moment
from geodata.domain.roles import Action
from geodata.services import deeds as told_of
from geodata.services import export_jobs, exports
from geodata.services.audit import Deed
from geodata.services.exports import FORMATS, Checked, Order
from webmap import database, deeds, guard, languages
from webmap.api.fields import Model
from webmap.api.orders import FileQuery, Short
from webmap.disposition import named
from webmap.guard import requires
from webmap.texts import sentence

blueprint = APIBlueprint("export_jobs", __name__, url_prefix="/api/exports", tag="exports")
_KEYS: Final = ("id", "layer", "format", "state", "total", "done", "size")


class OrderBody(FileQuery):
    """What is wanted: a layer or list in a format."""

    layer: Short
    format: Short


class Nothing(Model):
    """An empty body."""


def checked(layer: str, form: str, asked: FileQuery) -> Checked:
    """An order as it was sent, understood. Raises as `exports.checked` and `moment`."""
    zone = ZoneInfo(current_app.config["TIMEZONE"])
    at = moment(asked.at, zone) if asked.at else None
    own = (guard.reach(Action.EXPORT), guard.holder(Action.EXPORT))
    return exports.checked(Order(layer, form, asked.crs, at, asked.filters, zone, *own))


@blueprint.get("")
@requires(Action.EXPORT)
def listed() -> dict[str, Any]:
    """The newest orders first."""
    return {"items": [_job(row) for row in export_jobs.listing(database.session(), _holder())]}


@blueprint.post("")
@requires(Action.EXPORT)
@blueprint.input(OrderBody, location="json")
@blueprint.doc(responses=[200, 202, 400, 404, 409, 422])
def order(json_data: OrderBody) -> tuple[dict[str, Any], int]:
    """Order a file. A small one needs no order: its address is the answer."""
    session, now = database.session(), datetime.now(UTC)
    wanted = checked(json_data.layer, json_data.format, json_data)
    if export_jobs.is_small(session, wanted, now):
        return {"id": None, "small": True}, HTTPStatus.OK
    number = export_jobs.submit(session, wanted, now, guard.account())
    deeds.commit(
        session, Deed("export.order", ("export", str(number)), detail=told_of.ordered(wanted))
    )
    return {"id": number, "small": False}, HTTPStatus.ACCEPTED


@blueprint.get("/<int:number>")
@requires(Action.EXPORT)
@blueprint.doc(responses=[404])
def one(number: int) -> dict[str, Any]:
    """One order: how far it is."""
    return _job(export_jobs.one(database.session(), number, _holder()))


@blueprint.post("/<int:number>/cancel")
@requires(Action.EXPORT)
@blueprint.input(Nothing, location="json")
@blueprint.doc(responses=[404, 409])
def cancel(number: int, json_data: Nothing) -> dict[str, Any]:
    """Call an order off."""
    del json_data
    session = database.session()
    export_jobs.cancel(session, number, _holder())
    deeds.commit(session, Deed("export.cancel", ("export", str(number))))
    return _job(export_jobs.one(session, number))


@blueprint.get("/<int:number>/file")
@requires(Action.EXPORT)
@blueprint.doc(responses=[404])
def made(number: int) -> Response:
    """The made file, for a day."""
    session = database.session()
    told = export_jobs.file(session, number, _holder())
    if request.method == "GET":
        deeds.seen(Deed("export.fetch", ("export", str(number))))
    parts = export_jobs.content(session, number) if request.method == "GET" else iter(())
    answer = Response(stream_with_context(parts), mimetype=told.media)
    answer.content_length = told.size
    return named(answer, told.plain, told.said)


def _holder() -> int | None:
    """Whose orders alone are shown."""
    return guard.holder(Action.EXPORT)


def _job(row: RowMapping) -> dict[str, Any]:
    english, error = languages.current() == "en", row["error"]
    layer, options = LAYERS[row["layer"]], row["options"]
    return {
        **{key: row[key] for key in _KEYS},
        "title": layer.en if english else layer.zh,
        "format_title": FORMATS[row["format"]].title,
        "crs": options["crs"],
        "at": options["at"],
        "filters": options["filters"],
        "error": error and {**error, "title": sentence(error["code"], error["facts"])},
        "created_at": row["created_at"],
        "expires_at": row["expires_at"],
    }
