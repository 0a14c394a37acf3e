"""Layers of the map as GeoJSON, in degrees (EPSG:4326, lon before lat) with 7 decimals."""

import gzip
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Final, Literal

from apiflask import APIBlueprint
from flask import Response, current_app
from sqlalchemy.orm import Session

from geodata.db import layers
from geodata.db.layers import Box
from geodata.errors import NotFound
from webmap import answers, database, public_view
from webmap.api.fields import BoundingBox, Code, Query
from webmap.guard import public

blueprint = APIBlueprint("layers", __name__, url_prefix="/api/layers", tag="layers")
GEOJSON = "application/geo+json"
_MOST_KEPT: Final = 128
_LEVEL: Final = 5
_WHOLE: Final[Mapping[str, Callable[[Session], str]]] = {
    "streets": layers.streets,
    "communities": layers.communities,
    "uncovered": layers.uncovered,
}


class GridQuery(Query):
    """Which grids are wanted: those that meet a box, or all."""

    bbox: BoundingBox = (-180.0, -90.0, 180.0, 90.0)
    figures: bool = True
    community: Code | Literal[""] = ""


@blueprint.get("/streets")
@public
@blueprint.input(Query, location="query")
def streets(query_data: Query) -> Response:
    """The streets."""
    del query_data
    return _versioned("streets")


@blueprint.get("/communities")
@public
@blueprint.input(Query, location="query")
def communities(query_data: Query) -> Response:
    """The communities."""
    del query_data
    return _versioned("communities")


@blueprint.get("/grids")
@public
@blueprint.input(GridQuery, location="query")
@blueprint.doc(responses=[422])
def grids(query_data: GridQuery) -> Response:
    """The grids that meet a box, or those of them in a community.

    With their figures for whoever wants and may see these.
    """
    if not (query_data.figures and public_view.sees_figures()):
        return _versioned("grids", query_data.bbox, query_data.community)
    told = layers.grids(database.session(), query_data.bbox, query_data.community)
    return answers.kept(public_view.grids(told), GEOJSON)


@blueprint.get("/uncovered")
@public
@blueprint.input(Query, location="query")
def uncovered(query_data: Query) -> Response:
    """The ground that lies in no grid."""
    del query_data
    return _versioned("uncovered")


def _versioned(name: str, box: Box | None = None, community: str = "") -> Response:
    """A layer, drawn once for each version of the ground; empty before there is any."""
    try:
        version = database.ground().version
    except NotFound:
        return answers.kept(_drawn(name, box, community), GEOJSON)
    tag = "-".join((version, name, community, *(f"{degree:.7f}" for degree in box or ())))
    if (known := answers.versioned(tag)) is not None:
        return known
    kept = _kept(id(current_app.extensions), version, name, box, community)
    answer = answers.unpacked(kept, GEOJSON)
    answer.set_etag(tag)
    answer.headers["Cache-Control"] = "no-cache"
    return answer


def _drawn(name: str, box: Box | None, community: str) -> str:
    opened = database.reader()
    return layers.outlines(opened, box, community) if box else _WHOLE[name](opened)


@lru_cache(maxsize=_MOST_KEPT)
def _kept(store: int, version: str, name: str, box: Box | None, community: str) -> bytes:
    """The layer, gzipped; remembered for each application and version of the ground."""
    del store, version
    return gzip.compress(_drawn(name, box, community).encode(), _LEVEL, mtime=0)
