"""Our own files are asked for once, and anew as soon as they have changed."""

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
    assert len(asked) > 20
    for path in asked:
        answer = client.get(path, buffered=True)
        assert answer.status_code == 200, path
        assert "immutable" in answer.headers["Cache-Control"], path


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
