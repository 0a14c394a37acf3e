"""A file of any kind as one table: its columns, and its shapes where it has any.

For commands that somebody runs on files of their own. Tables are read in this very process, layers
as `geodata.files.own` does.
"""

import gzip
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from geodata.errors import InvalidFile, InvalidRow
from geodata.files import delimited, own, values, workbook
from geodata.files.columns import plain
from geodata.files.features import Wish
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


@dataclass(frozen=True, slots=True)
class Frame:
    """A table: `columns` by name, each as long as `rows`, the row numbers a reader of it sees.

    `shapes` are in `crs` as the file declares it (authority and code, or WKT), with the first
    coordinate to the east; None where the file has none. `broken` are rows that could not be
    taken apart, `unclosed` are the rows (from 0) whose rings had to be closed, `unread` those with
    a shape that cannot be read, and why. `strange` is a system that is declared but unknown.
    """

    file: str
    columns: Mapping[str, Sequence[Cell]]
    rows: Sequence[int]
    shapes: Shapes | None = None
    crs: str | None = None
    layer: str = ""
    broken: Sequence[InvalidRow] = ()
    unclosed: Sequence[int] = ()
    unread: Mapping[int, InvalidRow] = field(default_factory=dict)
    strange: str = ""

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
    """The file as a table: CSV and its relatives (also .gz), XLSX, and layers.

    `layer` names the layer or the sheet; without it the only one that will do is taken. `wanted`
    are columns by which a table's header is known from lines of title above it; with `areas` only
    layers that may hold polygons will do. Raises InvalidFile: ``layer_missing``, ``layer_choose``
    (file, layers), ``table_unreadable`` (file, why), ``table_empty`` and what `delimited`,
    `workbook` and `own` raise.
    """
    name = path.name.lower().removesuffix(".gz")
    wanted = tuple(wanted)
    try:
        if name.endswith(_TEXTS):
            return _table(path.name, delimited.lines(_content(path), LIMITS), wanted)
        if name.endswith((".xlsx", ".xlsm")):
            return _sheet(path, layer, wanted)
        return _layer(path, Wish(layer, narrow=True, areas=areas, columns=wanted))
    except InvalidFile as refused:
        refused.facts.setdefault("file", path.name)
        raise


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
    broken = [_refused(line) for line in body if line.broken]
    frame = Frame(file, columns, [line.row for line in whole], broken=broken)
    return _with_shapes(frame)


def _refused(line: Line) -> InvalidRow:
    refused = InvalidRow(line.broken, row=line.row)
    refused.facts.update(line.facts)
    return refused


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


def spatial(
    path: Path,
    wish: Wish,
    known: Sequence[str] = (),
    places: Mapping[str, Sequence[str]] | None = None,
) -> Frame:
    """One layer of a file as a table, told by its bytes; `known` and `places` as `layers.read`.

    Raises InvalidFile as `own.read`.
    """
    head, features = own.read(path, wish, known, places)
    types = head.types or ("object",) * len(head.names)
    columns = {
        name: [_typed(feature.cells[i], types[i]) for feature in features]
        for i, name in enumerate(head.names)
        if plain(name) not in (places or {}).get("wkt", ())
    }
    packed = np.array([feature.wkb for feature in features] + [None], dtype=object)[:-1]
    refused = {
        i: InvalidRow(f.code, row=f.row, column=f.column, **f.facts)
        for i, f in enumerate(features)
        if f.code and f.code != "shape_unclosed"
    }
    return Frame(
        path.name,
        columns,
        [feature.row for feature in features],
        shapely.from_wkb(packed) if refused or any(f.wkb for f in features) else None,
        head.crs or None,
        head.layer,
        unclosed=[i for i, f in enumerate(features) if f.code == "shape_unclosed"],
        unread=refused,
        strange=head.strange,
    )


def _layer(path: Path, wish: Wish) -> Frame:
    """As `spatial`, for a file whose name says that it is no table."""
    head = path.name.lower()
    if head.endswith(".dbf") and path.with_suffix(".shp").exists():
        path = path.with_suffix(".shp")
    return spatial(path, wish)


def _typed(cell: str, kind: str) -> Cell:
    """A cell as its column's type has it, None for an empty one."""
    if not cell:
        return None
    if kind.startswith(("int", "uint")):
        return int(cell)
    if kind == "bool":
        return cell == "True"
    return float(cell) if kind.startswith("float") else cell


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
