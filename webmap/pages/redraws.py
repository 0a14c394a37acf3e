"""Where grids are redrawn: the map of one community, and the way to it."""

from typing import Any, Final

from apiflask import APIBlueprint
from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from geodata.db.scoping import Ground
from geodata.domain.roles import Action
from geodata.errors import NotAllowed, NotFound
from geodata.services import district, redraw_needs, redraws
from geodata.services.redraw_needs import Needs
from webmap import database, guard
from webmap.api.fields import Code, Query
from webmap.guard import requires
from webmap.pages.shells import shell
from webmap.plan_texts import NEED
from webmap.texts import filled

blueprint = APIBlueprint("redraws_page", __name__, enable_openapi=False)
_DRAW: Final = Action.DRAFT_REDRAW


class Wanted(Query):
    """A grid to begin with."""

    grid: Code | None = None


@blueprint.get("/redraw")
@requires(_DRAW)
@blueprint.input(Wanted, location="query")
def choose(query_data: Wanted) -> Response | str:
    """The community to redraw; whoever has but one goes straight there.

    Straight to its community, too, with a grid. Raises NotFound ``no_grid``.
    """
    ground = guard.reach(_DRAW)
    if query_data.grid is not None:
        home = district.grid(database.session(), query_data.grid, ground)["community"]["code"]
        return redirect(url_for(".redraw", code=home, grid=query_data.grid))
    streets = _streets(ground)
    names = {one["code"]: one["name"] for street in streets for one in street["communities"]}
    if len(names) == 1:
        return redirect(url_for(".redraw", code=next(iter(names))))
    needs = redraw_needs.of(database.session(), sorted(names))
    ordered = [_neediest_first(street, needs) for street in streets]
    ordered.sort(key=lambda street: street["urgency"], reverse=True)
    return render_template(
        "redraw_choice.html", streets=ordered, needs=needs, words=NEED, filled=filled
    )


def _neediest_first(street: dict[str, Any], needs: dict[str, Needs]) -> dict[str, Any]:
    """The street with its communities in the order of what they are in need of."""
    own = street["communities"]
    own.sort(key=lambda one: needs[one["code"]].urgency, reverse=True)
    urgency = [sum(each) for each in zip(*(needs[one["code"]].urgency for one in own), strict=True)]
    return {**street, "communities": own, "urgency": urgency}


def _streets(ground: Ground) -> list[dict[str, Any]]:
    """The streets with those of their communities that lie on some ground."""
    tree = district.areas_by_street(database.session())
    for street in tree:
        street["communities"] = [one for one in street["communities"] if ground.covers(one["code"])]
    return [street for street in tree if street["communities"]]


@blueprint.get("/redraw/<code:code>")
@requires(_DRAW)
def redraw(code: str) -> str:
    """The tool, on one community. Raises NotAllowed ``not_your_community``, NotFound."""
    if not guard.reach(_DRAW).covers(code):
        name = redraws.homes(database.session(), [code]).get(code)
        if name is not None:
            raise NotAllowed("not_your_community", name=name)
        raise NotFound("no_community", community=code)
    return render_template(
        "redraw.html",
        shell=shell("redraw"),
        district=database.ground(),
        community=code,
    )
