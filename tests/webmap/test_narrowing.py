"""One filter narrows the list, the points, the clusters and the counts alike."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from geodata.db import issue_marks, tables
from geodata.db import issues as counting
from geodata.services import issues
from tests.webmap.conftest import Store, problem
from tests.webmap.test_issues import listed

HERE = ZoneInfo("Asia/Shanghai")
FILTERS: list[dict[str, Any]] = [
    {},
    {"street": "610902002"},
    {"category": "ENV", "street": "610902001"},
    {"community": "610902002012"},
    {"overdue": "true"},
    {"period": "year", "category": "LAMP"},
    {"since": "2026-01-01", "until": "2026-10-15", "street": "610902003"},
    {"channel": "web"},
    {"channel": "12345", "category": "ENV"},
    {"status": "closed", "street": "610902001"},
    {"status": "dispatched"},
    {"words": "垃圾"},
]


def counted(client: FlaskClient, **query: Any) -> dict[str, Any]:
    counts = client.get("/api/issues/counts", query_string=query).get_json()
    assert isinstance(counts, dict)
    return counts


@pytest.mark.parametrize("query", FILTERS, ids=str)
def test_counts_say_how_much_each_state_lists(client: FlaskClient, query: dict[str, str]) -> None:
    counts = counted(client, **query)
    for state in issues.STATES:
        assert len(listed(client, state=state, limit=200, **query)) == counts[state], state
    assert len(listed(client, limit=200, **query)) == counts["all"]


@pytest.mark.parametrize("query", FILTERS, ids=str)
def test_list_points_and_clusters_show_the_same(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, query: dict[str, str]
) -> None:
    placed = {item["id"] for item in listed(client, limit=200, **query) if item["lon"]}
    points = client.get("/api/issues/points", query_string=query).get_json()
    assert {one["properties"]["id"] for one in points["features"]} == placed
    monkeypatch.setattr(issues, "FEW_POINTS", 0)
    clusters = client.get("/api/issues/points", query_string=query).get_json()
    assert sum(one["properties"]["count"] for one in clusters["features"]) == len(placed)


def test_what_is_not_counted_to_its_end_says_so(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of what no tally knows; what one knows is exact however much it is."""
    query = {"period": "year"}
    whole, drawn = counted(client, **query), len(listed(client, state="open", limit=200, **query))
    assert whole["more"] == []
    for place in (counting, issue_marks):
        monkeypatch.setattr(place, "MOST_COUNTED", 3)
    cut = counted(client, **query)
    more = {name for name in ("open", "closed", "unplaced") if whole[name] > 3} | {"all"}
    assert set(cut.pop("more")) - {"escalated"} == more > {"open", "all"}
    assert cut == {**{name: min(whole[name], 3) for name in issues.STATES}, "all": 6}
    assert counted(client, street="610902002")["more"] == []
    monkeypatch.setattr(issues, "FEW_POINTS", 0)
    shown = client.get("/api/issues/points", query_string=query).get_json()
    assert shown["upto"] == 3
    assert all(one["properties"]["more"] for one in shown["features"])
    counts = sum(one["properties"]["count"] for one in shown["features"])
    assert drawn < counts <= drawn + 4
    known = client.get("/api/issues/points").get_json()
    assert known["upto"] is None
    assert not any(one["properties"]["more"] for one in known["features"])


def test_clusters_of_a_view_count_what_lies_in_its_grids(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(issues, "FEW_POINTS", 0)
    far = client.get("/api/issues/points?bbox=100,30,101,31").get_json()
    assert far["features"] == []
    every = client.get("/api/issues/points").get_json()["features"]
    whole = client.get("/api/issues/points?bbox=100,30,120,40").get_json()["features"]
    assert sum(one["properties"]["count"] for one in whole) == sum(
        one["properties"]["count"] for one in every
    )


def test_a_street_has_the_issues_of_its_communities(client: FlaskClient) -> None:
    items = listed(client, street="610902002", limit=200)
    assert {item["community"]["code"][:9] for item in items} == {"610902002"}
    assert len({item["community"]["code"] for item in items}) > 3
    assert listed(client, street="610902001", community="610902002012") == []


def test_days_are_those_of_the_district(client: FlaskClient, store: Store) -> None:
    at = tables.issue.c
    first = store.connection.scalars(select(at.public_id).order_by(at.id).limit(1)).one()
    midnight = datetime.now(HERE).replace(hour=0, minute=0, second=0, microsecond=0)
    for moment, listed_today in ((midnight, True), (midnight - timedelta(seconds=1), False)):
        store.connection.execute(
            update(tables.issue).where(at.public_id == first).values(reported_at=moment)
        )
        today = {UUID(item["id"]) for item in listed(client, period="today", limit=200)}
        day = moment.date().isoformat()
        that_day = {UUID(item["id"]) for item in listed(client, since=day, until=day, limit=200)}
        assert (first in today) == listed_today
        assert first in that_day


def test_only_what_is_past_its_deadline_is_overdue(client: FlaskClient, store: Store) -> None:
    items = listed(client, overdue="true", limit=200)
    late = store.connection.scalar(
        select(func.count()).where(
            tables.issue.c.is_open, tables.issue.c.due_at < datetime.now(UTC)
        )
    )
    assert len(items) == late
    assert all(item["overdue"] for item in items)
    assert listed(client, overdue="true", state="closed") == []


@pytest.mark.parametrize(
    ("query", "code", "told"),
    [
        ("category=NOPE", "no_category", "NOPE"),
        ("street=610902999", "no_street", "610902999"),
        ("community=610902001999", "no_community", "610902001999"),
        ("grid=610902001003999", "no_grid", "610902001003999"),
    ],
)
@pytest.mark.parametrize("path", ["/api/issues", "/api/issues/points", "/api/issues/counts"])
def test_a_code_that_nothing_has_is_named(
    client: FlaskClient, path: str, query: str, code: str, told: str
) -> None:
    assert told in problem(client.get(f"{path}?{query}"), 404, code)["title"]


def test_days_in_the_wrong_order_and_two_ways_at_once_are_refused(client: FlaskClient) -> None:
    backwards = client.get("/api/issues?since=2026-03-02&until=2026-03-01")
    told = problem(backwards, 400, "days_backwards")["title"]
    assert "2026-03-02" in told
    assert "2026-03-01" in told
    problem(client.get("/api/issues?period=7d&since=2026-03-02"), 400, "period_twice")


@pytest.mark.parametrize(
    "query",
    [
        "state=late",
        "period=8d",
        "since=yesterday",
        "until=2026-02-30",
        "overdue=perhaps",
        "street=x y",
    ],
)
def test_what_no_filter_knows_is_refused(client: FlaskClient, query: str) -> None:
    problem(client.get(f"/api/issues?{query}"), 422, "invalid_request")


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_the_ends_of_the_calendar_are_days_too(client: FlaskClient, day: str) -> None:
    for query in (f"since={day}", f"until={day}"):
        assert client.get(f"/api/issues?{query}").status_code == 200
