"""The map and the list are one thing seen twice: what one shows, the other shows too."""

import re
from typing import Final

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Visit, until
from tests.browser.test_map import facts, rows

pytestmark = pytest.mark.browser

NAMES_COVERED: Final = """() => {
    const all = (wanted) => [...document.querySelectorAll(wanted)];
    const boxes = all(".marker svg, .pinned svg, .corner > *, .leaflet-control-scale")
        .map((one) => one.getBoundingClientRect())
        .filter(({ width }) => width);
    const apart = (a, b) => a.left > b.right - 1 || b.left > a.right - 1
        || a.top > b.bottom - 1 || b.top > a.bottom - 1;
    const names = all(".ground-label span");
    if (!names.length) return ["none"];
    return names
        .filter((name) => !boxes.every((box) => apart(name.getBoundingClientRect(), box)))
        .map((name) => name.textContent);
}"""
ZOOM: Final = "(zoom) => { wangge_map.setView([32.70, 109.03], zoom, {animate: false}); }"
IN_THE_OPEN: Final = """() => {
    const [pin, panel] = [".pinned", "#panel"].map((one) => document.querySelector(one));
    return pin.getBoundingClientRect().bottom < panel.getBoundingClientRect().top;
}"""
BACK: Final = """(there) => location.hash === there
    && !document.querySelector(".leaflet-zoom-anim")"""
NARROWED: Final = """() => {
    history.replaceState(history.state, "", `?sort=due${location.hash}`);
    dispatchEvent(new PopStateEvent("popstate"));
}"""
RENEWED: Final = """([name, key]) => {
    const here = document.activeElement;
    return !here.old && here.closest(`[${name}]`)?.getAttribute(name) === key;
}"""
ONE: Final = ".leaflet-marker-icon:has(.marker:not(.cluster, .bulletin-mark))"
"""The mark of a single issue."""
TOO_SMALL: Final = """() => [...document.querySelectorAll(
        "button, select, summary, a, input:not([type=checkbox], [type=file]), label:has(input)")]
    .filter((one) => one.checkVisibility() && !one.closest("p, .leaflet-container, .unseen, .skip"))
    .map((one) => [one, one.getBoundingClientRect()])
    .filter(([one, { width, height }]) => width && (height < 43.5 || width < 43.5))
    .map(([one, { width, height }]) => `${one.outerHTML.slice(0, 90)} ${width} x ${height}`)"""


def test_a_row_under_the_pointer_or_the_focus_lights_its_mark(desktop: Visit) -> None:
    page = desktop.open("/")
    page.locator(".marker").first.wait_for()
    lit = page.locator(".marker.lit")
    for number in range(3):
        rows(page).nth(number).hover()
        expect(lit).to_have_count(1)
    page.mouse.move(700, 5)
    expect(lit).to_have_count(0)
    rows(page).nth(2).focus()
    expect(lit).to_have_count(1)
    rows(page).nth(2).blur()
    expect(lit).to_have_count(0)


def whole_list(page: Page) -> None:
    """Have every issue of the view in the list: others may have reported more than come at once."""
    expect(rows(page).first).to_be_visible()
    more = page.locator("#more")
    while more.is_visible():
        next_row = rows(page).nth(rows(page).count())
        more.click()
        expect(next_row).to_be_visible()


def test_a_mark_under_the_pointer_or_the_focus_lights_its_rows(desktop: Visit) -> None:
    page = desktop.open("/")
    whole_list(page)
    lit = page.locator("#issues .issue.lit")
    page.locator(ONE).first.hover()
    expect(lit).to_have_count(1)
    expect(lit).to_be_in_viewport()
    page.mouse.move(700, 5)
    expect(lit).to_have_count(0)
    cluster = page.locator(".leaflet-marker-icon:has(.marker.cluster)").first
    number = int(str(cluster.locator("text").text_content()))
    cluster.focus()
    expect(lit).to_have_count(number)


def test_a_cluster_opens_by_key_and_the_focus_stays_with_what_was_in_it(desktop: Visit) -> None:
    page = desktop.open("/")
    cluster = page.locator(".leaflet-marker-icon:has(.marker.cluster)").first
    cluster.focus()
    before = page.evaluate("() => wangge_map.getZoom()")
    page.keyboard.press("Enter")
    expect(page.locator(".leaflet-zoom-anim")).to_have_count(0)
    page.wait_for_function("(before) => wangge_map.getZoom() > before", arg=before)
    expect(page.locator(".leaflet-marker-icon:focus")).to_have_count(1)


def test_the_chosen_issue_stays_marked_wherever_one_goes(visit: Visit) -> None:
    page = visit.open("/")
    rows(page).first.click()
    pin = page.locator(".pinned")
    expect(pin).to_be_visible()
    title = facts(page).locator("h2").inner_text()
    page.evaluate("() => { wangge_map.setZoom(13, {animate: false}); }")
    expect(pin).to_be_visible()
    page.evaluate("() => { wangge_map.panBy([60, 0], {animate: false}); }")
    expect(pin).to_be_visible()
    page.go_back()
    expect(pin).to_have_count(0)
    page.go_forward()
    expect(pin).to_be_visible()
    expect(facts(page).locator("h2")).to_have_text(title)


def test_the_focus_goes_into_the_facts_and_back_to_where_it_was(desktop: Visit) -> None:
    page = desktop.open("/")
    row = rows(page).nth(1)
    row.focus()
    there = page.evaluate("location.hash")
    page.keyboard.press("Enter")
    expect(facts(page).locator("h2")).to_be_focused()
    page.keyboard.press("Escape")
    expect(facts(page)).to_be_hidden()
    expect(rows(page).first).to_be_visible()
    expect(page.locator("#issues .issue-row:focus")).to_have_count(1)
    page.wait_for_function(BACK, arg=there)
    page.locator(ONE).first.focus()
    page.keyboard.press("Enter")
    expect(facts(page).locator("h2")).to_be_focused()
    page.locator("#facts-view .facts-head button").press("Enter")
    expect(page.locator(".leaflet-marker-icon:focus, #issues :focus")).to_have_count(1)


def test_the_focus_stays_with_its_issue_when_marks_and_rows_are_drawn_anew(desktop: Visit) -> None:
    page = desktop.open("/")
    expect(rows(page).nth(1)).to_be_visible()
    row = page.locator("#issues li").nth(1)
    row.locator("button").focus()
    number = row.get_attribute("data-issue")
    page.evaluate("document.activeElement.old = true")
    page.evaluate("() => { wangge_map.panBy([3, 0], {animate: false}); }")
    page.wait_for_function(RENEWED, arg=["data-issue", number])
    mark = page.locator(ONE).first
    mark.focus()
    key = mark.get_attribute("data-mark")
    page.evaluate("document.activeElement.old = true")
    page.route("**/api/issues/points?*", renewed)
    page.evaluate(NARROWED)
    page.wait_for_function(RENEWED, arg=["data-mark", key])
    page.evaluate("() => { wangge_map.setZoom(wangge_map.getZoom() - 4, {animate: false}); }")
    expect(page.locator(".leaflet-marker-icon:has(.cluster):focus")).to_have_count(1)


def renewed(route: Route) -> None:
    """Let every issue have other time left than before."""
    answer = route.fetch()
    told = answer.json()
    for one in told["features"]:
        one["properties"]["left"] = 0.123
    route.fulfill(response=answer, json=told)


def test_the_sheet_has_three_stops_by_key_and_leaves_the_chosen_in_the_open(phone: Visit) -> None:
    page = phone.open("/")
    panel, grip = page.locator("#panel"), page.locator("#grip")
    expect(panel).to_have_attribute("data-stop", "half")
    grip.focus()
    page.keyboard.press("ArrowDown")
    expect(panel).to_have_attribute("data-stop", "peek")
    rows(page).first.scroll_into_view_if_needed()
    rows(page).first.click()
    expect(panel).to_have_attribute("data-stop", "half")
    pin = page.locator(".pinned")
    expect(pin).to_be_visible()
    page.wait_for_function(IN_THE_OPEN)
    grip.press("ArrowUp")
    expect(panel).to_have_attribute("data-stop", "full")
    assert page.locator("#ground").evaluate("(ground) => ground.inert")
    grip.press("ArrowDown")
    page.wait_for_function(IN_THE_OPEN)
    assert not page.locator("#ground").evaluate("(ground) => ground.inert")


def test_the_sheet_follows_the_finger_and_steps_at_a_tap(phone: Visit) -> None:
    page = phone.open("/")
    panel, grip = page.locator("#panel"), page.locator("#grip")
    box = grip.bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y - 300, steps=12)
    page.mouse.up()
    expect(panel).to_have_attribute("data-stop", "full")
    grip.click()
    expect(panel).to_have_attribute("data-stop", "peek")
    grip.click()
    expect(panel).to_have_attribute("data-stop", "half")


@pytest.mark.both_screens
def test_names_keep_clear_of_marks_and_controls(visit: Visit) -> None:
    page = visit.open("/")
    rows(page).first.wait_for()
    for zoom in (12.5, 13, 14, 15, 16, 17.5, 19):
        page.evaluate(ZOOM, zoom)
        expect(page.locator(".leaflet-tile-loaded").first).to_be_attached()
        page.evaluate("() => new Promise((done) => setTimeout(done, 400))")
        until(page, lambda: page.evaluate(NAMES_COVERED) == [])


def test_names_of_streets_stand_on_their_own_dry_ground(visit: Visit) -> None:
    page = visit.open("/")
    page.locator(".ground-label.street span").first.wait_for()
    wet = page.evaluate(
        """async () => {
            const { holds } = await import("/static/js/geometry.js");
            const { features } = await (await fetch("/api/layers/streets")).json();
            const map = document.querySelector("#wangge_map").getBoundingClientRect();
            const labels = [...document.querySelectorAll(".ground-label.street span")];
            return labels.filter((label) => {
                const { left, top, width, height } = label.getBoundingClientRect();
                const at = [left + width / 2 - map.left, top + height / 2 - map.top];
                const { lng, lat } = wangge_map.containerPointToLatLng(at);
                const named = ({ properties }) => properties.name === label.textContent;
                const { geometry, properties } = features.find(named);
                return !holds(properties.land ?? geometry, [lng, lat]);
            }).length;
        }"""
    )
    assert wet == 0


def test_overdue_and_escalated_are_told_by_shape_and_by_name(desktop: Visit) -> None:
    page = desktop.open("/?state=escalated#15/32.70000/109.03000")
    flagged = page.locator(".leaflet-marker-icon:has(.flag)")
    expect(flagged.first).to_be_visible()
    expect(flagged.first).to_have_attribute("aria-label", re.compile("已上升到"))
    fills = page.evaluate(
        """() => ["overdue", "open"].map((mood) => {
            const disc = document.querySelector(`.legend .marker.${mood} .disc`);
            return getComputedStyle(disc).fill;
        })"""
    )
    assert fills[0] != fills[1]


@pytest.mark.both_screens
def test_the_legend_explains_every_sign(visit: Visit) -> None:
    page = visit.open("/")
    legend = page.locator("#legend")
    if visit.is_phone:
        page.locator("#top-right .control").click()
        expect(page.locator("#panel > #legend")).to_be_visible()
        expect(page.locator("#list-view")).to_be_hidden()
    expect(legend.locator(".glyph")).to_have_count(8)
    for text in ("剩下的时间", "已超期", "已上升", "超期的份额"):
        expect(legend).to_contain_text(text)
    folded = legend.locator("details").nth(1)
    if folded.get_attribute("open") is None:
        folded.locator("summary").press("Enter")
    expect(folded.get_by_text("街道界")).to_be_visible()
    page.keyboard.press("Escape")
    expect(legend).to_be_hidden()
    expect(page.locator("#top-right .control")).to_be_focused()
    expect(rows(page).first).to_be_visible()


def test_a_thumb_finds_every_button(phone: Visit) -> None:
    page = phone.open("/")
    rows(page).first.wait_for()
    assert page.evaluate(TOO_SMALL) == []
    rows(page).first.click()
    expect(facts(page).locator(".said").first).to_be_visible()
    page.locator("#top-right .control").click()
    assert page.evaluate(TOO_SMALL) == []
    assert phone.open("/report").evaluate(TOO_SMALL) == []
