"""Small files of layers, in every format that is taken."""

import io
import json
import warnings
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import geopandas
import shapely
from openpyxl import Workbook
from shapely.geometry.base import BaseGeometry

Rows = Sequence[tuple[Mapping[str, Any], BaseGeometry | None]]


def geojson(rows: Rows, crs: str = "") -> bytes:
    """A collection; `crs` such as EPSG:4490 is declared the old way."""
    whole: dict[str, Any] = {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": dict(told),
                "geometry": shape and json.loads(shapely.to_geojson(shape)),
            }
            for told, shape in rows
        ],
    }
    if crs:
        name = f"urn:ogc:def:crs:{crs.replace(':', '::')}"
        whole["crs"] = {"type": "name", "properties": {"name": name}}
    return json.dumps(whole, ensure_ascii=False).encode()


def written(rows: Rows, ending: str, crs: str | None = "EPSG:4326", **how: Any) -> bytes:
    """What GDAL writes: ``gpkg``, ``fgb``, or ``shp`` as a ZIP with all parts."""
    frame = geopandas.GeoDataFrame(
        [dict(told) for told, _ in rows], geometry=[shape for _, shape in rows], crs=crs
    )
    without = how.pop("without", ())
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"layer.{ending}"
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            frame.to_file(path, engine="pyogrio", **how)
        if ending != "shp":
            return path.read_bytes()
        parts = sorted(Path(folder).iterdir())
        return zipped({f"数据/{p.name}": p.read_bytes() for p in parts if p.suffix not in without})


def zipped(members: Mapping[str, bytes]) -> bytes:
    """The members as a ZIP."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def kml(rows: Rows, extra: str = "") -> bytes:
    """Placemarks with their polygons or points, and extended data."""
    marks = "".join(_mark(told, shape) for told, shape in rows)
    head = '<?xml version="1.0" encoding="UTF-8"?>'
    space = "http://www.opengis.net/kml/2.2"
    return f'{head}<kml xmlns="{space}"><Document>{marks}{extra}</Document></kml>'.encode()


def _mark(told: Mapping[str, Any], shape: BaseGeometry | None) -> str:
    data = "".join(f'<Data name="{k}"><value>{v}</value></Data>' for k, v in told.items())
    corners = " ".join(f"{x!r},{y!r},0" for x, y in shapely.get_coordinates(shape).tolist())
    drawn = f"<coordinates>{corners}</coordinates>"
    if shape is not None and shape.geom_type == "Polygon":
        ring = f"<outerBoundaryIs><LinearRing>{drawn}</LinearRing></outerBoundaryIs>"
        drawn = f"<Polygon>{ring}</Polygon>"
    else:
        drawn = f"<Point>{drawn}</Point>"
    return f"<Placemark><ExtendedData>{data}</ExtendedData>{drawn}</Placemark>"


def listed(rows: Rows, *, wkt: bool = True) -> list[list[Any]]:
    """The rows as a table: with a WKT column, or with 经度 and 纬度."""
    names = list(rows[0][0])
    head = [*names, *(["WKT"] if wkt else ["经度", "纬度"])]
    body = [
        [*told.values(), *([shape.wkt] if wkt else [shape.x, shape.y])]  # type: ignore[union-attr]
        for told, shape in rows
    ]
    return [head, *body]


def book(rows: Rows, *, wkt: bool = True) -> bytes:
    """The table as XLSX."""
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet("网格")
    for cells in listed(rows, wkt=wkt):
        sheet.append(cells)
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()
