"""Signing in, staying in, and getting out: by the form, as a browser does it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pyotp
import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from werkzeug.test import TestResponse

from geodata.db import tables
from geodata.domain.roles import Role
from geodata.errors import WanggeError
from geodata.services import accounts, audit, second_factor
from geodata.services.accounts import Appointment, NewAccount
from geodata.services.sealing import Sealer
from tests import signing
from tests.webmap.conftest import SETTINGS, Store, problem
from webmap import forms
from webmap.app import create_app
from webmap.config import Config, read

NEW = "bofet runaz kilop lamp"
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def secretary(store: Store) -> str:
    """The password of the account `shuji`, which is a community secretary's."""
    return made(store, "shuji", Role.SECRETARY, "610902001003")


def made(store: Store, login: str, role: Role, scope: str = "", **more: Any) -> str:
    now = datetime.now(UTC)
    with store.sessions() as session:
        new = NewAccount(login, login, **{"must_change": False, **more})
        number, password = accounts.create(session, new, now)
        accounts.grant(session, number, Appointment(role, scope, now), None, now)
        session.commit()
    return password


def form_of(client: FlaskClient, path: str) -> str:
    """The token of the forms of a page."""
    page = client.get(path).get_data(as_text=True)
    return page.partition('name="form_token" value="')[2].partition('"')[0]


def enter(client: FlaskClient, login: str, password: str, **more: Any) -> TestResponse:
    headers = more.pop("headers", {})
    said = {"form_token": form_of(client, "/sign-in"), "login": login, "password": password}
    return client.post("/sign-in", data=said | more, headers=headers)


def held(client: FlaskClient) -> str:
    with client.session_transaction() as kept:
        return str(kept.get("token", ""))


def is_in(client: FlaskClient) -> bool:
    return client.get("/api/session").status_code == 200


def test_name_and_password_open_the_page_of_ones_job(resident: FlaskClient, secretary: str) -> None:
    answer = enter(resident, " ShuJi ", secretary)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/?community=610902001003")
    told = resident.get("/api/session").get_json()
    assert told["roles"] == ["secretary"]
    assert told["grants"] == [{"role": "secretary", "scope": "610902001003", "until": None}]
    page = resident.get("/account").get_data(as_text=True)
    assert "社区书记" in page
    assert "610902001003" in page


def test_the_wanted_page_comes_first_and_only_ones_own(
    resident: FlaskClient, app: APIFlask, secretary: str
) -> None:
    assert enter(resident, "shuji", secretary, next="/exports").headers["Location"] == "/exports"
    other = app.test_client()
    away = enter(other, "shuji", secretary, next="//evil.example/")
    assert away.headers["Location"] == "/?community=610902001003"


def test_the_cookie_is_closed_to_scripts_and_other_sites(
    resident: FlaskClient, secretary: str
) -> None:
    cookie = enter(resident, "shuji", secretary).headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie
    secure = create_app(Config("postgresql+psycopg://no@/no", signing.KEY, secure=True))
    assert "__Host-" in secure.config["SESSION_COOKIE_NAME"]
    cookie = (
        secure.test_client().get("/sign-in", base_url="https://localhost").headers["Set-Cookie"]
    )
    assert "Secure" in cookie


def test_a_session_that_was_there_before_is_another_afterwards(
    resident: FlaskClient, secretary: str
) -> None:
    signing.put(resident, "chosen by somebody else")
    enter(resident, "shuji", secretary)
    first = held(resident)
    assert first not in ("", "chosen by somebody else")
    enter(resident.application.test_client(), "shuji", secretary)
    with resident.session_transaction() as kept:
        kept.clear()
    enter(resident, "shuji", secretary)
    assert held(resident) != first


def test_signing_out_ends_it_for_a_copied_cookie_too(
    resident: FlaskClient, app: APIFlask, secretary: str
) -> None:
    enter(resident, "shuji", secretary)
    thief = app.test_client()
    signing.put(thief, held(resident))
    assert is_in(thief)
    left = resident.post("/sign-out", data={"form_token": form_of(resident, "/account")})
    assert left.status_code == 303
    assert not is_in(resident)
    assert not is_in(thief)


@pytest.mark.usefixtures("secretary")
def test_unknown_wrong_and_disabled_are_answered_the_same(
    resident: FlaskClient, store: Store
) -> None:
    gone = made(store, "gone", Role.CHECKER)
    with store.sessions() as session:
        accounts.disable(session, accounts.number_of(session, "gone"), datetime.now(UTC))
        session.commit()

    def answered(login: str, password: str) -> tuple[int, str]:
        answer = enter(resident, login, password)
        page = answer.get_data(as_text=True).replace(login, "")
        return answer.status_code, page.replace(form_of(resident, "/sign-in"), "")

    wrong = answered("shuji", "not the password")
    assert wrong[0] == 401
    assert answered("nobody", "not the password") == wrong
    assert answered("gone", gone) == wrong


@pytest.mark.parametrize("login", ["shuji", "nobody-at-all"])
def test_ten_failures_lock_for_the_right_password_and_any_header(
    resident: FlaskClient, app: APIFlask, store: Store, secretary: str, login: str
) -> None:
    for n in range(10):
        where = {"X-Forwarded-For": f"10.0.0.{n}", "Forwarded": f"for=10.0.1.{n}"}
        assert enter(resident, login, f"wrong {n}", headers=where).status_code == 401
    other = app.test_client()
    for password in (secretary, "wrong"):
        answer = enter(other, login, password, headers={"X-Forwarded-For": "192.0.2.1"})
        assert answer.status_code == 429
        assert "15 分钟" in answer.get_data(as_text=True)
    at = tables.sign_in_attempt.c
    store.connection.execute(
        update(tables.sign_in_attempt).values(at=at.at - timedelta(minutes=16))
    )
    expected = 303 if login == "shuji" else 401
    assert enter(other, login, secretary).status_code == expected


def test_what_was_typed_as_a_name_is_not_kept_in_clear(resident: FlaskClient, store: Store) -> None:
    enter(resident, "my-password-by-mistake", "x")
    kept = store.connection.execute(select(tables.sign_in_attempt)).mappings().all()
    assert kept
    assert "my-password" not in repr(kept)


def test_a_form_without_our_token_is_refused(resident: FlaskClient, secretary: str) -> None:
    said = {"login": "shuji", "password": secretary}
    problem(resident.post("/sign-in", data=said), 403, "form_stale")
    form_of(resident, "/sign-in")
    problem(resident.post("/sign-in", data=said | {"form_token": "x"}), 403, "form_stale")
    assert not is_in(resident)


def test_other_sites_sign_nobody_in_or_out(resident: FlaskClient, secretary: str) -> None:
    evil = {"Origin": "https://evil.example"}
    problem(enter(resident, "shuji", secretary, headers=evil), 403, "foreign_page")
    enter(resident, "shuji", secretary)
    problem(resident.post("/sign-out", headers=evil, content_type=FORM), 403, "foreign_page")
    problem(resident.post("/sign-out", content_type=FORM), 403, "form_stale")
    assert resident.get("/sign-out").status_code == 405
    assert is_in(resident)


def test_a_first_password_opens_nothing_but_its_change(resident: FlaskClient, store: Store) -> None:
    first = made(store, "xinren", Role.DISTRICT, must_change=True)
    assert (
        enter(resident, "xinren", first, next="/exports").headers["Location"] == "/account/password"
    )
    problem(resident.get("/api/issues"), 403, "password_must_change")
    page = resident.get("/exports", headers={"Accept": "text/html"})
    assert page.headers["Location"] == "/account/password"
    assert changed(resident, first, NEW).headers["Location"] == "/coverage"
    assert resident.get("/exports").status_code == 200


def changed(client: FlaskClient, old: str, new: str, again: str | None = None) -> TestResponse:
    said = {"old": old, "new": new, "again": new if again is None else again}
    token = form_of(client, "/account/password")
    return client.post("/account/password", data=said | {"form_token": token})


def test_a_new_password_ends_the_other_sessions_and_renames_this_one(
    resident: FlaskClient, app: APIFlask, secretary: str
) -> None:
    other = app.test_client()
    for client in (resident, other):
        enter(client, "shuji", secretary)
    before = held(resident)
    assert changed(resident, secretary, NEW).status_code == 303
    assert held(resident) != before
    assert is_in(resident)
    assert not is_in(other)
    copied = app.test_client()
    signing.put(copied, before)
    assert not is_in(copied)
    assert enter(other, "shuji", secretary).status_code == 401
    assert enter(other, "shuji", NEW).status_code == 303


@pytest.mark.parametrize(
    ("old", "new", "again", "said"),
    [
        ("wrong", NEW, NEW, "现在的密码不对"),
        ("", NEW, NEW, "现在的密码不对"),
        ("right", NEW, "other", "两次填的新密码不一样"),
        ("right", "short", "short", "至少要 12 个字符"),
        ("right", "password1234", "password1234", "太容易猜到"),
        ("right", "shuji lamp brook 7", "shuji lamp brook 7", "不能有登录名"),
        ("right", "right", "right", "和现在的一样"),
    ],
)
def test_a_bad_new_password_is_told_why(
    resident: FlaskClient, secretary: str, old: str, new: str, again: str, said: str
) -> None:
    enter(resident, "shuji", secretary)
    words = [secretary if word == "right" else word for word in (old, new, again)]
    answer = changed(resident, *words)
    assert answer.status_code == 422
    assert said in answer.get_data(as_text=True)
    assert is_in(resident)


def aged(store: Store, **values: Any) -> None:
    store.connection.execute(update(tables.account_session).values(**values))


@pytest.mark.parametrize(
    "values",
    [
        {"seen_at": datetime.now(UTC) - timedelta(minutes=31)},
        {"expires_at": datetime.now(UTC) - timedelta(seconds=1)},
        {"revoked_at": datetime.now(UTC)},
    ],
)
def test_old_sessions_are_over(
    resident: FlaskClient, store: Store, secretary: str, values: dict[str, Any]
) -> None:
    enter(resident, "shuji", secretary)
    aged(store, **values)
    problem(resident.get("/api/session"), 401, "sign_in_needed")


def test_use_keeps_a_session_alive_but_not_beyond_its_day(
    resident: FlaskClient, store: Store, secretary: str
) -> None:
    enter(resident, "shuji", secretary)
    aged(store, seen_at=datetime.now(UTC) - timedelta(minutes=20))
    assert is_in(resident)
    at = tables.account_session.c
    row = store.connection.execute(
        select(at.seen_at, at.created_at, at.expires_at)
        .where(at.token_hash != "")
        .order_by(at.id.desc())
    ).first()
    assert row is not None
    assert datetime.now(UTC) - row.seen_at < timedelta(minutes=1)
    assert row.expires_at - row.created_at == timedelta(hours=12)


def as_administrator(store: Store, act: Callable[..., object]) -> None:
    with store.sessions() as session:
        act(session, accounts.number_of(session, "shuji"), datetime.now(UTC))
        session.commit()


@pytest.mark.parametrize("act", [accounts.disable, accounts.reset])
def test_disabling_and_resetting_end_the_session_at_once(
    resident: FlaskClient, store: Store, secretary: str, act: Callable[..., object]
) -> None:
    enter(resident, "shuji", secretary)
    assert is_in(resident)
    as_administrator(store, act)
    assert not is_in(resident)


def test_a_role_that_ends_ends_at_the_next_request(
    resident: FlaskClient, store: Store, secretary: str
) -> None:
    enter(resident, "shuji", secretary)
    assert resident.get("/exports").status_code == 200
    at = tables.account_grant.c
    number = store.connection.scalar(select(func.max(at.id)))
    with store.sessions() as session:
        accounts.end_grant(session, int(number or 0), datetime.now(UTC))
        session.commit()
    problem(resident.get("/exports"), 403, "not_allowed")


def test_ones_other_sessions_are_seen_and_ended(
    resident: FlaskClient, app: APIFlask, secretary: str
) -> None:
    other, third = app.test_client(), app.test_client()
    enter(other, "shuji", secretary, headers={"User-Agent": "Mozilla/5.0 (Android) Chrome/1"})
    enter(third, "shuji", secretary)
    enter(resident, "shuji", secretary)
    page = resident.get("/account").get_data(as_text=True)
    assert "Chrome · Android" in page
    number = page.partition('name="session" value="')[2].partition('"')[0]
    token = form_of(resident, "/account")
    resident.post("/account/sessions", data={"form_token": token, "session": number})
    assert [is_in(one) for one in (other, third)].count(False) == 1
    resident.post("/account/sessions", data={"form_token": token, "session": "others"})
    assert [is_in(one) for one in (resident, other, third)] == [True, False, False]


def test_nobody_ends_the_sessions_of_others(
    resident: FlaskClient, client: FlaskClient, store: Store, secretary: str
) -> None:
    enter(resident, "shuji", secretary)
    number = store.connection.scalar(select(func.max(tables.account_session.c.id)))
    said = {"form_token": "form", "session": str(number)}
    problem(client.post("/account/sessions", data=said), 404, "no_session")
    assert is_in(resident)


def test_programs_sign_in_by_json_and_hold_a_token(
    resident: FlaskClient, app: APIFlask, secretary: str
) -> None:
    said = {"login": "shuji", "password": "wrong"}
    problem(resident.post("/api/session", json=said), 401, "sign_in_failed")
    answer = resident.post("/api/session", json=said | {"password": secretary})
    assert answer.status_code == 201
    bearer = {"Authorization": f"Bearer {answer.get_json()['token']}"}
    program = app.test_client()
    assert program.get("/api/issues", headers=bearer).status_code == 200
    assert program.delete("/api/session", headers=bearer, json={}).status_code == 200
    problem(program.get("/api/issues", headers=bearer), 401, "sign_in_needed")


def test_a_second_factor_is_asked_for_and_good_once(
    resident: FlaskClient, app: APIFlask, store: Store, secretary: str
) -> None:
    enter(resident, "shuji", secretary)
    page = resident.get("/account/second-factor").get_data(as_text=True)
    offer = page.partition('name="offer" value="')[2].partition('"')[0]
    secret = page.partition("secret=")[2].partition("&")[0]
    assert "data:image/svg+xml" in page
    now = datetime.now(UTC).timestamp()
    token = form_of(resident, "/account")
    said = {"form_token": token, "offer": offer, "code": "000000"}
    assert resident.post("/account/second-factor", data=said).status_code == 409
    said["code"] = pyotp.TOTP(secret).at(int(now))
    codes = resident.post("/account/second-factor", data=said).get_data(as_text=True)
    recovery = codes.partition('<li class="code">')[2].partition("<")[0]

    other = app.test_client()
    assert enter(other, "shuji", secretary).headers["Location"] == "/sign-in/code"
    assert not is_in(other)

    def coded(code: str) -> TestResponse:
        token = form_of(other, "/sign-in/code")
        return other.post("/sign-in/code", data={"form_token": token, "code": code})

    assert coded("123456").status_code == 401
    assert coded(said["code"]).status_code == 401, "a code that was used to enrol is used up"
    assert coded(pyotp.TOTP(secret).at(int(now) + 30)).status_code == 303
    assert is_in(other)

    third = app.test_client()
    for expected in (201, 401):
        answer = third.post(
            "/api/session", json={"login": "shuji", "password": secretary, "code": recovery}
        )
        assert answer.status_code == expected
    stored = store.connection.execute(select(tables.account.c.totp_secret)).scalars().all()
    assert secret not in repr(stored)


def test_wrong_codes_lock_as_wrong_passwords_do(
    resident: FlaskClient, store: Store, secretary: str
) -> None:
    secret = second_factor.new_secret()
    with store.sessions() as session:
        now = datetime.now(UTC)
        number = accounts.number_of(session, "shuji")
        code = pyotp.TOTP(secret).at(int(now.timestamp()))
        second_factor.enrol(session, number, secret, code, Sealer(SETTINGS.field_key), now)
        session.commit()
    said = {"login": "shuji", "password": secretary, "code": "000000"}
    statuses = [resident.post("/api/session", json=said).status_code for _ in range(11)]
    assert statuses == [401] * 10 + [429]


def test_the_trail_tells_who_came_who_could_not_and_who_left(
    resident: FlaskClient, store: Store, secretary: str
) -> None:
    typed = "a-password-typed-as-a-name"
    for login, password in (("shuji", "wrong"), (typed, "x"), ("shuji", secretary)):
        enter(resident, login, password)
    said = {"form_token": form_of(resident, "/account"), "which": "others", "session": "others"}
    resident.post("/account/sessions", data=said)
    resident.post("/sign-out", data={"form_token": form_of(resident, "/account")})
    with store.sessions() as session:
        rows, _ = audit.page(session, audit.Wanted(), None, 50)
    told = [(row["action"], row["actor"], row["result"], row["source"]) for row in reversed(rows)]
    assert told == [
        ("session.begin", "shuji", "refused", "127.0.0.1"),
        ("session.begin", None, "refused", "127.0.0.1"),
        ("session.begin", "shuji", "done", "127.0.0.1"),
        ("account.sessions", "shuji", "done", "127.0.0.1"),
        ("session.end", "shuji", "done", "127.0.0.1"),
    ]
    assert typed not in repr(rows)


def test_signing_in_is_counted_by_address(store: Store) -> None:
    app = create_app(replace(SETTINGS, rate=0.05), store.sessions)
    said = {"login": "nobody-here", "password": "x"}
    codes = []
    for n in range(8):
        name = said | {"login": f"nobody-{n}"}
        codes.append(app.test_client().post("/api/session", json=name).status_code)
    assert codes == [401] * 6 + [429] * 2


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("WANGGE_SECRET_KEY", "short"), ("WANGGE_SECRET_KEY", "x" * 50)),
        *(("WANGGE_FIELD_KEY", ""), ("WANGGE_FIELD_KEY", "ab" * 20)),
        *(("WANGGE_SESSION_IDLE", "31"), ("WANGGE_SESSION_HOURS", "0")),
        *(("WANGGE_PASSWORD_RULE", "none"), ("WANGGE_OIDC_ISSUER", "https://id.example")),
    ],
)
def test_the_web_does_not_start_with_weak_settings(name: str, value: str) -> None:
    good = {
        "WANGGE_DATABASE_URL": "postgresql://no@/no",
        "WANGGE_SECRET_KEY": signing.KEY,
        "WANGGE_FIELD_KEY": signing.KEY,
    }
    assert read(good).policy.idle == timedelta(minutes=30)
    with pytest.raises(WanggeError):
        read(good | {name: value})


@pytest.mark.parametrize("login", ["a\0b", "a\x1b[31m"])
def test_signs_that_no_person_types_are_refused(resident: FlaskClient, login: str) -> None:
    with resident.session_transaction() as kept:
        kept[forms.FIELD] = "form"
    form = {forms.FIELD: "form", "login": login, "password": "x" * 12}
    assert resident.post("/sign-in", data=form).status_code == 400
    said = {"login": login, "password": "x" * 12}
    assert resident.post("/api/session", json=said).status_code in (401, 422)


def test_who_has_a_token_signs_out_without_a_body(client: FlaskClient) -> None:
    assert client.delete("/api/session").status_code == 200
    assert client.get("/api/session").status_code == 401
