"""Redrawing on the map: whole jobs, as a community's secretary does them for the first time."""

import json
import re
from collections.abc import Iterator
from math import hypot
from typing import Any
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import text

from geodata.domain.roles import Role
from tests.browser import axe
from tests.browser.conftest import Site, Visit, until
from tests.browser.test_everyone import in_both_lights
from tests.browser.test_people import become
from tests.signing import MANAGER

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

OVERSIZED = "610902001009"  # 东关社区: its first grid holds more households than the band allows
GRID = f"{OVERSIZED}001"
SECOND, THIRD = f"{OVERSIZED}002", f"{OVERSIZED}003"
CALM = "610902001003"  # 西大街社区: nothing is wrong there


def asked(site: Site, path: str, body: dict[str, Any] | None = None) -> Any:
    """What the manager's program is answered."""
    headers = {"Authorization": f"Bearer {MANAGER}", "Content-Type": "application/json"}
    data = None if body is None else json.dumps(body).encode()
    with urlopen(Request(f"{site.url}{path}", data, headers), timeout=60) as answer:  # noqa: S310 -- our own server
        return json.load(answer)


@pytest.fixture(autouse=True)
def no_plan_left(site: Site) -> Iterator[None]:
    """Throw away what a test has left under way, so that the next begins afresh."""
    yield
    for plan in asked(site, "/api/redraws")["items"]:
        if "discard" in plan["may"]:
            asked(site, f"/api/redraws/{plan['public_id']}/discard", {})


def opened(visit: Visit, community: str, query: str = "") -> Page:
    page = visit.open(f"/redraw/{community}{query}")
    expect(page.locator(".big-choice").first).to_be_visible()
    return page


def figures(page: Page) -> list[str]:
    """The rows of what would become of the grids, each in one line."""
    rows = page.locator(".compare").all_inner_texts()
    return [" ".join(row.split()) for row in rows]


def spot(page: Page, lon: float, lat: float) -> tuple[float, float]:
    """Where a place stands on the screen."""
    at = page.evaluate(
        "([lon, lat]) => { const p = redraw_map.latLngToContainerPoint([lat, lon]);"
        " const b = redraw_map.getContainer().getBoundingClientRect();"
        " return [p.x + b.x, p.y + b.y]; }",
        [lon, lat],
    )
    return at[0], at[1]


def still(page: Page) -> None:
    """Until the map stands still."""
    page.wait_for_function("() => !redraw_map._animatingZoom && !redraw_map._panAnim?._inProgress")


def click(page: Page, lon: float, lat: float) -> None:
    still(page)
    page.mouse.click(*spot(page, lon, lat))


def drag(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(*end, steps=4)
    page.mouse.up()


def doors(site: Site, grid: str) -> list[tuple[float, float]]:
    """Where the doors of a grid's buildings are."""
    ground = asked(site, f"/api/communities/{grid[:12]}/ground")
    return [tuple(house["door"]) for house in ground["buildings"] if house["grid"] == grid]


def accept(page: Page) -> Locator:
    return page.locator("#accept")


def test_a_new_user_splits_an_oversized_grid_publishes_it_and_takes_it_back(
    desktop: Visit, site: Site
) -> None:
    page = desktop.open("/")
    page.get_by_role("link", name="调整网格", exact=True).click()
    page.get_by_role("link", name="东关社区").click()
    page.get_by_role("button", name="下一个问题").click()
    expect(page.get_by_text("01 网格有 642 户，超过 500 户。")).to_be_visible()
    page.get_by_role("button", name="拆分它").click()
    page.get_by_role("button", name="滨江大道二十五巷").click()
    expect(accept(page)).to_be_visible()
    assert figures(page) == ["01 网格 642 → 346 户 合适", "新网格 17 296 户 合适"]
    page.get_by_role("button", name="确认拆分").click()
    expect(page.locator("#redraw-kept")).to_have_text("已自动保存")
    page.get_by_role("button", name="看影响，然后发布").click()
    expect(page.get_by_text("新设网格：17")).to_be_visible()
    expect(page.get_by_text("4 栋楼、296 户换网格")).to_be_visible()
    page.get_by_text("人口、党员、网格员和诉求").click()
    expect(page.locator(".sums").first).to_contain_text("连成一片")
    page.get_by_role("button", name="现在发布").click()
    expect(page.locator("#consequence")).to_contain_text("4 栋楼、")
    page.get_by_role("button", name="确认，马上发布").click()
    expect(page.get_by_role("heading", name="已经发布")).to_be_visible()
    new = asked(site, f"/api/grids/{OVERSIZED}017")
    assert (new["households"], asked(site, f"/api/grids/{GRID}")["households"]) == (296, 346)
    page.get_by_role("button", name="撤回这次发布").click()
    page.get_by_role("button", name="确认撤回").click()
    expect(page.get_by_role("heading", name="已经撤回")).to_be_visible()
    expect(page.get_by_role("button", name="撤回这次发布")).to_have_count(0)
    assert asked(site, f"/api/grids/{GRID}")["households"] == 642


def test_buildings_are_clicked_brushed_and_boxed_and_handed_over(
    desktop: Visit, site: Site
) -> None:
    page = opened(desktop, CALM)
    page.get_by_role("button", name=re.compile("移交楼栋")).click()
    page.locator(f"[data-grid='{CALM}012']").click()
    taker = doors(site, f"{CALM}012")
    x, y = sum(lon for lon, _ in taker) / len(taker), sum(lat for _, lat in taker) / len(taker)
    nearest = sorted(doors(site, f"{CALM}011"), key=lambda at: hypot(at[0] - x, at[1] - y))
    donor = nearest[:2]
    still(page)
    for lon, lat in donor:
        click(page, lon, lat)
    expect(page.get_by_text("选了 2 栋")).to_be_visible()
    click(page, *donor[1])
    expect(page.get_by_text("选了 1 栋")).to_be_visible()
    live = figures(page)
    assert live[0].startswith("12 网格 318 →")
    assert live[1].startswith("11 网格 313 →")
    accept(page).click()
    expect(page.locator("#redraw-said")).to_have_text("已移交 1 栋楼。")
    assert sorted(figures(page)) == sorted(live)
    near = page.evaluate("redraw_map.getZoom()")
    page.reload()
    expect(page.locator(".compare").first).to_be_visible()
    assert sorted(figures(page)) == sorted(live)
    assert page.evaluate("redraw_map.getZoom()") == near
    page.keyboard.press("Control+z")
    expect(page.locator(".compare")).to_have_count(0)
    page.locator("#redraw-redo").click()
    expect(page.locator(".compare")).to_have_count(2)
    is_brushed_boxed_and_dropped(page, nearest[1])


def is_brushed_boxed_and_dropped(page: Page, house: tuple[float, float]) -> None:
    """Buildings are chosen by brush and box, and an undo drops them before any step."""
    page.get_by_role("button", name=re.compile("移交楼栋")).click()
    page.locator(f"[data-grid='{CALM}012']").click()
    still(page)
    x, y = spot(page, *house)
    page.get_by_role("button", name="涂选").click()
    drag(page, (x - 12, y), (x + 2, y))
    expect(page.get_by_text(re.compile("选了 [1-9]"))).to_be_visible()
    page.get_by_role("button", name="全部不选").click()
    page.get_by_role("button", name="框选").click()
    drag(page, (x - 9, y - 9), (x + 9, y + 9))
    expect(page.get_by_text(re.compile("选了 [1-9]"))).to_be_visible()
    page.locator("#redraw-undo").click()
    expect(page.get_by_text("先选接收的网格")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".compare")).to_have_count(2)


def test_a_line_is_mended_and_dragged_and_a_step_outlives_the_network_and_another_s_plan(
    desktop: Visit, site: Site
) -> None:
    desktop.watch.refusals_expected = True
    page = opened(desktop, OVERSIZED, f"?grid={GRID}")
    page.locator("[data-way=split]").click()
    west, south, east, north = asked(site, f"/api/grids/{GRID}")["bbox"]
    middle = (west + east) / 2
    click(page, middle, north + (north - south) * 0.1)
    click(page, middle + (east - west) * 0.02, north - (north - south) * 0.45)
    box = page.get_by_role("alert")
    expect(box).to_contain_text("停在 01 网格里面")
    page.get_by_role("button", name="把线延长到边界").click()
    expect(accept(page)).to_be_visible()
    assert sum(int(n) for n in re.findall(r"(\d+) 户", " ".join(figures(page)))) == 642
    page.locator("#again").click()
    still(page)
    drag(page, spot(page, middle, north + 3e-4), spot(page, middle, south - 3e-4))
    expect(accept(page)).to_be_visible()
    page.locator("#again").click()
    page.locator(".choice.street").first.click()
    expect(accept(page)).to_be_visible()
    page.context.set_offline(True)
    accept(page).click()
    expect(page.locator("#redraw-kept")).to_contain_text("连上后自动补上")
    page.context.set_offline(False)
    expect(page.locator("#redraw-kept")).to_have_text("已自动保存")
    expect(page.locator(".compare")).to_have_count(2)
    plan = asked(site, f"/api/redraws?community={OVERSIZED}")["items"][0]
    assert asked(site, f"/api/redraws/{plan['public_id']}")["steps"] == 1
    drawn_over(page, site)


def drawn_over(page: Page, site: Site) -> None:
    """Somebody else publishes a plan for the same ground; this one is drawn over that."""
    begun = asked(site, "/api/redraws", {"community": OVERSIZED, "name": "别人的方案"})
    url = f"/api/redraws/{begun['public_id']}"
    merge = {"op": "merge", "grids": [GRID, SECOND], "into": GRID}
    asked(site, f"{url}/steps", {"intent": merge})
    asked(site, f"{url}/publish", {})
    page.reload()
    expect(page.get_by_text("（方案“别人的方案”）").first).to_be_visible()
    page.get_by_role("button", name="按现在的边界接着画").click()
    expect(page.locator(".big-choice").first).to_be_visible()
    expect(page.locator("#redraw-said")).not_to_be_empty()
    asked(site, f"{url}/rollback", {"name": "撤回"})
    until(page, lambda: asked(site, f"/api/grids/{SECOND}")["households"] == 243)


def test_two_grids_are_merged_by_the_keyboard_alone(desktop: Visit, site: Site) -> None:
    page = opened(desktop, OVERSIZED, f"?grid={SECOND}")
    page.locator("[data-way=merge]").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("点一下第一个网格")).to_be_visible()
    lon, lat = doors(site, SECOND)[0]
    near = "([lon, lat]) => { redraw_map.setView([lat, lon], 18, {animate: false}); }"
    page.evaluate(near, [lon, lat])
    held = spot(page, lon, lat)
    page.locator("#redraw_map").focus()
    page.keyboard.press("Enter")  # under the cross in the map's middle
    expect(page.get_by_text("再点旁边要并进来的网格。")).to_be_visible()
    still(page)
    assert spot(page, lon, lat) == held
    page.locator("#redraw-undo").click()
    expect(page.get_by_text("点一下第一个网格")).to_be_visible()
    page.locator("#redraw_map").focus()
    page.keyboard.press("Enter")
    page.locator(f"[data-grid='{THIRD}']").focus()
    page.keyboard.press("Enter")
    expect(accept(page)).to_be_visible()
    assert figures(page) == ["02 网格 243 → 525 户 偏多", "03 网格 282 户 裁撤"]
    accept(page).focus()
    page.keyboard.press("Enter")
    expect(page.locator("#redraw-said")).to_have_text("网格已合并。")


def test_a_secretary_submits_on_a_phone_and_the_street_returns_it(phone: Visit, site: Site) -> None:
    become(phone, site, "dongguan", Role.SECRETARY, OVERSIZED)
    page = phone.open(f"/?community={OVERSIZED}")
    page.locator("#facts-view").get_by_role("link", name="调整网格").click()
    page.locator("#next-problem").click()
    page.locator("#mend").click()
    page.locator(".choice.street").first.click()
    accept(page).click()
    page.locator("#review:not([disabled])").click()
    page.get_by_label("方案名称").fill("东关分一个出来")
    page.get_by_role("button", name="交街道审批").click()
    expect(page.get_by_role("heading", name="已提交")).to_be_visible()
    plan = asked(site, f"/api/redraws?community={OVERSIZED}")["items"][0]
    assert plan["name"] == "东关分一个出来"
    become(phone, site, "jiedao", Role.STREET, OVERSIZED[:9])
    page.reload()
    page.get_by_role("button", name="退回修改").click()
    page.get_by_label("说说要改什么").fill("两边再匀一些")
    page.get_by_role("button", name="退回修改").click()
    expect(page.locator("#redraw-said")).to_have_text("已退回社区。")
    become(phone, site, "dongguan")
    expect(phone.open("/redraw").get_by_text("街道退回了方案：两边再匀一些")).to_be_visible()
    is_answered(page)


def is_answered(page: Page) -> None:
    """A returned plan goes again with a word why, which is kept when it is taken back."""
    page.locator("#review:not([disabled])").click()
    page.locator("#submit").click()
    why = page.get_by_label("为什么不改")
    expect(why).to_be_focused()
    expect(page.locator(".refused-box[role=alert]")).to_contain_text("退回以后还没有改过")
    why.fill("居民会开过了")
    page.locator("#submit").click()
    page.locator("#withdraw").click()
    page.locator("#review:not([disabled])").click()
    expect(page.get_by_label("给街道的说明")).to_have_value("居民会开过了")


def states(visit: Visit) -> Iterator[Page]:
    """The tool in all its states, one after another."""
    page = opened(visit, OVERSIZED)
    page.locator(".advanced summary").click()
    yield page
    page.locator("#next-problem").click()
    yield page
    page.locator("#mend").click()
    yield page
    page.locator(".choice.street").first.click()
    expect(accept(page)).to_be_visible()
    yield page
    accept(page).click()
    page.locator("#review:not([disabled])").click()
    expect(page.locator(".effects").first).to_be_visible()
    yield page
    page.locator("#cancel").click()
    page.locator("[data-way=hand]").click()
    yield page
    page.locator(f"[data-grid='{SECOND}']").click()
    page.locator(".by-list summary").click()
    page.locator(".houses input").first.check()
    yield page
    page.locator("#cancel").click()
    for way in ("#suggest", "#locks"):
        if page.locator(way).is_hidden():
            page.locator(".advanced summary").click()
        page.locator(way).click()
        yield page
        page.locator("#cancel").click()
    visit.open("/redraw")
    yield page
    visit.open(f"/history?community={OVERSIZED}")
    expect(page.locator(".time-change").first).to_be_visible()
    yield page


def test_axe_and_the_translator_find_nothing(desktop: Visit, site: Site) -> None:
    desktop.watch.refusals_expected = True
    desktop.page.context.add_cookies([{"name": "lang", "value": "en", "url": site.url}])
    found = [in_both_lights(page) + axe.chinese(page) for page in states(desktop)]
    assert len(found) == 11
    assert [one for one in found if one] == []


def test_what_is_taken_again_asks_and_what_does_not_fit_is_kept_and_tried_again(
    visit: Visit, site: Site
) -> None:
    visit.watch.refusals_expected = True
    plans = "/api/redraws"
    mine = asked(site, plans, {"community": CALM, "name": "我的"})["public_id"]
    ground = asked(site, f"/api/communities/{CALM}/ground")
    cuts = [one["code"] for name in ("buildings", "courtyards") for one in ground[name]]
    retired = {"op": "retire", "grid": f"{CALM}005", "cuts": cuts}
    asked(site, f"{plans}/{mine}/steps", {"intent": retired})
    theirs = asked(site, plans, {"community": CALM, "name": "别人的"})["public_id"]
    asked(site, f"{plans}/{theirs}/steps", {"intent": retired})
    asked(site, f"{plans}/{theirs}/publish", {})
    page = visit.open(f"/redraw/{CALM}?plan={mine}")
    page.locator("#rebase").click()
    left = page.locator("#left-out")
    expect(left).to_contain_text("并入邻格 05 网格")
    page.reload()
    left.get_by_role("button", name="再试这一步").click()
    expect(page.locator(".refused-box[role=alert]")).to_contain_text("没有")
    assert in_both_lights(page) + axe.chinese(page) == []
    page.locator("#leave-it").click()
    expect(page.locator(".refused-box[role=alert]")).to_have_count(0)
    asked(site, f"{plans}/{theirs}/rollback", {"name": "撤回", "cuts": cuts})
    left.get_by_role("button", name="再试这一步").click()
    expect(left).to_have_count(0)
    expect(page.get_by_text("这次改了什么（1 步）")).to_be_visible()
    cut(site, f"{plans}/{mine}", ground["buildings"], cuts)
    page.reload()
    page.locator("#redraw-redo").click()
    expect(page.locator(".refused-box[role=alert]")).to_contain_text("中间穿过")
    expect(page.get_by_text("这次改了什么（1 步）")).to_be_visible()
    page.locator("#remedy").click()
    expect(page.get_by_text("这次改了什么（2 步）")).to_be_visible()
    expect(page.locator(".refused-box")).to_have_count(0)


def cut(site: Site, plan: str, houses: list[Any], cuts: list[str]) -> None:
    """Take back a step that cuts a building of which it knows nothing."""
    house = next(one for one in houses if one["grid"] == f"{CALM}002")
    xs = [x for x, _ in house["outline"][0]]
    middle, y = (min(xs) + max(xs)) / 2 + 1e-7, house["door"][1]
    line = [[middle, y - 0.01], [middle, y + 0.01]]
    split = {"op": "split", "grid": house["grid"], "line": line, "parts": 9, "cuts": cuts}
    asked(site, f"{plan}/steps", {"intent": split})
    asked(site, f"{plan}/undo", {})
    with site.engine.begin() as connection:
        forgotten = "update redraw_step set intent = intent - 'cuts' from redraw_plan"
        connection.execute(text(f"{forgotten} where plan_id = redraw_plan.id and state = 'draft'"))
