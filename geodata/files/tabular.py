"""Lists in CSV and XLSX: their header, their rows, and the shape that columns may hold."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import shapely
from shapely.errors import GEOSException
from shapely.geometry.base import BaseGeometry

from geodata.errors import InvalidFile, InvalidRow
from geodata.files import delimited, values, workbook
from geodata.files.columns import plain
from geodata.files.features import Feature, Layer, Read, chosen, shaped
from geodata.files.grid import Line
from geodata.files.limits import Limits

_HEADER_WITHIN: Final = 10
_HEADER_FIELDS: Final = 2
_NOTES: Final = ("字段对照", "说明")

Places = Mapping[str, Sequence[str]]
"""The names, in the form they are compared in, of the columns x, y and wkt."""


def read(
    content: bytes, wanted: str, known: frozenset[str], places: Places, limits: Limits
) -> Read:
    """The rows of a CSV.

    The header is the first of ten rows with two names of `known`, else the first row. Raises
    InvalidFile as `delimited.decode`, ``file_empty`` and ``too_many_columns``.
    """
    lines = [line for line in delimited.lines(content, limits) if any(line.cells) or line.broken]
    return _table("csv", chosen(wanted, [""]), [""], lines, (known, places, limits))


def read_book(
    content: bytes, wanted: str, known: frozenset[str], places: Places, limits: Limits
) -> Read:
    """The rows of a sheet of a workbook: the one that is wanted, or the only one that will do.

    Raises InvalidFile as `workbook.check`, `features.chosen` and `read`.
    """
    workbook.check(content, limits)
    sheets = {
        title: rows
        for title, lines in workbook.sheets(content, limits)
        if (rows := [line for line in lines if line.broken or _is_filled(line)])
    }
    fitting = [title for title, rows in sheets.items() if _fits(title, rows, known)]
    layer = fitting[0] if len(fitting) == 1 and not wanted else chosen(wanted, list(sheets))
    return _table("xlsx", layer, list(sheets), sheets[layer], (known, places, limits))


def _fits(title: str, lines: Sequence[Line], known: frozenset[str]) -> bool:
    """Whether a sheet has a header that is known, and is none of the notes of our own exports."""
    heads = ({plain(values.text(cell)) for cell in line.cells} for line in lines[:_HEADER_WITHIN])
    return title not in _NOTES and any(len(head & known) >= _HEADER_FIELDS for head in heads)


def _is_filled(line: Line) -> bool:
    return any(cell is not None for cell in line.cells)


def _table(
    kind: str,
    layer: str,
    layers: Sequence[str],
    lines: Sequence[Line],
    how: tuple[frozenset[str], Places, Limits],
) -> Read:
    known, places, limits = how
    texts = [[values.text(cell) for cell in line.cells] for line in lines[:_HEADER_WITHIN]]
    if not any(any(row) for row in texts):
        raise InvalidFile("file_empty")
    known_names = [len({plain(name) for name in row} & known) for row in texts]
    at = next((i for i, count in enumerate(known_names) if count >= _HEADER_FIELDS), 0)
    names, below = _joined(texts, at, known)
    while names and not names[-1]:
        names.pop()
    if len(names) > limits.columns:
        raise InvalidFile("too_many_columns", limit=limits.columns)
    head = Layer(
        "xlsx" if kind == "xlsx" else "csv",
        layer,
        tuple(layers),
        tuple(name.lstrip("\ufeff") for name in names),
        row=lines[at].row,
    )
    return head, _features(head, lines[below:], places, limits)


def _joined(texts: list[list[str]], at: int, known: frozenset[str]) -> tuple[list[str], int]:
    """The names of the header, and where the rows below it begin.

    A header of two rows, such as 坐标 over 经度 and 纬度, is one where the second row holds
    nothing but known names: each column then bears the lower name that it has.
    """
    upper, lower = texts[at], texts[at + 1] if at + 1 < len(texts) else []
    told = [name for name in lower if name]
    if len(told) < _HEADER_FIELDS or any(plain(name) not in known for name in told):
        return upper, at + 1
    width = max(len(upper), len(lower))
    above, under = ([*row, *[""] * (width - len(row))] for row in (upper, lower))
    return [low or high for high, low in zip(above, under, strict=True)], at + 2


def _features(
    head: Layer, lines: Sequence[Line], places: Places, limits: Limits
) -> Iterator[Feature]:
    plains = [plain(name) for name in head.names]
    where = {
        field: next((plains.index(alias) for alias in aliases if alias in plains), None)
        for field, aliases in places.items()
    }
    for line in lines:
        texts = [values.text(cell) for cell in line.cells]
        cells = (*texts, *("" for _ in range(len(head.names) - len(texts))))[: len(head.names)]
        if line.broken:
            yield Feature(line.row, cells, code=line.broken, facts=dict(line.facts))
            continue
        try:
            shape = _shape(head.names, cells, where)
        except InvalidRow as refused:
            yield Feature(
                line.row, cells, code=refused.code, column=refused.column, facts=refused.facts
            )
            continue
        yield shaped(line.row, cells, shape, limits)


def _shape(
    names: Sequence[str], cells: Sequence[str], where: Mapping[str, int | None]
) -> BaseGeometry | None:
    """The shape that the cells tell. Raises InvalidRow, naming the column."""
    drawn = where.get("wkt")
    if drawn is not None and cells[drawn]:
        try:
            return shapely.from_wkt(cells[drawn])
        except GEOSException as broken:
            raise InvalidRow("shape_unreadable", column=names[drawn]) from broken
    x, y = where.get("x"), where.get("y")
    if x is None or y is None:
        return None
    found = [_number(names[at], cells[at]) for at in (x, y)]
    if found[0] is None and found[1] is None:
        return None
    if found[0] is None or found[1] is None:
        raise InvalidRow("coordinate_half", column=names[x if found[0] is None else y])
    return shapely.Point(found[0], found[1])


def _number(name: str, cell: str) -> float | None:
    try:
        return values.coordinate(cell)
    except InvalidRow as refused:
        refused.column = name
        raise
