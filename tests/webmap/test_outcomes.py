"""From a figure to its issues: the list behind each numerator and denominator is just that many."""

import re
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from tests.webmap.conftest import Store, problem
from tests.webmap.test_coverage_reports import SPAN
from tests.webmap.test_issues import listed

LINK = re.compile(r'<a href="/desk\?([^"]+)">(?:没按期的 )?([\d,]+)(?: 件)?</a>')

SHIFTED = text("""
    update issue set closed_at = due_at + interval '1 hour'
    where id in (select id from issue where closed_at <= due_at order by id limit 40)
""")
WORKED = text("""
    insert into issue_event (issue_id, at, actor, kind, status)
    select id, due_at - interval '1 minute' * (id % 3 - 1), 'a', 'handle', 'handled'
    from issue where closed_at > due_at
    union all
    select id, reported_at + interval '1 minute', 'a', 'rework', 'reworked'
    from issue where closed_at > due_at and id % 2 = 0
""")
OTHERWISE = text("""
    update issue set status = case id % 3 when 0 then 'void' when 1 then 'rejected'
        else 'handled' end, closed_at = case when id % 3 = 2 then null else closed_at end
    where id in (select id from issue where closed_at <= due_at order by id desc limit 12)
""")


@pytest.mark.parametrize("by", ["area", "category", "channel"])
def test_each_figure_leads_to_exactly_its_issues(
    client: FlaskClient, store: Store, by: str
) -> None:
    for statement in (SHIFTED, WORKED, OTHERWISE):
        store.connection.execute(statement)
    page = client.get(f"/coverage/indicators?span={SPAN}&by={by}").get_data(as_text=True)
    links = {(unescape(query), int(told.replace(",", ""))) for query, told in LINK.findall(page)}
    assert {"in_time", "late", "waiting", "closed_in_time", "reworked"} <= {
        found[1] for query, _ in links if (found := re.search(r"outcome=(\w+)", query))
    }
    for query, told in sorted(links)[:: 7 if by == "area" else 3]:
        asked = re.sub("area=([a-z]+)-", r"\1=", query.replace("state=all&", ""))
        assert len(listed(client, **dict(pair.split("=") for pair in asked.split("&")))) == told
        assert client.get(f"/desk?{query}").status_code == 200


def test_in_time_or_not_is_asked_of_days(client: FlaskClient) -> None:
    problem(client.get("/api/issues?outcome=in_time"), 400, "outcome_needs_days")
    asked = "due_since=2026-10-31&due_until=2026-10-01"
    problem(client.get(f"/api/issues?{asked}"), 400, "days_backwards")
    page = client.get("/desk?outcome=late&state=all").get_data(as_text=True)
    assert "请把两个日期都填上" in page
    file = client.get("/exports/issues.geojson?outcome=late&due_since=2026-10-01", buffered=True)
    problem(file, 400, "outcome_needs_days")
