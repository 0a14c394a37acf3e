"""The coordinate systems that files are in, and the way from one to another.

Longitude or easting comes first on both sides, whatever the definition of a system says.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyproj
from pyproj.aoi import AreaOfInterest
from pyproj.database import query_crs_info
from pyproj.enums import PJType
from pyproj.exceptions import CRSError, ProjError

from geodata.domain.crs import Box, Datum, Floats, Pair, inside, to_wgs84
from geodata.errors import InvalidFile

_SHIFTED: Final[dict[str, Datum]] = {
    "GCJ02": "GCJ02",
    "BD09": "BD09",
    "BD09LL": "BD09",
    "WGS84": "WGS84",
    "CGCS2000": "CGCS2000",
}
_SAME_DEGREES: Final = (4326, 4490, 4979)
_WIDEST: Final = (-180.0, -90.0, 180.0, 90.0)
_CHINA: Final = (73.0, 3.0, 136.0, 54.0)
_MOST: Final = 120
_USUAL: Final = (range(4491, 4555), range(32601, 32761), range(26901, 26924), range(25828, 25839))


@dataclass(frozen=True, slots=True)
class Reference:
    """What coordinates are in: a system of its own, or degrees of one of China's datums."""

    name: str
    datum: Datum | None = None
    crs: pyproj.CRS | None = None

    @property
    def degrees(self) -> bool:
        """Whether its coordinates are longitude and latitude."""
        return self.crs is None or self.crs.is_geographic

    @property
    def plain(self) -> bool:
        """Whether its degrees are those of WGS 84 (or CGCS2000) themselves."""
        return self.datum in ("WGS84", "CGCS2000")


WGS84: Final = Reference("WGS 84", "WGS84")


def reference(name: str) -> Reference:
    """The system of a name: EPSG:n or n, GCJ02, BD09, WGS84, CGCS2000, or WKT of a file.

    Raises InvalidFile ``crs_unknown`` (crs).
    """
    short = re.sub(r"[\s_-]", "", name).upper()
    if short in _SHIFTED:
        return Reference(_SHIFTED[short], _SHIFTED[short])
    try:
        crs = pyproj.CRS.from_user_input(f"EPSG:{short}" if short.isdigit() else name)
    except CRSError as wrong:
        raise InvalidFile("crs_unknown", crs=name) from wrong
    code = crs.to_epsg(min_confidence=70)
    told = f"EPSG:{code}" if code else crs.name
    return Reference(told, "WGS84") if code in _SAME_DEGREES else Reference(told, crs=crs)


def move(x: Floats, y: Floats, source: Reference, target: Reference) -> Pair:
    """Coordinates of one system in another, NaN beyond its reach. Arrays of one shape.

    Raises InvalidFile ``crs_unknown`` where there is no way from one to the other.
    """
    if source == target or (source.plain and target.plain):
        return np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    if source.crs is None and source.datum is not None:
        x, y = to_wgs84(x, y, source.datum)
    if source.crs is None and target.plain:
        return x, y
    return _projected(x, y, source.crs or _degrees(), target.crs or _degrees())


def _degrees() -> pyproj.CRS:
    return pyproj.CRS.from_epsg(_SAME_DEGREES[0])


def _projected(x: Floats, y: Floats, source: pyproj.CRS, target: pyproj.CRS) -> Pair:
    try:
        change = pyproj.Transformer.from_crs(source, target, always_xy=True)
    except ProjError as wrong:
        raise InvalidFile("crs_unknown", crs=f"{source.name} → {target.name}") from wrong
    east, north = change.transform(np.asarray(x, dtype=float), np.asarray(y, dtype=float))
    lost = ~(np.isfinite(east) & np.isfinite(north))
    return np.where(lost, np.nan, east), np.where(lost, np.nan, north)


def in_china(box: Box) -> bool:
    """Whether the middle of a box (degrees) lies in China or close by."""
    return inside(*_middle(box), _CHINA)


def _middle(box: Box) -> tuple[float, float]:
    return (box[0] + box[2]) / 2, (box[1] + box[3]) / 2


def likely(box: Box) -> Iterator[Reference]:
    """Systems that a file about this part of the earth (degrees) may be in without saying so."""
    middle = _middle(box)
    yield WGS84
    if in_china(box):
        yield from (Reference("GCJ02", "GCJ02"), Reference("BD09", "BD09"))
    yield reference("EPSG:3857")
    if not inside(*middle, _WIDEST):
        return
    spot = AreaOfInterest(middle[0], middle[1], middle[0], middle[1])
    found = query_crs_info("EPSG", PJType.PROJECTED_CRS, spot, contains=True)
    usual = sorted(found, key=lambda info: (_rank(int(info.code)), _width(info.area_of_use)))
    for info in usual[:_MOST]:
        yield reference(f"EPSG:{info.code}")


def _rank(code: int) -> int:
    """The usual ones first: CGCS2000 zones, then UTM on WGS 84, NAD 83 and ETRS 89."""
    return next((i for i, codes in enumerate(_USUAL) if code in codes), len(_USUAL))


def _width(area: object) -> float:
    """Degrees of longitude for which a system is made: the narrower, the likelier."""
    return abs(float(getattr(area, "east", 180.0)) - float(getattr(area, "west", -180.0)))
