"""Coordinate systems: what files declare, what people name, and the way from one to another.

The only room that reads the names of systems. Axis order is x before y (east before north,
longitude before latitude) everywhere, whatever the register says.
"""

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from pyproj import CRS, Transformer
from pyproj.aoi import AreaOfInterest
from pyproj.database import query_crs_info
from pyproj.enums import PJType
from pyproj.exceptions import CRSError, ProjError

from geodata.domain.crs import Box, Datum, Floats, Pair, inside, to_wgs84
from geodata.errors import InvalidFile

_DATUMS: Final[dict[str, Datum]] = {
    "GCJ02": "GCJ02",
    "BD09": "BD09",
    "BD09LL": "BD09",
    "WGS84": "WGS84",
    "CGCS2000": "CGCS2000",
}
_SAME_DEGREES: Final = (4326, 4490, 4979, 4480)
_CRS84: Final = "OGC:CRS84"
_WHOLE_EARTH: Final = (-180.0, -90.0, 180.0, 90.0)
_CHINA: Final = (73.0, 3.0, 136.0, 54.0)
_EDGE: Final = 1.0
"""Degrees by which coordinates may lie outside their system's area of use."""

_LONGEST: Final = 4_000
_CODE: Final = re.compile(r"(?:(EPSG|ESRI|IGNF)?:{0,2})([0-9]{4,6})", re.IGNORECASE)
TURNED: Final = "@yx"
"""At the end of a name: northings, or latitudes, stand first."""

_ELSEWHERE: Final = re.compile("nadgrids|geoidgrids|BOUNDCRS|TOWGS84GRID|@", re.IGNORECASE)
"""Definitions that would have PROJ look for other files."""

_LOCAL: Final = re.compile(r'(?:LOCAL_CS|ENGCRS|ENGINEERINGCRS)\["(GCJ02|BD09)"')
"""How our own exports name a shifted datum, of which no register knows."""

_SURE: Final = 70
_ZONES: Final = (range(4513, 4534), range(4534, 4555), range(4491, 4502), range(4502, 4513))
"""CGCS2000 Gauss-Krüger: zones of 3 degrees, with and without their number, then of 6."""
_OTHERS: Final = (3857, 32648, 32649, 32650, 32651)
_MOST: Final = 120
_USUAL: Final = (range(4491, 4555), range(32601, 32761), range(26901, 26924), range(25828, 25839))


@dataclass(frozen=True, slots=True)
class Reference:
    """What coordinates are in: a system of the registers, or degrees of one of China's datums.

    `name` is for people (``EPSG:n`` where it has a code), `text` names the very same system to
    `reference`. `swapped` where northings stand before eastings.
    """

    name: str
    datum: Datum | None = None
    crs: CRS | None = None
    swapped: bool = False

    def __str__(self) -> str:
        return self.text + (TURNED if self.swapped else "")

    @property
    def text(self) -> str:
        """The name, or the whole definition of a system that has no code."""
        coded = self.crs is None or _CODE.fullmatch(self.name)
        return self.name if coded or self.crs is None else str(self.crs.to_wkt())

    @property
    def title(self) -> str:
        """The system's name in its register; a datum's own name for the shifted ones."""
        coded = _CODE.fullmatch(self.name)
        return str(_crs(self.name).name) if coded else self.name

    @property
    def degrees(self) -> bool:
        """Whether its coordinates are longitude and latitude."""
        return self.crs is None or self.crs.is_geographic

    @property
    def plain(self) -> bool:
        """Whether its degrees are those of WGS 84 (or CGCS2000) themselves."""
        return self.datum in ("WGS84", "CGCS2000")

    @property
    def area_of_use(self) -> Box:
        """West, south, east, north in degrees of where it may be used, a little widened."""
        area = None if self.crs is None else self.crs.area_of_use
        if area is None:
            return _WHOLE_EARTH
        wide = area.west > area.east
        west, east = (-180.0, 180.0) if wide else (area.west - _EDGE, area.east + _EDGE)
        return (west, area.south - _EDGE, east, area.north + _EDGE)


WGS84: Final = Reference("WGS 84", "WGS84")


def reference(name: str) -> Reference:
    """The system that people name or a file declares.

    EPSG:4545, 4545, WGS84, CGCS2000, GCJ-02, BD-09, or a WKT; ``@yx`` at the end says that
    latitude or northing comes first. Raises InvalidFile ``crs_unknown`` (crs).
    """
    words = name.strip()
    swapped = words.lower().endswith(TURNED)
    words = words[: -len(TURNED)].strip() if swapped else words
    short = local(words) or re.sub(r"[\s_-]", "", words).upper()
    if short in _DATUMS:
        return Reference(_DATUMS[short], _DATUMS[short], swapped=swapped)
    code = _CODE.fullmatch(words)
    found = _known(f"{(code[1] or 'EPSG').upper()}:{code[2]}" if code else words)
    if found is None:
        raise InvalidFile("crs_unknown", crs=name.strip()[:60])
    told, crs = found
    if crs.to_epsg(min_confidence=_SURE) in _SAME_DEGREES:
        return Reference(told, "WGS84", swapped=swapped)
    return Reference(told, crs=crs, swapped=swapped)


def declared(crs: str | None) -> str:
    """What a file's own declaration comes to, for `reference`; empty for none that can be used."""
    found = _known(crs) if crs else None
    if found is None:
        return local(crs or "")
    told, known = found
    return told if _CODE.fullmatch(told) else str(known.to_wkt())


def local(definition: str) -> str:
    """The shifted datum that a definition of our own exports names; empty for any other."""
    found = _LOCAL.match(definition)
    return found[1] if found else ""


@lru_cache(maxsize=256)
def _known(words: str) -> tuple[str, CRS] | None:
    """Name and definition of a harmless, flat system; None for anything else.

    Of a system with heights the flat part counts.
    """
    if len(words) > _LONGEST:
        return None
    try:
        crs = CRS.from_user_input(words)
    except CRSError:
        return None
    flat = crs.sub_crs_list[0] if crs.is_compound and crs.sub_crs_list else crs
    if not (flat.is_geographic or flat.is_projected):
        return None
    authority = ":".join(flat.to_authority(min_confidence=_SURE) or ())
    if authority:
        code = "EPSG:4326" if authority == _CRS84 else authority
        return code, _crs(code)
    if flat.is_bound or flat.is_engineering or _ELSEWHERE.search(words):
        return None
    return str(flat.name), flat


@lru_cache(maxsize=256)
def _crs(code: str) -> CRS:
    return CRS.from_user_input(code)


def move(x: Floats, y: Floats, source: Reference, target: Reference) -> Pair:
    """Coordinates of one system in another, NaN beyond its reach. Arrays of one shape.

    Raises InvalidFile ``crs_unknown`` where there is no way from one to the other.
    """
    x, y = (y, x) if source.swapped else (x, y)
    if source.plain and target.plain:
        return np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    if source.crs is None and source.datum is not None:
        x, y = to_wgs84(x, y, source.datum)
    if source.crs is None and target.plain:
        return x, y
    return _projected(x, y, source, target)


def _projected(x: Floats, y: Floats, source: Reference, target: Reference) -> Pair:
    try:
        way = _way(source.crs or _crs("EPSG:4326"), target.crs or _crs("EPSG:4326"))
        found = way.transform(np.asarray(x, dtype=float), np.asarray(y, dtype=float))
    except ProjError as wrong:
        raise InvalidFile("crs_unknown", crs=f"{source.name} → {target.name}") from wrong
    east, north = found
    lost = ~(np.isfinite(east) & np.isfinite(north))
    return np.where(lost, np.nan, east), np.where(lost, np.nan, north)


@lru_cache(maxsize=256)
def _way(source: CRS, target: CRS) -> Transformer:
    return Transformer.from_crs(source, target, always_xy=True)


def degrees(system: Reference, xy: Floats) -> Floats:
    """Rows of x, y in a system as rows of longitude, latitude in WGS 84 degrees.

    What cannot be converted comes as NaN.
    """
    try:
        lon, lat = move(xy[:, 0], xy[:, 1], system, WGS84)
    except InvalidFile:
        lon = lat = np.full(len(xy), np.nan)
    out = np.column_stack([lon, lat]).astype(np.float64)
    out[~np.isfinite(out).all(axis=1)] = np.nan
    return out


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
        yield from (reference("GCJ02"), reference("BD09"))
    yield reference("EPSG:3857")
    if not inside(*middle, _WHOLE_EARTH):
        return
    spot = AreaOfInterest(middle[0], middle[1], middle[0], middle[1])
    found = query_crs_info("EPSG", PJType.PROJECTED_CRS, spot, contains=True)
    usual = sorted(found, key=lambda info: (_rank(int(info.code)), _width(info.area_of_use)))
    yield from _usable(f"EPSG:{info.code}" for info in usual[:_MOST])


def metric(place: Box | None) -> list[Reference]:
    """The systems that metres may be in: CGCS2000 zones first, then others.

    With a place (degrees) also all projected systems whose area of use holds it.
    """
    found = [f"EPSG:{n}" for n in (*(n for zone in _ZONES for n in zone), *_OTHERS)]
    if place is not None:
        area = AreaOfInterest(*place)
        infos = query_crs_info("EPSG", PJType.PROJECTED_CRS, area, contains=True)
        found += [f"EPSG:{info.code}" for info in infos]
    return list(_usable(dict.fromkeys(found)))


def _usable(names: Iterable[str]) -> Iterator[Reference]:
    """The systems of codes, without those that PROJ can name but not reckon with."""
    for name in names:
        with suppress(InvalidFile):
            yield reference(name)


def _rank(code: int) -> int:
    """The usual ones first: CGCS2000 zones, then UTM on WGS 84, NAD 83 and ETRS 89."""
    return next((i for i, codes in enumerate(_USUAL) if code in codes), len(_USUAL))


def _width(area: object) -> float:
    """Degrees of longitude for which a system is made: the narrower, the likelier."""
    return abs(float(getattr(area, "east", 180.0)) - float(getattr(area, "west", -180.0)))
