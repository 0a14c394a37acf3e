"""A layer of areas from a file of one's own, and a repaired one back into a file.

For commands, which read what their user names. Files of strangers go through the sandbox.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import geopandas
import numpy as np
import pyogrio
import pyproj
import shapely
from pyogrio.errors import DataLayerError, DataSourceError
from shapely.geometry.base import BaseGeometry

from geodata.domain.quality import decimals
from geodata.errors import InvalidFile

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
_AREAS: Final = ("Polygon", "MultiPolygon", "Unknown", "GeometryCollection")


@dataclass(frozen=True)
class Coverage:
    """One layer of areas as read: shapes in degrees (EPSG:4326, lon/lat), None for no shape.

    `codes` and `names` are None where the file has no such column; `unclosed` are the rows (from
    0) whose rings had to be closed; `digits` with how many decimals the file's own coordinates are
    written (None for many), `crs` what they were taken to be.
    """

    layer: str
    crs: str
    shapes: list[BaseGeometry | None]
    codes: list[str] | None
    names: list[str] | None
    columns: Mapping[str, Sequence[Any]]
    unclosed: list[int]
    digits: int | None
    projected: bool


def read(
    path: Path, layer: str | None = None, code: str | None = None, crs: str | None = None
) -> Coverage:
    """The areas of a layer, of the only one of areas where none is named.

    `code` is the column with the codes (a usual name is recognised), `crs` says what the
    coordinates are in where the file does not, or not rightly. Raises InvalidFile: ``layer_file``,
    ``layer_missing``, ``layers_none``, ``layers_several``, ``column_missing``, ``crs_missing``,
    ``crs_unknown``.
    """
    chosen = _chosen(path, layer)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # of open rings, which we tell of
            meta, _, packed, fields = pyogrio.raw.read(path, layer=chosen)
    except (DataSourceError, DataLayerError) as broken:
        raise InvalidFile("layer_file", file=path.name) from broken
    columns = dict(zip(meta["fields"].tolist(), fields, strict=True))
    shapes = shapely.force_2d(shapely.from_wkb(packed, on_invalid="fix"))
    system = _system(path, crs or meta["crs"], shapes)
    as_is = shapely.from_wkb(packed, on_invalid="ignore")
    unclosed = [i for i, one in enumerate(as_is) if one is None and shapes[i] is not None]
    return Coverage(
        chosen,
        system.to_string(),
        _in_degrees(shapes, system),
        _texts(path, columns, code, CODES),
        _texts(path, columns, None, NAMES),
        columns,
        unclosed,
        decimals(shapely.get_coordinates(shapes)),
        system.is_projected,
    )


def _chosen(path: Path, layer: str | None) -> str:
    try:
        layers = [(str(name), kind) for name, kind in pyogrio.list_layers(path)]
    except DataSourceError as broken:
        raise InvalidFile("layer_file", file=path.name) from broken
    names = [name for name, _ in layers]
    if layer is not None:
        if layer not in names:
            raise InvalidFile("layer_missing", file=path.name, layer=layer, layers=names)
        return layer
    areas = [name for name, kind in layers if kind and str(kind).startswith(_AREAS)]
    if not areas:
        raise InvalidFile("layers_none", file=path.name, seen=names)
    if len(areas) > 1:
        raise InvalidFile("layers_several", file=path.name, seen=areas)
    return areas[0]


def _system(path: Path, crs: str | None, shapes: Any) -> pyproj.CRS:
    if crs is None:
        box = shapely.total_bounds(shapes)
        if not (np.abs(box) <= (180.0, 90.0, 180.0, 90.0)).all():
            raise InvalidFile("crs_missing", file=path.name)
        return pyproj.CRS(DEGREES)
    try:
        return pyproj.CRS.from_user_input(crs)
    except pyproj.exceptions.CRSError as unknown:
        raise InvalidFile("crs_unknown", crs=crs) from unknown


def _in_degrees(shapes: Any, system: pyproj.CRS) -> list[BaseGeometry | None]:
    if system.equals(pyproj.CRS(DEGREES), ignore_axis_order=True):
        return list(shapes)
    turn = pyproj.Transformer.from_crs(system, DEGREES, always_xy=True).transform
    return list(shapely.transform(shapes, lambda p: np.column_stack(turn(p[:, 0], p[:, 1]))))


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
