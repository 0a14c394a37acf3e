"""Places with an official area label, held against the area that covers them.

Degrees are WGS 84 with longitude first; distances are metres on the local plane of each place.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geodata.domain.assignment import NEAR_M
from geodata.domain.cover import NOWHERE, CoverIndex
from geodata.domain.crs import Floats, metres_per_degree

WITHIN_M: Final = (1, 5, 10, 25)
_NUMBER: Final = re.compile("0*([0-9]+)(?:[.]0+)?")
_CORNERS: Final = 2_000_000
"""Corners of areas that are measured together."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """One entry for each place: the code found, and how far off the label's own area is.

    `found` is an empty text where no area covers the place. `metres` is 0 where they agree, and
    where the label's area covers the place too but gives way to a lower code. `nearest` says
    that a place in no area has its label's area nearest, within `NEAR_M`.
    """

    found: NDArray[np.str_]
    metres: Floats
    agree: NDArray[np.bool_]
    nearest: NDArray[np.bool_]

    @property
    def agreement(self) -> float:
        """The share of places whose label is the code found; from 0 to 1."""
        return float(self.agree.mean())

    def within(self, metres: float) -> float:
        """The share that agrees or has its label's area within so many metres."""
        return float((self.agree | (self.metres <= metres)).mean())


def ordered(codes: Sequence[str]) -> list[int]:
    """The places of the codes from the lowest: whole numbers by value if all are, else as text."""
    if all(code.isdecimal() for code in codes):
        return sorted(range(len(codes)), key=lambda i: (int(codes[i]), codes[i]))
    return sorted(range(len(codes)), key=lambda i: codes[i])


def folded(labels: Iterable[str], codes: Iterable[str]) -> dict[str, str]:
    """The code of each label that is one but for capitals, spaces, leading zeros or a ``.0``.

    Tables lose these on their way (411 becomes 411.0, 0411 becomes 411). A label that may be two
    codes is none.
    """
    meant: dict[str, set[str]] = defaultdict(set)
    exact = set(codes)
    for code in exact:
        meant[_fold(code)].add(code)
    found = {label: meant.get(_fold(label), ()) for label in {*labels} - exact if label}
    return {label: next(iter(one)) for label, one in found.items() if len(one) == 1}


def _fold(text: str) -> str:
    plain = " ".join(text.split()).casefold()
    number = _NUMBER.fullmatch(plain)
    return number[1] if number else plain


class Areas:
    """Areas with codes, in the plane they were drawn in and in degrees."""

    def __init__(
        self,
        codes: Sequence[str],
        shapes: Sequence[BaseGeometry],
        degrees: Sequence[BaseGeometry],
    ) -> None:
        """Take areas as they are; several may share a code, and they may overlap."""
        order = ordered(codes)
        self.codes = np.array([codes[i] for i in order], dtype=np.str_)
        self.degrees = np.array([degrees[i] for i in order], dtype=object)
        self.index = CoverIndex([shapes[i] for i in order])

    def at(self, x: Floats, y: Floats) -> NDArray[np.str_]:
        """The lowest code that covers each place (plane of the areas); empty where none does."""
        ranks = self.index.first(x, y)
        return np.where(ranks == NOWHERE, "", self.codes[ranks])

    def judge(
        self, x: Floats, y: Floats, lon: Floats, lat: Floats, wanted: Sequence[str]
    ) -> Verdict:
        """What covers each place, against the code wanted there (one of the codes).

        `x`, `y` are in the plane of the areas, `lon`, `lat` the same places in degrees.
        """
        asked = np.array(wanted, dtype=np.str_)
        found = self.at(x, y)
        agree = found == asked
        metres = np.zeros(len(asked))
        off = np.flatnonzero(~agree)
        metres[off] = self._metres(lon[off], lat[off], asked[off])
        nearest = np.zeros(len(asked), dtype=bool)
        bare = np.flatnonzero((found == "") & (metres <= NEAR_M))
        nearest[bare] = self._is_nearest(lon[bare], lat[bare], metres[bare])
        return Verdict(found, metres, agree, nearest)

    def _metres(self, lon: Floats, lat: Floats, wanted: NDArray[np.str_]) -> Floats:
        """Metres from each place to the area of its code."""
        whole = {code: shapely.multipolygons(parts) for code, parts in self._parts().items()}
        shapes = np.array([whole[code] for code in wanted.tolist()], dtype=object)
        return metres_to(shapes, lon, lat)

    def _parts(self) -> dict[str, list[BaseGeometry]]:
        parts: dict[str, list[BaseGeometry]] = defaultdict(list)
        for code, shape in zip(self.codes.tolist(), self.degrees, strict=True):
            parts[code] += shapely.get_parts(shape).tolist()
        return parts

    def _is_nearest(self, lon: Floats, lat: Floats, metres: Floats) -> NDArray[np.bool_]:
        """Whether no other area lies nearer than so many metres."""
        kx, ky = metres_per_degree(lat)
        windows = shapely.box(
            lon - metres / kx, lat - metres / ky, lon + metres / kx, lat + metres / ky
        )
        spots, areas = shapely.STRtree(self.degrees).query(windows)
        away = metres_to(self.degrees[areas], lon[spots], lat[spots])
        least = np.full(len(lon), np.inf)
        np.minimum.at(least, spots, away)
        return np.asarray(metres <= least + 1e-6, dtype=np.bool_)


def metres_to(shapes: NDArray[np.object_], lon: Floats, lat: Floats) -> Floats:
    """Metres from each place to its shape (degrees), 0 inside; a shape for each place."""
    metres = np.zeros(len(shapes))
    for part in _batches(shapes):
        flat = _around(shapes[part], lon[part], lat[part])
        metres[part] = shapely.distance(flat, shapely.Point(0.0, 0.0))
    return metres


def _batches(shapes: NDArray[np.object_]) -> Iterator[slice]:
    """Slices of shapes with not too many corners each."""
    total = np.cumsum(shapely.get_num_coordinates(shapes))
    start = 0
    while start < len(shapes):
        before = total[start - 1] if start else 0
        end = max(int(np.searchsorted(total, before + _CORNERS)), start + 1)
        yield slice(start, end)
        start = end


def _around(shapes: NDArray[np.object_], lon: Floats, lat: Floats) -> NDArray[np.object_]:
    """Each shape in metres east and north of its place."""
    corners, owner = shapely.get_coordinates(shapes, return_index=True)
    kx, ky = metres_per_degree(np.asarray(lat, dtype=np.float64))
    here, scale = np.column_stack([lon, lat]), np.column_stack([kx, ky])
    return np.asarray(
        shapely.set_coordinates(shapes.copy(), (corners - here[owner]) * scale[owner])
    )
