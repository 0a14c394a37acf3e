"""Accounts and sessions for tests, made without the work of a password."""

from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from flask.testing import FlaskClient
from sqlalchemy import insert, select
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.orm import Session

from geodata.db import tables
from geodata.domain.roles import Role
from geodata.services import accounts, sign_in
from geodata.services.accounts import Appointment
from geodata.services.sign_in import Policy
from webmap import forms
from webmap.policy import cookie_name

KEY = "a-key-for-tests-that-is-long-enough-0123456789"
MANAGER = "the-token-of-the-manager-in-all-tests"
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def account(
    session: Session, login: str, role: Role | None = None, scope: str = "", **more: Any
) -> int:
    """The number of the account of a login name, made where there is none."""
    at = tables.account.c
    known = session.scalar(select(at.id).where(at.login == login))
    if known is not None:
        return int(known)
    row = {"login": login, "name": login, "changed_at": datetime.now(UTC)} | more
    number = int(
        session.execute(insert(tables.account).values(**row).returning(at.id)).scalar_one()
    )
    if role is not None:
        accounts.grant(session, number, Appointment(role, scope, LONG_AGO), None, LONG_AGO)
    return number


def manager(session: Session) -> None:
    """Make the district manager whom most tests are signed in as, with a session open all day."""
    number = account(session, "manager", Role.DISTRICT)
    later = datetime.now(UTC) + timedelta(hours=24)
    row = {"token_hash": sign_in.digest(MANAGER), "account_id": number, "seen_at": later}
    known = pg.insert(tables.account_session).on_conflict_do_nothing()
    session.execute(known.values(created_at=LONG_AGO, expires_at=later, **row))


def token(session: Session, number: int, lasts: timedelta = timedelta(hours=12)) -> str:
    """What the cookie of a new session holds; whoever opened the database session commits."""
    found = (
        session.execute(select(tables.account).where(tables.account.c.id == number))
        .mappings()
        .one()
    )
    opened = sign_in.opened(
        session, found, Policy(absolute=lasts), sign_in.Visitor("127.0.0.1"), datetime.now(UTC)
    )
    return opened.token


def put(client: FlaskClient, held: str) -> None:
    """Let a test's browser hold the session of a token."""
    with client.session_transaction() as kept:
        kept["token"] = held
        kept[forms.FIELD] = "form"


def cookie(held: str, key: str = KEY) -> tuple[str, str]:
    """The same for a real browser: the name and the value of the cookie of a server's key."""
    app = Flask("signing")
    app.config.update(SECRET_KEY=key)
    signer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert signer is not None
    value = signer.dumps({"token": held, forms.FIELD: "form"})
    return cookie_name(key, secure=False), str(value)
