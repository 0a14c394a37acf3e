"""The one column type for shapes: a Shapely geometry in EPSG:4326, axis order lon, lat."""

from collections.abc import Callable
from typing import Any

import shapely
from geoalchemy2 import Geometry
from geoalchemy2.shape import from_shape
from shapely.geometry.base import BaseGeometry
from sqlalchemy import BindParameter, Column, Computed, bindparam
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

SRID = 4326


class Shape(TypeDecorator[BaseGeometry]):
    """A Shapely geometry in degrees (EPSG:4326, lon before lat), stored as PostGIS geometry."""

    impl = Geometry
    cache_ok = True

    def __init__(self, kind: str = "GEOMETRY") -> None:
        """Hold shapes of one kind, e.g. ``"POINT"``; spatial indexes are declared by the table."""
        super().__init__(geometry_type=kind, srid=SRID, spatial_index=False)
        self.kind = kind

    def process_bind_param(self, value: BaseGeometry | None, dialect: Dialect) -> Any:
        """Hand the shape to the driver, with its SRID."""
        del dialect
        return None if value is None else from_shape(value, srid=SRID, extended=True)

    def result_processor(
        self, dialect: Dialect, coltype: object
    ) -> Callable[[str | bytes | None], BaseGeometry | None]:
        """Give the stored shape back as Shapely's own, straight from what the driver hands over."""
        del dialect, coltype
        return _shape_of


def _shape_of(stored: str | bytes | None) -> BaseGeometry | None:
    return None if stored is None else shapely.from_wkb(stored)


def mercator(source: str, kind: str) -> Column[Any]:
    """The shape of the column `source` as tiles want it (EPSG:3857, metres), kept by PostGIS.

    Only for drawing; what is measured or compared is the shape itself, on its lattice.
    """
    flat = Geometry(geometry_type=kind, srid=3857, spatial_index=False)
    return Column("mercator", flat, Computed(f"ST_Transform({source}, 3857)", persisted=True))


def label_point(source: str) -> Column[Any]:
    """A point surely within the shape of the column `source` (degrees), kept by PostGIS."""
    point = Geometry(geometry_type="POINT", srid=SRID, spatial_index=False)
    return Column("label", point, Computed(f"ST_PointOnSurface({source})", persisted=True))


def bound(shape: BaseGeometry) -> BindParameter[BaseGeometry]:
    """A shape (degrees, lon, lat) as a query parameter, for calls such as ``ST_Covers``."""
    return bindparam(None, shape, type_=Shape(), unique=True)


def ewkb(shape: BaseGeometry) -> str:
    """The shape with its SRID as hexadecimal EWKB, the form that COPY takes."""
    return str(shapely.to_wkb(shapely.set_srid(shape, SRID), hex=True, include_srid=True))
