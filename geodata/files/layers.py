"""Layers of shapes and lists in any format we take, read in a process of their own."""

import subprocess
import sys
from base64 import b64decode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from functools import cache
from typing import Any, Final

from geodata.errors import InvalidFile
from geodata.files import child
from geodata.files.features import Feature, Layer, Read, Wish
from geodata.files.kinds import FORMATS
from geodata.files.limits import LAYER, Limits

_DRIVERS: Final = ("GPKG", "ESRI Shapefile", "FlatGeobuf")
_ANY: Final = Wish()
_NONSENSE: Final = (AttributeError, KeyError, TypeError, ValueError)


def read(
    content: bytes,
    file_name: str = "",
    *,
    wish: Wish = _ANY,
    known: Sequence[str] = (),
    places: Mapping[str, Sequence[str]] | None = None,
    limits: Limits = LAYER,
) -> Read:
    """What a file says of itself, and its features in order; the format is told by its bytes.

    `known` are names of columns by which the header of a table is found, `places` the names of the
    columns x, y and wkt, all as `columns.plain` gives them. Raises InvalidFile at once for a file
    that cannot be read, and while features are taken ``too_many_rows``, ``too_many_vertices`` and
    ``file_too_heavy``. Exhaust or close the features: then the child is gone.
    """
    order = {
        "file": file_name[:200],
        "wish": asdict(wish),
        "known": list(known),
        "places": {field: list(names) for field, names in (places or {}).items()},
        "limits": asdict(limits),
    }
    told = child.told("geodata.files.layer_child", order, content, limits, _gdal())
    try:
        first = next(told, None)
        head = _layer(first["layer"]) if first else None
    except InvalidFile as refused:
        refused.facts.setdefault("file", file_name)
        raise
    except _NONSENSE as nonsense:
        raise InvalidFile("file_too_heavy", file=file_name) from nonsense
    if head is None:
        raise InvalidFile("file_too_heavy", file=file_name)
    return head, _features(told, file_name)


def _features(told: Iterator[dict[str, Any]], file_name: str) -> Iterator[Feature]:
    for parcel in told:
        try:
            features = [_feature(packed) for packed in parcel["features"]]
        except _NONSENSE as nonsense:
            raise InvalidFile("file_too_heavy", file=file_name) from nonsense
        yield from features


def _layer(packed: Any) -> Layer:
    if packed["format"] not in FORMATS:
        raise ValueError(packed["format"])
    return Layer(
        packed["format"],
        str(packed["layer"]),
        tuple(map(str, packed["layers"])),
        tuple(map(str, packed["names"])),
        str(packed["crs"]),
        str(packed["encoding"]),
        int(packed["row"]),
        tuple(map(str, packed["types"])),
        str(packed["strange"]),
    )


def _feature(packed: Any) -> Feature:
    drawn = packed["wkb"]
    return Feature(
        int(packed["row"]),
        tuple(map(str, packed["cells"])),
        b64decode(drawn) if drawn else None,
        str(packed.get("code", "")),
        str(packed.get("column", "")),
        dict(packed.get("facts", {})),
    )


@cache
def _gdal() -> dict[str, str]:
    """What GDAL in the child is told before it is loaded: a few drivers, no network, no disk."""
    names = "import pyogrio; print(*pyogrio.list_drivers(), sep='\\n')"
    told = subprocess.run(  # noqa: S603 -- our own interpreter and program
        [sys.executable, "-s", "-c", names], check=True, capture_output=True, text=True
    )
    known = [name for name in told.stdout.splitlines() if name]
    skipped = ",".join(name for name in known if name not in _DRIVERS)
    return {
        "GDAL_SKIP": skipped,
        "GDAL_DRIVER_PATH": "disable",
        "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": "{none}",
        "GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR",
        "GDAL_HTTP_MAX_RETRY": "0",
        "OGR_SQLITE_LOAD_EXTENSIONS": "NO",
        "PROJ_NETWORK": "OFF",
    }
