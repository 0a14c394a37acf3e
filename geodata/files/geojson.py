"""Layers in GeoJSON, read without GDAL: each feature is judged by itself."""

import json
import re
from collections.abc import Iterator
from typing import Any, Final, NoReturn

import shapely
from shapely.errors import GEOSException

from geodata.errors import InvalidFile
from geodata.files import projection, values
from geodata.files.features import Feature, Layer, Read, shaped
from geodata.files.limits import Limits

_MARK: Final = b"\xef\xbb\xbf"
_WGS84: Final = "EPSG:4326"
_EPSG: Final = re.compile(r"EPSG:{1,2}(?:[0-9.]*:)?([0-9]{4,6})$", re.IGNORECASE)
_CRS84: Final = re.compile(r"CRS:?84$", re.IGNORECASE)


def read(content: bytes, limits: Limits) -> Read:
    """The features of a collection, or a single one.

    Without a ``crs`` member the coordinates are said to be WGS 84 degrees (RFC 7946); one that is
    null says that nobody knows. Raises
    InvalidFile ``file_broken``, ``file_external`` for a system that is only linked to, and
    ``too_many_columns``.
    """
    whole = _parsed(content)
    members = whole.get("features") if whole.get("type") == "FeatureCollection" else [whole]
    if not isinstance(members, list):
        raise InvalidFile("file_broken", kind="geojson")
    names = _names(members, limits)
    layer = Layer("geojson", "", ("",), names, crs=_crs(whole["crs"]) if "crs" in whole else _WGS84)
    return layer, _features(members, names, limits)


def _parsed(content: bytes) -> dict[str, Any]:
    try:
        whole = json.loads(content.removeprefix(_MARK).decode("utf-8"), parse_constant=_no_number)
    except (ValueError, RecursionError) as broken:
        raise InvalidFile("file_broken", kind="geojson") from broken
    if not isinstance(whole, dict):
        raise InvalidFile("file_broken", kind="geojson")
    return whole


def _no_number(word: str) -> NoReturn:
    raise ValueError(word)


def _names(members: list[Any], limits: Limits) -> tuple[str, ...]:
    names: dict[str, None] = {}
    for member in members:
        if isinstance(member, dict) and isinstance(given := member.get("properties"), dict):
            names.update(dict.fromkeys(given))
        if len(names) > limits.columns:
            raise InvalidFile("too_many_columns", limit=limits.columns)
    return tuple(names)


def _crs(member: Any) -> str:
    if member is None:
        return ""  # GeoJSON 2008: nobody knows
    if not isinstance(member, dict) or member.get("type") == "link":
        raise InvalidFile("file_external", what="crs")
    properties = member.get("properties")
    name = str(properties.get("name", "")) if isinstance(properties, dict) else ""
    if shifted := projection.local(name):
        return shifted
    found = _EPSG.search(name[-60:])
    if found:
        return f"EPSG:{found[1]}"
    return _WGS84 if _CRS84.search(name[-60:]) else ""


def _features(members: list[Any], names: tuple[str, ...], limits: Limits) -> Iterator[Feature]:
    for row, member in enumerate(members, start=1):
        if not isinstance(member, dict):
            yield Feature(row, ("",) * len(names), code="shape_unreadable")
            continue
        given = member.get("properties")
        given = given if isinstance(given, dict) else {}
        cells = tuple(_cell(given.get(name)) for name in names)
        drawn = member.get("geometry") if "geometry" in member else _bare(member)
        yield _feature(row, cells, drawn, limits)


def _bare(member: dict[str, Any]) -> object:
    """The member itself where it is a shape without a feature around it."""
    return member if "coordinates" in member else None


def _feature(row: int, cells: tuple[str, ...], drawn: object, limits: Limits) -> Feature:
    if drawn is None:
        return Feature(row, cells)
    try:
        shape = shapely.from_geojson(json.dumps(drawn))
    except (GEOSException, TypeError, ValueError):
        return Feature(row, cells, code="shape_unreadable")
    return shaped(row, cells, shape, limits)


def _cell(value: Any) -> str:
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return values.text(value)
