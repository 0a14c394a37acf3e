"""A file of any kind as one table: its columns, and its shapes where it has any.

For commands that somebody runs on files of their own: GDAL reads in this very process. Uploads
go through `geodata.files.sandbox`.
"""

import gzip
import re
import warnings
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyogrio
import pyogrio.raw
import shapely
from numpy.typing import NDArray
from pyogrio.errors import DataLayerError, DataSourceError, FieldError, GeometryError

from geodata.errors import InvalidFile
from geodata.files import delimited, values, workbook
from geodata.files.grid import Cell, Line
from geodata.files.limits import MEGABYTE, Limits

Shapes = NDArray[np.object_]
Floats = NDArray[np.float64]

LIMITS: Final = Limits(
    file_bytes=4096 * MEGABYTE, zip_bytes=4096 * MEGABYTE, rows=50_000_000, columns=2000
)
"""A file of one's own may be large."""

_TEXTS: Final = (".csv", ".tsv", ".txt")
_SHAPE_COLUMNS: Final = ("wkt", "the_geom", "geom", "geometry", "shape")
_SHAPE_TEXT: Final = re.compile(r"\s*(?:SRID=\d+;)?(?:MULTI)?(?:POINT|POLYGON|LINESTRING)[ (Z]")
_SOON: Final = 20
"""Rows within which the header of a table stands."""
_PAIR: Final = re.compile(b"(?:[\x00-\x7f]|[\xa1-\xf7][\xa1-\xfe])*")
_AREAS: Final = ("Polygon", "MultiPolygon", "Unknown", "GeometryCollection", "Curve", "MultiSurf")
_READING: Final = (DataSourceError, DataLayerError, FieldError, GeometryError)


@dataclass(frozen=True, slots=True)
class Frame:
    """A table: `columns` by name, each as long as `rows`, the row numbers a reader of it sees.

    `shapes` are in `crs` as the file declares it (authority and code, or WKT), with the first
    coordinate to the east; None where the file has none. `broken` counts rows that could not be
    taken apart, `unclosed` are the rows (from 0) whose rings had to be closed, `unread` those with
    a shape that cannot be read.
    """

    file: str
    columns: Mapping[str, Sequence[Cell]]
    rows: Sequence[int]
    shapes: Shapes | None = None
    crs: str | None = None
    layer: str = ""
    broken: int = 0
    unclosed: Sequence[int] = ()
    unread: Sequence[int] = ()

    def __len__(self) -> int:
        return len(self.rows)

    def name(self, column: str) -> str:
        """The column as the file writes it: exactly, else but for case and spaces.

        Raises InvalidFile ``column_missing`` (file, column, seen).
        """
        if column in self.columns:
            return column
        alike = [name for name in self.columns if _plain(name) == _plain(column)]
        if len(alike) == 1:
            return alike[0]
        seen = list(self.columns)
        raise InvalidFile("column_missing", file=self.file, column=column, seen=seen)

    def texts(self, column: str) -> list[str]:
        """The cells of a column as clean text, what means "nothing" as an empty one.

        Raises InvalidFile ``column_missing``.
        """
        return [values.text(cell) for cell in self.columns[self.name(column)]]


def read(path: Path, layer: str = "", wanted: Iterable[str] = (), *, areas: bool = False) -> Frame:
    """The file as a table: CSV and its relatives (also .gz), XLSX, and what GDAL reads.

    `layer` names the layer or the sheet; without it the only one that will do is taken. `wanted`
    are columns by which a table's header is known from lines of title above it; with `areas` only
    layers that may hold polygons will do. Raises InvalidFile: ``layer_missing``, ``layer_choose``
    (file, layers), ``table_unreadable`` (file, why), ``table_empty`` and what `delimited` and
    `workbook` raise.
    """
    name = path.name.lower().removesuffix(".gz")
    wanted = tuple(wanted)
    if name.endswith(_TEXTS):
        return _table(path.name, delimited.lines(_content(path), LIMITS), wanted)
    if name.endswith((".xlsx", ".xlsm")):
        return _sheet(path, layer, wanted)
    return _spatial(path, layer, wanted, areas=areas)


def _content(path: Path) -> bytes:
    """The bytes of a file, inflated if it is gzipped."""
    content = path.read_bytes()
    if not content.startswith(b"\x1f\x8b"):
        return content
    try:
        return gzip.decompress(content)
    except (OSError, EOFError, zlib.error) as wrong:
        raise InvalidFile("table_unreadable", file=path.name, why=str(wrong)) from wrong


def _sheet(path: Path, layer: str, wanted: Sequence[str]) -> Frame:
    content = _content(path)
    workbook.check(content, LIMITS)
    sheets = dict(workbook.sheets(content, LIMITS))
    if layer:
        if layer not in sheets:
            raise InvalidFile("layer_missing", file=path.name, layer=layer, layers=list(sheets))
        return _table(path.name, sheets[layer], wanted)
    frames = [_table(path.name, lines, wanted) for lines in sheets.values()]
    fitting = [f for f in frames if {_plain(w) for w in wanted} <= {*map(_plain, f.columns)}]
    return max(fitting or frames, key=len)


def _table(file: str, lines: Iterator[Line], wanted: Sequence[str]) -> Frame:
    """The rows below the header: the first line with all columns wanted, else the first at all."""
    head: list[Line] = []
    for line in lines:
        head.append(line)
        if len(head) >= _SOON:
            break
    if not head:
        raise InvalidFile("table_empty", file=file)
    names = {_plain(name) for name in wanted}
    at = next((i for i, line in enumerate(head) if names <= {*map(_plain, _names(line))}), 0)
    body = [*head[at + 1 :], *lines]
    whole = [line for line in body if not line.broken and any(c is not None for c in line.cells)]
    columns = {
        name: [line.cells[i] if i < len(line.cells) else None for line in whole]
        for i, name in reversed([*enumerate(_names(head[at]))])
        if name
    }
    columns = dict(reversed(columns.items()))
    broken = sum(bool(line.broken) for line in body)
    frame = Frame(file, columns, [line.row for line in whole], broken=broken)
    return _with_shapes(frame)


def _names(line: Line) -> list[str]:
    return [values.text(cell).lstrip("\ufeff") for cell in line.cells]


def _with_shapes(frame: Frame) -> Frame:
    """The table with the shapes that a column of it writes as well-known text, if there is one."""
    for name, cells in frame.columns.items():
        first = next((str(cell) for cell in cells if cell), "")
        if name.lower() in _SHAPE_COLUMNS and _SHAPE_TEXT.match(first.upper()):
            plain = [str(cell).rpartition(";")[2] if cell else None for cell in cells]
            shapes = shapely.from_wkt(plain, on_invalid="ignore")
            return replace(frame, shapes=shapes, crs="EPSG:4326")
    return frame


def _spatial(path: Path, layer: str, wanted: Sequence[str], *, areas: bool) -> Frame:
    """One layer of a file that GDAL reads."""
    try:
        layers = [(str(name), kind) for name, kind in pyogrio.list_layers(path)]
        if areas and not layer:
            layers = [one for one in layers if str(one[1]).startswith(_AREAS)] or layers
        layer = _layer(path, layers, layer, wanted)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # of open rings, which we tell of
            meta, _, shapes, fields = pyogrio.raw.read(path, layer=layer, datetime_as_string=True)
    except _READING as wrong:
        raise InvalidFile("table_unreadable", file=path.name, why=str(wrong)) from wrong
    latin = path.suffix.lower() in (".shp", ".dbf", ".zip") and "8859" in str(meta["encoding"])
    columns = {
        str(name): _cells(column, latin=latin)
        for name, column in zip(meta["fields"], fields, strict=True)
    }
    found, unclosed, unread = (None, [], []) if shapes is None else _closed(shapes)
    count = len(found) if found is not None else len(next(iter(columns.values()), ()))
    rows = range(1, count + 1)
    return Frame(path.name, columns, rows, found, meta["crs"], layer, 0, unclosed, unread)


def _closed(packed: NDArray[Any]) -> tuple[Shapes, list[int], list[int]]:
    """The shapes with open rings closed, the rows where it was needed, and those unreadable."""
    with np.errstate(invalid="ignore"):
        shapes = shapely.from_wkb(packed, on_invalid="fix")
        as_is = shapely.from_wkb(packed, on_invalid="ignore")
    lost = shapely.is_missing(as_is)
    opened, unread = lost & ~shapely.is_missing(shapes), shapely.is_missing(shapes)
    told = np.array([one is not None for one in packed], dtype=bool)
    return shapes, np.flatnonzero(opened).tolist(), np.flatnonzero(unread & told).tolist()


def _layer(
    path: Path, layers: Sequence[tuple[str, str | None]], asked: str, wanted: Sequence[str]
) -> str:
    """The layer asked for, else the only one with shapes, else the only one with the columns."""
    names = [name for name, _ in layers]
    if asked:
        if asked in names:
            return asked
        raise InvalidFile("layer_missing", file=path.name, layer=asked, layers=names)
    for some in (names, [name for name, kind in layers if kind], _having(path, names, wanted)):
        if len(some) == 1:
            return some[0]
    raise InvalidFile("layer_choose" if names else "table_empty", file=path.name, layers=names)


def _having(path: Path, names: Sequence[str], wanted: Sequence[str]) -> list[str]:
    """The layers that have all the columns."""
    asked = {_plain(name) for name in wanted}
    fields = {name: pyogrio.read_info(path, layer=name)["fields"] for name in names}
    return [name for name, has in fields.items() if asked <= {_plain(str(f)) for f in has}]


def _cells(column: NDArray[Any], *, latin: bool) -> list[Cell]:
    """The values of a column as Python has them; what is missing as None."""
    found: list[Cell] = [None if cell != cell else cell for cell in column.tolist()]  # noqa: PLR0124 -- NaN alone differs from itself
    return _redecoded(found) if latin else found


def _redecoded(cells: list[Cell]) -> list[Cell]:
    """Texts that were read byte by byte for want of a code page, in the encoding they are in.

    UTF-8 where all of them are valid, else GB 2312 where all are pairs of its bytes; otherwise
    as they came.
    """
    raw = [cell.encode("latin-1", "replace") for cell in cells if isinstance(cell, str)]
    for encoding, fits in (("utf-8", _is_utf8), ("gb18030", _is_pairs)):
        if any(not text.isascii() for text in raw) and all(fits(text) for text in raw):
            return [
                cell.encode("latin-1").decode(encoding) if isinstance(cell, str) else cell
                for cell in cells
            ]
    return cells


def _is_utf8(text: bytes) -> bool:
    return text.decode("utf-8", "replace").encode() == text


def _is_pairs(text: bytes) -> bool:
    return _PAIR.fullmatch(text) is not None


def _plain(name: str) -> str:
    return re.sub(r"\s+", "", name).casefold()


def points_of(shapes: Shapes) -> tuple[Floats, Floats]:
    """East and north of each shape that is one point, in the unit of the file; NaN for others."""
    kinds = shapely.get_type_id(shapes)
    alone = (kinds == shapely.GeometryType.MULTIPOINT) & (shapely.get_num_geometries(shapes) == 1)
    points = shapes.copy()
    points[alone] = shapely.get_geometry(shapes[alone], 0)
    points[~alone & (kinds != shapely.GeometryType.POINT)] = None
    return np.asarray(shapely.get_x(points)), np.asarray(shapely.get_y(points))
