"""The coverage page: from a number to its records, to the map and back, on a phone and a desk."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import text

from tests.browser import axe
from tests.browser.conftest import Site, Visit

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def mark_beyond(page: Page) -> Locator:
    """The mark of a gap that is on another page of the list."""
    shown = set(page.locator(".cover-gap .cover-name .code").all_inner_texts())
    marks = page.locator("path[role=button]")
    labels = marks.evaluate_all("(all) => all.map((one) => one.getAttribute('aria-label'))")
    return marks.nth(next(n for n, said in enumerate(labels) if said.split()[-1] not in shown))


def test_who_could_take_a_grid_without_a_group_is_three_clicks_away(visit: Visit) -> None:
    page = visit.open("/coverage")
    expect(page.locator(".cover-numbers b").first).to_have_text("70")
    assert axe.violations(page) == []
    page.locator(".cover-numbers a").first.click()
    expect(page).to_have_url(re.compile("kind=grid_without_group"))
    expect(page.locator("#gaps-title")).to_be_in_viewport()
    expect(page.locator(".cover-gap").first).to_be_in_viewport()
    expect(page.locator(".cover-gap")).to_have_count(60)
    expect(page.locator(".cover-gap", has_text="还能管").first).to_be_attached()
    name = page.locator(".cover-gap [data-spot]").first
    name.click()
    expect(page.locator(".cover-gap[aria-current=true]")).to_have_count(1)
    if visit.is_phone:
        page.locator("#cover-legend summary").click()
    expect(page.locator("#cover-legend li", has_text="正在看的缺口")).to_be_visible()
    assert axe.violations(page) == []
    wanted = page.locator(".cover-gap .cover-name .code").last.inner_text()
    page.locator(f"path[role=button][aria-label$='{wanted}']").press("Enter")
    lit = page.locator(".cover-gap[aria-current=true]")
    expect(lit.locator(".cover-name .code")).to_have_text(wanted)
    expect(lit.locator("[data-spot]")).to_be_focused()
    expect(lit.locator("[data-spot]")).to_be_in_viewport()
    mark_beyond(page).press("Enter")
    told = page.locator(".cover-building")
    expect(told.get_by_role("link", name="看这一处的缺口")).to_be_visible()
    assert axe.violations(page) == []
    page.go_back()
    expect(page.locator(".cover-numbers a[aria-current]")).to_have_count(0)


def test_the_map_is_coloured_by_the_measure_and_leads_down_the_tiers(desktop: Visit) -> None:
    page = desktop.open("/coverage?lang=en&area=610902002012")
    for choice in page.locator(".cover-choices select").all():
        assert choice.evaluate(CUT) <= 0
    expect(page.locator(".cover-swatch rect").first).to_have_attribute("fill", re.compile("#"))
    page.locator("#measure").select_option("load")
    expect(page).to_have_url(re.compile("measure=load"))
    expect(page.locator("#cover-legend")).to_contain_text("norm of 300")
    assert axe.violations(page) + axe.chinese(page) == []
    page.locator(".cover-table a").first.click()
    expect(page).to_have_url(re.compile("area=610902002012001"))
    page.locator(".cover-head a").click()
    expect(page.locator(".cover-page")).to_be_visible()
    assert axe.violations(page) + axe.chinese(page) == []


def test_buildings_are_a_press_away_from_afar_and_paper_takes_two_sheets(desktop: Visit) -> None:
    page = desktop.open("/coverage?tier=building")
    legend = page.locator("#cover-legend")
    expect(legend.locator("li", has_text="60%–80%")).to_be_visible()
    page.get_by_role("button", name="放大看每一栋").click()
    expect(legend.locator("li", has_text="没有党小组的楼栋")).to_be_visible()
    expect(legend.locator("li", has_text="60%–80%")).to_be_hidden()
    expect(page.get_by_role("button", name="放大看每一栋")).to_be_hidden()
    sheets = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type /Page\b", sheets)) == 2


CUT = """(choice) => {
    const whole = choice.cloneNode(true);
    whole.style.width = "max-content";
    choice.after(whole);
    const lacks = whole.offsetWidth - choice.offsetWidth;
    whole.remove();
    return lacks;
}"""
"""By how many pixels a choice is too narrow for its longest words."""
SEEN = """async () => {
    const [zoom, lat, lon] = location.hash.slice(1).split("/").map(Number);
    const ground = document.getElementById("ground").getBoundingClientRect();
    const sheet = document.getElementById("panel").getBoundingClientRect();
    const below = (ground.bottom - sheet.top) / 2;
    const degree = (256 * 2 ** zoom) / 360 / Math.cos((lat * Math.PI) / 180);
    return (await fetch(`/api/at?lon=${lon}&lat=${lat + below / degree}`)).json();
}"""
"""What stands in the middle of the map above the sheet."""
HOUSE = text("""
    select ST_X(at) as lon, ST_Y(at) as lat, party_org.name as group
    from building join party_org on party_org.id = party_group_id,
        ST_PointOnSurface(outline) as at
    where households = 0 and building.kind = 'building' order by building.id limit 1
""")


PAINTED = """([x, y]) => {
    for (const canvas of document.querySelectorAll(".leaflet-tile-pane canvas")) {
        const box = canvas.getBoundingClientRect();
        if (x < box.left || x >= box.right || y < box.top || y >= box.bottom) continue;
        const fine = canvas.width / box.width;
        const at = [(x - box.left) * fine, (y - box.top) * fine];
        const dot = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
        dot.drawImage(canvas, ...at, 1, 1, 0, 0, 1, 1);
        const [r, g, b] = dot.getImageData(0, 0, 1, 1).data;
        return "#" + [r, g, b].map((part) => part.toString(16).padStart(2, "0")).join("");
    }
    return null;
}"""
"""The colour of the base map at a place of the window."""
OF_GRID = text("""
    select sum(households) from building where grid_id = (
        select grid_id from building where kind = 'building' and ST_Covers(outline, ST_SetSRID(
            ST_Point(:lon, :lat), 4326)))
""")


def test_on_a_phone_one_comes_to_buildings_and_a_press_on_one_tells_of_it(
    phone: Visit, site: Site
) -> None:
    page = phone.open("/coverage?tier=building&measure=load")
    page.get_by_role("button", name="放大看每一栋").click()
    expect(page).to_have_url(re.compile("#16.5/"))
    assert page.evaluate(SEEN)["grid"]
    legend = page.locator("#cover-legend")
    expect(legend.locator("summary")).to_have_text("每个网格的户数", use_inner_text=True)
    legend.locator("summary").click()
    expect(legend).to_contain_text("每栋楼的颜色是它所在网格的数字", use_inner_text=True)
    expect(legend).to_contain_text("户数标准", use_inner_text=True)
    colours = legend.locator("[data-class] rect").evaluate_all(
        "(all) => all.map((one) => one.getAttribute('fill'))"
    )
    with site.engine.connect() as connection:
        house = connection.execute(HOUSE).one()
        households = int(connection.scalar(OF_GRID, {"lon": house.lon, "lat": house.lat}) or 0)
    page.goto("about:blank")
    spot = f"#18/{house.lat - 0.0004:.5f}/{house.lon:.5f}"
    page = phone.open(f"/coverage?tier=building&measure=load{spot}")
    ground = page.locator("#ground").bounding_box()
    assert ground
    up = 0.0004 * 256 * 2**18 / 360 / 0.842  # the cosine of the district's latitude
    at = (ground["x"] + ground["width"] / 2, ground["y"] + ground["height"] / 2 - up)
    kind = sum(households >= bound for bound in (200, 300, 500, 750))
    page.wait_for_function(f"(at) => ({PAINTED})(at) === '{colours[kind]}'", arg=at)
    page.mouse.click(*at)
    told = page.locator(".cover-building")
    expect(told).to_contain_text(f"每个网格的户数（所在网格）：{households} 户")
    expect(told).to_contain_text(house.group)
    expect(told.locator("a[href^='/grids/']")).to_be_visible()
    expect(told).to_contain_text("0 户")
    assert axe.violations(page) == []
