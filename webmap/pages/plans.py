"""The pages of plans: which there are, what one would do, and what is done with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from http import HTTPStatus
from types import MappingProxyType
from typing import Any, Final, cast
from uuid import UUID

from apiflask import APIBlueprint
from flask import Response, make_response, redirect, render_template
from flask import session as browser
from sqlalchemy import RowMapping

from geodata.domain import moment, workload
from geodata.domain.plan import COMPUTED, MOVES, Name, State
from geodata.domain.roles import Action
from geodata.errors import Conflict, InvalidRedraw, InvalidShape, NotFound, WanggeError
from geodata.services import (
    redraw_answers,
    redraw_compare,
    redraw_conflicts,
    redraw_left_out,
    redraw_moves,
    redraw_preview,
    redraws,
)
from webmap import database, deeds, guard, left_out, plan_groups, plan_picture, times
from webmap.api import plan_moves
from webmap.api import redraws as doors
from webmap.api.fields import Query
from webmap.authors import everybody, explained, in_facts
from webmap.errors import status_of
from webmap.forms import posted, told
from webmap.guard import requires
from webmap.pages.shells import shell
from webmap.plan_texts import GAP, MOVE, NAMED, OP, STATE, short
from webmap.texts import sentence

blueprint = APIBlueprint("plans", __name__, enable_openapi=False, url_prefix="/redraws")

_UNFIT: Final = (Conflict, InvalidRedraw, InvalidShape)
"""What a plan meets where the ground is another than it was drawn over."""

_MOST_SAID: Final = 21_000
"""Signs of a thousand codes of buildings."""
_NOTHING: Final[Mapping[str, str]] = MappingProxyType({})

_DONE: Final = "plan_done"
"""Where the browser keeps what was done with which plan, until the page has said so once."""


class ListQuery(Query):
    """Which plans are wanted."""

    state: State | None = None


class BesideQuery(Query):
    """Which other plan stands beside it; the present without one."""

    other: UUID | None = None


@blueprint.get("")
@requires(Action.DRAFT_REDRAW)
@blueprint.input(ListQuery, location="query")
def overview(query_data: ListQuery) -> str:
    """The plans on one's ground, with what each does in one line."""
    session = database.session()
    found = redraws.listing(session, guard.reach(Action.DRAFT_REDRAW), None)
    shown = [row for row in found if query_data.state in (None, row["state"])]
    numbers = [row["id"] for row in shown]
    everybody([row["author"] for row in shown])
    return render_template(
        "plans.html",
        plans=shown,
        counts={state: sum(row["state"] == state for row in found) for state in STATE},
        all=len(found),
        asked=query_data.state,
        does=redraws.in_short(session, numbers),
        homes=redraws.homes(session, [row["community_code"] for row in shown]),
        can={row["id"]: doors.may(row) for row in shown},
        overtaken=redraw_answers.overtaken(session, shown),
        **_words(),
    )


@blueprint.get("/<uuid:public_id>")
@requires(Action.SEE_FIGURES)
@blueprint.input(Query, location="query")
def one(public_id: UUID, query_data: Query) -> str:
    """A plan: what it does to whom, what it went through, and what may be done with it."""
    del query_data
    found = doors.own(public_id, Action.SEE_FIGURES)
    done = browser.pop(_DONE, None)
    return _page(found, done=done if done and done["plan"] == str(public_id) else None)


@blueprint.post("/<uuid:public_id>")
@requires(Action.DRAFT_REDRAW)
@posted
def move(public_id: UUID) -> Response:
    """Do with a plan what the pressed button says."""
    name = told("move", 20)
    try:
        where = _moved(public_id, name)
    except WanggeError as refused:
        database.session().rollback()
        found = doors.own(public_id)
        answer = make_response(_page(found, problem=_said(refused), anyway=_anyway(name, refused)))
        answer.status_code = status_of(refused)
        return answer
    return cast("Response", redirect(where, HTTPStatus.SEE_OTHER))


@blueprint.get("/<uuid:public_id>/compare")
@requires(Action.SEE_FIGURES)
@blueprint.input(BesideQuery, location="query")
def compare(public_id: UUID, query_data: BesideQuery) -> str:
    """A plan side by side with the present or with another plan: map and figures."""
    plan = doors.own(public_id, Action.SEE_FIGURES)
    if query_data.other is not None:
        doors.own(query_data.other, Action.SEE_FIGURES)
    others = redraws.listing(
        database.session(), guard.reach(Action.SEE_FIGURES), plan["community_code"]
    )
    database.on_all_ground()
    found = redraw_compare.beside(database.session(), public_id, query_data.other)
    return render_template(
        "plan_compare.html",
        plan=plan,
        found=found,
        differing=[
            {code: one for code, one in side.figures.items() if code in found.differing}
            for side in (found.left, found.right)
        ],
        shell=shell("compare"),
        district=database.ground(),
        others=[o for o in others if o["id"] != plan["id"] and o["state"] in COMPUTED],
        asked=query_data.other,
        **_words(),
    )


def _anyway(name: str, refused: WanggeError) -> dict[str, str]:
    """What is sent again with the yes to buildings that taking a plan back cuts, and its words."""
    remedy = refused.remedy if isinstance(refused, InvalidRedraw) else None
    if name != "rollback" or remedy is None or remedy.kind != "cut_anyway":
        return {}
    cuts = cast("Sequence[str]", remedy.changes["cuts"])
    word = sentence(remedy.kind, refused.facts).rstrip("。.")
    return {"name": told("name", 200), "cuts": " ".join(cuts), "word": word}


def _page(
    plan: RowMapping,
    problem: str = "",
    done: dict[str, Any] | None = None,
    anyway: Mapping[str, str] = _NOTHING,
) -> str:
    session = database.session()
    database.on_all_ground()
    moves = redraw_moves.history(session, plan["id"])
    everybody([plan["author"], plan["published_by"], *(one["actor"] for one in moves)])
    return render_template(
        "plan.html",
        plan=plan,
        home=redraws.homes(session, [plan["community_code"]])[plan["community_code"]],
        does=redraws.in_short(session, [plan["id"]]).get(plan["id"], {}),
        moves=moves,
        left_out=[left_out.told(one) for one in redraw_left_out.listing(session, plan["id"])],
        can=doors.may(plan),
        why=_why(plan),
        problem=problem,
        anyway=anyway,
        done=done,
        answered=redraw_answers.is_changed(session, plan),
        note=redraw_answers.note(session, plan),
        tomorrow=times.day(guard.now() + times.DAY),
        **plan_groups.groupless(plan),
        **_effect(plan),
        **_words(),
    )


def _said(refused: WanggeError) -> str:
    return sentence(refused.code, in_facts(short(refused.facts)))


def _why(plan: RowMapping) -> str:
    """Why a plan could not be published on its day; empty where nothing is in the way."""
    kept = plan["conflict"]
    told = explained(kept and {**kept, "facts": short(kept["facts"])})
    return str(told["title"]) if told else ""


def _effect(plan: RowMapping) -> dict[str, Any]:
    """What a plan would do or has done, or why it cannot be done any more."""
    report = plan["report"] or {}
    if plan["state"] not in COMPUTED:
        done = _otherwise(report.get("before", {}), report.get("after", {}))
        picture = plan_picture.published(plan, [*done.values()]) if report else None
        return {"report": report, "impact": None, "unfit": "", "picture": picture, **done}
    session = database.session()
    try:
        drawn = redraws.over_present(session, plan)
    except _UNFIT as refused:
        said: dict[str, Any] = {"unfit": _said(refused), "report": {}, "impact": None}
        return {**said, "before": {}, "after": {}, **_changed(plan)}
    seen = redraw_preview.preview(session, drawn)
    shown = _otherwise(
        {code: asdict(one) for code, one in seen.before.items()},
        {code: asdict(one) for code, one in seen.after.items()},
    )
    return {
        "report": {},
        "impact": plan_moves.foreseen(session, drawn, seen),
        "cut": seen.cut,
        "courtyards": seen.courtyards,
        "unfit": "",
        "moved": len(seen.buildings),
        "unserved": plan_groups.unserved(seen),
        "picture": plan_picture.drawn(drawn, [*shown.values()]) if drawn.changed else None,
        **shown,
    }


def _otherwise(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """The figures of the grids that are others afterwards, by more than a vertex or a crumb."""
    codes = {
        code for code in {*before, *after} if workload.differs(before.get(code), after.get(code))
    }
    return {
        "before": {code: one for code, one in before.items() if code in codes},
        "after": {code: one for code, one in after.items() if code in codes},
    }


def _changed(plan: RowMapping) -> dict[str, Any]:
    """What others have changed under a plan, and its outlines then and now."""
    session = database.session()
    found = redraw_conflicts.changed(session, plan["base"], redraws.present(session, plan))
    return {"changed": found, "overtaken": plan_picture.overtaken(plan, found)}


def _moved(public_id: UUID, name: str) -> str:
    """The address to go to after a move, a publishing, a copy or whatever else the button says."""
    here = public_id
    if name == "publish":
        doors.published(public_id)
    elif name == "rebase":
        plan_moves.rebased(public_id)
    elif name == "rollback":
        cuts = told("cuts", _MOST_SAID).split()
        called = told("name", 200).strip() or "撤回"
        here = doors.rolled_back(public_id, called, cuts).plan["public_id"]
    elif name == "copy":
        here = doors.copied(public_id, told("name", 200).strip() or "副本")["public_id"]
    elif name == "name":
        _rename(public_id, told("name", 200).strip())
    elif name in MOVES and name != "conflict":
        day = told("at", 40).strip()
        at = moment.moment(day, times.zone()) if day else None
        plan_moves.move(cast("Name", name), public_id, told("remarks", 1000), at)
        if name == "discard":
            return "/redraws"
    else:
        raise NotFound("no_page")
    browser[_DONE] = {"plan": str(here), "what": name}
    return f"/redraws/{here}"


def _rename(public_id: UUID, name: str) -> None:
    session = database.session()
    if name and name != doors.own(public_id)["name"]:
        redraws.rename(session, public_id, name, guard.now())
        deeds.commit(session, doors.deed("name", public_id, {"name": name}))


def _words() -> dict[str, Any]:
    return {
        "states": STATE,
        "ops": OP,
        "verbs": {**MOVE, "name": NAMED},
        "gaps": GAP,
        "moment": times.moment,
        "day": times.day,
    }
