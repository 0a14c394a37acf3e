"""Layers in GeoJSON, read without GDAL: each feature is judged by itself."""

import json
import math
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

import shapely
from shapely.errors import GEOSException
from shapely.geometry.base import BaseGeometry

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
    crs, strange = _crs(whole["crs"]) if "crs" in whole else (_WGS84, "")
    types = tuple(_type(members, name) for name in names)
    layer = Layer("geojson", "", ("",), names, crs=crs, types=types, strange=strange)
    return layer, _features(members, names, limits)


def _parsed(content: bytes) -> dict[str, Any]:
    try:
        whole = json.loads(content.removeprefix(_MARK).decode("utf-8"))
    except json.JSONDecodeError as wrong:
        place = {"line": wrong.lineno, "column": wrong.colno}
        raise InvalidFile("json_broken", kind="geojson", **place) from wrong
    except (ValueError, RecursionError) as broken:
        raise InvalidFile("file_broken", kind="geojson") from broken
    if not isinstance(whole, dict):
        raise InvalidFile("file_broken", kind="geojson")
    return whole


def _names(members: list[Any], limits: Limits) -> tuple[str, ...]:
    names: dict[str, None] = {}
    for member in members:
        if isinstance(member, dict) and isinstance(given := member.get("properties"), dict):
            names.update(dict.fromkeys(given))
        if len(names) > limits.columns:
            raise InvalidFile("too_many_columns", limit=limits.columns)
    return tuple(names)


def _type(members: list[Any], name: str) -> str:
    """What a column holds, as NumPy names it: whole numbers, numbers, or anything."""
    given = (m.get("properties") for m in members if isinstance(m, dict))
    kinds = {type(told.get(name)) for told in given if isinstance(told, dict)} - {type(None)}
    if kinds == {int}:
        return "int64"
    return "float64" if kinds and kinds <= {int, float} else "object"


def _crs(member: Any) -> tuple[str, str]:
    """The system that is declared, or the declaration that cannot be made out."""
    if member is None:
        return "", ""  # GeoJSON 2008: nobody knows
    if not isinstance(member, dict) or member.get("type") == "link":
        raise InvalidFile("file_external", what="crs")
    properties = member.get("properties")
    name = str(properties.get("name", "")) if isinstance(properties, dict) else ""
    if shifted := projection.local(name):
        return shifted, ""
    found = _EPSG.search(name[-60:])
    if found and projection.declared(f"EPSG:{found[1]}"):
        return f"EPSG:{found[1]}", ""
    return (_WGS84, "") if _CRS84.search(name[-60:]) else ("", name[:60] or "crs")


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
        return shaped(row, cells, _shape(drawn), limits)
    except (GEOSException, TypeError, ValueError):
        strange = _no_number(drawn)
    if strange is not None:
        return Feature(row, cells, code="shape_no_number", facts={"value": str(strange)[:60]})
    try:
        mended = shaped(row, cells, _shape(_closed(drawn)), limits)
    except (GEOSException, TypeError, ValueError, LookupError, AttributeError):
        return Feature(row, cells, code="shape_unreadable")
    return replace(mended, code=mended.code or "shape_unclosed")


def _shape(drawn: object) -> BaseGeometry:
    return shapely.from_geojson(json.dumps(drawn, allow_nan=False))


def _no_number(drawn: object) -> object:
    """The first thing among the coordinates of a shape that is no number; None if there is none."""
    open_ = [drawn.get("coordinates", [])] if isinstance(drawn, dict) else []
    while open_:
        one = open_.pop()
        if isinstance(one, list):
            open_ += reversed(one)
        elif type(one) not in (int, float) or not math.isfinite(one):
            return "null" if one is None else one
    return None


def _closed(drawn: Any) -> dict[str, Any]:
    """The areas with the first corner of each open ring at its end too."""
    many = drawn["type"] == "MultiPolygon"
    parts = drawn["coordinates"] if many else [drawn["coordinates"]]
    closed = [[ring if ring[0] == ring[-1] else [*ring, ring[0]] for ring in p] for p in parts]
    return {"type": drawn["type"], "coordinates": closed if many else closed[0]}


def _cell(value: Any) -> str:
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, float) and not math.isfinite(value):
        return ""
    return values.text(value)
