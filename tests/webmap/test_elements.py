import html
import json
import re

import pytest

from webmap import maps
from webmap.maps.elements import GridMap, Tool, take_apart

GROUND = maps.Ground((108.9, 32.6, 109.1, 32.8))
HOSTILE = ["{{7*191}}", "{% for x in y %}", "{# gone #}", "${7*191}", "`", "'\"><img>", "a\\b"]


def settings_of(shell: maps.Shell, tool: str) -> dict[str, object]:
    found = re.search(rf'data-tool="{tool}"[^>]*data-settings="([^"]*)"', shell.html)
    assert found
    settings = json.loads(html.unescape(found[1]))
    assert isinstance(settings, dict)
    return settings


def composed(**settings: str) -> maps.Shell:
    page = GridMap("a_map", GROUND.bbox)
    Tool("probe", **settings).add_to(page)
    return take_apart(page)


@pytest.mark.parametrize("name", maps.PAGES)
def test_every_page_renders_byte_for_byte_the_same(name: str) -> None:
    assert maps.shell(name, GROUND) == maps.shell(name, GROUND)


@pytest.mark.parametrize("name", maps.PAGES)
def test_no_page_names_another_host(name: str) -> None:
    shell = maps.shell(name, GROUND)
    whole = f"{shell.styles}{shell.scripts}{shell.html}{shell.script}"
    assert "http" not in whole
    assert "//" not in whole


@pytest.mark.parametrize("name", maps.PAGES)
def test_the_markup_holds_neither_script_nor_style(name: str) -> None:
    shell = maps.shell(name, GROUND)
    assert not re.search(r"<script|<style|\sstyle=|\son[a-z]+=", shell.html + shell.styles)
    assert re.fullmatch(r'(\s*<script src="/static/[\w./-]+"></script>\s*)+', shell.scripts)


@pytest.mark.parametrize("name", maps.PAGES)
def test_two_pages_made_at_once_share_nothing(name: str) -> None:
    first, second = maps.PAGES[name](GROUND), maps.PAGES[name](GROUND)
    first.default_js.clear()
    assert second.default_js
    assert "leaflet.js" in take_apart(second).scripts


@pytest.mark.parametrize("text", HOSTILE)
def test_a_setting_arrives_as_it_was_given(text: str) -> None:
    assert settings_of(composed(text=text), "probe") == {"text": text}


@pytest.mark.parametrize("text", HOSTILE)
def test_a_setting_is_no_code_in_the_second_rendering(text: str) -> None:
    shell = composed(text=text)
    assert "1337" not in shell.html
    assert "{" not in shell.html
    assert text not in shell.script


@pytest.mark.parametrize("name", ["", "A", "a-b", "{{7*191}}", '"', "a\n"])
def test_only_plain_identifiers_name_a_map_or_a_tool(name: str) -> None:
    with pytest.raises(ValueError, match="identifier"):
        GridMap(name, GROUND.bbox)
    with pytest.raises(ValueError, match="identifier"):
        Tool(name)


@pytest.mark.parametrize("url", ["https://cdn.test/x.js", "//cdn.test/x", "javascript:alert(1)"])
def test_no_setting_leads_to_another_host(url: str) -> None:
    with pytest.raises(ValueError, match="host"):
        Tool("probe", nested={"list": [url]})
    with pytest.raises(ValueError, match="host"):
        GridMap("a_map", GROUND.bbox, vendor=url)


def test_a_setting_that_is_no_json_is_refused() -> None:
    with pytest.raises(ValueError, match="JSON"):
        Tool("probe", number=float("nan"))


def test_the_tag_follows_the_script() -> None:
    elsewhere = maps.Ground((1.0, 2.0, 3.0, 4.0))
    assert maps.shell("overview", GROUND).etag == maps.shell("overview", GROUND).etag
    assert maps.shell("overview", GROUND).etag != maps.shell("overview", elsewhere).etag


@pytest.mark.parametrize("option", ['"maxZoom": 19', '"minZoom": 11', '"zoomSnap": 0.25'])
def test_the_zoom_survives_a_map_without_tiles(option: str) -> None:
    assert option in maps.shell("overview", GROUND).script
