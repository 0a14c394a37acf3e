"""The ground as of any day, the days on which it changed, and the family tree of a grid."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any

from apiflask import APIBlueprint
from pydantic import Field

from geodata.domain import moment
from geodata.domain.roles import Action
from geodata.errors import NotFound
from geodata.services import grid_history
from webmap import database, guard, times
from webmap.api.fields import BoundingBox, Code, Degrees, Query, Text
from webmap.guard import public, requires
from webmap.shapes import geojson

blueprint = APIBlueprint("history", __name__, url_prefix="/api/history", tag="history")

Moment = Annotated[Text, Field(min_length=10, max_length=40, description="ISO 8601")]


class Asked(Query):
    """A day (its first moment here) or moment, and of which community."""

    at: Moment
    community: Code | None = None


class AskedGrids(Asked):
    """Those of a box alone, and besides those that a plan gave their ground since a day."""

    bbox: BoundingBox = (-180.0, -90.0, 180.0, 90.0)
    since: Moment | None = None


class Where(Query):
    """A place in degrees (EPSG:4326), and a day (its first moment here) or moment."""

    lon: Degrees
    lat: Annotated[float, Field(ge=-90, le=90)]
    at: Moment


class Which(Query):
    """Of which community; of all if nothing is said."""

    community: Code | None = None


@blueprint.get("/grids")
@public
@blueprint.input(AskedGrids, location="query")
@blueprint.doc(responses=[400])
def grids(query_data: AskedGrids) -> dict[str, Any]:
    """The grids of a moment as GeoJSON: code, name, kind, community, since, until (null: present).

    Coordinates are degrees, longitude first, of 7 decimals. Of a community all; else at most 2,000
    that meet ``bbox``, and ``truncated`` tells whether there are more: first those that a plan gave
    their ground ``since`` a day, wherever they lie.
    """
    at = moment.moment(query_data.at, times.zone())
    found = _grids(query_data, at)
    features = [
        {
            "type": "Feature",
            "properties": {
                **{name: row[name] for name in ("code", "name", "kind", "since", "until")},
                "community": row["community_code"],
            },
            "geometry": geojson(row["shape"]),
        }
        for row in found.rows
    ]
    whole = {"type": "FeatureCollection", "at": at, "truncated": found.more}
    return {**whole, "features": features}


def _grids(asked: AskedGrids, at: datetime) -> grid_history.Near:
    session = database.session()
    if asked.community is not None:
        return grid_history.Near(grid_history.as_of(session, at, asked.community), more=False)
    since = None if asked.since is None else moment.moment(asked.since, times.zone())
    return grid_history.near(session, at, asked.bbox, since)


@blueprint.get("/moments")
@public
@blueprint.input(Which, location="query")
def moments(query_data: Which) -> dict[str, Any]:
    """The moments at which ground changed, the last first: ``at`` and how many ``grids`` began."""
    rows = grid_history.moments(database.session(), query_data.community)
    return {"items": [{"at": row["at"], "grids": row["grids"]} for row in rows]}


@blueprint.get("/at")
@public
@blueprint.input(Where, location="query")
@blueprint.doc(responses=[400])
def at(query_data: Where) -> dict[str, Any]:
    """The grid at a place at a moment, right across redraws: code and rule; null in none."""
    when = moment.moment(query_data.at, times.zone())
    found = grid_history.at(database.session(), query_data.lon, query_data.lat, when)
    return {"at": when, "grid": found.code, "rule": found.rule}


@blueprint.get("/grids/<code:code>")
@requires(Action.SEE_FIGURES)
@blueprint.doc(responses=[404])
def family(code: str) -> dict[str, Any]:
    """The family tree of a grid, of one that is no more too: ancestors and descendants, nested.

    Each with ``at``, ``plan``, ``area_share`` and ``household_share`` of what its giver had, and
    its own ``further`` relatives in the same direction.
    """
    found = grid_history.family(database.session(), code)
    if not guard.reach(Action.SEE_FIGURES).covers(found.community, code):
        raise NotFound("no_grid", grid=code)
    return asdict(found)
