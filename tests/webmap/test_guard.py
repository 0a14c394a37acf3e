"""No door without a guard: every route says what it wants, and is asked by everybody."""

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient

from geodata.domain.roles import Action, Role
from tests.webmap.conftest import Store, problem, someone
from tests.webmap.routes import walked
from webmap.guard import mark_of, own_path

PUBLIC = {
    *("/", "/report", "/about", "/issues/<uuid:public_id>", "/maps/<name>.js"),
    *("/texts/<language>.json", "/healthz", "/readyz", "/openapi.json", "/static/<path:filename>"),
    *("/api/district", "/api/at", "/api/streets", "/api/geocode", "/api/issues/<uuid:public_id>"),
    *("/api/layers/streets", "/api/layers/communities", "/api/layers/grids"),
    *("/api/layers/uncovered", "/tiles/base/<int:z>/<int:x>/<int:y>.mvt"),
    *("/api/history/grids", "/api/history/moments", "/api/history/at"),
    *("/api/history/days", "/api/history/days/<day>", "/history"),
    *("/track", "/notices", "/notices.atom", "/notices/<uuid:public_id>", "/api/bulletins"),
    *("/report/offline", "/my-grid/offline", "/offline-worker.js"),
    *("/sign-in", "/sign-in/code", "/sign-in/sso", "/sign-in/sso/back", "/sign-out"),
}
"""What a stranger may open; a new address is not among them unless it is written here."""

ALSO_POSTED = {
    *("/api/issues", "/api/session", "/api/photos"),
    *("/api/issues/preview", "/api/issues/<uuid:public_id>/join"),
    *("/api/issues/follow", "/api/issues/<uuid:public_id>/reply"),
    "/api/issues/<uuid:public_id>/own",
    "/api/issues/<uuid:public_id>/photos",
    "/api/issues/<uuid:public_id>/photos/<uuid:photo>",
}
"""Addresses that a stranger may post to: a report, what one says of it later, and signing in."""


def is_asset(rule: str) -> bool:
    return rule.startswith("/static/v")


def test_every_route_is_guarded(app: APIFlask) -> None:
    bare = [r.rule for r in app.url_map.iter_rules() if mark_of(app, r.endpoint) is False]
    assert bare == []


def test_what_is_public_is_written_down(app: APIFlask) -> None:
    opened = {
        rule.rule
        for rule in app.url_map.iter_rules()
        if mark_of(app, rule.endpoint) is True and not is_asset(rule.rule)
    }
    assert opened == PUBLIC | ALSO_POSTED


def test_a_stranger_gets_nothing_else(resident: FlaskClient, app: APIFlask, store: Store) -> None:
    for route in walked(app, store):
        if route.rule in PUBLIC or is_asset(route.rule):
            continue
        for method in route.methods - {"OPTIONS"}:
            if method == "POST" and route.rule in ALSO_POSTED:
                continue
            kind = "multipart/form-data" if route.rule in ("/api/imports", "/api/loads") else None
            answer = resident.open(
                route.url, method=method, buffered=True, content_type=kind or "application/json"
            )
            assert answer.status_code in (401, 403, 415), (route, method, answer.status_code)
            assert b'"items"' not in answer.data


def test_an_account_without_a_role_gets_no_more(app: APIFlask, store: Store) -> None:
    client = someone(app, store, "bare", None)
    for route in walked(app, store):
        guarded = route.rule not in PUBLIC and not is_asset(route.rule)
        own = route.rule.startswith(("/account", "/api/session", "/api/notices"))
        if guarded and not own and "GET" in route.methods:
            problem(client.get(route.url, buffered=True), 403, "not_allowed")


@pytest.mark.parametrize(
    ("role", "opens", "shut"),
    [
        (
            Role.ADMINISTRATOR,
            ["/loads", "/quality"],
            ["/api/issues", "/exports", "/imports", "/audit"],
        ),
        (
            Role.AUDITOR,
            ["/account", "/audit", "/api/audit"],
            ["/api/issues", "/loads", "/api/search?q=路", "/ogc"],
        ),
        (Role.DISPATCHER, ["/imports", "/api/issues"], ["/loads", "/exports", "/quality"]),
        (Role.CHECKER, ["/api/issues/counts"], ["/imports", "/exports"]),
        (Role.SECRETARY, ["/exports", "/imports", "/quality"], ["/loads", "/api/loads"]),
    ],
)
def test_each_role_opens_its_own_doors(
    app: APIFlask, store: Store, role: Role, opens: list[str], shut: list[str]
) -> None:
    client = someone(app, store, str(role), role)
    for path in opens:
        assert client.get(path, buffered=True).status_code == 200, path
    for path in shut:
        problem(client.get(path, buffered=True), 403, "not_allowed")
    page = client.get("/").get_data(as_text=True)
    assert ('href="/imports"' in page) == ("/imports" in opens)


def test_a_person_is_led_to_sign_in_and_a_program_is_told(resident: FlaskClient) -> None:
    page = resident.get("/exports?layer=grids", headers={"Accept": "text/html"})
    assert (page.status_code, page.headers["Location"]) == (
        302,
        "/sign-in?next=/exports%3Flayer%3Dgrids",
    )
    told = resident.get("/api/issues", headers={"Accept": "text/html"})
    problem(told, 401, "sign_in_needed")
    assert "Bearer" in told.headers["WWW-Authenticate"]


def test_the_public_sees_the_ground_without_figures_and_names(
    resident: FlaskClient, client: FlaskClient
) -> None:
    grids = resident.get("/api/layers/grids").get_json()["features"]
    assert len(grids) > 500
    assert {*grids[0]["properties"]} == {"code", "name", "kind", "community", "label"}
    assert "households" in client.get("/api/layers/grids").get_json()["features"][0]["properties"]
    lon, lat = grids[0]["properties"]["label"]
    at = resident.get(f"/api/at?lon={lon}&lat={lat}").get_data(as_text=True)
    assert "grid" in at
    for hidden in ("households", "residents", "workers", "secretary", "open_issues", "party_group"):
        assert hidden not in at
    assert resident.get("/api/district").get_json()["totals"] == {}


def test_the_public_follows_an_issue_without_names(
    resident: FlaskClient, client: FlaskClient
) -> None:
    known = client.get("/api/issues?limit=1").get_json()["items"][0]["id"]
    told, whole = (one.get(f"/api/issues/{known}").get_json() for one in (resident, client))
    assert told["text"] == whole["text"]
    assert told["workers"] is None
    assert not any(event["note"] for event in told["events"])
    assert not {"candidates", "located"} & {name for name, value in told.items() if value}


def test_the_public_map_asks_for_no_issues(resident: FlaskClient) -> None:
    page = resident.get("/").get_data(as_text=True)
    assert 'data-tool="tiers"' in page
    assert 'data-tool="issues"' not in page
    assert "/sign-in" in page


def test_answers_for_one_person_are_not_kept_for_another(
    resident: FlaskClient, client: FlaskClient
) -> None:
    assert client.get("/api/issues").headers["Cache-Control"].startswith("private")
    for one in (client, resident):
        assert "Cookie" in one.get("/api/layers/grids").headers["Vary"]
    mine = client.get("/api/layers/grids").headers["ETag"]
    assert resident.get("/api/layers/grids", headers={"If-None-Match": mine}).status_code == 200


@pytest.mark.parametrize(
    "wanted",
    [
        *("https://evil.example/", "//evil.example", "/\\evil.example", "\\\\evil.example"),
        *("javascript:alert(1)", "http:evil.example", "/\t/evil.example", "/ /evil.example", ""),
        *("evil.example", "/\n/evil.example", "/sign-in?next=/", "/" + "x" * 600, "///evil"),
    ],
)
def test_nobody_is_led_elsewhere(wanted: str) -> None:
    assert own_path(wanted) == "/"


@pytest.mark.parametrize("wanted", ["/", "/exports?layer=grids", "/?grid=610902001003001#15/1/2"])
def test_own_paths_are_kept(wanted: str) -> None:
    assert own_path(wanted) == wanted


def test_actions_of_doors_are_those_of_the_table(app: APIFlask) -> None:
    marks = {mark_of(app, rule.endpoint) for rule in app.url_map.iter_rules()}
    assert {mark for mark in marks if mark is not True} <= set(Action)
