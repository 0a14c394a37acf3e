"""Excel workbooks (XLSX), read as streams after their size has been counted for real."""

import re
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Final
from xml.etree.ElementTree import ParseError

import openpyxl
from defusedxml.common import DefusedXmlException
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.workbook import Workbook

from geodata.errors import InvalidFile
from geodata.files import broken_cells
from geodata.files.grid import Cell, Line
from geodata.files.limits import Limits

_BROKEN: Final = (
    AttributeError,
    DefusedXmlException,
    EOFError,
    IndexError,
    InvalidFileException,
    KeyError,
    NotImplementedError,
    OSError,
    ParseError,
    TypeError,
    ValueError,
    zipfile.BadZipFile,
    zlib.error,
)
"""What openpyxl and zipfile raise over a workbook that is not one."""

_CHUNK: Final = 1 << 16
_DECLARATIONS: Final = re.compile(
    b"<!DOCTYPE|<!ENTITY|"
    + "<!DOCTYPE".encode("utf-16-le")
    + b"|"
    + "<!DOCTYPE".encode("utf-16-be")
)
_LAST_ROW: Final = 1_048_576
_OVERLAP: Final = 32
_ENCRYPTED: Final = 0x1


def check(content: bytes, limits: Limits) -> None:
    """Nothing, if the workbook's ZIP is harmless; every member is inflated once and counted.

    Raises InvalidFile: ``zip_members``, ``zip_path``, ``file_encrypted``, ``zip_too_big``,
    ``zip_ratio`` (each with its limit), ``xml_entities`` or ``file_broken``.
    """
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            members = archive.infolist()
            if len(members) > limits.zip_members:
                raise InvalidFile("zip_members", limit=limits.zip_members, found=len(members))
            _inflate(archive, members, len(content), limits)
    except _BROKEN as broken:
        raise InvalidFile("file_broken", kind="xlsx") from broken


def sheets(content: bytes, limits: Limits) -> Iterator[tuple[str, Iterator[Line]]]:
    """The name and the rows of each visible worksheet; call `check` first.

    Formulas come as their text; dates as datetime without zone. Raises InvalidFile
    ``file_broken``, and ``sheet_broken`` (sheet, row) where a sheet cannot even be cut into rows.
    """
    try:
        book, whole = _opened(content), True
    except _BROKEN:
        content, whole = broken_cells.marked(content), False
        book = _mended(content)
    for sheet in book.worksheets:
        if sheet.sheet_state == "visible":
            rows = _rows(book, content, sheet.title, limits)
            yield sheet.title, rows if whole else (_told(line, sheet.title) for line in rows)


def _mended(content: bytes) -> Workbook:
    try:
        return _opened(content)
    except _BROKEN as broken:
        raise InvalidFile("file_broken", kind="xlsx") from broken


def _inflate(
    archive: zipfile.ZipFile, members: list[zipfile.ZipInfo], packed: int, limits: Limits
) -> None:
    total = 0
    for member in members:
        if member.filename.startswith(("/", "\\")) or ".." in member.filename.split("/"):
            raise InvalidFile("zip_path", member=member.filename[:100])
        if member.flag_bits & _ENCRYPTED:
            raise InvalidFile("file_encrypted")
        with archive.open(member) as stream:
            tail = b""
            while chunk := stream.read(_CHUNK):
                total += len(chunk)
                _weigh(total, packed, limits)
                if _DECLARATIONS.search(tail + chunk) and not _is_picture(member.filename):
                    raise InvalidFile("xml_entities", member=member.filename[:100])
                tail = chunk[-_OVERLAP:]


def _weigh(total: int, packed: int, limits: Limits) -> None:
    if total > limits.zip_bytes:
        raise InvalidFile("zip_too_big", limit=limits.zip_bytes)
    if total > limits.zip_ratio_from and total > packed * limits.zip_ratio:
        raise InvalidFile("zip_ratio", limit=limits.zip_ratio)


def _is_picture(name: str) -> bool:
    return name.startswith("xl/media/")


def _rows(book: Workbook, content: bytes, title: str, limits: Limits) -> Iterator[Line]:
    """The rows of a sheet; where one cannot be read, it comes as broken with its cell's name."""
    row = 0
    try:
        for line in _lines(book, title, limits):
            row = line.row
            yield line
    except _BROKEN:
        yield from _marked(content, title, limits, row)


def _marked(content: bytes, title: str, limits: Limits, after: int) -> Iterator[Line]:
    """The rows behind one, with what cannot be read marked."""
    row = after
    try:
        book = _opened(broken_cells.marked(content))
        for line in _lines(book, title, limits):
            row = max(row, line.row)
            if line.row > after:
                yield _told(line, title)
    except _BROKEN as broken:
        raise InvalidFile("sheet_broken", sheet=title, row=row + 1) from broken


def _told(line: Line, title: str) -> Line:
    """The line, as broken where it has a mark."""
    bad = [column for column, cell in enumerate(line.cells, start=1) if cell == broken_cells.MARK]
    if not bad:
        return line
    cells = tuple(None if cell == broken_cells.MARK else cell for cell in line.cells)
    facts: dict[str, int | str] = {"sheet": title, "cell": f"{get_column_letter(bad[0])}{line.row}"}
    return Line(line.row, cells, broken="cell_broken", facts=facts)


def _opened(content: bytes) -> Workbook:
    return openpyxl.load_workbook(BytesIO(content), read_only=True, keep_links=False)


def _lines(book: Workbook, title: str, limits: Limits) -> Iterator[Line]:
    sheet = book[title]
    # Many exporters write a wrong dimension, which would hide columns.
    sheet.reset_dimensions()
    rows = sheet.iter_rows(max_row=_LAST_ROW, max_col=limits.columns + 1, values_only=True)
    for row, cells in enumerate(rows, start=1):
        yield Line(row, tuple(_plain(cell) for cell in cells))


def _plain(value: object) -> Cell:
    """A cell as text, number or datetime, whatever openpyxl made of it."""
    if value is None or isinstance(value, str | bool | int | float | datetime):
        return value
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)  # noqa: DTZ001 -- the file has no zone
    if isinstance(value, time | timedelta):
        return str(value)
    return str(getattr(value, "text", value))
