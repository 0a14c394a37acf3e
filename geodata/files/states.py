"""A plain table as a file that spreadsheets open, in which no cell becomes a formula."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any, Final

from openpyxl import Workbook

from geodata.files.exports.book import cell
from geodata.files.refused import table_csv

_SHEET: Final = "办理情况"
_WIDTH: Final = 20


def csv_table(rows: Sequence[Sequence[str]]) -> bytes:
    """CSV in UTF-8 with mark; the first row is the header."""
    return table_csv(rows[0], rows[1:])


def workbook(rows: Sequence[Sequence[str]], title: str = _SHEET) -> bytes:
    """An Excel workbook of one sheet, all cells typed as text; the first row is the header."""
    book = Workbook(write_only=True)
    sheet: Any = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    for number in range(min(len(rows[0]), 26)):
        sheet.column_dimensions[chr(ord("A") + number)].width = _WIDTH
    for row in rows:
        sheet.append([cell(sheet, value) for value in row])
    out = BytesIO()
    book.save(out)
    return out.getvalue()
