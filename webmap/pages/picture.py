"""The map of coverage as a picture, for paper and for other programs."""

from typing import Final

from apiflask import APIBlueprint
from flask import Response, render_template

from geodata.domain.outline import Cells, sketch
from geodata.domain.roles import Action
from geodata.services import coverage_picture
from webmap import coverage_texts, database, guard, times
from webmap.coverage_view import BELOW, CoverageQuery, seen
from webmap.guard import requires
from webmap.pages.indicators import classes, labels

blueprint = APIBlueprint("picture", __name__, enable_openapi=False)
_FINE: Final = 0.4
_MOST: Final = 2_000
_RAMP: Final = ("#fdf0e0", "#fbc890", "#f19a4b", "#cb5a17", "#8a3208")
_RAMPS: Final = {
    "gap": _RAMP[::-1],
    "load": _RAMP,
    "norm": ("#2f78b5", "#a9cde6", "#f8dfb8", "#e3913f", "#9a480b"),
}
"""The colours of the day, as on the map."""


@blueprint.get("/coverage/picture.svg")
@requires(Action.SEE_COVERAGE)
@blueprint.input(CoverageQuery, location="query")
def picture(query_data: CoverageQuery) -> Response:
    """An area coloured by a measure, with its legend and moment."""
    look = seen(query_data)
    tier = look.asked.tier if look.asked.tier in ("street", "community", "grid") else ""
    below = tier or BELOW[look.area.tier]
    parts = look.report.parts(below, look.area.ground)
    if len(parts) > _MOST:  # too small to be seen on any paper
        below = BELOW[look.area.tier]
        parts = look.report.parts(below, look.area.ground)
    cells = coverage_picture.ground(database.session(), below, [part.code for part in parts])
    name = look.area.name or database.ground().name
    measure = str(coverage_texts.MEASURES[look.measure.code])
    drawn = render_template(
        "picture.svg",
        map=sketch([Cells(cells)], _FINE)[0],
        classes=classes(parts, look.measure),
        labels=labels(parts, look.measure),
        said=coverage_texts.classes(look.measure),
        colours=_RAMPS[look.measure.ramp],
        title=" · ".join((name, measure, times.moment(guard.now()))),
    )
    return Response(drawn, mimetype="image/svg+xml")
