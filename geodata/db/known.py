"""Features of the store that a new file can be compared with."""

from collections.abc import Sequence
from typing import Final

from shapely.geometry.base import BaseGeometry
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from geodata.db.tables import boundary, building, community, grid, road

_MOST: Final = 20_000
_FAR: Final = 0.003
"""Degrees."""

_NAMED_NEAR: Final = text("""
    with here as (select ST_SetSRID(ST_MakePoint(:lon, :lat), 4326) as place), near as (
        select name, shape <-> place as far from road, here
        where name <> '' and ST_DWithin(shape, place, :far)
        union all
        select coalesce(nullif(building.name, ''), address), door <-> place from building, here
        where address || building.name <> '' and ST_DWithin(door, place, :far)
    )
    select name from near order by far, name limit 1
""")


def features(session: Session, what: str) -> list[BaseGeometry]:
    """Outlines of buildings, courses of roads, or borders of grids and communities (degrees).

    `what` is ``buildings``, ``roads`` or ``borders``.
    """
    if what == "buildings":
        query = select(building.c.outline).order_by(building.c.id).limit(_MOST)
        return list(session.scalars(query))
    roads = list(session.scalars(select(road.c.shape).order_by(road.c.id).limit(_MOST)))
    if what == "roads":
        return roads
    cells = (
        select(boundary.c.shape)
        .join(grid, grid.c.id == boundary.c.grid_id)
        .where(func.upper_inf(boundary.c.valid), grid.c.kind != "uncovered")
        .limit(_MOST)
    )
    areas = select(community.c.shape).where(community.c.shape.is_not(None))
    shapes = [*session.scalars(cells), *session.scalars(areas)]
    return [*(shape.boundary for shape in shapes), *roads]


def named_near(session: Session, lon: float, lat: float) -> str:
    """What the road or the building nearest to a place (degrees) is called; empty beyond 300 m."""
    row = session.execute(_NAMED_NEAR, {"lon": lon, "lat": lat, "far": _FAR}).first()
    return str(row.name) if row else ""


def has_grids(session: Session) -> bool:
    """Whether any grid stands."""
    query = select(grid.c.id).where(grid.c.kind != "uncovered", grid.c.retired_at.is_(None))
    return session.execute(query.limit(1)).first() is not None


def places_of(session: Session, field: str, keys: Sequence[str]) -> dict[str, tuple[float, float]]:
    """Where the store has the middle of buildings, by ``code`` or ``address``: lon, lat."""
    column = building.c.code if field == "code" else building.c.address
    middle = func.ST_Centroid(building.c.outline)
    query = select(column, func.ST_X(middle), func.ST_Y(middle)).where(column.in_(list(keys)))
    rows = session.execute(query).all()
    said = [str(row[0]) for row in rows]
    return {str(key): (lon, lat) for key, lon, lat in rows if said.count(str(key)) == 1}
