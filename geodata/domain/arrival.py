"""To whom an issue is new (新到): who has it since somebody else's step, and has not opened it yet.

An issue is had by a department, or by one of the rungs on which it can stand; what is handed back
is the community's to hand on.
"""

from collections.abc import Mapping
from typing import Final

from geodata.domain.issue import HANDLED, OVER
from geodata.domain.roles import Role
from geodata.domain.workflow import Standing

DEPARTMENT: Final = "department"
AUDIENCES: Final = ("grid", "community", "street", "district", DEPARTMENT)

AUDIENCE_OF: Final[Mapping[Role, str]] = {
    Role.WORKER: "grid",
    Role.GRID_HEAD: "grid",
    Role.SECRETARY: "community",
    Role.STREET: "street",
    Role.DISTRICT: "district",
    Role.DISPATCHER: "district",
    Role.DEPARTMENT: DEPARTMENT,
}
"""What each role opens, on its own ground."""

_COMES: Final = frozenset(
    {"dispatch", "pass_on", "pass_over", "hand_back", "escalate", "bring_down"}
    | {"settle_ground", "rework", "reopen", "supervise"}
)
_STAYS: Final = frozenset({"extend", "suspend", "resume", "release", "confirm"})
_CLIMBS: Final = frozenset({"escalate", "bring_down"})


def brought_in(status: str, *, in_grid: bool) -> str | None:
    """To whom an issue is new that has just come, from a resident or with a file.

    None where nothing is left to be done; what lies in no grid is the district's to place.
    """
    if status in OVER or status in HANDLED:
        return None
    return "grid" if in_grid else "district"


def after(at: Standing, step: str, before: str | None) -> str | None:
    """To whom an issue is new after a step that made it what it is; None where nobody need be told.

    `before` is to whom it was new. Whoever acts on it has seen it; a step that only changes its
    deadline leaves it as it was.
    """
    if step in _STAYS:
        return before
    if step not in _COMES:
        return None
    if at.handler is not None and step not in _CLIMBS:
        return DEPARTMENT
    return "community" if at.level == "grid" and at.status == "returned" else at.level
