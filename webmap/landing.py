"""Where each role lands after signing in: the page of its job."""

from collections.abc import Callable
from typing import Final

from flask import current_app
from werkzeug.exceptions import HTTPException

from geodata.domain.roles import Actor, Grant, Role
from webmap import guard


def _own_grid(grant: Grant) -> str:
    if grant.deputy_of is None:
        return "/my-grid"
    return f"/my-grid?grid={grant.posts[0]}" if grant.posts else "/"


def _ground(tier: str) -> Callable[[Grant], str]:
    return lambda grant: f"/?{tier}={grant.scope}" if grant.scope else "/"


_PAGES: Final[dict[Role, Callable[[Grant], str]]] = {
    Role.DISTRICT: lambda _: "/coverage",
    Role.STREET: lambda grant: f"/coverage?area={grant.scope}" if grant.scope else "/coverage",
    Role.SECRETARY: _ground("community"),
    Role.GRID_HEAD: _own_grid,
    Role.WORKER: _own_grid,
    Role.DISPATCHER: lambda _: "/imports",
    Role.DEPARTMENT: lambda _: "/desk",
    Role.ADMINISTRATOR: lambda _: "/people/accounts",
    Role.AUDITOR: lambda _: "/audit",
}
"""The first that somebody holds decides; the others land on the map."""


def page(actor: Actor) -> str:
    """The path on which the actor lands; the map where the page is not there yet."""
    held = {grant.role: grant for grant in actor.grants if grant.holds(guard.now())}
    for role, path_for in _PAGES.items():
        if role in held:
            path = path_for(held[role])
            return path if _exists(path) else "/"
    return "/"


def _exists(path: str) -> bool:
    try:
        current_app.url_map.bind("").match(path.partition("?")[0])
    except HTTPException:
        return False
    return True
