"""What publishing a plan would do, told before: figures a grid, and whom and what it moves.

The same rules as publishing: a building belongs to the grid of its door, an open issue to the grid
of its place (`domain.assignment`), a party group to the grid that owns it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import shapely
from sqlalchemy import RowMapping
from sqlalchemy.orm import Session

from geodata.db import plans
from geodata.domain import assignment, measure
from geodata.domain.assignment import CellIndex
from geodata.domain.cells import Cells
from geodata.domain.issue import ERROR_M
from geodata.domain.lattice import Shapes
from geodata.domain.partition import Bools
from geodata.services.redraws import Drawn

CUT: Final = 0.02
"""A building is cut where more than this share of its outline lies beyond a border."""


@dataclass(frozen=True)
class Figures:
    """What a grid has: its ground in square metres, and how many of each."""

    area_m2: float = 0.0
    buildings: int = 0
    households: int = 0
    residents: int = 0
    groups: int = 0
    members: int = 0
    workers: int = 0
    open_issues: int = 0


@dataclass(frozen=True)
class Moved:
    """An open issue or a building that changes hands, by ids and codes; None is no grid."""

    id: int
    before: str | None
    after: str | None


@dataclass(frozen=True)
class Preview:
    """What a plan would do.

    `before` and `after` by the code of each grid that gains or loses ground; `new` and `retired`
    codes; buildings that a new border `cut`s; party groups (ids) `astride` two grids that were not.
    """

    before: Mapping[str, Figures]
    after: Mapping[str, Figures]
    new: Sequence[str]
    retired: Sequence[str]
    issues: Sequence[Moved]
    buildings: Sequence[Moved]
    cut: Sequence[str]
    astride: Sequence[int]


def preview(session: Session, drawn: Drawn) -> Preview:
    """What publishing a plan as it is drawn would do."""
    return _Work(session, drawn).done()


class _Work:
    """Buildings, groups and issues of the ground that changes, before and after."""

    def __init__(self, session: Session, drawn: Drawn) -> None:
        self.session, self.drawn = session, drawn
        self.ids = {code: int(row["id"]) for code, row in drawn.rows.items()}
        self.codes = {number: code for code, number in self.ids.items()}
        self.grids = [code for code in drawn.changed if not code.startswith("~")]
        old = [drawn.rows[c] for c in drawn.touched if c in drawn.rows]
        new = [drawn.after[c].degrees for c in drawn.touched if c in drawn.after]
        self.ground = shapely.union_all([*(row["shape"] for row in old), *new])
        self.closing = [int(row["boundary_id"]) for row in old]
        self.houses = plans.buildings_on(session, self.ground)
        self.homes = self._homes()

    def done(self) -> Preview:
        issues = self._issues()
        groups = self._groups()
        before = {c: self._figures(c, self.drawn.before, groups) for c in self._before()}
        after = {self._named(c): self._after(c, groups, issues) for c in self._after_codes()}
        new = sorted(self._named(c) for c in self._after_codes() if c not in self.drawn.before)
        moved = [
            Moved(int(house["id"]), self._of(house["grid_id"]), self._named_or_none(home))
            for house, home in zip(self.houses, self.homes, strict=True)
            if self._of(house["grid_id"]) != home
        ]
        return Preview(
            before, after, new, self.drawn.gone, issues, moved, self._cut(), self._astride(groups)
        )

    def _before(self) -> list[str]:
        return [code for code in self.grids if code in self.drawn.before]

    def _after_codes(self) -> list[str]:
        return [code for code in self.grids if code in self.drawn.after]

    def _of(self, grid_id: int | None) -> str | None:
        return self.codes.get(grid_id) if grid_id is not None else None

    def _named(self, code: str) -> str:
        return self.drawn.codes.get(code, code)

    def _named_or_none(self, code: str | None) -> str | None:
        return None if code is None else self._named(code)

    def _homes(self) -> list[str | None]:
        """The cell of each building's door afterwards: the lowest grid that covers it."""
        order = sorted(self.drawn.after, key=lambda c: (c.kind == "uncovered", self._named(c.code)))
        tree = shapely.STRtree(measure.array([cell.degrees for cell in order]))
        doors = measure.array([house["door"] for house in self.houses])
        house, cell = tree.query(doors, predicate="intersects")
        first = np.full(len(doors), len(order))
        np.minimum.at(first, house, cell)
        return [order[n].code if n < len(order) else None for n in first.tolist()]

    def _issues(self) -> list[Moved]:
        """Open issues that change hands; none where nothing is looked at again."""
        rows = plans.open_issues_on(self.session, self.ground, self.closing)
        index = CellIndex(
            [
                assignment.Cell(self._named(c.code), 0, 0, c.community, c.degrees)
                for c in self.drawn.after
                if c.kind != "uncovered" and not c.shape.is_empty
            ]
        )
        spots = shapely.get_coordinates([row["place"] for row in rows]).reshape(-1, 2)
        errors = np.array([float(ERROR_M.get(row["precision"], 0)) for row in rows])
        found = index.assign(spots[:, 0], spots[:, 1], errors)
        moves = (
            Moved(int(row["id"]), self._of(row["grid_id"]), one.cell.code if one.cell else None)
            for row, one in zip(rows, found, strict=True)
        )
        return [move for move in moves if move.before != move.after]

    def _groups(self) -> Sequence[RowMapping]:
        here = [int(house["party_group_id"]) for house in self.houses if house["party_group_id"]]
        return plans.groups_of(self.session, [self.ids[c] for c in self._before()], here)

    def _figures(self, code: str, cells: Cells, groups: Sequence[RowMapping]) -> Figures:
        number = self.ids[code]
        own = [house for house in self.houses if house["grid_id"] == number]
        counted = self._counted(code, cells, own)
        owned = [group for group in groups if group["grid_id"] == number]
        return replace(
            counted,
            groups=len(owned),
            members=sum(group["member_count"] for group in owned),
            workers=plans.workers_in(self.session, [number]).get(number, 0),
            open_issues=plans.open_counts(self.session, [number]).get(number, 0),
        )

    def _counted(self, code: str, cells: Cells, own: Sequence[RowMapping]) -> Figures:
        return Figures(
            area_m2=float(measure.area_m2([cells[code].degrees])[0]),
            buildings=sum(house["kind"] == "building" for house in own),
            households=sum(house["households"] for house in own),
            residents=sum(house["residents"] for house in own),
        )

    def _after(self, code: str, groups: Sequence[RowMapping], issues: Sequence[Moved]) -> Figures:
        own = [h for h, home in zip(self.houses, self.homes, strict=True) if home == code]
        counted = self._counted(code, self.drawn.after, own)
        heirs = self.drawn.heirs()
        owners = [self._of(group["grid_id"]) for group in groups]
        owned = [
            group
            for group, owner in zip(groups, owners, strict=True)
            if owner is not None and heirs.get(owner, owner) == code
        ]
        was = self._figures(code, self.drawn.before, groups) if code in self.ids else Figures()
        name = self._named(code)
        gained = sum((one.after == name) - (one.before == name) for one in issues)
        return replace(
            counted,
            groups=len(owned),
            members=sum(group["member_count"] for group in owned),
            workers=was.workers,
            open_issues=was.open_issues + gained,
        )

    def _cut(self) -> list[str]:
        """Buildings that lie in two cells by more than a crumb, and did not before."""
        outlines = measure.array([house["outline"] for house in self.houses])
        cut = self._shares(outlines, self.drawn.after) & ~self._shares(outlines, self.drawn.before)
        return [str(h["code"]) for h, here in zip(self.houses, cut.tolist(), strict=True) if here]

    def _shares(self, outlines: Shapes, cells: Cells) -> Bools:
        """Which outlines have more than a crumb in each of two cells."""
        shapes = measure.array([cell.degrees for cell in cells])
        house, cell = shapely.STRtree(shapes).query(outlines, predicate="intersects")
        part = shapely.area(shapely.intersection(outlines[house], shapes[cell]))
        large = part > CUT * shapely.area(outlines[house])
        return np.bincount(house[large], minlength=len(outlines)) > 1

    def _astride(self, groups: Sequence[RowMapping]) -> list[int]:
        """Groups that have buildings beyond the grid that owns them, and had none before."""
        heirs = self.drawn.heirs()
        homes = {int(h["id"]): home for h, home in zip(self.houses, self.homes, strict=True)}
        owner = {int(group["id"]): self._of(group["grid_id"]) for group in groups}
        before: Counter[int] = Counter()
        after: Counter[int] = Counter()
        for house in plans.homes_of_groups(self.session, list(owner)):
            group, own = int(house["party_group_id"]), owner[int(house["party_group_id"])]
            was = self._of(house["grid_id"])
            now = homes.get(int(house["id"]), was)
            before[group] += was != own
            after[group] += now != (heirs.get(own, own) if own is not None else None)
        return sorted(group for group, count in after.items() if count and not before[group])
