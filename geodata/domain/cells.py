"""The cells that divide a district: what redrawing starts from and ends with."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Final, Literal

import numpy as np
import shapely
from shapely.geometry import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from geodata.domain import lattice, measure
from geodata.domain.lattice import Shapes
from geodata.errors import InvalidRedraw

Kind = Literal["basic", "dedicated", "uncovered"]
UNCOVERED = "~"
"""What the code of an uncovered cell begins with; its community's code follows."""
NO_GROUND = Polygon()
_REPLACED: Final = 200
"""So many cells may be others before all are indexed anew."""


@dataclass(frozen=True)
class Cell:
    """A grid, or the ground of a community that lies in no grid; `shape` in lattice steps."""

    code: str
    community: str
    shape: BaseGeometry = field(default=NO_GROUND, compare=False)
    kind: Kind = "basic"
    multipart: bool = False
    locked: bool = False

    @property
    def loose(self) -> bool:
        """Whether it may be in pieces."""
        return self.multipart or self.kind == "uncovered"

    @cached_property
    def degrees(self) -> BaseGeometry:
        """Its ground in degrees (EPSG:4326, lon/lat), computed once."""
        return lattice.to_degrees(self.shape)


def uncovered(community: str) -> str:
    """The code of the uncovered cell of a community."""
    return UNCOVERED + community


class _Index:
    """Cells found by where they lie, indexed when they are first asked for."""

    def __init__(self, cells: Iterable[Cell]) -> None:
        self._cells = list(cells)

    @cached_property
    def _tree(self) -> shapely.STRtree:
        return shapely.STRtree(measure.array([cell.shape for cell in self._cells]))

    def touching(self, shapes: Shapes) -> set[str]:
        """The codes of the cells that touch one of some shapes."""
        found = self._tree.query(shapes, predicate="intersects")[1]
        return {self._cells[n].code for n in set(found.tolist())}


class Cells:
    """Cells by code, in the order of their codes; never changed, only replaced.

    What comes of `replaced` looks for places in the index of the cells it came from, so that an
    edit costs as much as the ground it touches, not as the district.
    """

    def __init__(self, cells: Iterable[Cell]) -> None:
        self._by_code = {cell.code: cell for cell in sorted(cells, key=lambda cell: cell.code)}
        self._first = _Index(self._by_code.values())
        self._since: frozenset[str] = frozenset()
        self.first: Mapping[str, Cell] = self._by_code
        """The cells that all replacing began with, by code."""

    def __getitem__(self, code: str) -> Cell:
        return self._by_code[code]

    def __contains__(self, code: object) -> bool:
        return code in self._by_code

    def __iter__(self) -> Iterator[Cell]:
        return iter(self._by_code.values())

    @property
    def codes(self) -> list[str]:
        """All codes in order."""
        return list(self._by_code)

    @cached_property
    def _fresh(self) -> _Index:
        """The cells by place that are others than the first ones."""
        return _Index(self._by_code[c] for c in sorted(self._since) if c in self._by_code)

    def grid(self, code: str) -> Cell:
        """A grid of the present; raises InvalidRedraw ``no_such_grid``."""
        cell = self._by_code.get(code)
        if cell is None or cell.kind == "uncovered":
            raise InvalidRedraw("no_such_grid", grid=code)
        return cell

    def open_ground(self, community: str) -> Cell:
        """The uncovered cell of a community, which may be empty."""
        code = uncovered(community)
        return self._by_code.get(code) or Cell(code, community, kind="uncovered")

    def touching(self, shape: BaseGeometry) -> list[str]:
        """Codes of the cells that touch a shape in lattice steps, in order."""
        return self.around([shape])

    def around(self, shapes: Iterable[BaseGeometry]) -> list[str]:
        """Codes of all cells that touch one of some shapes in lattice steps, in order."""
        asked = measure.array(list(shapes))
        old = self._first.touching(asked) - self._since
        return sorted(old | self._fresh.touching(asked))

    def members(self, community: str) -> list[Cell]:
        """The cells of a community, its uncovered one too."""
        return [cell for cell in self._by_code.values() if cell.community == community]

    def replaced(self, cells: Iterable[Cell], gone: Collection[str] = ()) -> Cells:
        """These cells with some put in the place of, or added to, or taken from them."""
        new = {cell.code: cell for cell in cells}
        kept = {code: cell for code, cell in self._by_code.items() if code not in gone} | new
        since = self._since.union(new, gone)
        made = Cells(kept.values() if len(since) > _REPLACED else ())
        made.first = self.first
        if len(since) > _REPLACED:
            return made
        ordered = self._by_code.keys() >= new.keys()
        made._by_code = kept if ordered else {code: kept[code] for code in sorted(kept)}
        made._first, made._since = self._first, since
        return made

    def shapes(self) -> dict[str, BaseGeometry]:
        """The ground of each in degrees, by code."""
        return {code: cell.degrees for code, cell in self._by_code.items()}

    def same_as(self, other: Cells) -> bool:
        """Whether two sets are equal to the last vertex."""
        if self._by_code != other._by_code:
            return False
        ours = measure.array([cell.shape for cell in self._by_code.values()])
        theirs = measure.array([cell.shape for cell in other._by_code.values()])
        return bool(np.all(shapely.equals_identical(ours, theirs)))


def cells_of(
    shapes: Mapping[str, BaseGeometry],
    community: str | Mapping[str, str],
    multipart: Collection[str] = (),
) -> Cells:
    """Cells from shapes in degrees that divide their ground; raises nothing and mends nothing.

    `community` is that of all, or of each code. Codes that begin with `UNCOVERED` are open ground.
    """
    return Cells(
        Cell(
            code,
            community if isinstance(community, str) else community[code],
            canonical(lattice.to_units(shape)),
            "uncovered" if code.startswith(UNCOVERED) else "basic",
            code in multipart,
        )
        for code, shape in shapes.items()
    )


def canonical(shape: BaseGeometry) -> BaseGeometry:
    """The shape in its one order of rings and points, as Polygon where it has one part."""
    parts = shapely.get_parts(shape)
    if len(parts) == 0:
        return NO_GROUND
    one = parts[0] if len(parts) == 1 else MultiPolygon(list(parts))
    return shapely.normalize(one)


def moved(cell: Cell, shape: BaseGeometry) -> Cell:
    """The cell with other ground (lattice steps)."""
    return replace(cell, shape=canonical(shape))
