"""Accounts as their administrator looks through them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import RowMapping, Select, func, or_, select, text
from sqlalchemy.orm import Session

from geodata.db import tables
from geodata.domain.roles import Role

_account, _grant, _worker = tables.account.c, tables.account_grant.c, tables.grid_worker.c
_seen = tables.account_session.c


def _accounts() -> Select[Any]:
    last = select(func.max(_seen.seen_at)).where(_seen.account_id == _account.id).scalar_subquery()
    return select(
        *(_account.id, _account.public_id, _account.login, _account.name, _account.must_change),
        *(_account.disabled_at, _account.worker_id, _account.changed_at, _account.created_at),
        _account.password_hash.is_not(None).label("has_password"),
        _account.totp_secret.is_not(None).label("has_second_factor"),
        *(last.label("seen_at"), _worker.name.label("worker")),
    ).outerjoin(tables.grid_worker, _worker.id == _account.worker_id)


def listing(
    session: Session, said: str, role: str, now: datetime, after: str, limit: int
) -> Sequence[RowMapping]:
    """Accounts by login name behind one, without secrets; those called so, or with a role now."""
    query = _accounts().where(_account.login > after)
    if said:
        query = query.where(
            or_(
                _account.login.contains(said.lower(), autoescape=True),
                _account.name.contains(said, autoescape=True),
                _worker.name.contains(said, autoescape=True),
            )
        )
    if role:
        holders = select(_grant.account_id).where(_grant.role == role, _grant.during.contains(now))
        query = query.where(_account.id.in_(holders))
    return session.execute(query.order_by(_account.login).limit(limit)).mappings().all()


def one(session: Session, number: int) -> RowMapping | None:
    """An account by its number, without secrets."""
    return session.execute(_accounts().where(_account.id == number)).mappings().first()


def by_worker(session: Session, worker: int) -> int | None:
    """The number of the account of a grid worker."""
    return session.scalar(select(_account.id).where(_account.worker_id == worker))


def grants(session: Session, numbers: Sequence[int], now: datetime) -> Sequence[RowMapping]:
    """The grants of accounts in force or to come, with whom they stand in for."""
    absent = tables.account.alias("absent")
    query = (
        select(
            *(_grant.id, _grant.account_id, _grant.role, _grant.scope, _grant.deputy_of),
            func.lower(_grant.during).label("since"),
            func.upper(_grant.during).label("until"),
            absent.c.name.label("absent"),
        )
        .outerjoin(absent, absent.c.id == _grant.deputy_of)
        .where(_grant.account_id.in_(list(numbers)))
        .where((func.upper(_grant.during) > now) | func.upper_inf(_grant.during))
        .order_by(_grant.id)
    )
    return session.execute(query).mappings().all()


def grant(session: Session, number: int) -> RowMapping | None:
    """A grant by its number."""
    query = select(_grant.id, _grant.account_id, _grant.role, _grant.scope)
    return session.execute(query.where(_grant.id == number)).mappings().first()


def administrators(session: Session, now: datetime) -> Sequence[RowMapping]:
    """The own grants by which accounts are kept now: id, account_id; held until commit.

    Those of disabled accounts are none.
    """
    query = (
        select(_grant.id, _grant.account_id)
        .join(tables.account, _account.id == _grant.account_id)
        .where(_grant.role == Role.ADMINISTRATOR, _grant.deputy_of.is_(None))
        .where(_grant.during.contains(now), _account.disabled_at.is_(None))
        .order_by(_grant.id)
        .with_for_update(of=(tables.account_grant, tables.account))
    )
    return session.execute(query).mappings().all()


_AREAS: Final = text("""
    select code, name, 'district' as tier, '' as above from district
    union all select code, name, 'street', district_code from street
    union all select code, name, 'community', street_code from community
    order by code
""")


def areas(session: Session) -> Sequence[RowMapping]:
    """The districts, streets and communities by code: code, name, tier, and what is above."""
    return session.execute(_AREAS).mappings().all()
