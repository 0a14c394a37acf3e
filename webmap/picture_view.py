"""What the pages of indicators, of a week and of reports ask for."""

from datetime import timedelta
from typing import Annotated, Literal

from pydantic import Field

from geodata.domain import span
from geodata.domain.roles import Action
from geodata.domain.span import Every, Span
from geodata.services import coverage_picture, indicators
from geodata.services.coverage_picture import Picture
from geodata.services.indicators import Asked, By
from webmap import database, guard, times
from webmap.api.fields import Code, Query
from webmap.coverage_view import CoverageQuery, Seen, seen


class SpanQuery(Query):
    """An area, a week or month, what it is parted by, and the indicator that ranks the parts."""

    area: Code | Literal[""] = ""
    span: Annotated[str, Field(max_length=8)] = ""
    every: Literal["", "week", "month"] = ""
    by: Literal["area", "category", "channel"] = "area"
    show: Annotated[str, Field(pattern=r"^[a-z_]{0,20}$")] = ""


def chosen(asked: SpanQuery) -> Span:
    """The span of a query: by name, else the last week or month that is over."""
    if asked.span:
        return span.begun(asked.span, guard.now(), times.zone())
    return last_over(asked.every or "week")


def last_over(every: Every) -> Span:
    """The last week or month that is over."""
    return span.present(every, guard.now(), times.zone()).before()


def home() -> str:
    """The code of one's own street or community, where that is all one may look at."""
    reach = guard.reach(Action.SEE_COVERAGE)
    if reach.whole or reach.grid_codes:
        return ""
    if len(reach.streets) == 1:
        return next(iter(reach.streets))
    return next(iter(reach.communities)) if len(reach.communities) == 1 else ""


def looked(area: str, one: Span, by: By = "area") -> tuple[Seen, Asked]:
    """What there is of an area, and what is asked of it."""
    look = seen(CoverageQuery(area=area or home()))
    return look, Asked(look.area, one, by, guard.now(), times.zone())


def board(area: str, one: Span, by: By) -> tuple[Seen, indicators.Board]:
    """The indicators of an area in a span."""
    look, asked = looked(area, one, by)
    return look, indicators.board(database.session(), look.report, asked)


def picture(area: str, one: Span) -> tuple[Seen, Picture]:
    """What there is of an area now, and its picture with the indicators of a span."""
    look, asked = looked(area, one)
    taken = coverage_picture.taken(database.session(), look.report, asked, str(times.zone()))
    return look, taken


def beside(one: Span) -> dict[str, str]:
    """The names of the span before, and of the one after unless it is still to come."""
    following = span.of(one.every, one.last + timedelta(days=1))
    told = {"before": one.before().name}
    if following.first <= guard.now().astimezone(times.zone()).date():
        told["after"] = following.name
    return told
