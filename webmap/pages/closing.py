"""What closes gaps of service: a grid that is handed over, a station that is added."""

from http import HTTPStatus
from typing import Annotated, Literal, cast
from urllib.parse import urlencode

from apiflask import APIBlueprint
from flask import Response, make_response, redirect, render_template
from pydantic import Field
from werkzeug.exceptions import BadRequest

from geodata.domain.roles import Action
from geodata.errors import WanggeError
from geodata.services import coverage_workers, stations
from geodata.services.audit import Deed
from webmap import database, deeds, guard
from webmap.api.fields import Code, Query
from webmap.errors import status_of
from webmap.forms import posted, told
from webmap.guard import requires
from webmap.pages.party_groups import back
from webmap.pages.people import office
from webmap.pages.shells import shell
from webmap.texts import sentence

blueprint = APIBlueprint("closing", __name__, enable_openapi=False, url_prefix="/coverage")

_LONGEST_NUMBER = 9


class StationQuery(Query):
    """Where a station is to be, of which grid's gap, and which area the list showed."""

    lon: Annotated[float, Field(ge=-180, le=180)] | None = None
    lat: Annotated[float, Field(ge=-90, le=90)] | None = None
    grid: Code | Literal[""] = ""
    area: Code | Literal[""] = ""


@blueprint.post("/workers/hand-over")
@requires(Action.APPOINT_WORKERS)
@posted
def hand_over() -> Response:
    """Let whoever is offered follow a worker with too much in one of the grids."""
    code, grid, to = told("code", 40), told("grid", 40), told("worker", _LONGEST_NUMBER)
    if not (to.isascii() and to.isdigit()):
        raise BadRequest
    at = office()
    database.on_all_ground()
    session = database.session()
    done = coverage_workers.hand_over(session, at, code, grid, int(to))
    detail = {"worker": done.name, "since": done.at.isoformat(), **done.more}
    deeds.commit(session, Deed("post.hand_over", ("grid", done.grid), detail=detail))
    return back(coverage_workers.KIND, "handed", code)


@blueprint.get("/stations/new")
@requires(Action.APPOINT_WORKERS)
@blueprint.input(StationQuery, location="query")
def new_station(query_data: StationQuery) -> str:
    """A small map with a pin, and the form by which a station is added."""
    spot = {"lon": query_data.lon, "lat": query_data.lat}
    asked = {name: "" if v is None else f"{v:.6f}" for name, v in spot.items()}
    return _form({**asked, "grid": query_data.grid, "area": query_data.area})


@blueprint.post("/stations")
@requires(Action.APPOINT_WORKERS)
@posted
def add_station() -> Response:
    """Add the station; what was typed comes back with what was wrong."""
    names = ("name", "address", "lon", "lat", "grid", "area")
    asked = {name: told(name, 200).strip() for name in names}
    ground, session = guard.reach(Action.APPOINT_WORKERS), database.session()
    try:
        spot = _spot(asked["lon"], asked["lat"])
        done = stations.add(session, ground, asked["name"], asked["address"], spot)
    except WanggeError as refused:
        session.rollback()
        answer = make_response(_form(asked, sentence(refused.code, refused.facts)))
        answer.status_code = status_of(refused)
        return answer
    detail = {"name": done.name, "community": done.community, "lon": spot[0], "lat": spot[1]}
    deeds.commit(session, Deed("station.add", ("place", str(done.number)), detail=detail))
    if not guard.may_somewhere(Action.SEE_COVERAGE):
        return cast("Response", redirect("/", HTTPStatus.SEE_OTHER))
    area = {"area": asked["area"]} if asked["area"] else {}
    query = urlencode({**area, "kind": "far_from_station", "done": "stationed"})
    return cast("Response", redirect(f"/coverage?{query}", HTTPStatus.SEE_OTHER))


def _spot(lon: str, lat: str) -> tuple[float, float]:
    try:
        x, y = float(lon), float(lat)
    except ValueError as unread:
        raise BadRequest from unread
    if not (-180 <= x <= 180 and -90 <= y <= 90):  # noqa: PLR2004 - degrees; NaN lies in neither
        raise BadRequest
    return x, y


def _form(asked: dict[str, str], problem: str = "") -> str:
    return render_template(
        "station_new.html",
        shell=shell("station"),
        asked=asked,
        problem=problem,
        district=database.ground(),
    )
