"""A worker's day on the phone, and the resident's word at its end."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import func, select

from geodata.db import tables
from geodata.db.engine import make_sessions
from geodata.domain.roles import Role
from tests import signing
from tests.browser.axe import violations
from tests.browser.conftest import PHONE, Site, Visit, laid_up, visiting
from tests.browser.test_map import CENTRE

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


@pytest.fixture
def grid(site: Site) -> str:
    """The code of a grid with a worker and something open, the same for all of a run."""
    at, post, issue = tables.grid.c, tables.post.c, tables.issue.c
    with site.engine.connect() as connection:
        found = connection.scalar(
            select(at.code)
            .join(tables.post, post.grid_id == at.id)
            .where(post.during.contains(datetime.now(UTC)))
            .where(select(1).where(issue.grid_id == at.id, issue.is_open).exists())
            .order_by(at.code)
        )
    assert found
    return str(found)


@pytest.fixture
def worker(browser: Browser, site: Site, grid: str) -> Iterator[Visit]:
    """A visit of the worker of that grid, on a phone."""
    post, at = tables.post.c, tables.grid.c
    with make_sessions(site.engine)() as session:
        held = select(post.worker_id).join(tables.grid, at.id == post.grid_id)
        number = session.scalar(held.where(at.code == grid).order_by(post.id))
        account = signing.account(session, f"desk-{grid}", Role.WORKER, worker_id=number)
        token = signing.token(session, account)
        session.commit()
    for visit in visiting(browser, site, PHONE, signed_in=False):
        name, value = signing.cookie(token)
        cookie = {"name": name, "value": value, "url": site.url, "httpOnly": True}
        visit.page.context.add_cookies([cookie])  # type: ignore[list-item]
        yield visit


KEPT = """() => new Promise((done) => {
  const asked = indexedDB.open("wangge-draft", 1);
  asked.onsuccess = () => {
    const count = asked.result.transaction("photos").objectStore("photos").count();
    count.onsuccess = () => { asked.result.close(); done(count.result > 0); };
  };
})"""
"""Whether the device keeps photos of what is being written."""


def photo() -> bytes:
    out = BytesIO()
    Image.new("RGB", (80, 60), "#884").save(out, "JPEG", comment=b"13912345678")
    return out.getvalue()


def cut_off(page: Page) -> None:
    """The network goes while somebody writes, and the page is opened anew without it."""
    laid_up(page, "/my-grid")
    page.context.set_offline(True)
    page.locator("#behalf").click()
    page.locator("#behalf-text").fill("井盖松了")
    page.reload()
    page.locator("html[data-ready]").wait_for(state="attached")
    expect(page.locator("#mine-lead")).to_contain_text(re.compile("没有网络，这是 .*:.* 的情况"))
    expect(page.locator(".own-name")).to_have_count(1)
    expect(page.locator("#behalf-text")).to_have_value("井盖松了")
    page.locator("#behalf-cancel").click()


def first(page: Page) -> str:
    return page.locator(".mine-issue").first.get_attribute("data-issue") or ""


def tap(page: Page, lon: float, lat: float) -> None:
    page.evaluate(f"mine_map.setView([{lat}, {lon}], 18, {{animate: false}})")
    x, y = page.evaluate(CENTRE.replace("wangge_map", "mine_map"), [lon, lat])
    page.mouse.click(x, y)


def behalf(page: Page, site: Site, grid: str) -> str:
    """Four taps for somebody in the street; gives the address of the house that was tapped."""
    house, issue, at = tables.building.c, tables.issue.c, tables.grid.c
    inside = house.outline.ST_PointOnSurface()
    with site.engine.connect() as connection:
        of_grid = select(at.id).where(at.code == grid).scalar_subquery()
        address, lon, lat = connection.execute(
            select(house.address, inside.ST_X(), inside.ST_Y())
            .where(house.grid_id == of_grid, house.kind == "building", house.address != "")
            .order_by(house.id)
        ).first() or pytest.fail("a grid without a house")
        mark = connection.execute(
            select(issue.place.ST_X(), issue.place.ST_Y())
            .where(issue.grid_id == of_grid, issue.is_open, issue.place.is_not(None))
            .order_by(issue.id)
        ).first() or pytest.fail("a grid without an issue on the map")
    page.locator("#behalf").click()
    tap(page, *mark)  # a mark does not take the tap for itself
    expect(page.locator("#behalf-where")).to_contain_text("选定")
    tap(page, lon, lat)
    expect(page.locator("#behalf-where")).to_contain_text(address)
    page.locator("[name=kind][value=ENV]").check(force=True)
    page.locator("#behalf-send").dblclick()  # an impatient thumb
    expect(page.locator("#notice")).to_contain_text("已上报到")
    expect(page.locator("#behalf-form")).to_be_hidden()
    return str(address)


def put(site: Site, number: int, status: str) -> None:
    """What somebody else did to an issue meanwhile."""
    with site.engine.begin() as connection:
        own = tables.issue.update().where(tables.issue.c.id == number)
        connection.execute(own.values(status=status))


def outrun(page: Page, site: Site, number: int) -> None:
    """A window that others have outrun says so, with a button that shows what is so now."""
    put(site, number, "reworked")
    page.get_by_role("button", name="满意", exact=True).click()
    page.get_by_role("button", name="确认评价").click()
    refresh = page.locator("#facts [role=alert]").get_by_role("button", name="刷新")
    expect(refresh).to_be_visible()
    put(site, number, "handled")
    refresh.click()
    expect(page.locator("#facts [role=alert]")).to_be_hidden()


def test_a_workers_day_with_the_network_cut_in_the_middle(
    worker: Visit, site: Site, grid: str
) -> None:
    page = worker.open("/my-grid")
    expect(page.locator("#mine-lead")).to_contain_text("待办")
    page.locator(".mine-issue").first.wait_for()
    assert violations(page) == []

    address = behalf(page, site, grid)
    own = page.locator(".mine-issue", has_text="市容环境")
    number = own.first.get_attribute("data-issue")
    task = page.locator(f"[data-issue='{number}']")

    # taken in another window meanwhile: this one says so, and shows what is so now
    worker.watch.refusals_expected = True
    body = {"step": "accept", "key": "5" * 32}
    assert page.request.post(f"/api/issues/{number}/steps", data=body).ok
    task.locator("[data-step=accept]").click()
    expect(page.locator("#notice")).to_contain_text("可能别人刚刚办过")
    expect(task).to_contain_text("已受理")
    cut_off(page)
    task.locator("[data-step=settle]").click()
    task.locator("[name=note]").fill("已清运")
    task.locator("input[type=file]").last.set_input_files(
        {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": photo()}
    )
    page.wait_for_function(KEPT)
    page.reload()
    worker.watch.refusals_expected = True
    cut_off(page)
    task.locator("[data-step=settle]").click()
    expect(task.locator("[name=note]")).to_have_value("已清运")
    expect(task.locator(".thumbnail")).to_have_count(1)
    task.locator("[type=submit]").click()
    expect(task).to_contain_text("等网络恢复后送出")
    page.context.set_offline(False)
    expect(page.locator("#outbox")).to_be_hidden()

    at, events = tables.issue.c, tables.issue_event.c
    with site.engine.connect() as connection:
        row = connection.execute(
            select(at.id, at.status, at.channel, at.address, at.text).where(at.public_id == number)
        )
        stored = row.one()
        alike = connection.scalar(
            select(func.count()).where(at.channel == "worker", at.text == stored.text)
        )
        steps = connection.scalars(
            select(events.kind).where(events.issue_id == stored.id).order_by(events.id)
        ).all()
        photos = connection.scalar(select(func.count()).where(tables.photo.c.issue_id == stored.id))
    assert (stored.status, stored.channel, alike) == ("handled", "worker", 1)
    assert stored.address == address
    assert steps == ["reported", "accept", "settle"]
    assert photos == 1


def test_a_resident_sees_it_before_sending_and_reopens_it_after(
    browser: Browser, site: Site
) -> None:
    at = tables.building.c
    with site.engine.connect() as connection:
        address = connection.scalar(
            select(at.address).where(at.grid_id.is_not(None), at.address != "").order_by(at.id)
        )
    for visit in visiting(browser, site, PHONE, signed_in=False):
        page = visit.open("/report")
        page.locator("#address").fill(str(address))
        page.locator("#address-results [role=option]").first.click()
        page.locator("[name=category][value=NOISE]").check(force=True)
        expect(page.locator("#before")).to_contain_text("会送到")
        expect(page.locator("#before")).to_contain_text("办理期限")
        expect(page.locator("#before")).to_contain_text("约 100 米")
        page.locator("[name=answer-when][value=night]").check(force=True)
        page.locator("#text").fill("楼下太吵 <img src=x onerror=alert(1)>")
        page.locator("#photos input").set_input_files(
            {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": photo()}
        )
        assert violations(page) == []
        page.locator("#send").click()
        expect(page.locator("#done h1")).to_contain_text("已送到")
        link = page.locator("#done .track a").get_attribute("href") or ""
        number = link.split("/")[-1].split("#")[0]
        with site.engine.begin() as connection:
            kept = tables.issue.c
            row = connection.execute(
                select(kept.answers, kept.id).where(kept.public_id == number)
            ).one()
            assert row.answers == {"when": "night"}
        put(site, row.id, "handled")
        visit.open(link)
        expect(page.locator("#facts")).to_contain_text("你满意吗")
        visit.watch.refusals_expected = True
        outrun(page, site, row.id)
        page.get_by_role("button", name="基本满意").click()
        page.get_by_role("button", name="再想想").click()
        page.get_by_role("button", name="满意", exact=True).click()
        page.get_by_role("button", name="确认评价").click()
        expect(page.locator("#facts")).to_contain_text("你的评价")  # it is not closed yet
        expect(page.locator("#facts")).not_to_contain_text(str(address))
        page.locator("#facts textarea").fill("今晚还是吵")
        page.get_by_role("button", name="没办好，要求重办").click()
        expect(page.locator("#facts .next-step")).to_contain_text("已要求重办")
        expect(page.locator("#facts .timeline")).to_contain_text("今晚还是吵")
        visit.open(f"/issues/{number}")  # anybody else is told that it was, not in which words
        expect(page.locator("#facts .next-step")).to_contain_text("已要求重办")
        expect(page.locator("#facts .timeline")).not_to_contain_text("今晚还是吵")
