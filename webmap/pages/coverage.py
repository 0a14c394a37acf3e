"""Coverage: what nobody serves, why, and what closes it; as a map with a list, and as a table."""

from collections import Counter
from collections.abc import Mapping
from typing import Any, Final, cast

from apiflask import APIBlueprint
from flask import Response, current_app, redirect, render_template

from geodata.domain.roles import Action
from geodata.services import coverage_buildings, coverage_drafts, coverage_report
from geodata.services.audit import Deed
from geodata.services.coverage_buildings import Listed
from webmap import coverage_links, coverage_texts, database, deeds, done_texts, guard, times, trends
from webmap.coverage_view import CoverageQuery, Seen, seen
from webmap.forms import posted, told
from webmap.guard import requires
from webmap.pages.shells import shell

blueprint = APIBlueprint("coverage_page", __name__, enable_openapi=False)

SHOWN: Final = 60
"""Gaps on one page of the list."""
ROWS: Final = 50
"""Gaps, or buildings, on one page of a table."""
PARTS: Final = 500
"""Parts of an area on one page of a table."""


@blueprint.get("/coverage")
@requires(Action.SEE_COVERAGE)
@blueprint.input(CoverageQuery, location="query")
def page(query_data: CoverageQuery) -> str:
    """The four numbers, the map and the list of gaps of an area."""
    look = seen(query_data)
    return render_template(
        "coverage.html",
        **_shown(look),
        shell=shell("coverage"),
        listed=look.listed(SHOWN),
        start=(query_data.page - 1) * SHOWN,
        said_done=done_texts.said,
        days_of=trends.of_days,
        headlines=coverage_report.headlines(
            database.session(),
            look.gaps,
            look.area.ground,
            guard.now(),
            current_app.config["TIMEZONE"],
        ),
    )


@blueprint.get("/coverage/table")
@requires(Action.SEE_COVERAGE)
@blueprint.input(CoverageQuery, location="query")
def table(query_data: CoverageQuery) -> str:
    """The same as tables: the figures of each part, and every gap."""
    look = seen(query_data)
    return render_template(
        "coverage_table.html",
        **_shown(look, (query_data.part - 1) * PARTS),
        listed=look.listed(ROWS),
        start=(query_data.page - 1) * ROWS,
        buildings=_buildings(look),
        rows=ROWS,
    )


@blueprint.post("/coverage/drafts")
@requires(Action.DRAFT_REDRAW)
@posted
def draft() -> Response:
    """Begin a plan that closes a gap of the ground, with its first step drawn."""
    kind, code = told("kind", 30), told("code", 40)
    ground = guard.reach(Action.DRAFT_REDRAW)
    database.on_all_ground()
    session = database.session()
    actor = guard.actor()
    now, title = guard.now(), str(coverage_texts.KINDS.get(kind))
    made = coverage_drafts.begin(session, ground, (kind, code), actor.login, now, title)
    number, home = str(made["public_id"]), str(made["community_code"])
    said = {"community": home, "name": made["name"]}
    if made["created_at"] == now:
        deeds.commit(session, Deed("redraw.begin", ("plan", number), detail=said))
    return cast("Response", redirect(f"/redraw/{home}?plan={number}", 303))


def _buildings(look: Seen) -> Listed | None:
    """The buildings of the page that is asked for, where one looks at single ones."""
    if look.tier != "building":
        return None
    start = (look.asked.part - 1) * ROWS
    session = database.session()
    return coverage_buildings.listed(session, look.report, look.area.ground, start, ROWS)


def _begun(look: Seen) -> dict[tuple[str, str], Mapping[str, Any]]:
    """The plans that already close gaps, by kind and code; asked only where such are listed."""
    if not guard.may_somewhere(Action.DRAFT_REDRAW):
        return {}
    if not any(gap.kind in coverage_drafts.DRAWN for gap in look.chosen):
        return {}
    return coverage_drafts.begun(database.session(), guard.reach(Action.DRAFT_REDRAW))


def _shown(look: Seen, start: int = 0) -> dict[str, Any]:
    """What both pages show; of the parts those from a place on."""
    area, report, below = look.area, look.report, look.below
    parts = report.parts(below, area.ground)
    return {
        "look": look,
        "area": area,
        "measure": look.measure,
        "measures": report.measures(),
        "parts": parts[start : start + PARTS],
        "parts_start": start,
        "parts_count": len(parts),
        "rest": report.rest(below, parts, area.ground),
        "streets": [] if area.code else report.parts("street", area.ground),
        "below": below,
        "whole": report.total(area.ground, area.code, area.name),
        "kinds": Counter(gap.kind for gap in look.gaps),
        "with_grid": report.with_their_grid(area.ground),
        "norms": report.frames.norms,
        "district": database.ground(),
        "texts": coverage_texts,
        "links": coverage_links,
        "names": report.names,
        "moment": times.moment(guard.now()),
        "today": times.day(guard.now()),
        "plans": _begun(look),
        "parties": report.frames.parties,
        "draws": guard.reach(Action.DRAFT_REDRAW),
        "appoints": guard.reach(Action.APPOINT_WORKERS),
    }
