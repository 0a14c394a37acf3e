"""Sessions, tries to sign in and recovery codes, as the store keeps them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, and_, delete, func, insert, or_, select, update
from sqlalchemy.orm import Session

from geodata.db import tables

_session = tables.account_session.c
_try = tables.sign_in_attempt.c
_code = tables.recovery_code.c


def add(session: Session, **values: Any) -> int:
    """Store a new session; gives its number."""
    stored = insert(tables.account_session).values(**values).returning(_session.id)
    return int(session.execute(stored).scalar_one())


def awaiting(session: Session, token_hash: str, now: datetime) -> RowMapping | None:
    """The session that waits for its second factor, held until the transaction ends."""
    wanted = select(tables.account_session).where(
        *(_session.token_hash == token_hash, _session.awaiting_code),
        *(_session.revoked_at.is_(None), _session.expires_at > now),
    )
    return session.execute(wanted.with_for_update()).mappings().first()


def touch(session: Session, number: int, now: datetime) -> None:
    """Note that the session was seen."""
    session.execute(
        update(tables.account_session)
        .where(_session.id == number, _session.seen_at < now)
        .values(seen_at=now)
    )


def revoke(session: Session, token_hash: str, now: datetime) -> None:
    """End the session of a token."""
    session.execute(
        update(tables.account_session)
        .where(_session.token_hash == token_hash, _session.revoked_at.is_(None))
        .values(revoked_at=now)
    )


def revoke_all(session: Session, account: int, now: datetime, *, but: str = "") -> None:
    """End all sessions of an account, but the one whose token hash is given."""
    session.execute(
        update(tables.account_session)
        .where(_session.account_id == account, _session.revoked_at.is_(None))
        .where(_session.token_hash != but)
        .values(revoked_at=now)
    )


def revoke_one(session: Session, account: int, number: int, now: datetime) -> bool:
    """End one session of an account; whether there was one."""
    ended = (
        update(tables.account_session)
        .where(_session.id == number, _session.account_id == account)
        .where(_session.revoked_at.is_(None))
        .values(revoked_at=now)
        .returning(_session.id)
    )
    return session.execute(ended).first() is not None


def replace(session: Session, old_hash: str, new_hash: str) -> None:
    """Give a session another token."""
    session.execute(
        update(tables.account_session)
        .where(_session.token_hash == old_hash)
        .values(token_hash=new_hash)
    )


def alive(session: Session, account: int, now: datetime, oldest: datetime) -> Sequence[RowMapping]:
    """The sessions of an account that are open, the latest seen first."""
    wanted = (
        select(tables.account_session)
        .where(_session.account_id == account, _session.revoked_at.is_(None))
        .where(_session.expires_at > now, _session.seen_at > oldest, ~_session.awaiting_code)
        .order_by(_session.seen_at.desc(), _session.id.desc())
    )
    return session.execute(wanted).mappings().all()


def forget_ended(session: Session, before: datetime) -> int:
    """Delete sessions and tries that ended before a moment; how many sessions."""
    session.execute(delete(tables.sign_in_attempt).where(_try.at < before))
    over = or_(_session.expires_at < before, _session.revoked_at < before)
    gone = delete(tables.account_session).where(over).returning(_session.id)
    return len(session.execute(gone).all())


def note_try(session: Session, login_hash: str, at: datetime, address: str) -> int:
    """Store a try to sign in before it is judged; gives its number."""
    row = {"login_hash": login_hash, "at": at, "address": address}
    stored = insert(tables.sign_in_attempt).values(**row).returning(_try.id)
    return int(session.execute(stored).scalar_one())


def judge_try(session: Session, number: int, outcome: str) -> None:
    """Store what a try came to."""
    session.execute(update(tables.sign_in_attempt).where(_try.id == number).values(outcome=outcome))


def failures(session: Session, login_hash: str, since: datetime, *, besides: int) -> int:
    """How many tries failed, or are being judged, since a moment; without the one of a number."""
    counted = select(func.count()).where(
        and_(_try.login_hash == login_hash, _try.at > since, _try.id != besides),
        _try.outcome.in_(("open", "failed")),
    )
    return int(session.execute(counted).scalar_one())


def forgive(session: Session, login_hash: str) -> None:
    """Count the failed tries of a login name no more."""
    session.execute(
        update(tables.sign_in_attempt)
        .where(_try.login_hash == login_hash, _try.outcome.in_(("open", "failed")))
        .values(outcome="forgiven")
    )


def put_codes(session: Session, account: int, hashes: Sequence[str]) -> None:
    """Replace the recovery codes of an account."""
    session.execute(delete(tables.recovery_code).where(_code.account_id == account))
    if hashes:
        rows = [{"account_id": account, "code_hash": one} for one in hashes]
        session.execute(insert(tables.recovery_code), rows)


def use_code(session: Session, account: int, code_hash: str, now: datetime) -> bool:
    """Use up a recovery code; whether it was one, unused."""
    used = (
        update(tables.recovery_code)
        .where(_code.account_id == account, _code.code_hash == code_hash, _code.used_at.is_(None))
        .values(used_at=now)
        .returning(_code.id)
    )
    return session.execute(used).first() is not None
