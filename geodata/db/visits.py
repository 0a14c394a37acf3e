"""Visits to grids: kept by day and by who says so."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from sqlalchemy import RowMapping, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from geodata.db.tables import account, grid, grid_visit

_told = grid_visit.c


def present(session: Session, code: str) -> RowMapping | None:
    """Id, name and community of a grid of now; None where there is none of that code."""
    query = select(grid.c.id, grid.c.name, grid.c.community_code).where(
        grid.c.code == code, grid.c.kind != "uncovered", grid.c.retired_at.is_(None)
    )
    return session.execute(query).mappings().one_or_none()


def record(session: Session, visit: Mapping[str, Any]) -> None:
    """Store a visit; of the same day by the same account the last note that says something."""
    new = insert(grid_visit).values(**visit)
    note = func.coalesce(func.nullif(new.excluded.note, ""), _told.note)
    kept = new.on_conflict_do_update(
        index_elements=[_told.grid_id, _told.day, _told.account_id],
        set_={"note": note, "at": func.greatest(new.excluded.at, _told.at)},
    )
    session.execute(kept)


def latest(session: Session, code: str, most: int) -> Sequence[Mapping[str, Any]]:
    """The last visits to a grid (code): day, note, and the name of who said so."""
    query = (
        select(_told.day, _told.note, account.c.name.label("by"))
        .join(grid, grid.c.id == _told.grid_id)
        .join(account, account.c.id == _told.account_id)
        .where(grid.c.code == code)
        .order_by(_told.at.desc(), _told.id.desc())
        .limit(most)
    )
    return cast("Sequence[Mapping[str, Any]]", session.execute(query).mappings().all())
