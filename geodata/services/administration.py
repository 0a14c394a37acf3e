"""What an administrator does with the accounts of others, and may not do to the last of their kind.

Only who keeps accounts everywhere keeps any: an account may have roles on several grounds.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Final
from uuid import UUID

from sqlalchemy import RowMapping
from sqlalchemy.orm import Session

from geodata.db import accounts as store
from geodata.db import administration, moves, posts
from geodata.domain import post as days
from geodata.domain.privacy import masked
from geodata.domain.roles import APART, BOUND, ON_POSTS, Role
from geodata.errors import Conflict, InvalidMove, InvalidRow, NotFound
from geodata.services import accounts
from geodata.services.accounts import Appointment, NewAccount

PAGE: Final = 50


@dataclass(frozen=True, slots=True)
class Keeper:
    """Whoever keeps accounts: whose account, at which moment, in which time zone."""

    account: int
    now: datetime
    zone: tzinfo


@dataclass(frozen=True, slots=True)
class Wish:
    """A role over a code and all below it, from one day to another; empty days are open.

    `department` is the one that a person in that role belongs to.
    """

    role: str
    scope: str = ""
    since: str = ""
    until: str = ""
    department: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """Some accounts with their grants by account, and behind which login name it goes on."""

    accounts: Sequence[RowMapping]
    grants: dict[int, list[RowMapping]]
    after: str


def listing(session: Session, keeper: Keeper, said: str, role: str, after: str) -> Listing:
    """Accounts by login name, narrowed to those called so and to a role."""
    found = administration.listing(session, said, role, keeper.now, after, PAGE + 1)
    shown = found[:PAGE]
    held: dict[int, list[RowMapping]] = {}
    for row in administration.grants(session, [one["id"] for one in shown], keeper.now):
        held.setdefault(row["account_id"], []).append(row)
    return Listing(shown, held, str(shown[-1]["login"]) if len(found) > PAGE else "")


def one(session: Session, keeper: Keeper, public_id: UUID) -> tuple[RowMapping, list[RowMapping]]:
    """An account without its secrets, and its grants in force or to come. Raises NotFound."""
    number = int(accounts.one(session, public_id)["id"])
    found = administration.one(session, number)
    if found is None:
        raise NotFound("no_account")
    return found, list(administration.grants(session, [number], keeper.now))


def areas(session: Session) -> Sequence[RowMapping]:
    """The areas that a role can be over, by code."""
    return administration.areas(session)


def create(
    session: Session, keeper: Keeper, login: str, name: str, wish: Wish, worker: int | None
) -> tuple[int, str]:
    """A new account with a role: its number, and a password that is good once.

    A grid worker's account takes the worker's name, and its ground follows the posts. Raises as
    `accounts.create` and `give`; NotFound ``no_worker``, Conflict ``worker_has_account``.
    """
    if worker is not None:
        name = _worker_name(session, worker)
    new = NewAccount(login, masked(name), worker=worker)
    number, password = accounts.create(session, new, keeper.now)
    give(session, keeper, number, wish)
    return number, password


def _worker_name(session: Session, worker: int) -> str:
    found = posts.worker(session, worker)
    if found is None:
        raise NotFound("no_worker")
    if administration.by_worker(session, worker) is not None:
        raise Conflict("worker_has_account", name=found["name"])
    return str(found["name"])


def give(session: Session, keeper: Keeper, number: int, wish: Wish) -> int:
    """The number of a new grant; what follows posts or is everywhere by its nature has no area.

    Raises as `accounts.grant`; InvalidRow ``role_unknown``, ``area_needed``, ``worker_needed`` or
    ``department_needed``.
    """
    if wish.role not in [*Role]:
        raise InvalidRow("role_unknown")
    role = Role(wish.role)
    scope = "" if role in ON_POSTS or role in APART else wish.scope
    if role in BOUND and scope in ("", *_districts(session)):
        raise InvalidRow("area_needed")
    held = administration.one(session, number)
    if role in ON_POSTS and held is not None and held["worker_id"] is None:
        raise InvalidRow("worker_needed")
    if role is Role.DEPARTMENT:
        _join(session, number, wish.department)
    since = days.first_moment(wish.since, keeper.now, keeper.zone)
    until = days.last_moment(wish.until, keeper.now, keeper.zone) if wish.until.strip() else None
    given = Appointment(role, scope, since, until)
    return accounts.grant(session, number, given, keeper.account, keeper.now)


def _join(session: Session, number: int, department: str) -> None:
    """Let somebody belong to a department: one of those that issues are handed to."""
    if department not in moves.departments(session):
        raise InvalidRow("department_needed")
    store.change(session, number, department=department)


def _districts(session: Session) -> list[str]:
    return [row["code"] for row in administration.areas(session) if row["tier"] == "district"]


def take(session: Session, keeper: Keeper, number: int, grant: int) -> RowMapping:
    """End one of an account's grants, and tell which it was.

    Raises NotFound ``no_grant``, InvalidMove ``last_administrator``.
    """
    found = administration.grant(session, grant)
    if found is None or found["account_id"] != number:
        raise NotFound("no_grant")
    if found["role"] == Role.ADMINISTRATOR:
        _leave_one(session, keeper, grant=grant)
    accounts.end_grant(session, grant, keeper.now)
    return found


def disable(session: Session, keeper: Keeper, number: int) -> None:
    """Let nobody in by an account. Raises InvalidMove ``own_account`` or ``last_administrator``."""
    if number == keeper.account:
        raise InvalidMove("own_account")
    _leave_one(session, keeper, account=number)
    accounts.disable(session, number, keeper.now)


def enable(session: Session, number: int) -> None:
    """Let a disabled account in again."""
    accounts.enable(session, number)


def reset(session: Session, keeper: Keeper, number: int) -> str:
    """A password that is good once. Raises InvalidMove ``own_account``: one changes one's own."""
    if number == keeper.account:
        raise InvalidMove("own_account")
    return accounts.reset(session, number, keeper.now)


def stand_in(
    session: Session, keeper: Keeper, absent: int, login: str, since: str, until: str
) -> int:
    """Let the account of a login name have all roles of an absent one for some days; its number.

    Raises as `accounts.stand_in`; NotFound ``no_account``.
    """
    deputy = accounts.number_of(session, login)
    if not until.strip():
        raise InvalidRow("deputy_without_end")
    first = days.first_moment(since, keeper.now, keeper.zone)
    last = days.last_moment(until, keeper.now, keeper.zone)
    accounts.stand_in(session, deputy, absent, first, last, keeper.account, keeper.now)
    return deputy


def _leave_one(session: Session, keeper: Keeper, account: int = 0, grant: int = 0) -> None:
    """Raises InvalidMove ``last_administrator`` where nobody could keep accounts any more."""
    held = administration.administrators(session, keeper.now)
    left = [one for one in held if one["account_id"] != account and one["id"] != grant]
    if held and not left:
        raise InvalidMove("last_administrator")
