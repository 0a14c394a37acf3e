"""A notice from the form of a secretary to everybody's map."""

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import delete, func, select

from geodata.db import tables
from tests.browser.axe import violations
from tests.browser.conftest import DESKTOP, PHONE, Site, visiting
from tests.browser.test_map import CENTRE, building

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
HOSTILE = "停水 <img src=x onerror=alert(1)> {{7*191}}"


def test_a_notice_stands_on_everybodys_map_as_text(browser: Browser, site: Site) -> None:
    *_, lon, lat = building(site)
    for visit in visiting(browser, site, DESKTOP):
        page = visit.open("/notices/new")
        page.locator("#title").fill(HOSTILE)
        page.locator("#text").fill(f"周六上午\n{HOSTILE}")
        page.evaluate("([lon, lat]) => { bulletin_map.setView([lat, lon], 17) }", [lon, lat])
        page.locator("#ground").scroll_into_view_if_needed()
        expect(page.locator(".leaflet-zoom-anim, .leaflet-pan-anim")).to_have_count(0)
        x, y = page.evaluate(CENTRE.replace("wangge_map", "bulletin_map"), [lon, lat])
        page.mouse.click(x, y)
        expect(page.locator("#spot")).to_contain_text("选定")
        assert violations(page) == []
        page.get_by_role("button", name="发布", exact=True).dblclick()
        expect(page.locator(".bulletin-done")).to_contain_text("已发布")
        with site.engine.connect() as connection:
            assert connection.scalar(select(func.count()).select_from(tables.bulletin)) == 1
        assert violations(page) == []
    for visit in visiting(browser, site, PHONE, signed_in=False):
        page = visit.open(f"/#17/{lat}/{lon}")
        expect(page.locator("#bulletins-brief")).to_contain_text(HOSTILE)
        page.locator(".bulletin-mark").click()
        expect(page.locator(".bulletin-card")).to_contain_text(HOSTILE)
        expect(page.locator(".leaflet-popup")).to_have_css("opacity", "1")
        assert violations(page) == []
        page.get_by_role("link", name="看全文").click()
        expect(page.locator("h1")).to_contain_text(HOSTILE)
        visit.open("/track")
        page.locator("#code").fill("AAAA-BBBB")
        page.locator("#track button").click()
        expect(page.locator("#problem")).to_contain_text("十六个")
        assert violations(page) == []
    with site.engine.begin() as connection:
        connection.execute(delete(tables.bulletin))
