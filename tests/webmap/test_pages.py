"""The pages as a browser gets them, in both languages."""

import re

import pytest
from flask.testing import FlaskClient

from geodata.files.columns import ALIASES
from tests.webmap.conftest import problem

PAGES = ("/", "/report", "/imports", "/imports/1", "/exports", "/about")
CHINESE = re.compile("[\u4e00-\u9fff]+")
QUOTED = {name for names in ALIASES.values() for name in names} | {"安火路", "号", "号楼"}
"""What an English reader types in Chinese: names of columns, and an address."""


def visible(page: str) -> str:
    """What a reader of the page meets: texts and labels, without the switch of languages."""
    page = re.sub(r'<a[^>]*id="language".*?</a>', "", page, flags=re.DOTALL)
    return re.sub(r"<script.*?</script>", "", page, flags=re.DOTALL)


@pytest.mark.parametrize("path", PAGES)
def test_chinese_comes_first(client: FlaskClient, path: str) -> None:
    page = client.get(path).get_data(as_text=True)
    assert '<html lang="zh-CN"' in page
    assert "导入工单" in page


@pytest.mark.parametrize("path", PAGES)
def test_english_pages_are_english(client: FlaskClient, path: str) -> None:
    page = visible(client.get(f"{path}?lang=en").get_data(as_text=True))
    assert '<html lang="en"' in page
    assert set(CHINESE.findall(page)) <= QUOTED


def test_the_language_is_remembered(client: FlaskClient) -> None:
    cookie = client.get("/?lang=en").headers["Set-Cookie"]
    assert "lang=en" in cookie
    assert "SameSite=Lax" in cookie
    assert '<html lang="en"' in client.get("/").get_data(as_text=True)
    assert "Set-Cookie" not in client.get("/").headers
    client.get("/?lang=zh")
    assert '<html lang="zh-CN"' in client.get("/").get_data(as_text=True)


def test_a_language_we_do_not_speak_is_chinese(client: FlaskClient) -> None:
    answer = client.get("/?lang=fr")
    assert '<html lang="zh-CN"' in answer.get_data(as_text=True)
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("path", ["/", "/report"])
def test_a_map_page_is_the_shell_and_no_data(client: FlaskClient, path: str) -> None:
    page = client.get(path).get_data(as_text=True)
    assert not re.search(r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son[a-z]+=", page)
    assert not re.search(r'(src|href)="(https?:)?//', page)
    assert "演示数据：地面为合成" in page
    assert len(page) < 40_000


def test_every_category_can_be_reported(client: FlaskClient) -> None:
    page = client.get("/report").get_data(as_text=True)
    for code in ("ADS", "ENV", "PIPE", "ROAD", "LAMP", "CCTV", "NOISE", "OTHER"):
        assert f'value="{code}"' in page


@pytest.mark.parametrize("name", ["overview", "report", "issue"])
def test_the_script_of_a_map_is_a_file_of_ours(client: FlaskClient, name: str) -> None:
    answer = client.get(f"/maps/{name}.js")
    assert answer.mimetype == "text/javascript"
    assert "L.map(" in answer.get_data(as_text=True)
    assert "http" not in answer.get_data(as_text=True)
    again = client.get(f"/maps/{name}.js", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_texts_are_a_file_of_ours(client: FlaskClient) -> None:
    assert client.get("/texts/zh.json").get_json() == {}
    english = client.get("/texts/en.json").get_json()
    assert english["社区"].lower().startswith("communit")


@pytest.mark.parametrize("path", ["/maps/nothing.js", "/texts/fr.json"])
def test_other_scripts_and_texts_are_none(client: FlaskClient, path: str) -> None:
    problem(client.get(path), 404, "no_page")


def test_the_page_of_an_issue_knows_which_one(client: FlaskClient) -> None:
    number = client.get("/api/issues?limit=1").get_json()["items"][0]["id"]
    assert f'data-issue="{number}"' in client.get(f"/issues/{number}").get_data(as_text=True)


def test_about_names_the_sources(client: FlaskClient) -> None:
    page = client.get("/about").get_data(as_text=True)
    assert "folium" in page
    assert "演示数据" in page
