"""The audit trail in pages."""

from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from apiflask import APIBlueprint
from flask import current_app
from pydantic import Field

from geodata.domain.roles import Action
from geodata.services import audit
from webmap import database
from webmap.api.fields import Query, Text
from webmap.guard import requires

blueprint = APIBlueprint("audit", __name__, url_prefix="/api/audit", tag="audit")
FIRST_YEAR, LAST_YEAR = 1970, 9000
Short = Annotated[Text, Field(max_length=100)]


class AuditQuery(Query):
    """Which entries are wanted; an `action` ending in a dot stands for all that begin so."""

    actor: Short = ""
    action: Annotated[str, Field(pattern=r"^[a-z_.]{0,60}$")] = ""
    subject: Annotated[Short, Field(description="kind, or kind:id")] = ""
    since: date | None = None
    until: date | None = None
    before: Annotated[int, Field(ge=1, le=2**63 - 1)] | None = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50

    def wanted(self) -> audit.Wanted:
        """The same as the services have it; days are those of the time zone set."""
        kind, _, number = self.subject.partition(":")
        return audit.Wanted(
            actor=self.actor or None,
            action=self.action or None,
            since=_start(self.since),
            until=_start(self.until and _day_after(self.until)),
            subject_kind=kind or None,
            subject_id=number or None,
        )


def _day_after(day: date) -> date:
    return day if day == date.max else day + timedelta(days=1)


def _start(day: date | None) -> datetime | None:
    """The first moment of a day; of years that no clock knows, none."""
    if day is None or not FIRST_YEAR <= day.year <= LAST_YEAR:
        return None
    zone = ZoneInfo(current_app.config["TIMEZONE"])
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


@blueprint.get("")
@requires(Action.READ_AUDIT)
@blueprint.input(AuditQuery, location="query")
@blueprint.doc(responses=[403, 422])
def listed(query_data: AuditQuery) -> dict[str, Any]:
    """Entries of the audit trail, the newest first; `next` is the `before` of the next page."""
    rows, end = audit.page(
        database.session(), query_data.wanted(), query_data.before, query_data.limit
    )
    return {"items": [_told(dict(row)) for row in rows], "next": end}


def _told(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "previous": row["previous"].hex(), "hash": row["hash"].hex()}
