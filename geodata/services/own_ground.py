"""My grid: a worker's own ground with what is open on it and what can be done next."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import RowMapping
from sqlalchemy.orm import Session

from geodata.db import own_ground
from geodata.domain.privacy import masked, masked_name
from geodata.services import issues, moves, passing
from geodata.services.moves import Mover

MOST: Final = 300
"""So many open issues a phone can list; the nearest deadlines come first."""


def found(session: Session, codes: Sequence[str], mover: Mover, now: datetime) -> dict[str, Any]:
    """The grids of these codes, their open issues with the next steps, and near neighbours.

    Shapes are GeoJSON in degrees, longitude first.
    """
    grids = own_ground.grids(session, codes)
    rows = own_ground.open_issues(session, [grid["id"] for grid in grids], MOST + 1)
    beside = _beside(session, rows)
    others = passing.beside(session, [grid["id"] for grid in grids])
    return {
        "grids": [
            {key: grid[key] for key in _SHOWN} | {"beside": others.get(grid["id"], [])}
            for grid in grids
        ],
        "issues": [_told(row, mover, now, beside) for row in rows[:MOST]],
        "more": len(rows) > MOST,
        "departments": moves.departments(session),
    }


_SHOWN: Final = ("code", "name", "community", "community_code", "shape", "open")


def _told(
    row: RowMapping, mover: Mover, now: datetime, beside: Mapping[int, list[str]]
) -> dict[str, Any]:
    near = row["runner_up_id"]
    return {
        **issues.item(row, now),
        "handler": row["handler"],
        "supervision": row["supervision"],
        "on_the_way": bool(row["on_the_way"]),
        "joined": row["joined"],
        "again": row["again"] and {**row["again"], "note": masked(row["again"]["note"])},
        "steps": _steps(row, mover, now),
        "neighbour": near
        and {
            "name": row["runner_up_name"],
            "distance_m": row["runner_up_m"],
            "workers": beside.get(near, []),
        },
    }


def _steps(row: RowMapping, mover: Mover, now: datetime) -> list[str]:
    """What can be done next; whoever has set out need not set out again."""
    offered = moves.offered_on(row, mover.standing, now)
    return [name for name in offered if not (name == "set_out" and row["on_the_way"])]


def _beside(session: Session, rows: Sequence[RowMapping]) -> dict[int, list[str]]:
    """Who stands in the neighbour grids that issues near the border may belong to."""
    numbers = sorted({row["runner_up_id"] for row in rows if row["runner_up_id"]})
    told: dict[int, list[str]] = {}
    for one in own_ground.workers(session, numbers) if numbers else ():
        told.setdefault(one["grid_id"], []).append(masked_name(one["name"]))
    return told
