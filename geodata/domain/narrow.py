"""New grids that are too small or too narrow for anybody to walk through them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geodata.domain import lattice, plain
from geodata.domain.patch import slivers
from geodata.domain.plane import Plane
from geodata.errors import InvalidRedraw, Remedy

if TYPE_CHECKING:
    from geodata.domain.redraw import Edit

WIDE_M: Final = 3.0
"""A grid that somebody draws is nowhere less wide than it is somewhere: so many metres."""
_SPARE_M: Final = 0.2


def refuse(code: str, shape: BaseGeometry, edit: Edit, plane: Plane) -> None:
    """Refuse ground (lattice steps) for a new grid that is a sliver, or narrower than wanted.

    Its width is that of the widest circle in it. Raises InvalidRedraw ``grid_too_small``, with a
    wider drawing as the remedy where an area was drawn for it.
    """
    if shape.is_empty:
        return
    width = _width_m(shape, plane)
    if width >= edit.width_m and not slivers([shape], plane)[0]:
        return
    remedy = None
    if edit.area is not None and edit.to == code:
        more = max(edit.width_m - width, 0.0) / 2 + _SPARE_M
        wider = plane.to_m(edit.area).buffer(more, join_style="mitre")
        remedy = Remedy("widen", {"area": plain.area_of(plane.to_steps(wider))})
    raise InvalidRedraw("grid_too_small", grid=code, place=lattice.to_degrees(shape), remedy=remedy)


def _width_m(shape: BaseGeometry, plane: Plane) -> float:
    flat = np.asarray([plane.to_m(shape)], dtype=object)
    circles = shapely.maximum_inscribed_circle(flat, tolerance=_SPARE_M / 4)
    return 2 * float(shapely.length(circles)[0])
