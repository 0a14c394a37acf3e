"""Every route is tried by every role, and answers as the table of roles says."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final

import pytest
from apiflask import APIFlask
from flask import g, request
from flask.testing import FlaskClient

from geodata.domain.roles import ANYBODY, NOBODY, SIGNED_IN, TABLE, Action, Actor, Grant, Role
from tests.webmap.conftest import SETTINGS, Store
from tests.webmap.routes import walked
from webmap import forms
from webmap.app import create_app
from webmap.guard import mark_of

LONG_AGO: Final = datetime(2020, 1, 1, tzinfo=UTC)
FILES: Final = ("/api/imports", "/api/loads", "/api/photos", "/people/roster")
DISTRICT: Final = Grant(Role.DISTRICT, "", LONG_AGO)
GIVEN: Final[Any] = {"posts": ("610902001003001",), "department": "区城市管理执法局"}
PEOPLE: Final = {
    **{str(role): Actor(1, role, (Grant(role, "610902", LONG_AGO, **GIVEN),)) for role in Role},
    "nobody": NOBODY,
    "bare": Actor(1, "bare"),
    "back": Actor(1, "back", (Grant(Role.DISTRICT, "", LONG_AGO, LONG_AGO, deputy_of=2),)),
    "postless": Actor(1, "postless", (Grant(Role.WORKER, "", LONG_AGO),)),
    "new": Actor(1, "new", (DISTRICT,), must_change=True),
}
"""One of each role; a stranger; somebody with no role, with leave cover that is over, with no
post; and one whose first password is still to be changed."""


def allowed(name: str) -> frozenset[Action]:
    """What the table says of them, read by itself."""
    if name in list(Role):
        return SIGNED_IN | TABLE[Role(name)]
    if name == "nobody":
        return ANYBODY
    return SIGNED_IN if name != "new" else frozenset({Action.OWN_ACCOUNT})


@pytest.fixture(scope="module")
def hollow(app: APIFlask) -> APIFlask:
    """The application with all its doors, and nothing behind them but a word."""
    made = create_app(SETTINGS)
    for endpoint, view in app.view_functions.items():
        made.view_functions[endpoint] = _word(view)
    made.before_request_funcs[None].insert(0, _as_told)
    return made


def _word(view: Callable[..., object]) -> Callable[..., str]:
    def behind(**_: object) -> str:
        return "behind the door"

    behind.__dict__.update(view.__dict__)
    return behind


def _as_told() -> None:
    g.actor, g.denied = PEOPLE[request.headers["X-As"]], True


def knock(client: FlaskClient, name: str, url: str, method: str, rule: str) -> int:
    form = forms.FORM if not rule.startswith("/api") else "application/json"
    kind = "multipart/form-data" if rule in FILES else form
    said = {forms.FIELD: "form"} if form == forms.FORM and method == "POST" else None
    answer = client.open(
        url, method=method, data=said, content_type=kind, headers={"X-As": name}, buffered=True
    )
    return answer.status_code


@pytest.mark.parametrize("name", PEOPLE)
def test_each_door_opens_to_whom_the_table_says(
    hollow: APIFlask, app: APIFlask, store: Store, name: str
) -> None:
    client = hollow.test_client()
    with client.session_transaction() as kept:
        kept[forms.FIELD] = "form"
    shut = 401 if name == "nobody" else 403
    for route in walked(app, store):
        mark = mark_of(app, route.endpoint)
        expected = 200 if mark is True or mark in allowed(name) else shut
        for method in route.methods - {"OPTIONS"}:
            assert knock(client, name, route.url, method, route.rule) == expected, (route, method)
