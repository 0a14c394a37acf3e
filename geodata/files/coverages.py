"""A layer of areas from a file of one's own, and a repaired one back into a file.

For commands, which read what their user names. Files of strangers go through the sandbox.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import geopandas
import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geodata.domain.quality import decimals
from geodata.errors import InvalidFile
from geodata.files import frames, projection
from geodata.files.columns import plain
from geodata.files.features import Wish
from geodata.files.fields import PLACES
from geodata.files.frames import Floats, Frame, Shapes
from geodata.files.projection import Reference

DEGREES: Final = "EPSG:4326"
CODES: Final = (
    "code",
    "grid_code",
    "编码",
    "网格编码",
    "网格代码",
    "标识码",
    "社区编码",
    "社区代码",
)
NAMES: Final = ("name", "名称", "网格名称", "社区名称")

_PACKED: Final = (".zip", ".kmz", ".csv", ".tsv", ".txt", ".xlsx")


@dataclass(frozen=True)
class Coverage:
    """One layer of areas as read: shapes in degrees (EPSG:4326, lon/lat), None for no shape.

    `codes` and `names` are None where the file has no such column; `unclosed` are the rows (from
    0) whose rings had to be closed, `unread` those with a shape that cannot be read; `digits`
    with how many decimals the file's own coordinates are written (None for many), `crs` what they
    were taken to be, `assumed` that nobody said so.
    """

    layer: str
    crs: str
    assumed: bool
    shapes: list[BaseGeometry | None]
    codes: list[str] | None
    names: list[str] | None
    columns: Mapping[str, Sequence[Any]]
    unclosed: list[int]
    unread: list[int]
    digits: int | None
    projected: bool


def read(
    path: Path, layer: str | None = None, code: str | None = None, crs: str | None = None
) -> Coverage:
    """The areas of a layer, of the only one of areas where none is named.

    `code` is the column with the codes (a usual name is recognised), `crs` says what the
    coordinates are in where the file does not, or not rightly. Raises InvalidFile as
    `frames.read`, ``layers_none``, ``shapes_unread`` (file, row, count, value), ``crs_strange``,
    ``column_missing``, ``crs_missing``, ``crs_unknown`` and ``crs_impossible``.
    """
    packed = path.suffix.lower() in _PACKED
    wanted = [code] if code else []
    frame = (
        _unpacked(path, layer or "", wanted)
        if packed
        else frames.read(path, layer or "", wanted, areas=True)
    )
    drawn = _shapes(path, frame)
    if frame.strange and not crs:
        raise InvalidFile("crs_strange", file=path.name, crs=frame.strange)
    shapes = shapely.force_2d(drawn)
    system = _system(path, crs or frame.crs, shapes)
    return Coverage(
        frame.layer or path.stem,
        str(system),
        not (crs or frame.crs),
        _in_degrees(path, shapes, system),
        _texts(path, frame.columns, code, CODES),
        _texts(path, frame.columns, None, NAMES),
        frame.columns,
        list(frame.unclosed),
        list(frame.unread),
        decimals(shapely.get_coordinates(shapes)),
        not system.degrees,
    )


def _unpacked(path: Path, layer: str, wanted: Sequence[str]) -> Frame:
    """The layer of an archive or a table, read as uploads are: its cells are texts."""
    names = [plain(name) for name in (*wanted, *CODES, *NAMES, *PLACES["wkt"])]
    places = {"wkt": [plain(name) for name in PLACES["wkt"]]}
    wish = Wish(layer, narrow=True, areas=True, columns=tuple(wanted))
    return frames.spatial(path, wish, names, places)


def _shapes(path: Path, frame: Frame) -> Shapes:
    if frame.shapes is not None and not shapely.is_missing(frame.shapes).all():
        return frame.shapes
    if frame.unread:
        first = next(iter(frame.unread.values()))
        facts = {"row": first.row, "count": len(frame.unread)}
        value = first.facts.get("value") or first.facts.get("kind") or "—"
        raise InvalidFile("shapes_unread", file=path.name, value=value, **facts)
    raise InvalidFile("layers_none", file=path.name)


def _system(path: Path, crs: str | None, shapes: Shapes) -> Reference:
    if crs:
        return projection.reference(crs)
    if not _are_degrees(shapely.get_coordinates(shapes)):
        raise InvalidFile("crs_missing", file=path.name)
    return projection.reference(DEGREES)


def _are_degrees(corners: Floats) -> bool:
    """Whether all that are numbers can be longitude and latitude."""
    sound = corners[np.isfinite(corners).all(axis=1)]
    return bool((np.abs(sound) <= (180.0, 90.0)).all())


def _in_degrees(path: Path, shapes: Shapes, system: Reference) -> list[BaseGeometry | None]:
    corners = shapely.get_coordinates(shapes)
    moved = projection.degrees(system, corners)
    lost = np.isfinite(corners).all(axis=1) & ~np.isfinite(moved).all(axis=1)
    if lost.any() or not _are_degrees(moved):
        example = ", ".join(f"{edge:.8g}" for edge in shapely.total_bounds(shapes))
        raise InvalidFile("crs_impossible", file=path.name, crs=system.name, example=example)
    if system.plain and not system.swapped:
        return list(shapes)
    return list(shapely.set_coordinates(shapes.copy(), moved))


def _texts(
    path: Path, columns: Mapping[str, Any], wanted: str | None, usual: Sequence[str]
) -> list[str] | None:
    if wanted is not None and wanted not in columns:
        raise InvalidFile("column_missing", file=path.name, column=wanted, seen=list(columns))
    lower = {name.lower(): name for name in columns}
    column = wanted or next((lower[name] for name in usual if name in lower), None)
    return None if column is None else [_text(value) for value in columns[column]]


def _text(value: Any) -> str:
    if value is None or (isinstance(value, float) and np.isnan(value)):
        return ""
    whole = isinstance(value, float) and value.is_integer()
    return str(int(value)) if whole else str(value)


def write(
    path: Path, layer: str, shapes: Sequence[BaseGeometry], columns: Mapping[str, Sequence[Any]]
) -> None:
    """A layer in degrees (EPSG:4326) with its columns, as GeoPackage or, by the name, GeoJSON.

    Every coordinate comes back bit for bit. An existing layer of that name is replaced.
    """
    frame = geopandas.GeoDataFrame(dict(columns), geometry=list(shapes), crs=DEGREES)
    if path.suffix.lower() in (".geojson", ".json"):
        frame.to_file(path, driver="GeoJSON", COORDINATE_PRECISION=17, SIGNIFICANT_FIGURES=17)
    else:
        frame.to_file(path, driver="GPKG", layer=layer, promote_to_multi=True)
