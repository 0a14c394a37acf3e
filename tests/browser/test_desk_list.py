"""The list of issues: a word, an order, the next thing to watch, and the same on the map."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser import axe
from tests.browser.conftest import Visit

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def test_a_list_and_the_map_are_one_thing_seen_twice(visit: Visit) -> None:
    page = visit.open("/desk?lang=en")
    rows = page.locator(".desk-table tbody tr")
    expect(rows.nth(10)).to_be_visible()
    whole = rows.count()
    assert axe.violations(page) + axe.chinese(page) == []
    page.locator("select[name=sort]").select_option("due")
    page.locator("#words").fill("垃圾")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"words=.+sort=due|sort=due.+words="))
    expect(rows).not_to_have_count(whole)
    count = rows.count()
    assert count > 0
    page.locator(".desk-head .button").click()
    expect(page.locator("#issues [data-issue]")).to_have_count(count)
    expect(page.locator("#sort")).to_have_value("due")
    page.locator("#filter-summary .link").click()
    expect(page.locator("#issues [data-issue]")).not_to_have_count(count)
    page.go_back()
    expect(page.locator("#words")).to_have_value("垃圾")
    page.locator("#list-table").click()
    expect(rows).to_have_count(count)


def test_what_is_overdue_is_a_tap_away(visit: Visit) -> None:
    page = visit.open("/desk")
    watch = page.locator(".watch", has_text="已超期")
    told = int(watch.locator("b").inner_text())
    watch.click()
    expect(page.locator(".desk-table .late")).to_have_count(told)
    expect(page.locator("th[aria-sort=ascending]")).to_have_count(1)
    assert axe.violations(page) == []
