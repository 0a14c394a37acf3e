"""What a PMTiles archive says of itself: one file that holds a whole tile pyramid.

Read after version 3 of the published specification: a header of 127 bytes, directories, a JSON
description, tiles. Only the header and the description are read here, and of neither more than
some megabytes; tiles are fetched out of the file by whoever draws them.
"""

import json
import struct
import zlib
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, Final, Literal

from geodata.errors import InvalidFile

Kind = Literal["mvt", "png", "jpg", "webp", "avif"]
_KINDS: Final[dict[int, Kind]] = {1: "mvt", 2: "png", 3: "jpg", 4: "webp", 5: "avif"}
_HEADER: Final = struct.Struct("<7sB11QBBBBBB4iBii")
_MAGIC: Final = b"PMTiles"
_VERSION: Final = 3
_PLAIN, _GZIP = 1, 2
_LONGEST_DESCRIPTION: Final = 4 * 2**20
_LONGEST_CREDIT: Final = 300


@dataclass(frozen=True, slots=True)
class Archive:
    """A tile pyramid in one file: what its tiles are, which zooms it has, whom to credit.

    `layers` are the names of the layers in vector tiles; `credit` is plain text.
    """

    kind: Kind
    min_zoom: int
    max_zoom: int
    credit: str = ""
    layers: tuple[str, ...] = ()


def archive(path: Path) -> Archive:
    """The archive in the file `path`.

    Raises:
        InvalidFile: `archive_unreadable` where the file cannot be opened, `archive_broken` where
            it is no PMTiles archive of version 3, `archive_packing` or `archive_kind` where its
            tiles are packed or drawn in a way that browsers do not know.
    """
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(_HEADER.size)
            fields = _fields(head, size, path)
            file.seek(fields["about_at"])
            about = file.read(min(fields["about_long"], _LONGEST_DESCRIPTION))
    except OSError as refused:
        reason = refused.strerror or "?"
        raise InvalidFile("archive_unreadable", file=str(path), reason=reason) from refused
    return _described(fields, _description(about, fields["inner"]), path)


def _fields(head: bytes, size: int, path: Path) -> dict[str, int]:
    if len(head) < _HEADER.size or not head.startswith(_MAGIC):
        raise InvalidFile("archive_broken", file=str(path))
    values = _HEADER.unpack(head)
    names = ("root_at", "root_long", "about_at", "about_long", "leaves_at", "leaves_long")
    found = dict(zip((*names, "tiles_at", "tiles_long"), values[2:10], strict=True))
    packing = ("clustered", "inner", "outer", "kind", "min_zoom", "max_zoom")
    found |= dict(zip(packing, values[13:19], strict=True))
    parts = ("root", "about", "leaves", "tiles")
    whole = all(found[f"{part}_at"] + found[f"{part}_long"] <= size for part in parts)
    if values[1] != _VERSION or not whole:
        raise InvalidFile("archive_broken", file=str(path))
    return found


def _described(fields: dict[str, int], about: dict[str, Any], path: Path) -> Archive:
    if fields["inner"] not in (_PLAIN, _GZIP) or fields["outer"] not in (0, _PLAIN, _GZIP):
        raise InvalidFile("archive_packing", file=str(path))
    kind = _KINDS.get(fields["kind"])
    if kind is None:
        raise InvalidFile("archive_kind", file=str(path))
    named = about.get("vector_layers")
    layers = [one for one in named if isinstance(one, dict)] if isinstance(named, list) else []
    return Archive(
        kind=kind,
        min_zoom=fields["min_zoom"],
        max_zoom=fields["max_zoom"],
        credit=_plain(str(about.get("attribution") or "")),
        layers=tuple(str(one.get("id")) for one in layers),
    )


def _description(packed: bytes, packing: int) -> dict[str, Any]:
    """The JSON description; empty where it cannot be read, for the map does without."""
    try:
        text = packed
        if packing == _GZIP:
            text = zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(packed, _LONGEST_DESCRIPTION)
        found = json.loads(text)
    except (zlib.error, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _plain(markup: str) -> str:
    """The words of a credit, which archives like to write as HTML."""
    reader = _Words()
    reader.feed(markup)
    reader.close()
    return " ".join("".join(reader.words).split())[:_LONGEST_CREDIT]


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []

    def handle_data(self, data: str) -> None:
        """Keep the text and nothing of the markup around it."""
        self.words.append(data)
