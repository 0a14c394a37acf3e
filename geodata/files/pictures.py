"""A picture of coverage as files: a workbook, tables in a ZIP, a GeoPackage, a map as picture.

All are made of the same tables of numbers. Headings are Chinese with the English beside them;
numbers have every digit, but for shares, which tables for people show as percentages. Shapes are
degrees, labelled CGCS2000 (EPSG:4490), axis order lon, lat.
"""

import csv
import io
import tempfile
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, Final

import numpy as np
import shapely
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.drawing.image import Image
from openpyxl.styles import PatternFill
from pyogrio import raw
from shapely.geometry import MultiPolygon, Point
from shapely.geometry.base import BaseGeometry

from geodata.files import drawings
from geodata.files.drawings import PAPER, Drawing
from geodata.files.exports import book, tables
from geodata.files.exports.frames import STORED


class Share(float):
    """A number that people read as a percentage; programs have it from 0 to 1."""


Value = str | int | float | None
_SHOWN: Final = 0.6
"""How large a map is shown in a workbook, of its pixels."""


@dataclass(frozen=True)
class Table:
    """One table: its name, the names of its columns, its rows, and their shapes if it has any."""

    name: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Value]]
    shapes: Sequence[BaseGeometry | None] | None = None


@cache
def words() -> Mapping[str, tuple[str, str]]:
    """What tables and columns are called, in Chinese and English."""
    text = resources.files("geodata.files").joinpath("picture_words.csv").read_text("utf-8")
    return {row["code"]: (row["zh"], row["en"]) for row in csv.DictReader(io.StringIO(text))}


@cache
def gap_words() -> Mapping[str, tuple[str, str]]:
    """What kinds, causes, next actions and units of gaps are called, in Chinese and English."""
    text = resources.files("geodata.files").joinpath("gap_words.csv").read_text("utf-8")
    return {row["code"]: (row["zh"], row["en"]) for row in csv.DictReader(io.StringIO(text))}


def heading(code: str) -> str:
    """A column's name in both languages."""
    chinese, english = words()[code]
    return f"{chinese} {english}"


def workbook(pages: Sequence[Table], maps: Sequence[Drawing]) -> bytes:
    """A sheet for each table, and one for each map with its legend."""
    made = Workbook(write_only=True)
    for page in pages:
        sheet = book.new_sheet(made, words()[page.name][0], [heading(c) for c in page.columns])
        for row in page.rows:
            sheet.append([_cell(sheet, value) for value in row])
    for number, drawing in enumerate(maps, 1):
        _map_sheet(made, f"{words()['map'][0]} {number}", drawing)
    held = io.BytesIO()
    made.save(held)
    return held.getvalue()


def _cell(sheet: Any, value: Value) -> Any:
    """The cell of a value; a share keeps all its digits and shows the tenth of a per cent."""
    if not isinstance(value, Share):
        return book.cell(sheet, value)
    made = WriteOnlyCell(sheet, float(value))
    made.number_format = "0.0%"
    return made


def _written(value: Value) -> Any:
    return f"{value:.1%}" if isinstance(value, Share) else tables.guarded(value)


def _map_sheet(made: Workbook, title: str, drawing: Drawing) -> None:
    """The title, the legend as cells of its colours, and beside it the map as PNG shows it."""
    sheet: Any = made.create_sheet(title)
    sheet.column_dimensions["B"].width = 28
    sheet.append([book.cell(sheet, drawing.title)])
    for one, said in drawing.legend:
        swatch = WriteOnlyCell(sheet, "" if one is not None else "////")
        shade = drawing.colour(one) if one is not None else PAPER
        swatch.fill = PatternFill("solid", fgColor=shade.removeprefix("#"))
        sheet.append([swatch, book.cell(sheet, said)])
    image = Image(io.BytesIO(drawings.picture(drawing)))
    image.width, image.height = (round(n * _SHOWN) for n in (image.width, image.height))
    sheet.add_image(image, "D1")


def bundle(pages: Sequence[Table], maps: Sequence[Drawing]) -> bytes:
    """A CSV file for each table and a PNG for each map, in a ZIP."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for page in pages:
            lines = io.StringIO(newline="")
            writer = csv.writer(lines)
            writer.writerow([heading(c) for c in page.columns])
            writer.writerows([[_written(value) for value in row] for row in page.rows])
            archive.writestr(f"{page.name}.csv", lines.getvalue().encode("utf-8-sig"))
        for drawing in maps:
            archive.writestr(f"{drawing.code}.png", drawings.picture(drawing))
    return held.getvalue()


def first_map(pages: Sequence[Table], maps: Sequence[Drawing]) -> bytes:
    """The first of the maps, as PNG."""
    del pages
    return drawings.picture(maps[0])


def geopackage(pages: Sequence[Table], maps: Sequence[Drawing]) -> bytes:
    """A layer for each table, without ground for those that have none; its areas are the maps."""
    del maps
    with tempfile.TemporaryDirectory(prefix="wangge-picture-") as folder:
        path = Path(folder) / "picture.gpkg"
        for page in pages:
            _layer(path, page)
        return path.read_bytes()


def _layer(path: Path, page: Table) -> None:
    columns = [_column([row[n] for row in page.rows]) for n in range(len(page.columns))]
    spatial = page.shapes is not None
    shapes = np.array([*(page.shapes or ()), None], dtype=object)[:-1]
    if page.name == "parts":
        shapes = np.array([*map(_multi, shapes), None], dtype=object)[:-1]
    raw.write(
        str(path),
        shapely.to_wkb(shapes) if spatial else None,
        [values for values, _ in columns],
        list(page.columns),
        field_mask=[mask for _, mask in columns],
        layer=page.name,
        driver="GPKG",
        geometry_type=("MultiPolygon" if page.name == "parts" else "Point") if spatial else None,
        crs=STORED if spatial else None,
        nan_as_null=False,
    )


def _multi(shape: BaseGeometry | None) -> BaseGeometry | None:
    return None if shape is None else MultiPolygon(list(shapely.get_parts(shape)))


def _column(values: list[Value]) -> tuple[Any, Any]:
    """The values of a column as an array, and where there are none."""
    told = [value for value in values if value is not None]
    mask = np.array([value is None for value in values], dtype=np.bool_)
    if told and all(isinstance(value, int) for value in told):
        return np.array([value or 0 for value in values], dtype=np.int64), mask
    if told and not any(isinstance(value, str) for value in told):
        return np.array([value or 0.0 for value in values], dtype=np.float64), mask
    return np.array(["" if v is None else str(v) for v in values], dtype=object), mask


def spot(place: Sequence[float] | None) -> BaseGeometry | None:
    """A place (lon, lat in degrees) as a point."""
    return Point(*place) if place else None


Writer = Callable[[Sequence[Table], Sequence[Drawing]], bytes]
WRITERS: Final[Mapping[str, tuple[Writer, str, str]]] = {
    "xlsx": (
        workbook,
        ".xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    "csv": (bundle, ".zip", "application/zip"),
    "gpkg": (geopackage, ".gpkg", "application/geopackage+sqlite3"),
    "png": (first_map, ".png", "image/png"),
}
"""How each format is written, the end of its file's name, its media type."""
