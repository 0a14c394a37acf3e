"""Signing in and out, and who a cookie belongs to.

A try is stored and committed before it is judged, so that any number of tries at once are counted,
and nothing but the login name decides about the lock: no header, no address.
"""

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy import RowMapping
from sqlalchemy.orm import Session

from geodata.db import accounts, sessions
from geodata.domain.audit import Who
from geodata.domain.password import MLPS_DAYS, Rule
from geodata.domain.roles import ON_POSTS, Actor, Grant, Role
from geodata.errors import NotAllowed
from geodata.services import second_factor
from geodata.services.sealing import Sealer

_HASHER: Final = PasswordHasher(time_cost=3, memory_cost=32 * 1024, parallelism=1)
_CODE_MINUTES: Final = 5
_LONGEST: Final = 200


@dataclass(frozen=True, slots=True)
class Policy:
    """How long sessions live, when an account locks, and what a password must be."""

    idle: timedelta = timedelta(minutes=30)
    absolute: timedelta = timedelta(hours=12)
    most_failures: int = 10
    lock: timedelta = timedelta(minutes=15)
    password: Rule = "modern"  # noqa: S105 -- a rule's name


@dataclass(frozen=True, slots=True)
class Visitor:
    """From where and with what somebody signs in: the address as the server saw it."""

    address: str = ""
    agent: str = ""


@dataclass(frozen=True, slots=True)
class Opened:
    """A new session: what its cookie holds, and whether a second factor is still wanted."""

    token: str = field(repr=False)
    account: int
    awaiting_code: bool = False


@dataclass(frozen=True, slots=True)
class Resumed:
    """A session that goes on: who it is, its number, last seen when, and when it must end."""

    actor: Actor
    session: int
    seen_at: datetime
    expires_at: datetime


def hashed(password: str) -> str:
    """The password as the store keeps it: argon2id with its parameters and salt."""
    return _HASHER.hash(password)


def digest(text: str) -> str:
    """The SHA-256 of a random token or of a login name, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def folded(login: str) -> str:
    """A login name as it is compared: without spaces around it, in lower case, bounded."""
    return login.strip().lower()[:_LONGEST]


def note_try(session: Session, login: str, visitor: Visitor, now: datetime) -> int:
    """The number of this try; the door commits before it goes on to `sign_in`."""
    return sessions.note_try(session, digest(folded(login)), now, visitor.address)


def meant(session: Session, login: str, visitor: Visitor) -> Who:
    """Whom a login name means, for the audit trail; a name that nobody has is not written down."""
    found = accounts.by_login(session, folded(login))
    if found is None:
        return Who(source=visitor.address or None)
    return Who(found["login"], found["id"], visitor.address or None)


def owner(session: Session, account: int, visitor: Visitor) -> Who:
    """Whose account this is, for the audit trail."""
    found = accounts.by_id(session, account)
    return Who(found["login"] if found else None, account, visitor.address or None)


def waiting(session: Session, token: str, visitor: Visitor, now: datetime) -> Who:
    """Who is about to give a code, for the audit trail."""
    found = sessions.awaiting(session, digest(token), now)
    if found is None:
        return Who(source=visitor.address or None)
    return owner(session, found["account_id"], visitor)


def password_fits(session: Session, login: str, password: str) -> bool:
    """Whether this is the password of a login name; takes the same work where nobody has it.

    Lets go of the connection before that work: whoever waits for it holds none of the few.
    """
    found = accounts.by_login(session, folded(login))
    session.rollback()
    return _right(found["password_hash"] if found else None, password)


def sign_in(
    session: Session,
    attempt: int,
    login: str,
    password: str,
    policy: Policy,
    visitor: Visitor,
    now: datetime,
) -> Opened | NotAllowed:
    """A new session, or the refusal: ``sign_in_failed`` or ``sign_in_locked``; to be committed.

    Unknown names, wrong passwords and disabled accounts are told apart by nothing, the work
    included.
    """
    known = folded(login)
    if _locked(session, attempt, known, policy, now):
        return NotAllowed("sign_in_locked", minutes=int(policy.lock.total_seconds() // 60))
    right = password_fits(session, known, password)
    found = accounts.by_login(session, known)
    if found is None or not right or found["disabled_at"] is not None:
        sessions.judge_try(session, attempt, "failed")
        return NotAllowed("sign_in_failed")
    sessions.judge_try(session, attempt, "good")
    if _HASHER.check_needs_rehash(found["password_hash"]):
        accounts.change(session, found["id"], password_hash=hashed(password))
    return opened(session, found, policy, visitor, now)


def opened(
    session: Session, account: RowMapping, policy: Policy, visitor: Visitor, now: datetime
) -> Opened:
    """A new session of an account; with a second factor it opens nothing until that is given."""
    awaiting = account["totp_secret"] is not None
    lasts = timedelta(minutes=_CODE_MINUTES) if awaiting else policy.absolute
    token = _store(session, account["id"], now + lasts, visitor, now, awaiting=awaiting)
    return Opened(token, account["id"], awaiting)


def by_subject(
    session: Session, subject: str, policy: Policy, visitor: Visitor, now: datetime
) -> Opened:
    """A new session of whom the single sign-on vouches for.

    Raises NotAllowed ``sign_in_unknown`` where no account bears this subject, or a disabled one.
    """
    found = accounts.by_subject(session, subject) if subject else None
    if found is None or found["disabled_at"] is not None:
        raise NotAllowed("sign_in_unknown")
    token = _store(session, found["id"], now + policy.absolute, visitor, now, awaiting=False)
    return Opened(token, found["id"])


def give_code(
    session: Session,
    token: str,
    code: str,
    sealer: Sealer,
    policy: Policy,
    visitor: Visitor,
    now: datetime,
) -> Opened | NotAllowed:
    """The session after its second factor, under a new token; or the refusal; to be committed.

    Raises NotAllowed ``sign_in_expired`` where nothing waits for a code.
    """
    waiting = sessions.awaiting(session, digest(token), now)
    if waiting is None:
        raise NotAllowed("sign_in_expired")
    account = accounts.locked(session, waiting["account_id"])
    attempt = sessions.note_try(session, digest(account["login"]), now, visitor.address)
    if account["disabled_at"] is not None or _locked(
        session, attempt, account["login"], policy, now
    ):
        return NotAllowed("sign_in_locked", minutes=int(policy.lock.total_seconds() // 60))
    if not second_factor.fits(session, account, code, sealer, now):
        sessions.judge_try(session, attempt, "failed")
        return NotAllowed("code_wrong")
    sessions.judge_try(session, attempt, "good")
    sessions.revoke(session, digest(token), now)
    fresh = _store(session, account["id"], now + policy.absolute, visitor, now, awaiting=False)
    return Opened(fresh, account["id"])


def resume(session: Session, token: str, policy: Policy, now: datetime) -> Resumed | None:
    """Who a cookie's token belongs to, with grants and posts as of now; None where it is over."""
    on_posts = [str(role) for role in ON_POSTS]
    row = accounts.resumed(session, digest(token), now, now - policy.idle, on_posts)
    if row is None:
        return None
    stale = policy.password == "mlps" and now - row["changed_at"] > timedelta(days=MLPS_DAYS)  # noqa: S105
    grants = tuple(_grant(told) for told in row["grants"])
    actor = Actor(row["id"], row["name"], grants, row["must_change"] or stale, row["login"])
    return Resumed(actor, row["session_id"], row["seen_at"], row["expires_at"])


def touch(session: Session, number: int, now: datetime) -> None:
    """Note that a session is in use."""
    sessions.touch(session, number, now)


def sign_out(session: Session, token: str, now: datetime) -> None:
    """End the session of a token, if it is one."""
    sessions.revoke(session, digest(token), now)


def rotate(session: Session, token: str) -> str:
    """Another token for the same session, since what it may do has changed."""
    fresh = secrets.token_urlsafe(32)
    sessions.replace(session, digest(token), digest(fresh))
    return fresh


def matches(session: Session, account: int, password: str) -> bool:
    """Whether this is the account's password."""
    found = accounts.by_id(session, account)
    return _right(found["password_hash"] if found else None, password)


def _locked(session: Session, attempt: int, login: str, policy: Policy, now: datetime) -> bool:
    """Whether too many tries failed lately; this one is then not counted among them."""
    failed = sessions.failures(session, digest(login), now - policy.lock, besides=attempt)
    if failed < policy.most_failures:
        return False
    sessions.judge_try(session, attempt, "locked")
    return True


def _right(known: str | None, password: str) -> bool:
    """Whether the password is the hashed one; takes the same work where there is none."""
    try:
        _HASHER.verify(known or _nobodys(), password[:_LONGEST])
    except (VerifyMismatchError, InvalidHashError):
        return False
    return known is not None


@lru_cache(maxsize=1)
def _nobodys() -> str:
    return hashed(secrets.token_urlsafe(32))


def _store(
    session: Session,
    account: int,
    until: datetime,
    visitor: Visitor,
    now: datetime,
    *,
    awaiting: bool,
) -> str:
    token = secrets.token_urlsafe(32)
    sessions.add(
        session,
        token_hash=digest(token),
        account_id=account,
        created_at=now,
        seen_at=now,
        expires_at=until,
        awaiting_code=awaiting,
        address=visitor.address[:64],
        agent=visitor.agent[:_LONGEST],
    )
    return token


def _grant(told: dict[str, Any]) -> Grant:
    until = told["until"] and datetime.fromisoformat(told["until"])
    return Grant(
        *(Role(told["role"]), told["scope"], datetime.fromisoformat(told["since"]), until),
        *(told["deputy_of"], tuple(sorted(told["posts"])), told["department"] or ""),
    )
