"""Signing in and out, and everybody's own account."""

from http import HTTPStatus
from typing import Any, cast

import segno
from apiflask import APIBlueprint
from flask import Response, make_response, redirect, render_template, request, session, url_for

from geodata.domain.password import SHORTEST
from geodata.domain.roles import Action
from geodata.errors import InvalidMove, NotAllowed, WanggeError
from geodata.services import accounts, own_sessions, second_factor, sign_in
from geodata.services.audit import Deed, Who
from geodata.services.sealing import Sealed
from webmap import browsers, database, deeds, guard, landing, single_sign_on, times, words
from webmap.api.sessions import entered, say_when, signed_in, status_of, with_code
from webmap.forms import posted, told
from webmap.guard import public, requires
from webmap.texts import sentence

blueprint = APIBlueprint("accounts", __name__, enable_openapi=False)
_WAITING = "waiting"
_NEXT = "next"


@blueprint.get("/sign-in")
@public
def sign_in_page() -> Response | str:
    """The form for name and password; whoever is signed in already goes on."""
    wanted = guard.own_path(request.args.get("next", "/"))
    if guard.actor().signed_in:
        return cast("Response", redirect(wanted))
    return render_template("sign_in.html", next=wanted, login="", problem="")


@blueprint.post("/sign-in")
@public
@posted
def enter() -> Response:
    """Let in whoever knows name and password; ask for a code where the account wants one."""
    login, wanted = told("login"), guard.own_path(told("next", 600) or "/")
    came = signed_in(login, told("password"))
    if isinstance(came, NotAllowed):
        return _again("sign_in.html", came, next=wanted, login=login[:100])
    if came.awaiting_code:
        session[_WAITING], session[_NEXT] = came.token, wanted
        return _to("/sign-in/code")
    return _welcome(came, wanted)


@blueprint.get("/sign-in/code")
@public
def code_page() -> Response | str:
    """The form for the second factor."""
    if _WAITING not in session:
        return _to(guard.SIGN_IN)
    return render_template("sign_in_code.html", problem="")


@blueprint.post("/sign-in/code")
@public
@posted
def give_code() -> Response:
    """Let in whoever has the code too."""
    waiting, wanted = session.get(_WAITING), session.get(_NEXT, "/")
    if not isinstance(waiting, str):
        return _to(guard.SIGN_IN)
    came = with_code(waiting, told("code", 40))
    if isinstance(came, NotAllowed):
        return _again("sign_in_code.html", came)
    return _welcome(came, guard.own_path(str(wanted)))


@blueprint.get("/sign-in/sso")
@public
def leave() -> Response:
    """To the city's single sign-on."""
    session[_NEXT] = guard.own_path(request.args.get("next", "/"))
    return single_sign_on.leave(url_for("accounts.come_back", _external=True))


@blueprint.get("/sign-in/sso/back")
@public
def come_back() -> Response:
    """Back from it: let in whoever has an account here."""
    subject, opened = single_sign_on.subject(), database.session()
    wanted, visitor = guard.own_path(str(session.get(_NEXT, "/"))), guard.visitor()
    came: sign_in.Opened | NotAllowed
    try:
        came = sign_in.by_subject(opened, subject, guard.policy(), visitor, guard.now())
    except NotAllowed as refused:
        entered(opened, "session.sso", refused, Who(source=visitor.address))
        raise
    entered(opened, "session.sso", came, sign_in.owner(opened, came.account, visitor))
    return _welcome(came, wanted)


@blueprint.post("/sign-out")
@public
@posted
def leave_all() -> Response:
    """End the session, on the server too."""
    opened = database.session()
    if guard.actor().signed_in:
        sign_in.sign_out(opened, guard.token(), guard.now())
        deeds.commit(opened, Deed("session.end"))
    guard.forget()
    return _to("/")


@blueprint.get("/account")
@requires(Action.OWN_ACCOUNT)
def own() -> str:
    """One's own account: roles and ground, password, second factor, sessions."""
    opened, number = database.session(), guard.account()
    return render_template(
        "account.html",
        own=accounts.own(opened, number, guard.now()),
        sessions=own_sessions.listing(opened, number, guard.token(), guard.policy(), guard.now()),
        names=accounts.area_names(opened, [grant.scope for grant in guard.actor().grants]),
        roles=words.ROLE,
        browser=browsers.named,
        day=times.day,
        last_day=times.last_day,
        moment=times.moment,
    )


@blueprint.get("/account/password")
@requires(Action.OWN_ACCOUNT)
def password_page() -> str:
    """The form for a new password, which the first one leads to."""
    return render_template("password.html", problem="", least=SHORTEST, login=_login())


@blueprint.post("/account/password")
@requires(Action.OWN_ACCOUNT)
@posted
def change_password() -> Response:
    """Set a new password; the session goes on under a new token, all others end."""
    opened, new = database.session(), told("new")
    try:
        if new != told("again"):
            raise InvalidMove("password_differs")
        accounts.change_password(
            *(opened, guard.account(), told("old"), new, guard.policy(), guard.now()),
            keep=guard.token(),
        )
    except WanggeError as refused:
        opened.rollback()
        return _again("password.html", refused, least=SHORTEST, login=_login())
    fresh = sign_in.rotate(opened, guard.token())
    deeds.commit(opened, Deed("account.password", _self()))
    guard.remember(fresh)
    return _to(landing.page(guard.actor()))


@blueprint.post("/account/sessions")
@requires(Action.OWN_ACCOUNT)
@posted
def end_sessions() -> Response:
    """End one of one's other sessions, or all of them."""
    opened, which = database.session(), told("session", 12)
    own_sessions.end(opened, guard.account(), which, guard.token(), guard.now())
    deeds.commit(opened, Deed("account.sessions", _self(), detail={"which": which}))
    return _to("/account")


@blueprint.get("/account/second-factor")
@requires(Action.OWN_ACCOUNT)
def second_factor_page() -> str:
    """A new secret for the authenticator, as a picture and as text."""
    return _offer(second_factor.new_secret(), "")


@blueprint.post("/account/second-factor")
@requires(Action.OWN_ACCOUNT)
@posted
def enrol() -> Response | str:
    """Keep the secret once the authenticator shows a code of it; show the recovery codes once."""
    opened, sealer = database.session(), database.sealer()
    secret = sealer.open(Sealed.read(told("offer", 1000)), _purpose())
    try:
        codes = second_factor.enrol(
            *(opened, guard.account(), secret, told("code", 40), sealer, guard.now())
        )
    except InvalidMove as refused:
        opened.rollback()
        answer = make_response(_offer(secret, sentence(refused.code, refused.facts)))
        answer.status_code = HTTPStatus.CONFLICT
        return answer
    deeds.commit(opened, Deed("account.factor_on", _self()))
    return render_template("recovery_codes.html", codes=codes)


@blueprint.post("/account/second-factor/off")
@requires(Action.OWN_ACCOUNT)
@posted
def do_without() -> Response:
    """Do without the second factor; wants the password again."""
    opened = database.session()
    if not sign_in.matches(opened, guard.account(), told("password")):
        raise InvalidMove("password_wrong")
    second_factor.withdraw(opened, guard.account())
    deeds.commit(opened, Deed("account.factor_off", _self()))
    return _to("/account")


def _welcome(came: sign_in.Opened, wanted: str) -> Response:
    """In, under a token that no one had before; to the wanted page or that of one's job."""
    guard.remember(came.token)
    actor = guard.actor()
    if actor.must_change:
        return _to(guard.CHANGE)
    return _to(landing.page(actor) if wanted == "/" else wanted)


def _again(template: str, refused: WanggeError, **more: Any) -> Response:
    said = sentence(refused.code, refused.facts)
    answer = make_response(render_template(template, problem=said, **more))
    answer.status_code = (
        status_of(refused) if isinstance(refused, NotAllowed) else HTTPStatus.UNPROCESSABLE_ENTITY
    )
    if isinstance(refused, NotAllowed):
        say_when(answer, refused)
    return answer


def _offer(secret: str, problem: str) -> str:
    address = second_factor.address(secret, _login())
    return render_template(
        "second_factor.html",
        secret=" ".join(secret[i : i + 4] for i in range(0, len(secret), 4)),
        address=address,
        picture=segno.make(address, error="m").svg_data_uri(scale=5, border=2, light="#fff"),
        offer=str(database.sealer().seal(secret, _purpose())),
        problem=problem,
    )


def _login() -> str:
    """One's own login name, which also tells a browser whose password a form is about."""
    return guard.actor().login


def _self() -> tuple[str, str]:
    """Oneself as the subject of a deed."""
    return "account", guard.actor().login


def _purpose() -> str:
    """The seal of an offered secret holds for one account only."""
    return f"totp-offer-{guard.account()}"


def _to(path: str) -> Response:
    return cast("Response", redirect(path, HTTPStatus.SEE_OTHER))
