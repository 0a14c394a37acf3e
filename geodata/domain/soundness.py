"""Is each shape sound by itself? And its sound form, where that can be had in bounded time."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import shapely
from shapely.geometry import MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry

from geodata.domain import measure
from geodata.domain.flaw import Flaw, flaw
from geodata.domain.lattice import Shapes

CROSSINGS: Final = 2_000
"""A shape whose own lines meet more often than this is refused: mending it could take hours."""
AT_ONCE: Final = 20_000_000
"""Pairs of lines that are compared at once, at the most."""
MEETINGS: Final = 200_000
MEETINGS_EACH: Final = 50
"""How often the lines of a set may meet: so often at all, and so often each on the average."""
_AT: Final = re.compile(r"\[(\S+) (\S+)\]")
_NOTHING: Final = Polygon()


@dataclass(frozen=True)
class Sound:
    """The shapes made sound (empty where that cannot be), and what was wrong with each."""

    shapes: Shapes
    flaws: list[Flaw]


def look(shapes: Sequence[BaseGeometry | None], names: Sequence[str]) -> Sound:
    """Each shape (degrees) as a valid area, with its flaws.

    Bow-ties and the like are taken apart by ``make_valid(method="structure")``, which is only
    asked where the shape's lines meet no more than `CROSSINGS` times. NaN and infinity, other
    things than areas and hopeless tangles become empty and are told of.
    """
    flaws: list[Flaw] = []
    made = measure.array([_one(s, n, flaws) for s, n in zip(shapes, names, strict=True)])
    return Sound(made, flaws)


def _one(shape: BaseGeometry | None, name: str, flaws: list[Flaw]) -> BaseGeometry:
    if shape is None or shape.is_empty:
        flaws.append(flaw("missing_shape", (name,)))
        return _NOTHING
    if not isinstance(shape, Polygon | MultiPolygon):
        flaws.append(flaw("not_an_area", (name,), geometry=shape.geom_type))
        return _NOTHING
    points = shapely.get_coordinates(shape)
    if not np.isfinite(points).all():
        flaws.append(flaw("not_a_number", (name,), float((~np.isfinite(points)).any(1).sum())))
        return _NOTHING
    if (np.abs(points) > (180.0, 90.0)).any():
        x, y = (round(float(value), 3) for value in points[0])
        turned = (np.abs(points[:, ::-1]) <= (180.0, 90.0)).all()
        flaws.append(flaw("swapped" if turned else "no_degrees", (name,), x=x, y=y))
        return _NOTHING
    return shape if shape.is_valid else _mended(shapely.force_2d(shape), name, flaws)


def _mended(shape: BaseGeometry, name: str, flaws: list[Flaw]) -> BaseGeometry:
    reason = str(shapely.is_valid_reason(shape))
    at = _AT.search(reason)
    where = Point(float(at[1]), float(at[2])) if at else shape.representative_point()
    if tangled(shape):
        flaws.append(flaw("tangled", (name,), shape=where, limit=CROSSINGS))
        return _NOTHING
    flaws.append(flaw("self_intersection", (name,), shape=where, reason=reason.partition("[")[0]))
    return areas_of(shapely.make_valid(shape, method="structure", keep_collapsed=False))


def areas_of(shape: BaseGeometry) -> BaseGeometry:
    """The polygons in a shape, as a Polygon or MultiPolygon; empty where there is none."""
    if isinstance(shape, Polygon | MultiPolygon):
        return shape
    parts = [part for part in shapely.get_parts(shape) if isinstance(part, Polygon)]
    return MultiPolygon(parts) if parts else _NOTHING


def tangled(shape: BaseGeometry, most: int = CROSSINGS) -> bool:
    """Whether the lines of a shape meet each other more than `most` times.

    Stops counting as soon as it is known, so that a scribble of any size is told quickly.
    """
    return meet(segments(shape), most)


def crowded(shapes: Sequence[BaseGeometry] | Shapes) -> bool:
    """Whether the lines of areas meet so often that noding them together could take hours.

    Two combs laid across one another do; neighbours, however dirty, do not.
    """
    lines = segments(shapes)
    return _meet(lines, MEETINGS + MEETINGS_EACH * len(lines))


def meet(lines: Shapes, most: int) -> bool:
    """Whether the stretches of one line meet more than `most` times, besides end to end."""
    return _meet(lines, 3 * len(lines) + 2 * most)  # each meets itself and the two beside it


def cross(lines: Shapes, most: int) -> bool:
    """Whether stretches of line cross more than `most` times, besides where one of them ends."""
    return _meet(lines, 2 * most, "crosses")


def _meet(lines: Shapes, most: int, how: Literal["intersects", "crosses"] = "intersects") -> bool:
    """Whether lines meet more than `most` times, each pair counted twice and each with itself."""
    tree = shapely.STRtree(lines)
    met, start, step = 0, 0, 1
    while start < len(lines):
        met += len(tree.query(lines[start : start + step], predicate=how)[0])
        if met > most:
            return True
        start += step
        step = min(2 * step, max(1, AT_ONCE // len(lines)))
    return False


def segments(shapes: BaseGeometry | Sequence[BaseGeometry] | Shapes) -> Shapes:
    """Every stretch between two vertices of areas' rings, as LineStrings without length 0."""
    points, ring = shapely.get_coordinates(
        shapely.get_rings(shapely.get_parts(shapes)), return_index=True
    )
    inside = np.flatnonzero((ring[1:] == ring[:-1]) & (points[1:] != points[:-1]).any(axis=1))
    return np.asarray(shapely.linestrings(np.stack([points[inside], points[inside + 1]], axis=1)))
