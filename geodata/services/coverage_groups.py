"""Gaps of party groups, closed: a group is set up, led, given a grid or building, or gives back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from geodata.db import groups
from geodata.db.scoping import Ground
from geodata.domain.coverage.gap import Gap
from geodata.errors import InvalidMove, NotFound
from geodata.services import coverage

GIVEN = ("grid_without_group", "building_without_group")
"""Kinds that are closed by giving something to one of the groups that are offered."""


def close(
    session: Session, ground: Ground, key: tuple[str, str], leader: str, now: datetime
) -> int:
    """The group that closes a gap of a kind and code, with its leader by name.

    A new group serves the buildings of its grid that none served. Raises NotFound ``no_gap`` where
    there is none such (any more) on one's ground; InvalidMove ``leader_unnamed``, and
    ``no_party_above`` where the community has no party organisation.
    """
    gap = _there(session, ground, key, now)
    if gap.grid is None:
        raise NotFound("no_gap")
    name = " ".join(leader.split())
    if not name:
        raise InvalidMove("leader_unnamed")
    return _closed(session, gap, name)


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


def give_back(session: Session, ground: Ground, code: str, now: datetime) -> tuple[Gap, int]:
    """Give what the group of a grid serves beyond it to the groups there; the gap, how many.

    Raises NotFound ``no_gap`` as `close`; InvalidMove ``no_group_there`` where the grids of some
    of those buildings have no group.
    """
    gap = _there(session, ground, ("group_astride", code), now)
    given = groups.give_back(session, int(gap.facts["group"]))
    if given < gap.measure:
        raise InvalidMove("no_group_there")
    return gap, given


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
    if gap.kind != "grid_without_group":
        raise NotFound("no_gap")
    made = groups.add(session, str(gap.grid), leader)
    if made is None:
        raise InvalidMove("no_party_above")
    return made
