"""The city's single sign-on opens existing accounts and nothing else."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient
from joserfc.jwk import RSAKey
from sqlalchemy import update
from sqlalchemy.orm import Session, sessionmaker

from geodata.db import tables
from geodata.domain.roles import Role
from tests import signing
from tests.webmap import issuer
from tests.webmap.conftest import SETTINGS, Store, problem
from tests.webmap.issuer import CLIENT, SECRET, Issuer
from webmap.app import create_app
from webmap.config import SingleSignOn


@pytest.fixture(scope="module")
def city() -> Iterator[Issuer]:
    with issuer.running() as running:
        yield running


@pytest.fixture
def browser(city: Issuer, store: Store, rebound: sessionmaker[Session]) -> FlaskClient:
    """A browser on an application that knows the provider, with one account that it knows."""
    with store.sessions() as session:
        signing.account(session, "shuji", Role.SECRETARY, "610902001003", subject="shuji@city")
        session.commit()
    settings = replace(SETTINGS, single_sign_on=SingleSignOn(city.url, CLIENT, SECRET))
    return create_app(settings, rebound).test_client()


def back(browser: FlaskClient, city: Issuer, wanted: str = "/exports") -> str:
    """Leave for the provider; where it sends the browser back to."""
    left = browser.get(f"/sign-in/sso?next={wanted}")
    assert left.status_code == 302
    assert left.headers["Location"].startswith(f"{city.url}/authorize?")
    return city.authorize(left.headers["Location"])


def is_in(browser: FlaskClient) -> bool:
    return browser.get("/api/session").status_code == 200


def test_whom_the_provider_vouches_for_is_in(browser: FlaskClient, city: Issuer) -> None:
    assert "统一认证" in browser.get("/sign-in").get_data(as_text=True)
    answer = browser.get(back(browser, city))
    assert (answer.status_code, answer.headers["Location"]) == (303, "/exports")
    assert browser.get("/api/session").get_json()["name"] == "shuji"
    assert city.asked["redirect_uri"] == "http://localhost/sign-in/sso/back"
    assert {"state", "nonce", "code_challenge"} <= city.asked.keys()


def test_a_stranger_gets_no_account(
    browser: FlaskClient, city: Issuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(city, "subject", "stranger@city")
    problem(browser.get(back(browser, city)), 403, "sign_in_unknown")
    assert not is_in(browser)


def test_a_disabled_account_stays_shut(browser: FlaskClient, city: Issuer, store: Store) -> None:
    store.connection.execute(update(tables.account).values(disabled_at=datetime.now(UTC)))
    problem(browser.get(back(browser, city)), 403, "sign_in_unknown")


def test_a_foreign_state_is_refused(browser: FlaskClient, city: Issuer) -> None:
    path = back(browser, city)
    forged = path.partition("&state=")[0] + "&state=forged"
    problem(browser.get(forged), 403, "sso_failed")
    problem(browser.application.test_client().get(path), 403, "sso_failed")
    assert not is_in(browser)


def test_a_code_is_good_once(browser: FlaskClient, city: Issuer) -> None:
    path = back(browser, city)
    assert browser.get(path).status_code == 303
    problem(browser.get(path), 403, "sso_failed")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("nonce", "of another sign-in"),
        ("audience", "another application"),
        ("key", RSAKey.generate_key(2048, {"kid": "1"})),
    ],
)
def test_a_token_that_is_not_for_us_is_refused(
    browser: FlaskClient,
    city: Issuer,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    value: object,
) -> None:
    monkeypatch.setattr(city, name, value)
    problem(browser.get(back(browser, city)), 403, "sso_failed")
    assert not is_in(browser)


def test_a_silent_provider_is_said_to_be(store: Store, rebound: sessionmaker[Session]) -> None:
    del store
    settings = SingleSignOn("http://127.0.0.1:9", CLIENT, SECRET)
    browser = create_app(replace(SETTINGS, single_sign_on=settings), rebound).test_client()
    problem(browser.get("/sign-in/sso"), 403, "sso_failed")
    assert browser.get("/sign-in").status_code == 200
