"""Degrees and metres, and the datums that maps and hotlines hand out.

Axis order is longitude, latitude everywhere; angles are degrees, lengths metres. WGS 84
(EPSG:4326) and CGCS2000 (EPSG:4490) are equal at map precision. GCJ-02 (Amap, Tencent) and BD-09
(Baidu) are shifted by some hundred metres, smoothly but without a published definition: the usual
formulas are used, which agree with other implementations to about 0.7 m.
"""

from collections.abc import Callable
from typing import Final, Literal, get_args, overload

import numpy as np
from numpy.typing import NDArray

Datum = Literal["WGS84", "CGCS2000", "GCJ02", "BD09"]
DATUMS: Final = get_args(Datum)
Floats = NDArray[np.float64]
Pair = tuple[Floats, Floats]
Box = tuple[float, float, float, float]
"""West, south, east, north in degrees."""
Doubt = Literal["not_a_number", "zero", "swapped", "no_degrees", "outside"]

_WGS84_A: Final = 6378137.0
_WGS84_E2: Final = 0.00669437999014
_KRASOVSKY_A: Final = 6378245.0
_KRASOVSKY_E2: Final = 0.00669342162296594323
_BD_PI: Final = np.pi * 3000.0 / 180.0
_SHIFTED_LAND: Final[Box] = (72.004, 0.8293, 137.8347, 55.8271)
_ROUNDS: Final = 8
"""Each round of the inverse shrinks the error some hundredfold; eight end at rounding noise."""


@overload
def metres_per_degree(lat: float) -> tuple[float, float]: ...
@overload
def metres_per_degree(lat: Floats) -> Pair: ...
def metres_per_degree(lat: float | Floats) -> tuple[float, float] | Pair:
    """Metres in one degree of longitude and in one of latitude at `lat` (degrees, WGS 84).

    From the radii of curvature of the ellipsoid; exact for small distances around `lat`. A number
    gives two numbers, an array two arrays of its shape.
    """
    phi = np.radians(lat)
    bend = 1.0 - _WGS84_E2 * np.sin(phi) ** 2
    across = _WGS84_A / np.sqrt(bend)
    along = _WGS84_A * (1.0 - _WGS84_E2) / bend**1.5
    kx, ky = np.radians(across * np.cos(phi)), np.radians(along)
    return (kx, ky) if isinstance(lat, np.ndarray) else (float(kx), float(ky))


def apart_m(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Metres between two places (longitude, latitude in degrees) not far from each other."""
    kx, ky = metres_per_degree((one[1] + other[1]) / 2)
    return float(np.hypot((one[0] - other[0]) * kx, (one[1] - other[1]) * ky))


def to_wgs84(lon: Floats, lat: Floats, datum: Datum) -> Pair:
    """Longitudes and latitudes in WGS 84 degrees of places given in `datum`; arrays of one shape.

    The inverse of `from_wgs84` to well under a centimetre. NaN and infinity come back as NaN.
    Raises ValueError for a datum that is none of `DATUMS`.
    """
    if datum == "GCJ02":
        return _inverse(_to_gcj02, lon, lat)
    if datum == "BD09":
        return _inverse(_to_gcj02, *_inverse(_to_bd09, lon, lat))
    return _same(lon, lat, datum)


def from_wgs84(lon: Floats, lat: Floats, datum: Datum) -> Pair:
    """Longitudes and latitudes in degrees of `datum` of places in WGS 84; arrays of one shape.

    GCJ-02 moves nothing outside China's bounding box. NaN and infinity come back as NaN.
    Raises ValueError for a datum that is none of `DATUMS`.
    """
    if datum == "GCJ02":
        return _to_gcj02(*_floats(lon, lat))
    if datum == "BD09":
        return _to_bd09(*_to_gcj02(*_floats(lon, lat)))
    return _same(lon, lat, datum)


def inside(lon: float, lat: float, box: Box) -> bool:
    """Whether a place lies in or on the edge of a box (degrees); never for NaN."""
    west, south, east, north = box
    return west <= lon <= east and south <= lat <= north


def looks_swapped(lon: float, lat: float, box: Box) -> bool:
    """Whether a place outside the box falls into it once longitude and latitude change places."""
    return not inside(lon, lat, box) and inside(lat, lon, box)


def doubt(lon: float, lat: float, box: Box) -> Doubt | None:
    """Why a place (degrees) cannot be one of the district with bounding box `box`; None if it can.

    ``not_a_number`` NaN or infinite; ``zero`` the default point (0, 0); ``swapped`` latitude came
    first; ``no_degrees`` beyond ±180/±90, such as metres; ``outside`` elsewhere on earth.
    """
    if not (np.isfinite(lon) and np.isfinite(lat)):
        return "not_a_number"
    if inside(lon, lat, box):
        return None
    if lon == 0.0 and lat == 0.0:
        return "zero"
    if looks_swapped(lon, lat, box):
        return "swapped"
    return "outside" if inside(lon, lat, (-180.0, -90.0, 180.0, 90.0)) else "no_degrees"


def _floats(lon: Floats, lat: Floats) -> Pair:
    """Both as arrays of floats; what is not finite becomes NaN, so that no formula overflows."""
    x, y = np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
    sound = np.isfinite(x) & np.isfinite(y)
    return np.where(sound, x, np.nan), np.where(sound, y, np.nan)


def _same(lon: Floats, lat: Floats, datum: Datum) -> Pair:
    if datum not in DATUMS:
        raise ValueError(datum)
    return _floats(lon, lat)


def _inverse(forward: Callable[[Floats, Floats], Pair], lon: Floats, lat: Floats) -> Pair:
    """The places that `forward` takes to (lon, lat), by fixed-point iteration."""
    there_x, there_y = _floats(lon, lat)
    x, y = there_x, there_y
    for _ in range(_ROUNDS):
        back_x, back_y = forward(x, y)
        x, y = x - (back_x - there_x), y - (back_y - there_y)
    return x, y


def _to_gcj02(lon: Floats, lat: Floats) -> Pair:
    west, south, east, north = _SHIFTED_LAND
    shifted = (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
    x, y = lon - 105.0, lat - 35.0
    phi = np.radians(lat)
    bend = 1.0 - _KRASOVSKY_E2 * np.sin(phi) ** 2
    ky = np.radians(_KRASOVSKY_A * (1.0 - _KRASOVSKY_E2) / bend**1.5)
    kx = np.radians(_KRASOVSKY_A / np.sqrt(bend) * np.cos(phi))
    east_m, north_m = _shift_metres(x, y)
    with np.errstate(divide="ignore", invalid="ignore"):
        return (
            np.where(shifted, lon + east_m / kx, lon),
            np.where(shifted, lat + north_m / ky, lat),
        )


def _shift_metres(x: Floats, y: Floats) -> Pair:
    """How far GCJ-02 moves a place, in metres east and north; x, y degrees from (105, 35)."""
    root = np.sqrt(np.abs(x))
    ripple = _wave(x, (20.0, 6.0), (20.0, 2.0))
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    east = east + ripple + _wave(x, (20.0, 1.0), (40.0, 1 / 3), (150.0, 1 / 12), (300.0, 1 / 30))
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    north = north + ripple + _wave(y, (20.0, 1.0), (40.0, 1 / 3), (160.0, 1 / 12), (320.0, 1 / 30))
    return east, north


def _wave(degrees: Floats, *terms: tuple[float, float]) -> Floats:
    """Two thirds of the sum of heights times sines at frequencies (of half turns a degree)."""
    total: Floats = np.zeros_like(degrees)
    for height, frequency in terms:
        total = total + height * np.sin(degrees * np.pi * frequency)
    return total * (2.0 / 3.0)


def _to_bd09(lon: Floats, lat: Floats) -> Pair:
    radius = np.hypot(lon, lat) + 0.00002 * np.sin(lat * _BD_PI)
    angle = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * _BD_PI)
    return radius * np.cos(angle) + 0.0065, radius * np.sin(angle) + 0.006
