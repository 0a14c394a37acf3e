"""Names that people gave to places by correcting an address."""

from shapely.geometry.base import BaseGeometry
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from geodata.db.tables import alias


def add(
    session: Session, said: str, label: str, place: BaseGeometry, building_id: int | None
) -> None:
    """Store what a place (degrees, on the lattice) is called; twice the same is once."""
    row = {"said": said, "label": label, "place": place, "building_id": building_id}
    session.execute(insert(alias).values(row).on_conflict_do_nothing())


def known(session: Session, said: str) -> bool:
    """Whether a text in normal form is an alias already."""
    return session.scalar(select(alias.c.id).where(alias.c.said == said).limit(1)) is not None


def count(session: Session) -> int:
    """How many are known."""
    return int(session.scalar(select(func.count()).select_from(alias)) or 0)
