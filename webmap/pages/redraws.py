"""Where grids are redrawn: the map of one community, and the way to it."""

from typing import Final

from apiflask import APIBlueprint
from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from geodata.domain.roles import Action
from geodata.errors import NotFound
from geodata.services import district, redraws
from webmap import database, guard
from webmap.guard import requires
from webmap.pages.shells import shell

blueprint = APIBlueprint("redraws_page", __name__, enable_openapi=False)
_DRAW: Final = Action.DRAFT_REDRAW


@blueprint.get("/redraw")
@requires(_DRAW)
def choose() -> Response | str:
    """The community to redraw, chosen; whoever has but one goes straight there."""
    ground = guard.reach(_DRAW)
    session = database.session()
    streets = [
        {**street, "communities": [one for one in street["communities"] if ground.covers(one["code"])]}
        for street in district.areas_by_street(session)
    ]
    own = [one["code"] for street in streets for one in street["communities"]]
    if len(own) == 1:
        return redirect(url_for(".redraw", code=own[0]))
    drafts = [plan for plan in redraws.listing(session, ground, None) if plan["state"] == "draft"]
    names = {one["code"]: one["name"] for street in streets for one in street["communities"]}
    return render_template("redraw_choice.html", streets=streets, drafts=drafts, names=names)


@blueprint.get("/redraw/<code:code>")
@requires(_DRAW)
def redraw(code: str) -> str:
    """The tool, on one community."""
    if not guard.reach(_DRAW).covers(code):
        raise NotFound("no_community", community=code)
    publishes = guard.reach(Action.PUBLISH_REDRAW).covers(code)
    return render_template(
        "redraw.html",
        shell=shell("redraw"),
        district=database.ground(),
        community=code,
        publishes=publishes,
    )
