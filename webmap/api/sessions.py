"""Signing in and out for programs, which hold a cookie or send the token in a header."""

from http import HTTPStatus
from typing import Annotated, Any

from apiflask import APIBlueprint
from flask import Response
from pydantic import Field
from sqlalchemy.orm import Session

from geodata.domain.roles import Action, roles
from geodata.errors import NotAllowed
from geodata.services import sign_in
from geodata.services.audit import Deed, Who
from webmap import database, deeds, guard
from webmap.api.fields import Model, Text
from webmap.errors import problem
from webmap.guard import public, requires

blueprint = APIBlueprint("sessions", __name__, url_prefix="/api/session", tag="session")


class Credentials(Model):
    """A login name with its password, and the second factor where the account has one."""

    login: Annotated[Text, Field(min_length=1, max_length=200)]
    password: Annotated[str, Field(min_length=1, max_length=300)]
    code: Annotated[str, Field(max_length=40)] = ""


def signed_in(login: str, password: str) -> sign_in.Opened | NotAllowed:
    """A new session or the refusal, with the try counted whatever comes of it."""
    session, visitor = database.session(), guard.visitor()
    attempt = sign_in.note_try(session, login, visitor, guard.now())
    deeds.commit_try(session)
    came = sign_in.sign_in(session, attempt, login, password, guard.policy(), visitor, guard.now())
    entered(session, "session.begin", came, sign_in.meant(session, login, visitor))
    return came


def with_code(token: str, code: str) -> sign_in.Opened | NotAllowed:
    """The session after its second factor, or the refusal, with the try counted."""
    session, visitor, now = database.session(), guard.visitor(), guard.now()
    who = sign_in.waiting(session, token, visitor, now)
    came = sign_in.give_code(
        *(session, token, code, database.sealer(), guard.policy(), visitor, now)
    )
    entered(session, "session.code", came, who)
    return came


def entered(session: Session, action: str, came: sign_in.Opened | NotAllowed, who: Who) -> None:
    """Commit what a try came to, with its entry in the audit trail."""
    if isinstance(came, NotAllowed):
        deeds.commit(session, Deed(action, None, "refused", {"reason": came.code}), who)
    else:
        deeds.commit(session, Deed(action), who)


def status_of(refused: NotAllowed) -> HTTPStatus:
    """429 for an account that is locked, 401 for whatever else was wrong."""
    locked = refused.code == "sign_in_locked"
    return HTTPStatus.TOO_MANY_REQUESTS if locked else HTTPStatus.UNAUTHORIZED


def say_when(answer: Response, refused: NotAllowed) -> None:
    """Say of a locked account when to try again."""
    if refused.code == "sign_in_locked":
        answer.headers["Retry-After"] = str(60 * int(str(refused.facts["minutes"])))


@blueprint.post("")
@public
@blueprint.input(Credentials, location="json")
@blueprint.doc(responses=[201, 401, 422, 429])
def begin(json_data: Credentials) -> tuple[dict[str, Any], int] | Response:
    """Sign in; the cookie is set, and the token may be sent as `Authorization: Bearer` instead."""
    came = signed_in(json_data.login, json_data.password)
    if isinstance(came, sign_in.Opened) and came.awaiting_code:
        came = with_code(came.token, json_data.code)
    if isinstance(came, NotAllowed):
        told = problem(status_of(came), came.code, came.facts)
        say_when(told, came)
        told.headers["WWW-Authenticate"] = 'Bearer realm="wangge"'
        return told
    guard.remember(came.token)
    return {**_told(), "token": came.token}, 201


@blueprint.get("")
@requires(Action.OWN_ACCOUNT)
@blueprint.doc(responses=[401])
def present() -> dict[str, Any]:
    """Who is signed in, and the roles with their ground."""
    return _told()


@blueprint.delete("")
@requires(Action.OWN_ACCOUNT)
@blueprint.doc(responses=[401])
def end() -> dict[str, Any]:
    """Sign out: the session is over, also for whoever kept a copy of the cookie."""
    session = database.session()
    sign_in.sign_out(session, guard.token(), guard.now())
    deeds.commit(session, Deed("session.end"))
    guard.forget()
    return {"state": "signed_out"}


def _told() -> dict[str, Any]:
    actor = guard.actor()
    return {
        "name": actor.name,
        "must_change": actor.must_change,
        "roles": list(roles(actor, guard.now())),
        "grids": list(actor.grids),
        "grants": [
            {"role": grant.role, "scope": grant.scope, "until": grant.until}
            for grant in actor.grants
        ],
    }
