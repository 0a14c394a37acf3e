"""One feature of a layer, or one row of a list, as every format yields it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geodata.errors import InvalidFile
from geodata.files.kinds import Format
from geodata.files.limits import Limits

KINDS_OF_SHAPE: Final = frozenset(
    {"Point", "LineString", "Polygon", "MultiPoint", "MultiLineString", "MultiPolygon"}
)


@dataclass(frozen=True, slots=True)
class Layer:
    """What a file says of itself: its format, layers, columns and coordinate system.

    `crs` is an authority's code such as ``EPSG:4545``, a definition as WKT, or empty where the
    file declares none. `row` is the row of the header in tables, 0 elsewhere.
    `types` are those of the columns as NumPy names them, where the format has any. `strange` is a
    declaration of a coordinate system that nobody can make out.
    """

    format: Format
    layer: str
    layers: tuple[str, ...]
    names: tuple[str, ...]
    crs: str = ""
    encoding: str = ""
    row: int = 0
    types: tuple[str, ...] = ()
    strange: str = ""


@dataclass(frozen=True, slots=True)
class Feature:
    """One feature: its number, its cells in the order of the layer's names, and its raw shape.

    `row` counts as a spreadsheet does in tables, features from 1 elsewhere. `wkb` is the shape in
    the file's own coordinates, x before y, without heights. `code` says why the feature cannot be
    taken, with the column and facts; it is empty for one that can. ``shape_unclosed`` comes with
    the shape as it is with its rings closed.
    """

    row: int
    cells: tuple[str, ...]
    wkb: bytes | None = None
    code: str = ""
    column: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)


Read = tuple[Layer, Iterator[Feature]]


@dataclass(frozen=True, slots=True)
class Wish:
    """Which layer is wanted: the named one, else the only one that will do.

    With `narrow` a layer will do as one that may hold areas (where `areas`), has shapes, and has
    all `columns`, in this order, as soon as only one is left.
    """

    layer: str = ""
    narrow: bool = False
    areas: bool = False
    columns: tuple[str, ...] = ()


def shaped(row: int, cells: Sequence[str], shape: BaseGeometry | None, limits: Limits) -> Feature:
    """The feature with its shape made flat, or the reason why its shape cannot be taken."""
    kept = tuple(cells)
    if shape is None or shape.is_empty:
        return Feature(row, kept)
    if shape.geom_type not in KINDS_OF_SHAPE:
        return Feature(row, kept, code="shape_kind", facts={"kind": shape.geom_type})
    corners = shapely.get_coordinates(shape)
    if len(corners) > limits.shape_vertices:
        facts = {"found": len(corners), "limit": limits.shape_vertices}
        return Feature(row, kept, code="shape_too_long", facts=facts)
    if not np.isfinite(corners).all():
        return Feature(row, kept, code="shape_not_finite")
    return Feature(row, kept, shapely.to_wkb(shapely.force_2d(shape)))


def counted(features: Iterator[Feature], limits: Limits) -> Iterator[Feature]:
    """The features, as long as they are not too many.

    Raises InvalidFile ``too_many_rows`` or ``too_many_vertices`` (limit).
    """
    weight = 0
    for count, feature in enumerate(features, start=1):
        weight += len(feature.wkb or b"")
        if count > limits.features:
            raise InvalidFile("too_many_rows", limit=limits.features)
        if weight > limits.vertices * 16:
            raise InvalidFile("too_many_vertices", limit=limits.vertices)
        yield feature


def chosen(wanted: str, layers: Sequence[str]) -> str:
    """The layer that is wanted, or the only one.

    Raises InvalidFile ``layer_choose`` (layers) where there are several and none is named, and
    ``layer_unknown`` (layer, layers).
    """
    if not layers:
        raise InvalidFile("file_empty")
    if wanted and wanted not in layers:
        raise InvalidFile("layer_unknown", layer=wanted, layers=list(layers))
    if not wanted and len(layers) > 1:
        raise InvalidFile("layer_choose", layers=list(layers))
    return wanted or layers[0]
