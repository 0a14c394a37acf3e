"""A list is loaded in a browser: asked about, tried, corrected, put on the map; or refused."""

from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Site, Visit
from tests.sheets import table

pytestmark = pytest.mark.browser
HEADER = ["单位名称", "单位类型", "经度", "纬度", "联系电话"]
HOSTILE = "<img src=x onerror=alert(1)>"


def unit(number: int, name: str = "", lon: str = "109.0321") -> list[str]:
    return [name or f"第{number}小学", "学校", lon, "32.6912", "13912345678"]


def send(page: Page, file: Path, kind: str = "units") -> None:
    page.get_by_label("里面是什么").select_option(kind)
    page.locator("#file").set_input_files(file)
    page.get_by_role("button", name="开始检查").click()


def sent(page: Page, file: Path, kind: str = "units") -> Locator:
    """The card of a load whose file was just chosen and sent."""
    send(page, file, kind)
    expect(page.locator("#job")).to_contain_text("等待中")
    return page.locator("#job")


def test_a_list_goes_from_the_file_to_the_map(visit: Visit, site: Site, tmp_path: Path) -> None:
    file, first = tmp_path / "驻区单位.csv", 10 if visit.is_phone else 20
    wrong = unit(first + 1, lon="9.1")
    file.write_text(table([HEADER, unit(first), wrong, unit(first + 2)]), "utf-8")
    page = visit.open("/loads")
    expect(page.get_by_role("button", name="开始检查")).to_be_disabled()
    job = sent(page, file)
    site.work()
    expect(job).to_contain_text("等您回答")
    expect(job.locator(".problem").first).to_contain_text("没有写明坐标系")
    choice = job.locator(".choice", has_text="WGS84")
    expect(choice).to_contain_text("109.03")
    choice.click()
    job.get_by_role("button", name="就用这个").click()
    expect(job).to_contain_text("等待中")
    site.work()
    expect(job).to_contain_text("检查完，还没有导入")
    expect(job).to_contain_text("没有保存这些联系方式列：联系电话")
    refused = job.locator("tbody tr", has_text="退回")
    expect(refused).to_have_count(1)
    expect(refused.locator("td").first).to_have_text("3")
    with page.expect_download() as waiting:
        job.get_by_role("link", name="下载报告").click()
    assert f"第{first + 1}小学" in Path(waiting.value.path()).read_text("utf-8-sig")

    file.write_text(table([HEADER, *(unit(first + n) for n in range(3))]), "utf-8")
    page.get_by_label("坐标系", exact=True).fill("WGS84")
    job = sent(page, file)
    site.work()
    expect(job).to_contain_text("检查完，还没有导入")
    expect(job.locator("tbody tr", has_text="退回")).to_have_count(0)
    job.get_by_role("button", name="导入到地图上").click()
    expect(job).to_contain_text("等待中")
    site.work()
    expect(job.locator(".figures dd").first).to_have_text("3")
    expect(page.locator("#jobs li").first).to_contain_text("已导入")
    job.get_by_role("link", name="到地图上看").click()
    expect(page.locator("html[data-ready]")).to_be_attached()


@pytest.mark.parametrize(
    ("content", "kind", "said"),
    [
        (b"%PDF-1.7", "units", "pdf"),
        ("单位,经度\n甲,".encode() + b"\xff\xfe\xfa\n", "units", "编码"),
        ("姓名,年龄\n甲,3\n".encode(), "workers", "网格"),
        (b'{"type":"FeatureCollection","features":[]}', "grids", "没有"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(
    desktop: Visit, site: Site, tmp_path: Path, content: bytes, kind: str, said: str
) -> None:
    file = tmp_path / "名单.csv"
    file.write_bytes(content)
    job = sent(desktop.open("/loads"), file, kind)
    site.work()
    expect(job).to_contain_text("没有导入")
    expect(job.locator(".problem").first).to_contain_text(said)


def test_options_that_cannot_be_are_refused_at_once(desktop: Visit, tmp_path: Path) -> None:
    file, mapping = tmp_path / "单位.csv", tmp_path / "对照.json"
    file.write_text(table([HEADER, unit(1)]), "utf-8")
    mapping.write_text('{"单位名称": "nothing"}', "utf-8")
    page = desktop.open("/loads")
    desktop.watch.refusals_expected = True
    page.get_by_label("坐标系", exact=True).fill("EPSG:1")
    send(page, file)
    alert = page.locator("#problem")
    expect(alert).to_contain_text("EPSG:1")
    page.get_by_label("坐标系", exact=True).fill("WGS84")
    page.get_by_text("更多选项").click()
    page.get_by_label("列的对照表").set_input_files(mapping)
    page.get_by_role("button", name="开始检查").click()
    expect(alert).to_contain_text("nothing")


def test_hostile_names_are_shown_as_text(visit: Visit, site: Site, tmp_path: Path) -> None:
    file = tmp_path / f"{HOSTILE[:20]}.csv".replace("/", "")
    header = [*HEADER, f"{HOSTILE}{{{{7*7}}}}"]
    rows = [[*unit(1, HOSTILE), "x"], [*unit(2, f"{HOSTILE}${{1}}", lon="9.1"), "x"]]
    file.write_text(table([header, *rows]), "utf-8")
    page = visit.open("/loads")
    page.get_by_label("坐标系", exact=True).fill("WGS84")
    job = sent(page, file)
    site.work()
    expect(job).to_contain_text("检查完，还没有导入")
    expect(job).to_contain_text("{{7*7}}")
    assert page.locator("#main img").count() == 0
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0
