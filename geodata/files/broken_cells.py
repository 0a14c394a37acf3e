"""Workbooks with cells that no reader understands: those cells are marked, the others kept."""

import re
import zipfile
from io import BytesIO
from typing import Final
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

MARK: Final = "\ue000?"
"""What stands in a cell that could not be read."""

_SHEETS: Final = "xl/worksheets/"
_STRINGS: Final = "xl/sharedStrings.xml"
_STRING: Final = re.compile(rb"<(?:\w+:)?si[\s/>]")
_ROW: Final = re.compile(rb"<((?:\w+:)?)row\b([^>]*)(?:/>|>(.*?)</\1row\s*>)", re.DOTALL)
_CELL: Final = re.compile(rb"<((?:\w+:)?)c\b([^>]*?)(?:/>|>(.*?)</\1c\s*>)", re.DOTALL)
_NUMBER: Final = re.compile(rb'\br="([0-9]{1,7})"')
_NAME: Final = re.compile(rb'\br="([A-Z]{1,3}[0-9]{1,7})"')
_SPACES: Final = (
    b'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    b'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    b'xmlns:x14ac="http://schemas.microsoft.com/office/spreadsheetml/2009/9/ac" '
    b'xmlns:xr="http://schemas.microsoft.com/office/spreadsheetml/2014/revision"'
)


def marked(content: bytes) -> bytes:
    """The workbook with `MARK` in each cell that cannot be read, else as it was."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as source, zipfile.ZipFile(out, "w") as target:
        names = source.namelist()
        strings = len(_STRING.findall(source.read(_STRINGS))) if _STRINGS in names else 0
        for name in names:
            part = source.read(name)
            is_sheet = name.startswith(_SHEETS) and name.endswith(".xml")
            target.writestr(name, _rows(part, strings) if is_sheet else part)
    return out.getvalue()


def _rows(sheet: bytes, strings: int) -> bytes:
    mended = _ROW.sub(lambda row: _row(row, strings), sheet)
    try:
        fromstring(mended)
    except (ParseError, DefusedXmlException, ValueError):
        return _rebuilt(mended)
    return mended


def _rebuilt(sheet: bytes) -> bytes:
    """The sheet's whole rows, and a marked one for all that comes after them."""
    rows = list(_ROW.finditer(sheet))
    if not rows:
        return sheet
    prefix, number = rows[-1][1], _NUMBER.search(rows[-1][2])
    after = str(int(number[1]) + 1).encode() if number else b""
    lost = _mark(prefix, b' r="A' + after + b'"' if after else b"")
    where = b' r="' + after + b'"' if after else b""
    inside = b"".join(row[0] for row in rows)
    ends = b"".join(b"</" + prefix + name + b">" for name in (b"row", b"sheetData", b"worksheet"))
    return sheet[: rows[0].start()] + inside + b"<" + prefix + b"row" + where + b">" + lost + ends


def _row(row: re.Match[bytes], strings: int) -> bytes:
    if _element(row[0], row[1]) is not None and all(
        _is_sound(cell, strings) for cell in _CELL.finditer(row[0])
    ):
        return row[0]
    prefix, number = row[1], _NUMBER.search(row[2])
    cells = [_cell(cell, strings) for cell in _CELL.finditer(row[3] or b"")]
    where = b' r="' + number[1] + b'"' if number else b""
    inside = b"".join(cells) or _mark(prefix, b"")
    return b"<" + prefix + b"row" + where + b">" + inside + b"</" + prefix + b"row>"


def _cell(cell: re.Match[bytes], strings: int) -> bytes:
    if _is_sound(cell, strings):
        return cell[0]
    name = _NAME.search(cell[2])
    return _mark(cell[1], b' r="' + name[1] + b'"' if name else b"")


def _mark(prefix: bytes, where: bytes) -> bytes:
    told = MARK.encode()
    tag = {
        name: (b"<" + prefix + name, b"</" + prefix + name + b">") for name in (b"c", b"is", b"t")
    }
    inner = tag[b"is"][0] + b">" + tag[b"t"][0] + b">" + told + tag[b"t"][1] + tag[b"is"][1]
    return tag[b"c"][0] + where + b' t="inlineStr">' + inner + tag[b"c"][1]


def _is_sound(cell: re.Match[bytes], strings: int) -> bool:
    """Whether a cell is well-formed and its value one of its type."""
    element = _element(cell[0], cell[1])
    if element is None:
        return False
    value = next((part.text for part in element if part.tag.endswith("}v")), None)
    kind = element.get("t", "n")
    try:
        int(element.get("s", "0"))
        if value and kind == "s":
            return 0 <= int(value) < strings
        if value and kind in ("n", "b"):
            float(value)
    except ValueError:
        return False
    return True


def _element(xml: bytes, prefix: bytes) -> Element | None:
    """The first element of a piece of a sheet, None where it is not well-formed."""
    space = b"xmlns" + (b":" + prefix[:-1] if prefix else b"") + b'="s"'
    try:
        return next(iter(fromstring(b"<w " + space + b" " + _SPACES + b">" + xml + b"</w>")))
    except (ParseError, DefusedXmlException, StopIteration, ValueError):
        return None
