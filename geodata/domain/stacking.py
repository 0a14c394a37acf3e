"""Which areas cover the same ground, and is it meant?

A layer may hold the same ground twice by design: communities and their grids in one file, two
years of one division, a school drawn over its grid. Such overlaps are told apart from mistakes
and are never mended.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely

from geodata.domain import measure
from geodata.domain.flaw import Flaw, flaw
from geodata.domain.lattice import Floats, Shapes
from geodata.domain.partition import Bools, Ints
from geodata.domain.soundness import areas_of

INSIDE: Final = 0.999
"""A share of a shape from which it counts as lying within another."""
BIG: Final = 0.1
"""A share of the smaller shape from which an overlap counts as big."""
TWICE: Final = 0.5
"""A share of all ground covered more than once from which layers count as stacked."""
PAIRS: Final = 2_000_000
"""Pairs that meet, at the most; a layer with more is not compared."""
_CHUNK: Final = 500
_INTERIORS_MEET: Final = "T********"


class TooManyError(ValueError):
    """More pairs of shapes meet than can be compared."""


@dataclass(frozen=True)
class Pairs:
    """Pairs of overlapping shapes: lower and higher index, the ground in common, and its m²."""

    left: Ints
    right: Ints
    ground: Shapes
    m2: Floats


def pairs(shapes: Shapes, spent: Callable[[], bool]) -> Pairs:
    """All pairs of valid areas whose interiors meet.

    Raises TooManyError where more than `PAIRS` meet or `spent` says that time is up.
    """
    tree = shapely.STRtree(shapes)
    found: list[tuple[Ints, Ints]] = []
    met = 0
    for start in range(0, len(shapes), _CHUNK):
        left, right = tree.query(shapes[start : start + _CHUNK])
        left = left + start
        once = left < right
        met += int(once.sum())
        if met > PAIRS or spent():
            raise TooManyError
        left, right = left[once], right[once]
        both = shapely.relate_pattern(shapes[left], shapes[right], _INTERIORS_MEET)
        found.append((left[both], right[both]))
    left = np.concatenate([one for one, _ in found] or [np.empty(0, dtype=np.int64)])
    right = np.concatenate([other for _, other in found] or [np.empty(0, dtype=np.int64)])
    ground = measure.array([areas_of(g) for g in shapely.intersection(shapes[left], shapes[right])])
    return Pairs(left, right, ground, measure.area_m2(ground))


def levels(shapes: Shapes, codes: Sequence[str], found: Pairs) -> Ints:
    """The level of each shape: 0 everywhere, unless areas are stacked on purpose.

    Two shapes share a level unless one lies within the other, or the set covers most of its
    ground several times and they overlap by a tenth or more. Shorter codes come first, then the
    order of the set, so that the layers of a file come out as they were put in.
    """
    level: Ints = np.zeros(len(shapes), dtype=np.int64)
    apart: dict[int, set[int]] = {}
    meant = meant_pairs(shapes, found)
    for i, j in zip(found.left[meant].tolist(), found.right[meant].tolist(), strict=True):
        apart.setdefault(i, set()).add(j)
        apart.setdefault(j, set()).add(i)
    done: set[int] = set()
    for i in sorted(apart, key=lambda i: (len(codes[i]), i)):
        taken = {int(level[j]) for j in apart[i] & done}
        level[i] = next(n for n in range(len(taken) + 1) if n not in taken)
        done.add(i)
    return level


def meant_pairs(shapes: Shapes, found: Pairs) -> Bools:
    """Which overlaps are there by design: one within the other, or layers wholly stacked."""
    area = measure.area_m2(shapes)
    smaller = np.minimum(area[found.left], area[found.right])
    share = np.divide(found.m2, smaller, out=np.zeros(len(smaller)), where=smaller > 0)
    within: Bools = share >= INSIDE
    big: Bools = share >= BIG
    if big.any() and _covered_twice(found.ground[big], area):
        within = within | big
    return within


def _covered_twice(ground: Shapes, area: Floats) -> bool:
    twice = float(measure.area_m2([shapely.union_all(ground)])[0])
    return twice > TWICE * (float(area.sum()) - twice)


def overlaps(
    shapes: Shapes, codes: Sequence[str], names: Sequence[str], found: Pairs
) -> Iterator[Flaw]:
    """The flaws that pairs of overlapping shapes make, meant ones told apart.

    Layers stacked throughout are notes. Otherwise equal ground is a duplicate, unless one code is
    above the other, and what lies within another is nested.
    """
    meant = meant_pairs(shapes, found)
    area = measure.area_m2(shapes)
    throughout = int(meant.sum()) > 1 and _covered_twice(found.ground[meant], area)
    for n, (i, j) in enumerate(zip(found.left.tolist(), found.right.tolist(), strict=True)):
        size, ground = float(found.m2[n]), found.ground[n]
        pair = sorted((names[i], names[j]))
        if not meant[n]:
            yield flaw("overlap", pair, size, ground)
        elif throughout or _above(codes[i], codes[j]):
            yield flaw("stacked", pair, size, ground)
        elif size >= INSIDE * max(area[i], area[j]):
            yield flaw("duplicate_shape", pair, size, ground)
        else:
            yield flaw("nested", pair, size, ground)


def _above(one: str, other: str) -> bool:
    """Whether one code is the code of a higher tier above the other."""
    short, long = sorted((one, other), key=len)
    return 0 < len(short) < len(long) and long.startswith(short)
