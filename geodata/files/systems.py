"""Coordinate systems: what a file declares, what people name, and how its numbers become degrees.

Axis order is x before y (east before north, longitude before latitude) everywhere, whatever the
register says.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, cast

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from pyproj.aoi import AreaOfInterest
from pyproj.database import query_crs_info
from pyproj.enums import PJType
from pyproj.exceptions import CRSError, ProjError

from geodata.domain.crs import DATUMS, Box, Datum, to_wgs84
from geodata.errors import InvalidFile

Floats = NDArray[np.float64]

_LONGEST: Final = 4_000
_CODE: Final = re.compile(r"(?:(EPSG|ESRI|IGNF)?:)?([0-9]{4,6})", re.IGNORECASE)
_SWAPPED: Final = "@yx"
_GRIDS: Final = re.compile("nadgrids|geoidgrids|BOUNDCRS|TOWGS84GRID|@", re.IGNORECASE)
_ZONES: Final = {"3-degree zone": range(4513, 4534), "3-degree CM": range(4534, 4555)}
_ZONES6: Final = {"6-degree zone": range(4491, 4502), "6-degree CM": range(4502, 4513)}
_OTHERS: Final = (3857, 32648, 32649, 32650, 32651)
_EDGE: Final = 1.0
"""Degrees by which coordinates may lie outside their system's area of use."""


@dataclass(frozen=True, slots=True)
class System:
    """A system by its name: an authority's code, a definition, or one of the shifted datums.

    `swapped` where northings stand before eastings.
    """

    name: str
    swapped: bool = False

    def __str__(self) -> str:
        return self.name + (_SWAPPED if self.swapped else "")


def declared(crs: str | None) -> str:
    """What a file's own declaration comes to: ``EPSG:n``, a harmless WKT, or empty for none."""
    if not crs or len(crs) > _LONGEST:
        return ""
    try:
        system = CRS.from_user_input(crs)
    except CRSError:
        return ""
    if not (system.is_geographic or system.is_projected):
        return ""
    authority = system.to_authority(min_confidence=70)
    if authority:
        return ":".join(authority)
    return "" if system.is_bound or _GRIDS.search(crs) else system.to_wkt()


def named(text: str) -> System:
    """The system that people name: EPSG:4545, 4545, WGS84, CGCS2000, GCJ-02, BD-09, or a WKT.

    ``@yx`` at the end says that latitude or northing comes first. Raises InvalidFile
    ``crs_unknown`` (crs).
    """
    words = text.strip()
    swapped = words.lower().endswith(_SWAPPED)
    words = words[: -len(_SWAPPED)].strip() if swapped else words
    datum = words.upper().replace("-", "").replace(" ", "").replace("_", "")
    if datum in DATUMS:
        return System(datum, swapped)
    code = _CODE.fullmatch(words)
    name = f"{(code[1] or 'EPSG').upper()}:{code[2]}" if code else declared(words)
    try:
        known = CRS.from_user_input(name) if name else None
    except CRSError as unknown:
        raise InvalidFile("crs_unknown", crs=words[:60]) from unknown
    if known is None or not (known.is_geographic or known.is_projected):
        raise InvalidFile("crs_unknown", crs=words[:60])
    return System(name, swapped)


def title(system: System) -> str:
    """The system's name in its register; a datum's own name for the shifted ones."""
    if system.name in DATUMS:
        return system.name
    return str(_crs(system.name).name)


def is_degrees(system: System) -> bool:
    """Whether its coordinates are degrees."""
    return system.name in DATUMS or bool(_crs(system.name).is_geographic)


def area_of_use(system: System) -> Box:
    """West, south, east, north in degrees of where a system may be used, a little widened."""
    area = None if system.name in DATUMS else _crs(system.name).area_of_use
    if area is None:
        return (-180.0, -90.0, 180.0, 90.0)
    wide = area.west > area.east
    west, east = (-180.0, 180.0) if wide else (area.west - _EDGE, area.east + _EDGE)
    return (west, area.south - _EDGE, east, area.north + _EDGE)


def degrees(system: System, xy: Floats) -> Floats:
    """Rows of x, y in a system as rows of longitude, latitude in WGS 84 degrees.

    What cannot be converted comes as NaN.
    """
    x, y = (xy[:, 1], xy[:, 0]) if system.swapped else (xy[:, 0], xy[:, 1])
    if system.name in DATUMS:
        lon, lat = to_wgs84(x, y, cast("Datum", system.name))
    else:
        try:
            lon, lat = _transformer(system.name).transform(x, y, errcheck=False)
        except ProjError:
            lon = lat = np.full(len(xy), np.nan)
    out = np.column_stack([lon, lat]).astype(np.float64)
    out[~np.isfinite(out).all(axis=1)] = np.nan
    return out


def metric_candidates(place: Box | None) -> list[System]:
    """The systems that metres may be in: CGCS2000 zones first, then others.

    With a place (degrees) also all projected systems whose area of use holds it.
    """
    codes = [n for zones in (_ZONES, _ZONES6) for r in zones.values() for n in r]
    found = [f"EPSG:{n}" for n in (*codes, *_OTHERS)]
    if place is not None:
        area = AreaOfInterest(*place)
        kinds: list[Any] = [PJType.PROJECTED_CRS]
        infos = query_crs_info("EPSG", kinds, area_of_interest=area, contains=True)
        found += [f"EPSG:{info.code}" for info in infos]
    return [System(name) for name in dict.fromkeys(found)]


@lru_cache(maxsize=256)
def _crs(name: str) -> CRS:
    return CRS.from_user_input(name)


@lru_cache(maxsize=256)
def _transformer(name: str) -> Transformer:
    return Transformer.from_crs(_crs(name), _crs("EPSG:4326"), always_xy=True)
