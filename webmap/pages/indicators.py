"""Indicators of an area by week and month, and the week on one page for whoever leads."""

from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import urlencode

from apiflask import APIBlueprint
from flask import render_template

from geodata.demo import ATTRIBUTION
from geodata.domain.coverage.measures import Measure
from geodata.domain.indicator import INDICATORS
from geodata.domain.roles import Action
from geodata.services import coverage_picture, coverage_report
from geodata.services.coverage_report import Part
from geodata.services.indicators import Board, Row
from webmap import (
    coverage_texts,
    database,
    guard,
    indicator_links,
    indicator_texts,
    map_lettering,
    picture_view,
    times,
    trends,
)
from webmap.coverage_view import Seen
from webmap.guard import requires
from webmap.picture_view import SpanQuery

blueprint = APIBlueprint("indicators", __name__, enable_openapi=False)

FIRST: Final = "handled_in_time"
"""The indicator that ranks unless another is chosen."""
TO_DO: Final = 5
"""Gaps that the week's page names."""


@blueprint.get("/coverage/indicators")
@requires(Action.SEE_COVERAGE)
@blueprint.input(SpanQuery, location="query")
def page(query_data: SpanQuery) -> str:
    """Every indicator with its formula, interval and trend, and the parts ranked by one."""
    one = picture_view.chosen(query_data)
    look, board = picture_view.board(query_data.area, one, query_data.by)
    show = INDICATORS.get(query_data.show, INDICATORS[FIRST])
    return render_template(
        "indicators.html",
        **common(),
        look=look,
        area=look.area,
        board=board,
        asked=query_data,
        beside=picture_view.beside(one),
        show=show,
        ranked=ranked(board, show.code),
        whole=coverage_report.together(_all_parts(look), "", ""),
        measures=look.report.measures(),
        moment=times.moment(guard.now()),
    )


@blueprint.get("/coverage/week")
@requires(Action.SEE_COVERAGE)
@blueprint.input(SpanQuery, location="query")
def week(query_data: SpanQuery) -> str:
    """One week, or month, of an area on one page."""
    one = picture_view.chosen(query_data)
    look, picture = picture_view.picture(query_data.area, one)
    return render_template(
        "week.html",
        **common(),
        look=look,
        picture=picture,
        asked=query_data,
        beside=picture_view.beside(one),
        to_do=to_do(picture.gaps),
        names=look.report.names,
    )


def common() -> dict[str, Any]:
    """What every page with figures shows and can say."""
    return {
        "texts": coverage_texts,
        "words": indicator_texts,
        "district": database.ground(),
        "attribution": ATTRIBUTION,
        "times": times,
        "query": _query,
        "trend_of": trends.of_indicator,
        "days_of": trends.of_days,
        "as_gap": coverage_picture.gap,
        "measure_classes": classes,
        "measure_labels": labels,
        "short_names": map_lettering.short_names,
        "lettered": map_lettering.lettered,
        "heat_labels": _heat,
        "links": indicator_links.of_figure,
        "listed_at": indicator_links.of_count,
    }


def _all_parts(look: Seen) -> list[Part]:
    """All grids of an area together, and what lies in none of them."""
    ground = look.area.ground
    whole = look.report.total(ground)
    rest = look.report.rest("grid", [whole], ground)
    return [whole, rest] if rest else [whole]


def _query(asked: SpanQuery, change: dict[str, str]) -> str:
    kept = asked.model_dump(exclude_defaults=True, exclude={"lang"})
    return urlencode({**kept, **change})


def classes(parts: Sequence[Part], measure: Measure) -> dict[str, int | None]:
    """The class of each part by its code, 0 to 4; None without data."""
    return {part.code: measure.class_of(part.value(measure)) for part in parts}


def labels(parts: Sequence[Part], measure: Measure) -> dict[str, str]:
    """What is told of each part under the pointer, by its code."""
    said = coverage_texts.value
    return {part.code: f"{part.name} {said(measure, part.value(measure))}" for part in parts}


def _heat(board: Board) -> dict[str, str]:
    said = indicator_texts.value
    return {row.code: f"{row.name} {said(row.figures['heat'])}" for row in board.long}


def to_do(gaps: Any) -> list[Any]:
    """The weightiest gap of each of the kinds that weigh most."""
    first: dict[str, Any] = {}
    for gap in gaps:
        first.setdefault(gap["kind"], gap)
    return list(first.values())[:TO_DO]


def ranked(board: Board, code: str) -> tuple[list[Row], list[Row]]:
    """The rows that an indicator ranks, the worst first, and those with too few for it."""
    known = [row for row in board.rows if row.figures[code].value is not None]
    sure = [row for row in known if row.figures[code].ranked]
    few = [row for row in known if not row.figures[code].ranked]
    sign = 1 if INDICATORS[code].better == "high" else -1
    sure.sort(key=lambda row: (sign * (row.figures[code].value or 0.0), row.code))
    few.sort(key=lambda row: (-row.figures[code].below, row.code))
    return sure, few
