"""Keeping accounts: making, resetting and disabling them, and giving roles, also to deputies.

Every change of what an account may do takes effect at its next request, since grants are read
then; disabling and a new password end its sessions.
"""

import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import RowMapping
from sqlalchemy.orm import Session

from geodata.db import accounts, sessions
from geodata.domain import password as passwords
from geodata.domain.roles import APART, ON_POSTS, Role
from geodata.errors import Conflict, InvalidMove, InvalidRow, NotFound
from geodata.services import second_factor
from geodata.services.sign_in import Policy, digest, folded, hashed, matches

_LOGIN: Final = re.compile(r"[a-z0-9\u4e00-\u9fff][a-z0-9\u4e00-\u9fff._@-]{1,63}")
_SYLLABLES: Final = "bcdfghjkmnpqrstvwxz", "aeiou"
_LONGEST_NAME: Final = 100


@dataclass(frozen=True, slots=True)
class NewAccount:
    """What is told of a new account; `subject` is who this is to the single sign-on.

    `department` is the one that a person in that role belongs to.
    """

    login: str
    name: str
    subject: str | None = None
    worker: int | None = None
    must_change: bool = True
    department: str | None = None


@dataclass(frozen=True, slots=True)
class Appointment:
    """A role over a code and all below it, for some time; `deputy_of` is who is away meanwhile."""

    role: Role
    scope: str
    since: datetime
    until: datetime | None = None
    deputy_of: int | None = None


def one_time_password() -> str:
    """A password that can be read out on the telephone: about 75 bits."""
    hard, soft = _SYLLABLES
    parts = [
        "".join(secrets.choice(letters) for letters in (hard, soft, hard, soft, hard))
        for _ in range(4)
    ]
    return "-".join(parts) + f"-{secrets.randbelow(100):02d}"


def create(session: Session, new: NewAccount, now: datetime) -> tuple[int, str]:
    """A new account's number, and its password, which is kept nowhere in clear.

    Raises InvalidRow ``login_malformed`` or ``name_missing``, Conflict ``login_taken``.
    """
    login, name = folded(new.login), new.name.strip()[:_LONGEST_NAME]
    if not _LOGIN.fullmatch(login):
        raise InvalidRow("login_malformed", login=new.login)
    if not name:
        raise InvalidRow("name_missing")
    if accounts.by_login(session, login) is not None:
        raise Conflict("login_taken", login=login)
    password = one_time_password()
    number = accounts.add(
        session,
        login=login,
        name=name,
        password_hash=hashed(password),
        must_change=new.must_change,
        changed_at=now,
        subject=new.subject or None,
        worker_id=new.worker,
        department=new.department or None,
    )
    return number, password


def number_of(session: Session, login: str) -> int:
    """The number of an account by its login name. Raises NotFound ``no_account``."""
    found = accounts.by_login(session, folded(login))
    if found is None:
        raise NotFound("no_account")
    return int(found["id"])


def one(session: Session, public_id: UUID) -> RowMapping:
    """An account by its public number. Raises NotFound ``no_account``."""
    found = accounts.by_public_id(session, public_id)
    if found is None:
        raise NotFound("no_account")
    return found


def own(session: Session, number: int, now: datetime) -> dict[str, Any]:
    """What somebody sees of their own account: names, grants with dates, and the second factor."""
    found = accounts.by_id(session, number)
    if found is None:
        raise NotFound("no_account")
    return {
        **{key: found[key] for key in ("login", "name", "changed_at", "must_change")},
        "has_password": found["password_hash"] is not None,
        "has_second_factor": found["totp_secret"] is not None,
        "grants": accounts.grants(session, number, now),
    }


def listing(session: Session, now: datetime) -> list[RowMapping]:
    """All accounts by login name, with the roles in force (``role:scope``) and when last seen."""
    return list(accounts.listing(session, now))


def area_names(session: Session, codes: list[str]) -> dict[str, str]:
    """The names of the areas that grants speak of, by code."""
    return accounts.area_names(session, codes)


def exists_any(session: Session) -> bool:
    """Whether anybody can sign in at all."""
    return accounts.any_account(session)


def change_password(
    session: Session, number: int, old: str, new: str, policy: Policy, now: datetime, keep: str = ""
) -> None:
    """Set one's own password; all sessions end but the one whose token is `keep`.

    Raises InvalidMove ``password_wrong`` or ``password_same``, WanggeError as
    `domain.password.check`.
    """
    found = accounts.locked(session, number)
    if not matches(session, number, old):
        raise InvalidMove("password_wrong")
    if old == new:
        raise InvalidMove("password_same")
    passwords.check(new, found["login"], policy.password)
    accounts.change(session, number, password_hash=hashed(new), must_change=False, changed_at=now)
    sessions.revoke_all(session, number, now, but=digest(keep) if keep else "")


def reset(session: Session, number: int, now: datetime) -> str:
    """A one-time password, to be changed at once; ends all sessions, and the second factor too."""
    found = accounts.locked(session, number)
    password = one_time_password()
    accounts.change(
        session, number, password_hash=hashed(password), must_change=True, changed_at=now
    )
    second_factor.withdraw(session, number)
    sessions.revoke_all(session, number, now)
    sessions.forgive(session, digest(found["login"]))
    return password


def disable(session: Session, number: int, now: datetime) -> None:
    """Let nobody in by this account any more, nor go on in its sessions."""
    accounts.change(session, number, disabled_at=now)
    sessions.revoke_all(session, number, now)


def enable(session: Session, number: int) -> None:
    """Let a disabled account in again."""
    accounts.change(session, number, disabled_at=None)


def grant(session: Session, number: int, given: Appointment, by: int | None, now: datetime) -> int:
    """The number of the new grant.

    Raises Conflict ``roles_apart`` where the account then would keep accounts and watch them at
    once, or ``grant_twice``; InvalidRow ``deputy_without_end``, ``deputy_of_self``,
    ``period_backwards`` or ``no_such_area``.
    """
    _check(session, number, given)
    held = accounts.grants(session, number, now)
    for role, other in (APART, APART[::-1]):
        if given.role is role and any(row["role"] == other for row in held):
            raise Conflict("roles_apart")
    if given.deputy_of is None and any(_same(row, given) for row in held):
        raise Conflict("grant_twice")
    told = {name: getattr(given, name) for name in ("role", "scope", "since", "until", "deputy_of")}
    return accounts.grant(session, number, told | {"granted_by": by})


def end_grant(session: Session, number: int, now: datetime) -> None:
    """End a grant now. Raises NotFound ``no_grant``."""
    if accounts.end_grant(session, number, now) is None:
        raise NotFound("no_grant")


def stand_in(
    session: Session,
    deputy: int,
    absent: int,
    since: datetime,
    until: datetime,
    by: int | None,
    now: datetime,
) -> list[int]:
    """Numbers of the grants by which a deputy has all of an absent person's roles until a moment.

    What the absent person stands in for is not handed on. Raises as `grant`; InvalidMove
    ``nothing_to_stand_in_for``.
    """
    own = [row for row in accounts.grants(session, absent, now) if row["deputy_of"] is None]
    if not own:
        raise InvalidMove("nothing_to_stand_in_for")
    return [
        grant(
            session,
            deputy,
            Appointment(
                *(Role(row["role"]), row["scope"], max(since, row["since"])),
                *(min(until, row["until"] or until), absent),
            ),
            by,
            now,
        )
        for row in own
    ]


def _check(session: Session, number: int, given: Appointment) -> None:
    if given.until is not None and given.until <= given.since:
        raise InvalidRow("period_backwards")
    if given.deputy_of is not None and given.until is None:
        raise InvalidRow("deputy_without_end")
    if given.deputy_of == number:
        raise InvalidRow("deputy_of_self")
    if given.role in ON_POSTS or not given.scope:
        return
    if not accounts.area_exists(session, given.scope):
        raise InvalidRow("no_such_area", area=given.scope)


def _same(row: RowMapping, given: Appointment) -> bool:
    return (
        row["deputy_of"] is None
        and (row["role"], row["scope"]) == (given.role, given.scope)
        and (given.until is None or row["since"] < given.until)
        and (row["until"] is None or given.since < row["until"])
    )
