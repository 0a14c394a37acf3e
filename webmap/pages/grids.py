"""The page of a grid: where it came from and what came from it; and what its worker is told."""

from apiflask import APIBlueprint
from flask import render_template

from geodata.domain.roles import Action
from geodata.errors import NotFound
from geodata.services import grid_history, notices
from webmap import database, deeds, guard, times
from webmap.authors import everybody
from webmap.guard import requires

blueprint = APIBlueprint("grids", __name__, enable_openapi=False)


@blueprint.get("/grids/<code:code>")
@requires(Action.SEE_FIGURES)
def family(code: str) -> str:
    """The family tree of a grid, of one that is no more too."""
    found = grid_history.family(database.session(), code)
    if not guard.reach(Action.SEE_FIGURES).covers(found.community, code):
        raise NotFound("no_grid", grid=code)
    everybody([one.by for one in found.redrawn])
    return render_template("grid.html", found=found, moment=times.moment, day=times.day)


@blueprint.get("/account/notices")
@requires(Action.OWN_ACCOUNT)
def told() -> str:
    """What a worker is told; what is new is seen from then on."""
    session = database.session()
    rows = notices.own(session, guard.account())
    if any(row["seen_at"] is None for row in rows):
        notices.see(session, guard.account(), guard.now())
        deeds.commit_entered(session)
    return render_template("notices.html", notices=rows, moment=times.moment)
