"""Accounts, grants and ground, as the services keep them."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from geodata.db import tables
from geodata.domain.roles import Action, Actor, Role, may, roles, scopes
from geodata.errors import WanggeError
from geodata.services import accounts, demo_accounts, sign_in
from geodata.services.accounts import Appointment
from geodata.services.sign_in import Policy
from tests import signing
from tests.makers import COMMUNITY, START, Town, code_of

pytestmark = pytest.mark.db
NOW = START + timedelta(days=900)
DAY = timedelta(days=1)


def posted(session: Session, name: str, grid: int, since: datetime = START) -> int:
    """The number of a grid worker with a post from a day on."""
    worker = tables.grid_worker
    number = int(
        session.execute(insert(worker).values(name=name).returning(worker.c.id)).scalar_one()
    )
    session.execute(
        insert(tables.post).values(
            worker_id=number, grid_id=grid, duty="lead", during=func.tstzrange(since, None)
        )
    )
    return number


def worker_account(session: Session, login: str, worker: int) -> int:
    return signing.account(session, login, Role.WORKER, worker_id=worker)


def as_seen(session: Session, number: int, now: datetime = NOW) -> Actor:
    """Who the account is in a session that it opens now."""
    account = tables.account
    row = session.execute(select(account).where(account.c.id == number)).mappings().one()
    opened = sign_in.opened(session, row, Policy(), sign_in.Visitor(), now)
    found = sign_in.resume(session, opened.token, Policy(), now)
    assert found is not None
    return found.actor


def test_a_workers_ground_follows_posts_and_redraws(town: Town, session: Session) -> None:
    town.drawn("AAB")
    worker = posted(session, "王某", town.grids["A"])
    number = worker_account(session, "wang", worker)
    assert as_seen(session, number).grids == (code_of("A"),)
    during, post = tables.post.c.during, tables.post
    session.execute(update(post).values(during=func.tstzrange(func.lower(during), NOW)))
    assert as_seen(session, number).grids == ()
    values = {"worker_id": worker, "grid_id": town.grids["B"], "duty": "assistant"}
    session.execute(insert(post).values(during=func.tstzrange(NOW, None), **values))
    actor = as_seen(session, number)
    assert may(actor, Action.HANDLE_ISSUE, code_of("B"), NOW)
    assert not may(actor, Action.HANDLE_ISSUE, code_of("A"), NOW)
    session.execute(update(tables.grid).values(retired_at=NOW))
    assert as_seen(session, number).grids == ()


def test_a_deputy_has_the_absent_workers_grid_until_the_day(town: Town, session: Session) -> None:
    town.drawn("AAB")
    absent = worker_account(session, "wang", posted(session, "王某", town.grids["A"]))
    deputy = worker_account(session, "li", posted(session, "李某", town.grids["B"]))
    accounts.stand_in(session, deputy, absent, NOW, NOW + 7 * DAY, None, NOW)
    during = scopes(as_seen(session, deputy), Action.HANDLE_ISSUE, NOW)
    assert during.grids == (code_of("A"), code_of("B"))
    later = NOW + 7 * DAY
    assert scopes(as_seen(session, deputy, later), Action.HANDLE_ISSUE, later).grids == (
        code_of("B"),
    )


def test_a_deputy_hands_nothing_on(town: Town, session: Session) -> None:
    town.drawn("AAB")
    absent = signing.account(session, "secretary", Role.SECRETARY, COMMUNITY)
    deputy, third = (signing.account(session, login) for login in ("deputy", "third"))
    accounts.stand_in(session, deputy, absent, NOW, NOW + DAY, None, NOW)
    assert roles(as_seen(session, deputy), NOW) == (Role.SECRETARY,)
    with pytest.raises(WanggeError, match="nothing_to_stand_in_for"):
        accounts.stand_in(session, third, deputy, NOW, NOW + DAY, None, NOW)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (Appointment(Role.SECRETARY, "999999999999", NOW), "no_such_area"),
        (Appointment(Role.SECRETARY, COMMUNITY, NOW, NOW), "period_backwards"),
        (Appointment(Role.SECRETARY, COMMUNITY, NOW, deputy_of=1), "deputy_without_end"),
        (Appointment(Role.AUDITOR, "", NOW), "roles_apart"),
        (Appointment(Role.ADMINISTRATOR, "", NOW), "grant_twice"),
    ],
)
def test_grants_that_cannot_be_are_refused(
    town: Town, session: Session, given: Appointment, code: str
) -> None:
    town.drawn("AAB")
    number = signing.account(session, "keeper", Role.ADMINISTRATOR)
    with pytest.raises(WanggeError) as refused:
        accounts.grant(session, number, given, None, NOW)
    assert refused.value.code == code


def test_a_grant_that_has_not_begun_is_taken_back(town: Town, session: Session) -> None:
    town.drawn("AAB")
    number = signing.account(session, "soon")
    given = accounts.grant(
        session, number, Appointment(Role.SECRETARY, COMMUNITY, NOW + DAY), None, NOW
    )
    assert roles(as_seen(session, number), NOW) == ()
    accounts.end_grant(session, given, NOW)
    with pytest.raises(WanggeError, match="no_grant"):
        accounts.end_grant(session, given, NOW)
    assert roles(as_seen(session, number, NOW + 2 * DAY), NOW + 2 * DAY) == ()


def test_the_audited_rule_wants_a_new_password_every_three_months(session: Session) -> None:
    number = signing.account(session, "old", Role.CHECKER)
    account = tables.account
    session.execute(update(account).values(changed_at=NOW - 91 * DAY))
    row = session.execute(select(account).where(account.c.id == number)).mappings().one()
    token = sign_in.opened(session, row, Policy(), sign_in.Visitor(), NOW).token
    for rule, due in (("modern", False), ("mlps", True)):
        found = sign_in.resume(session, token, Policy(password=rule), NOW)  # type: ignore[arg-type]
        assert found is not None
        assert found.actor.must_change is due


def test_one_time_passwords_are_long_and_never_the_same() -> None:
    made = {accounts.one_time_password() for _ in range(200)}
    assert len(made) == 200
    assert min(map(len, made)) >= 20


def test_the_demo_has_one_account_of_each_role(demo_session: Session) -> None:
    now = datetime.fromisoformat("2026-11-23T04:00:00+00:00")
    made = demo_accounts.make(demo_session, now)
    numbers = {one.login: accounts.number_of(demo_session, one.login) for one in made}
    held = [roles(as_seen(demo_session, number, now), now) for number in numbers.values()]
    assert sorted(held) == sorted((role,) for role in Role)
    assert len({one.password for one in made}) == len(made)
    worker = as_seen(demo_session, numbers["worker"], now)
    assert worker.grids
    secretary = as_seen(demo_session, numbers["secretary"], now)
    assert may(secretary, Action.SEE_ISSUES, worker.grids[0], now)
    assert not any(as_seen(demo_session, number, now).must_change for number in numbers.values())


def test_another_district_gets_no_demo_accounts(town: Town, session: Session) -> None:
    town.drawn("AAB")
    assert demo_accounts.make(session, NOW) == []
    assert not accounts.exists_any(session)
