"""The page on which the district is seen as of any day."""

from __future__ import annotations

from typing import Annotated

from apiflask import APIBlueprint
from flask import render_template
from pydantic import Field

from geodata.errors import NotFound
from geodata.services import redraws
from webmap import database, guard, times
from webmap.api.fields import Code, Query
from webmap.guard import public
from webmap.pages.shells import shell

blueprint = APIBlueprint("history_page", __name__, enable_openapi=False)


class HistoryQuery(Query):
    """The day that is shown, the last one without it; and of which community."""

    day: Annotated[str, Field(pattern=r"^(|\d{4}-\d{2}-\d{2})$")] = ""
    community: Code | None = None


@blueprint.get("/history")
@public
@blueprint.input(HistoryQuery, location="query")
def history(query_data: HistoryQuery) -> str:
    """The days on which grids changed, on a slider, with what changed on each."""
    code = query_data.community
    name = redraws.homes(database.session(), [code]).get(code) if code else None
    if code and name is None:
        raise NotFound("no_community", community=code)
    return render_template(
        "history.html",
        shell=shell("history"),
        district=database.ground(),
        community=code or "",
        name=name,
        today=times.day(guard.now()),
    )
