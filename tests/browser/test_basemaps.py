"""Each base map as people see it: whom the page asks, what lies where, and what is said."""

from collections.abc import Iterator
from contextlib import contextmanager
from math import asinh, floor, hypot, pi, radians, tan
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import text

from geodata.db import layers
from geodata.db.engine import make_sessions
from geodata.domain.crs import from_wgs84
from tests import archives
from tests.browser.conftest import DESKTOP, PHONE, Site, Visit, set_otherwise, until, visiting
from tests.browser.test_map import CENTRE, building, facts, rows
from tests.browser.tiles import Tiles, tile_server

pytestmark = pytest.mark.browser

CREDIT = '{{7*191}} <b>某局</b> "GS(2024)0650号" `${1}`'
PICTURES = ".leaflet-under-pane img.leaflet-tile-loaded"
CANVASES = ".leaflet-under-pane canvas.leaflet-tile-loaded"
PLACED = """(selector) => {
    const box = wangge_map.getContainer().getBoundingClientRect();
    return [...document.querySelectorAll(selector)].map((img) => {
        const {left, top, width} = img.getBoundingClientRect();
        return {src: img.src, left: left - box.left, top: top - box.top, width};
    });
}"""
PLACED_AND_MOVED = f"(selector) => [({PLACED})(selector), wangge_map._getMapPanePos()]"
INKED = """(canvases) => {
    const colours = new Set();
    for (const canvas of canvases) {
        const {width, height} = canvas;
        if (!width) continue;
        const copy = Object.assign(document.createElement("canvas"), {width, height});
        const ink = copy.getContext("2d", {willReadFrequently: true});
        ink.drawImage(canvas, 0, 0);
        const {data} = ink.getImageData(0, 0, width, height);
        for (let i = 0; i < data.length; i += 4 * 37) {
            if (data[i + 3] === 255) colours.add([data[i], data[i + 1], data[i + 2]].join());
        }
    }
    return [...colours];
}"""
WATER, ROAD, EARTH = "198,219,230", "255,255,255", "242,239,232"


@pytest.fixture(scope="module")
def tiles() -> Iterator[Tiles]:
    with tile_server() as running:
        yield running


@contextmanager
def standing(site: Site, url: str, **others: str) -> Iterator[Site]:
    """The site with another base map."""
    named = {f"WANGGE_TILE_{name.upper()}": value for name, value in others.items()}
    given = {"WANGGE_TILE_URL": url, "WANGGE_TILE_ATTRIBUTION": CREDIT} | named
    with set_otherwise(site, given) as made:
        yield made


@pytest.fixture(scope="module")
def plain(site: Site, tiles: Tiles) -> Iterator[Site]:
    """On the tiles of the other server, two of them over one another."""
    with standing(site, f"{tiles.url} {tiles.url}?over") as made:
        yield made


@pytest.fixture(scope="module")
def shifted(site: Site, tiles: Tiles) -> Iterator[Site]:
    """On tiles in GCJ-02."""
    with standing(site, tiles.url, datum="GCJ02") as made:
        yield made


@pytest.fixture
def desktop(browser: Browser, plain: Site) -> Iterator[Visit]:
    yield from visiting(browser, plain, DESKTOP)


@pytest.fixture
def phone(browser: Browser, plain: Site) -> Iterator[Visit]:
    yield from visiting(browser, plain, PHONE)


@pytest.fixture
def gcj(browser: Browser, shifted: Site) -> Iterator[Visit]:
    yield from visiting(browser, shifted, DESKTOP)


def only_tiles_were_foreign(visit: Visit, tiles: Tiles) -> None:
    """What went to another host went to the tile server, and so must what still goes."""
    assert {urlsplit(url).netloc for url in visit.watch.foreign} == {tiles.host}
    visit.watch.known.add(tiles.host)


@pytest.mark.parametrize("path", ["/", "/report", "/issues"])
def test_tiles_of_others_lie_under_our_data_with_their_source(
    phone: Visit, tiles: Tiles, path: str
) -> None:
    if path == "/issues":
        answer = phone.page.request.get("/api/issues?limit=1")
        path = f"/issues/{answer.json()['items'][0]['id']}"
    page = phone.open(path)
    expect(page.locator(PICTURES).first).to_be_attached()
    credit = page.locator(".credit-source")
    expect(credit).to_have_text(CREDIT)
    expect(credit).to_be_in_viewport()
    expect(page.locator(".leaflet-tile-pane canvas").first).to_be_attached()
    assert any(path.endswith("?over") for path in tiles.asked)
    origin = "{0.scheme}://{0.netloc}/".format(urlsplit(page.url))
    assert tiles.origins <= {origin}
    tiles.origins.clear()
    only_tiles_were_foreign(phone, tiles)


def test_over_tiles_of_others_buildings_still_tell_their_group(
    desktop: Visit, plain: Site, tiles: Tiles
) -> None:
    address, group, lon, lat = building(plain)
    page = desktop.open("/")
    expect(rows(page).first).to_be_visible()
    x, y = page.evaluate(CENTRE, [lon, lat])
    expect(page.locator(PICTURES).first).to_be_attached()
    expect(page.locator(".credit-source")).to_be_in_viewport()
    page.mouse.click(x, y)
    expect(facts(page)).to_contain_text(address)
    expect(facts(page)).to_contain_text(group)
    only_tiles_were_foreign(desktop, tiles)


def test_tiles_that_fail_are_said_once_and_come_back(desktop: Visit, tiles: Tiles) -> None:
    desktop.watch.refusals_expected = True
    tiles.failing = True
    try:
        page = desktop.open("/")
        notice = page.locator("#notice")
        expect(notice).to_contain_text("底图暂时取不到")
        expect(rows(page).first).to_be_visible()
        assert page.locator(PICTURES).count() == 0
    finally:
        tiles.failing = False
    expect(page.locator(PICTURES).first).to_be_attached()
    expect(notice).to_have_text("")
    only_tiles_were_foreign(desktop, tiles)


def test_at_night_tiles_of_others_keep_the_colours_of_the_day(desktop: Visit, tiles: Tiles) -> None:
    page = desktop.page
    page.emulate_media(color_scheme="dark")
    desktop.open("/#15/32.69/109.03")
    expect(page.locator(PICTURES).first).to_be_attached()
    label = page.locator(".ground-label span").first
    expect(label).to_be_attached()
    assert label.evaluate("(node) => getComputedStyle(node).color") == "rgb(74, 79, 154)"
    only_tiles_were_foreign(desktop, tiles)


def test_the_browser_shifts_as_the_server_does(desktop: Visit, tiles: Tiles) -> None:
    page = desktop.open("/")
    rng = np.random.default_rng()
    lon, lat = rng.uniform(73, 136, 500), rng.uniform(1, 56, 500)
    script = """async (places) => {
        const { inDatum } = await import("/static/js/datum.js");
        return places.map(([lon, lat]) => inDatum("GCJ02", lon, lat));
    }"""
    found = np.array(page.evaluate(script, np.column_stack([lon, lat]).tolist()))
    assert np.abs(found - np.column_stack(from_wgs84(lon, lat, "GCJ02"))).max() < 1e-9
    only_tiles_were_foreign(desktop, tiles)


def world(lon: float, lat: float, zoom: int) -> tuple[float, float]:
    """Pixels of the whole world at a zoom, from its north-west corner."""
    side = 256 * 2**zoom
    return (lon + 180) / 360 * side, (1 - asinh(tan(radians(lat))) / pi) / 2 * side


def offset(page: Page, lon: float, lat: float) -> float:
    """Pixels between a place of ours and the same place in the picture that lies there."""
    there = from_wgs84(np.array([lon]), np.array([lat]), "GCJ02")
    ours = page.evaluate(
        "([lon, lat]) => wangge_map.latLngToContainerPoint([lat, lon])", [lon, lat]
    )
    for tile in page.evaluate(PLACED, PICTURES):
        z, x, y = (int(part) for part in urlsplit(tile["src"]).path.strip("/")[:-4].split("/"))
        left, top = world(float(there[0][0]), float(there[1][0]), z)
        if (floor(left / 256), floor(top / 256)) != (x, y):
            continue
        scale = tile["width"] / 256
        at = tile["left"] + (left - 256 * x) * scale, tile["top"] + (top - 256 * y) * scale
        return hypot(at[0] - ours["x"], at[1] - ours["y"])
    raise AssertionError(f"no picture holds {lon}, {lat}")


def places_in_view(page: Page) -> list[tuple[float, float]]:
    """The middle of the map, and places near its edges and corners."""
    script = """() => {
        const { x, y } = wangge_map.getSize();
        const shares = [0.1, 0.5, 0.9];
        return shares.flatMap((across) => shares.map((down) => {
            const { lng, lat } = wangge_map.containerPointToLatLng([x * across, y * down]);
            return [lng, lat];
        }));
    }"""
    return [(lon, lat) for lon, lat in page.evaluate(script)]


def settled(page: Page) -> None:
    """Until the pictures of this view have arrived, and no movement is under way."""
    expect(page.locator(".leaflet-zoom-anim, .leaflet-pan-anim")).to_have_count(0)
    expect(page.locator(".leaflet-under-pane img:not(.leaflet-tile-loaded)")).to_have_count(0)
    expect(page.locator(PICTURES).first).to_be_attached()


def test_shifted_tiles_meet_our_data_all_over_the_district(gcj: Visit, tiles: Tiles) -> None:
    page = gcj.open("/")
    west, south, east, north = page.request.get("/api/district").json()["bbox"]
    for lon, lat in ((west, south), (east, north), ((west + east) / 2, (south + north) / 2)):
        page.evaluate(
            "([lon, lat]) => void wangge_map.setView([lat, lon], 16, {animate: false})", [lon, lat]
        )
        for pan in ([0, 0], [700, 350]):
            page.evaluate("(by) => void wangge_map.panBy(by, {animate: false})", pan)
            settled(page)
            assert max(offset(page, *place) for place in places_in_view(page)) <= 3
    page.get_by_role("button", name="放大").click()
    page.wait_for_function("() => wangge_map.getZoom() === 17 && !wangge_map._animatingZoom")
    settled(page)
    assert max(offset(page, *place) for place in places_in_view(page)) <= 3
    only_tiles_were_foreign(gcj, tiles)


def test_shifted_tiles_do_not_jump_while_the_map_is_dragged(gcj: Visit, tiles: Tiles) -> None:
    page = gcj.open("/#16/32.69/109.03")
    settled(page)
    page.mouse.move(900, 450)
    page.mouse.down()
    first = {tile["src"]: tile for tile in page.evaluate(PLACED, PICTURES)}
    last = 0.0
    for step in range(1, 16):
        page.mouse.move(900 + 25 * step, 450 + 10 * step)
        page.wait_for_timeout(30)
        placed, moved = page.evaluate(PLACED_AND_MOVED, PICTURES)
        tile = next(one for one in placed if one["src"] in first)
        drift = hypot(
            tile["left"] - first[tile["src"]]["left"] - moved["x"],
            tile["top"] - first[tile["src"]]["top"] - moved["y"],
        )
        assert abs(drift - last) <= 1.5
        last = drift
    page.mouse.up()
    only_tiles_were_foreign(gcj, tiles)


def columns(lon: float, lat: float, zoom: int) -> tuple[int, int]:
    left, top = world(lon, lat, zoom)
    return floor(left / 256), floor(top / 256)


def around(zoom: int, reach: int) -> list[archives.Address]:
    """The tiles around the middle of the demo district."""
    x, y = columns(109.03, 32.69, zoom)
    side = range(-reach, reach + 1)
    return [(zoom, x + right, y + down) for right in side for down in side]


@pytest.fixture(scope="module")
def drawn(site: Site) -> dict[archives.Address, bytes]:
    """The vector tiles of our own base map around the middle of the district."""
    with make_sessions(site.engine)() as session:
        return {at: layers.base_tile(session, *at) for at in around(13, 4)}


def shows(page: Page, *wanted: str) -> None:
    """Wait until the vector tiles under our data have these colours."""
    expect(page.locator(CANVASES).first).to_be_attached()
    canvases = page.locator(CANVASES)
    until(page, lambda: set(canvases.evaluate_all(INKED)) >= set(wanted))


def test_pictures_come_out_of_a_file_of_ours(browser: Browser, site: Site, tmp_path: Path) -> None:
    every = [at for zoom, reach in ((12, 4), (13, 6), (14, 8)) for at in around(zoom, reach)]
    pictures = {at: archives.picture(160, 190, 210) for at in every}
    path = archives.write(tmp_path / "a.pmtiles", pictures, "png")
    with standing(site, str(path)) as made:
        for visit in visiting(browser, made, DESKTOP):
            page = visit.open("/#13/32.69/109.03")
            expect(page.locator(PICTURES).first).to_be_visible()
            page.evaluate("() => void wangge_map.setZoom(17, {animate: false})")
            settled(page)
            assert page.locator(PICTURES).count() > 0
            expect(page.locator(".credit-source")).to_have_text(CREDIT)


def test_any_vector_tiles_come_out_of_a_file_of_ours(
    browser: Browser, site: Site, drawn: dict[archives.Address, bytes], tmp_path: Path
) -> None:
    path = archives.write(tmp_path / "a.pmtiles", drawn, "mvt")
    with standing(site, str(path)) as made:
        for visit in visiting(browser, made, DESKTOP):
            shows(visit.open("/#14/32.69/109.03"), WATER, ROAD)


def test_a_file_in_the_scheme_of_protomaps_is_drawn_by_it(
    browser: Browser, site: Site, tmp_path: Path
) -> None:
    about = {"vector_layers": [{"id": name} for name in ("earth", "water", "roads", "places")]}
    statement = text(
        "select st_asmvt(e, 'earth') || (select st_asmvt(r, 'roads') from (select "
        "'major_road' as kind, '大道' as name, st_asmvtgeom(st_makeline(st_centroid(b), "
        "st_pointn(st_exteriorring(b), 1)), b) as geom from (select st_tileenvelope(:z, :x, :y)"
        " as b) as one) as r) from (select 'earth' as kind, st_asmvtgeom(st_tileenvelope(:z, :x,"
        " :y), st_tileenvelope(:z, :x, :y)) as geom) as e"
    )
    with site.engine.connect() as connection:
        bodies = {
            at: bytes(connection.scalar(statement, dict(zip("zxy", at, strict=True))))
            for at in around(13, 4)
        }
    path = archives.write(tmp_path / "a.pmtiles", bodies, "mvt", about=about)
    with standing(site, str(path)) as made:
        for visit in visiting(browser, made, DESKTOP):
            shows(visit.open("/#15/32.69/109.03"), EARTH, ROAD)


def test_without_a_base_map_our_data_stand_on_plain_ground(browser: Browser, site: Site) -> None:
    with standing(site, "none") as made:
        for visit in visiting(browser, made, PHONE):
            page = visit.open("/")
            expect(rows(page).first).to_be_visible()
            expect(page.locator(".leaflet-tile-pane canvas").first).to_be_attached()
            assert page.locator(".leaflet-under-pane").count() == 0


def test_vector_tiles_of_another_server_are_drawn(
    browser: Browser, site: Site, drawn: dict[archives.Address, bytes], tiles: Tiles
) -> None:
    tiles.vectors.update({f"/{z}/{x}/{y}.pbf": body for (z, x, y), body in drawn.items()})
    with standing(site, tiles.url.replace(".png", ".pbf")) as made:
        for visit in visiting(browser, made, DESKTOP):
            shows(visit.open("/#14/32.69/109.03"), WATER, ROAD)
            visit.watch.refusals_expected = True
            tiles.failing = True
            visit.page.reload()
            expect(visit.page.locator("#notice")).to_contain_text("底图暂时取不到")
            tiles.failing = False
            shows(visit.page, WATER, ROAD)
            expect(visit.page.locator("#notice")).to_have_text("")
            only_tiles_were_foreign(visit, tiles)
