"""The six checks of the present division, and flaws as GeoJSON for whoever shows them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import shapely
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from geodata.db import quality
from geodata.db.scoping import Ground
from geodata.domain import quality as domain
from geodata.domain.flaw import Flaw, flaw, gathered, ordered

MOST_CODES: Final = 20
"""Codes told of one line; how many there are is told too."""
MOST_VERTICES: Final = 2000
"""A place drawn with more vertices is simplified for the map."""
_DIGITS: Final = 7


@dataclass(frozen=True, slots=True)
class Checked:
    """A set of areas that was checked: how many, and its flaws by weight."""

    areas: int
    flaws: Sequence[Flaw]


def present(session: Session) -> Checked:
    """The flaws of the present division of the district, the weightiest first.

    Ground that the store knows to be in no grid is a note and no flaw; a building on it waits for
    somebody.
    """
    rows = quality.cells(session)
    grids = [row for row in rows if row["kind"] != "uncovered"]
    open_ground = [row["shape"] for row in rows if row["kind"] == "uncovered"]
    schemes = {row["code_scheme"] for row in grids}
    about = domain.About(
        names=[row["name"] for row in grids],
        parents=[row["community_code"] for row in grids],
        communities=quality.communities(session),
        streets=quality.streets(session),
        multipart={row["code"] for row in grids if row["multipart"]},
        known_open=shapely.union_all(open_ground) if open_ground else Polygon(),
        scheme="GB" if schemes == {"GB"} else None,
        stored=True,
    )
    shapes, codes = [row["shape"] for row in grids], [row["code"] for row in grids]
    found = domain.check(shapes, codes, quality.ground(session), about)
    return Checked(len(grids), ordered([*found, *_homeless(session)]))


def _homeless(session: Session) -> list[Flaw]:
    rows = quality.houses_in_no_grid(session)
    return gathered(
        [flaw("building_uncovered", [row["code"]], shape=row["outline"]) for row in rows]
    )


def on(ground: Ground, checked: Checked) -> Checked:
    """Of what was found, that on some ground: flaws that touch it, and those of no area."""
    if ground.whole:
        return checked
    known = ground.streets | ground.communities | ground.grid_codes
    touched = [
        one
        for one in checked.flaws
        if not one.codes or any(c in known or _below(c, ground) for c in one.codes)
    ]
    return Checked(checked.areas, touched)


def _below(code: str, ground: Ground) -> bool:
    return any(code.startswith(community) for community in ground.communities)


def feature(told: Flaw, number: int) -> dict[str, Any]:
    """One flaw as a GeoJSON feature with its number in the list; degrees, 7 decimals.

    Properties: number, check, kind, severity, remedy, codes (the first `MOST_CODES`),
    codes_count, measure, unit (m2, m, count), count, largest (measures), spot (lon, lat), bbox,
    facts.
    """
    return {
        "type": "Feature",
        "id": number,
        "geometry": _drawn(told.shape),
        "properties": {
            "number": number,
            "check": told.check,
            "kind": told.kind,
            "severity": told.severity,
            "remedy": told.remedy,
            "codes": list(told.codes[:MOST_CODES]),
            "codes_count": len(told.codes),
            "measure": _rounded(told.measure),
            "unit": told.unit,
            "count": told.count,
            "largest": [_rounded(size) for size in told.largest],
            "spot": told.spot and [round(degree, _DIGITS) for degree in told.spot],
            "bbox": _box(told.shape),
            "facts": dict(told.facts),
        },
    }


def _drawn(shape: BaseGeometry | None) -> Any:
    if shape is None or shape.is_empty:
        return None
    tolerance = 1e-6
    while shapely.get_num_coordinates(shape) > MOST_VERTICES and tolerance < 1e-2:  # noqa: PLR2004
        shape, tolerance = shape.simplify(tolerance), tolerance * 4
    return shapely.geometry.mapping(shapely.transform(shape, lambda p: p.round(_DIGITS)))


def _box(shape: BaseGeometry | None) -> list[float] | None:
    if shape is None or shape.is_empty:
        return None
    return [round(degree, _DIGITS) for degree in shape.bounds]


def _rounded(size: float) -> float:
    """A measure with three significant digits at least, and no more than it deserves."""
    digits = 0 if size == 0 else 2 - math.floor(math.log10(abs(size)))
    return round(size, max(1, digits)) if math.isfinite(size) else 0.0
