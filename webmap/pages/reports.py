"""Reports of coverage: ordered, followed, read, printed, fetched; and made by schedule."""

from http import HTTPStatus
from typing import Annotated, Final, Literal, cast

from apiflask import APIBlueprint
from flask import Response, make_response, redirect, render_template
from pydantic import Field
from sqlalchemy import RowMapping
from werkzeug.exceptions import BadRequest

from geodata.domain import span
from geodata.domain.roles import Action
from geodata.domain.span import Every
from geodata.errors import NotFound, WanggeError
from geodata.files.pictures import WRITERS
from geodata.services import coverage_picture, coverage_report, coverage_reports
from geodata.services.audit import Deed
from geodata.services.coverage_report import Area
from webmap import database, deeds, guard, indicator_texts, languages, picture_view, times
from webmap.api.fields import Code, Query
from webmap.coverage_view import CoverageQuery, seen
from webmap.disposition import named
from webmap.errors import status_of
from webmap.forms import posted, told
from webmap.guard import requires
from webmap.pages.indicators import common, to_do
from webmap.texts import sentence

blueprint = APIBlueprint("reports", __name__, enable_openapi=False, url_prefix="/coverage/reports")


class ReportsQuery(Query):
    """For which area a report is to be ordered."""

    area: Code | Literal[""] = ""
    every: Annotated[str, Field(pattern="^(week|month)$")] = "week"


@blueprint.get("")
@requires(Action.SEE_COVERAGE)
@blueprint.input(ReportsQuery, location="query")
def page(query_data: ReportsQuery) -> str:
    """The reports there are, how far the others have come, and the schedules."""
    return _page(query_data.area, "")


def _page(area: str, problem: str) -> str:
    look = seen(CoverageQuery(area=area or picture_view.home()))
    session, reach = database.session(), guard.reach(Action.SEE_COVERAGE)
    listed = coverage_reports.listing(session, reach)
    return render_template(
        "reports.html",
        **common(),
        area=look.area,
        listed=listed,
        waiting=coverage_reports.waiting(listed),
        schedules=coverage_reports.schedules(session, reach),
        names=look.report.names,
        streets=look.report.parts("street", reach),
        communities=look.report.parts("community", reach),
        spans=_spans(),
        said_span=_said,
        coming=_coming,
        sentence=sentence,
        problem=problem,
    )


def _said(name: str) -> str:
    """A span in words; one that no calendar knows, as older orders could have, as it is."""
    try:
        return str(indicator_texts.span(span.named(name)))
    except NotFound:
        return name


def _coming(row: RowMapping) -> dict[str, str]:
    """What a schedule makes next, and on which day, in words."""
    what, day = coverage_reports.coming(row, guard.now(), times.zone())
    return {"span": str(indicator_texts.span(what)), "day": day.isoformat()}


def _spans() -> list[span.Span]:
    """The last weeks and months that can be reported."""
    everies: tuple[Every, ...] = ("week", "month")
    now, zone = guard.now(), times.zone()
    return [s for e in everies for s in span.last(span.present(e, now, zone), 6)[::-1]]


@blueprint.post("")
@requires(Action.SEE_COVERAGE)
@posted
def order() -> Response:
    """Order a report."""
    code, name = told("area", 20), told("span", 10)
    try:
        span.begun(name, guard.now(), times.zone())
        area = _area(code)
        session = database.session()
        number = coverage_reports.order(
            session, area.code, name, area.ground, guard.account(), guard.now()
        )
    except WanggeError as refused:
        return _refused(refused)
    detail = {"area": area.code, "span": name}
    deeds.commit(session, Deed("report.order", ("report", str(number)), detail=detail))
    return _back()


@blueprint.post("/schedules")
@requires(Action.SEE_COVERAGE)
@posted
def schedule() -> Response:
    """Have a report made every week or month."""
    code, every = told("area", 20), told("every", 10)
    try:
        area = _area(code)
    except WanggeError as refused:
        return _refused(refused)
    if every not in ("week", "month"):
        raise BadRequest
    rhythm: Every = "month" if every == "month" else "week"
    session = database.session()
    number = coverage_reports.schedule(
        session, area.code, rhythm, area.ground, guard.account(), guard.now()
    )
    coverage_reports.order_due(session, guard.now(), times.zone())
    detail = {"area": area.code, "every": rhythm}
    deeds.commit(session, Deed("report.schedule", ("schedule", str(number)), detail=detail))
    return _back()


@blueprint.post("/schedules/<int:number>/end")
@requires(Action.SEE_COVERAGE)
@posted
def end(number: int) -> Response:
    """Make no more reports by a schedule."""
    session = database.session()
    coverage_reports.end_schedule(session, number, guard.reach(Action.SEE_COVERAGE))
    deeds.commit(session, Deed("report.end_schedule", ("schedule", str(number))))
    return _back()


@blueprint.post("/<int:number>/drop")
@requires(Action.SEE_COVERAGE)
@posted
def drop(number: int) -> Response:
    """Throw a report away, or call one off that is still being made."""
    session = database.session()
    coverage_reports.drop(session, number, guard.reach(Action.SEE_COVERAGE))
    deeds.commit(session, Deed("report.drop", ("report", str(number))))
    return _back()


class KeptQuery(Query):
    """Of which kind the gaps of a report are to be listed; of all without."""

    kind: Annotated[str, Field(pattern=r"^[a-z_]{0,30}$")] = ""


@blueprint.get("/<int:number>")
@requires(Action.SEE_COVERAGE)
@blueprint.input(KeptQuery, location="query")
def one(number: int, query_data: KeptQuery) -> str:
    """A report, as it was at its moment; to be read and printed."""
    reach = guard.reach(Action.SEE_COVERAGE)
    picture = coverage_reports.picture(database.session(), number, reach, times.zone())
    names = seen(CoverageQuery()).report.names
    kind = query_data.kind if query_data.kind in picture.kinds else ""
    if languages.current() == "en":
        picture = coverage_picture.renamed(picture, names)
    return render_template(
        "coverage_report.html",
        **common(),
        picture=picture,
        number=number,
        kind=kind,
        gaps=[gap for gap in picture.gaps if kind in ("", gap["kind"])],
        to_do=to_do(picture.gaps),
        names=names,
        formats=WRITERS,
    )


@blueprint.get("/<int:number>/file.<form>")
@requires(Action.SEE_COVERAGE)
def file(number: int, form: str) -> Response:
    """A file of a report."""
    reach = guard.reach(Action.SEE_COVERAGE)
    session = database.session()
    made = coverage_reports.file(session, number, form, reach)
    row = coverage_reports.one(session, number, reach)
    _, suffix, media = WRITERS[form]
    deeds.seen(Deed("report.fetch", ("report", str(number)), detail={"format": form}))
    what, said = _CALLED.get(form, ("", ""))
    plain = f"coverage-{row['area_code'] or 'district'}-{row['span']}{what}{suffix}"
    name = _area_name(row["area_code"])
    return named(
        Response(made, mimetype=media), plain, f"覆盖报告-{name}-{row['span']}{said}{suffix}"
    )


_CALLED: Final = {"csv": ("-tables-csv", "-表格CSV"), "png": ("-map", "-地图")}
"""What a file holds, where the end of its name does not say it."""


def _area_name(code: str) -> str:
    """The name of an area, that of the district without a code."""
    names = seen(CoverageQuery()).report.names if code else {}
    return names.get(code, code) or database.ground().name


def _area(code: str) -> Area:
    """The area of a code, larger than a grid. Raises NotFound ``no_area``."""
    look = seen(CoverageQuery())
    reach = guard.reach(Action.SEE_COVERAGE)
    wanted = code or picture_view.home()
    area = coverage_report.area(database.session(), look.report, reach, wanted)
    if area.tier == "grid":
        raise NotFound("no_area", area=code)
    return area


def _refused(refused: WanggeError) -> Response:
    database.session().rollback()
    answer = make_response(_page("", sentence(refused.code, refused.facts)))
    answer.status_code = status_of(refused)
    return answer


def _back() -> Response:
    return cast("Response", redirect("/coverage/reports", HTTPStatus.SEE_OTHER))
