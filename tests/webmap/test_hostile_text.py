"""What people and files say never becomes part of a page, a script or a template."""

import ast
import re
from pathlib import Path
from urllib.parse import quote

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy import text, update
from sqlalchemy.orm import Session, sessionmaker

from geodata.db import tables
from geodata.domain.roles import Role
from geodata.services import audit
from geodata.services.audit import Deed, Who
from tests.webmap.conftest import SETTINGS, Store, signed_in, someone
from webmap import maps
from webmap.app import create_app

ROOT = Path(__file__).parents[2]
HOSTILE = "{{7*191}}{% raw %}{# <img src=x onerror=alert(1)> ${7*191} `</script>\\'\""
PAGES = ("/", "/report", "/imports", "/about", *(f"/maps/{name}.js" for name in maps.PAGES))
OURS = sorted((ROOT / "webmap/static/js").rglob("*.js"))
SOURCES = [
    path
    for package in ("geodata", "webmap")
    for path in sorted((ROOT / package).rglob("*.py"))
    if "node_modules" not in path.parts
]
INLINE = re.compile(r"<script(?![^>]*\ssrc=)|<style|\son[a-z]+=|\sstyle=|javascript:")
FOLIUM = re.compile(r"^(import|from) (folium|branca)", re.MULTILINE)


def fresh(sessions: sessionmaker[Session]) -> FlaskClient:
    """A browser on an application that has not yet seen the ground."""
    return signed_in(create_app(SETTINGS, sessions), sessions)


def shown(client: FlaskClient) -> dict[str, bytes]:
    return {path: client.get(path).data for path in PAGES}


def test_pages_and_scripts_do_not_change_with_what_is_stored(store: Store) -> None:
    before = shown(fresh(store.sessions))
    for column in (
        *(tables.issue.c.text, tables.issue.c.address, tables.community.c.name),
        *(tables.grid.c.name, tables.building.c.name, tables.building.c.address),
        *(tables.road.c.name, tables.place.c.name, tables.street.c.name, tables.party_org.c.name),
    ):
        table = column.table
        store.connection.execute(update(table).values({column.name: HOSTILE}))
    assert shown(fresh(store.sessions)) == before


def test_hostile_texts_come_back_as_they_were(store: Store) -> None:
    client = fresh(store.sessions)
    item = client.get("/api/issues?limit=1").get_json()["items"][0]
    store.connection.execute(update(tables.issue).values(text=HOSTILE, address=HOSTILE))
    store.connection.execute(update(tables.grid).values(name=HOSTILE))
    assert client.get("/").status_code == 200
    card = client.get(f"/api/issues/{item['id']}").get_json()
    assert (card["text"], card["address"]) == (HOSTILE, HOSTILE)
    assert client.get("/api/issues?limit=1").get_json()["items"][0]["text"] == HOSTILE
    layers = client.get("/api/layers/grids").get_json()["features"]
    assert layers[0]["properties"]["name"] == HOSTILE


@pytest.mark.parametrize("hostile", ["{{7*191}}", "{%", "{#", "<img src=x onerror=a>", "${1}", "`"])
def test_a_district_with_a_hostile_name_is_shown_literally(store: Store, hostile: str) -> None:
    store.connection.execute(update(tables.district).values(name=hostile, name_en=hostile))
    store.connection.execute(
        text("update issue_category set name_zh = :name, name_en = :name"), {"name": hostile}
    )
    client = fresh(store.sessions)
    for path in ("/", "/report"):
        page = client.get(path).get_data(as_text=True)
        assert "1337" not in page
        assert "<img src=x" not in page
        assert page.count(hostile.replace("<", "&lt;").replace(">", "&gt;")) >= 1
    assert hostile not in client.get("/maps/overview.js").get_data(as_text=True)


def test_folium_is_given_nothing_but_our_own_elements() -> None:
    for path in (
        *ROOT.glob("geodata/**/*.py"),
        *ROOT.glob("webmap/*/*.py"),
        *ROOT.glob("webmap/*.py"),
    ):
        tree = ast.parse(path.read_text("utf-8"))
        named = {n.attr for n in ast.walk(tree) if isinstance(n, ast.Attribute)}
        named |= {n.id for n in ast.walk(tree) if isinstance(n, ast.Name)}
        named |= {a.name for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) for a in n.names}
        assert not named & {
            *("Popup", "Tooltip", "GeoJson", "GeoJsonPopup", "GeoJsonTooltip", "Marker"),
            *("DivIcon", "FeatureGroup", "TileLayer", "CircleMarker", "Choropleth", "Markup"),
            *("render_template_string",),
        }, path


def test_folium_is_known_in_one_place_only() -> None:
    for path in SOURCES:
        assert path.parent.name == "maps" or not FOLIUM.search(path.read_text("utf-8"))


def test_our_templates_pass_only_the_shell_unescaped() -> None:
    safe = re.compile(r"{{[^}]*\|\s*safe\s*}}")
    for path in (ROOT / "webmap/templates").glob("*.html"):
        source = path.read_text("utf-8")
        assert set(safe.findall(source)) <= {
            "{{ shell.styles|safe }}",
            "{{ shell.scripts|safe }}",
            "{{ shell.html|safe }}",
        }
        assert "autoescape" not in source
        assert not re.search(
            r"<script(?![^>]*\ssrc=)|<style|\son[a-z]+=|\sstyle=|javascript:", source
        )


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.name)
def test_our_scripts_write_text_only(path: Path) -> None:
    source = path.read_text("utf-8")
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|"
        r"srcdoc|console\.|createContextualFragment|DOMParser",
        source,
    )


def test_what_people_call_themselves_is_text_on_every_page_of_theirs(
    app: APIFlask, store: Store
) -> None:
    told = "\"'><img src=x onerror=alert(1)>{{7*191}}"
    agent = {"User-Agent": told}
    secretary = someone(app, store, "s1", Role.SECRETARY, "610902001003", name=told)
    auditor = someone(app, store, "a1", Role.AUDITOR, name=told)
    store.connection.execute(update(tables.grid_worker).values(name=told))
    store.connection.execute(update(tables.party_org).values(secretary=told))
    store.connection.execute(update(tables.account_session).values(agent=told, address=told))
    with store.sessions() as session:
        audit.record(
            session, Who(told, 1, told), Deed("contact.view", (told, told), detail={"reason": told})
        )
        session.commit()
    for client, paths in (
        (secretary, ("/", "/account", "/exports", "/imports", "/account/password")),
        (auditor, ("/audit", "/account", f"/audit?actor={quote(told)}", "/about")),
    ):
        for path in paths:
            page = client.get(path, headers=agent)
            assert page.status_code == 200, path
            shown = page.get_data(as_text=True)
            assert "<img src=x" not in shown, path
            assert "1337" not in shown, path
            assert "img src=x onerror" in shown, path  # the name, as text
    hit = secretary.get("/api/grids/610902001003001").get_json()
    assert hit["workers"][0]["name"] == '"**'
