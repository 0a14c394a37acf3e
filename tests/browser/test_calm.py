"""Nothing jumps, slides or hides: loading, keys, calm, paper, and where one stands."""

from typing import Final

import pytest
from playwright.sync_api import Geolocation, Page, Route, expect

from tests.browser.conftest import Visit
from tests.browser.test_map import facts, rows

pytestmark = pytest.mark.browser

MOST_SHIFT: Final = 0.002
WATCH_SHIFTS: Final = """() => {
    window.shifts = [];
    const name = ({ node }) => node && (node.id || node.className || node.nodeName);
    const add = (list) => list.getEntries().forEach(({ value, sources }) => {
        window.shifts.push({ value, moved: sources.map(name) });
    });
    new PerformanceObserver(add).observe({ type: "layout-shift", buffered: true });
}"""
RESTED: Final = "() => new Promise((done) => setTimeout(done, 700))"
UNUSED: Final = "() => [...(window.askedEarly ?? new Map()).keys()]"
"""What was asked for before there was a map, and was not what the map asked for."""
FOCUSED: Final = """() => {
    const one = document.activeElement;
    const ring = (node, pseudo) => {
        const look = getComputedStyle(node, pseudo);
        const bordered = pseudo && look.content !== "none" && parseFloat(look.borderTopWidth) > 1;
        return (look.outlineStyle !== "none" && parseFloat(look.outlineWidth) > 1) || bordered;
    };
    const around = one.closest(".drop");
    const beside = one.type === "radio" ? one.nextElementSibling : null;
    const seen = [one, around, beside].some((node) => node && ring(node)) || ring(one, "::after");
    const { width, height } = one.getBoundingClientRect();
    const name = one === document.body ? "BODY" : one.id || one.className || one.tagName;
    return [name, Boolean(seen && width && height)];
}"""
HANBIN: Final = Geolocation(latitude=32.6915, longitude=109.0225, accuracy=30)


@pytest.mark.both_screens
@pytest.mark.parametrize("path", ["/", "/report", "/imports", "/#17/32.69150/109.02250"])
def test_nothing_jumps_while_a_page_loads(first_visit: Visit, path: str) -> None:
    first_visit.page.add_init_script(f"({WATCH_SHIFTS})()")
    page = first_visit.open(path)
    if path == "/":
        rows(page).first.wait_for()
    assert_calm(page)
    assert page.evaluate(UNUSED) == []


def test_nothing_jumps_when_the_tools_come_late(phone: Visit) -> None:
    phone.page.add_init_script(f"({WATCH_SHIFTS})()")
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    phone.page.route("**/packs/*.js", hold)
    phone.page.goto("/#17/32.69150/109.02250", wait_until="commit")
    expect(phone.page.locator(".issue.skeleton").first).to_be_visible()
    phone.page.evaluate(RESTED)
    for route in held:
        route.continue_()
    phone.page.locator("html[data-ready]").wait_for(state="attached")
    expect(phone.page.locator("#bottom-right .control:visible")).to_have_count(3)
    assert_calm(phone.page)


def assert_calm(page: Page) -> None:
    """Fail where what stood on the screen was pushed aside, and tell what it was."""
    page.evaluate(RESTED)
    shifts = page.evaluate("() => window.shifts")
    assert sum(shift["value"] for shift in shifts) < MOST_SHIFT, shifts


@pytest.mark.both_screens
def test_nothing_jumps_when_facts_open(visit: Visit) -> None:
    visit.page.add_init_script(f"({WATCH_SHIFTS})()")
    page = visit.open("/")
    rows(page).first.click()
    expect(facts(page).locator(".said").first).to_be_visible()
    assert_calm(page)


@pytest.mark.both_screens
def test_every_stop_of_the_tab_key_is_seen(visit: Visit) -> None:
    for path, first in (("/", "skip"), ("/report", "skip"), ("/imports", "skip")):
        page = visit.open(path)
        stops = []
        for _ in range(24):
            page.keyboard.press("Tab")
            stops.append(page.evaluate(FOCUSED))
        assert stops[0][0] == first
        assert [name for name, seen in stops if not seen and name != "BODY"] == []


def test_the_map_is_two_keys_away_and_moves_by_keys(desktop: Visit) -> None:
    page = desktop.open("/")
    rows(page).first.wait_for()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#wangge_map")).to_be_focused()
    before = page.url
    page.keyboard.press("ArrowRight")
    expect(page).not_to_have_url(before)
    zoom = page.evaluate("() => wangge_map.getZoom()")
    page.keyboard.press("+")
    page.wait_for_function("(zoom) => wangge_map.getZoom() > zoom", arg=zoom)
    expect(page.locator("#wangge_map")).to_be_focused()


def test_who_asked_for_calm_gets_no_movement(desktop: Visit) -> None:
    desktop.page.emulate_media(reduced_motion="reduce")
    page = desktop.open("/")
    moving = page.evaluate(
        """() => {
            const before = wangge_map.getZoom();
            document.querySelector(".zoom button").click();
            const moving = document.querySelectorAll(".leaflet-zoom-anim").length;
            return [wangge_map.getZoom() > before, moving];
        }"""
    )
    assert moving == [True, 0]


def test_forced_colours_keep_what_colour_meant(desktop: Visit) -> None:
    desktop.page.emulate_media(forced_colors="active")
    page = desktop.open("/")
    rows(page).first.wait_for()
    outlines = page.locator(".tabs button").evaluate_all(
        "(all) => all.map((one) => getComputedStyle(one).outlineStyle)"
    )
    assert outlines == ["solid", "none", "none", "none"]
    fills = page.locator(".legend .marker .disc").evaluate_all(
        "(all) => new Set(all.map((one) => getComputedStyle(one).fill)).size"
    )
    assert fills == 2


def test_paper_bears_the_map_its_legend_the_day_and_the_list_as_a_table(desktop: Visit) -> None:
    page = desktop.open("/#14/32.70000/109.03000")
    rows(page).first.wait_for()
    page.evaluate("() => { dispatchEvent(new Event('beforeprint')); }")
    page.emulate_media(media="print")
    for part in ("#wangge_map", ".place-name", ".paper-legend", "#credit"):
        expect(page.locator(part)).to_be_visible()
    expect(page.locator("#printed-at")).to_contain_text("打印于 20")
    listed = page.locator("#issues .issue").count()
    expect(page.locator(".paper-table tbody tr")).to_have_count(listed)
    for part in (".bar", "#list-view .filters", "#top-right"):
        expect(page.locator(part)).to_be_hidden()
    page.emulate_media(media="screen")
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")
    expect(page.locator(".paper-table")).to_have_count(0)


def test_what_is_seen_fills_the_sheet_in_the_colours_of_the_day(desktop: Visit) -> None:
    desktop.page.emulate_media(color_scheme="dark")
    desktop.page.add_init_script("window.print = () => { window.printed = true; };")
    page = desktop.open("/#15/32.70000/109.03000")
    rows(page).first.wait_for()
    seen = page.evaluate("() => wangge_map.getBounds().toBBoxString()")
    page.keyboard.press("Control+p")
    page.wait_for_function("() => window.printed")
    sheet = page.evaluate(
        """(seen) => {
            const [west, south, east, north] = seen.split(",").map(Number);
            const [from, to] = [[north, west], [south, east]]
                .map((corner) => wangge_map.latLngToContainerPoint(corner));
            const { x, y } = wangge_map.getSize();
            const { painted } = document.documentElement.dataset;
            return [(to.x - from.x) / x, (to.y - from.y) / y, painted];
        }""",
        seen,
    )
    assert max(sheet[:2]) == pytest.approx(1, abs=0.01)
    assert sheet[2] == "day"
    page.evaluate("() => { dispatchEvent(new Event('afterprint')); }")
    assert page.evaluate("() => wangge_map.getBounds().toBBoxString()") == seen
    assert page.evaluate("() => document.documentElement.dataset.painted") == "night"


def find(page: Page) -> None:
    page.get_by_role("button", name="我在哪里").click()


def test_where_one_stands_is_shown_with_how_exactly(visit: Visit) -> None:
    visit.page.context.grant_permissions(["geolocation"])
    visit.page.context.set_geolocation(HANBIN)
    page = visit.open("/")
    find(page)
    expect(page.locator("#notice")).to_contain_text("位置误差约 30 米")
    here = page.locator(".here")
    expect(here).to_be_visible()
    page.evaluate(RESTED)
    dot, panel = here.bounding_box(), page.locator("#panel").bounding_box()
    assert dot
    assert panel
    assert not visit.is_phone or dot["y"] + dot["height"] < panel["y"]
    # a step further, and asked again at once
    visit.page.context.set_geolocation(Geolocation(**{**HANBIN, "accuracy": 60}))
    find(page)
    expect(page.locator("#notice")).to_contain_text("位置误差约 60 米")


def test_where_one_stands_outside_moves_nothing(desktop: Visit) -> None:
    desktop.page.context.grant_permissions(["geolocation"])
    desktop.page.context.set_geolocation(Geolocation(latitude=39.9, longitude=116.4))
    page = desktop.open("/")
    before = page.url
    find(page)
    expect(page.locator("#notice")).to_contain_text("不在这个区里")
    assert page.url == before


def test_a_position_that_cannot_be_had_is_explained(desktop: Visit) -> None:
    page = desktop.open("/")
    for spoilt, told in (
        ("", "没有得到取位置的许可"),
        ("delete Navigator.prototype.geolocation", "不提供位置"),
        ("Object.defineProperty(window, 'isSecureContext', { value: false })", "安全连接"),
    ):
        page.evaluate(f"() => {{ {spoilt} }}")
        find(page)
        expect(page.locator("#notice")).to_contain_text(told)
