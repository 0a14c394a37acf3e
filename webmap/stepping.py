"""Who takes steps on issues: who asks, as the services have to know them."""

from typing import Any
from uuid import UUID

from geodata.domain.roles import Action
from geodata.errors import NotFound
from geodata.services import moves
from geodata.services.moves import Mover
from webmap import database, guard


def mover() -> Mover:
    """Who asks, with the roles that they have wherever an issue lies."""
    asking = guard.actor()
    ground = guard.reach(Action.SEE_ISSUES)
    return Mover(asking.name or asking.login, asking.account, ground, guard.standing)


def offered(public_id: UUID) -> dict[str, Any]:
    """The steps that who asks can take on an issue now, and whom it can be handed to."""
    if not steps_at_all():
        return {"steps": [], "departments": []}
    session = database.session()
    try:
        steps = moves.offered(session, public_id, mover(), guard.now())
    except NotFound:  # a step may lead an issue out of one's sight
        return {"steps": [], "departments": []}
    handed = {"dispatch", "pass_on"} & set(steps)
    return {"steps": steps, "departments": moves.departments(session) if handed else []}


def steps_at_all() -> bool:
    """Whether who asks can take steps anywhere."""
    return any(map(guard.may_somewhere, _STEPPING))


_STEPPING = (
    *(Action.HANDLE_ISSUE, Action.DISPATCH_ISSUE, Action.CHECK_ISSUE),
    Action.SUPERVISE_ISSUE,
)
