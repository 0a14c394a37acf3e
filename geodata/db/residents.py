"""What stands on the ground and who serves it, as lists and layers bring it in."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from shapely.geometry.base import BaseGeometry
from sqlalchemy import RowMapping, Table, func, insert, select, text, true, update
from sqlalchemy.orm import Session

from geodata.db.columns import ewkb
from geodata.db.scoping import WHOLE, Ground, within
from geodata.db.tables import (
    boundary,
    building,
    grid,
    grid_worker,
    party_org,
    post,
    resident_unit,
)

_HOMES: Final = text("""
    select distinct on (spot.number) spot.number - 1 as number, grid.id, grid.community_code
    from unnest(cast(:places as text[])) with ordinality as spot (place, number)
    join boundary on upper_inf(boundary.valid)
        and ST_Covers(boundary.shape, spot.place::geometry)
    join grid on grid.id = boundary.grid_id
    order by spot.number, grid.kind = 'uncovered', grid.code
""")


_BUILDING_TWINS: Final = text("""
    select building.id from unnest(cast(:shapes as text[])) as given (shape)
    join building on building.outline ~= given.shape::geometry
""")
_ROAD_TWINS: Final = text("""
    select road.id from unnest(cast(:shapes as text[])) as given (shape)
    join road on road.shape ~= given.shape::geometry
""")

Shapes = Sequence[BaseGeometry]


def cells_at(session: Session, places: Sequence[BaseGeometry]) -> dict[int, tuple[int, str]]:
    """The cell (id, community) that covers each place (degrees), by the place's position.

    On a border the lowest code; ground in no grid is a cell too. Places outside have none.
    """
    if not places:
        return {}
    rows = session.execute(_HOMES, {"places": [ewkb(place) for place in places]})
    return {int(row.number): (int(row.id), str(row.community_code)) for row in rows}


def buildings_by_code(session: Session, codes: Sequence[str]) -> dict[str, RowMapping]:
    """Buildings that have one of the codes."""
    query = select(building).where(building.c.code.in_(list(codes)))
    return {str(row["code"]): row for row in session.execute(query).mappings()}


def twins(session: Session, table: Table, column: str, shapes: Shapes) -> list[RowMapping]:
    """Rows whose shape fills the very box of one of these shapes (degrees, on the lattice)."""
    if not shapes:
        return []
    statement = _BUILDING_TWINS if column == "outline" else _ROAD_TWINS
    ids = session.scalars(statement, {"shapes": [ewkb(shape) for shape in shapes]}).all()
    query = select(table).where(table.c.id.in_(list(ids))).order_by(table.c.id)
    return list(session.execute(query).mappings())


def last_building(session: Session, community: str) -> int:
    """The highest number that a building's code has behind its community's code."""
    tail = func.substr(building.c.code, len(community) + 1)
    query = select(func.max(tail)).where(
        func.starts_with(building.c.code, community), tail.regexp_match("^[0-9]{5}$")
    )
    return int(session.scalar(query) or 0)


def building_names(session: Session) -> Sequence[RowMapping]:
    """Code, address, name, community and grid of all buildings, by id."""
    query = select(
        *(building.c.id, building.c.code, building.c.address, building.c.name),
        *(building.c.community_code, building.c.grid_id, building.c.party_group_id),
    )
    return session.execute(query.order_by(building.c.id)).mappings().all()


def grids(session: Session) -> Sequence[RowMapping]:
    """The grids of the present: id, code, name, community_code."""
    query = (
        select(grid.c.id, grid.c.code, grid.c.name, grid.c.community_code)
        .join(boundary, boundary.c.grid_id == grid.c.id)
        .where(func.upper_inf(boundary.c.valid), grid.c.kind != "uncovered")
        .order_by(grid.c.code)
    )
    return session.execute(query).mappings().all()


def workers(session: Session, ground: Ground = WHOLE) -> Sequence[RowMapping]:
    """Grid workers who have or had a post on some ground, of the whole all: id, name."""
    served = select(post.c.worker_id).join(grid, grid.c.id == post.c.grid_id)
    here = served.where(within(ground, grid.c.community_code, grid.c.id))
    query = select(grid_worker).where(true() if ground.whole else grid_worker.c.id.in_(here))
    return session.execute(query.order_by(grid_worker.c.id)).mappings().all()


def posts(session: Session) -> Sequence[RowMapping]:
    """The posts of the present, with the worker's name."""
    query = (
        select(post, grid_worker.c.name)
        .join(grid_worker, grid_worker.c.id == post.c.worker_id)
        .where(post.c.during.op("@>")(func.clock_timestamp()))
    )
    return session.execute(query).mappings().all()


def orgs(session: Session) -> Sequence[RowMapping]:
    """All party organisations."""
    return session.execute(select(party_org).order_by(party_org.c.id)).mappings().all()


def units(session: Session) -> Sequence[RowMapping]:
    """All resident units."""
    return session.execute(select(resident_unit).order_by(resident_unit.c.id)).mappings().all()


def join_group(session: Session, group: int, buildings: Sequence[int]) -> int:
    """Buildings (by id) belong to a party group; how many did not before."""
    query = (
        update(building)
        .where(
            building.c.id.in_(list(buildings)), building.c.party_group_id.is_distinct_from(group)
        )
        .values(party_group_id=group)
    )
    return int(getattr(session.execute(query), "rowcount", 0))


def add_many(session: Session, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows that have the same columns."""
    if rows:
        session.execute(insert(table), list(rows))
