"""The map of coverage as a picture, for paper and for other programs."""

from typing import Final

from apiflask import APIBlueprint
from flask import Response, render_template
from flask_babel import gettext

from geodata.domain import map_names
from geodata.domain.outline import Cells, sketch
from geodata.domain.roles import Action
from geodata.files.drawings import RAMPS
from geodata.services import coverage_picture
from webmap import coverage_texts, database, guard, languages, map_lettering, times
from webmap.coverage_view import BELOW, CoverageQuery, Seen, seen
from webmap.guard import requires
from webmap.pages.indicators import classes, labels

blueprint = APIBlueprint("picture", __name__, enable_openapi=False)
_FINE: Final = 0.4
_MOST: Final = 2_000
_SHEET: Final = (700.0, 380.0, 11.0)
"""How wide and high the map is on paper at most, and how high its letters are, in CSS pixels."""


@blueprint.get("/coverage/picture.svg")
@requires(Action.SEE_COVERAGE)
@blueprint.input(CoverageQuery, location="query")
def picture(query_data: CoverageQuery) -> Response:
    """An area coloured by a measure, with its legend and moment."""
    look = seen(query_data)
    below = look.below
    parts = look.report.parts(below, look.area.ground)
    if len(parts) > _MOST:  # too small to be seen on any paper
        below = BELOW[look.area.tier]
        parts = look.report.parts(below, look.area.ground)
    cells = coverage_picture.ground(database.session(), below, [part.code for part in parts])
    legend = [*coverage_texts.legend(look.measure, below), (0, gettext("没有数据"))]
    drawing = sketch([Cells(cells)], _FINE)[0]
    alone = below != "grid" or look.area.tier == "community"  # elsewhere a number names many grids
    size = map_names.height(drawing, *_SHEET)
    names = map_lettering.short_names(parts, below) if alone else {}
    drawn = render_template(
        "picture.svg",
        map=drawing,
        classes=classes(parts, look.measure),
        labels=labels(parts, look.measure),
        size=size,
        names=map_names.placed(drawing, names, size),
        said=legend,
        colours=RAMPS[look.measure.ramp],
        head=_head(look),
        foot=_foot(),
    )
    return Response(drawn, mimetype="image/svg+xml")


def _head(look: Seen) -> list[str]:
    """What is shown of which area, and why it is coloured so."""
    said, measure = coverage_texts, look.measure
    name = look.area.name or _district()
    stop = gettext("；")
    rule = f"{said.formula(measure)}{stop}{said.rule(measure)}"
    return [f"{name}{gettext('：')}{said.MEASURES[measure.code]}", rule]


def _district() -> str:
    known = database.ground()
    return known.name_en if languages.current() == "en" and known.name_en else known.name


def _foot() -> list[str]:
    """The moment, the version of the boundaries, and that it is made up where it is."""
    moment = gettext("截至 {moment}").format(moment=times.moment(guard.now()))
    revision = coverage_picture.revision(database.session())
    version = gettext("界线第 {revision} 版").format(revision=revision)
    sample = [gettext("演示数据：地面为合成，非真实边界")] if database.ground().synthetic else []
    return [f"{moment}{gettext('；')}{version}", *sample]
