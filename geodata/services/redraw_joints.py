"""Grids that a party group of another grid has taken over, when their ground is redrawn."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from geodata.db import successions
from geodata.domain.cells import UNCOVERED
from geodata.domain.exchange import exchanges
from geodata.services.redraws import Drawn


def passed(drawn: Drawn, joint: Mapping[str, int], owning: Collection[str]) -> dict[str, int]:
    """The group (id) of another grid that each grid is given afterwards, by its code in the plan.

    A new grid has that of whoever gave it most of its ground. That of a grid that is no more goes
    to its heir, if that has none. A grid that owns a group needs none of another. `joint` and
    `owning` say how it was, by code.
    """
    if not joint:
        return {}
    heirs = drawn.heirs()
    kept = {code: group for code, group in joint.items() if code not in heirs}
    kept |= _inherited(drawn, joint)
    for code, heir in sorted(heirs.items()):
        if code in joint:
            kept.setdefault(heir, joint[code])
    owners = {heirs.get(code, code) for code in owning}
    own = {code for code in kept if code in owners or code not in drawn.after}
    return {code: group for code, group in kept.items() if code not in own}


def _inherited(drawn: Drawn, joint: Mapping[str, int]) -> dict[str, int]:
    """The groups of new grids by code, from whoever gave most of their ground."""
    largest: dict[str, tuple[float, str]] = {}
    for one in exchanges(drawn.before, drawn.after, drawn.changed):
        if one.taker not in drawn.before and one.taker[0] != UNCOVERED:
            share = (float(one.shape.area), one.giver)
            largest[one.taker] = max(largest.get(one.taker, share), share)
    return {code: joint[giver] for code, (_, giver) in largest.items() if giver in joint}


def before(session: Session, drawn: Drawn) -> tuple[dict[str, int], set[str]]:
    """Which grids of those that change are given to a group of another (id), and which own one."""
    codes = {int(drawn.rows[c]["id"]): c for c in drawn.changed if c in drawn.rows}
    if not codes:
        return {}, set()
    numbers = {**codes, **{int(row["id"]): code for code, row in drawn.rows.items()}}
    joint = {codes[row["grid_id"]]: row["group_id"] for row in successions.joint(session, codes)}
    owning = {numbers[grid] for grid in successions.owners(session, numbers)} if joint else set()
    return joint, owning


def hand_on(
    session: Session, drawn: Drawn, ids: Mapping[str, int], at: datetime
) -> dict[str, list[dict[str, Any]]]:
    """Let the heirs have the groups that were given to grids; before their own are handed over.

    What must be known to take that back: ``joint`` as it was and ``joint_now`` (grid, group,
    since: ids), each only where it differs.
    """
    joint, owning = before(session, drawn)
    after = {ids[code]: group for code, group in passed(drawn, joint, owning).items()}
    was = {ids[code]: group for code, group in joint.items()}
    lost = {grid: group for grid, group in was.items() if after.get(grid) != group}
    new = {grid: group for grid, group in after.items() if was.get(grid) != group}
    since = successions.end_joint(session, lost)
    successions.make_joint(session, _rows(new, at))
    told = [{**row, "since": since.get(row["grid_id"], at).isoformat()} for row in _rows(lost, at)]
    now = [{**row, "since": at.isoformat()} for row in _rows(new, at)]
    return {"joint": told, "joint_now": now}


def _rows(groups: Mapping[int, int], at: datetime) -> list[dict[str, Any]]:
    pairs = sorted(groups.items())
    return [{"grid_id": grid, "group_id": group, "since": at} for grid, group in pairs]


def give_back(session: Session, report: Mapping[str, Any]) -> int:
    """What a plan changed, as it was where nobody has changed it since; how many are back."""
    now: Sequence[Mapping[str, Any]] = report.get("joint_now", [])
    successions.end_joint(session, {row["grid_id"]: row["group_id"] for row in now})
    return successions.make_joint(session, report.get("joint", []))
