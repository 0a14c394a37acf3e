"""Where the issues behind an indicator's figure are listed: exactly those that were counted."""

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlencode

from geodata.domain import span
from geodata.domain.indicator import Figure
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
}
"""What the list calls what an indicator counts of the issues that were due."""

NOT_IN_TIME: Final = "late"
"""What the list calls those that were due and not handled in time."""


def of_figure(look: Seen, board: Board, figure: Figure, row: Row | None = None) -> dict[str, str]:
    """The lists above and below the line of a figure, and of the rest; empty where there is none.

    `row` is a part, a category or a channel, or the span before; without it all of the span.
    """
    one = figure.indicator
    told = {
        "above": _list(look, board, one.above, row),
        "below": _list(look, board, one.below, row),
    }
    if one.above == "in_time":
        told["rest"] = _address(look, board, {"outcome": NOT_IN_TIME}, row)
    return told


def _list(look: Seen, board: Board, counted: str, row: Row | None) -> str:
    if counted == "reported":
        return _address(look, board, {}, row)
    outcome = OUTCOMES.get(counted)
    return _address(look, board, {"outcome": outcome}, row) if outcome else ""


def _address(look: Seen, board: Board, told: Mapping[str, str], row: Row | None) -> str:
    """The list in a span and an area, for whoever may see issues."""
    if not guard.may_somewhere(Action.SEE_ISSUES):
        return ""
    before = row is board.before
    days = span.named(board.before.code) if before else board.span
    begin, end = ("due_since", "due_until") if "outcome" in told else ("since", "until")
    asked = {"state": "all", **_where(look, board, None if before else row)}
    return f"/desk?{urlencode({**asked, begin: days.first, end: days.last, **told})}"


def _where(look: Seen, board: Board, row: Row | None) -> dict[str, str]:
    area = look.area
    own = {"area": f"{area.tier}-{area.code}"} if area.code else {}
    if row is None:
        return own
    if board.by == "area":
        return {"area": f"{BELOW[area.tier]}-{row.code}"}
    return {**own, board.by: row.code}
