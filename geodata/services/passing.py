"""Passing an issue on to another grid: whose matter it is, without saying where it lies."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import RowMapping
from sqlalchemy.orm import Session

from geodata.db import own_ground, passing
from geodata.domain.privacy import masked_name
from geodata.domain.roles import TABLE, Action, Role
from geodata.errors import InvalidMove

STEP: Final = "pass_over"
RULE: Final = "passed"


def beside(session: Session, numbers: Sequence[int]) -> dict[int, list[dict[str, Any]]]:
    """By grid (id) those that it can pass on to: code, name and the workers' masked names."""
    rows = passing.beside(session, numbers) if numbers else []
    served: dict[int, list[str]] = {}
    for one in own_ground.workers(session, [row["id"] for row in rows]) if rows else ():
        served.setdefault(one["grid_id"], []).append(masked_name(one["name"]))
    told: dict[int, list[dict[str, Any]]] = {}
    for row in rows:
        known = {"code": row["code"], "name": row["name"], "workers": served.get(row["id"], [])}
        told.setdefault(row["home"], []).append(known)
    return told


def told(session: Session, events: Sequence[RowMapping]) -> list[dict[str, Any]]:
    """The history with the names of the grids between which an issue was passed on.

    They stand in the detail of such a step as ``from_name`` and ``grid_name``, a code where no grid
    bears it any more.
    """
    steps = [event["detail"] or {} for event in events if event["kind"] == STEP]
    codes = {one[end] for one in steps for end in ("from", "grid") if one.get(end)}
    names = passing.names(session, sorted(codes)) if codes else {}
    return [
        {**event, "detail": _with_names(event["detail"], names)}
        if event["kind"] == STEP and event["detail"]
        else dict(event)
        for event in events
    ]


def _with_names(detail: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    ends = [end for end in ("from", "grid") if detail.get(end)]
    return detail | {f"{end}_name": names.get(detail[end], detail[end]) for end in ends}


def passed(session: Session, row: RowMapping, code: str, roles: frozenset[Role]) -> dict[str, Any]:
    """What an issue (a row of `moves.held`) becomes when it is passed on to a grid.

    Workers pass on once, and then their community decides. Raises InvalidMove ``passed_already``,
    or ``no_grid_beside`` where the grid is neither beside its own nor in its community.
    """
    if row["rule"] == RULE and not any(Action.DISPATCH_ISSUE in TABLE[role] for role in roles):
        raise InvalidMove("passed_already")
    return _given(passing.beside(session, [row["grid_id"]]) if row["grid_id"] else [], row, code)


def _given(found: Sequence[RowMapping], row: RowMapping, code: str) -> dict[str, Any]:
    for one in found:
        if one["code"] == code:
            return _written(one, row)
    raise InvalidMove("no_grid_beside", grid=code)


def _written(to: RowMapping, row: RowMapping) -> dict[str, Any]:
    return {
        "grid_id": to["id"],
        "boundary_id": to["boundary_id"],
        "community_code": to["community_code"],
        "rule": RULE,
        "border_m": None,
        "runner_up_id": row["grid_id"],
        "runner_up_m": None,
    }
