"""Excel workbooks, written as a stream: the rows, the mapping of fields, the notes."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from geodata.domain.signs import is_foreign
from geodata.files.exports import tables
from geodata.files.exports.sheet import Batch, Head, Value
from geodata.files.refused import safe

_MOST_ROWS: Final = 1_048_576
"""Rows of one sheet, the header among them; what comes after goes to the next sheet."""
_LONGEST: Final = 32_767
_WIDTH: Final = 18


def workbook(folder: Path, head: Head, batches: Iterator[Batch]) -> list[Path]:
    """A workbook whose texts are typed as text, so that none becomes a formula."""
    path = folder / f"{head.stem}.xlsx"
    book = Workbook(write_only=True)
    names = [field.name for field in head.layer.fields]
    header = [*names, *(tables.axes(head) if head.layer.spatial else ())]
    sheet, left = None, 0
    for row in _rows(head, batches):
        if sheet is None or left == 0:
            sheet, left = new_sheet(book, head.layer.zh, header), _MOST_ROWS - 1
        sheet.append([cell(sheet, value) for value in row])
        left -= 1
    if sheet is None:
        new_sheet(book, head.layer.zh, header)
    _mapping(book, head)
    _notes(book, head)
    book.save(path)
    return [path]


def _rows(head: Head, batches: Iterator[Batch]) -> Iterator[Sequence[Value]]:
    for batch in batches:
        if not head.layer.spatial:
            yield from batch.rows
            continue
        points = tables.numbers(tables.spots(batch.shapes))
        for row, point in zip(batch.rows, points, strict=True):
            yield [*row, *point]


def new_sheet(book: Workbook, title: str, header: Sequence[str]) -> WriteOnlyWorksheet:
    """A sheet with its header, which stays in sight."""
    sheet: Any = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    for number in range(len(header)):
        sheet.column_dimensions[chr(ord("A") + number % 26)].width = _WIDTH
    sheet.append([_bold(sheet, name) for name in header])
    made: WriteOnlyWorksheet = sheet
    return made


def _mapping(book: Workbook, head: Head) -> None:
    sheet = new_sheet(book, "字段对照", tables.MAPPING_HEADER)
    for row in tables.mapping(head.layer):
        sheet.append(list(row))


def _notes(book: Workbook, head: Head) -> None:
    sheet: Any = book.create_sheet("说明")
    sheet.column_dimensions["A"].width = 120
    for zh, en in head.notes:
        for line in (zh, en):
            sheet.append([cell(sheet, line)])


def _bold(sheet: Any, text: str) -> Any:
    made = WriteOnlyCell(sheet, text)
    made.font = Font(bold=True)
    return made


def cell(sheet: Any, value: Value) -> Any:
    """A value as a cell; a text that would be a formula stays a text."""
    if not isinstance(value, str):
        return value
    text = _told(value)[:_LONGEST]
    if safe(text) == text:
        return text
    made = WriteOnlyCell(sheet, text)
    made.data_type = "s"
    made.quotePrefix = True  # editing the cell keeps it a text
    return made


def _told(text: str) -> str:
    """The text without what the XML of a workbook cannot hold."""
    if text.isprintable():
        return text
    return "".join(sign for sign in text if sign in "\t\n\r" or not is_foreign(sign))
