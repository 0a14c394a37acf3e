"""An Atom feed (RFC 4287) with places (GeoRSS Simple); all text is escaped by the writer."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, cast
from xml.etree import ElementTree as ET

ATOM: Final = "http://www.w3.org/2005/Atom"
GEORSS: Final = "http://www.georss.org/georss"
MIMETYPE: Final = "application/atom+xml"
_NO_CHARACTERS: Final = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF))
"""What XML 1.0 cannot hold, however it is escaped."""

ET.register_namespace("", ATOM)
ET.register_namespace("georss", GEORSS)


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed: its number (an IRI), its title, its own address and that of its page."""

    number: str
    title: str
    own: str
    page: str
    author: str
    updated: datetime
    language: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry; `place` is longitude and latitude in degrees (WGS 84)."""

    number: str
    title: str
    text: str
    page: str
    author: str
    category: str
    at: datetime
    place: tuple[float, float] | None = None


def written(feed: Feed, entries: Iterable[Entry]) -> bytes:
    """The feed as a document in UTF-8."""
    root = ET.Element(_atom("feed"), {"{http://www.w3.org/XML/1998/namespace}lang": feed.language})
    _add(root, "id", feed.number)
    _add(root, "title", feed.title)
    _add(root, "updated", feed.updated.isoformat())
    ET.SubElement(root, _atom("link"), rel="self", href=feed.own, type=MIMETYPE)
    ET.SubElement(root, _atom("link"), rel="alternate", href=feed.page, type="text/html")
    _add(ET.SubElement(root, _atom("author")), "name", feed.author)
    for entry in entries:
        _enter(ET.SubElement(root, _atom("entry")), entry)
    return cast("bytes", ET.tostring(root, encoding="utf-8", xml_declaration=True))


def _enter(root: ET.Element, entry: Entry) -> None:
    _add(root, "id", entry.number)
    _add(root, "title", entry.title)
    _add(root, "updated", entry.at.isoformat())
    _add(root, "published", entry.at.isoformat())
    ET.SubElement(root, _atom("link"), rel="alternate", href=entry.page, type="text/html")
    _add(ET.SubElement(root, _atom("author")), "name", entry.author)
    ET.SubElement(root, _atom("category"), term=entry.category)
    _add(root, "content", entry.text).set("type", "text")
    if entry.place:
        lon, lat = entry.place
        ET.SubElement(root, f"{{{GEORSS}}}point").text = f"{lat:.7f} {lon:.7f}"


def _add(root: ET.Element, name: str, text: str) -> ET.Element:
    child = ET.SubElement(root, _atom(name))
    child.text = text.translate(_NO_CHARACTERS)
    return child


def _atom(name: str) -> str:
    return f"{{{ATOM}}}{name}"
