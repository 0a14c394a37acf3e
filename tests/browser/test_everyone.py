"""Every page in every state is open to everyone, in either light and language."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from geodata.db import tables
from tests.browser import axe
from tests.browser.conftest import Site, Visit
from tests.browser.test_map import building, facts, rows
from tests.browser.test_report import several, tap, tell
from tests.sheets import HEADER, row, table

pytestmark = pytest.mark.browser

State = tuple[str, Page]
"""What the page is showing, and the page."""


def grid(site: Site) -> str:
    with site.engine.connect() as connection:
        at = tables.grid.c
        return str(connection.scalar(select(at.code).where(at.kind == "basic").limit(1)))


def map_states(visit: Visit, site: Site) -> Iterator[State]:
    *_, lon, lat = building(site)
    page = visit.open("/")
    expect(rows(page).first).to_be_visible()
    yield "list", page
    legend = page.locator("#legend")
    if legend.is_visible():
        page.locator("#legend .legend-head button").click()
        yield "legend closed", page
    page.locator("#top-right .control").click()
    while (folded := page.locator("#legend details:not([open]) summary")).count():
        folded.first.click()
    yield "legend open", page
    page.locator("#legend .legend-head button").click()
    rows(page).first.click()
    expect(facts(page).locator(".said").first).to_be_visible()
    yield "an issue", page
    for name, address in (
        ("a grid", f"/?grid={grid(site)}"),
        ("a place", f"/?place={lon:.7f},{lat:.7f}#18/{lat:.5f}/{lon:.5f}"),
        ("a community", "/?community=610902002018"),
        ("a street", "/?street=610902002"),
        ("a spot", "/?spot=109.0,32.6,109.1,32.8"),
    ):
        visit.open(address)
        expect(facts(page).or_(page.locator(".spot-title")).first).to_be_visible()
        expect(page.locator("#facts-view [aria-busy]")).to_have_count(0)
        yield name, page
    visit.open("/?state=closed#19/32.72000/109.10000")
    expect(page.locator("#issues .empty")).to_be_visible()
    yield "an empty list", page
    visit.open("/?overdue=true&category=LAMP")
    if visit.is_phone:
        page.locator("#filter-button").click()
    page.locator("#period").select_option("days")
    expect(page.locator("#filter-summary")).to_be_visible()
    yield "a narrowed list", page
    visit.open("/?state=unplaced")
    yield "what has no place", page
    page.locator("#search-text").fill("路")
    expect(page.locator("#search-results")).to_be_visible()
    yield "places to choose", page
    if visit.is_phone:
        visit.open("/")
        page.locator("#menu-button").click()
        yield "the menu", page


def report_states(visit: Visit, site: Site) -> Iterator[State]:
    *_, lon, lat = building(site)
    word, _ = several(site)
    page = visit.open("/report")
    yield "a blank form", page
    page.locator("#send").click()
    expect(page.locator("#problem")).to_be_visible()
    yield "what is missing", page
    page.locator("#address").fill(word)
    expect(page.locator("#address-results")).to_be_visible()
    page.keyboard.press("Escape")
    tell(page, "路灯不亮：几处")
    expect(page.locator("#choices button").first).to_be_visible()
    yield "several places", page
    tap(page, lon, lat)
    expect(page.locator("#where .icon")).to_be_visible()
    page.locator("#send").click()
    expect(page.locator("#done h1")).to_be_visible()
    yield "thanks", page
    page.locator("#done .track a").click()
    expect(facts(page).or_(page.locator("#facts .facts")).first).to_be_visible()
    yield "its progress", page


def import_states(visit: Visit, site: Site, tickets: Path) -> Iterator[State]:
    first = 500 if visit.is_phone else 600
    page = visit.open("/imports")
    page.locator(".help summary").click()
    yield "nothing chosen", page
    cells = [HEADER, row(first), row(first + 1, 受理时间="明天")]
    tickets.write_bytes(table(cells).encode("gb18030"))
    page.locator("#file").set_input_files(tickets)
    page.locator("#send").click()
    expect(page.locator("#job progress")).to_be_visible()
    yield "waiting", page
    site.work()
    refused = page.locator("#job .refused tbody tr")
    expect(refused.first).to_be_visible()
    refused.locator(".whole").click()
    yield "a row to correct", page
    visit.watch.refusals_expected = True
    refused.first.locator("form .button").click()
    expect(refused.first.locator("[role=status]")).not_to_be_empty()
    yield "a row that stays wrong", page


def other_states(visit: Visit) -> Iterator[State]:
    yield "about", visit.open("/about")
    visit.watch.refusals_expected = True
    yield "no such page", visit.open("/nowhere")
    yield "no such issue", visit.open("/issues/00000000-0000-0000-0000-000000000000")


def sitting(visit: Visit, site: Site, tickets: Path) -> Iterator[State]:
    """Every page in every state, one after another."""
    yield from map_states(visit, site)
    yield from report_states(visit, site)
    yield from import_states(visit, site, tickets)
    yield from other_states(visit)


def judged(states: Iterator[State], judge: Callable[[Page], list[str]]) -> dict[str, list[str]]:
    found = {name: judge(page) for name, page in states}
    assert len(found) > 15
    return {name: faults for name, faults in found.items() if faults}


def in_both_lights(page: Page) -> list[str]:
    """All of axe by day, and its contrast by night."""
    by_day = axe.violations(page)
    page.emulate_media(color_scheme="dark")
    by_night = axe.violations(page, "color-contrast")
    page.emulate_media(color_scheme="light")
    return by_day + by_night


def test_axe_and_the_translator_find_nothing(visit: Visit, site: Site, tickets: Path) -> None:
    """In Chinese and in either light on a phone, in English on a desktop."""
    if visit.is_phone:
        assert judged(sitting(visit, site, tickets), in_both_lights) == {}
        return
    visit.page.context.add_cookies([{"name": "lang", "value": "en", "url": site.url}])
    states = sitting(visit, site, tickets)
    assert judged(states, lambda page: axe.violations(page) + axe.chinese(page)) == {}
