"""A worker's own ground on a phone: many issues at one door, and what the phone keeps of them."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from geodata.db import tables
from tests.browser.axe import violations
from tests.browser.conftest import Site, Visit, until
from tests.browser.test_desk import first, grid, worker

__all__ = ["grid", "worker"]
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

DOOR = 4


def test_issues_at_one_door_fan_out_so_that_each_can_be_tapped(
    worker: Visit, grid: str, site: Site
) -> None:
    at, issue = tables.grid.c, tables.issue.c
    spot = select(func.ST_X(issue.place), func.ST_Y(issue.place)).order_by(issue.id)
    here = spot.join(tables.grid, at.id == issue.grid_id).where(
        at.code == grid, issue.is_open, issue.rule == "covers"
    )
    with site.engine.connect() as connection:
        lon, lat = connection.execute(here.limit(1)).one()
    for i in range(DOOR):
        body = {"category": "ENV", "text": f"门口第 {i} 件", "lon": lon, "lat": lat}
        assert worker.page.request.post("/api/issues", data=body).ok
    page = worker.open("/my-grid")
    new, number = page.locator(".mine-issue .badge.fresh"), page.locator("#menu-button[data-waits]")
    expect(number).to_be_visible()
    came, before = new.count(), number.get_attribute("data-waits")
    assert came >= DOOR
    page.locator(".mine-issue", has_text="门口第 0 件").locator(".mine-open").click()
    marks = page.locator(".marker.fanned")
    expect(marks.nth(DOOR - 1)).to_be_visible()
    assert violations(page) == []
    seen = set()
    for box in [mark.bounding_box() for mark in marks.all()]:
        assert box
        page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        seen.add(page.locator(".mine-issue.chosen").get_attribute("data-issue"))
    assert len(seen) == marks.count()
    assert new.count() <= came - DOOR  # opened, they are new no more
    expect(page.locator(f"#menu-button[data-waits='{before}']")).to_have_count(0)
    page.locator("#ground").click(position={"x": 20, "y": 200})
    expect(marks).to_have_count(0)


def stop_clock(page: Page, at: datetime) -> None:
    """What the page takes for now from its next start on; other pages of the screen go on."""
    script = """
        const [at, Real] = [AT, Date];
        window.Date = class extends Real {
            constructor(...given) { super(...(given.length ? given : [at])); }
            static now() { return at; }
        };
    """
    page.add_init_script(script.replace("AT", str(round(at.timestamp() * 1000))))


def test_what_the_phone_keeps_ends_with_the_session(worker: Visit, site: Site) -> None:
    page = worker.open("/my-grid")
    page.locator(".mine-issue").first.wait_for()
    kept = "() => JSON.parse(localStorage.getItem('wangge.mine'))"
    ends = datetime.fromtimestamp(page.evaluate(kept)["until"] / 1000, UTC)
    latest = select(func.max(tables.account_session.c.expires_at))
    with site.engine.connect() as connection:
        known = list(connection.scalars(select(tables.account_session.c.expires_at)))
        assert connection.scalar(latest)
    assert min(abs(ends - one) for one in known) < timedelta(seconds=30)

    worker.watch.refusals_expected = True
    page.route("**/api/my-grid*", lambda route: route.abort())
    stop_clock(page, ends - timedelta(minutes=1))
    worker.open("/my-grid")
    expect(page.locator("#mine-lead")).to_contain_text("没有网络")
    assert first(page)
    stop_clock(page, ends + timedelta(seconds=1))
    worker.open("/my-grid")
    expect(page.locator("#mine-list")).to_contain_text("连不上")
    assert page.locator(".mine-issue").count() == 0
    assert page.evaluate(kept) is None

    page.unroute("**/api/my-grid*")
    stop_clock(page, datetime.now(UTC))
    worker.open("/my-grid")
    page.locator(".mine-issue").first.wait_for()
    assert page.evaluate(kept)
    page.context.clear_cookies()  # whatever the server refuses for want of a session
    page.locator("[data-step=set_out], [data-step=accept]").first.click()
    until(page, lambda: page.evaluate(kept) is None)
