"""Keeping accounts: made, given roles, reset, disabled, and never the last of their kind."""

import re
from typing import Final

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy import func, select, text

from geodata.db import tables
from geodata.domain.roles import Role
from tests.webmap.conftest import Store, someone
from tests.webmap.test_people import HOME, TODAY, deeds, send, shown
from tests.webmap.test_sign_in import enter

ACCOUNTS: Final = "/people/accounts"
_SHOWN: Final = re.compile(r'<p class="once-password code"[^>]*>([^<]+)</p>')


@pytest.fixture
def keeper(app: APIFlask, store: Store) -> FlaskClient:
    return someone(app, store, "keeper", Role.ADMINISTRATOR)


def address(store: Store, login: str) -> str:
    at = tables.account.c
    return f"{ACCOUNTS}/{store.connection.scalar(select(at.public_id).where(at.login == login))}"


def grant_of(store: Store, login: str) -> int:
    query = (
        select(func.max(tables.account_grant.c.id))
        .join(tables.account, tables.account.c.id == tables.account_grant.c.account_id)
        .where(tables.account.c.login == login)
    )
    return int(store.connection.scalar(query) or 0)


def test_a_secretary_gets_an_account_whose_password_is_shown_once(
    keeper: FlaskClient, resident: FlaskClient, store: Store
) -> None:
    form = shown(keeper, f"{ACCOUNTS}/new")
    assert f'<option value="{HOME}"' in form
    wish = {"login": "Li.Shuji", "name": "李书记", "role": "secretary"}
    nowhere = send(keeper, ACCOUNTS, **wish)
    assert nowhere.status_code == 422
    assert 'value="李书记"' in nowhere.get_data(as_text=True)
    assert send(keeper, ACCOUNTS, scope="610902", **wish).status_code == 422
    made = send(keeper, ACCOUNTS, scope=HOME, **wish)
    assert made.headers["Cache-Control"] == "no-store"
    password = _SHOWN.search(made.get_data(as_text=True))
    assert password is not None
    assert "account.create" in deeds(store)
    assert enter(resident, "li.shuji", password[1]).headers["Location"] == "/account/password"
    assert password[1] not in shown(keeper, f"{ACCOUNTS}?q=李书记")
    assert send(keeper, ACCOUNTS, scope=HOME, **wish).status_code == 409


def test_a_workers_account_is_made_from_the_post_and_follows_it(
    keeper: FlaskClient, store: Store
) -> None:
    worker = store.connection.scalar(select(func.min(tables.grid_worker.c.id)))
    wish = {"worker": worker, "login": "wangge1", "role": "worker"}
    assert send(keeper, ACCOUNTS, **wish).status_code == 200
    page = shown(keeper, f"/people/workers/{worker}")
    assert address(store, "wangge1") in page
    twice = send(keeper, ACCOUNTS, **{**wish, "login": "wangge2"})
    assert "已经有账号了" in twice.get_data(as_text=True)
    alone = send(keeper, ACCOUNTS, login="alone", name="某", role="worker")
    assert "要从岗位里开" in alone.get_data(as_text=True)


def test_roles_are_given_with_dates_and_taken_back(
    keeper: FlaskClient, app: APIFlask, store: Store
) -> None:
    other = someone(app, store, "other", None)
    path = address(store, "other")
    given = {"role": "street", "scope": HOME[:9], "since": TODAY, "until": TODAY}
    assert send(keeper, f"{path}/grants", **given).status_code == 303
    assert other.get("/people").status_code == 200
    assert "2026" in shown(keeper, path)
    assert send(keeper, f"{path}/grants", **given).status_code == 409
    assert send(keeper, f"{path}/grants", role="king").status_code == 422
    grant = grant_of(store, "other")
    assert send(keeper, f"{address(store, 'keeper')}/grants/{grant}/end").status_code == 404
    assert send(keeper, f"{path}/grants/{grant}/end").status_code == 303
    assert other.get("/people").status_code == 403
    assert {"grant.give", "grant.take"} <= set(deeds(store))


def test_who_keeps_accounts_does_not_watch_them(
    keeper: FlaskClient, app: APIFlask, store: Store
) -> None:
    someone(app, store, "watcher", Role.AUDITOR)
    path = f"{address(store, 'watcher')}/grants"
    said = send(keeper, path, role="administrator").get_data(as_text=True)
    assert "系统管理员和审计员不能是同一个账号" in said
    mine = send(keeper, f"{address(store, 'keeper')}/grants", role="auditor")
    assert mine.status_code == 409


def test_the_last_administrator_stays(keeper: FlaskClient, app: APIFlask, store: Store) -> None:
    own = address(store, "keeper")
    store.connection.execute(text("delete from account_grant where role = 'administrator'"
                                  " and account_id <> (select id from account"
                                  " where login = 'keeper')"))  # fmt: skip
    grant = grant_of(store, "keeper")
    last = send(keeper, f"{own}/grants/{grant}/end").get_data(as_text=True)
    assert "最后一个系统管理员" in last
    for way in ("disable", "reset"):
        assert "不能停用或重置自己" in send(keeper, f"{own}/{way}").get_data(as_text=True)
    second = someone(app, store, "second", Role.ADMINISTRATOR)
    assert send(second, f"{own}/grants/{grant}/end").status_code == 303
    assert keeper.get(ACCOUNTS).status_code == 403
    assert second.get(ACCOUNTS).status_code == 200


def test_a_reset_and_a_disabled_account_are_out_at_once(
    keeper: FlaskClient, app: APIFlask, store: Store
) -> None:
    other = someone(app, store, "other", Role.CHECKER)
    path = address(store, "other")
    assert "停用" in shown(keeper, path)
    reset = send(keeper, f"{path}/reset")
    assert _SHOWN.search(reset.get_data(as_text=True))
    assert other.get("/account").status_code == 401
    again = someone(app, store, "other", Role.CHECKER)
    assert send(keeper, f"{path}/disable").status_code == 303
    assert again.get("/account").status_code == 401
    assert "已停用" in shown(keeper, f"{ACCOUNTS}?q=other")
    assert send(keeper, f"{path}/enable").status_code == 303
    assert "已停用" not in shown(keeper, f"{ACCOUNTS}?q=other")


def test_somebody_stands_in_for_a_secretary_on_leave(
    keeper: FlaskClient, app: APIFlask, store: Store
) -> None:
    someone(app, store, "shuji", Role.SECRETARY, HOME)
    deputy = someone(app, store, "fushuji", None)
    path = f"{address(store, 'shuji')}/deputy"
    assert send(keeper, path, login="nobody", until=TODAY).status_code == 404
    assert send(keeper, path, login="fushuji").status_code == 422
    assert send(keeper, path, login="FuShuji ", since=TODAY, until=TODAY).status_code == 303
    assert HOME in shown(deputy, "/people")


def test_only_who_keeps_accounts_everywhere_keeps_any(
    client: FlaskClient, keeper: FlaskClient, app: APIFlask, store: Store
) -> None:
    path = address(store, "keeper")
    for one in (client, someone(app, store, "partly", Role.ADMINISTRATOR, HOME)):
        for where in (ACCOUNTS, f"{ACCOUNTS}/new", path):
            assert one.get(where).status_code == 403
        for way in ("reset", "disable", "grants"):
            assert send(one, f"{path}/{way}", role="street").status_code == 403
    bare = keeper.post(f"{path}/reset", headers={"Accept": "text/html"}, data={"x": "y"})
    assert bare.status_code == 403
