"""Locks on single grids: who holds one, why and until when. The database's clock tells."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    ARRAY,
    Integer,
    RowMapping,
    any_,
    bindparam,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Session

from geodata.db.scoping import Ground, within
from geodata.db.tables import grid, grid_lock

_HELD: Final = grid_lock.c.released_at.is_(None) & or_(
    grid_lock.c.until.is_(None), grid_lock.c.until > func.clock_timestamp()
)
_QUERY: Final = (
    select(
        *(grid_lock.c.id, grid_lock.c.grid_id, grid_lock.c.reason, grid_lock.c.locked_by),
        *(grid_lock.c.locked_at, grid_lock.c.until, grid.c.code, grid.c.community_code),
    )
    .join(grid, grid.c.id == grid_lock.c.grid_id)
    .where(_HELD)
    .order_by(grid.c.code)
)


def held(session: Session, ids: Sequence[int]) -> dict[int, RowMapping]:
    """The locks on some grids that hold now, by the id of the grid.

    Keys: id, grid_id, reason, locked_by, locked_at, until, code, community_code.
    """
    asked = bindparam("ids", list(ids), type_=ARRAY(Integer))
    found = session.execute(_QUERY.where(grid_lock.c.grid_id == any_(asked))).mappings()
    return {int(row["grid_id"]): row for row in found}


def listing(session: Session, ground: Ground, community: str | None) -> Sequence[RowMapping]:
    """The locks that hold now on some ground, by the code of the grid; keys as `held`."""
    query = _QUERY.where(within(ground, grid.c.community_code))
    if community is not None:
        query = query.where(grid.c.community_code == community)
    return session.execute(query).mappings().all()


def one(session: Session, number: int) -> RowMapping | None:
    """A lock that holds now; keys as `held`."""
    return session.execute(_QUERY.where(grid_lock.c.id == number)).mappings().first()


def add(session: Session, values: Mapping[str, Any]) -> int:
    """Lock a grid; its old lock, if its time is over, is released. The id of the lock."""
    over = (grid_lock.c.grid_id == values["grid_id"]) & grid_lock.c.released_at.is_(None)
    session.execute(update(grid_lock).where(over, ~_HELD).values(released_at=grid_lock.c.until))
    return int(session.scalars(insert(grid_lock).values(**values).returning(grid_lock.c.id)).one())


def release(session: Session, number: int, by: str, at: datetime) -> None:
    """Let go of a lock."""
    values = {"released_by": by, "released_at": at}
    session.execute(update(grid_lock).where(grid_lock.c.id == number).values(**values))
