"""Keeping the accounts of others: made, given roles, reset, disabled."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Annotated, Any, Literal, cast
from uuid import UUID

from apiflask import APIBlueprint
from flask import Response, make_response, redirect, render_template
from pydantic import Field
from sqlalchemy import RowMapping

from geodata.domain.roles import BOUND, ON_POSTS, Action, Role
from geodata.errors import NotAllowed, WanggeError
from geodata.services import accounts, administration, moves
from geodata.services.administration import Keeper, Wish
from geodata.services.audit import Deed
from webmap import database, deeds, guard, times, words
from webmap.api.fields import Query, Text
from webmap.errors import status_of
from webmap.forms import posted, told
from webmap.guard import requires
from webmap.pages.people import worker_page
from webmap.texts import sentence

blueprint = APIBlueprint(
    "administration", __name__, enable_openapi=False, url_prefix="/people/accounts"
)

_NUMBER = 9


class AccountsQuery(Query):
    """Which accounts are wanted, and behind which login name the page begins."""

    q: Annotated[Text, Field(max_length=60)] = ""
    role: Role | Literal[""] = ""
    after: Annotated[Text, Field(max_length=64)] = ""


class AccountQuery(Query):
    """What has just been done."""

    done: Literal["", "given", "taken", "deputised", "disabled", "enabled"] = ""


@blueprint.get("")
@requires(Action.MANAGE_ACCOUNTS)
@blueprint.input(AccountsQuery, location="query")
def listing(query_data: AccountsQuery) -> str:
    """All accounts by login name, with their roles."""
    opened, asked = database.session(), query_data
    found = administration.listing(opened, _keeper(), asked.q, asked.role, asked.after)
    return render_template("people_accounts.html", found=found, asked=asked, **_words())


@blueprint.get("/new")
@requires(Action.MANAGE_ACCOUNTS)
def new() -> str:
    """The form for a new account."""
    _keeper()
    return _form("")


@blueprint.post("")
@requires(Action.MANAGE_ACCOUNTS)
@posted
def create() -> Response:
    """Make an account with a role; its password is shown this once."""
    opened, keeper = database.session(), _keeper()
    chosen, wish, login = told("worker", _NUMBER), _wish(), told("login", 100)
    worker = int(chosen) if chosen.isdecimal() and chosen.isascii() else None
    try:
        number, password = administration.create(
            opened, keeper, login, told("name", 100), wish, worker
        )
    except WanggeError as refused:
        opened.rollback()
        said = sentence(refused.code, refused.facts)
        return _wrong(refused, _form(said) if worker is None else worker_page(worker, said))
    known = accounts.own(opened, number, keeper.now)
    detail = {"role": wish.role, "scope": wish.scope}
    deeds.commit(opened, Deed("account.create", ("account", known["login"]), detail=detail))
    return _once(known["login"], known["name"], password)


@blueprint.get("/<uuid:account>")
@requires(Action.MANAGE_ACCOUNTS)
@blueprint.input(AccountQuery, location="query")
def one(account: UUID, query_data: AccountQuery) -> str:
    """One account: its roles with their dates, its password, whether it may come in."""
    return _page(account, done=query_data.done)


@blueprint.post("/<uuid:account>/grants")
@requires(Action.MANAGE_ACCOUNTS)
@posted
def give(account: UUID) -> Response:
    """Give the account a role."""
    wish = _wish()

    def change(row: RowMapping) -> dict[str, object]:
        administration.give(database.session(), _keeper(), row["id"], wish)
        return {"role": wish.role, "scope": wish.scope, "since": wish.since, "until": wish.until}

    return _changed(account, "given", "grant.give", change)


@blueprint.post("/<uuid:account>/grants/<int:number>/end")
@requires(Action.MANAGE_ACCOUNTS)
@posted
def take(account: UUID, number: int) -> Response:
    """Take a role back."""

    def change(row: RowMapping) -> dict[str, object]:
        ended = administration.take(database.session(), _keeper(), row["id"], number)
        return {"role": ended["role"], "scope": ended["scope"]}

    return _changed(account, "taken", "grant.take", change)


@blueprint.post("/<uuid:account>/deputy")
@requires(Action.MANAGE_ACCOUNTS)
@posted
def stand_in(account: UUID) -> Response:
    """Let another account have all roles of this one for some days."""
    login, since, until = told("login", 100), told("since", 20), told("until", 20)

    def change(row: RowMapping) -> dict[str, object]:
        administration.stand_in(database.session(), _keeper(), row["id"], login, since, until)
        return {"deputy": login.strip().lower(), "since": since, "until": until}

    return _changed(account, "deputised", "grant.deputise", change)


@blueprint.post("/<uuid:account>/disable")
@requires(Action.MANAGE_ACCOUNTS)
@posted
def disable(account: UUID) -> Response:
    """Let nobody in by this account any more."""

    def change(row: RowMapping) -> dict[str, object]:
        administration.disable(database.session(), _keeper(), row["id"])
        return {}

    return _changed(account, "disabled", "account.disable", change)


@blueprint.post("/<uuid:account>/enable")
@requires(Action.MANAGE_ACCOUNTS)
@posted
def enable(account: UUID) -> Response:
    """Let a disabled account in again."""

    def change(row: RowMapping) -> dict[str, object]:
        administration.enable(database.session(), row["id"])
        return {}

    return _changed(account, "enabled", "account.enable", change)


@blueprint.post("/<uuid:account>/reset")
@requires(Action.MANAGE_ACCOUNTS)
@posted
def reset(account: UUID) -> Response:
    """Give the account a password that is good once, and show it this once."""
    opened, keeper = database.session(), _keeper()
    row, _ = administration.one(opened, keeper, account)
    try:
        password = administration.reset(opened, keeper, row["id"])
    except WanggeError as refused:
        return _wrong(refused, _page(account, problem=sentence(refused.code, refused.facts)))
    deeds.commit(opened, Deed("account.reset", ("account", row["login"])))
    return _once(row["login"], row["name"], password, account)


def _keeper() -> Keeper:
    """Raises NotAllowed ``accounts_whole`` where somebody keeps accounts only somewhere."""
    if not guard.reach(Action.MANAGE_ACCOUNTS).whole:
        raise NotAllowed("accounts_whole")
    return Keeper(guard.account(), guard.now(), times.zone())


def _wish() -> Wish:
    days = told("since", 20), told("until", 20)
    return Wish(told("role", 30), told("scope", 20), *days, told("department", 60))


def _changed(
    account: UUID, done: str, action: str, change: Callable[[RowMapping], dict[str, object]]
) -> Response:
    """Back to the account after a change; the page with what was wrong where there was none."""
    opened = database.session()
    row, _ = administration.one(opened, _keeper(), account)
    try:
        detail = change(row)
    except WanggeError as refused:
        opened.rollback()
        return _wrong(refused, _page(account, problem=sentence(refused.code, refused.facts)))
    deeds.commit(opened, Deed(action, ("account", row["login"]), detail=detail))
    path = f"/people/accounts/{account}?done={done}"
    return cast("Response", redirect(path, HTTPStatus.SEE_OTHER))


def _page(account: UUID, *, problem: str = "", done: str = "") -> str:
    row, held = administration.one(database.session(), _keeper(), account)
    own = row["id"] == guard.account()
    return render_template(
        "people_account.html", account=row, grants=held, own=own, problem=problem, done=done,
        today=times.day(guard.now()), wish=_wish(), **_words(),
    )  # fmt: skip


def _form(problem: str) -> str:
    kept = {"login": told("login", 100), "name": told("name", 100)}
    return render_template(
        "people_account_new.html", problem=problem, kept=kept, wish=_wish(), **_words()
    )


def _words() -> dict[str, Any]:
    areas = administration.areas(database.session())
    return {
        "roles": words.ROLE,
        "on_posts": ON_POSTS,
        "bound": BOUND,
        "areas": areas,
        "departments": moves.departments(database.session()),
        "names": {area["code"]: area["name"] for area in areas},
        "day": times.day,
        "last_day": times.last_day,
        "moment": times.moment,
        "now": guard.now(),
    }


def _wrong(refused: WanggeError, page: str) -> Response:
    answer = make_response(page)
    answer.status_code = status_of(refused)
    return answer


def _once(login: str, name: str, password: str, account: UUID | None = None) -> Response:
    return make_response(
        render_template(
            "people_password.html", login=login, name=name, password=password, account=account
        )
    )
