"""Locks on single grids with a reason: while one holds, no plan changes the grid's ground."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import RowMapping
from sqlalchemy.orm import Session

from geodata.db import ground, locks
from geodata.db.scoping import Ground
from geodata.domain.cells import Cells
from geodata.domain.plan import FARTHEST
from geodata.errors import Conflict, InvalidMove, InvalidRedraw, NotFound, Remedy


def listing(session: Session, area: Ground, community: str | None) -> Sequence[RowMapping]:
    """The locks that hold on some ground.

    Keys: id, grid_id, reason, locked_by, locked_at, until, code, community_code.
    """
    return locks.listing(session, area, community)


def lock(
    session: Session,
    area: Ground,
    code: str,
    reason: str,
    until: datetime | None,
    by: str,
    now: datetime,
) -> RowMapping:
    """Lock a grid on one's ground.

    Raises NotFound ``no_grid``, Conflict ``grid_held`` where it is locked, InvalidMove
    ``day_past`` for an end that is over, ``day_too_far`` (days) for one beyond `FARTHEST`.
    """
    found = ground.grids_by_code(session, [code]).get(code)
    if found is None or found["retired_at"] or not area.covers(found["community_code"], code):
        raise NotFound("no_grid", grid=code)
    if until is not None and until <= now:
        raise InvalidMove("day_past", day=until.isoformat())
    if until is not None and until > now + FARTHEST:
        raise InvalidMove("day_too_far", day=until.isoformat(), days=FARTHEST.days)
    locked = locks.held(session, [found["id"]])
    if locked:
        raise Conflict("grid_held", **facts(locked[found["id"]]))
    values = {"grid_id": found["id"], "reason": reason, "locked_by": by, "locked_at": now}
    made = locks.one(session, locks.add(session, {**values, "until": until}))
    if made is None:
        raise InvalidMove("day_past", day=str(until))
    return made


def unlock(
    session: Session, own: Ground, above: Ground, number: int, by: str, now: datetime
) -> RowMapping:
    """Let go of a lock: one's own, or any on ground that one approves plans for (`above`).

    Raises NotFound ``no_lock``, InvalidMove ``lock_of_another``.
    """
    found = locks.one(session, number)
    if found is None or not own.covers(found["community_code"]):
        raise NotFound("no_lock")
    if found["locked_by"] != by and not above.covers(found["community_code"]):
        raise InvalidMove("lock_of_another", **facts(found))
    locks.release(session, number, by, now)
    return found


def held(session: Session, rows: Mapping[str, RowMapping]) -> dict[str, RowMapping]:
    """The locks on present cells (`rows` as stored, by code), by the code of the grid."""
    found = locks.held(session, [int(row["id"]) for row in rows.values()])
    return {str(lock["code"]): lock for lock in found.values()}


def refuse(before: Cells, changed: Iterable[str], held: Mapping[str, RowMapping]) -> None:
    """Raises InvalidRedraw ``grid_held`` where one of some locked grids would get other ground."""
    for code in sorted(held.keys() & set(changed)):
        place = before[code].degrees
        raise explained(InvalidRedraw("grid_locked", grid=code, place=place), held)


def facts(lock: RowMapping) -> dict[str, object]:
    """What is said of a lock: grid, reason, by, until."""
    until = lock["until"]
    return {
        "grid": lock["code"],
        "reason": lock["reason"],
        "by": lock["locked_by"],
        "until": until.isoformat() if until is not None else None,
    }


def explained(refused: InvalidRedraw, held: Mapping[str, RowMapping]) -> InvalidRedraw:
    """The refusal, with who locked the grid and why where that is what it is about."""
    lock_of = held.get(str(refused.facts.get("grid")))
    if refused.code != "grid_locked" or lock_of is None:
        return refused
    remedy = refused.remedy or Remedy("unlock_first")
    told = InvalidRedraw("grid_held", place=refused.place, remedy=remedy)
    told.facts |= facts(lock_of)
    return told
