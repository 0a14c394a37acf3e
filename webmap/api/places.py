"""The district, what stands at a place, and finding places by what people call them."""

from typing import Annotated, Any

from apiflask import APIBlueprint
from pydantic import Field

from geodata.db.scoping import Ground
from geodata.domain.roles import Action
from geodata.services import district
from geodata.services.geocoding import told
from webmap import database, guard, public_view
from webmap.api.fields import Degrees, Query, Text
from webmap.guard import public, requires

blueprint = APIBlueprint("places", __name__, url_prefix="/api", tag="places")


class PlaceQuery(Query):
    """A place in degrees (EPSG:4326)."""

    lon: Degrees
    lat: Annotated[float, Field(ge=-90, le=90)]


class SearchQuery(Query):
    """What somebody types to find a place."""

    q: Annotated[Text, Field(min_length=1, max_length=200)]
    limit: Annotated[int, Field(ge=1, le=20)] = 8


def _reach() -> Ground:
    """Where who asks sees figures and names."""
    return guard.reach(Action.SEE_FIGURES)


@blueprint.get("/district")
@public
@blueprint.input(Query, location="query")
@blueprint.doc(responses=[404])
def about(query_data: Query) -> dict[str, Any]:
    """The district with its extent (west, south, east, north) and its totals."""
    del query_data
    ground = database.ground()
    return {
        "code": ground.code,
        "name": ground.name,
        "name_en": ground.name_en,
        "synthetic": ground.synthetic,
        "bbox": ground.bbox,
        "data_version": ground.version,
        "norm_households": ground.norm_households,
        "totals": (
            district.summary(database.session(), _reach()) if public_view.sees_figures() else {}
        ),
    }


@blueprint.get("/at")
@public
@blueprint.input(PlaceQuery, location="query")
@blueprint.doc(responses=[422])
def at(query_data: PlaceQuery) -> dict[str, Any]:
    """Building, grid, community and street at a place, and by which rule."""
    return public_view.place(district.at(database.session(), query_data.lon, query_data.lat))


@blueprint.get("/grids/<code:code>")
@requires(Action.SEE_FIGURES)
@blueprint.doc(responses=[404])
def grid(code: str) -> dict[str, Any]:
    """One grid: its people, households, open issues and extent."""
    return district.grid(database.session(), code, _reach())


@blueprint.get("/communities/<code:code>")
@requires(Action.SEE_FIGURES)
@blueprint.doc(responses=[404])
def community(code: str) -> dict[str, Any]:
    """One community: its people and its grids."""
    return district.community(database.session(), code, _reach())


@blueprint.get("/streets")
@public
@blueprint.input(Query, location="query")
def streets(query_data: Query) -> dict[str, Any]:
    """All streets with the names and codes of their communities."""
    del query_data
    return {"streets": district.areas_by_street(database.session())}


@blueprint.get("/streets/<code:code>")
@requires(Action.SEE_FIGURES)
@blueprint.doc(responses=[404])
def street(code: str) -> dict[str, Any]:
    """One street: its people and its communities."""
    return district.street(database.session(), code, _reach())


@blueprint.get("/geocode")
@public
@blueprint.input(SearchQuery, location="query")
@blueprint.doc(responses=[422])
def geocode(query_data: SearchQuery) -> dict[str, Any]:
    """Places that a text may mean, the likeliest first, and whether the first is sure."""
    answer = database.locator().answer(query_data.q, query_data.limit)
    return {
        "matches": [told(match) for match in answer.candidates],
        "sure": answer.sure,
        "reason": answer.reason,
    }
