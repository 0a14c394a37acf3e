"""The days on which the district's grids changed, and what changed on each, by whom."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime, time
from typing import Any

from apiflask import APIBlueprint
from flask import current_app

from geodata.domain.roles import Action
from geodata.errors import NotFound
from geodata.services import district_days
from geodata.services.district_days import Change, Plan, Turned
from webmap import database, guard, times
from webmap.api.fields import Code, Query
from webmap.authors import everybody
from webmap.guard import public
from webmap.shapes import geojson

blueprint = APIBlueprint("history_days", __name__, url_prefix="/api/history/days", tag="history")


class Which(Query):
    """Of which community; of all if nothing is said."""

    community: Code | None = None


@blueprint.get("")
@public
@blueprint.input(Which, location="query")
def days(query_data: Which) -> dict[str, Any]:
    """The days here on which ground changed, the first first, and the present one as ``today``."""
    zone = str(current_app.config["TIMEZONE"])
    found = district_days.days(database.session(), zone, query_data.community)
    items = [{**asdict(one), "day": one.day.isoformat()} for one in found]
    return {"items": items, "today": times.day(guard.now())}


@blueprint.get("/<day>")
@public
@blueprint.input(Which, location="query")
@blueprint.doc(responses=[400, 404])
def changes(day: str, query_data: Which) -> dict[str, Any]:
    """What changed on a day: each time ``at``, its grids with their shapes before and after.

    ``until`` is the moment at which the day is over: what `/api/history/grids` shows then. The
    plan, its people and what it handed over are told to who sees the figures of the community.
    """
    since, until = _bounds(day)
    found = district_days.changes(database.session(), since, until, query_data.community)
    everybody([name for one in found if one.plan for name in (one.plan.author, one.plan.by)])
    return {"day": day, "until": until, "items": [_told(one) for one in found]}


def _bounds(day: str) -> tuple[datetime, datetime]:
    """The first moment of a day here, and of the next one. Raises NotFound ``no_page``."""
    try:
        first = date.fromisoformat(day)
        since = datetime.combine(first, time.min, times.zone())
        return since, datetime.combine(first + times.DAY, time.min, times.zone())
    except (ValueError, OverflowError) as wrong:
        raise NotFound("no_page") from wrong


def _told(one: Change) -> dict[str, Any]:
    reach = guard.reach(Action.SEE_FIGURES)
    seen = all(reach.covers(code) for code in one.communities)
    plan = one.plan if seen else None
    return {
        "at": one.at,
        "seen": seen,
        "load": one.is_load,
        "communities": [{"code": c, "name": name} for c, name in one.communities.items()],
        "count": one.count,
        "grids": [_grid(grid) for grid in one.grids],
        "handed": [asdict(handed) for handed in one.handed] if seen else [],
        "plan": _plan(plan) if plan is not None else None,
    }


def _grid(grid: Turned) -> dict[str, Any]:
    shapes = {"was": grid.was, "now": grid.now}
    return {
        "code": grid.code,
        "name": grid.name,
        "how": grid.how,
        **{name: geojson(one) if one is not None else None for name, one in shapes.items()},
    }


def _plan(plan: Plan) -> dict[str, Any]:
    people = everybody([plan.author, plan.by])
    undone = plan.undoes and {"public_id": plan.undoes, "name": plan.undoes_name}
    return {
        "public_id": plan.public_id,
        "name": plan.name,
        "undoes": undone,
        "author": people[plan.author],
        "by": people.get(plan.by, ""),
    }
