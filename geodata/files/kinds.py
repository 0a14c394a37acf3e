"""What a file is, by its first bytes and not by its name."""

import zipfile
from io import BytesIO
from typing import Final, Literal, get_args

from geodata.errors import InvalidFile
from geodata.files.limits import Limits

Format = Literal["gpkg", "geojson", "shapefile", "kml", "kmz", "flatgeobuf", "csv", "xlsx"]
"""What layers of shapes and lists come as."""

FORMATS: Final = get_args(Format)
_FLATGEOBUF: Final = b"fgb\x03fgb"
_SHAPEFILE: Final = b"\x00\x00\x27\x0a"
_HEAD: Final = 4096
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIPPED: Final = {
    "xl/workbook.bin": "xlsb",
    "word/document.xml": "docx",
    "ppt/presentation.xml": "pptx",
    "content.xml": "ods",
    "doc.kml": "kmz",
}
_MAGIC: Final = {
    b"%PDF": "pdf",
    b"\x89PNG": "image",
    b"\xff\xd8\xff": "image",
    b"GIF8": "image",
    b"BM6": "image",
    b"Rar!": "rar",
    b"7z\xbc\xaf": "7z",
    b"\x1f\x8b": "gzip",
    b"SQLite format 3": "gpkg",
    b"MZ": "program",
    b"\x7fELF": "program",
}
_MARKUP: Final = {
    b"<!doctype html": "html",
    b"<html": "html",
    b"<table": "html",
    b"<meta": "html",
    b"<?xml": "xml",
    b"{": "json",
    b"[": "json",
}


def kind_of(content: bytes, limits: Limits) -> Literal["csv", "xlsx"]:
    """Whether a file is a table of text or an Excel workbook.

    Raises InvalidFile: ``file_empty``, ``file_too_big`` (limit), ``file_old_excel``,
    ``file_encrypted``, ``file_broken``, or ``file_kind`` (kind) for everything else.
    """
    _refuse_hopeless(content, limits)
    if content.startswith(b"PK"):
        return _zipped(content)
    other = _other(content)
    if other:
        raise InvalidFile("file_kind", kind=other)
    return "csv"


def format_of(content: bytes, limits: Limits) -> Format:
    """What a layer or list comes as.

    Raises InvalidFile as `kind_of`, and ``file_shape_alone`` for one part of a shapefile.
    """
    _refuse_hopeless(content, limits)
    if content.startswith(b"SQLite format 3\0"):
        return "gpkg"
    if content.startswith(_FLATGEOBUF):
        return "flatgeobuf"
    if content.startswith(_SHAPEFILE):
        raise InvalidFile("file_shape_alone")
    if content.startswith(b"PK"):
        return _layers_zipped(content)
    return _written(content)


def _refuse_hopeless(content: bytes, limits: Limits) -> None:
    if not content.strip(b"\xef\xbb\xbf \t\r\n\0"):
        raise InvalidFile("file_empty")
    if len(content) > limits.file_bytes:
        raise InvalidFile("file_too_big", limit=limits.file_bytes, size=len(content))
    if content.startswith(_OLE):
        locked = "EncryptedPackage".encode("utf-16-le") in content
        raise InvalidFile("file_encrypted" if locked else "file_old_excel")


def _layers_zipped(content: bytes) -> Format:
    endings = {name.lower().rpartition(".")[2] for name in _members(content)}
    if "shp" in endings:
        return "shapefile"
    return "kmz" if "kml" in endings else _zipped(content)


def _written(content: bytes) -> Format:
    """The format of a text by how it begins: markup and JSON tell themselves, the rest is CSV."""
    head = content[:_HEAD].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if head.startswith(b"<") and b"<kml" in head:
        return "kml"
    if head.startswith(b"{") and b'"type"' in content:
        return "geojson"
    other = _other(content) or ("xml" if head.startswith(b"<") else "")
    if other:
        raise InvalidFile("file_kind", kind=other)
    return "csv"


def _members(content: bytes) -> list[str]:
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            return archive.namelist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as broken:
        raise InvalidFile("file_broken", kind="zip") from broken


def _zipped(content: bytes) -> Literal["xlsx"]:
    names = set(_members(content))
    if "xl/workbook.xml" in names:
        return "xlsx"
    kind = next((kind for name, kind in _ZIPPED.items() if name in names), "zip")
    raise InvalidFile("file_kind", kind=kind)


def _other(content: bytes) -> str:
    """The kind of a file that is no table of text; empty if it may be one."""
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return "image"
    head = content[:64].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    starts = [kind for magic, kind in _MAGIC.items() if content.startswith(magic)]
    starts += [kind for magic, kind in _MARKUP.items() if head.startswith(magic)]
    return starts[0] if starts else ""
