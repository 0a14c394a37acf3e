"""Our own files under an address that changes with them, so that a browser asks for each once.

They are read when first asked for and kept ready to send, gzipped where that pays. A page's style
sheets go out as one, and it names all modules that it will import, so that none waits for another.
"""

import gzip
import hashlib
import mimetypes
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from apiflask import APIBlueprint
from flask import Flask, Response, request

from geodata.errors import NotFound
from webmap import answers, guard

FOR_LONG: Final = "public, max-age=31536000, immutable"
"""Keep it for a year without asking: what changes has another address."""

_IMPORTED: Final = re.compile(
    r"""^(?:import|export)\b[^;]*?["'](\.{1,2}/[\w./-]+\.js)["'];""", re.MULTILINE
)
_MOST_KEPT: Final = 400


@dataclass(frozen=True, slots=True)
class _File:
    """One file as it is sent: plain, and gzipped where it is text of some size."""

    mimetype: str
    plain: bytes
    packed: bytes | None


class _Shelf:
    """The files below a folder as they were at the start; no other name leads to anything."""

    def __init__(self, folder: Path) -> None:
        self.paths = {str(path.relative_to(folder)): path for path in _files(folder)}
        self.made: dict[str, _File] = {}

    def file(self, name: str) -> _File:
        """One of the files. Raises NotFound where there is none of this name."""
        if name not in self.paths:
            raise NotFound("no_page")
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        return self._ready(name, self.paths[name].read_bytes, kind)

    def sheet(self, names: str) -> _File:
        """The style sheets of these names, joined by plus signs, one after another.

        Raises NotFound where one of them is none, or named twice.
        """
        parts = [f"css/{name}.css" for name in names.split("+")]
        if len(set(parts)) < len(parts) or not set(parts) <= set(self.paths):
            raise NotFound("no_page")
        return self._ready(names, lambda: b"\n".join(self.file(p).plain for p in parts), "text/css")

    def _ready(self, key: str, read: Callable[[], bytes], kind: str) -> _File:
        if key not in self.made:
            if len(self.made) >= _MOST_KEPT:
                self.made.clear()
            body = read()
            pays = answers.pays(len(body), kind)
            self.made[key] = _File(kind, body, gzip.compress(body, 9, mtime=0) if pays else None)
        return self.made[key]


def prepare(app: Flask) -> None:
    """Serve the files of `static` below `address(app)` too, and tell the templates of it."""
    folder = Path(app.static_folder or "")
    shelf = _Shelf(folder)
    app.config["ASSETS"] = f"/static/v{_digest(shelf.paths)}"
    blueprint = APIBlueprint("assets", __name__, enable_openapi=False)
    for rule, name, found in (
        ("<path:filename>", "file", lambda filename: _kept(shelf.file(filename))),
        ("sheets/<sheets>.css", "sheet", lambda sheets: _kept(shelf.sheet(sheets))),
    ):
        blueprint.add_url_rule(f"{address(app)}/{rule}", name, guard.public(found))
    app.register_blueprint(blueprint)
    app.context_processor(
        lambda: {
            "static": address(app),
            "modules": lambda names: [f"{address(app)}/js/{n}.js" for n in graph(folder, names)],
        }
    )


def address(app: Flask) -> str:
    """The path below which the files stand as they are now."""
    return str(app.config["ASSETS"])


def graph(folder: Path, names: Iterable[str]) -> list[str]:
    """The modules of these names in `js` and all that they import, each before what it brings."""
    found: dict[str, None] = {}
    waiting = list(names)
    while waiting:
        name = waiting.pop(0)
        if name not in found:
            found[name] = None
            waiting += _imports(folder / "js", name)
    return list(found)


@lru_cache(maxsize=_MOST_KEPT)
def _imports(folder: Path, name: str) -> tuple[str, ...]:
    """What a module imports, as names of modules. Raises FileNotFoundError where there is none."""
    source = (folder / f"{name}.js").read_text("utf-8")
    paths = ((folder / name).parent / path for path in _IMPORTED.findall(source))
    return tuple(str(path.resolve().relative_to(folder.resolve()))[:-3] for path in paths)


def _digest(paths: Mapping[str, Path]) -> str:
    """Changes when any of the files does."""
    digest = hashlib.sha256()
    for name, path in paths.items():
        digest.update(f"{name}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:12]


def _files(folder: Path) -> Iterator[Path]:
    yield from sorted(path for path in folder.rglob("*") if path.is_file())


def _kept(file: _File) -> Response:
    """The file as an answer that may be kept."""
    packed = file.packed if request.accept_encodings["gzip"] else None
    answer = Response(packed or file.plain, mimetype=file.mimetype)
    answer.headers["Cache-Control"] = FOR_LONG
    if file.packed:
        answer.headers["Vary"] = "Accept-Encoding"
    if packed:
        answer.headers["Content-Encoding"] = "gzip"
    return answer
