"""Layers of the map as GeoJSON, in degrees (EPSG:4326, lon before lat) with 7 decimals."""

from apiflask import APIBlueprint
from flask import Response

from geodata.db import layers
from webmap import answers, database, public_view
from webmap.api.fields import BoundingBox, Query
from webmap.guard import public

blueprint = APIBlueprint("layers", __name__, url_prefix="/api/layers", tag="layers")
GEOJSON = "application/geo+json"


class GridQuery(Query):
    """Which grids are wanted: those that meet a box, or all."""

    bbox: BoundingBox = (-180.0, -90.0, 180.0, 90.0)


@blueprint.get("/streets")
@public
@blueprint.input(Query, location="query")
def streets(query_data: Query) -> Response:
    """The streets."""
    del query_data
    return answers.kept(layers.streets(database.reader()), GEOJSON)


@blueprint.get("/communities")
@public
@blueprint.input(Query, location="query")
def communities(query_data: Query) -> Response:
    """The communities."""
    del query_data
    return answers.kept(layers.communities(database.reader()), GEOJSON)


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
    return answers.kept(layers.uncovered(database.reader()), GEOJSON)
