"""The coordinates that an export is in: any EPSG code, GCJ-02 or BD-09.

Stored degrees are labelled CGCS2000 (EPSG:4490), to which WGS 84 (EPSG:4326) is equal at map
precision: between these two nothing is moved. Axis order is always lon, lat or easting, northing.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError, ProjError

from geodata.domain.crs import from_wgs84
from geodata.errors import InvalidFile
from geodata.files.exports.words import Words, words

STORED: Final = "EPSG:4490"
_SAME: Final = ("EPSG:4490", "EPSG:4326")
_EPSG: Final = re.compile(r"EPSG:([0-9]{4,6})", re.IGNORECASE)
Points = NDArray[np.float64]
Move = Callable[[Points], Points]


@dataclass(frozen=True, slots=True)
class Frame:
    """A target: its name, what GDAL is told (None where no code exists), and how points move."""

    name: str
    label: str | None
    degrees: bool
    move: Move | None
    note: Words

    @property
    def exact(self) -> bool:
        """Whether every coordinate leaves as it is stored."""
        return self.move is None

    def shapes(self, wkb: list[bytes | None]) -> NDArray[np.object_]:
        """Stored shapes (WKB in degrees) in this frame.

        Raises InvalidFile ``crs_unfit`` where a place has no coordinates in it.
        """
        shapes = shapely.from_wkb(np.array([*wkb, None], dtype=object))[:-1]
        if self.move is None or not len(shapes):
            return shapes
        moved = shapely.transform(shapes, self.move)
        if not np.isfinite(shapely.get_coordinates(moved)).all():
            raise InvalidFile("crs_unfit", crs=self.name)
        return moved


def frame(name: str) -> Frame:
    """The frame of ``EPSG:n``, ``CGCS2000``, ``WGS84``, ``GCJ02`` or ``BD09``.

    Raises InvalidFile ``crs_unknown`` where it is none of them or no two-dimensional one.
    """
    plain = name.strip().upper().replace("-", "").replace("_", "")
    plain = {"WGS84": "EPSG:4326", "CGCS2000": STORED}.get(plain, plain)
    if plain == "GCJ02":
        return _shifted("GCJ02")
    if plain == "BD09":
        return _shifted("BD09")
    found = _EPSG.fullmatch(plain)
    if found is None:
        raise InvalidFile("crs_unknown", crs=name)
    return _coded(f"EPSG:{int(found[1])}")


def _coded(code: str) -> Frame:
    try:
        crs = CRS.from_user_input(code)
    except CRSError as unknown:
        raise InvalidFile("crs_unknown", crs=code) from unknown
    flat = (crs.is_geographic or crs.is_projected) and len(crs.axis_info) == 2  # noqa: PLR2004 -- axes
    if not flat:
        raise InvalidFile("crs_unknown", crs=code)
    move = None if code in _SAME else _projected(crs, code)
    note = words("epsg", code=code, name=crs.name)
    return Frame(code, code, crs.is_geographic, move, note)


def _projected(crs: CRS, code: str) -> Move:
    try:
        way = Transformer.from_crs(STORED, crs, always_xy=True)
    except ProjError as unfit:
        raise InvalidFile("crs_unfit", crs=code) from unfit

    def move(points: Points) -> Points:
        return np.column_stack(way.transform(points[:, 0], points[:, 1]))

    return move


def _shifted(datum: Literal["GCJ02", "BD09"]) -> Frame:
    def move(points: Points) -> Points:
        return np.column_stack(from_wgs84(points[:, 0], points[:, 1], datum))

    return Frame(datum, None, degrees=True, move=move, note=words(datum))
