"""The district as of any day, the days on which it changed, and the family tree of a grid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from shapely.geometry import Point
from sqlalchemy import RowMapping
from sqlalchemy.orm import Session

from geodata.db import grids, ground
from geodata.db import redraw_history as history
from geodata.db.layers import MOST_GRIDS, Box
from geodata.errors import NotFound

DEEP: Final = 12
"""Generations that a tree goes up and down."""
WIDE: Final = 200
"""Branches of a tree that are shown."""


@dataclass(frozen=True)
class Relative:
    """A grid that ground came from or went to, and by which plan.

    `area_share` and `household_share` are of all that the giver had. `further` are its own
    relatives, in the same direction and further away in time.
    """

    code: str
    name: str
    retired_at: datetime | None
    at: datetime
    plan: UUID
    plan_name: str
    area_share: float
    household_share: float
    further: tuple[Relative, ...] = ()


@dataclass(frozen=True)
class Redrawn:
    """When a grid got other ground, by which plan and whom; None where it was a load."""

    since: datetime
    plan: UUID | None
    name: str | None
    by: str | None


@dataclass(frozen=True)
class Stood:
    """The grid at a place by its code, None in none, and by which rule."""

    code: str | None
    rule: str


@dataclass(frozen=True)
class Family:
    """A grid with those that it came from and those that came from it, the nearest in time first.

    `community` is its code; `retired_at` is None while it is a grid; `redrawn` tells when it got
    other ground, the last time first.
    """

    code: str
    name: str
    community: str
    retired_at: datetime | None
    redrawn: tuple[Redrawn, ...]
    ancestors: tuple[Relative, ...]
    descendants: tuple[Relative, ...]


def as_of(session: Session, at: datetime, community: str | None = None) -> Sequence[RowMapping]:
    """The grids of a moment: code, name, kind, community_code, since, until, shape (degrees)."""
    return history.as_of(session, at, community)


@dataclass(frozen=True)
class Near:
    """Grids of a moment by code, and whether there are more that were asked for."""

    rows: Sequence[RowMapping]
    more: bool


def near(session: Session, at: datetime, box: Box, since: datetime | None) -> Near:
    """The grids of a moment that meet a box, no more than `MOST_GRIDS`; see `redraw_history`."""
    rows = history.near(session, at, box, since, MOST_GRIDS + 1)
    kept = sorted(rows[:MOST_GRIDS], key=lambda row: str(row["code"]))
    return Near(kept, len(rows) > MOST_GRIDS)


def moments(session: Session, community: str | None = None) -> Sequence[RowMapping]:
    """The moments at which ground changed, the last first: at, grids, plan, name."""
    return history.moments(session, community)


def at(session: Session, lon: float, lat: float, when: datetime) -> Stood:
    """The grid at a place (degrees) at a moment, by the rule of the present ones."""
    found = grids.at_many(session, [(Point(lon, lat), when, 0.0)])[0]
    named = history.named(session, [found["grid_id"]]) if found["grid_id"] is not None else {}
    return Stood(next((str(row["code"]) for row in named.values()), None), str(found["rule"]))


def family(session: Session, code: str) -> Family:
    """The family tree of a grid, of one that is no more too. Raises NotFound ``no_grid``.

    What was taken back again is left out, but for a grid that is no more.
    """
    found = ground.grids_by_code(session, [code]).get(code)
    if found is None:
        raise NotFound("no_grid", grid=code)
    links = _links(session, int(found["id"]), every=found["retired_at"] is not None)
    names = history.named(session, sorted({n for link in links for n in _ends(link)}))
    tree = _Tree(links, names)
    number = int(found["id"])
    redrawn = history.own(session, number)
    return Family(
        *(found["code"], found["name"], found["community_code"], found["retired_at"]),
        tuple(Redrawn(row["since"], row["plan"], row["name"], row["by"]) for row in redrawn),
        tree.relatives(number, up=True),
        tree.relatives(number, up=False),
    )


def _ends(link: RowMapping) -> tuple[int, int]:
    return int(link["parent_id"]), int(link["child_id"])


def _links(session: Session, number: int, *, every: bool) -> list[RowMapping]:
    """The steps that the grid is tied to by others, a generation at a time; see `lineage`."""
    known, fresh = {number}, {number}
    found: dict[tuple[object, ...], RowMapping] = {}
    for _ in range(DEEP):
        for link in history.lineage(session, sorted(fresh), every=every):
            found[link["plan"], link["parent_id"], link["child_id"]] = link
        seen = {end for link in found.values() for end in _ends(link)}
        fresh, known = seen - known, known | seen
        if not fresh or len(found) > WIDE:
            break
    return sorted(found.values(), key=lambda link: link["at"])


class _Tree:
    """Grows branches in one direction, each further away in time than the one it grows from."""

    def __init__(self, links: Sequence[RowMapping], names: dict[int, RowMapping]) -> None:
        self.links, self.names = links, names
        self.left = WIDE

    def relatives(
        self, number: int, *, up: bool, beyond: datetime | None = None, depth: int = 0
    ) -> tuple[Relative, ...]:
        """Those that a grid came from before a moment, or those that came from it after one."""
        here, there = ("child_id", "parent_id") if up else ("parent_id", "child_id")
        own = [
            link
            for link in (reversed(self.links) if up else self.links)
            if link[here] == number and _further(link["at"], beyond, up=up)
        ]
        found = []
        for link in own:
            if depth >= DEEP or self.left <= 0:
                break
            self.left -= 1
            found.append(self._relative(link, int(link[there]), up=up, depth=depth))
        return tuple(found)

    def _relative(self, link: RowMapping, number: int, *, up: bool, depth: int) -> Relative:
        grid = self.names[number]
        return Relative(
            *(grid["code"], grid["name"], grid["retired_at"]),
            *(link["at"], link["plan"], link["name"]),
            *(link["area_share"], link["household_share"]),
            self.relatives(number, up=up, beyond=link["at"], depth=depth + 1),
        )


def _further(at: datetime, beyond: datetime | None, *, up: bool) -> bool:
    if beyond is None:
        return True
    return at < beyond if up else at > beyond
