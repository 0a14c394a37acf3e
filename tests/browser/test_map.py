"""The map page as a secretary uses it."""

import re
from typing import Final

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import func, select

from geodata.db import tables
from tests.browser.conftest import Site, Visit

pytestmark = pytest.mark.browser

CENTRE = """([lon, lat]) => {
    wangge_map.setView([lat, lon], 18, {animate: false});
    wangge_map.panBy([0, wangge_map.getSize().y / 4], {animate: false});
    const at = wangge_map.latLngToContainerPoint([lat, lon]);
    const box = wangge_map.getContainer().getBoundingClientRect();
    return [box.left + at.x, box.top + at.y];
}"""


OUTLINED: Final = """([lon, lat]) => {
    const found = [];
    wangge_map.eachLayer((one) => {
        const { weight, fillOpacity } = one.options;
        if (weight === 3 && fillOpacity === 0.1) found.push(one.getBounds());
    });
    const pins = [];
    wangge_map.eachLayer((one) => {
        if (one.options.icon?.options.className === "needle") pins.push(one);
    });
    return found.filter((bounds) => bounds.contains([lat, lon]))
        .map((bounds) => pins[0].getLatLng().lat >= bounds.getCenter().lat);
}"""
"""Whether the building at a place is outlined, with the pin above its middle."""


def rows(page: Page) -> Locator:
    return page.locator("#issues .issue-row")


def facts(page: Page) -> Locator:
    return page.locator("#facts-view .facts")


def building(site: Site) -> tuple[str, str, float, float]:
    """Address, party group, and a point inside of a building far from every issue."""
    at, group = tables.building.c, tables.party_org.c
    inside = at.outline.ST_PointOnSurface()
    near = select(1).where(tables.issue.c.place.ST_DWithin(at.door, 0.0008)).exists()
    with site.engine.connect() as connection:
        row = connection.execute(
            select(at.address, group.name, inside.ST_X(), inside.ST_Y())
            .join_from(tables.building, tables.party_org)
            .where(at.kind == "building", at.address != "", at.courtyard_id.is_(None), ~near)
            .order_by(at.id)
        ).first()
    assert row
    return row[0], row[1], row[2], row[3]


@pytest.mark.both_screens
def test_the_page_draws_the_district_and_lists_its_issues(visit: Visit, site: Site) -> None:
    with site.engine.connect() as connection:
        waiting = select(func.count()).where(tables.issue.c.is_open)
        number = connection.scalar(waiting)
    page = visit.open("/")
    expect(page).to_have_title(re.compile("汉滨区"))
    expect(rows(page).first).to_be_visible()
    expect(page.locator("[data-total=grids]")).to_have_text("620")
    expect(page.locator("[data-total=groups]")).to_have_text("550")
    expect(page.locator("[data-issues=open]")).to_have_text(f"{number}")
    expect(page.locator("[data-issues=escalated]")).to_have_text("7")
    expect(page.get_by_text("演示数据：地面为合成，非真实边界").first).to_be_attached()
    expect(page.locator(".leaflet-marker-icon").first).to_be_attached()
    drawn = page.locator(".leaflet-container canvas, .leaflet-container svg path")
    expect(drawn.first).to_be_attached()


def test_an_issue_in_the_list_opens_its_facts_and_back_leads_to_the_list(visit: Visit) -> None:
    page = visit.open("/")
    first = rows(page).first
    said = first.locator(".issue-text").inner_text()
    first.click()
    expect(facts(page)).to_contain_text(said)
    for heading in ("归谁管", "归属依据", "时间"):
        expect(facts(page)).to_contain_text(heading)
    expect(page).to_have_url(re.compile("issue="))
    page.go_back()
    expect(facts(page)).to_be_hidden()
    expect(rows(page).first).to_be_visible()
    expect(page).not_to_have_url(re.compile("issue="))


def test_a_link_to_an_issue_opens_it(visit: Visit) -> None:
    page = visit.open("/")
    rows(page).first.click()
    expect(facts(page)).to_be_visible()
    said = facts(page).locator(".said").first.inner_text()
    visit.open(page.url)
    expect(facts(page).locator(".said").first).to_have_text(said)


def test_a_building_on_the_map_tells_its_party_group(visit: Visit, site: Site) -> None:
    address, group, lon, lat = building(site)
    page = visit.open("/")
    expect(rows(page).first).to_be_visible()
    x, y = page.evaluate(CENTRE, [lon, lat])
    page.mouse.click(x, y)
    expect(facts(page)).to_contain_text(address)
    expect(facts(page)).to_contain_text(group)
    expect(facts(page)).to_contain_text("所属网格")
    assert page.evaluate(OUTLINED, [lon, lat]) == [True]


def test_a_place_leads_to_its_grid(visit: Visit, site: Site) -> None:
    _, _, lon, lat = building(site)
    page = visit.open(f"/?place={lon:.7f},{lat:.7f}")
    facts(page).locator("button.link").first.click()
    expect(facts(page)).to_contain_text("网格情况")
    expect(facts(page)).to_contain_text("网格员")
    expect(page).to_have_url(re.compile("grid="))


def test_filters_narrow_the_list(visit: Visit) -> None:
    page = visit.open("/")
    page.locator("[data-state=escalated]").click()
    expect(page.locator("#list-count")).to_contain_text("7")
    expect(rows(page)).to_have_count(7)
    expect(page).to_have_url(re.compile("state=escalated"))
    if visit.is_phone:
        page.locator("#filter-button").click()
    page.locator("#category").select_option("LAMP")
    expect(rows(page)).not_to_have_count(7)
    page.locator("[data-state=unplaced]").click()
    expect(page.locator("#list-count")).to_contain_text("全区")


def test_the_language_changes_and_stays(visit: Visit) -> None:
    page = visit.open("/")
    if visit.is_phone:
        page.locator("#menu-button").click()
    page.locator("#language").click()
    page.locator("html[lang=en][data-ready]").wait_for(state="attached")
    expect(page).to_have_title(re.compile("Hanbin"))
    expect(page.get_by_role("button", name=re.compile("^Escalated"))).to_be_visible()
    visit.open("/report")
    expect(page.locator("h1").first).not_to_contain_text(re.compile("[\u4e00-\u9fff]"))


def test_without_a_network_the_page_says_so_and_stays(visit: Visit) -> None:
    page = visit.open("/")
    expect(rows(page).first).to_be_visible()
    visit.watch.refusals_expected = True
    page.context.set_offline(True)
    rows(page).first.click()
    expect(page.locator("#facts-view")).to_contain_text("暂时连不上服务")
    page.context.set_offline(False)
    page.locator("#facts-view").get_by_role("button", name="再试一次").click()
    expect(facts(page)).to_contain_text("归谁管")


def test_without_a_mouse_enter_opens_what_is_in_the_middle_of_the_map(
    desktop: Visit, site: Site
) -> None:
    address, _, lon, lat = building(site)
    page = desktop.open("/")
    page.evaluate(
        "([lon, lat]) => wangge_map.setView([lat, lon], 18, {animate: false})", [lon, lat]
    )
    expect(page.locator(".crosshair")).to_be_hidden()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.get_by_text("跳到地图")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".crosshair")).to_be_visible()
    page.keyboard.press("Enter")
    expect(facts(page).locator("h2")).to_contain_text(address)


@pytest.mark.parametrize("path", ["/about", "/imports", "/report"])
def test_other_pages_open_without_a_word_on_the_console(visit: Visit, path: str) -> None:
    page = visit.open(path)
    expect(page.locator("h1").first).to_be_visible()
    wide = page.evaluate("() => document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0
