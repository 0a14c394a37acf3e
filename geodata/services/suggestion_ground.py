"""The ground that grids are suggested on: the published one, or that of a draft as it is drawn."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final, cast
from uuid import UUID

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import RowMapping
from sqlalchemy.orm import Session

from geodata.db import locks, plans
from geodata.db import suggestions as queue
from geodata.domain import lattice, measure
from geodata.domain.cells import UNCOVERED
from geodata.domain.suggest.given import House, Street, StreetKind
from geodata.errors import InvalidMove
from geodata.services import redraws
from geodata.services.redraws import Drawn

DEDICATED: Final = "dedicated"
_NEAR: Final = 0.001
"""How far beyond the ground (degrees) streets are looked for."""


@dataclass(frozen=True)
class Floor:
    """Grids by code with their ground in degrees, ground in none of them, and the houses.

    New grids of a draft have their provisional codes. Those in `held` are locked, those in `fixed`
    stay as they are besides: a suggestion leaves both alone. `base` are the boundaries that all
    this stands on, by code; `log` tells the draft's steps from others (None without a draft).
    """

    grids: Mapping[str, BaseGeometry]
    open: Sequence[BaseGeometry]
    held: frozenset[str]
    fixed: frozenset[str]
    houses: Sequence[House]
    base: Mapping[str, int]
    log: Mapping[str, object] | None

    @property
    def free(self) -> dict[str, BaseGeometry]:
        """The grids that a suggestion may change."""
        still = self.held | self.fixed
        return {code: shape for code, shape in self.grids.items() if code not in still}

    @property
    def whole(self) -> BaseGeometry:
        """The ground of those, and that in no grid. Raises InvalidMove ``suggest_all_held``."""
        if not self.free and self.grids:
            raise InvalidMove("suggest_all_held")
        return _whole([*self.free.values(), *self.open])


def present(session: Session, community: str) -> list[RowMapping]:
    """The present cells of a community, its uncovered one too."""
    around = plans.around(session, community)
    return [row for row in around if row["community_code"] == community]


def floor(session: Session, community: str, plan: UUID | None) -> Floor:
    """The ground of a community now, or as a draft has drawn it. Raises as `redraws.drawn`."""
    rows = present(session, community)
    base = {row["code"]: row["boundary_id"] for row in rows if row["code"]}
    houses = queue.houses(session, community)
    locked = locks.held(session, [int(row["id"]) for row in rows])
    held = frozenset(lock["code"] for lock in locked.values())
    if plan is None:
        grids = {row["code"]: row["shape"] for row in rows if row["code"]}
        bare = [row["shape"] for row in rows if not row["code"]]
        own = frozenset(row["code"] for row in rows if row["code"] and row["kind"] == DEDICATED)
        there = [_house(row, row["grid"]) for row in houses]
        return Floor(grids, bare, held, own, there, base, None)
    drawn = redraws.drawn(session, plan)
    cells = [cell for cell in drawn.after.members(community) if not cell.shape.is_empty]
    shapes = {cell.code: cell.degrees for cell in cells}
    grids = {code: shape for code, shape in shapes.items() if code[0] != UNCOVERED}
    homes = _homes(drawn, grids, houses)
    there = [_house(row, home) for row, home in zip(houses, homes, strict=True)]
    bare = [shape for code, shape in shapes.items() if code not in grids]
    own = frozenset(cell.code for cell in cells if cell.kind == DEDICATED)
    return Floor(grids, bare, held, own, there, base, log(session, drawn.plan))


def streets(session: Session, ground: BaseGeometry) -> list[Street]:
    """The streets on some ground, in degrees, and close by."""
    west, south, east, north = ground.bounds
    box = (west - _NEAR, south - _NEAR, east + _NEAR, north + _NEAR)
    rows = queue.roads(session, box)
    return [Street(row["shape"], cast("StreetKind", row["kind"])) for row in rows]


def log(session: Session, plan: RowMapping) -> dict[str, object]:
    """How many steps a draft has, and what tells them from all others."""
    kept = standing(session, plan)
    return {"steps": len(kept), "digest": digest(kept)}


def standing(session: Session, plan: RowMapping) -> list[Mapping[str, object]]:
    """The intents of a draft that were not taken back, in order."""
    return [step["intent"] for step in plans.steps(session, plan["id"]) if not step["undone"]]


def digest(intents: Sequence[Mapping[str, object]]) -> str:
    """Equal for equal intents."""
    return sha256(json.dumps(list(intents), sort_keys=True).encode()).hexdigest()


def _whole(shapes: Sequence[BaseGeometry]) -> BaseGeometry:
    steps = [lattice.to_units(shape) for shape in shapes if not shape.is_empty]
    return lattice.to_degrees(shapely.coverage_union_all(steps))


def _homes(
    drawn: Drawn, grids: Mapping[str, BaseGeometry], houses: Sequence[RowMapping]
) -> list[str | None]:
    """The grid of each door; on a border the one with the lowest code, as publishing would."""
    order = sorted(grids, key=lambda code: drawn.codes.get(code, code))
    tree = shapely.STRtree(measure.array([grids[code] for code in order]))
    found: list[str | None] = [None] * len(houses)
    pairs = tree.query([row["door"] for row in houses], predicate="intersects").T.tolist()
    for house, grid in sorted(pairs, reverse=True):
        found[house] = order[grid]
    return found


def _house(row: RowMapping, grid: str | None) -> House:
    return House(
        *(row["code"], row["outline"], row["door"], row["households"], row["residents"]),
        *(row["courtyard"], str(row["group"]) if row["group"] else None, grid),
    )
