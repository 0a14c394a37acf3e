"""Layers in KML and KMZ, read without GDAL: nothing that a file links to is ever fetched."""

from collections.abc import Iterator
from typing import Any, Final
from xml.etree.ElementTree import Element, ParseError

import shapely
from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring
from shapely.errors import GEOSException
from shapely.geometry.base import BaseGeometry

from geodata.errors import InvalidFile, InvalidRow
from geodata.files import archives, values
from geodata.files.features import Feature, Layer, Read, shaped
from geodata.files.limits import Limits

_CORNERS: Final = {"Point": 1, "LineString": 2, "LinearRing": 4}
_OWN: Final = ("name", "address", "description")
_DEEPEST: Final = 20


def read(content: bytes, limits: Limits, *, packed: bool) -> Read:
    """The placemarks of a KML file, or of the KML in a KMZ archive; WGS 84 degrees.

    Raises InvalidFile as `archives.members`, ``xml_entities``, ``file_broken``, ``file_external``
    for a file with network links, and ``too_many_columns``.
    """
    text = _unpacked(content, limits) if packed else content
    try:
        root = fromstring(text, forbid_dtd=True)
    except DefusedXmlException as declared:
        raise InvalidFile("xml_entities", member="kml") from declared
    except (ParseError, ValueError, RecursionError) as broken:
        raise InvalidFile("file_broken", kind="kml") from broken
    marks: list[tuple[Element, str]] = []
    _collect(root, "", marks, 0)
    told = [{**_told(mark), "Folder": folder} for mark, folder in marks]
    names = tuple(dict.fromkeys(name for cells in told for name in cells if cells[name]))
    if len(names) > limits.columns:
        raise InvalidFile("too_many_columns", limit=limits.columns)
    layer = Layer("kmz" if packed else "kml", "", ("",), names, crs="EPSG:4326")
    return layer, _features(marks, told, names, limits)


def _unpacked(content: bytes, limits: Limits) -> bytes:
    found = archives.members(content, (".kml",), limits)
    return found.get("doc.kml") or next(iter(found.values()), b"")


def _plain(node: Element) -> str:
    return str(node.tag).rpartition("}")[2]


def _collect(node: Element, folder: str, marks: list[tuple[Element, str]], depth: int) -> None:
    """All placemarks below a node with the name of their folder."""
    if depth > _DEEPEST:
        raise InvalidFile("file_broken", kind="kml")
    for child in node:
        kind = _plain(child)
        if kind == "NetworkLink":
            raise InvalidFile("file_external", what="NetworkLink")
        if kind == "Placemark":
            marks.append((child, folder))
        elif kind in ("Document", "Folder"):
            _collect(child, _child_text(child, "name") or folder, marks, depth + 1)


def _child_text(node: Element, name: str) -> str:
    found = next((child for child in node if _plain(child) == name), None)
    return values.text(found.text) if found is not None else ""


def _told(mark: Element) -> dict[str, str]:
    """The name, address, description and extended data of a placemark."""
    cells = {name: _child_text(mark, name) for name in _OWN}
    for node in mark.iter():
        kind, name = _plain(node), node.get("name", "")
        if kind == "SimpleData" and name:
            cells[name] = values.text(node.text)
        elif kind == "Data" and name:
            cells[name] = _child_text(node, "value")
    return cells


def _features(
    marks: list[tuple[Element, str]],
    told: list[dict[str, str]],
    names: tuple[str, ...],
    limits: Limits,
) -> Iterator[Feature]:
    for row, ((mark, _), cells) in enumerate(zip(marks, told, strict=True), start=1):
        kept = tuple(cells.get(name, "") for name in names)
        try:
            shape = _joined([shape for child in mark for shape in _shapes(child, 0)])
        except (GEOSException, ValueError):
            yield Feature(row, kept, code="shape_unreadable")
            continue
        except InvalidRow as refused:
            yield Feature(row, kept, code=refused.code, facts=refused.facts)
            continue
        yield shaped(row, kept, shape, limits)


def _shapes(node: Element, depth: int) -> Iterator[BaseGeometry]:
    """The simple shapes below a node. Raises ValueError where one is malformed."""
    kind = _plain(node)
    if kind == "Polygon":
        yield _polygon(node)
    elif kind in _CORNERS:
        corners = _corners(node, _CORNERS[kind])
        yield shapely.Point(corners[0]) if kind == "Point" else shapely.LineString(corners)
    elif kind == "MultiGeometry" and depth < _DEEPEST:
        for child in node:
            yield from _shapes(child, depth + 1)


def _polygon(node: Element) -> BaseGeometry:
    shells = _rings(node, "outerBoundaryIs")
    if len(shells) != 1:
        raise ValueError("outerBoundaryIs")
    return shapely.Polygon(shells[0], _rings(node, "innerBoundaryIs"))


def _rings(node: Element, side: str) -> list[list[tuple[float, float]]]:
    return [
        _corners(ring, 4)
        for border in node
        if _plain(border) == side
        for ring in border
        if _plain(ring) == "LinearRing"
    ]


def _corners(node: Element, least: int) -> list[tuple[float, float]]:
    words = _child_text(node, "coordinates").split()
    corners = [_corner(word) for word in words]
    if len(corners) < least:
        raise ValueError("coordinates")
    return corners


def _corner(word: str) -> tuple[float, float]:
    """Longitude and latitude of one corner. Raises InvalidRow ``shape_no_number`` (value)."""
    try:
        x, y = (float(part) for part in word.split(",")[:2])
    except ValueError as wrong:
        raise InvalidRow("shape_no_number", value=word[:60]) from wrong
    return x, y


def _joined(shapes: list[BaseGeometry]) -> BaseGeometry | None:
    """One shape of many: a collection only where their kinds differ."""
    if len(shapes) < 2:  # noqa: PLR2004 -- nothing to join
        return shapes[0] if shapes else None
    maker: dict[str, Any] = {
        "Point": shapely.MultiPoint,
        "LineString": shapely.MultiLineString,
        "Polygon": shapely.MultiPolygon,
    }
    kinds = {shape.geom_type for shape in shapes}
    joined: BaseGeometry = maker.get(kinds.pop() if len(kinds) == 1 else "", _mixed)(shapes)
    return joined


def _mixed(shapes: list[BaseGeometry]) -> BaseGeometry:
    return shapely.GeometryCollection(shapes)
