"""Tables of text: CSV and its relatives, in UTF-8, UTF-16 or GB18030."""

import csv
import re
from collections.abc import Iterator
from dataclasses import replace
from io import StringIO
from typing import Final

from geodata.errors import InvalidFile
from geodata.files.grid import Line
from geodata.files.limits import Limits

_DELIMITERS: Final = (",", "\t", ";", "|")
_QUOTED: Final = re.compile('"[^"]*"')
_BRACKETED: Final = re.compile(r"\([^()]*\)")
_DEEPEST: Final = 3
"""Parentheses in one another in the text of a multipolygon."""

_HEAD: Final = 5
_TALLEST: Final = 200
"""A record of more lines than this has a quote that nobody closed."""

_DAMAGED: Final = 10
"""So many sound characters for each bad one mean damaged UTF-8 and not another encoding."""


def lines(content: bytes, limits: Limits) -> Iterator[Line]:
    """The rows of a table of text.

    A row that cannot be taken apart (a quote that is never closed, a huge cell) comes as broken,
    and reading goes on with the next physical line, so that it takes no other row with it.
    Raises InvalidFile ``file_encoding`` (encoding, row, byte) if the text can be read in no
    known encoding.
    """
    text = decode(content)
    physical = list(StringIO(text, newline=""))
    delimiter = _delimiter(physical)
    start, row = 0, 0
    while start < len(physical):
        for line in _records(physical, start, row, delimiter, limits):
            start += line.height
            row = line.row
            yield line


def decode(content: bytes) -> str:
    """The text of a file in UTF-8 (with or without mark), UTF-16 with mark, or GB18030.

    Raises InvalidFile ``file_encoding`` with the encoding tried, the physical line and the byte's
    position in the file (from 0).
    """
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _decoded(content, "utf-16")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        if _is_damaged_utf8(content):
            raise _undecodable(content, "UTF-8", wrong.start) from wrong
    return _decoded(content, "gb18030")


def _decoded(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as wrong:
        raise _undecodable(content, encoding.upper(), wrong.start) from wrong


def _undecodable(content: bytes, encoding: str, position: int) -> InvalidFile:
    row = content.count(b"\n", 0, position) + 1
    byte = f"0x{content[position : position + 1].hex()}"
    return InvalidFile("file_encoding", encoding=encoding, row=row, position=position, byte=byte)


def _is_damaged_utf8(content: bytes) -> bool:
    text = content.decode("utf-8", errors="replace")
    bad = text.count("\ufffd")
    good = sum(1 for character in text if character > "\x7f") - bad
    return good > _DAMAGED * bad


def _delimiter(physical: list[str]) -> str:
    """The delimiter that the first lines use most, outside quotes and parentheses.

    A shape as well-known text is full of commas that part no cells.
    """
    head = _QUOTED.sub("", "".join(physical[:_HEAD]))
    for _ in range(_DEEPEST):
        head = _BRACKETED.sub("", head)
    return max(_DELIMITERS, key=head.count)


def _records(
    physical: list[str], start: int, row: int, delimiter: str, limits: Limits
) -> Iterator[Line]:
    """Rows from a physical line on, up to and including the first broken one."""
    taken = 0

    def fed() -> Iterator[str]:
        """The lines, cut off where one row takes too many: an open quote would eat the file."""
        for index in range(start, len(physical)):
            if index - start - taken > _TALLEST:
                return
            yield physical[index]

    reader = csv.reader(fed(), delimiter=delimiter, strict=True)
    while True:
        row += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as wrong:
            broken = _broken(physical, start + taken, row, delimiter)
            yield _too_long(broken) if "field limit" in str(wrong) else broken
            return
        height = reader.line_num - taken
        if height > _TALLEST:
            yield _broken(physical, start + taken, row, delimiter)
            return
        taken = reader.line_num
        yield Line(row, tuple(cells[: limits.columns + 1]), height)


def _broken(physical: list[str], index: int, row: int, delimiter: str) -> Line:
    """A physical line, cut at every delimiter since its quotes mean nothing."""
    cells = tuple(cell.strip().strip('"') for cell in physical[index].split(delimiter, 100))
    return Line(row, cells, broken="row_broken", facts={"line": index + 1})


def _too_long(line: Line) -> Line:
    """The line as broken by a cell that is longer than any reader takes."""
    return replace(line, broken="cell_huge", facts={**line.facts, "limit": csv.field_size_limit()})
