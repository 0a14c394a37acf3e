"""The pages of plans, walked as a street does: look, compare, approve, publish, take back."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from geodata.db import ground
from geodata.db.engine import make_sessions
from geodata.domain.roles import Role
from geodata.services import redraw_insisting, redraw_moves, redraws
from tests.browser import axe
from tests.browser.conftest import Site, Visit, until
from tests.browser.test_people import become

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def submitted(site: Site, nth: int) -> tuple[str, str]:
    """A plan that cuts the largest grid of a community, handed in; its page, and the grid."""
    now = datetime.now(UTC)
    with make_sessions(site.engine)() as session:
        cells = [row for row in ground.present(session) if row["code"]]
        home = sorted({row["community_code"] for row in cells})[nth]
        own = [row for row in cells if row["community_code"] == home]
        grid = max(own, key=lambda cell: cell["shape"].area)
        west, south, east, north = grid["shape"].bounds
        x = (west + east) / 2 + 1e-6
        number = redraws.begin(session, home, "春季调整", "shuji", now)["public_id"]
        line = [[x, south - 1e-3], [x, north + 1e-3]]
        step = {"op": "split", "grid": grid["code"], "parts": 8, "line": line}
        redraw_insisting.insist(session, number, step, "shuji", now)
        redraw_moves.move(session, number, "submit", "shuji", now)
        session.commit()
    return f"/redraws/{number}", str(grid["code"])


def followed(page: Page, before: float) -> bool:
    """Whether the map on the left goes east with the one on the right, as keys move that."""
    page.locator("#compare_other").press("ArrowRight")
    return bool(page.evaluate("(was) => compare_map.getCenter().lng > was", before))


def walked(visit: Visit, plan: str, grid: str) -> Iterator[tuple[str, Page]]:
    page = visit.open("/redraws")
    expect(page.locator(".plan-card").first).to_contain_text("待审")
    yield "list", page
    page.get_by_role("link", name="春季调整").first.click()
    expect(page.locator(".change")).to_contain_text(grid)
    yield "plan", page
    page.get_by_role("link", name="和现状对比").click()
    expect(page.locator(".two-maps .leaflet-container")).to_have_count(2)
    expect(page.locator("#compare_other .grid-plate").first).to_be_visible()
    before = page.evaluate("compare_map.getCenter().lng")
    until(page, lambda: followed(page, before))
    yield "compare", page
    yield "compare in english", visit.open(f"{plan}/compare?lang=en")
    yield "plan in english", visit.open(f"{plan}?lang=en")
    visit.open(f"{plan}?lang=zh")
    page.get_by_role("button", name="批准").click()
    page.get_by_text("马上发布", exact=True).click()
    yield "sure", page
    page.get_by_role("button", name="确认，马上发布").click()
    expect(page.get_by_role("status").filter(has_text="已完成：发布")).to_be_visible()
    yield "published", page
    page.get_by_role("link", name="看那天的地图").click()
    expect(page.locator(".time-change")).to_contain_text("春季调整")
    expect(page.locator(".grid-plate").first).to_be_visible()
    yield "history", page
    page.locator("#time").focus()
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".time-change")).to_contain_text("导入边界")
    assert "day=2021-03-01" in page.url
    page.go_back()
    page.locator(f"a[href='/grids/{grid}']").first.click()
    expect(page.locator(".tree")).to_contain_text("春季调整")
    yield "tree", page


def test_a_street_judges_and_publishes_a_plan(visit: Visit, site: Site) -> None:
    plan, grid = submitted(site, 3 if visit.is_phone else 4)
    size = "phone" if visit.is_phone else "desktop"
    become(visit, site, f"jiedao-{size}", Role.STREET, grid[:9])
    for name, page in walked(visit, plan, grid):
        assert axe.violations(page) == [], name
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, f"{name} is {wide} px too wide"
        if "english" in name:
            assert axe.chinese(page) == [], name
        if folder := os.environ.get("PLAN_SHOTS"):
            page.screenshot(path=Path(folder) / f"{size}-{name}.png", full_page=True)
