"""Are places in the datum that they claim, or shifted as GCJ-02 and BD-09 shift them?

Known features of the same ground answer it: under the right datum places fall on them, under a
wrong one they lie half a kilometre aside. All places are rows of longitude, latitude in degrees.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geodata.domain.crs import Datum, from_wgs84, metres_per_degree, to_wgs84

Floats = NDArray[np.float64]

ON_M: Final = 3.0
"""A place so near to a known feature lies on it."""

ENOUGH: Final = 8
"""Fewer places or pairs prove nothing."""

_SHIFTED: Final[tuple[Datum, ...]] = ("GCJ02", "BD09")
_SHARE: Final = 0.5
_TIMES: Final = 1.5
_ASIDE_M: Final = 100.0
_MISS: Final = 0.25


@dataclass(frozen=True, slots=True)
class Fit:
    """How well places fit under a datum: the share that lies on known features, 0 to 1."""

    datum: Datum
    share: float


def fits(places: Floats, known: Sequence[BaseGeometry]) -> list[Fit]:
    """For each datum the share of places, read in it, that lie on known features (degrees).

    WGS 84 first; empty where there are too few places or no known features.
    """
    if len(places) < ENOUGH or not known:
        return []
    scale = np.array(metres_per_degree(float(np.mean(places[:, 1]))))
    tree = shapely.STRtree(shapely.transform(np.array(known, dtype=object), lambda a: a * scale))
    found = []
    for datum in ("WGS84", *_SHIFTED):
        lon, lat = to_wgs84(places[:, 0], places[:, 1], datum)
        points = shapely.points(np.column_stack([lon, lat]) * scale)
        hits = tree.query(points, predicate="dwithin", distance=ON_M)[0]
        found.append(Fit(datum, len(np.unique(hits)) / len(places)))
    return found


def suspected(found: Sequence[Fit]) -> Datum | None:
    """The shifted datum that explains places clearly better than WGS 84 does, if one does."""
    if not found:
        return None
    plain = next(fit.share for fit in found if fit.datum == "WGS84")
    best = max((fit for fit in found if fit.datum in _SHIFTED), key=lambda fit: fit.share)
    clear = best.share >= _SHARE and best.share >= _TIMES * plain and best.share - plain >= 0.2  # noqa: PLR2004
    return best.datum if clear else None


def offset(places: Floats, known: Floats) -> tuple[float, float]:
    """The median way from known places to the same ones as claimed, in metres east and north."""
    scale = np.array(metres_per_degree(float(np.mean(known[:, 1]))))
    east, north = np.median((places - known) * scale, axis=0)
    return float(east), float(north)


def explained(places: Floats, known: Floats) -> Datum | None:
    """The shifted datum whose shift is the median offset of pairs of places, if one is.

    `places` are as claimed, `known` the same things as the store has them.
    """
    if len(places) < ENOUGH:
        return None
    away = np.array(offset(places, known))
    if np.hypot(*away) < _ASIDE_M:
        return None
    for datum in _SHIFTED:
        lon, lat = from_wgs84(known[:, 0], known[:, 1], datum)
        shift = np.array(offset(np.column_stack([lon, lat]), known))
        if np.hypot(*(away - shift)) < _MISS * np.hypot(*shift):
            return datum
    return None
