"""Whether new borders cut what stands on the ground further than the old ones do.

Buildings and courtyards are areas in degrees (EPSG:4326, lon/lat).
"""

from __future__ import annotations

from typing import Final

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geodata.domain import measure
from geodata.domain.cells import Cells
from geodata.domain.lattice import Shapes
from geodata.domain.partition import Bools, Ints

SHARE: Final = 0.02
CRUMB_M2: Final = 4.0
WIDE_M: Final = 0.5
"""What lies beyond a border is a crumb, which nobody is asked about, up to this share of the whole
if it is also no larger than `CRUMB_M2` or nowhere wider than `WIDE_M`: so far a border may lie off
the line that was drawn (`strokes.PLAIN_M`), and so narrow a strip is cut off it again
(`pieces.STRIP_M`). The area is that of such a strip along a front of eight metres."""

_Parts = dict[int, list[BaseGeometry]]


def cut(outlines: Shapes, before: Cells, after: Cells) -> Bools:
    """Which outlines `after` parts what lay together in a cell `before`, by more than a crumb.

    Those too that lie in more cells by more than a crumb than they did: many crumbs are no crumb.
    """
    every = np.arange(len(outlines))
    met = _met(outlines, every, after)
    now = _parts(outlines, every[np.bincount(met[0], minlength=len(every)) > 1], after)
    parted = [one for one, parts in now.items() if len(parts) > 1]
    was = _parts(outlines, np.array(parted, dtype=np.int64), before)
    found = np.zeros(len(outlines), dtype=bool)
    for one in parted:
        held = was.get(one, [])
        grown = len(now[one]) > max(1, len(held))
        found[one] = grown or any(_is_parted(part, now[one], outlines[one]) for part in held)
    return found


def _met(outlines: Shapes, which: Ints, cells: Cells) -> tuple[Ints, Ints]:
    """Pairs of the numbers of an outline and of a cell that it meets."""
    tree = shapely.STRtree(measure.array([cell.degrees for cell in cells]))
    at, cell = tree.query(outlines[which], predicate="intersects")
    return which[at], cell


def _parts(outlines: Shapes, which: Ints, cells: Cells) -> _Parts:
    """What of some outlines lies in each cell that has more than a crumb of it."""
    shapes = measure.array([cell.degrees for cell in cells])
    one, cell = _met(outlines, which, cells)
    parts = shapely.intersection(outlines[one], shapes[cell])
    large = _more_than_crumbs(parts, outlines[one])
    found: _Parts = {}
    for number, part in zip(one[large].tolist(), parts[large], strict=True):
        found.setdefault(number, []).append(part)
    return found


def _is_parted(held: BaseGeometry, now: list[BaseGeometry], whole: BaseGeometry) -> bool:
    """Whether what one cell had of a whole lies in several now."""
    both = shapely.intersection(held, measure.array(now))
    return int(_more_than_crumbs(both, measure.array([whole] * len(now))).sum()) > 1


def _more_than_crumbs(parts: Shapes, wholes: Shapes) -> Bools:
    flat = measure.flat(parts)
    large = shapely.area(parts) > SHARE * shapely.area(wholes)
    wide = ~large & (shapely.area(flat) > CRUMB_M2)
    large[wide] = ~shapely.is_empty(shapely.buffer(flat[wide], -WIDE_M / 2))
    return np.asarray(large)
