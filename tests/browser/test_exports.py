"""Taking files out and printing a certificate, in a browser."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import expect

from geodata.db.engine import make_sessions
from geodata.services import export_jobs, exports
from geodata.services.exports import Order
from tests.browser.conftest import Site, Visit

pytestmark = pytest.mark.browser


def test_the_list_leads_to_its_own_export(visit: Visit) -> None:
    page = visit.open("/")
    page.locator("[data-state=escalated]").click()
    page.get_by_role("link", name="导出").last.click()
    expect(page.get_by_label("图层或清单")).to_have_value("issues")
    expect(page.get_by_text("state = escalated")).to_be_visible()
    page.locator(".format", has_text="GeoJSON").click()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="下载").click()
    assert waiting.value.suggested_filename.startswith("汉滨区-诉求-")
    told = json.loads(Path(waiting.value.path()).read_text("utf-8"))
    assert len(told["features"]) == 7


def test_a_large_file_is_followed_called_off_and_fetched(desktop: Visit, site: Site) -> None:
    with make_sessions(site.engine)() as session:
        for form in ("csv", "gpkg"):
            export_jobs.submit(session, exports.checked(Order("streets", form)), datetime.now(UTC))
        session.commit()
    page = desktop.open("/exports")
    rows = page.locator("#jobs li")
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text("等待中")
    page.get_by_role("button", name="取消 街道 · GeoPackage").click()
    expect(rows.first).to_contain_text("已取消")
    site.work()
    expect(rows.last).to_contain_text("可以下载")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="下载 街道 · CSV").click()
    assert waiting.value.suggested_filename.startswith("汉滨区-街道-")
    assert Path(waiting.value.path()).read_bytes().startswith(b"PK")


def test_an_order_that_cannot_be_met_is_told_on_the_page(phone: Visit) -> None:
    page = phone.open("/exports?layer=streets")
    page.get_by_label("截至哪一天").fill("2024-05-01")
    phone.watch.refusals_expected = True
    page.get_by_role("button", name="下载").click()
    expect(page.get_by_role("alert")).to_contain_text("没有历史")


@pytest.mark.both_screens
def test_a_certificate_fits_one_sheet_and_every_screen(visit: Visit, tmp_path: Path) -> None:
    page = visit.open("/")
    told = page.request.get("/api/issues?limit=200").json()["items"]
    found = next(one for one in told if one["rule"] == "covers" and not one["is_open"])
    page = visit.open(f"/issues/{found['id']}")
    page.get_by_role("link", name="归属证明").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("网格归属证明")
    expect(page.get_by_role("img", name="上北下南")).to_be_visible()
    expect(page.get_by_role("button", name="打印")).to_be_visible()
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0
    page.emulate_media(media="print", color_scheme="dark")
    expect(page.get_by_role("button", name="打印")).to_be_hidden()
    expect(page.locator(".bar")).to_be_hidden()
    sheet = page.pdf(path=tmp_path / "a4.pdf", prefer_css_page_size=True)
    assert sheet.count(b"/Type /Page\n") == 1
    assert b"/MediaBox [0 0 594" in sheet or b"/MediaBox [0 0 595" in sheet
