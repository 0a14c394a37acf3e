"""The people of redrawn grids: posts and party groups that follow the ground, and who is told."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping
from sqlalchemy.orm import Session

from geodata.db import ground, successions, workloads
from geodata.domain.workload import Figures
from geodata.services import redraw_joints
from geodata.services.redraws import Drawn


@dataclass(frozen=True)
class Before:
    """Who stood where, and what each grid held, before a plan was published."""

    posts: Sequence[RowMapping]
    figures: Mapping[int, Figures]


def retire(
    session: Session, drawn: Drawn, ids: Mapping[str, int], at: datetime
) -> dict[str, list[dict[str, Any]]]:
    """Grids without ground are no more: posts end, party groups go to an heir.

    What must be known to take that back: ``handed`` party groups (group, grid, heir: ids),
    ``ended`` posts (id, until), and what `redraw_joints.hand_on` tells.
    """
    heirs = {ids[code]: ids[heir] for code, heir in drawn.heirs().items()}
    gone = [ids[code] for code in drawn.gone]
    handed = [
        {"group": row["id"], "grid": row["grid_id"], "heir": heirs[row["grid_id"]]}
        for row in successions.owned(session, list(heirs))
    ]
    ended = [
        {"id": row["id"], "until": row["until"].isoformat() if row["until"] else None}
        for row in workloads.posted(session, gone)
    ]
    joint = redraw_joints.hand_on(session, drawn, ids, at)
    ground.hand_over(session, heirs)
    ground.retire(session, gone, at)
    return {"handed": handed, "ended": ended, **joint}


def revive(session: Session, report: Mapping[str, Any], at: datetime) -> dict[str, int]:
    """What a plan took from people, given back where nothing came between.

    Party groups that their heir still has, posts whose worker has taken up no other, and grids
    that a group of another had; how many ``groups``, ``posts`` and ``joint``.
    """
    handed = report.get("handed", [])
    groups = sum(
        successions.give_back(session, one["group"], one["heir"], one["grid"]) for one in handed
    )
    posts = successions.revive(session, json.dumps(report.get("ended", [])), at)
    joint = redraw_joints.give_back(session, report)
    return {"groups": groups, "posts": posts, "joint": joint}


def tell(
    session: Session,
    plan: RowMapping,
    codes: Mapping[int, str],
    before: Before,
    after: Mapping[int, Figures],
    issues: Sequence[tuple[int, int | None, int | None]],
    at: datetime,
) -> int:
    """Tell each worker of the grids that changed what became of their own; how many were told."""
    gained = Counter(now for _, _, now in issues)
    lost = Counter(was for _, was, _ in issues)
    own: dict[int, list[dict[str, Any]]] = {}
    for post in before.posts:
        number = int(post["grid_id"])
        if number in codes:
            own.setdefault(int(post["worker_id"]), []).append(
                {
                    "grid": codes[number],
                    "ended": number not in after,
                    "before": _brief(before.figures.get(number)),
                    "after": _brief(after.get(number)),
                    "issues_in": gained[number],
                    "issues_out": lost[number],
                }
            )
    said = {"kind": "redraw", "plan_id": plan["id"], "at": at}
    rows = [
        {**said, "worker_id": worker, "detail": {"name": plan["name"], "grids": grids}}
        for worker, grids in sorted(own.items())
    ]
    successions.tell(session, rows)
    return len(rows)


def _brief(figures: Figures | None) -> dict[str, Any]:
    """The figures that a worker is told."""
    told = asdict(figures or Figures())
    return {name: told[name] for name in ("buildings", "households", "residents", "open_issues")}
