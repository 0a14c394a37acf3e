"""Service stations among the places of the district."""

from typing import Final

from shapely.geometry.base import BaseGeometry
from sqlalchemy import exists, func, insert, select, text
from sqlalchemy.orm import Session

from geodata.db.tables import community, place

KIND: Final = "service"
_LOCK: Final = text("select pg_advisory_xact_lock(hashtext('wangge stations'))")


def is_known(session: Session, code: str, name: str) -> bool:
    """Whether a community (code) has a station of a name; none is added by others until commit."""
    session.execute(_LOCK)
    here = select(community.c.shape).where(community.c.code == code).scalar_subquery()
    same = (place.c.kind == KIND) & (place.c.name == name)
    return bool(session.scalar(select(exists().where(same, func.ST_Covers(here, place.c.shape)))))


def add(session: Session, name: str, address: str, shape: BaseGeometry) -> int:
    """Store a station at a point (degrees, lon, lat, on the lattice); its number."""
    row = {"name": name, "address": address, "kind": KIND, "shape": shape}
    return int(session.execute(insert(place).values(**row).returning(place.c.id)).scalar_one())
