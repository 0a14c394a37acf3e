"""Coverage: what nobody serves, why, and what closes it; as a map with a list, and as a table."""

import re
from collections import Counter
from collections.abc import Mapping
from typing import Any, Final, cast
from urllib.parse import urlencode

from apiflask import APIBlueprint
from flask import Response, current_app, redirect, render_template

from geodata.domain.coverage.measures import TIERS
from geodata.domain.roles import Action
from geodata.errors import NotFound
from geodata.services import coverage_drafts, coverage_groups, coverage_report
from geodata.services.audit import Deed
from webmap import coverage_texts, database, deeds, guard, times
from webmap.coverage_view import BELOW, CoverageQuery, Seen, seen
from webmap.forms import posted, told
from webmap.guard import requires
from webmap.pages.shells import shell

blueprint = APIBlueprint("coverage_page", __name__, enable_openapi=False)

DONE: Final[Mapping[str, str]] = {
    "grid_without_group": "taken",
    "building_without_group": "joined",
    "group_astride": "returned",
}
"""What is said to be done once a gap of a kind was given to a group."""
SHOWN: Final = 60
"""Gaps on one page of the list."""
ROWS: Final = 500
"""Gaps on one page of the table."""


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
        **_shown(look),
        listed=look.listed(ROWS),
        start=(query_data.page - 1) * ROWS,
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


@blueprint.post("/coverage/groups")
@requires(Action.APPOINT_WORKERS)
@posted
def group() -> Response:
    """Set up a party group in a grid that has none, or name the leader of one."""
    kind, code, leader = told("kind", 30), told("code", 40), told("leader", 40)
    ground = guard.reach(Action.APPOINT_WORKERS)
    database.on_all_ground()
    session = database.session()
    number = coverage_groups.close(session, ground, (kind, code), leader, guard.now())
    said = {"kind": kind, "code": code, "leader": leader}
    deeds.commit(session, Deed("group.change", ("group", str(number)), detail=said))
    return _back(kind, "led" if kind == "group_without_leader" else "founded")


@blueprint.post("/coverage/groups/give")
@requires(Action.APPOINT_WORKERS)
@posted
def give() -> Response:
    """Give a grid or building to a group with room, or back to the groups of its own grid."""
    kind, code, number = told("kind", 30), told("code", 40), told("group", 10)
    ground = guard.reach(Action.APPOINT_WORKERS)
    database.on_all_ground()
    session, now = database.session(), guard.now()
    if kind == "group_astride":
        gap, count = coverage_groups.give_back(session, ground, code, now)
        group, said = str(gap.facts["group"]), {"given_back": count}
    elif re.fullmatch(r"[0-9]{1,9}", number):
        coverage_groups.give(session, ground, (kind, code), int(number), now)
        group, said = number, {}
    else:
        raise NotFound("no_gap")
    deeds.commit(
        session, Deed("group.give", ("group", group), detail={"kind": kind, "code": code, **said})
    )
    return _back(kind, DONE[kind])


def _begun(look: Seen) -> dict[tuple[str, str], Mapping[str, Any]]:
    """The plans that already close gaps, by kind and code; asked only where such are listed."""
    if not guard.may_somewhere(Action.DRAFT_REDRAW):
        return {}
    if not any(gap.kind in coverage_drafts.DRAWN for gap in look.chosen):
        return {}
    return coverage_drafts.begun(database.session(), guard.reach(Action.DRAFT_REDRAW))


def _back(kind: str, done: str) -> Response:
    """The list that the form was on, with word of what was done."""
    kept = {name: told(name, 40) for name in ("area", "measure", "tier")}
    query = urlencode({**{n: v for n, v in kept.items() if v}, "kind": kind, "done": done})
    return cast("Response", redirect(f"/coverage?{query}", 303))


def _shown(look: Seen) -> dict[str, Any]:
    """What both pages show."""
    area, report = look.area, look.report
    below = next((tier for tier in TIERS if tier == look.asked.tier), BELOW[area.tier])
    parts = report.parts(below, area.ground)
    return {
        "look": look,
        "area": area,
        "measure": look.measure,
        "measures": report.measures(),
        "parts": parts[:ROWS],
        "parts_left": len(parts[ROWS:]),
        "streets": [] if area.code else report.parts("street", area.ground),
        "below": below,
        "whole": report.total(area.ground, area.code, area.name),
        "kinds": Counter(gap.kind for gap in look.gaps),
        "norms": report.frames.norms,
        "district": database.ground(),
        "texts": coverage_texts,
        "names": report.names,
        "moment": times.moment(guard.now()),
        "plans": _begun(look),
        "may_draw": guard.may_somewhere(Action.DRAFT_REDRAW),
        "may_appoint": guard.may_somewhere(Action.APPOINT_WORKERS),
    }
