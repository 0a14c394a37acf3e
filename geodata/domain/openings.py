"""Ground that no area covers, ground beyond the outline, and borders whose sides do not match."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

import numpy as np
import shapely
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from geodata.domain import lattice, measure
from geodata.domain.flaw import Flaw, flaw
from geodata.domain.lattice import Shapes
from geodata.domain.soundness import areas_of

KNOWN: Final = 0.999
"""A share of a gap from which it counts as ground known to be in no grid."""
MEANT_M2: Final = 400.0
"""Without an outline, a larger hole may be ground that is left out on purpose."""
_NOTHING: Final = Polygon()
MOST_OF: Final = 0.5
"""A layer that covers less of the ground than this is not meant to fill it."""


def gaps(shapes: Shapes, ground: BaseGeometry | None, known: BaseGeometry) -> Iterator[Flaw]:
    """Ground that no shape of one level covers: against the outline, or else enclosed holes.

    Parts of the `known` ground that lies in no grid are notes. Slivers thinner than a lattice
    step along the outline are its rounding and left out.
    """
    whole = areas_of(shapely.union_all(shapes))
    found = _holes(whole)
    if ground is not None and fills(whole, ground):
        found = thicker_than_a_step(ground.difference(whole))
        beyond = thicker_than_a_step(whole.difference(ground))
        for part, size in zip(beyond, measure.area_m2(beyond).tolist(), strict=True):
            yield flaw("outside_ground", (), size, part)
    for part, size in zip(found, measure.area_m2(found).tolist(), strict=True):
        for one in _told(part, size, known):
            may_be_meant = ground is None and one.measure > MEANT_M2
            yield replace(one, severity="warning") if may_be_meant else one


def fills(whole: BaseGeometry, ground: BaseGeometry) -> bool:
    """Whether a layer covers so much of the ground that it is meant to fill it."""
    return bool(whole.intersection(ground).area > MOST_OF * ground.area)


def _told(part: BaseGeometry, size: float, known: BaseGeometry) -> Iterator[Flaw]:
    """One gap, split where some of it is known to be in no grid."""
    inside = areas_of(part.intersection(known)) if part.intersects(known) else _NOTHING
    if inside.is_empty:
        yield flaw("gap", (), size, part)
    elif inside.area >= KNOWN * part.area:
        yield flaw("uncovered", (), size, part)
    else:
        yield flaw("uncovered", (), _m2(inside), inside)
        for left in shapely.get_parts(areas_of(part.difference(known))):
            yield flaw("gap", (), _m2(left), left)


def _holes(whole: BaseGeometry) -> list[BaseGeometry]:
    """The enclosed holes of a union, without what lies in them."""
    parts = shapely.get_parts(whole)
    rings = [ring for part in parts for ring in part.interiors]
    if not rings:
        return []
    holes = shapely.polygons(rings)
    tree = shapely.STRtree(parts)
    hole, part = tree.query(holes, predicate="contains_properly")
    cut: list[BaseGeometry] = list(holes)
    for i in np.unique(hole).tolist():
        cut[i] = holes[i].difference(shapely.union_all(parts[part[hole == i]]))
    return [one for shape in cut for one in shapely.get_parts(areas_of(shape))]


def thicker_than_a_step(shape: BaseGeometry) -> list[BaseGeometry]:
    """The polygons of an area (degrees) that are more than the rounding of an outline."""
    parts = shapely.get_parts(areas_of(shape))
    return [part for part in parts if part.area > part.length * lattice.STEP]


def enclosed(shapes: Shapes) -> BaseGeometry:
    """The ground that the shapes cover or enclose: their union with its holes filled."""
    parts = shapely.get_parts(areas_of(shapely.union_all(shapes)))
    return shapely.union_all([Polygon(part.exterior) for part in parts])


def _m2(shape: BaseGeometry) -> float:
    return float(measure.area_m2([shape])[0])


def unmatched(shapes: Shapes, names: Sequence[str], told: Sequence[Flaw]) -> Iterator[Flaw]:
    """Stretches of border of one level whose two sides do not share their vertices.

    Those beside an overlap or gap already told of are left out; it explains them.
    """
    edges = shapely.coverage_invalid_edges(shapes)
    lines, owner = shapely.get_parts(edges, return_index=True)
    filled = ~shapely.is_empty(lines)
    lines, owner = lines[filled], owner[filled]
    places = [one.shape for one in told if one.kind in ("overlap", "gap") and one.shape]
    if places and len(lines):
        explained = np.unique(shapely.STRtree(places).query(lines, predicate="intersects")[0])
        keep = np.setdiff1d(np.arange(len(lines)), explained)
        lines, owner = lines[keep], owner[keep]
    for i in np.unique(owner).tolist():
        line = shapely.line_merge(shapely.multilinestrings(lines[owner == i]))
        yield flaw("unmatched", (names[i],), float(measure.length_m([line])[0]), line)
