"""The bar's pages stand in groups that open by keyboard and by tap, and all stay within reach."""

import pytest
from playwright.sync_api import expect

from tests.browser.axe import violations
from tests.browser.conftest import Visit

pytestmark = [pytest.mark.browser, pytest.mark.both_screens]


def test_pages_in_groups_are_reached_by_keyboard_and_on_a_phone(visit: Visit) -> None:
    page = visit.open("/coverage/week")
    if visit.is_phone:
        page.locator("#menu-button").click()
        expect(page.get_by_role("link", name="质量检查")).to_be_visible()
        for name in ("覆盖地图", "一周一页", "报告"):
            expect(page.locator("#menu").get_by_role("link", name=name)).to_be_in_viewport()
        expect(page.locator("#language")).to_be_in_viewport()
    else:
        head = page.get_by_role("button", name="网格", exact=True)
        expect(page.get_by_role("link", name="质量检查")).to_be_hidden()
        head.press("ArrowDown")
        expect(page.get_by_role("link", name="调整方案")).to_be_focused()
        assert violations(page) == []
        page.keyboard.press("Escape")
        expect(head).to_be_focused()
        expect(page.get_by_role("link", name="质量检查")).to_be_hidden()
        head.press("Enter")
        page.get_by_role("button", name="管理").click()
        expect(page.get_by_role("link", name="质量检查")).to_be_hidden()
        page.get_by_role("button", name="网格", exact=True).click()
    assert violations(page) == []
    page.get_by_role("link", name="质量检查").click()
    page.wait_for_url("**/quality")
