"""What publishing a plan would do, told before: figures a grid, and whom and what it moves.

The same rules as publishing: a building belongs to the grid of its door, an open issue to the grid
of its place (`domain.assignment`), a party group to the grid that owns it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from sqlalchemy import RowMapping
from sqlalchemy.orm import Session

from geodata.db import plans, workloads
from geodata.domain import assignment, measure, workload
from geodata.domain.assignment import CellIndex
from geodata.domain.cells import UNCOVERED
from geodata.domain.issue import ERROR_M
from geodata.domain.workload import Band, Figures, forms
from geodata.services import grid_figures, redraw_cuts
from geodata.services.redraws import Drawn


@dataclass(frozen=True)
class Moved:
    """An open issue or a building that changes hands, by ids and codes; None is no grid."""

    id: int
    before: str | None
    after: str | None


@dataclass(frozen=True)
class Preview:
    """What a plan would do.

    `before` and `after` by the code of each grid that is another by more than crumbs; `new` and
    `retired` codes; buildings and courtyards that a new border `cut`s, and which of those are
    `courtyards`; party groups (ids) `astride` two grids that were not. `band` is what a grid should
    hold, `rate` the reports a household and year.
    """

    before: Mapping[str, Figures]
    after: Mapping[str, Figures]
    new: Sequence[str]
    retired: Sequence[str]
    issues: Sequence[Moved]
    buildings: Sequence[Moved]
    cut: Sequence[str]
    courtyards: Sequence[str]
    astride: Sequence[int]
    band: Band
    rate: float


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
        self.ground = redraw_cuts.ground(drawn.before, drawn.after, drawn.touched)
        self.closing = [int(row["boundary_id"]) for row in old]
        self.houses = plans.buildings_on(session, self.ground)
        self.homes = self._homes()
        self.band = grid_figures.band(session)
        self.rate = workloads.rate(session, drawn.plan["community_code"])

    def done(self) -> Preview:
        issues = self._issues()
        groups = self._groups()
        old = self._before()
        held = grid_figures.present(
            self.session,
            [self.ids[code] for code in old],
            self.band,
            {self.drawn.plan["community_code"]: self.rate},
        )
        before = {code: held[self.ids[code]] for code in old}
        after = self._after(before, groups, issues)
        turned = workload.turned(before, after)
        new = sorted(self._named(c) for c in self._after_codes() if c not in self.drawn.before)
        moved = [
            Moved(int(house["id"]), self._of(house["grid_id"]), self._named_or_none(home))
            for house, home in zip(self.houses, self.homes, strict=True)
            if self._of(house["grid_id"]) != home
        ]
        cut = redraw_cuts.cut(self.houses, self.drawn.before, self.drawn.after)
        codes = [str(house["code"]) for house in cut]
        yards = [str(house["code"]) for house in cut if house["kind"] == "courtyard"]
        told = (issues, moved, codes, yards, self._astride(groups), self.band, self.rate)
        was, now = _only(turned, before), _only(turned, after)
        return Preview(was, now, new, self.drawn.gone, *told)

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
        found_again = plans.open_issues_on(self.session, self.ground, self.closing)
        left = {self._named(c.code) for c in self.drawn.after if not c.shape.is_empty}
        # what was passed on stays where it was sent on purpose, while that is a grid
        rows = [
            row
            for row in found_again
            if row["rule"] != "passed" or self._of(row["grid_id"]) not in left
        ]
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

    def _after(
        self,
        before: Mapping[str, Figures],
        groups: Sequence[RowMapping],
        issues: Sequence[Moved],
    ) -> dict[str, Figures]:
        codes = self._after_codes()
        shapes = forms([self.drawn.after[code].degrees for code in codes])
        owned = self._owned(groups)
        found = {}
        for code, form in zip(codes, shapes, strict=True):
            own = [h for h, home in zip(self.houses, self.homes, strict=True) if home == code]
            name, was = self._named(code), before.get(code, Figures())
            gained = sum((one.after == name) - (one.before == name) for one in issues)
            households = sum(house["households"] for house in own)
            found[name] = Figures(
                *(form.area_m2, form.compactness, form.pieces),
                sum(house["kind"] == "building" for house in own),
                households,
                sum(house["residents"] for house in own),
                len(owned.get(code, ())),
                sum(group["member_count"] for group in owned.get(code, ())),
                *(was.workers, was.open_issues + gained),
                grid_figures.expected(households, self.rate),
                self.band.standing(households),
            )
        return found

    def _owned(self, groups: Sequence[RowMapping]) -> dict[str, list[RowMapping]]:
        """The party groups that each cell owns afterwards."""
        heirs = self.drawn.heirs()
        found: dict[str, list[RowMapping]] = {}
        for group in groups:
            owner = self._of(group["grid_id"])
            if owner is not None:
                found.setdefault(heirs.get(owner, owner), []).append(group)
        return found

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
            stands = now is not None and not now.startswith(UNCOVERED)
            after[group] += stands and now != (heirs.get(own, own) if own is not None else None)
        return sorted(group for group, count in after.items() if count and not before[group])


def _only(codes: Collection[str], figures: Mapping[str, Figures]) -> dict[str, Figures]:
    return {code: one for code, one in figures.items() if code in codes}
