"""The ways through coverage: pages of its tables, the tiers of one's ground, links to records."""

from __future__ import annotations

import re
from html import unescape

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient

from geodata.domain.coverage.frames import Norms
from geodata.domain.coverage.measures import measures
from geodata.domain.roles import Role
from tests.webmap.conftest import Store, someone
from webmap import coverage_links
from webmap.pages import coverage as pages

HOME = "610902002012"
STREET = HOME[:9]


def told(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.get_data(as_text=True)


def rows(page: str) -> list[str]:
    return re.findall(r'<tr><th scope="row"><a href="/coverage/table\?area=(\d+)', page)


def test_grids_come_in_pages_until_there_are_no_more(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "PARTS", 10)
    whole = rows(told(client, "/coverage/table?tier=community"))
    assert len(whole) == 10
    path = "/coverage/table?tier=community&part="
    last = told(client, f"{path}4")
    found = [code for part in "123" for code in rows(told(client, path + part))] + rows(last)
    assert len(set(found)) == len(found) == 35
    assert "第 31–35 个，共 35 个" in last
    assert "part=3#parts-title" in last
    assert "part=5" not in last
    beyond = told(client, f"{path}999")
    assert "后面没有了，一共 35 个。" in beyond
    assert 'href="/coverage/table?tier=community#parts-title">回到第一页' in beyond
    panel = told(client, "/coverage?tier=community")
    assert "还有 25 个没有列出" in panel
    assert 'href="/coverage/table?tier=community#parts-title"' in panel


def test_beyond_the_last_page_of_buildings_or_gaps_one_is_led_back(client: FlaskClient) -> None:
    houses = told(client, f"/coverage/table?area={HOME}&tier=building&part=999")
    assert re.search(r"后面没有了，一共 [\d,]+ 栋。", houses)
    assert "49,901" not in houses
    gaps = told(client, f"/coverage/table?area={HOME}&page=999")
    assert re.search(r"后面没有了，一共 \d+ 个。", gaps)


def test_own_ground_alone_has_a_box_and_houses_open_near(
    client: FlaskClient, app: APIFlask, store: Store
) -> None:
    assert client.get("/api/coverage/areas").get_json()["box"] is None
    own = someone(app, store, "own", Role.SECRETARY, HOME)
    box = own.get("/api/coverage/areas").get_json()["box"]
    assert box == client.get(f"/api/coverage/areas?area={HOME}").get_json()["box"]
    table = told(client, f"/coverage/table?area={HOME}&tier=building")
    near = re.search(r'href="/\?place=([\d.]+),([\d.]+)#18/([\d.]+)/([\d.]+)"', table)
    assert near
    assert float(near[1]) == pytest.approx(float(near[4]), abs=1e-5)
    assert float(near[2]) == pytest.approx(float(near[3]), abs=1e-5)


def halves(page: str, code: str) -> list[str]:
    """The links of the fraction in the row of an area."""
    row = re.search(
        rf'<tr><th scope="row"><a href="/coverage\?[^>]*area={code}[&"][^>]*>.*?</tr>', page
    )
    assert row
    links = re.search(r'<small><a href="([^"]+)"[^>]*>[\d,]+</a>/<a href="([^"]+)"', row[0])
    assert links
    return [unescape(link) for link in links.groups()]


def test_each_half_of_a_fraction_leads_to_its_own_records(client: FlaskClient) -> None:
    first = f"{HOME}001"
    each = halves(told(client, f"/coverage?area={HOME}&measure=each"), first)
    assert each[0].startswith(f"/coverage/table?area={first}&measure=each&tier=building")
    assert each[1] == f"/people/grids/{first}"
    share = halves(told(client, f"/coverage?measure=worker_share&area={STREET}"), HOME)
    assert share[0] == f"/people?community={HOME}"
    assert share[1].startswith(f"/coverage/table?area={HOME}&measure=worker_share&tier=grid")
    houses = halves(told(client, f"/coverage?measure=building_share&area={STREET}"), HOME)
    assert all("tier=building" in link for link in houses)
    late = halves(told(client, f"/coverage?measure=late_share&area={STREET}"), HOME)
    assert late == [f"/desk?area=community-{HOME}&overdue=true", f"/desk?area=community-{HOME}"]
    for link in {*each, *share, *houses, *late}:
        assert client.get(link).status_code == 200, link


def test_who_may_not_appoint_is_led_to_grids() -> None:
    each = next(one for one in measures(Norms()) if one.code == "each")
    community = coverage_links.half(each, "workers", HOME, "community", may_appoint=False)
    assert community == f"/coverage/table?area={HOME}&measure=each&tier=grid#parts-title"
    grid = coverage_links.half(each, "workers", f"{HOME}001", "grid", may_appoint=False)
    assert grid == f"/coverage?area={HOME}001&measure=each&tier=grid"


def test_what_moves_many_at_once_is_asked_first(client: FlaskClient) -> None:
    gaps = client.get("/api/coverage?kind=grid_without_group").get_json(force=True)["features"]
    gap = next(g["properties"] for g in gaps if g["properties"]["next_action"] == "take_over")
    page = told(client, f"/coverage?kind=grid_without_group&area={gap['code']}")
    asked = re.search(
        r'<summary class="button">交给.*?</summary>\s*<p[^>]*>(.*?)</p>\s*'
        r'<form action="/coverage/groups/give".*?</form>\s*</details>',
        page,
        re.DOTALL,
    )
    assert asked
    count = f"把 {gap['households']:,} 户、{gap['facts']['buildings']} 栋交给"
    assert asked[1].startswith(count)


def tiers(page: str) -> list[str]:
    choice = page[page.index('id="tier"') :]
    return re.findall(r'<option value="(\w+)"', choice[: choice.index("</select>")])


def test_each_is_offered_the_tiers_of_the_own_ground(app: APIFlask, store: Store) -> None:
    secretary = someone(app, store, "own", Role.SECRETARY, HOME)
    page = told(secretary, "/coverage?tier=street")
    assert tiers(page) == ["community", "grid", "building"]
    assert 'data-tier="community"' in page
    assert "没有归属" not in page
    assert "没有归属" not in told(secretary, "/coverage/table?tier=street")
    street = told(secretary, f"/coverage?area={STREET}")
    assert "您只管它的一部分" in street
    assert "您只管它的一部分" not in told(secretary, f"/coverage?area={HOME}")
    above = someone(app, store, "above", Role.STREET, STREET)
    assert tiers(told(above, "/coverage")) == ["street", "community", "grid", "building"]
    assert "您只管它的一部分" not in told(above, f"/coverage?area={STREET}")
    assert tiers(told(above, f"/coverage?area={HOME}001")) == ["grid", "building"]
