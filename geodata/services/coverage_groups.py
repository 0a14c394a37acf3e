"""Gaps of party groups, closed: set up, led, given a grid or buildings, giving back or sharing out.

What is done is only what the gap offers at that moment.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from geodata.db import groups
from geodata.db.scoping import Ground
from geodata.domain.coverage.gap import Gap
from geodata.domain.coverage.sharing import Way
from geodata.domain.signs import shows
from geodata.errors import InvalidMove, NotFound
from geodata.services import coverage

GIVEN = ("grid_without_group", "building_without_group")
"""Kinds that are closed by giving something to one of the groups that are offered."""
SHARED = ("group_overloaded", "group_astride")
"""Kinds of groups that serve too much, or elsewhere, and may share it out grid by grid."""


@dataclass(frozen=True)
class Moved:
    """What was shared out: how, the group that has it now, and how many buildings."""

    way: Way
    group: int
    buildings: int


@dataclass(frozen=True)
class LeftOut:
    """Buildings of a grid that no group serves, with the groups that could take all of them.

    `gap` is one by which they are known; without any the grid has no group at all, or lies beyond
    one's ground.
    """

    grid: str
    buildings: int
    gap: Gap | None

    @property
    def offers(self) -> list[dict[str, Any]]:
        """The groups with room for all, the grid's own first."""
        return [] if self.gap is None else all_offers(self.gap)


def all_offers(gap: Gap) -> list[dict[str, Any]]:
    """The groups that could take a building, or all that were left out with it."""
    facts = gap.facts
    if "all_offers" in facts:
        return list(facts["all_offers"])
    return [offer for offer in facts.get("offers", ()) if offer["enough"]]


def close(
    session: Session, ground: Ground, key: tuple[str, str], leader: str, now: datetime
) -> int:
    """The group that closes a gap of a kind and code, with its leader by name.

    A new group serves the buildings of its grid that none served. Raises NotFound ``no_gap`` where
    there is none such (any more) on one's ground; InvalidMove ``leader_unnamed``, and
    ``no_party_above`` where the community has no party organisation.
    """
    gap = _there(session, ground, key, now)
    return _closed(session, gap, _named(leader))


def _named(leader: str) -> str:
    name = " ".join(leader.split())
    if not shows(name):
        raise InvalidMove("leader_unnamed")
    return name


def give(
    session: Session, ground: Ground, key: tuple[str, str], number: int, now: datetime
) -> tuple[Gap, str]:
    """Give a grid, or a building, to a group that is offered for it; the gap, and its name.

    Raises NotFound ``no_gap`` as `close`, also where the group lies beyond one's ground;
    InvalidMove ``group_no_room`` for a group that has too little room (any more).
    """
    gap = _there(session, ground, key, now)
    home = groups.home(session, number)
    if gap.kind not in GIVEN or home is None or not ground.covers(*home):
        raise NotFound("no_gap")
    offered = [one for one in gap.facts["offers"] if one["group"] == number and one["enough"]]
    if not offered:
        raise InvalidMove("group_no_room")
    if gap.kind == "grid_without_group":
        groups.take_over(session, number, gap.code, now)
    else:
        groups.join(session, number, gap.code)
    return gap, str(offered[0]["name"])


def enrol(
    session: Session, ground: Ground, grid: str, number: int, now: datetime
) -> tuple[Gap, str, int]:
    """Let a group take all that were left out in a grid; one gap of them, its name, how many.

    Raises as `give`.
    """
    gap = _left_out(coverage.held(session, ground, now), grid)
    home = groups.home(session, number)
    if gap is None or home is None or not ground.covers(*home):
        raise NotFound("no_gap")
    offered = [one for one in all_offers(gap) if one["group"] == number]
    if not offered:
        raise InvalidMove("group_no_room")
    return gap, str(offered[0]["name"]), groups.enrol(session, number, grid)


def unserved(session: Session, buildings: Iterable[int]) -> int:
    """How many of some buildings (ids) no group serves."""
    return groups.unserved_among(session, buildings)


def left_out(
    session: Session, ground: Ground, grids: Iterable[str], now: datetime
) -> list[LeftOut]:
    """What no group serves in some grids (codes) on one's ground, by grid, with who could."""
    counts = groups.unserved(session, grids)
    found = coverage.own(ground, coverage.present(session, now)) if counts else []
    told = [LeftOut(code, count, _left_out(found, code)) for code, count in counts.items()]
    return sorted(told, key=lambda one: one.grid)


def _left_out(found: Iterable[Gap], grid: str) -> Gap | None:
    kind = "building_without_group"
    return next((gap for gap in found if gap.kind == kind and gap.grid == grid), None)


def give_back(session: Session, ground: Ground, code: str, now: datetime) -> tuple[Gap, int]:
    """Give what the group of a grid serves beyond it to the groups there; the gap, how many.

    Raises NotFound ``no_gap`` as `close`; InvalidMove ``no_group_there`` where the grids of some
    of those buildings have no group.
    """
    gap = _there(session, ground, ("group_astride", code), now)
    if gap.action != "give_back":
        raise InvalidMove("no_group_there")
    return gap, groups.give_back(session, int(gap.facts["group"]))


def share_out(
    session: Session,
    ground: Ground,
    key: tuple[str, str],
    grid: str,
    to: int | str,
    now: datetime,
) -> tuple[Gap, Moved]:
    """Give what a group serves in another grid (code) to whoever is offered for it.

    `to` is the group that is to have that grid, or the leader of one that is set up there; neither
    counts where the grid has a group of its own, to which it is given back. Raises NotFound
    ``no_gap`` as `close` and where the group serves nothing there or it lies beyond one's ground;
    InvalidMove ``group_no_room``, ``leader_unnamed`` and ``no_party_above``.
    """
    gap = _there(session, ground, key, now)
    share = next((one for one in gap.facts.get("shares", ()) if one["grid"] == grid), None)
    if share is None or not ground.covers(share["community"], grid):
        raise NotFound("no_gap")
    group = int(gap.facts["group"])
    if share["way"] == "give_back":
        return gap, Moved("give_back", group, groups.give_back(session, group, grid))
    if isinstance(to, int):
        return gap, _handed(session, ground, share, to, now)
    made = groups.add(session, grid, _named(to))
    if made is None:
        raise InvalidMove("no_party_above")
    return gap, Moved("set_up_group", made, groups.take_in(session, made, group))


def _handed(
    session: Session, ground: Ground, share: dict[str, Any], to: int, now: datetime
) -> Moved:
    home = groups.home(session, to)
    if home is None or not ground.covers(*home):
        raise NotFound("no_gap")
    if to not in [one["group"] for one in share["offers"]]:
        raise InvalidMove("group_no_room")
    return Moved("hand_over", to, groups.take_over(session, to, share["grid"], now))


def _there(session: Session, ground: Ground, key: tuple[str, str], now: datetime) -> Gap:
    gap = coverage.to_close(session, ground, key, now)
    if gap is None:
        raise NotFound("no_gap")
    return gap


def _closed(session: Session, gap: Gap, leader: str) -> int:
    if gap.kind == "group_without_leader":
        number = int(gap.facts["group"])
        groups.lead(session, number, leader)
        return number
    if gap.kind not in GIVEN or gap.grid is None:
        raise NotFound("no_gap")
    made = groups.add(session, str(gap.grid), leader)
    if made is None:
        raise InvalidMove("no_party_above")
    return made
