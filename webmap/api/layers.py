"""Layers of the map as GeoJSON, in degrees (EPSG:4326, lon before lat) with 7 decimals."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Final

from apiflask import APIBlueprint
from flask import Response, current_app
from sqlalchemy.orm import Session

from geodata.db import layers
from geodata.errors import NotFound
from webmap import answers, database, public_view
from webmap.api.fields import BoundingBox, Query
from webmap.guard import public

blueprint = APIBlueprint("layers", __name__, url_prefix="/api/layers", tag="layers")
GEOJSON = "application/geo+json"
_KEPT: Final = 16
_WHOLE: Final[Mapping[str, Callable[[Session], str]]] = {
    "streets": layers.streets,
    "communities": layers.communities,
    "uncovered": layers.uncovered,
}


class GridQuery(Query):
    """Which grids are wanted: those that meet a box, or all."""

    bbox: BoundingBox = (-180.0, -90.0, 180.0, 90.0)


@blueprint.get("/streets")
@public
@blueprint.input(Query, location="query")
def streets(query_data: Query) -> Response:
    """The streets."""
    del query_data
    return _whole("streets")


@blueprint.get("/communities")
@public
@blueprint.input(Query, location="query")
def communities(query_data: Query) -> Response:
    """The communities."""
    del query_data
    return _whole("communities")


@blueprint.get("/grids")
@public
@blueprint.input(GridQuery, location="query")
@blueprint.doc(responses=[422])
def grids(query_data: GridQuery) -> Response:
    """The grids that meet a box, with their figures for whoever may see these."""
    opened = database.session() if public_view.sees_figures() else database.reader()
    told = layers.grids(opened, query_data.bbox)
    return answers.kept(public_view.grids(told), GEOJSON)


@blueprint.get("/uncovered")
@public
@blueprint.input(Query, location="query")
def uncovered(query_data: Query) -> Response:
    """The ground that lies in no grid."""
    del query_data
    return _whole("uncovered")


def _whole(name: str) -> Response:
    """All of a layer, drawn once for each version of the ground; empty before there is any."""
    try:
        version = database.ground().version
    except NotFound:
        return answers.kept(_WHOLE[name](database.reader()), GEOJSON)
    known = answers.versioned(f"{version}-{name}")
    if known is not None:
        return known
    answer = Response(_drawn(id(current_app.extensions), version, name), mimetype=GEOJSON)
    answer.set_etag(f"{version}-{name}")
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@lru_cache(maxsize=_KEPT)
def _drawn(store: int, version: str, name: str) -> str:
    """The layer; remembered for each application and version of the ground."""
    del store, version
    return _WHOLE[name](database.reader())
