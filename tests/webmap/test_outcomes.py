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


NOWHERE = text("""
    update issue set community_code = null, grid_id = null, boundary_id = null, rule = 'none'
    where id in (select id from issue
        where reported_at between '2026-10-05' and '2026-10-30' order by is_open desc, id limit 3)
""")
JUDGED = text("""
    update issue set satisfaction = case id % 3 when 0 then 'bad' when 1 then 'fair' else 'good' end
    where closed_at is not null and status = 'closed'
""")


def test_rows_add_up_with_what_belongs_nowhere(client: FlaskClient, store: Store) -> None:
    store.connection.execute(NOWHERE)
    page = client.get(f"/coverage/indicators?span={SPAN}").get_data(as_text=True)
    table = page.partition('id="rows-title"')[2].partition("</table>")[0]
    rows = re.findall(r'</th>\s*<td class="number">(?:<a href="[^"]+">)?([\d,]+)', table)
    whole = client.get(f"/coverage/week?span={SPAN}").get_data(as_text=True)
    said = re.search(r"新增诉求 (?:<a[^>]*>)?([\d,]+)", whole)
    assert said
    assert sum(map(int, rows)) == int(said[1].replace(",", ""))
    rest = re.search(r'没有归属.*?<a href="/desk\?([^"]+)">(\d+)</a>', table, re.DOTALL)
    assert rest
    asked = dict(pair.split("=") for pair in unescape(rest[1]).split("&") if "state" not in pair)
    assert len(listed(client, **asked)) == int(rest[2]) == 3
    table = client.get("/coverage/table").get_data(as_text=True)
    assert re.search(r'没有归属.*?loose=true#gaps-title">\d+</a>', table, re.DOTALL)
    shown = client.get("/coverage/table?loose=true").get_data(as_text=True)
    assert shown.count('class="code"') == int(
        re.findall(r'loose=true#gaps-title">(\d+)</a>', shown)[0]
    )


def test_the_week_leads_from_each_number_to_its_records(client: FlaskClient, store: Store) -> None:
    for statement in (SHIFTED, WORKED, JUDGED):
        store.connection.execute(statement)
    page = client.get(f"/coverage/week?span={SPAN}").get_data(as_text=True)
    links = {(unescape(query), int(told.replace(",", ""))) for query, told in LINK.findall(page)}
    outcomes = {found[1] for query, _ in links if (found := re.search(r"outcome=(\w+)", query))}
    assert {"due", "in_time", "waiting", "handled", "rated", "content"} <= outcomes
    for query, told in sorted(links):
        total = client.get(f"/desk?{query}").get_data(as_text=True)
        assert re.search(rf"共 {told:,} 件", total), (query, told)
    tiles = re.findall(r'<a href="(/coverage/indicators\?[^"]+)"', page)
    assert len([one for one in tiles if "show=" in one]) == 4
    assert all(client.get(unescape(one)).status_code == 200 for one in tiles)


def test_a_long_list_says_how_many_there_are_and_leads_to_the_rest(client: FlaskClient) -> None:
    first = client.get("/desk?state=all").get_data(as_text=True)
    said = re.search(r'共 (\d+) 件，这里是前 50 件，<a href="([^"]+)">接着看</a>', first)
    assert said
    seen, page = 50, client.get(unescape(said[2])).get_data(as_text=True)
    while more := re.search(rf"共 {said[1]} 件，这里是接着的 (\d+) 件", page):
        seen += int(more[1])
        further = re.search(r'<a class="button" href="([^"]+)">下一页', page)
        assert further
        page = client.get(unescape(further[1])).get_data(as_text=True)
    last = re.search(rf"共 {said[1]} 件，这里是最后的 (\d+) 件", page)
    assert last
    assert seen + int(last[1]) == int(said[1])


def test_in_time_or_not_is_asked_of_days(client: FlaskClient) -> None:
    problem(client.get("/api/issues?outcome=in_time"), 400, "outcome_needs_days")
    asked = "due_since=2026-10-31&due_until=2026-10-01"
    problem(client.get(f"/api/issues?{asked}"), 400, "days_backwards")
    page = client.get("/desk?outcome=late&state=all").get_data(as_text=True)
    assert "请把两个日期都填上" in page
    problem(client.get("/api/issues?outcome=rated"), 400, "outcome_needs_days")
    file = client.get("/exports/issues.geojson?outcome=late&due_since=2026-10-01", buffered=True)
    problem(file, 400, "outcome_needs_days")
