"""Coverage for programs and for the map: gaps as GeoJSON, and the figures of areas."""

from collections.abc import Mapping
from typing import Annotated, Any, Final

from apiflask import APIBlueprint
from flask import Response, jsonify
from pydantic import Field
from shapely.geometry import Point, mapping

from geodata.domain.coverage.gap import Gap
from geodata.domain.coverage.measures import Measure, Tier
from geodata.domain.roles import Action
from geodata.services import coverage
from geodata.services.coverage_report import Area
from webmap import answers, coverage_texts, times
from webmap.api.fields import BoundingBox
from webmap.coverage_view import CoverageQuery, Seen, seen
from webmap.guard import requires
from webmap.shapes import geojson

blueprint = APIBlueprint("coverage", __name__, url_prefix="/api/coverage", tag="coverage")

MOST: Final = 2_000
"""Gaps in one answer."""


class GapsQuery(CoverageQuery):
    """Where one looks and at what, how many a page, and in which box alone."""

    limit: Annotated[int, Field(ge=1, le=2_000)] = 2_000
    bbox: BoundingBox | None = None


@blueprint.get("")
@requires(Action.SEE_COVERAGE)
@blueprint.input(GapsQuery, location="query")
@blueprint.doc(responses=[404])
def gaps(query_data: GapsQuery) -> Response:
    """The gaps of an area by weight, as GeoJSON: kind, code, measure, cause, next action.

    At most 2,000 a page; ``numberMatched`` tells how many there are. With ``bbox`` those alone
    that have a place in it.
    """
    look = seen(query_data)
    found = look.chosen
    if query_data.bbox is not None:
        found = [gap for gap in found if _lies_in(gap, query_data.bbox)]
    most = min(query_data.limit, MOST)
    listed = found[(query_data.page - 1) * most : query_data.page * most]
    body = jsonify(
        {
            "type": "FeatureCollection",
            "numberMatched": len(found),
            "numberReturned": len(listed),
            "features": [_feature(gap, look.report.names) for gap in listed],
        }
    )
    return answers.kept(body.get_data(), "application/geo+json")


@blueprint.get("/areas")
@requires(Action.SEE_COVERAGE)
@blueprint.input(CoverageQuery, location="query")
@blueprint.doc(responses=[404])
def areas(query_data: CoverageQuery) -> Response:
    """The figures of the areas of a tier, and the chosen measure with its value in each.

    ``box`` holds the middles of the grids of the area, or of one's own ground where that is not
    all (west, south, east, north), with some room;
    ``home`` is the community that the area is, or lies in. For buildings the areas are grids, with
    the number that tiles know them by as ``id``.
    """
    look = seen(query_data)
    tier: Tier = "grid" if look.tier == "building" else _TIERS[look.tier]
    numbers = _numbers(look)
    items = [
        {
            "code": part.code,
            **({"id": numbers[part.code]} if numbers else {}),
            "name": part.name,
            "value": part.value(look.measure),
            "said": coverage_texts.value(look.measure, part.value(look.measure)),
            "figures": part.figures,
        }
        for part in look.report.parts(tier, look.area.ground)
    ]
    box = look.report.box(look.area.ground) if not look.area.ground.whole else None
    told = {"tier": tier, "measure": _measure(look), "box": box, "home": _home(look.area)}
    body = jsonify({**told, "items": items})
    return answers.kept(body.get_data(), "application/json")


def _numbers(look: Seen) -> dict[str, int]:
    """The numbers of grids by code, where buildings are shown, whose tiles name grids so."""
    grids = look.report.frames.grids
    return dict(zip(grids.code, grids.id.tolist(), strict=True)) if look.tier == "building" else {}


def _home(area: Area) -> str | None:
    if area.tier == "community":
        return area.code
    return area.above[-1][0] if area.tier == "grid" else None


_TIERS: dict[str, Tier] = {"street": "street", "community": "community", "grid": "grid"}


def _measure(look: Seen) -> dict[str, Any]:
    measure: Measure = look.measure
    return {
        "code": measure.code,
        "name": str(coverage_texts.MEASURES[measure.code]),
        "formula": coverage_texts.formula(measure),
        "ramp": measure.ramp,
        "bounds": list(measure.bounds),
        "classes": coverage_texts.classes(measure),
        "rule": coverage_texts.rule(measure),
    }


def _lies_in(gap: Gap, box: tuple[float, float, float, float]) -> bool:
    west, south, east, north = box
    if gap.shape is not None:
        left, low, right, top = gap.shape.bounds
        return left <= east and right >= west and low <= north and top >= south
    return gap.spot is not None and west <= gap.spot[0] <= east and south <= gap.spot[1] <= north


def _feature(gap: Gap, names: Mapping[str, str]) -> dict[str, Any]:
    shape = geojson(gap.shape) if gap.shape is not None else None
    if shape is None and gap.spot is not None:
        shape = mapping(Point(*(round(degree, 7) for degree in gap.spot)))
    told = {**coverage.plain(gap, times.zone()), **coverage_texts.told(gap, names)}
    return {"type": "Feature", "geometry": shape, "properties": told}
