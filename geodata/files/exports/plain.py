"""Formats of plain text, written as a stream: GeoJSON, KML and CSV."""

import csv
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, Final
from xml.sax.saxutils import escape, quoteattr

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geodata.domain.layer import Field, Kind
from geodata.files.exports import tables
from geodata.files.exports.sheet import Batch, Head, Value

_KML_TYPES: Final[dict[Kind, str]] = {"whole": "int", "real": "double", "yes": "bool"}
_NO_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_TITLES: Final = ("name", "ticket", "code", "worker", "community_name", "id")


def geojson(folder: Path, head: Head, batches: Iterator[Batch]) -> list[Path]:
    """One FeatureCollection (RFC 7946: outer rings counter-clockwise) with every digit.

    Coordinates that are not WGS 84 are named in the member `crs` of GeoJSON 2008, which GDAL and
    QGIS understand; `description` and `fields` say what the file is.
    """
    path = folder / f"{head.stem}.geojson"
    with path.open("w", encoding="utf-8") as out:
        out.write(json.dumps(_collection(head), ensure_ascii=False)[:-1] + ', "features": [')
        comma = "\n"
        for batch in batches:
            for line in _features(head, batch):
                out.write(comma + line)
                comma = ",\n"
        out.write("\n]}\n")
    return [path]


def _collection(head: Head) -> dict[str, Any]:
    named: dict[str, Any] = {"type": "FeatureCollection", "name": head.layer.name}
    if head.frame.label != "EPSG:4326":
        code = head.frame.definition
        urn = code.replace("EPSG:", "urn:ogc:def:crs:EPSG::") if head.frame.label else code
        named |= {"crs": {"type": "name", "properties": {"name": urn}}}
    fields = {field.name: field.zh for field in head.layer.fields}
    return {**named, "description": head.readme, "fields": fields}


def _features(head: Head, batch: Batch) -> Iterator[str]:
    names = [field.name for field in head.layer.fields]
    shapes = shapely.to_geojson(shapely.orient_polygons(batch.shapes))
    for row, shape in zip(batch.rows, shapes, strict=True):
        properties = json.dumps(
            dict(zip(names, row, strict=True)), ensure_ascii=False, allow_nan=False
        )
        yield f'{{"type":"Feature","properties":{properties},"geometry":{shape or "null"}}}'


def csv_table(folder: Path, head: Head, batches: Iterator[Batch]) -> list[Path]:
    """A table in UTF-8 with mark: the fields, a point, and the shape as WKT; with its notes."""
    path = folder / f"{head.stem}.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as lines:
        out = csv.writer(lines)
        extra = (*tables.axes(head), "wkt") if head.layer.spatial else ()
        out.writerow([*(field.name for field in head.layer.fields), *extra])
        for batch in batches:
            out.writerows(_lines(head, batch))
    return [path, *tables.notes(folder, head)]


def _lines(head: Head, batch: Batch) -> Iterator[list[str]]:
    cells = ([tables.guarded(value) for value in row] for row in batch.rows)
    if not head.layer.spatial:
        yield from cells
        return
    points = tables.numbers(tables.spots(batch.shapes))
    shapes = shapely.to_wkt(batch.shapes, rounding_precision=-1)
    for line, point, shape in zip(cells, points, shapes, strict=True):
        yield [*line, *map(tables.told, point), shape or ""]


def kml(folder: Path, head: Head, batches: Iterator[Batch]) -> list[Path]:
    """One folder of placemarks whose fields are told by a Schema, with their Chinese names."""
    path = folder / f"{head.stem}.kml"
    with path.open("w", encoding="utf-8") as out:
        _opening(out, head)
        for batch in batches:
            for row, shape in zip(batch.rows, batch.shapes, strict=True):
                out.write(_placemark(head, row, shape))
        out.write("</Folder></Document></kml>\n")
    return [path]


def _opening(out: IO[str], head: Head) -> None:
    name = _text(f"{head.layer.zh} {head.layer.en}")
    out.write('<?xml version="1.0" encoding="UTF-8"?>\n')
    out.write('<kml xmlns="http://www.opengis.net/kml/2.2"><Document>')
    out.write(f"<name>{name}</name><description>{_text(head.readme)}</description>\n")
    out.write(f'<Schema name="{head.layer.name}" id="{head.layer.name}">')
    out.writelines(_schema_field(field) for field in head.layer.fields)
    out.write(f"</Schema>\n<Folder><name>{head.layer.name}</name>\n")


def _schema_field(field: Field) -> str:
    kind = _KML_TYPES.get(field.kind, "string")
    shown = f"<displayName>{escape(field.zh)}</displayName>"
    return f'<SimpleField type="{kind}" name="{field.name}">{shown}</SimpleField>'


def _placemark(head: Head, row: Any, shape: BaseGeometry | None) -> str:
    values: dict[str, Value] = {
        f.name: value for f, value in zip(head.layer.fields, row, strict=True)
    }
    title = next((values[name] for name in _TITLES if values.get(name)), "")
    data = "".join(
        f"<SimpleData name={quoteattr(name)}>{_text(tables.told(value))}</SimpleData>"
        for name, value in values.items()
        if value is not None
    )
    return (
        f"<Placemark><name>{_text(tables.told(title))}</name><ExtendedData>"
        f'<SchemaData schemaUrl="#{head.layer.name}">{data}</SchemaData></ExtendedData>'
        f"{_kml_shape(shape) if shape is not None else ''}</Placemark>\n"
    )


def _kml_shape(shape: BaseGeometry) -> str:
    kind = shape.geom_type
    if kind.startswith("Multi"):
        return (
            f"<MultiGeometry>{''.join(map(_kml_shape, shapely.get_parts(shape)))}</MultiGeometry>"
        )
    if kind == "Polygon":
        rings = shapely.get_rings(shape)
        inner = "".join(f"<innerBoundaryIs>{_ring(r)}</innerBoundaryIs>" for r in rings[1:])
        outer = f"<outerBoundaryIs>{_ring(rings[0])}</outerBoundaryIs>"
        return f"<Polygon>{outer}{inner}</Polygon>"
    return f"<{kind}>{_coordinates(shape)}</{kind}>"


def _ring(ring: BaseGeometry) -> str:
    return f"<LinearRing>{_coordinates(ring)}</LinearRing>"


def _coordinates(shape: BaseGeometry) -> str:
    pairs = np.asarray(shapely.get_coordinates(shape)).tolist()
    return f"<coordinates>{' '.join(f'{x!r},{y!r}' for x, y in pairs)}</coordinates>"


def _text(text: str) -> str:
    return escape(_NO_XML.sub("", text), {"\r": "&#13;"})
