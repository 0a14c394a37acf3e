"""The coordinates that an export is in: any EPSG code, GCJ-02 or BD-09.

Stored degrees are labelled CGCS2000 (EPSG:4490), to which WGS 84 (EPSG:4326) is equal at map
precision: between these two nothing is moved. Axis order is always lon, lat or easting, northing.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from geodata.domain.crs import from_wgs84
from geodata.errors import InvalidFile
from geodata.files import projection
from geodata.files.exports.words import Words, words
from geodata.files.projection import WGS84, Reference

STORED: Final = "EPSG:4490"
_CODES: Final = {"WGS84": "EPSG:4326", "CGCS2000": STORED}
_AXES: Final = 2
Points = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Frame:
    """A target: its name, what GDAL is told (None where no code exists), its system, a note."""

    name: str
    label: str | None
    system: Reference
    note: Words

    @property
    def degrees(self) -> bool:
        """Whether its coordinates are longitude and latitude."""
        return self.system.degrees

    @property
    def definition(self) -> str:
        """The code, or for a shifted datum a definition of no geodetic datum.

        So no program moves its degrees silently to another one.
        """
        return self.label or f'LOCAL_CS["{self.name}",UNIT["degree",0.0174532925199433]]'

    @property
    def exact(self) -> bool:
        """Whether every coordinate leaves as it is stored."""
        return self.system.plain

    def shapes(self, wkb: list[bytes | None]) -> NDArray[np.object_]:
        """Stored shapes (WKB in degrees) in this frame.

        Raises InvalidFile ``crs_unfit`` where a place has no coordinates in it.
        """
        shapes = shapely.from_wkb(np.array([*wkb, None], dtype=object))[:-1]
        if self.exact or not len(shapes):
            return shapes
        moved = shapely.transform(shapes, self._moved)
        if not np.isfinite(shapely.get_coordinates(moved)).all():
            raise InvalidFile("crs_unfit", crs=self.name)
        return moved

    def _moved(self, points: Points) -> Points:
        lon, lat = points[:, 0], points[:, 1]
        if self.system.datum is not None:
            return np.column_stack(from_wgs84(lon, lat, self.system.datum))
        return np.column_stack(projection.move(lon, lat, WGS84, self.system))


def frame(name: str) -> Frame:
    """The frame of ``EPSG:n``, ``CGCS2000``, ``WGS84``, ``GCJ02`` or ``BD09``.

    Raises InvalidFile ``crs_unknown`` where it is none of them or no two-dimensional one.
    """
    system = projection.reference(name)
    code = _CODES.get(system.name, system.name)
    if system.crs is None and not system.plain:
        return Frame(code, None, system, words(code))
    flat = code in _CODES.values() if system.crs is None else len(system.crs.axis_info) == _AXES
    if system.swapped or not code.startswith("EPSG:") or not flat:
        raise InvalidFile("crs_unknown", crs=name)
    return Frame(
        code, code, system, words("epsg", code=code, name=projection.reference(code).title)
    )
