"""OGC API - Features, Part 1 (core, GeoJSON): the layers for GIS programs, by one address.

Coordinates are CRS84: degrees, longitude first. Grids are those of the present, and with
`datetime` those of that moment or interval; an item's id is the id of one boundary of a grid.
"""

from datetime import UTC, datetime
from typing import Annotated, Any, Final, Literal
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from apiflask import APIBlueprint
from flask import Response, current_app, request
from pydantic import Field

from geodata.db.outgoing import Span
from geodata.domain.layer import Layer
from geodata.domain.moment import span
from geodata.domain.roles import Action
from geodata.services import exports, features
from webmap import database, guard, languages
from webmap.api.fields import Query, Text
from webmap.guard import requires

blueprint = APIBlueprint("ogc", __name__, url_prefix="/ogc", tag="ogc")
GEOJSON: Final = "application/geo+json"
CRS84: Final = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
CONFORMS: Final = (
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
)
_GREGORIAN: Final = "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian"
_PAGE: Final = ("lang", "f", "limit", "bbox", "datetime", "after")
Short = Annotated[Text, Field(max_length=100)]


class Plain(Query):
    """The form of the answer; there is only one."""

    f: Literal["json"] = "json"


class ItemsQuery(Plain):
    """Which features are wanted. More than 1000 in a page are never given."""

    limit: Annotated[int, Field(ge=1, json_schema_extra={"maximum": features.MOST})] = 100
    bbox: Annotated[Short | None, Field(description="west,south,east,north in degrees")] = None
    datetime: Annotated[
        Short | None, Field(description="a moment, or a/b with .. for an open end (RFC 3339)")
    ] = None
    after: Annotated[Short | None, Field(description="where the page before ended")] = None
    code: Short | None = None
    kind: Short | None = None
    tier: Short | None = None
    street: Short | None = None
    community: Short | None = None
    grid: Short | None = None
    state: Short | None = None
    category: Short | None = None


@blueprint.get("")
@requires(Action.EXPORT)
@blueprint.input(Plain, location="query")
@blueprint.doc(responses=[400])
def landing(query_data: Plain) -> dict[str, Any]:
    """What this service is, and where everything else is."""
    del query_data
    return _landing()


@blueprint.get("/")
@requires(Action.EXPORT)
@blueprint.input(Plain, location="query")
@blueprint.doc(hide=True)
def landing_too(query_data: Plain) -> dict[str, Any]:
    """The same, for those who end an address with a slash."""
    del query_data
    return _landing()


@blueprint.get("/conformance")
@requires(Action.EXPORT)
@blueprint.input(Plain, location="query")
@blueprint.doc(responses=[400])
def conformance(query_data: Plain) -> dict[str, Any]:
    """The parts of the standard that are kept."""
    del query_data
    return {"conformsTo": list(CONFORMS)}


@blueprint.get("/collections")
@requires(Action.EXPORT)
@blueprint.input(Plain, location="query")
@blueprint.doc(responses=[400])
def collections(query_data: Plain) -> dict[str, Any]:
    """All layers that can be had as features."""
    del query_data
    starts = features.starts(database.session())
    told = [_collection(layer, starts) for layer in features.COLLECTIONS.values()]
    return {"links": [_link("self", "/collections")], "collections": told}


@blueprint.get("/collections/<code:collection>")
@requires(Action.EXPORT)
@blueprint.input(Plain, location="query")
@blueprint.doc(responses=[400, 404])
def collection(collection: str, query_data: Plain) -> dict[str, Any]:
    """One layer: what it is, and the space and time it covers."""
    del query_data
    layer = features.collection(collection)
    return _collection(layer, features.starts(database.session()))


@blueprint.get("/collections/<code:collection>/items")
@requires(Action.EXPORT)
@blueprint.input(ItemsQuery, location="query")
@blueprint.doc(responses=[400, 404])
def items(collection: str, query_data: ItemsQuery) -> Response:
    """Features of a layer, in pages; `next` leads to the one after."""
    layer = features.collection(collection)
    wanted = query_data.model_dump(exclude=set(_PAGE), exclude_none=True)
    ask = features.Ask(
        wanted,
        features.boxes(query_data.bbox) if query_data.bbox is not None else (),
        Span(*span(query_data.datetime, _zone())) if query_data.datetime is not None else None,
        query_data.after,
        min(query_data.limit, features.MOST),
        guard.reach(Action.EXPORT),
    )
    found = features.page(database.session(), layer, ask)
    return Response(_written(layer, found), mimetype=GEOJSON)


@blueprint.get("/collections/<code:collection>/items/<item>")
@requires(Action.EXPORT)
@blueprint.input(Plain, location="query")
@blueprint.doc(responses=[400, 404])
def item(collection: str, item: str, query_data: Plain) -> Response:
    """One feature of a layer."""
    del query_data
    layer = features.collection(collection)
    told = features.one(database.session(), layer, item, guard.reach(Action.EXPORT))
    here = f"/collections/{layer.name}"
    links = [_here(), _link("collection", here), *_page_of(layer, item)]
    return Response(f'{told[:-1]},"links":{_json(links)}}}', mimetype=GEOJSON)


def _landing() -> dict[str, Any]:
    ground = database.ground()
    english = languages.current() == "en"
    return {
        "title": f"{ground.name_en} · Wangge" if english else f"{ground.name} · 网格一张图",
        "description": _note(),
        "links": [
            _link("self", ""),
            _link("service-desc", "/openapi.json", root=True),
            _link("service-doc", "/about", "text/html", root=True),
            _link("alternate", "/", "text/html", root=True),
            _link("conformance", "/conformance"),
            _link("data", "/collections"),
        ],
    }


def _written(layer: Layer, found: features.Page) -> str:
    """A FeatureCollection, put together of texts that PostGIS made."""
    links = [_here(), _link("collection", f"/collections/{layer.name}")]
    links += [_download(layer, form) for form in ("gpkg", "csv")]
    if found.after is not None:
        links.append(_next(found.after))
    counted = {} if found.matched is None else {"numberMatched": found.matched}
    head = {
        "type": "FeatureCollection",
        "timeStamp": datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        **counted,
        "numberReturned": len(found.features),
        "links": links,
    }
    return f'{_json(head)[:-1]},"features":[{",".join(found.features)}]}}'


def _collection(layer: Layer, starts: Any) -> dict[str, Any]:
    here = f"/collections/{layer.name}"
    start = starts.get(layer.name)
    extent: dict[str, Any] = {"spatial": {"bbox": [database.ground().bbox], "crs": CRS84}}
    if layer.name in starts:
        since = start and start.astimezone(UTC).isoformat().replace("+00:00", "Z")
        extent["temporal"] = {"interval": [[since, None]], "trs": _GREGORIAN}
    return {
        "id": layer.name,
        "title": layer.en if languages.current() == "en" else layer.zh,
        "description": _note(layer),
        "itemType": "feature",
        "crs": [CRS84],
        "extent": extent,
        "links": [
            _link("self", here),
            _link("items", f"{here}/items", GEOJSON),
            *(_download(layer, form) for form in ("gpkg", "geojson", "csv", "xlsx")),
        ],
    }


def _note(layer: Layer | None = None) -> str:
    """Whose data these are, and which days can be asked for."""
    return " ".join(exports.about(database.ground(), layer, english=languages.current() == "en"))


def _link(rel: str, path: str, kind: str = "application/json", *, root: bool = False) -> Any:
    base = request.host_url.rstrip("/") + ("" if root else "/ogc")
    return {"rel": rel, "type": kind, "href": base + path}


def _here() -> Any:
    query = urlencode(list(request.args.items(multi=True)))
    path = request.path.removeprefix("/ogc") + (f"?{query}" if query else "")
    return _link("self", path, GEOJSON)


def _next(after: str) -> Any:
    query = [(n, v) for n, v in request.args.items(multi=True) if n != "after"]
    path = request.path.removeprefix("/ogc")
    return _link("next", f"{path}?{urlencode([*query, ('after', after)])}", GEOJSON)


def _download(layer: Layer, form: str) -> Any:
    """The whole layer as a file, another form of the same."""
    kind = exports.FORMATS[form].media
    return _link("alternate", f"/exports/{layer.name}.{form}", kind, root=True)


def _page_of(layer: Layer, number: str) -> list[Any]:
    """The page that people read of it, where there is one."""
    if layer.name != "issues":
        return []
    return [_link("alternate", f"/issues/{number}", "text/html", root=True)]


def _zone() -> ZoneInfo:
    return ZoneInfo(current_app.config["TIMEZONE"])


def _json(value: Any) -> str:
    return str(current_app.json.dumps(value))
