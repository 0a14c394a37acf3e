"""Gaps of party groups, closed: a group is set up in a grid, or gets a leader."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from geodata.db import groups
from geodata.db.scoping import Ground
from geodata.domain.coverage.gap import Gap
from geodata.errors import InvalidMove, NotFound
from geodata.services import coverage


def close(
    session: Session, ground: Ground, key: tuple[str, str], leader: str, now: datetime
) -> int:
    """The group that closes a gap of a kind and code, with its leader by name.

    A new group serves the buildings of its grid that none served. Raises NotFound ``no_gap`` where
    there is none such (any more) on one's ground; InvalidMove ``leader_unnamed``, and
    ``no_party_above`` where the community has no party organisation.
    """
    gap = coverage.to_close(session, ground, key, now)
    if gap is None or gap.grid is None:
        raise NotFound("no_gap")
    name = " ".join(leader.split())
    if not name:
        raise InvalidMove("leader_unnamed")
    return _closed(session, gap, name)


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
