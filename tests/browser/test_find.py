"""Finding things and narrowing the list, as somebody does who then sends the address on."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import func, select

from geodata.db import tables
from tests.browser.conftest import Site, Visit
from tests.browser.test_map import building, facts, rows

pytestmark = pytest.mark.browser

STREET, COMMUNITY, GRID = "610902002", "610902002012", "610902002012003"


def found(page: Page) -> Locator:
    return page.locator("#search-results [role=option]")


def search(page: Page, words: str) -> Locator:
    page.locator("#search-text").fill(words)
    return found(page)


def fields(visit: Visit) -> None:
    """Bring the fields of the filter to light, which a phone keeps folded."""
    if visit.is_phone:
        visit.page.locator("#filter-button").click()


def ticket(site: Site) -> tuple[str, str, str]:
    """The ticket, id and text of an issue."""
    at = tables.issue.c
    with site.engine.connect() as connection:
        row = connection.execute(
            select(at.ticket, at.public_id, at.text)
            .where(at.channel == "12345", at.place.is_not(None))
            .order_by(at.ticket)
        ).first()
    assert row
    return row[0], str(row[1]), row[2]


WANTED = (
    ("安火路 03", "网格", f"grid={GRID}", "安火路社区第3网格"),
    (GRID[:12], "社区", f"community={COMMUNITY}", "18 个网格"),
    ("新城街道", "街道", f"street={STREET}", "18 个社区"),
    ("安火路3网格员", "网格长", f"grid={GRID}", "安火路社区第3网格"),
    ("安火路1小组", "党小组", "grid=610902002012001", "安火路社区第1网格党小组"),
    ("巴山公园", "地点", "place=", "所在"),
)


def test_what_is_found_opens_with_its_facts_and_its_ground(visit: Visit) -> None:
    page = visit.open("/")
    expect(page).to_have_url(re.compile("#"))
    for words, kind, opens, told in WANTED:
        before = page.url.split("#")[1]
        expect(search(page, words).first).to_contain_text(kind)
        page.keyboard.press("Enter")
        expect(facts(page)).to_contain_text(told)
        expect(found(page).first).to_be_hidden()
        expect(page).to_have_url(re.compile(re.escape(opens)))
        if not opens.startswith("street="):  # which fills the map as it is
            expect(page).not_to_have_url(re.compile(re.escape(f"#{before}")))
        page.go_back()
        expect(facts(page)).to_be_hidden()
        expect(page).to_have_url(re.compile(re.escape(f"#{before}")))


def test_an_issue_is_found_by_its_ticket_and_by_its_id(visit: Visit, site: Site) -> None:
    number, public_id, said = ticket(site)
    page = visit.open("/")
    for words in (number.lower(), public_id):
        expect(search(page, words)).to_have_count(1)
        expect(found(page).first).to_contain_text(number)
        page.keyboard.press("Enter")
        expect(facts(page)).to_contain_text(said)
        expect(page).to_have_url(re.compile(f"issue={public_id}"))


def test_the_list_of_what_was_found_is_walked_by_keys(desktop: Visit) -> None:
    page = desktop.open("/")
    expect(search(page, "安火").first).to_contain_text("安火路社区")
    field = page.locator("#search-text")
    field.press("ArrowDown")
    field.press("ArrowDown")
    second = found(page).nth(1)
    expect(second).to_have_attribute("aria-selected", "true")
    assert field.get_attribute("aria-activedescendant") == second.get_attribute("id")
    field.press("Escape")
    expect(page.locator("#search-results")).to_be_hidden()
    expect(field).to_have_attribute("aria-expanded", "false")


def test_letters_that_become_characters_are_not_searched_for(desktop: Visit) -> None:
    page = desktop.open("/")
    page.locator("#search-text").focus()
    keyboard = page.context.new_cdp_session(page)
    keyboard.send(
        "Input.imeSetComposition", {"text": "anhuo", "selectionStart": 5, "selectionEnd": 5}
    )
    page.wait_for_timeout(500)
    expect(page.locator("#search-results")).to_be_hidden()
    assert "q=" not in page.url
    keyboard.send("Input.insertText", {"text": "安火"})
    expect(found(page).first).to_contain_text("安火路社区")
    expect(page).to_have_url(re.compile("q="))


def test_nothing_found_is_said_in_a_sentence(visit: Visit) -> None:
    page = visit.open("/")
    expect(search(page, "查无此处").first).to_contain_text("没有找到")
    page.keyboard.press("Enter")
    expect(found(page).first).to_contain_text("没有找到")
    expect(facts(page)).to_be_hidden()


def test_a_number_that_is_not_there_is_said_and_becomes_no_other(desktop: Visit) -> None:
    page = desktop.open("/")
    field = page.locator("#search-text")
    field.fill("安火路9号")
    field.press("Enter")
    options = page.locator("#search-results [role=option]")
    expect(options).to_have_count(1)
    expect(options).to_contain_text("没有9号")
    expect(field).to_have_value("安火路9号")
    field.press("Enter")
    expect(field).to_have_value("安火路")


def test_an_address_carries_a_search(visit: Visit) -> None:
    page = visit.open("/?q=安火")
    expect(found(page).first).to_contain_text("安火路社区")
    expect(page.locator("#search-text")).to_have_value("安火")
    visit.open("/?q=安火路社区第3网格")
    expect(facts(page)).to_contain_text(GRID)
    expect(page).not_to_have_url(re.compile("q="))
    visit.open("/")
    search(page, "鼓楼")
    expect(page).to_have_url(re.compile("q="))


def test_a_filter_narrows_list_and_map_and_stands_in_the_address(visit: Visit, site: Site) -> None:
    at, category = tables.issue.c, tables.issue_category.c
    with site.engine.connect() as connection:
        number = connection.scalar(
            select(func.count())
            .join_from(tables.issue, tables.issue_category)
            .where(category.code == "ENV", ~at.is_open, at.community_code.like(f"{STREET}%"))
        )
    assert number
    page = visit.open("/?state=closed")
    fields(visit)
    page.locator("#category").select_option("ENV")
    page.locator("#area-street").select_option(label="新城街道")
    expect(page.locator("[data-issues=closed]")).to_have_text(f"{number}")
    expect(page.locator("#filter-summary")).to_contain_text("市容环境 · 新城街道")
    expect(page).to_have_url(re.compile(f"category=ENV&area=street-{STREET}"))
    expect(rows(page)).to_have_count(number)
    expect(page.locator("#issues")).not_to_contain_text(re.compile("西大街|鼓楼|张岭"))
    visit.open(page.url)
    expect(page.locator("[data-issues=closed]")).to_have_text(f"{number}")
    expect(rows(page)).to_have_count(number)
    expect(page.locator("#area-street")).to_have_value(STREET)


def test_back_and_forward_undo_and_redo_each_step(visit: Visit) -> None:
    page = visit.open("/")
    expect(rows(page).first).to_be_visible()
    page.locator("[data-state=closed]").click()
    expect(page.locator("[data-state=closed]")).to_have_attribute("aria-pressed", "true")
    fields(visit)
    page.locator("#period").select_option("7d")
    expect(page.locator("#filter-summary")).to_contain_text("近 7 天")
    page.locator("#overdue").check()
    expect(page.locator("#filter-summary")).to_contain_text("近 7 天 · 只看超期")
    page.go_back()
    expect(page.locator("#overdue")).not_to_be_checked()
    page.go_back()
    expect(page.locator("#filter-summary")).to_be_hidden()
    expect(page.locator("#period")).to_have_value("")
    page.go_back()
    expect(page.locator("[data-state=open]")).to_have_attribute("aria-pressed", "true")
    page.go_forward()
    page.go_forward()
    page.go_forward()
    expect(page.locator("#overdue")).to_be_checked()
    expect(page.locator("#filter-summary")).to_contain_text("近 7 天 · 只看超期")


def test_a_selection_leads_back_to_the_narrowed_list(visit: Visit) -> None:
    page = visit.open("/?state=closed&category=ENV")
    expect(rows(page).first).to_be_visible()
    rows(page).first.click()
    expect(facts(page)).to_be_visible()
    page.get_by_role("button", name="返回").click()
    expect(facts(page)).to_be_hidden()
    expect(page.locator("#filter-summary")).to_contain_text("市容环境")
    expect(page).to_have_url(re.compile("category=ENV"))


def test_an_area_is_narrowed_step_by_step_and_cleared_at_once(visit: Visit) -> None:
    page = visit.open("/")
    fields(visit)
    page.locator("#area-street").select_option(STREET)
    page.locator("#area-community").select_option(COMMUNITY)
    page.locator("#area-grid").select_option(GRID)
    expect(page.locator("#filter-summary")).to_contain_text("安火路社区第3网格")
    expect(page).to_have_url(re.compile(f"area=grid-{GRID}"))
    page.locator("#area-grid").select_option("")
    expect(page.locator("#filter-summary")).to_contain_text("安火路社区")
    page.get_by_role("button", name="清除条件").click()
    expect(page.locator("#filter-summary")).to_be_hidden()
    expect(page.locator("#area-community")).to_be_hidden()
    expect(page).not_to_have_url(re.compile("area="))
    page.go_back()
    expect(page.locator("#area-community")).to_have_value(COMMUNITY)


def test_days_in_the_wrong_order_are_told_and_not_asked(visit: Visit) -> None:
    page = visit.open("/")
    fields(visit)
    page.locator("#period").select_option("30d")
    expect(page.locator("#filter-summary")).to_contain_text("近 30 天")
    page.locator("#period").select_option("days")
    expect(page.locator("#filter-summary")).to_be_hidden()
    page.locator("#since").fill("2026-10-02")
    page.locator("#until").fill("2026-10-01")
    page.locator("#until").dispatch_event("change")
    expect(page.locator("#days-wrong")).to_be_visible()
    assert "until=" not in page.url
    page.locator("#until").fill("2026-10-03")
    page.locator("#until").dispatch_event("change")
    expect(page.locator("#days-wrong")).to_be_hidden()
    expect(page).to_have_url(re.compile("since=2026-10-02&until=2026-10-03"))


def test_an_address_with_a_code_that_nothing_has_says_so(visit: Visit) -> None:
    visit.watch.refusals_expected = True
    page = visit.open("/?area=community-610902001999")
    expect(page.locator("#issues")).to_contain_text("没有编码为 610902001999 的社区")
    page.get_by_role("button", name="清除条件").click()
    expect(rows(page).first).to_be_visible()


def test_a_community_leads_to_its_grids_and_to_its_issues(visit: Visit) -> None:
    page = visit.open(f"/?community={COMMUNITY}")
    expect(facts(page)).to_contain_text("安火路社区")
    page.get_by_role("button", name="安火路社区第3网格").click()
    expect(facts(page)).to_contain_text("网格情况")
    page.get_by_role("button", name="只看这里的诉求").click()
    expect(page.locator("#filter-summary")).to_contain_text("安火路社区第3网格")
    expect(facts(page)).to_be_hidden()
    page.go_back()
    expect(facts(page)).to_contain_text("网格情况")


def test_on_a_phone_the_fields_leave_the_list_alone(phone: Visit) -> None:
    page = phone.open("/")
    expect(rows(page).first).to_be_visible()
    expect(page.locator("#category")).to_be_hidden()
    button = page.locator("#filter-button")
    expect(button).to_have_attribute("aria-expanded", "false")
    button.click()
    expect(page.locator("#category")).to_be_visible()
    page.locator("#category").select_option("ENV")
    button.click()
    expect(page.locator("#category")).to_be_hidden()
    expect(page.locator("#filter-summary")).to_be_visible()
    box = button.bounding_box()
    assert box
    assert box["height"] >= 44


def test_an_address_of_a_building_shows_what_stands_there(visit: Visit, site: Site) -> None:
    address, group, *_ = building(site)
    page = visit.open("/")
    expect(search(page, address).first).to_contain_text(address)
    expect(found(page).first).to_contain_text("社区")
    found(page).first.click()
    expect(facts(page)).to_contain_text(address)
    expect(facts(page)).to_contain_text(group)
