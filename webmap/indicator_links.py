"""Where the issues behind an indicator's figure are listed: exactly those that were counted."""

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlencode

from geodata.domain import span
from geodata.domain.indicator import Figure
from geodata.domain.issue import DONE
from geodata.domain.roles import Action
from geodata.services.indicators import BELOW, Board, Row
from webmap import guard
from webmap.coverage_view import Seen

OUTCOMES: Final[Mapping[str, str]] = {
    "due": "due",
    "in_time": "in_time",
    "late": "waiting",
    "closed": "closed",
    "closed_in_time": "closed_in_time",
    "reworked": "reworked",
    "handled": "handled",
    "hours": "handled",
    "rated": "rated",
    "content": "content",
}
"""What the list calls what an indicator counts; hours are summed over what was handled."""

_DAYS: Final[Mapping[str, tuple[str, str]]] = {
    "": ("since", "until"),
    **dict.fromkeys(DONE, ("done_since", "done_until")),
}
"""By which days the list is asked, where not by those of deadlines."""

NOT_IN_TIME: Final = "late"
"""What the list calls those that were due and not handled in time."""


def of_figure(look: Seen, board: Board, figure: Figure, row: Row | None = None) -> dict[str, str]:
    """The lists above and below the line of a figure, and of the rest; empty where there is none.

    `row` is a part, a category or a channel, or the span before; without it all of the span.
    """
    one = figure.indicator
    told = {
        "above": of_count(look, board, one.above, row),
        "below": of_count(look, board, one.below, row),
    }
    if one.above == "in_time":
        told["rest"] = _address(look, board, {"outcome": NOT_IN_TIME}, row)
    return told


def of_count(look: Seen, board: Board, counted: str, row: Row | None = None) -> str:
    """The list of what was counted; of residents the table of grids whose sum they are."""
    if counted == "residents":
        return _residents(look, None if row is board.before else row)
    if counted == "reported":
        return _address(look, board, {}, row)
    outcome = OUTCOMES.get(counted)
    return _address(look, board, {"outcome": outcome}, row) if outcome else ""


def _residents(look: Seen, row: Row | None) -> str:
    asked = {"area": row.code if row else look.area.code, "tier": "grid"}
    return f"/coverage/table?{urlencode({name: v for name, v in asked.items() if v})}#parts-title"


def _address(look: Seen, board: Board, told: Mapping[str, str], row: Row | None) -> str:
    """The list in a span and an area, for whoever may see issues."""
    if not guard.may_somewhere(Action.SEE_ISSUES):
        return ""
    before = row is board.before
    days = span.named(board.before.code) if before else board.span
    begin, end = _DAYS.get(told.get("outcome", ""), ("due_since", "due_until"))
    asked = {"state": "all", **_where(look, board, None if before else row)}
    return f"/desk?{urlencode({**asked, begin: days.first, end: days.last, **told})}"


def _where(look: Seen, board: Board, row: Row | None) -> dict[str, str]:
    area = look.area
    own = {"area": f"{area.tier}-{area.code}"} if area.code else {}
    if row is None:
        return own
    if row is board.rest:
        return {**own, "nowhere": "true"}
    if board.by == "area":
        return {"area": f"{BELOW[area.tier]}-{row.code}"}
    return {**own, board.by: row.code}
