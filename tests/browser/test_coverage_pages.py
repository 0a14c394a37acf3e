"""A manager's Monday: the week on one page, what is behind a figure, areas compared, a report."""

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from geodata.db.engine import make_sessions
from geodata.services import coverage_reports
from tests.browser import axe
from tests.browser.conftest import Site, Visit

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def sound(page: Page) -> None:
    """Nothing that axe finds, nothing Chinese in English, nothing wider than the screen."""
    assert axe.violations(page) + axe.chinese(page) == []
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0


def sheets(page: Page) -> int:
    """On how many sheets a page is printed."""
    return len(re.findall(rb"/Type /Page\b", page.pdf(prefer_css_page_size=True)))


def read_with_ease(page: Page) -> None:
    """Names on every small map, not less than eleven pixels high, within the map."""
    maps = page.locator(".cover-picture")
    assert maps.count()
    for one in maps.all():
        high = one.locator("g.cover-names:visible").evaluate(
            "(names) => parseFloat(getComputedStyle(names).fontSize) * names.getScreenCTM().a"
        )
        assert 11 <= high <= 16
        assert one.locator("g.cover-names:visible text").count() > 8


def test_from_the_week_to_a_formula_a_comparison_and_a_kept_report(
    visit: Visit, site: Site
) -> None:
    page = visit.open("/coverage/week?lang=en&span=2026-W46")
    expect(page.locator(".cover-tiles li")).to_have_count(8)
    sound(page)
    read_with_ease(page)
    assert sheets(page) == 1
    rate = page.locator(".cover-tiles b").first.inner_text()
    page.get_by_role("link", name="Indicators").click()
    page.goto("/coverage/indicators?lang=en&span=2026-W46")
    first = page.locator(".cover-indicators tbody tr").first
    expect(first.locator("td b")).to_have_text(rate)
    first.locator("summary").click()
    expect(first).to_contain_text("before the deadline ÷ reports whose deadline lies in the period")
    sound(page)
    page.goto("/coverage/compare?lang=en&area=610902001&other=610902002")
    expect(page.locator(".cover-picture")).to_have_count(2)
    read_with_ease(page)
    sound(page)
    page.goto("/coverage/history?lang=en")
    sound(page)
    page.goto("/coverage/week?lang=en&span=2026-W46")
    page.get_by_role("button", name="Keep it as a report").click()
    expect(page.locator("progress")).to_have_count(1)
    sound(page)
    with make_sessions(site.engine)() as session, make_sessions(site.engine)() as reading:
        zone = ZoneInfo("Asia/Shanghai")
        coverage_reports.run(session, reading, datetime.now(UTC), zone, session.commit)
    page.get_by_role("link", name="Open", exact=True).click()
    expect(page.locator(".cover-tiles b").first).to_have_text(rate)
    expect(page.locator(".cover-stamp")).to_contain_text(re.compile("version \\d+"))
    sound(page)
    assert sheets(page) <= 8


def test_tables_and_tabs_are_whole_on_a_phone_or_tell_that_they_move(phone: Visit) -> None:
    page = phone.open("/coverage/compare?area=610902001&other=610902002")
    hidden = "(box) => box.scrollWidth - box.clientWidth"
    for narrow in (".cover-tabs", ".cover-wide"):
        assert page.locator(narrow).first.evaluate(hidden) <= 0
    page.goto("/coverage/indicators")
    cards = page.get_by_role("table").first
    expect(cards.get_by_role("rowheader")).to_have_count(8)
    expect(cards.locator(":is(table, thead, tbody, tr, td, th):not([role])")).to_have_count(0)
    assert page.locator(".cover-wide").first.evaluate(hidden) <= 0
    wide = page.locator(".cover-wide", has=page.locator(".cover-many"))
    assert wide.evaluate(hidden) > 0
    expect(page.locator(".cover-swipe")).to_be_visible()
    wide.evaluate("(box) => box.scrollTo(200, 0)")
    name = wide.locator("tbody th").first
    assert name.evaluate("(cell) => cell.getBoundingClientRect().left") >= 0
