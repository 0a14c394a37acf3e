"""What is asked of the list of issues, the map and the counts: one narrowing for all of them."""

from dataclasses import replace
from datetime import date, datetime
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from flask import current_app
from pydantic import Field

from geodata.domain.issue import OUTCOMES, STATUSES
from geodata.domain.period import Period
from geodata.domain.roles import Action
from geodata.errors import WanggeError
from geodata.services import issues, narrowing
from webmap import database, guard
from webmap.api.fields import BoundingBox, Code, Query, Text

NEAR = r"^(-?\d{1,3}(\.\d{1,9})?,-?\d{1,2}(\.\d{1,9})?)?$"
State = Literal["open", "closed", "escalated", "unplaced"]
_SAID = {
    *("category", "street", "community", "grid", "period", "since", "until", "overdue", "job"),
    *("soon", "status", "channel", "handler", "supervision", "words", "due_since", "due_until"),
    *("outcome", "done_since", "done_until", "nowhere"),
}
Status = Annotated[str, Field(pattern=f"^({'|'.join(STATUSES)})$")]
Outcome = Annotated[str, Field(pattern=f"^({'|'.join(OUTCOMES)})$")]
Sort = Literal["newest", "oldest", "due", "kind", "grid", "near"]


class Where(Query):
    """Which issues are wanted, whatever their state; days are those of the time zone set.

    `fresh` are those that are new to who asks; `outcome` says what became of those whose deadline
    lay on the days from `due_since` to `due_until`, or of what was handled or closed on the days
    from `done_since` to `done_until`; `nowhere` wants what lies in no community, or where an area
    is named, in none of its grids.
    """

    category: Code | None = None
    street: Code | None = None
    community: Code | None = None
    grid: Code | None = None
    period: Period | None = None
    since: date | None = None
    until: date | None = None
    overdue: bool = False
    soon: bool = False
    status: Status | None = None
    channel: Code | None = None
    handler: Annotated[Text, Field(max_length=60)] | None = None
    supervision: Literal["any", "normal", "yellow", "red"] | None = None
    words: Annotated[Text, Field(max_length=60, description="counted up to 10,000")] = ""
    due_since: date | None = None
    due_until: date | None = None
    outcome: Outcome | None = None
    done_since: date | None = None
    done_until: date | None = None
    nowhere: bool = False
    fresh: bool = False
    job: Annotated[int, Field(ge=1, lt=2**31)] | None = Field(default=None, alias="import")

    def wanted(self, now: datetime, **more: Any) -> issues.Filter:
        """The same as the services have it. Raises WanggeError for days or codes that are none."""
        asked = narrowing.Wanted(**self.model_dump(include=_SAID), **more)
        zone = ZoneInfo(current_app.config["TIMEZONE"])
        ground = guard.reach(Action.SEE_ISSUES)
        found = narrowing.resolved(database.session(), asked, now, zone, ground)
        return replace(found, new_to=guard.audiences()) if self.fresh else found


class Narrowing(Where):
    """Which issues are wanted."""

    state: State | None = None
    bbox: BoundingBox | None = None

    def filter(self, now: datetime) -> issues.Filter:
        """As `wanted`, in the state and the box that are asked for."""
        return self.wanted(now, state=self.state, box=self.bbox)


class ListQuery(Narrowing):
    """A page of the list: `after` is the `next` of the page before.

    `near` is a longitude and a latitude in degrees, for the order by distance from there.
    """

    sort: Sort = "newest"
    near: Annotated[str, Field(pattern=NEAR)] = ""
    after: Annotated[str, Field(max_length=200)] | None = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50

    def order(self) -> issues.Order:
        """The order that is wanted. Raises WanggeError ``order_needs_place``."""
        if self.sort != "near":
            return issues.Order(self.sort)
        if not self.near:
            raise WanggeError("order_needs_place")
        lon, lat = map(float, self.near.split(","))
        return issues.Order("near", (lon, lat))


class PointsQuery(Narrowing):
    """What the map shows at a zoom level."""

    zoom: Annotated[int, Field(ge=0, le=22)] = 14
    whole: bool = False
    """Whether to give all of the district, whatever the box, where they are few."""
