"""Formats that GDAL writes: GeoPackage, FlatGeobuf and Shapefile.

A GeoPackage grows batch by batch; the other two are copied from one as a stream, so that no
format holds all rows in memory.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyogrio
import shapely
from numpy.typing import NDArray
from pyogrio import raw

from geodata.domain.layer import Field, Kind
from geodata.files.exports import tables
from geodata.files.exports.sheet import Batch, Head, Value

_LONGEST: Final = 254
"""Bytes that a Shapefile leaves to a text."""
_TYPES: Final[dict[Kind, Any]] = {"whole": np.int64, "real": np.float64, "yes": np.bool_}
_EMPTY: Final[dict[Kind, Value]] = {"whole": 0, "real": 0.0, "yes": False}


def geopackage(folder: Path, head: Head, batches: Iterator[Batch]) -> list[Path]:
    """One GeoPackage with one layer, which carries its notes as metadata."""
    path = folder / f"{head.stem}.gpkg"
    _grown(path, head, batches, [field.name for field in head.layer.fields])
    return [path]


def flatgeobuf(folder: Path, head: Head, batches: Iterator[Batch]) -> list[Path]:
    """One FlatGeobuf, with a spatial index where every row has a place."""
    path, between = folder / f"{head.stem}.fgb", folder / "between.gpkg"
    placed = _grown(between, head, batches, [field.name for field in head.layer.fields])
    index = "YES" if placed and head.layer.spatial else "NO"
    told = {"SPATIAL_INDEX": index, "TITLE": head.layer.zh, "DESCRIPTION": head.readme}
    _copied(between, path, head, "FlatGeobuf", told)
    return [path]


def shapefile(folder: Path, head: Head, batches: Iterator[Batch]) -> list[Path]:
    """The parts of a Shapefile in UTF-8 with names of ten letters, and its notes."""
    between = folder / "between.gpkg"
    cut = (Batch([_cut(row) for row in batch.rows], batch.shapes) for batch in batches)
    _grown(between, head, cut, [field.ascii10 for field in head.layer.fields])
    path = folder / (f"{head.stem}.shp" if head.layer.spatial else f"{head.stem}.dbf")
    _copied(between, path, head, "ESRI Shapefile", {"ENCODING": "UTF-8"})
    between.unlink()
    parts = sorted(p for p in folder.iterdir() if p != path)
    return [path, *parts, *tables.notes(folder, head)]


def _grown(path: Path, head: Head, batches: Iterator[Batch], names: list[str]) -> bool:
    """Write all batches into a new GeoPackage; whether every row had a shape."""
    placed, started = True, False
    for batch in batches:
        placed = placed and not shapely.is_missing(batch.shapes).any()
        _append(path, head, batch, names, append=started)
        started = True
    if not started:
        _append(path, head, Batch([], np.array([], dtype=object)), names, append=False)
    return placed


def _append(path: Path, head: Head, batch: Batch, names: list[str], *, append: bool) -> None:
    values, masks = _columns(head.layer.fields, batch)
    spatial = head.layer.spatial
    raw.write(
        str(path),
        shapely.to_wkb(batch.shapes) if spatial else None,
        values,
        names,
        field_mask=masks,
        layer=head.layer.name,
        driver="GPKG",
        geometry_type=head.layer.geometry if spatial else None,
        crs=head.frame.definition if spatial else None,
        append=append,
        nan_as_null=False,
        layer_metadata=None if append else {"README": head.readme},
    )


def _columns(
    fields: tuple[Field, ...], batch: Batch
) -> tuple[list[NDArray[Any]], list[NDArray[np.bool_]]]:
    """The values by field, and where there are none."""
    values, masks = [], []
    for i, field in enumerate(fields):
        column = [row[i] for row in batch.rows]
        empty = _EMPTY.get(field.kind)
        told = [empty if value is None else value for value in column]
        values.append(np.array(told, dtype=_TYPES.get(field.kind, object)))
        masks.append(np.array([value is None for value in column], dtype=np.bool_))
    return values, masks


def _copied(source: Path, target: Path, head: Head, driver: str, options: dict[str, str]) -> None:
    """The layer of a GeoPackage in another format, read and written as a stream."""
    spatial = head.layer.spatial
    with pyogrio.open_arrow(source, use_pyarrow=False) as (told, stream):
        pyogrio.write_arrow(
            stream,
            target,
            driver=driver,
            layer=target.stem,
            geometry_name=told["geometry_name"] if spatial else None,
            geometry_type=head.layer.geometry if spatial else None,
            crs=head.frame.definition if spatial else None,
            layer_options=options,
        )


def _cut(row: Any) -> list[Value]:
    """The row with each text cut to what a Shapefile holds, between two characters."""
    return [
        value.encode()[:_LONGEST].decode(errors="ignore") if isinstance(value, str) else value
        for value in row
    ]
