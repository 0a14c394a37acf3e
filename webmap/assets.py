"""Our own files under an address that changes with them, so that a browser asks for each once."""

import hashlib
from pathlib import Path

from apiflask import APIBlueprint
from flask import Flask, Response

from webmap import guard

_YEAR_S = 365 * 24 * 3600


def prepare(app: Flask) -> None:
    """Serve the files of `static` below `address(app)` too, and tell the templates of it."""
    app.config["ASSETS"] = f"/static/v{_digest(Path(app.static_folder or ''))}"
    blueprint = APIBlueprint("assets", __name__, enable_openapi=False)
    blueprint.add_url_rule(
        f"{address(app)}/<path:filename>",
        "file",
        guard.public(lambda filename: _kept(app, filename)),
    )
    app.register_blueprint(blueprint)
    app.context_processor(lambda: {"static": address(app)})


def address(app: Flask) -> str:
    """The path below which the files stand as they are now."""
    return str(app.config["ASSETS"])


def _digest(folder: Path) -> str:
    """Changes when any file in the folder does."""
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(f"{path.relative_to(folder)}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:12]


def _kept(app: Flask, filename: str) -> Response:
    answer = app.send_static_file(filename)
    answer.headers["Cache-Control"] = f"public, max-age={_YEAR_S}, immutable"
    return answer
