"""The guard of every door: who asks, what the door wants, and whether the two agree.

Each view bears `@requires(Action.X)` or `@public`; one with neither opens to nobody. The actor is
found when first asked for, so that a public page costs no question.
"""

import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any, TypeVar, cast
from urllib.parse import quote, urlsplit

from flask import Flask, Response, current_app, g, redirect, request, session

from geodata.db import scoping
from geodata.db.scoping import Ground
from geodata.domain import arrival
from geodata.domain.roles import NOBODY, Action, Actor, Role, Scope, scopes
from geodata.errors import NotAllowed
from geodata.services import sign_in
from webmap import database, forms
from webmap.database import Told
from webmap.errors import problem, wants_page

_MARK = "wangge_guard"
_TOKEN = "token"  # noqa: S105 -- the name of a field
_POLICY = "wangge-policy"
_SEEN_EVERY_S = 60.0
_LONGEST_PATH = 500
_LIBRARIES_OWN = ("static", "openapi.spec")
SIGN_IN = "/sign-in"
CHANGE = "/account/password"
View = TypeVar("View", bound=Callable[..., object])


def requires(action: Action) -> Callable[[View], View]:
    """Mark a view as open to those who may do this somewhere; what they see is for the view."""

    def mark(view: View) -> View:
        setattr(view, _MARK, action)
        return view

    return mark


def public(view: View) -> View:
    """Mark a view as open to everybody."""
    setattr(view, _MARK, True)
    return view


def mark_of(app: Flask, endpoint: str) -> Action | bool:
    """What the view of an endpoint wants: an action, True for nothing, False if it is unmarked."""
    return cast("Action | bool", getattr(app.view_functions.get(endpoint), _MARK, False))


def prepare(app: Flask, policy: sign_in.Policy) -> None:
    """Ask at every door; to be done before the routes are added."""
    app.extensions[_POLICY] = policy
    database.ask_whose(app, _told)
    app.before_request(_ask)
    app.context_processor(
        lambda: {"actor": actor, "may": may_somewhere, "reach": reach, "Action": Action}
    )


def finish(app: Flask) -> None:
    """Mark the views that the libraries added, once all routes are there."""
    for endpoint in _LIBRARIES_OWN:
        if endpoint in app.view_functions:
            app.view_functions[endpoint] = public(app.view_functions[endpoint])


def policy() -> sign_in.Policy:
    """The rules of sign-in that are set."""
    return cast("sign_in.Policy", current_app.extensions[_POLICY])


def now() -> datetime:
    """The moment of this request, the same wherever it is asked for."""
    if "now" not in g:
        g.now = datetime.now(UTC)
    return cast("datetime", g.now)


def actor() -> Actor:
    """Who asks, with the grants and posts of this moment; `NOBODY` without a live session."""
    if "actor" not in g:
        g.actor = _resumed()
    return cast("Actor", g.actor)


def session_left() -> timedelta:
    """How long the session of who asks lasts at the most; nothing without one."""
    return max(g.session_ends - now(), timedelta()) if actor().signed_in else timedelta()


def account() -> int:
    """The account of who asks. Raises NotAllowed ``sign_in_needed`` without one."""
    number = actor().account
    if number is None:
        raise NotAllowed("sign_in_needed")
    return number


def ground(action: Action) -> Scope:
    """Where who asks may do this: what a view hands on to a service."""
    return scopes(actor(), action, now())


def reach(action: Action) -> Ground:
    """The same, looked up in the store: what the queries of a view narrow by."""
    return _resolved(ground(action))


def _resolved(wanted: Scope) -> Ground:
    known: dict[Scope, Ground] = g.setdefault("reaches", {})
    if wanted not in known:
        with database.readers()() as opened:
            known[wanted] = scoping.resolved(opened, wanted)
    return known[wanted]


def standing(
    community: str | None, grid: str | None, handler: str | None = None
) -> frozenset[Role]:
    """The roles that who asks has now where an issue lies: by community, grid and department."""
    held = {grant.role for grant in actor().grants if grant.holds(now())}
    return frozenset(role for role in held if _stands(role, community, grid, handler))


def audiences() -> tuple[tuple[str, Ground], ...]:
    """To whom what is new to who asks is new: audiences, each with the ground of its role."""
    held = {grant.role for grant in actor().grants if grant.holds(now())}
    return tuple((arrival.AUDIENCE_OF[r], _own(r)) for r in sorted(held & {*arrival.AUDIENCE_OF}))


def is_new(told: dict[str, Any]) -> bool:
    """Whether an issue, as a list or card tells it, is new to who asks."""
    if told.get("new_to") is None:
        return False
    home, grid = (area["code"] if area else None for area in (told["community"], told["grid"]))
    return any(
        audience == told["new_to"] and ground.covers(home, grid, told.get("handler"))
        for audience, ground in audiences()
    )


def _stands(role: Role, community: str | None, grid: str | None, handler: str | None) -> bool:
    return _own(role).covers(community, grid, handler)


def _own(role: Role) -> Ground:
    """Where who asks sees issues in one of their roles."""
    own = tuple(grant for grant in actor().grants if grant.role is role)
    return _resolved(scopes(replace(actor(), grants=own), Action.SEE_ISSUES, now()))


def holder(action: Action) -> int | None:
    """The account whose files alone are shown; None for whoever does this everywhere."""
    return None if reach(action).whole else account()


def _told() -> Told:
    """What row-level security is told of who asks."""
    if not actor().signed_in:
        return Told()
    files = any(reach(action).whole for action in (Action.IMPORT_TICKETS, Action.LOAD_LAYERS))
    return Told(reach(Action.SEE_ISSUES), actor().account, all_files=files)


def may_somewhere(action: Action) -> bool:
    """Whether who asks may do this anywhere; for what a page offers."""
    return bool(ground(action))


def token() -> str:
    """What names the session: the cookie's token, else the one of a program's header."""
    kept = session.get(_TOKEN)
    if isinstance(kept, str):
        return kept
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    return given.strip() if scheme.lower() == "bearer" else ""


def remember(fresh: str) -> None:
    """Begin the browser's session anew with a token: nothing of the one before stays."""
    session.clear()
    session[_TOKEN] = fresh
    session[forms.FIELD] = secrets.token_urlsafe(24)
    _know_nobody()


def forget() -> None:
    """Drop the browser's session."""
    session.clear()
    _know_nobody()


def _know_nobody() -> None:
    """Ask anew who this is."""
    for name in ("actor", "reaches"):
        g.pop(name, None)


def visitor() -> sign_in.Visitor:
    """From where the request comes, as the server itself saw it, and with what."""
    return sign_in.Visitor(request.remote_addr or "", request.user_agent.string)


def own_path(wanted: str) -> str:
    """The address where it is a path of ours, else the front page."""
    clean = wanted.isprintable() and " " not in wanted and "\\" not in wanted
    if not clean or len(wanted) > _LONGEST_PATH or not wanted.startswith("/"):
        return "/"
    if wanted.startswith("//"):
        return "/"
    parts = urlsplit(wanted)
    return "/" if parts.scheme or parts.netloc or parts.path.startswith(SIGN_IN) else wanted


def _ask() -> Response | None:
    if request.routing_exception is not None or request.endpoint is None:
        return None
    wanted = mark_of(current_app, request.endpoint)
    if wanted is True:
        return None
    if wanted is False:
        raise NotAllowed("not_allowed")
    if not actor().signed_in:
        return _to_sign_in()
    if actor().must_change and wanted is not Action.OWN_ACCOUNT:
        return _to_change()
    if not may_somewhere(wanted):
        raise NotAllowed("not_allowed")
    return None


def _to_sign_in() -> Response:
    """A person is led to sign in and back; a program is told."""
    if wants_page() and request.method == "GET":
        here = request.full_path.rstrip("?")
        return cast("Response", redirect(f"{SIGN_IN}?next={quote(own_path(here), safe='/')}"))
    told = problem(HTTPStatus.UNAUTHORIZED, "sign_in_needed", {})
    told.headers["WWW-Authenticate"] = 'Bearer realm="wangge"'
    return told


def _to_change() -> Response:
    if wants_page() and request.method == "GET":
        return cast("Response", redirect(CHANGE))
    return problem(HTTPStatus.FORBIDDEN, "password_must_change", {})


def _resumed() -> Actor:
    held = token()
    if not held:
        return NOBODY
    with database.readers()() as opened:
        found = sign_in.resume(opened, held, policy(), now())
    if found is None:
        return NOBODY
    g.session_ends = found.expires_at
    if (now() - found.seen_at).total_seconds() > _SEEN_EVERY_S:
        with database.sessions()() as own:
            sign_in.touch(own, found.session, now())
            own.commit()
    return found.actor
