"""One search for everything that the district names."""

from datetime import UTC, datetime
from typing import Annotated, Any

from apiflask import APIBlueprint
from pydantic import Field

from geodata.domain.roles import Action
from geodata.services import search
from geodata.services.hits import Hit
from webmap import database, guard, languages
from webmap.api.fields import Query, Text
from webmap.guard import requires

blueprint = APIBlueprint("search", __name__, url_prefix="/api", tag="search")


class SearchQuery(Query):
    """What somebody types, or has typed so far."""

    q: Annotated[Text, Field(min_length=1, max_length=200)]
    limit: Annotated[int, Field(ge=1, le=20)] = 8


@blueprint.get("/search")
@requires(Action.SEE_ISSUES)
@blueprint.input(SearchQuery, location="query")
@blueprint.doc(responses=[422])
def find(query_data: SearchQuery) -> dict[str, Any]:
    """Addresses, areas, party groups, posts and issues that a text may mean, the best first.

    Each has a kind, a label, a second line that tells it apart, where it is (lon and lat, or a
    bbox; degrees), and what choosing it opens. `rank` says how it was found: 0 by its name, 1 by
    the beginning of it, 2 by that of its number, 3 by a part of it, 4 all but one character.
    """
    words, now = query_data.q, datetime.now(UTC)
    sight = (guard.reach(Action.SEE_ISSUES), guard.reach(Action.SEE_FIGURES))
    hits = search.answer(
        *(database.session(), database.index(), database.locator(), words, query_data.limit, now),
        sight,
    )
    return {"matches": [_told(hit, now) for hit in hits]}


def _told(hit: Hit, now: datetime) -> dict[str, Any]:
    return {
        "kind": hit.kind,
        "label": hit.label,
        "detail": hit.detail,
        "rank": hit.rank,
        "lon": hit.lon,
        "lat": hit.lat,
        "bbox": hit.box,
        "precision": hit.precision,
        "opens": {"kind": hit.opens[0], "id": hit.opens[1]} if hit.opens else None,
        **(_state(dict(hit.facts), now) if hit.kind == "issue" else dict(hit.facts)),
    }


def _state(facts: dict[str, Any], now: datetime) -> dict[str, Any]:
    """The state of an issue: status, is_open, overdue and the name of its category."""
    late = facts["is_open"] and facts["due_at"] is not None and facts["due_at"] < now
    return {
        "status": facts["status"],
        "is_open": facts["is_open"],
        "overdue": bool(late),
        "category_name": facts[f"category_{languages.current()}"],
    }
