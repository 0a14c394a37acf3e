"""What is done about party groups from the list of gaps and from the page of a plan."""

import re
from collections.abc import Mapping
from typing import Final, cast
from urllib.parse import urlencode

from apiflask import APIBlueprint
from flask import Response, redirect
from sqlalchemy.orm import Session

from geodata.db.scoping import Ground
from geodata.domain.roles import Action
from geodata.errors import NotFound
from geodata.services import coverage_groups
from geodata.services.audit import Deed
from webmap import database, deeds, guard
from webmap.forms import posted, told
from webmap.guard import requires

blueprint = APIBlueprint(
    "party_groups", __name__, enable_openapi=False, url_prefix="/coverage/groups"
)

DONE: Final[Mapping[str, str]] = {
    "grid_without_group": "taken",
    "building_without_group": "joined",
    "group_astride": "returned",
}
"""What is said to be done once a gap of a kind was given to a group."""
_NUMBER: Final = re.compile(r"[0-9]{1,9}")
_PLAN: Final = re.compile(r"[0-9a-f-]{36}")


@blueprint.post("")
@requires(Action.APPOINT_WORKERS)
@posted
def found() -> Response:
    """Set up a party group in a grid, or name the leader of one."""
    kind, code, leader = told("kind", 30), told("code", 40), told("leader", 40)
    ground, session = _asked()
    number = coverage_groups.close(session, ground, (kind, code), leader, guard.now())
    said = {"kind": kind, "code": code, "leader": leader}
    deeds.commit(session, Deed("group.change", ("group", str(number)), detail=said))
    return back(kind, "led" if kind == "group_without_leader" else "founded")


@blueprint.post("/give")
@requires(Action.APPOINT_WORKERS)
@posted
def give() -> Response:
    """Give a grid or building to a group with room, or back to the groups of its own grid."""
    kind, code = told("kind", 30), told("code", 40)
    ground, session = _asked()
    if kind == "group_astride":
        gap, count = coverage_groups.give_back(session, ground, code, guard.now())
        group, said = str(gap.facts["group"]), {"given_back": count}
    else:
        number = _number()
        coverage_groups.give(session, ground, (kind, code), number, guard.now())
        group, said = str(number), {}
    detail = {"kind": kind, "code": code, **said}
    deeds.commit(session, Deed("group.give", ("group", group), detail=detail))
    return back(kind, DONE[kind])


@blueprint.post("/enrol")
@requires(Action.APPOINT_WORKERS)
@posted
def enrol() -> Response:
    """Let a group take all the buildings of a grid that none serves."""
    grid, number = told("grid", 40), _number()
    ground, session = _asked()
    _, _, count = coverage_groups.enrol(session, ground, grid, number, guard.now())
    detail = {"kind": "building_without_group", "grid": grid, "enrolled": count}
    deeds.commit(session, Deed("group.give", ("group", str(number)), detail=detail))
    plan = told("plan", 40)
    if _PLAN.fullmatch(plan):
        return cast("Response", redirect(f"/redraws/{plan}", 303))
    return back("building_without_group", "enrolled")


@blueprint.post("/share")
@requires(Action.APPOINT_WORKERS)
@posted
def share() -> Response:
    """Give what a group serves in another grid to whoever is offered, or to a new group there."""
    kind, code, grid = told("kind", 30), told("code", 40), told("grid", 40)
    ground, session = _asked()
    if kind not in coverage_groups.SHARED:
        raise NotFound("no_gap")
    to = _number() if told("group", 10) else told("leader", 40)
    key = (kind, code)
    gap, moved = coverage_groups.share_out(session, ground, key, grid, to, guard.now())
    detail = {
        "kind": kind,
        "code": code,
        "grid": grid,
        "buildings": moved.buildings,
        "from": int(gap.facts["group"]),
        "way": moved.way,
    }
    deeds.commit(session, Deed("group.give", ("group", str(moved.group)), detail=detail))
    return back(kind, "shared", code)


def _asked() -> tuple[Ground, Session]:
    """Where who asks may appoint, and the session in which all ground is seen."""
    ground = guard.reach(Action.APPOINT_WORKERS)
    database.on_all_ground()
    return ground, database.session()


def _number() -> int:
    number = told("group", 10)
    if not _NUMBER.fullmatch(number):
        raise NotFound("no_gap")
    return int(number)


def back(kind: str, done: str, of: str = "") -> Response:
    """The list that the form was on, with word of what was done, of which gap (code)."""
    kept = {**{name: told(name, 40) for name in ("area", "measure", "tier")}, "of": of}
    query = urlencode({**{n: v for n, v in kept.items() if v}, "kind": kind, "done": done})
    return cast("Response", redirect(f"/coverage?{query}", 303))
