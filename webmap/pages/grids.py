"""The page of a grid: where it came from and what came from it; and what its worker is told."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from apiflask import APIBlueprint
from flask import render_template

from geodata.domain.outline import Cells, sketch
from geodata.domain.roles import Action
from geodata.errors import NotFound
from geodata.services import grid_history, notices, plan_news, visits
from webmap import database, deeds, guard, times
from webmap.api.plan_news import asking
from webmap.authors import everybody
from webmap.guard import requires
from webmap.plan_texts import MOVE

_BEFORE: Final = timedelta(milliseconds=1)
"""What a grid that is no more looked like is asked for the moment before its end."""
UNSAID: Final[Mapping[str, str]] = {}
blueprint = APIBlueprint("grids", __name__, enable_openapi=False)


@blueprint.get("/grids/<code:code>")
@requires(Action.SEE_FIGURES)
def family(code: str) -> str:
    """The family tree of a grid, of one that is no more too."""
    return shown(code)


def shown(code: str, said: Mapping[str, str] = UNSAID, problem: str = "") -> str:
    """The page of a grid; with what was said of a visit and why it was refused, if it was."""
    session = database.session()
    found = grid_history.family(session, code)
    if not guard.reach(Action.SEE_FIGURES).covers(found.community, code):
        raise NotFound("no_grid", grid=code)
    everybody([one.by for one in found.redrawn])
    seen = (found.retired_at - _BEFORE) if found.retired_at else guard.now()
    standing = grid_history.as_of(session, seen, found.community)
    cells = Cells({row["code"]: row["shape"] for row in standing if row["code"]})
    return render_template(
        "grid.html",
        found=found,
        sketch=sketch([cells])[0],
        visits=visits.latest(session, code),
        visits_told=guard.reach(Action.RECORD_VISIT).covers(found.community, code),
        today=times.day(guard.now()),
        said=said,
        problem=problem,
        moment=times.moment,
        day=times.day,
    )


@blueprint.get("/account/notices")
@requires(Action.OWN_ACCOUNT)
def told() -> str:
    """What a worker is told, and what became of one's plans; what is new is seen from then on."""
    session, who = database.session(), asking()
    rows = notices.own(session, guard.account())
    news, since = plan_news.latest(session, who, guard.now())
    fresh = any(one["at"] > since for one in news)
    if any(row["seen_at"] is None for row in rows) or fresh:
        notices.see(session, guard.account(), guard.now())
        plan_news.read(session, who, guard.now())
        deeds.commit_entered(session)
    everybody([one["by"] for one in news])
    return render_template(
        "notices.html", notices=rows, news=news, since=since, verbs=MOVE, moment=times.moment
    )
