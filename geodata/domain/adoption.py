"""Some grids of a suggestion taken over into present ones: the intent that draws just that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import shapely
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from geodata.domain import lattice, measure, plain
from geodata.domain.intent import Adopt

CRUMB_M2: Final = 30.0
CRUMB_M: Final = 1.0
"""Ground under either, or thinner, is a crumb; widths as in `measure.width_m`."""
Wanted = tuple[str, BaseGeometry]


def adopted(
    community: str,
    present: Mapping[str, BaseGeometry],
    chosen: Sequence[Wanted],
    others: Sequence[Wanted],
) -> Adopt:
    """The intent by which a community gets the `chosen` grids, as they are drawn (degrees).

    `present` are its grids now. The rest of it stays as it is; what a chosen grid gives up goes to
    whom the suggestion gives it to if that is a present grid (`others`), else to the grid beside
    it. Grids that lose all their ground retire.
    """
    taken = shapely.union_all([shape for _, shape in chosen])
    areas: dict[str, BaseGeometry] = dict(chosen)
    for code, shape in present.items():
        if code not in areas:
            areas[code] = _ground(shapely.difference(shape, taken))
    own = [present[code] for code, _ in chosen if code in present]
    left = _ground(shapely.difference(shapely.union_all(own), taken)) if own else Polygon()
    _share_out(areas, left, [one for one in others if one[0] in present], {c for c, _ in chosen})
    kept = {code: shape for code, shape in areas.items() if not shape.is_empty}
    gone = tuple(sorted(code for code in present if code not in kept))
    drawn = tuple(
        (code, plain.area_of(lattice.to_units(shape))) for code, shape in sorted(kept.items())
    )
    return Adopt(community, drawn, gone)


def _share_out(
    areas: dict[str, BaseGeometry],
    left: BaseGeometry,
    others: Sequence[Wanted],
    chosen: set[str],
) -> None:
    """Give ground that is left to whom it is meant for, else to who has most border with it."""
    for code, shape in others:
        part = _ground(shapely.intersection(left, shape))
        if not part.is_empty:
            areas[code] = shapely.union(areas[code], part)
            left = _ground(shapely.difference(left, part))
    for piece in shapely.get_parts(left):
        beside = {
            code: shapely.length(shapely.intersection(shape, piece))
            for code, shape in areas.items()
            if not shape.is_empty and code not in chosen
        } or {code: shapely.length(shapely.intersection(areas[code], piece)) for code in chosen}
        heir = max(beside, key=lambda code: (beside[code], code))
        areas[heir] = shapely.union(areas[heir], piece)


def _ground(shape: BaseGeometry) -> BaseGeometry:
    """What of a shape is no crumb, which whoever lies beside it gets."""
    parts = shapely.get_parts(shape)
    large = (measure.area_m2(parts) > CRUMB_M2) & (measure.width_m(parts) > CRUMB_M)
    return shapely.union_all(parts[large]) if large.any() else Polygon()
