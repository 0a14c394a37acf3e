"""The standard's six checks of a set of areas (网格数据质量检查), as a list of flaws by weight.

    flaws = check(shapes, codes, ground, About(names=…, communities=…, scheme="GB"))
    summary(flaws)["topology"]["errors"]

For a layer that is being loaded and for the present division alike; nothing is mended here
(`geodata.domain.adopt` does that, when asked). Kinds of flaws stand in `geodata.domain.flaw`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np
import shapely
from shapely.geometry import GeometryCollection, MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from geodata.domain import crs, labels, lattice, measure, openings, soundness, stacking
from geodata.domain.flaw import CHECKS, SEVERITIES, SHOWN, Flaw, Severity, flaw, gathered, ordered
from geodata.domain.lattice import Floats, Shapes
from geodata.errors import InvalidShape

VERTICES: Final = 5_000_000
"""A set with more vertices than this is refused."""
SLIVER_WIDTH_M: Final = 0.5
"""A piece of an area that is narrower than this everywhere is a sliver."""
FINE: Final = 6
"""Decimals of a degree, 0.1 m on the ground, from which coordinates count as precise."""
_METRES: Final = 111_000.0
_NEVER: Callable[[], bool] = bool


@dataclass(frozen=True)
class About:
    """What is known about a set of areas besides shapes and codes; all of it may be missing.

    `names` in the order of the shapes; `parents` the community of each (under ``GB`` its code
    says so); `communities` and `streets` those that exist, communities with their ground or
    None; `multipart` codes that may have several parts; `known_open` ground known to be in no
    grid (degrees); `unclosed` rows (from 0) whose rings were closed on reading; `stored` whether
    every vertex must lie on the lattice already; `spent` says when time is up.
    """

    names: Sequence[str] | None = None
    parents: Sequence[str | None] | None = None
    communities: Mapping[str, BaseGeometry | None] | None = None
    streets: Collection[str] | None = None
    multipart: Collection[str] = ()
    known_open: BaseGeometry = field(default_factory=Polygon)
    unclosed: Collection[int] = ()
    scheme: str | None = None
    stored: bool = False
    spent: Callable[[], bool] = _NEVER


def check(
    shapes: Sequence[BaseGeometry | None],
    codes: Sequence[str | None],
    ground: BaseGeometry | None = None,
    about: About | None = None,
) -> list[Flaw]:
    """All flaws of a set of areas, the weightiest first; empty where there is none.

    Shapes and ground are in degrees (EPSG:4326, lon/lat) as they were read: unsnapped and
    perhaps invalid; None for a row without a shape. A row without a code is called ``#3`` by its
    number from 1. Tiny and very many flaws of a kind share a line (`flaw.gathered`).
    Raises InvalidShape ``too_many_vertices`` for more than `VERTICES`.
    """
    known = about or About()
    count = sum(int(shapely.get_num_coordinates(shape)) for shape in shapes)
    if count > VERTICES:
        raise InvalidShape("too_many_vertices", found=count, limit=VERTICES)
    clean = [(code or "").strip() for code in codes]
    rows = [code or f"#{number}" for number, code in enumerate(clean, 1)]
    sound = soundness.look(shapes, rows)
    found = [*sound.flaws, *(flaw("unclosed", (rows[i],)) for i in sorted(known.unclosed))]
    found += _each(sound.shapes, rows, known)
    found += _together(sound.shapes, clean, rows, ground, known)
    found += _precision(sound.shapes, rows, ground, known)
    found += labels.attributes([code or "" for code in codes], known.names, rows, known.scheme)
    found += _belonging(sound.shapes, clean, rows, known)
    return _listed(_shown(found, rows, sound.shapes))


def _shown(found: Iterable[Flaw], rows: Sequence[str], shapes: Shapes) -> Iterator[Flaw]:
    """What is wrong with a row and not with a place is shown where the row's area lies."""
    where: dict[str, list[BaseGeometry]] = {}
    for row, shape in zip(rows, shapes, strict=True):
        where.setdefault(row, []).extend(shapely.get_parts(shape))
    for one in found:
        parts = [part for code in one.codes[:SHOWN] for part in where.get(code, ())]
        filled = [part for part in parts if not part.is_empty]
        bare = one.shape is None and filled
        yield replace(one, shape=GeometryCollection(filled)) if bare else one


def _listed(found: Iterable[Flaw]) -> list[Flaw]:
    kinds: dict[str, list[Flaw]] = {}
    for one in found:
        kinds.setdefault(one.kind, []).append(one)
    return ordered(line for same in kinds.values() for line in gathered(same))


def _each(shapes: Shapes, rows: Sequence[str], about: About) -> Iterator[Flaw]:
    """Stray pieces, and pieces so narrow that they cannot be meant."""
    parts, owner = shapely.get_parts(shapes, return_index=True)
    parts, owner = parts[~shapely.is_empty(parts)], owner[~shapely.is_empty(parts)]
    area, narrow = measure.area_m2(parts), measure.width_m(parts) < SLIVER_WIDTH_M
    for n in np.flatnonzero(narrow).tolist():
        yield flaw("sliver", (rows[owner[n]],), float(area[n]), parts[n])
    order = np.lexsort((-area, owner))
    first = np.ones(len(order), dtype=bool)
    first[1:] = owner[order][1:] != owner[order][:-1]
    stray = order[~first & ~narrow[order]]
    for whose in np.unique(owner[stray]).tolist():
        pieces = stray[owner[stray] == whose]
        if rows[whose] not in about.multipart:
            shape = MultiPolygon(list(parts[pieces]))
            one = flaw("stray_piece", (rows[whose],), float(area[pieces].sum()), shape)
            yield replace(one, count=len(pieces), largest=tuple(area[pieces].tolist()))


def _together(
    shapes: Shapes,
    codes: Sequence[str],
    rows: Sequence[str],
    ground: BaseGeometry | None,
    about: About,
) -> list[Flaw]:
    """Overlaps, gaps and unmatched borders; each level of a stack is judged by itself."""
    try:
        if about.spent() or soundness.crowded(shapes):
            return [flaw("unfinished", ())]
        pairs = stacking.pairs(shapes, about.spent)
    except stacking.TooManyError:
        return [flaw("unfinished", ())]
    found = list(stacking.overlaps(shapes, codes, rows, pairs))
    level = stacking.levels(shapes, codes, pairs)
    for n in range(int(level.max(initial=0)) + 1):
        here = np.flatnonzero((level == n) & ~shapely.is_empty(shapes))
        if not len(here):
            continue
        if about.spent():
            return [*found, flaw("unfinished", ())]
        found += openings.gaps(shapes[here], ground, about.known_open)
        found += openings.unmatched(shapes[here], [rows[i] for i in here.tolist()], found)
    return found


def _precision(
    shapes: Shapes,
    rows: Sequence[str],
    ground: BaseGeometry | None,
    about: About,
) -> Iterator[Flaw]:
    points = shapely.get_coordinates(shapes)
    off = _off_lattice(points)
    if off:
        severity: Severity = "error" if about.stored else "note"
        yield flaw("off_lattice", (), off, None, severity, vertices=len(points))
    digits = decimals(points)
    if digits is not None and digits < FINE and not about.stored:
        yield flaw("coarse", (), _METRES / 10**digits, decimals=digits)
    yield from _elsewhere(shapes, rows, ground)


def _off_lattice(points: Floats) -> int:
    units = points * lattice.STEPS
    return int((units != np.rint(units)).any(axis=1).sum())


def decimals(values: Floats, share: float = 0.99) -> int | None:
    """With how many decimals numbers were written, from 0 to 8; None where they have more.

    `share` of the values must be whole multiples of the step. A handful of vertices says
    nothing and gives None.
    """
    flat = np.asarray(values, dtype=np.float64).ravel()
    if len(flat) < 2 * SAMPLE:
        return None
    for digits in range(9):
        steps = flat * 10.0**digits
        if np.mean(np.abs(steps - np.rint(steps)) < 1e-9 * np.maximum(np.abs(steps), 1)) >= share:
            return digits
    return None


SAMPLE: Final = 20
"""Vertices from which on their decimals say something."""


def _elsewhere(shapes: Shapes, rows: Sequence[str], ground: BaseGeometry | None) -> Iterator[Flaw]:
    """Areas with vertices at (0, 0), or wholly outside the extent of the ground."""
    box = None if ground is None or ground.is_empty else ground.bounds
    for shape, row in zip(shapes, rows, strict=True):
        if shape.is_empty:
            continue
        points = shapely.get_coordinates(shape)
        if bool((points == 0.0).all(axis=1).any()):
            yield flaw("elsewhere", (row,), shape=shape, x=0, y=0)
        elif box is not None and not shapely.box(*box).intersects(shape):
            x, y = (round(float(value), 6) for value in points[0])
            kind = "swapped" if crs.looks_swapped(x, y, box) else "elsewhere"
            yield flaw(kind, (row,), shape=shape, x=x, y=y)


def _belonging(
    shapes: Shapes, codes: Sequence[str], rows: Sequence[str], about: About
) -> Iterator[Flaw]:
    parents = about.parents or [labels.community(code, about.scheme) for code in codes]
    yield from labels.relations(parents, rows, about.communities, about.streets)
    grounds = {c: g for c, g in (about.communities or {}).items() if g is not None}
    yield from labels.placed(shapes, parents, rows, grounds)


def summary(flaws: Iterable[Flaw]) -> dict[str, dict[str, Any]]:
    """For each check, in the standard's order: lines by severity, places, and m² concerned.

    Keys of each: errors, warnings, notes (lines), places (a line may stand for many), m2.
    """
    told: dict[str, dict[str, Any]] = {
        name: {**{f"{severity}s": 0 for severity in SEVERITIES}, "places": 0, "m2": 0.0}
        for name in CHECKS
    }
    for one in flaws:
        row = told[one.check]
        row[f"{one.severity}s"] += 1
        row["places"] += one.count
        row["m2"] += one.measure if one.unit == "m2" else 0.0
    return told
