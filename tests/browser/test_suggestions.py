"""Grids suggested on the map: locked ones stay, each change says why, a refusal has its way out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import expect

from geodata.db.engine import make_sessions
from geodata.services import suggestion_jobs
from tests.browser.conftest import Site, Visit
from tests.browser.test_redraw import asked, opened

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

BUSY = "610902001007"
"""大北街社区: grid 15 holds too many households, grid 16 too few."""
LOCKED, LATE = f"{BUSY}018", f"{BUSY}015"
NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def nothing_left(site: Site) -> Iterator[None]:
    """Throw away the locks and plans of a test."""
    yield
    for lock in asked(site, f"/api/locks?community={BUSY}")["items"]:
        asked(site, f"/api/locks/{lock['id']}/release", {})
    for plan in asked(site, f"/api/redraws?community={BUSY}")["items"]:
        if "discard" in plan["may"]:
            asked(site, f"/api/redraws/{plan['public_id']}/discard", {})


def suggest(site: Site) -> None:
    """Make the suggestion that was asked for, as the worker does."""
    with make_sessions(site.engine)() as session, make_sessions(site.engine)() as reading:
        suggestion_jobs.run(session, reading, lambda: NOW, session.commit)


def lock(site: Site, grid: str) -> Any:
    return asked(site, "/api/locks", {"grid": grid, "reason": "正在换届"})


def test_locked_grids_stay_and_each_change_says_why(desktop: Visit, site: Site) -> None:
    desktop.watch.refusals_expected = True
    lock(site, LOCKED)
    page = opened(desktop, BUSY)
    page.locator("#suggest").click()
    expect(page.get_by_text("18 网格锁着，划法里原样不动。")).to_be_visible()
    page.locator("[data-kind=rebalance]").click()
    expect(page.locator("progress")).to_be_visible()
    suggest(site)
    rows = page.locator(".suggested li")
    expect(rows.filter(has_text="多 117 户")).to_contain_text("15 网格")
    expect(rows.filter(has_text="划入").first).to_contain_text("栋")
    expect(rows.filter(has_text="18 网格")).to_have_count(0)
    lock(site, LATE)
    page.locator("#accept").click()
    refusal = page.locator(".refused-box")
    expect(refusal).to_contain_text("15 网格")
    assert BUSY not in refusal.inner_text()
    page.locator(".alternative").first.click()
    expect(refusal).to_have_count(0)
    expect(page.get_by_text("15 网格后来锁住了")).to_be_visible()
    page.get_by_role("button", name="解锁 15 网格").click()
    page.locator("#accept").click()
    expect(page.get_by_text("建议已画进方案，还可以再改。")).to_be_visible()
