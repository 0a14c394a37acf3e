"""Rulings on addresses: the last one stands."""

from collections.abc import Mapping
from typing import Any

from shapely.geometry import Point
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from geodata.db.tables import ruling


def keep(session: Session, row: Mapping[str, Any]) -> None:
    """Store a ruling in place of one that was given before."""
    new = insert(ruling).values(**row)
    again = {name: new.excluded[name] for name in ("place", "note", "account_id", "at")}
    session.execute(new.on_conflict_do_update(index_elements=["said"], set_=again))


def place(session: Session, said: str) -> Point | None:
    """Where an address (in normal form) lies by a ruling, in degrees; None without one."""
    found = session.scalar(select(ruling.c.place).where(ruling.c.said == said))
    return found if isinstance(found, Point) else None
