"""Layers in files of one's own: through the same doors as those of strangers, only wider.

A file may come from anywhere before it becomes one's own, so its bytes tell what it is. GeoJSON and
KML are read here, without GDAL; the rest in a child that can open nothing else.
"""

import zipfile
from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Final

from geodata.errors import InvalidFile
from geodata.files import geojson, kinds, kml, layers
from geodata.files.features import Feature, Layer, Read, Wish, chosen, counted
from geodata.files.limits import OWN

_SHAPEFILE: Final = b"\x00\x00\x27\x0a"
_PARTS: Final = (".shp", ".shx", ".dbf", ".prj", ".cpg")
_ONLY: Final = ("",)


def read(
    path: Path,
    wish: Wish,
    known: Sequence[str] = (),
    places: Mapping[str, Sequence[str]] | None = None,
) -> tuple[Layer, list[Feature]]:
    """What a file says of itself, and all its features; as `layers.read`.

    A shapefile is read with the parts that lie beside it. Raises InvalidFile as `layers.read`,
    each with the file's name, and ``layer_kind`` for what is neither a layer nor a table.
    """
    try:
        head, told = _opened(_content(path), path.name, wish, known, places)
        if wish.layer and head.layers == _ONLY:
            chosen(wish.layer, [path.stem])
        return head, list(counted(told, OWN))
    except InvalidFile as refused:
        code = {"file_kind": "layer_kind", "layer_unknown": "layer_missing"}.get(refused.code)
        facts = {**refused.facts, "file": path.name}
        raise InvalidFile(code or refused.code, **facts) from refused


def _opened(
    content: bytes,
    name: str,
    wish: Wish,
    known: Sequence[str],
    places: Mapping[str, Sequence[str]] | None,
) -> Read:
    kind = "" if content.startswith(b"PK") else kinds.format_of(content, OWN)
    if kind == "csv" and places is None:
        raise InvalidFile("file_kind")
    if kind == "geojson":
        return geojson.read(content, OWN)
    if kind == "kml":
        return kml.read(content, OWN, packed=False)
    return layers.read(content, name, wish=wish, known=known, places=places, limits=OWN)


def _content(path: Path) -> bytes:
    """The bytes of a file; of a shapefile all its parts as one archive."""
    if path.is_dir():
        raise InvalidFile("layer_kind")
    if path.stat().st_size > OWN.file_bytes:
        raise InvalidFile("file_too_big", limit=OWN.file_bytes, size=path.stat().st_size)
    content = path.read_bytes()
    if not content.startswith(_SHAPEFILE):
        return content
    beside = {one.suffix.lower(): one for one in path.parent.iterdir() if one.stem == path.stem}
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for ending in _PARTS:
            if ending in beside:
                archive.writestr(f"{path.stem}{ending}", beside[ending].read_bytes())
    return out.getvalue()
