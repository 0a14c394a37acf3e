"""Our own files are asked for once, and anew as soon as they have changed."""

import gzip
import re
import shutil
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient

from webmap import assets

STATIC = Path(assets.__file__).parent / "static"


def test_a_page_asks_for_files_that_may_be_kept(client: FlaskClient) -> None:
    page = client.get("/").get_data(as_text=True)
    asked = set(re.findall(r'(?:src|href)="(/static/[^"#]+)', page))
    assert len(asked) > 4
    for path in asked:
        answer = client.get(path, buffered=True)
        assert answer.status_code == 200, path
        assert "immutable" in answer.headers["Cache-Control"], path


def test_a_page_has_its_style_in_two_files_and_its_modules_in_one(client: FlaskClient) -> None:
    for path in ("/", "/report", "/quality"):
        page = client.get(path).get_data(as_text=True)
        assert len(re.findall(r'rel="stylesheet"', page)) == 2
        (pack,) = re.findall(r'<script type="module" src="([^"]+)"', page)
        assert re.findall(r'rel="modulepreload" href="([^"]+)"', page) == [pack]
        source = client.get(pack).get_data(as_text=True)
        for tool in ("bar", "map", *(f"tools/{t}" for t in re.findall(r'data-tool="(\w+)"', page))):
            assert source.count(f"\n// {tool}\n") == 1
        assert len(re.findall(r"<script ", page)) <= 4


def test_a_pack_is_made_of_our_modules_only(client: FlaskClient, app: Flask) -> None:
    base = f"{assets.address(app)}/packs"
    assert client.get(f"{base}/bar.js").mimetype == "text/javascript"
    for wrong in ("bar+nothing", "bar+bar", "..sheets", "bar+", "tools.nothing", ""):
        assert client.get(f"{base}/{wrong}.js").status_code == 404


def test_style_sheets_go_out_as_one_in_their_order(client: FlaskClient, app: Flask) -> None:
    base = f"{assets.address(app)}/sheets"
    answer = client.get(f"{base}/base+map.css")
    parts = [(STATIC / "css" / f"{name}.css").read_text("utf-8") for name in ("base", "map")]
    assert answer.mimetype == "text/css"
    assert answer.get_data(as_text=True) == "\n".join(parts)
    for wrong in ("base+nothing", "base+base", "../js/map", "base+", ""):
        assert client.get(f"{base}/{wrong}.css").status_code == 404


def test_a_file_goes_out_packed_to_who_can_unpack_it(client: FlaskClient, app: Flask) -> None:
    path = f"{assets.address(app)}/js/tools/issues.js"
    plain = client.get(path)
    packed = client.get(path, headers={"Accept-Encoding": "gzip"})
    assert gzip.decompress(packed.data) == plain.data
    assert packed.headers["Vary"] == plain.headers["Vary"] == "Accept-Encoding"
    small = client.get(f"{assets.address(app)}/favicon.svg", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in small.headers


def test_what_has_changed_has_another_address(tmp_path: Path) -> None:
    shutil.copytree(STATIC / "css", tmp_path / "css")
    before = _address(tmp_path)
    assert _address(tmp_path) == before
    (tmp_path / "css" / "map.css").write_text("body { color: red; }")
    assert _address(tmp_path) != before


def test_an_address_of_before_is_gone(client: FlaskClient) -> None:
    assert client.get("/static/v0123456789ab/js/map.js").status_code == 404


def _address(folder: Path) -> str:
    app = Flask("some", static_folder=str(folder))
    assets.prepare(app)
    return assets.address(app)
