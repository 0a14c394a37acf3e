"""What is made known to everybody (民情发布), as GeoJSON."""

from typing import Any

from apiflask import APIBlueprint
from flask import Response, jsonify

from geodata.services import bulletins
from webmap import answers, bulletin_view, database
from webmap.api.layers import GEOJSON
from webmap.bulletin_view import AreaQuery
from webmap.guard import public

blueprint = APIBlueprint("bulletins_api", __name__, url_prefix="/api/bulletins", tag="bulletins")


@blueprint.get("")
@public
@blueprint.input(AreaQuery, location="query")
@blueprint.doc(responses=[404, 422])
def features(query_data: AreaQuery) -> Response:
    """Notices and solved issues that hold now, the newest first, as GeoJSON.

    Degrees, longitude first. What is said to an area as a whole has no geometry; personal matters
    are placed to about 100 m. With `area` (a street's or community's code) those that hold there.
    """
    rows, _ = bulletins.page(database.session(), query_data.wanted(), None, bulletins.MOST)
    told = {"type": "FeatureCollection", "features": [_feature(row) for row in rows]}
    return answers.kept(jsonify(told).get_data(), GEOJSON)


def _feature(row: Any) -> dict[str, Any]:
    spot = bulletin_view.spot(row)
    told = bulletin_view.told(row)
    return {
        "type": "Feature",
        "id": told["id"],
        "geometry": {"type": "Point", "coordinates": spot} if spot else None,
        "properties": told,
    }
