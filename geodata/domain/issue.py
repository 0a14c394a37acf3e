"""What an issue is: its states, its levels and how surely its place is known."""

from typing import Final, Literal

STATUSES: Final = (
    "reported",
    "accepted",
    "verified",
    "registered",
    "dispatched",
    "handled",
    "checked",
    "closed",
    "rejected",
    "void",
    "returned",
    "reworked",
    "suspended",
)
"""上报 受理 核实 立案 派遣 处置 核查 结案, and the side ways 不予受理 作废 回退 返工 挂账."""

OVER: Final = ("closed", "rejected", "void")
"""States in which nobody has to act any more."""

LEVELS: Final = ("grid", "community", "street", "district")
"""The ladder of escalation; an open issue above ``grid`` is escalated."""

PRECISIONS: Final = ("pin", "door", "building", "place", "road", "community", "none")
"""How surely the place is known, from a pin set by hand to no place at all."""

RULES: Final = ("covers", "border", "near", "none")
"""How its grid was found."""

Precision = Literal["pin", "door", "building", "place", "road", "community", "none"]
Rule = Literal["covers", "border", "near", "none"]

ERROR_M: Final[dict[str, float]] = {
    "pin": 15.0,
    "door": 10.0,
    "building": 25.0,
    "place": 50.0,
    "road": 300.0,
    "community": 0.0,
    "none": 0.0,
}
"""Positional error in metres by precision; a neighbour grid this near is the runner-up."""

POINTS: Final = ("pin", "door", "building", "place")
"""The precisions that are good enough to be a point on the map."""
