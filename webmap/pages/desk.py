"""The list of issues as a page: filtered, sorted, taken out, and what has to be watched."""

from dataclasses import replace
from datetime import datetime
from typing import Any, cast
from urllib.parse import urlencode

from apiflask import APIBlueprint
from flask import Response, redirect, render_template, request
from flask_babel import gettext

from geodata.domain.issue import STATUSES
from geodata.domain.roles import Action
from geodata.errors import WanggeError
from geodata.services import district, export_jobs, exports, issues, moves, ticket_states, watch
from geodata.services.audit import Deed
from geodata.services.exports import FORMATS
from webmap import database, deeds, desk_file, desk_texts, desk_view, guard, languages, times, words
from webmap.desk_view import Desk, DeskQuery
from webmap.disposition import named
from webmap.errors import status_of
from webmap.guard import requires
from webmap.texts import sentence

blueprint = APIBlueprint("desk_page", __name__, enable_openapi=False)


@blueprint.get("/desk")
@requires(Action.SEE_ISSUES)
@blueprint.input(DeskQuery, location="query")
def page(query_data: DeskQuery) -> tuple[str, int] | Response:
    """The list of one's ground; what is wrong with a wish is said above the form that has it.

    Its address says only what was chosen: what the form left empty is taken out of it.
    """
    given = [(name, value) for name, value in request.args.items(multi=True) if value]
    if len(given) < len(list(request.args.items(multi=True))):
        return cast("Response", redirect(f"/desk?{urlencode(given)}" if given else "/desk"))
    try:
        desk, problem, status = desk_view.seen(query_data, guard.now()), "", 200
    except WanggeError as refused:
        desk = Desk(query_data, [], None)
        problem, status = sentence(refused.code, refused.facts), status_of(refused)
    return render_template("desk.html", desk=desk, problem=problem, **_around()), status


@blueprint.get("/desk/tickets.<any(xlsx,csv):ending>")
@requires(Action.IMPORT_TICKETS)
@blueprint.input(DeskQuery, location="query")
def tickets(ending: str, query_data: DeskQuery) -> Response:
    """How far the hotline's tickets on the list are, in the columns in which they came."""
    session, now = database.session(), guard.now()
    ground = guard.reach(Action.IMPORT_TICKETS)
    wanted = replace(query_data.filter(now), ground=ground)
    content, rows = ticket_states.file(session, wanted, ending, times.zone(), export_jobs.SMALL)
    told = {"format": ending, "rows": rows, "kind": ticket_states.HOTLINE}
    deeds.seen(Deed("export.file", ("layer", "issues"), detail=told))
    answer = Response(content, mimetype=FORMATS[ending].media)
    return _named(answer, ("12345", "12345办理情况"), now, ending)


@blueprint.get("/desk/list.<any(xlsx,csv):ending>")
@requires(Action.EXPORT)
@blueprint.input(DeskQuery, location="query")
def table(ending: str, query_data: DeskQuery) -> Response:
    """The list as a table for people: words in their language, local times."""
    now = guard.now()
    content, rows = desk_file.made(query_data, ending, now)
    told = {"format": ending, "rows": rows, "kind": "list"}
    deeds.seen(Deed("export.file", ("layer", "issues"), detail=told))
    answer = Response(content, mimetype=desk_file.MEDIA[ending])
    return _named(answer, ("list", gettext("诉求清单")), now, ending)


def _named(answer: Response, what: tuple[str, str], now: datetime, ending: str) -> Response:
    """The file by the day on which it was taken out, called as all exports are."""
    day = f"{now.astimezone(times.zone()):%Y%m%d}"
    return named(answer, *exports.called(database.session(), what, [day], f".{ending}"))


def _around() -> dict[str, Any]:
    """What stands around the list."""
    session, ground, name = database.session(), guard.reach(Action.SEE_ISSUES), languages.current()
    return {
        "watched": watch.watched(session, ground, guard.now(), guard.audiences()),
        "most": watch.MOST,
        "categories": [
            {"code": row["code"], "name": row[f"name_{name}"]} for row in issues.categories(session)
        ],
        "areas": _areas(ground),
        "departments": moves.departments(session),
        "statuses": STATUSES,
        "outcomes": desk_texts.OUTCOMES,
        "formats": desk_view.FORMATS,
        "words": words,
        "moment": times.moment,
    }


def _areas(ground: Any) -> list[dict[str, Any]]:
    """Streets with those of their communities in which who asks sees issues."""
    found = []
    for street in district.areas_by_street(database.session()):
        own = [one for one in street["communities"] if ground.covers(one["code"])]
        whole = ground.whole or street["code"] in ground.streets
        if own:
            found.append({**street, "communities": own, "whole": whole})
    return found
