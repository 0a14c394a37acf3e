"""What became of one's plans, and which plans wait for one: the numbers in the bar."""

from dataclasses import asdict
from typing import Any

from apiflask import APIBlueprint

from geodata.domain.roles import Action
from geodata.services import plan_news
from geodata.services.plan_news import Known
from webmap import database, guard
from webmap.api.fields import Query
from webmap.guard import requires

blueprint = APIBlueprint("plan_news", __name__, url_prefix="/api/redraws", tag="redraws")


@blueprint.get("/news")
@requires(Action.DRAFT_REDRAW)
@blueprint.input(Query, location="query")
def told(query_data: Query) -> dict[str, Any]:
    """How many plans wait for who asks, by state (``waiting``), and how much news is ``unread``."""
    del query_data
    return asdict(plan_news.told(database.session(), asking(), guard.now()))


def asking() -> Known:
    """Who asks, as the news are told to them."""
    approved = guard.reach(Action.APPROVE_REDRAW)
    return Known(guard.account(), guard.actor().login, approved)
