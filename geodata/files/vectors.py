"""Layers in GeoPackage, Shapefile and FlatGeobuf, read by GDAL out of memory.

Only for the reading child: GDAL must have been told which drivers to know before this module is
imported (`layers.read` does), and nothing else may be opened once it reads.
"""

import re
import sqlite3
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from io import BytesIO
from pathlib import PurePosixPath
from typing import Any, Final

import numpy as np
import pyogrio
import shapely
from pyogrio import raw
from pyogrio.errors import DataLayerError, DataSourceError, FeatureError, FieldError, GeometryError
from shapely.errors import GEOSException

from geodata.errors import InvalidFile
from geodata.files import archives, dbase, values
from geodata.files.columns import plain
from geodata.files.features import Feature, Layer, Read, Wish, chosen, shaped
from geodata.files.kinds import Format
from geodata.files.limits import Limits
from geodata.files.projection import declared

DRIVERS: Final = frozenset({"GPKG", "ESRI Shapefile", "FlatGeobuf"})
"""All that GDAL is allowed to know in the child."""

_PARTS: Final = (".shp", ".shx", ".dbf", ".prj", ".cpg")
_NEEDED: Final = (".shp", ".shx", ".dbf")
_CHUNK: Final = 5_000
_AREAS: Final = ("Polygon", "MultiPolygon", "Unknown", "GeometryCollection", "Curve", "MultiSurf")
_TRIES: Final = (DataLayerError, DataSourceError, FeatureError, FieldError, GeometryError)
_UNSET: Final = re.compile("undefined|unknown", re.IGNORECASE)
_BYTES: Final = "ISO-8859-1"
"""Read so, every byte of a table is one character, and can be decoded once all are seen."""


def warm() -> None:
    """Let GDAL open what it needs for itself, while files can still be opened.

    Raises RuntimeError where GDAL knows a driver that it must not.
    """
    known = set(pyogrio.list_drivers())
    if not known <= DRIVERS:
        raise RuntimeError(known)
    sample = BytesIO()
    point = np.array([shapely.to_wkb(shapely.Point(0, 0))], dtype=object)
    raw.write(sample, point, [], [], geometry_type="Point", crs="EPSG:4326", driver="FlatGeobuf")
    raw.read(sample.getvalue())
    declared("EPSG:4545")


def read(content: bytes, kind: Format, wish: Wish, limits: Limits) -> Read:
    """The features of the layer that is wanted, or of the only one that will do.

    Raises InvalidFile ``file_broken``, ``file_external`` (a GeoPackage with tables that lie
    elsewhere), ``shape_parts_missing`` (missing), ``too_many_columns``, ``too_many_rows``, and as
    `archives.members` and `features.chosen`.
    """
    warnings.simplefilter("ignore")
    try:
        if kind == "shapefile":
            return _shapefile(content, wish.layer, limits)
        if kind == "gpkg":
            content = _sound_package(content)
        found = [(str(name), str(drawn or "")) for name, drawn in pyogrio.list_layers(content)]
        layers = [name for name, _ in found]
        layer = chosen(wish.layer or _fitting(content, found, wish), layers)
        return _opened(content, kind, layers, layer, limits)
    except _TRIES as broken:
        raise InvalidFile("file_broken", kind=kind) from broken


def _fitting(content: bytes, found: Sequence[tuple[str, str]], wish: Wish) -> str:
    """The name of the only layer that will do; empty where none or several do."""
    if not wish.narrow:
        return ""
    if wish.areas:
        found = [one for one in found if one[1].startswith(_AREAS)] or found
    for some in (found, [one for one in found if one[1]]):
        if len(some) == 1:
            return some[0][0]
    fields = {
        name: {plain(str(f)) for f in pyogrio.read_info(content, layer=name)["fields"]}
        for name, _ in found
    }
    asked = {plain(name) for name in wish.columns}
    having = [name for name, has in fields.items() if asked <= has]
    return having[0] if len(having) == 1 else ""


def _sound_package(content: bytes) -> bytes:
    """The GeoPackage, fit to be read from memory.

    Virtual tables and views can make SQLite reach for other files: none but spatial indexes are
    taken. Raises InvalidFile ``file_external`` or ``file_broken``.
    """
    if content[18:20] == b"\x02\x02":
        # A database in write-ahead mode wants files beside it; its pages are the same.
        content = content[:18] + b"\x01\x01" + content[20:]
    try:
        with sqlite3.connect(":memory:") as database:
            database.deserialize(content)
            rows = database.execute("select type, name, sql from sqlite_master").fetchall()
    except (sqlite3.Error, OverflowError) as broken:
        raise InvalidFile("file_broken", kind="gpkg") from broken
    for kind, name, sql in rows:
        statement = " ".join(str(sql or "").lower().split())
        virtual = statement.startswith("create virtual") and " using rtree" not in statement
        if kind == "view" or virtual:
            raise InvalidFile("file_external", what=str(name)[:60])
    return content


def _opened(
    content: bytes, kind: Format, layers: Sequence[str], layer: str, limits: Limits
) -> Read:
    info = pyogrio.read_info(content, layer=layer, force_feature_count=True)
    _within(int(info["features"]), len(info["fields"]), limits)
    head = Layer(
        kind,
        layer,
        tuple(layers),
        tuple(map(str, info["fields"])),
        declared(info["crs"]),
        types=tuple(map(str, info["dtypes"])),
        strange=_strange(info["crs"]),
    )
    return head, _features(content, layer, int(info["features"]), limits)


def _strange(crs: str | None) -> str:
    """The declaration of a system, where it says one and nobody can make out which."""
    return "" if not crs or declared(crs) or _UNSET.search(crs) else crs[:60]


def _within(features: int, columns: int, limits: Limits) -> None:
    if features > limits.features:
        raise InvalidFile("too_many_rows", limit=limits.features)
    if columns > limits.columns:
        raise InvalidFile("too_many_columns", limit=limits.columns)


def _features(
    content: bytes, layer: str, count: int, limits: Limits, encoding: str | None = None
) -> Iterator[Feature]:
    for start in range(0, count, _CHUNK):
        _, _, shapes, columns = raw.read(
            content,
            layer=layer,
            encoding=encoding,
            skip_features=start,
            max_features=_CHUNK,
            datetime_as_string=True,
        )
        size = max([len(column) for column in columns] + [0 if shapes is None else len(shapes)])
        for at in range(size):
            cells = tuple(_cell(column[at], raw_bytes=bool(encoding)) for column in columns)
            drawn = None if shapes is None else shapes[at]
            yield _feature(start + at + 1, cells, drawn, limits)


def _feature(row: int, cells: tuple[str, ...], drawn: bytes | None, limits: Limits) -> Feature:
    if drawn is None:
        return Feature(row, cells)
    try:
        return shaped(row, cells, shapely.from_wkb(drawn), limits)
    except GEOSException:
        shape = shapely.from_wkb([drawn], on_invalid="fix")[0]
    if shape is None:
        return Feature(row, cells, code="shape_unreadable")
    mended = shaped(row, cells, shape, limits)
    return replace(mended, code=mended.code or "shape_unclosed")


def _cell(value: Any, *, raw_bytes: bool) -> str:
    """One value of a column as clean text; what is no number is nothing.

    Texts whose encoding is not known yet are left as they are.
    """
    plain = value.item() if isinstance(value, np.generic) else value
    if raw_bytes and isinstance(plain, str):
        return plain
    if isinstance(plain, float) and not np.isfinite(plain):
        return ""
    if plain is None or isinstance(plain, str | bool | int | float | datetime):
        return values.text(plain)
    return "" if isinstance(plain, bytes) else values.text(str(plain))


def _shapefile(content: bytes, wanted: str, limits: Limits) -> Read:
    """A zipped shapefile: its parts under names of ours, its texts decoded once all are seen."""
    found = archives.members(content, _PARTS, limits)
    layers = sorted({_stem(name) for name in found if name.lower().endswith(".shp")})
    layer = chosen(wanted, layers)
    parts = {_ending(name): part for name, part in found.items() if _stem(name) == layer}
    missing = [ending for ending in _NEEDED if ending not in parts]
    if missing:
        raise InvalidFile("shape_parts_missing", missing=missing)
    packed = _packed(parts)
    info = pyogrio.read_info(packed, encoding=_BYTES, force_feature_count=True)
    _within(int(info["features"]), len(info["fields"]), limits)
    # The declared encoding is a hint: the bytes decide.
    hint = parts.get(".cpg", b"").decode("ascii", "ignore").strip()
    features = list(_features(packed, "layer", int(info["features"]), limits, _BYTES))
    told = [str(name) for name in info["fields"]]
    encoding = dbase.encoding_of(hint, [*told, *(cell for f in features for cell in f.cells)])
    names = tuple(dbase.decoded(name, encoding) for name in told)
    types = tuple(map(str, info["dtypes"]))
    head = Layer(
        *("shapefile", layer, tuple(layers), names),
        *(declared(info["crs"]), encoding),
        types=types,
        strange=_strange(info["crs"]),
    )
    return head, (dbase.feature_in(feature, encoding) for feature in features)


def _stem(name: str) -> str:
    path = PurePosixPath(name)
    return str(path.with_suffix(""))


def _ending(name: str) -> str:
    return PurePosixPath(name).suffix.lower()


def _packed(parts: dict[str, bytes]) -> bytes:
    """The parts as an archive of our own making; the table's own word on its encoding is left out.

    Byte 29 of a DBF names a code page that is wrong as often as not.
    """
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for ending in _PARTS:
            part = parts.get(ending)
            if part is None or ending == ".cpg":
                continue
            if ending == ".dbf":
                part = part[:29] + b"\0" + part[30:]
            archive.writestr(f"layer{ending}", part)
    return out.getvalue()
