"""Our own files under an address that changes with them, so that a browser asks for each once.

They are read when first asked for and kept ready to send, gzipped where that pays. A page's style
sheets go out as one, and so do its modules and the libraries that they build on.
"""

import gzip
import hashlib
import mimetypes
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from apiflask import APIBlueprint
from flask import Flask, Response, request

from geodata.errors import NotFound
from webmap import answers, guard, packs

FOR_LONG: Final = "public, max-age=31536000, immutable"
"""Keep it for a year without asking: what changes has another address."""

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
        self.folder = folder
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
        return self._joined(names, "css/{}.css", "text/css")

    def libraries(self, names: str) -> _File:
        """The classic scripts of `vendor` of these names, in the same way."""
        return self._joined(names, "vendor/{}.js", "text/javascript")

    def pack(self, names: str) -> _File:
        """The modules of these names and all that they import, as one module."""
        wanted = packs.names(names)
        self._check([f"js/{name}.js" for name in wanted])
        modules = self.folder / "js"
        return self._ready(
            f"packs/{names}", lambda: packs.pack(modules, wanted).encode(), "text/javascript"
        )

    def _joined(self, names: str, place: str, kind: str) -> _File:
        parts = [place.format(name) for name in names.split("+")]
        self._check(parts)
        return self._ready(
            place.format(names), lambda: b"\n".join(self.file(p).plain for p in parts), kind
        )

    def _check(self, parts: list[str]) -> None:
        if len(set(parts)) < len(parts) or not set(parts) <= set(self.paths):
            raise NotFound("no_page")

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
        (
            "libraries/<libraries>.js",
            "libraries",
            lambda libraries: _kept(shelf.libraries(libraries)),
        ),
        ("packs/<modules>.js", "pack", lambda modules: _kept(shelf.pack(modules))),
    ):
        blueprint.add_url_rule(f"{address(app)}/{rule}", name, guard.public(found))
    app.register_blueprint(blueprint)
    app.context_processor(
        lambda: {
            "static": address(app),
            "pack": lambda names: f"{address(app)}/packs/{packs.named(names)}.js",
            "packed": lambda names: packs.graph(folder / "js", names),
        }
    )


def address(app: Flask) -> str:
    """The path below which the files stand as they are now."""
    return str(app.config["ASSETS"])


def _digest(paths: Mapping[str, Path]) -> str:
    """Changes when any of the files does, or how modules are packed."""
    digest = hashlib.sha256(Path(packs.__file__).read_bytes())
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
