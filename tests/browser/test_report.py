"""A resident reports an issue on the phone."""

import re
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from geodata.db import tables
from geodata.domain.issue import POINTS
from tests.browser.conftest import Site, Visit, laid_up, until
from tests.browser.test_map import CENTRE, building

pytestmark = pytest.mark.browser


def photo() -> bytes:
    out = BytesIO()
    Image.new("RGB", (80, 60), "#884").save(out, "JPEG")
    return out.getvalue()


def tell(page: Page, text: str) -> None:
    page.locator("[name=category][value=LAMP]").check(force=True)
    page.locator("#text").fill(text)
    page.locator("#send").click()


def tap(page: Page, lon: float, lat: float) -> None:
    """Set the pin, once the map has come to rest."""
    page.locator("#ground").scroll_into_view_if_needed()
    expect(page.locator(".leaflet-zoom-anim, .leaflet-pan-anim")).to_have_count(0)
    x, y = page.evaluate(CENTRE.replace("wangge_map", "report_map"), [lon, lat])
    page.mouse.click(x, y)


def several(site: Site) -> tuple[str, str]:
    """A word that several places answer to, and the label of one that is a point."""
    for word in ("花园", "小区", "学校", "超市"):
        answer = site.locator.answer(word, 6)
        exact = [one.label for one in answer.candidates if one.precision in POINTS]
        if not answer.sure and len(answer.candidates) > 1 and exact:
            return word, exact[0]
    pytest.fail("every word is sure")


def test_by_a_pin(phone: Visit, site: Site) -> None:
    *_, lon, lat = building(site)
    page = phone.open("/report")
    tap(page, lon, lat)
    expect(page.locator("#where")).to_contain_text("选定")
    tell(page, "路灯不亮：按图钉")
    expect(page.locator("#done h1")).to_contain_text("已送到")
    follow = page.locator("#done .track a")
    expect(follow).to_have_attribute("href", re.compile("^/issues/[0-9a-f-]{36}#[A-Z2-7-]{19}$"))
    follow.click()
    page.locator("html[data-ready]").wait_for(state="attached")
    expect(page.locator("#facts")).to_contain_text("路灯不亮：按图钉")


def test_by_an_address(phone: Visit, site: Site) -> None:
    address, *_ = building(site)
    page = phone.open("/report")
    page.locator("#text").fill("还没写完")
    page.locator("[name=category][value=LAMP]").check(force=True)
    page.locator("#address").fill(address)
    page.locator("#address").press("Enter")  # looks it up, and sends nothing
    expect(page.locator("#where")).to_contain_text(address)
    expect(page.locator("#send")).to_be_enabled()
    expect(page.locator("#done")).to_be_hidden()
    tell(page, "路灯不亮：按地址")
    expect(page.locator("#done h1")).to_contain_text("已送到")
    with site.engine.connect() as connection:
        at = tables.issue.c
        precision = connection.scalar(select(at.precision).where(at.text == "路灯不亮：按地址"))
    assert precision in ("door", "building")


def test_an_address_is_taken_out_when_the_pin_goes_elsewhere(phone: Visit, site: Site) -> None:
    address, _, lon, lat = building(site)
    page = phone.open("/report")
    page.locator("#address").fill(address)
    page.locator("#address-results [role=option]").first.click()
    expect(page.locator("#where")).to_contain_text(address)
    tap(page, lon, lat)  # about where it was
    expect(page.locator("#address")).not_to_have_value("")
    tap(page, lon, lat + 0.0006)
    expect(page.locator("#address")).to_have_value("")
    expect(page.locator("#where")).to_contain_text("已去掉")


def test_a_road_alone_is_shown_and_a_point_asked_for(phone: Visit, site: Site) -> None:
    address, _, lon, lat = building(site)
    page = phone.open("/report")
    page.locator("#address").fill(re.sub(r"\d+号.*", "", address))
    page.locator("#address").blur()
    expect(page.locator("#where")).to_contain_text("请在地图上点出具体位置")
    tell(page, "路灯不亮：只写了路名")
    expect(page.locator("#problem")).to_contain_text("请在地图上点出具体位置")
    expect(page.locator("#done")).to_be_hidden()
    tap(page, lon, lat)
    page.locator("#send").click()
    expect(page.locator("#done h1")).to_contain_text("已送到")


def test_an_address_that_may_be_several_is_asked_back(phone: Visit, site: Site) -> None:
    word, label = several(site)
    page = phone.open("/report")
    page.locator("#address").fill(word)
    page.locator("#address").press("Enter")
    expect(page.locator("#address-results [role=option]").nth(1)).to_be_visible()
    tell(page, "路灯不亮：好几个地方都叫这个")
    expect(page.locator("#problem")).to_contain_text("请选一处")
    page.locator("#choices button").filter(has_text=label).first.click()
    expect(page.locator("#done h1")).to_contain_text("已送到")


def test_what_is_missing_is_said_and_nothing_is_lost(phone: Visit) -> None:
    page = phone.open("/report")
    page.locator("#text").fill("写到一半")
    page.locator("#photos input").set_input_files(
        {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": photo()}
    )
    expect(page.locator(".thumbnail")).to_have_count(1)
    page.locator("#send").click()
    problem, address = page.locator("#problem"), page.locator("#address")
    expect(problem).to_contain_text("请先说在哪里")
    expect(problem).to_be_in_viewport(ratio=1)
    expect(address).to_be_focused()
    expect(address).to_have_accessible_description(re.compile("请先说在哪里"))
    phone.open("/report")
    expect(page.locator("#text")).to_have_value("写到一半")
    expect(page.locator(".thumbnail")).to_have_count(1)


def test_without_a_network_the_words_stay(phone: Visit, site: Site) -> None:
    address, *_ = building(site)
    page = phone.open("/report")
    page.locator("#address").fill(address)
    page.locator("#address-results [role=option]").first.click()
    expect(page.locator("#where")).to_contain_text(address)
    phone.watch.refusals_expected = True
    laid_up(page, "/report")
    page.locator("#text").fill("断网时写的")
    page.context.set_offline(True)
    page.reload()  # the page is there without a network, and so is what was typed
    page.locator("html[data-ready]").wait_for(state="attached")
    expect(page.locator("#text")).to_have_value("断网时写的")
    expect(page.locator("#where")).to_contain_text(address)
    tell(page, "断网时写的")
    expect(page.locator("#done h1")).to_contain_text("已存在本机")
    page.reload()  # and it waits, however often
    page.locator("html[data-ready]").wait_for(state="attached")
    expect(page.locator("#outbox")).to_contain_text("等网络恢复")
    # the network comes back unnoticed: what came through takes the word of its absence away
    page.evaluate("addEventListener('online', (event) => event.stopImmediatePropagation(), true)")
    page.context.set_offline(False)
    flushed = "document.dispatchEvent(new Event('visibilitychange'))"
    until(page, lambda: page.evaluate(flushed) and page.locator("#arrived").is_visible())
    expect(page.locator("#arrived")).to_contain_text("查询码")
    expect(page.locator("#laid-up")).to_have_count(0)
    page.reload()  # it is told until somebody has seen it
    expect(page.locator("#arrived")).to_contain_text("自动送出")
    page.locator("#arrived").get_by_role("button", name="知道了").click()
    expect(page.locator("#arrived")).to_be_hidden()
    with site.engine.connect() as connection:
        same = select(func.count()).where(tables.issue.c.text == "断网时写的")
        assert connection.scalar(same) == 1
    phone.open("/track")
    page.locator("#own-list a").click()
    expect(page.locator("#facts")).to_contain_text("断网时写的")
