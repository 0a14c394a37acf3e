"""A file of tickets is uploaded, and its bad row is corrected on the spot."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Site, Visit, until
from tests.sheets import HEADER, row, table

pytestmark = pytest.mark.browser


def test_a_bad_row_is_corrected(visit: Visit, site: Site, tickets: Path) -> None:
    first = 100 if visit.is_phone else 200
    cells = [HEADER, row(first), row(first + 1), row(first + 2, 受理时间="明天")]
    tickets.write_bytes(table(cells).encode("gb18030"))
    page = visit.open("/imports")
    page.locator("#file").set_input_files(tickets)
    expect(page.locator("#file-name")).to_contain_text("工单.csv")
    page.locator("#send").click()
    job = page.locator("#job")
    expect(job).to_contain_text("等待中")
    site.work()
    expect(job).to_contain_text("已完成")
    expect(job).to_contain_text("联系电话")
    refused = job.locator(".refused tbody tr")
    expect(refused).to_have_count(1)
    expect(refused).to_contain_text("看不懂时间“明天”")
    cell = page.get_by_label("第 4 行，受理时间")
    visit.watch.refusals_expected = True
    cell.fill("后天")
    refused.get_by_role("button", name="再试").click()
    expect(refused.locator("[role=status]")).to_contain_text("后天")
    cell.fill("2023-11-02 10:00")
    refused.get_by_role("button", name="再试").click()
    expect(refused).to_contain_text("已导入")
    visit.open(page.url)
    expect(job.locator(".figures dd").first).to_have_text("3")
    expect(job.locator(".refused")).to_have_count(0)
    page.get_by_role("link", name="到地图上看").click()
    expect(page.locator("#filter-summary")).to_contain_text("次导入的")
    counts = page.locator("[data-issues=open], [data-issues=closed]")
    until(page, lambda: sum(int(n) for n in counts.all_inner_texts() if n.isdigit()) == 3)


def test_a_file_of_the_wrong_kind_says_why(desktop: Visit, site: Site, tickets: Path) -> None:
    tickets.write_bytes(b"%PDF-1.7 not a table")
    page = desktop.open("/imports")
    page.locator("#file").set_input_files(tickets)
    page.locator("#send").click()
    expect(page.locator("#job")).to_be_visible()
    site.work()
    expect(page.locator("#job .problem")).to_contain_text("“工单.csv”不是表格，而是pdf")


def test_the_rows_can_be_downloaded(desktop: Visit, site: Site, tickets: Path) -> None:
    tickets.write_text(table([HEADER, row(300, 受理时间="明天")]), "utf-8")
    page = desktop.open("/imports")
    page.locator("#file").set_input_files(tickets)
    page.locator("#send").click()
    expect(page.locator("#job")).to_be_visible()
    site.work()
    with page.expect_download() as waiting:
        page.locator("#job .refused-head a").click()
    assert "AK2023000300" in Path(waiting.value.path()).read_text("utf-8-sig")
