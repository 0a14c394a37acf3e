"""Whether points can be where their coordinate system puts them; if not, what would explain it."""

from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

from geodata.domain.crs import Box, Floats
from geodata.errors import InvalidFile
from geodata.files import projection
from geodata.files.projection import WGS84, Reference

_MOST: Final = 0.5
"""Points of which at least this share lies about the areas are where they should be."""
_EXPLAINED: Final = 0.9
"""A system explains points if it puts this share of them about the areas."""
_AROUND: Final = 0.2
"""Part of the areas' extent around it that still counts as about them."""
_SAMPLE: Final = 500
_TOLD: Final = 4


def about(lon: Floats, lat: Floats, box: Box) -> NDArray[np.bool_]:
    """Which places (degrees) lie in the box or not far from it; never for NaN."""
    west, south, east, north = box
    wide, high = (east - west) * _AROUND, (north - south) * _AROUND
    found = (lon >= west - wide) & (lon <= east + wide) & (lat >= south - high)
    return np.asarray(found & (lat <= north + high), dtype=np.bool_)


def doubts(x: Floats, y: Floats, crs: Reference, box: Box) -> list[InvalidFile]:
    """What is doubtful about points that should lie about the areas of a box (degrees).

    `x`, `y` are in `crs`. ``points_swapped``, ``points_metres`` and ``points_elsewhere`` speak of
    most of the points and mean that the system or the columns are wrong; ``points_outside`` of
    a few.
    """
    inside = about(*projection.move(x, y, crs, WGS84), box)
    share = float(inside.mean()) if len(inside) else 1.0
    if share < _MOST:
        return [_explained(x, y, crs, box, share)]
    if inside.all():
        return []
    out = ~inside
    turned = about(*projection.move(y[out], x[out], crs, WGS84), box)
    return [InvalidFile("points_outside", count=int(out.sum()), swapped=int(turned.sum()))]


def _explained(x: Floats, y: Floats, crs: Reference, box: Box, share: float) -> InvalidFile:
    """Why most points lie elsewhere: swapped, no degrees, or in another system."""
    step = max(len(x) // _SAMPLE, 1)
    x, y = x[::step], y[::step]
    facts = {
        "crs": crs.name,
        "percent": round(100 * share, 1),
        "example": f"{x[0]:.10g}, {y[0]:.10g}",
        "box": ", ".join(f"{edge:.4f}" for edge in box),
    }
    if about(*projection.move(y, x, crs, WGS84), box).mean() >= _EXPLAINED:
        return InvalidFile("points_swapped", **facts)
    found = ", ".join(_fitting(x, y, crs, box)) or "?"
    beyond = crs.degrees and float(np.mean((np.abs(x) > 180) | (np.abs(y) > 90))) > _MOST  # noqa: PLR2004 -- degrees
    return InvalidFile("points_metres" if beyond else "points_elsewhere", likely=found, **facts)


def _fitting(x: Floats, y: Floats, crs: Reference, box: Box) -> Iterator[str]:
    """The first few systems that put nearly all points about the areas."""
    told = 0
    for other in projection.likely(box):
        if told == _TOLD:
            return
        if other != crs and _fits(x, y, other, box):
            told += 1
            yield other.name


def _fits(x: Floats, y: Floats, crs: Reference, box: Box) -> bool:
    try:
        moved = projection.move(x, y, crs, WGS84)
    except InvalidFile:
        return False
    return bool(about(*moved, box).mean() >= _EXPLAINED)
