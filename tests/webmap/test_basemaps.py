"""Which base map the settings ask for, what the pages may load then, and how its file is served."""

import json
import os
from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session, sessionmaker

from geodata.errors import WanggeError
from scripts.setup import serve
from scripts.setup.errors import SetupError
from tests import archives, signing
from tests.webmap.conftest import Store, problem
from webmap import config
from webmap.app import create_app
from webmap.basemap import BaseMap
from webmap.texts import SENTENCES

ENV = {
    "WANGGE_DATABASE_URL": "postgresql://nobody@/nowhere",
    "WANGGE_SECRET_KEY": signing.KEY,
    "WANGGE_FIELD_KEY": signing.KEY,
}
WMTS = "https://t{0-7}.map.example/vec_w?x={x}&y={y}&l={z}&tk=0a1b"
NAMES = "https://t{0-7}.map.example/cva_w?x={x}&y={y}&l={z}&tk=0a1b"
PLAIN = "http://10.0.0.8:8080/tiles/{z}/{x}/{-y}.png"
Served = Callable[[BaseMap], FlaskClient]
FILE = "/tiles/archive.pmtiles"
OTHER = "https://b.example/{z}/{x}/{y}"
HOSTILE = '{{7*191}} <img src=x onerror=alert(1)> "quoted" {% x %} © 天地图'


def basemap(url: str = "", credit: str = "天地图 GS(2024)0650号", **others: str) -> BaseMap:
    named = {f"WANGGE_TILE_{name.upper()}": value for name, value in others.items()}
    given = ENV | {"WANGGE_TILE_URL": url, "WANGGE_TILE_ATTRIBUTION": credit} | named
    return config.read(given).basemap


@pytest.fixture
def file(tmp_path: Path) -> Path:
    tiles = {(0, 0, 0): archives.picture(9, 9, 9), (1, 1, 0): archives.picture(90, 90, 90)}
    return archives.write(tmp_path / "base.pmtiles", tiles, "png", about={"attribution": "测绘院"})


@pytest.fixture
def served(store: Store, rebound: sessionmaker[Session]) -> Served:
    del store

    def made(under: BaseMap) -> FlaskClient:
        settings = config.Config("postgresql+psycopg://no@/no", "k" * 40, basemap=under)
        client = create_app(settings, rebound).test_client()
        signing.put(client, signing.MANAGER)
        return client

    return made


def policy(client: FlaskClient) -> dict[str, list[str]]:
    said = client.get("/").headers["Content-Security-Policy"]
    parts = [part.split() for part in said.split(";")]
    return {name: sources for name, *sources in parts}


def test_without_a_setting_it_is_our_own_map() -> None:
    assert config.read(ENV).basemap == BaseMap()
    assert basemap("own").kind == "own"
    assert basemap("none").kind == "none"


def test_several_templates_ask_each_server_that_they_name() -> None:
    found = basemap(f"{WMTS}\n{NAMES}", zoom="3-18", datum="cgcs2000")
    assert (found.kind, found.datum, found.min_zoom, found.max_zoom) == ("raster", "WGS84", 3, 18)
    assert found.hosts == tuple(f"https://t{n}.map.example" for n in range(8))
    assert [t["url"] for t in found.for_page()["templates"]] == [
        "https://t{s}.map.example/vec_w?x={x}&y={y}&l={z}&tk=0a1b",
        "https://t{s}.map.example/cva_w?x={x}&y={y}&l={z}&tk=0a1b",
    ]
    assert basemap("https://{s}.x.example/{z}/{x}/{y}").hosts[2] == "https://c.x.example"


@pytest.mark.parametrize("name", ["GCJ02", "gcj-02", "GCJ 02"])
def test_the_datum_is_known_by_its_usual_names(name: str) -> None:
    assert basemap(PLAIN, datum=name).datum == "GCJ02"


@pytest.mark.parametrize(
    ("given", "code", "setting"),
    [
        ({"url": "https://x.example/{x}/{y}.png"}, "tile_url_incomplete", "URL"),
        ({"url": "https://x.example/tiles"}, "tile_url_incomplete", "URL"),
        ({"url": "ftp://x.example/{z}/{x}/{y}"}, "tile_url_scheme", "URL"),
        ({"url": "//x.example/{z}/{x}/{y}"}, "tile_url_scheme", "URL"),
        ({"url": "javascript:alert({z}{x}{y})"}, "tile_url_scheme", "URL"),
        ({"url": "https://x.example/{z}/{x}/{y}/{key}"}, "tile_url_strange", "URL"),
        ({"url": "https://x.example;img-src/{z}/{x}/{y}"}, "tile_url_host", "URL"),
        ({"url": "https://u:p@x.example/{z}/{x}/{y}"}, "tile_url_host", "URL"),
        ({"url": "https://*/{z}/{x}/{y}"}, "tile_url_host", "URL"),
        ({"url": "https:///{z}/{x}/{y}"}, "tile_url_host", "URL"),
        ({"url": "https://{x}.example/{z}/{x}/{y}"}, "tile_url_host", "URL"),
        ({"url": " ".join([PLAIN] * 5)}, "tile_too_many", "URL"),
        ({"url": f"{PLAIN} https://x.example/{{z}}/{{x}}/{{y}}.mvt"}, "tile_mixed", "URL"),
        ({"url": PLAIN, "credit": "  "}, "tile_credit_missing", "ATTRIBUTION"),
        ({"url": PLAIN, "datum": "BD-09"}, "tile_datum_bd09", "DATUM"),
        ({"url": PLAIN, "datum": "Beijing54"}, "tile_datum_unknown", "DATUM"),
        ({"url": PLAIN, "zoom": "18-3"}, "tile_zoom", "ZOOM"),
        ({"url": PLAIN, "zoom": "all"}, "tile_zoom", "ZOOM"),
        ({"url": PLAIN, "zoom": "0-23"}, "tile_zoom", "ZOOM"),
    ],
)
def test_a_setting_that_cannot_be_drawn_is_refused_by_its_name(
    given: dict[str, str], code: str, setting: str
) -> None:
    with pytest.raises(WanggeError) as refused:
        basemap(**given)
    assert refused.value.code == code
    assert refused.value.facts["setting"] == f"WANGGE_TILE_{setting}"
    assert code in SENTENCES


def test_http_tiles_are_refused_where_our_pages_are_https() -> None:
    given = ENV | {"WANGGE_TILE_URL": PLAIN, "WANGGE_TILE_ATTRIBUTION": "x"}
    with pytest.raises(WanggeError) as refused:
        config.read(given | {"WANGGE_TLS_CERT": "/some/cert"})
    assert refused.value.code == "tile_url_insecure"


def test_a_file_is_refused_before_a_page_relies_on_it(tmp_path: Path) -> None:
    (tmp_path / "x.pmtiles").write_text("no archive")
    for name, code in (("x.pmtiles", "archive_broken"), ("y.pmtiles", "archive_unreadable")):
        with pytest.raises(WanggeError) as refused:
            basemap(str(tmp_path / name))
        assert refused.value.code == code


def test_the_start_says_in_words_what_is_wrong(file: Path) -> None:
    env = dict(os.environ) | ENV
    serve._check(env | {"WANGGE_TILE_URL": str(file)})
    serve._check(env | {"WANGGE_TILE_URL": ""})
    with pytest.raises(SetupError) as refused:
        serve._check(env | {"WANGGE_TILE_URL": str(file.parent / "none.pmtiles")})
    chinese, english = str(refused.value).splitlines()
    assert "打不开" in chinese
    assert "cannot be opened" in english


def test_a_file_tells_its_zooms_and_its_source(file: Path) -> None:
    found = basemap(str(file), credit="")
    assert (found.kind, found.max_zoom, found.credit) == ("raster", 1, "测绘院")
    assert basemap(str(file), credit="本局").credit == "本局"


@pytest.mark.parametrize(
    ("url", "images", "data"),
    [
        ("", [], []),
        ("none", [], []),
        ("/own-proxy/{z}/{x}/{y}.png", [], []),
        (f"{PLAIN}\n{OTHER}", ["http://10.0.0.8:8080", "https://b.example"], []),
        ("https://v.example/{z}/{x}/{y}.pbf", [], ["https://v.example"]),
    ],
)
def test_the_policy_lists_the_tiles_hosts_and_nothing_else(
    served: Served, url: str, images: list[str], data: list[str]
) -> None:
    found = policy(served(basemap(url)))
    assert found["img-src"] == ["'self'", "data:", "blob:", *images]
    assert found["connect-src"] == ["'self'", *data]
    others = {
        s for name, all_ in found.items() if name not in ("img-src", "connect-src") for s in all_
    }
    assert others <= {"'self'", "'none'"}


@pytest.mark.parametrize("path", ["/", "/report"])
def test_pages_hand_the_setting_over_and_show_the_source_as_text(served: Served, path: str) -> None:
    page = served(basemap(WMTS, credit=HOSTILE)).get(path).get_data(as_text=True)
    told = json.loads(unescape(page.partition('data-basemap="')[2].partition('"')[0]))
    assert told["templates"][0]["servers"] == list("01234567")
    assert "<img src=x" not in page
    assert HOSTILE in unescape(page)


def test_about_names_the_source_and_the_hosts(served: Served) -> None:
    page = served(basemap(PLAIN, credit=HOSTILE)).get("/about").get_data(as_text=True)
    assert "<img src=x" not in page
    assert HOSTILE in unescape(page)
    assert "http://10.0.0.8:8080" in page
    assert "断网也能用" not in page


def test_our_own_map_is_told_by_silence(served: Served) -> None:
    client = served(BaseMap())
    assert "data-basemap" not in client.get("/").get_data(as_text=True)
    assert "断网也能用" in client.get("/about").get_data(as_text=True)
    problem(client.get("/tiles/archive.pmtiles"), 404, "http_404")


class TestTheFile:
    @pytest.fixture
    def asked(self, served: Served, file: Path) -> FlaskClient:
        return served(basemap(str(file)))

    def test_a_range_is_that_range(self, asked: FlaskClient, file: Path) -> None:
        whole = file.read_bytes()
        for said, part in (("0-126", whole[:127]), ("127-", whole[127:]), ("-9", whole[-9:])):
            answer = asked.get(FILE, buffered=True, headers={"Range": f"bytes={said}"})
            assert (answer.status_code, answer.data) == (206, part)
            assert answer.headers["Content-Range"].endswith(f"/{len(whole)}")
            assert int(answer.headers["Content-Length"]) == len(part)
            assert "Content-Encoding" not in answer.headers

    def test_without_a_range_it_is_the_whole(self, asked: FlaskClient, file: Path) -> None:
        answer = asked.get(FILE, buffered=True)
        assert (answer.status_code, answer.data) == (200, file.read_bytes())
        assert answer.headers["Accept-Ranges"] == "bytes"
        head = asked.head(FILE, buffered=True)
        assert (head.status_code, head.data) == (200, b"")

    @pytest.mark.parametrize("said", ["bytes=999999-", "bytes=0-1,5-9"])
    def test_a_range_that_is_not_there_is_refused(
        self, asked: FlaskClient, file: Path, said: str
    ) -> None:
        answer = asked.get(FILE, buffered=True, headers={"Range": said})
        problem(answer, 416, "http_416")
        assert answer.headers["Content-Range"] == f"bytes */{file.stat().st_size}"

    def test_another_version_is_sent_whole(self, asked: FlaskClient, file: Path) -> None:
        tag = asked.get(FILE, buffered=True).headers["ETag"]
        assert not tag.startswith("W/")
        kept = asked.get(FILE, buffered=True, headers={"If-None-Match": tag})
        assert kept.status_code == 304
        said = {"Range": "bytes=0-9", "If-Range": tag}
        assert asked.get(FILE, buffered=True, headers=said).status_code == 206
        file.write_bytes(file.read_bytes() + b"more")
        changed = asked.get(FILE, buffered=True, headers=said)
        assert (changed.status_code, changed.headers["ETag"] == tag) == (200, False)

    def test_a_file_that_is_gone_is_said_to_be(self, asked: FlaskClient, file: Path) -> None:
        file.unlink()
        problem(asked.get(FILE, buffered=True), 404, "no_archive")

    def test_it_is_described_for_programs(self, asked: FlaskClient) -> None:
        paths = asked.get("/openapi.json").get_json()["paths"]
        assert "416" in paths["/tiles/archive.pmtiles"]["get"]["responses"]
