"""The map of problems: listed by check, drawn with a number, stepped through."""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import expect
from sqlalchemy import func, select, text, update

from geodata.db import tables
from tests.browser.conftest import Site, Visit

pytestmark = pytest.mark.browser
CHECKS = ("边界完整性", "拓扑关系", "数据一致性", "坐标精度", "属性完整性", "关联关系")
SEEN_S = 1.2
"""The web asks for the version of the ground once a second at most."""
AGAIN = text("update district set revision = revision + 1")


@contextmanager
def same_names(site: Site) -> Iterator[None]:
    """Two grids of one community with one name, which the checks find."""
    grid = tables.grid.c
    mine = (grid.community_code == "610902001003") & grid.code.is_not(None)
    with site.engine.begin() as connection:
        rows = connection.execute(select(grid.id, grid.name).where(mine).order_by(grid.code))
        first, second = rows.all()[:2]

    def name(new: str) -> None:
        with site.engine.begin() as connection:
            connection.execute(update(tables.grid).where(grid.id == second.id).values(name=new))
            connection.execute(AGAIN)
        time.sleep(SEEN_S)

    name(first.name)
    try:
        yield
    finally:
        name(second.name)


def test_the_six_checks_stand_by_name_and_the_district_is_sound(visit: Visit, site: Site) -> None:
    at = tables.grid.c
    with site.engine.connect() as connection:
        stands = select(func.count()).where(at.kind != "uncovered", at.retired_at.is_(None))
        grids = connection.scalar(stands)
    page = visit.open("/quality")
    expect(page.locator(".check:not(.skeleton)")).to_have_count(6)
    for name in CHECKS:
        expect(page.get_by_role("heading", name=name)).to_be_attached()
    expect(page.locator("#problems-lead")).to_contain_text(f"{grids} 个网格")
    expect(page.locator("#problems-lead")).to_contain_text("没有要处理的问题")
    expect(page.locator(".problem-row")).to_have_count(1)
    expect(page.locator(".problem-row")).to_contain_text("已知未划入网格的地面")
    expect(page.locator(".check-state.bad")).to_have_count(0)


def test_problems_are_stepped_through_by_button_and_key(visit: Visit, site: Site) -> None:
    with same_names(site):
        page = visit.open("/quality")
        expect(page.locator(".problem-row")).to_have_count(2)
        page.locator("#problem-next").click()
        expect(page.locator("#problem-at")).to_contain_text("1 / 2")
        expect(page.locator("[aria-current=true]")).to_contain_text("重名")
        expect(page.locator(".problem-mark.current")).to_be_visible()
        page.keyboard.press("n")
        expect(page.locator("#problem-at")).to_contain_text("2 / 2")
        expect(page.locator(".problem-mark.current")).to_contain_text("平方米")
        page.keyboard.press("n")
        expect(page.locator("#problem-at")).to_contain_text("1 / 2")
        page.keyboard.press("p")
        expect(page).to_have_url(re.compile("problem=2"))
        visit.open(page.url)
        expect(page.locator("#problem-at")).to_contain_text("2 / 2")


def test_a_number_on_the_map_chooses_its_row(desktop: Visit) -> None:
    page = desktop.open("/quality")
    page.locator(".problem-place").click()
    expect(page.locator("[aria-current=true]")).to_contain_text("已知未划入网格的地面")
    assert "problem=1" in page.url


def test_the_page_speaks_english_too(desktop: Visit) -> None:
    page = desktop.open("/quality?lang=en")
    expect(page.locator("#problems-lead")).to_contain_text("nothing to settle")
    expect(page.locator("#panel")).not_to_contain_text(re.compile("[\u4e00-\u9fff]"))
