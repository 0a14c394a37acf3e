"""In which coordinate system is a file? As it says, if that can be; otherwise people are asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geodata.domain import shift
from geodata.domain.crs import Box
from geodata.errors import InvalidFile
from geodata.files import projection
from geodata.files.projection import Reference

Floats = NDArray[np.float64]

_CHINA: Final[Box] = (73.0, 17.5, 135.5, 54.0)
_SAMPLE: Final = 4_000
_MOST_CANDIDATES: Final = 24
_NEAR: Final = 0.05
"""Degrees around the district in which a file may still lie."""

_MOST: Final = 0.9
_SHIFTED_OR_NOT: Final = ("WGS84", "GCJ02", "BD09")


@dataclass(frozen=True, slots=True)
class Known:
    """What the store knows of the ground: the district's box, features, and pairs by key.

    `pairs` are rows of lon, lat as the file has them and as the store has them, where both name
    the same thing.
    """

    box: Box | None
    features: Sequence[BaseGeometry]
    pairs: Floats


def settled(declared: str, told: str, shapes: Sequence[BaseGeometry], known: Known) -> Reference:
    """The system of a file's shapes, or a question to people.

    `declared` is what the file says, `told` what people say; theirs counts. Raises InvalidFile
    ``crs_unknown``, or ``crs_doubtful`` with the reason and the candidates to choose from: each
    with its name, where the middle of the file would land (degrees), the share that would lie in
    the district, and the share that would lie on known features.
    """
    sample = _sample(shapes)
    system = projection.reference(told or declared) if told or declared else None
    reason = _doubt(system, sample, known, obey=bool(told))
    if system is not None and reason is None:
        return system
    raise InvalidFile(
        "crs_doubtful",
        reason=reason,
        crs=str(system or ""),
        x=float(np.median(sample[:, 0])),
        y=float(np.median(sample[:, 1])),
        candidates=_candidates(sample, known),
    )


def _sample(shapes: Sequence[BaseGeometry]) -> Floats:
    """Corners of the shapes, evenly chosen, as rows of x, y."""
    corners = np.asarray(shapely.get_coordinates(list(shapes)), dtype=np.float64)
    return corners[:: max(1, len(corners) // _SAMPLE)]


def _doubt(system: Reference | None, sample: Floats, known: Known, *, obey: bool) -> str | None:
    """Why the coordinates cannot be in a system; None where they can."""
    if system is None:
        return "undeclared"
    if system.degrees and not _are_degrees(sample, swapped=system.swapped):
        return "swapped" if _are_degrees(sample, swapped=not system.swapped) else "no_degrees"
    lonlat = projection.degrees(system, sample)
    if not np.isfinite(lonlat).all():
        return "outside_area"
    if obey:
        return None
    if _share(lonlat, system.area_of_use) < _MOST:
        return "outside_area"
    return _misplaced(lonlat, known) or _shifted(system, sample, known)


def _are_degrees(sample: Floats, *, swapped: bool) -> bool:
    lon, lat = (1, 0) if swapped else (0, 1)
    return bool((np.abs(sample[:, lon]) <= 180).all() and (np.abs(sample[:, lat]) <= 90).all())  # noqa: PLR2004


def _misplaced(lonlat: Floats, known: Known) -> str | None:
    """Whether nothing lies where it should, and whether changing places would help."""
    near = _widened(known.box) if known.box else _CHINA
    inside, turned = _share(lonlat, near), _share(lonlat[:, ::-1], near)
    if inside < 1 - _MOST and turned >= _MOST:
        return "swapped"
    return "elsewhere" if known.box and inside == 0 else None


def _shifted(system: Reference, sample: Floats, known: Known) -> str | None:
    if system.name in ("GCJ02", "BD09"):
        return None
    if len(known.pairs) and shift.explained(known.pairs[:, :2], known.pairs[:, 2:]):
        return "shifted"
    found = shift.fits(projection.degrees(system, sample), known.features)
    return "shifted" if shift.suspected(found) else None


def _candidates(sample: Floats, known: Known) -> list[dict[str, Any]]:
    """What the coordinates may be in, the likeliest first."""
    options = []
    for swapped in (False, True):
        if _are_degrees(sample, swapped=swapped):
            turned = projection.TURNED if swapped else ""
            options += [projection.reference(name + turned) for name in _SHIFTED_OR_NOT]
    if not options:
        options = projection.metric(known.box)
    near = _widened(known.box) if known.box else _CHINA
    told = [_candidate(system, sample, known, near) for system in options]
    fitting = [one for one in told if one is not None]
    fitting.sort(key=lambda one: (-one["on_known"], -one["inside"]))
    return fitting[:_MOST_CANDIDATES]


def _candidate(system: Reference, sample: Floats, known: Known, near: Box) -> dict[str, Any] | None:
    """A system with where it puts the file; None where that cannot be."""
    lonlat = projection.degrees(system, sample)
    if not np.isfinite(lonlat).all():
        return None
    fit = _share(lonlat, _shrunk(system.area_of_use))
    inside = _share(lonlat, near)
    degrees = system.degrees
    if fit < _MOST or (inside < _MOST and not (degrees and not system.swapped)):
        return None
    on_known = shift.fits(lonlat, known.features)
    lon, lat = np.quantile(lonlat, 0.5, axis=0, method="nearest")
    return {
        "crs": str(system),
        "title": system.title,
        "lon": round(float(lon), 5),
        "lat": round(float(lat), 5),
        "inside": round(inside, 3),
        "on_known": round(on_known[0].share, 3) if on_known else 0.0,
    }


def _share(lonlat: Floats, box: Box) -> float:
    west, south, east, north = box
    lon, lat = lonlat[:, 0], lonlat[:, 1]
    return float(np.mean((lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)))


def _widened(box: Box) -> Box:
    return (box[0] - _NEAR, box[1] - _NEAR, box[2] + _NEAR, box[3] + _NEAR)


def _shrunk(area: Box) -> Box:
    """An area of use without the margin that it was widened by."""
    edge = 0.9
    whole = area[2] - area[0] >= 360 - 2 * edge
    return area if whole else (area[0] + edge, area[1] + edge, area[2] - edge, area[3] - edge)


def pairs_by_key(
    found: Mapping[str, tuple[float, float]], known: Mapping[str, tuple[float, float]]
) -> Floats:
    """Rows of lon, lat in the file and lon, lat in the store of what both know by one name."""
    both = [key for key in found if key in known]
    return np.array([(*found[key], *known[key]) for key in both], dtype=np.float64).reshape(-1, 4)
