"""Writing the ground: areas come into being, boundaries are closed and opened, under the lock."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from shapely.geometry.base import BaseGeometry
from sqlalchemy import RowMapping, Table, bindparam, delete, func, insert, select, text, update
from sqlalchemy.orm import Session

from geodata.db import bulk
from geodata.db.columns import Shape
from geodata.db.tables import (
    boundary,
    community,
    district,
    grid,
    issue_event,
    party_org,
    post,
    street,
)

_PRESENT: Final = func.upper_inf(boundary.c.valid)

_MOVED: Final = text("""
    with sent as (
        update issue set boundary_id = present.id
        from boundary ended join boundary present on present.grid_id = ended.grid_id
        where issue.boundary_id = ended.id and issue.is_open and issue.rule = 'passed'
            and not upper_inf(ended.valid) and upper_inf(present.valid)
            and issue.grid_id = present.grid_id
        returning issue.id
    ), near as (
        select id from issue
        where is_open and ST_Intersects(place, ST_Expand(cast(:ground as geometry), 0.001))
        union
        select issue.id from issue join boundary on boundary.id = issue.boundary_id
        where issue.is_open and issue.rule = 'passed' and not upper_inf(boundary.valid)
    ), waiting as (
        select issue.id, issue.grid_id, issue.boundary_id, issue.place,
               case issue.precision when 'pin' then 15 when 'door' then 10 when 'building' then 25
                   when 'place' then 50 when 'crossing' then 30 when 'road' then 300
                   else 0 end as error_m
        from near join issue using (id) left join boundary on boundary.id = issue.boundary_id
        where issue.place is not null
            and (issue.boundary_id is null or not upper_inf(boundary.valid)
                 or issue.rule = 'near')
            and not exists (
                select from boundary ended join boundary present using (grid_id)
                where issue.rule = 'passed' and ended.id = issue.boundary_id
                    and upper_inf(present.valid))
    ), found as (
        select waiting.id, waiting.grid_id as before, waiting.boundary_id as stood, g.*
        from waiting cross join lateral grid_at(waiting.place, null, waiting.error_m) as g
    ), moved as (
        update issue set grid_id = found.grid_id, boundary_id = found.boundary_id,
            rule = found.rule, border_m = found.border_m, runner_up_id = found.runner_up_id,
            runner_up_m = found.runner_up_m,
            community_code = coalesce(
                (select community_code from grid where grid.id = found.grid_id),
                issue.community_code)
        from found where issue.id = found.id
            and found.boundary_id is distinct from found.stood
        returning issue.id, issue.status, issue.grid_id, found.before
    )
    select id, status, grid_id, before from moved where grid_id is distinct from before
""")

_REHOUSED: Final = text("""
    update building set grid_id = home.id, community_code = home.community_code
    from (
        select distinct on (b.id) b.id as building_id, grid.id, grid.community_code
        from building b
        join boundary on upper_inf(boundary.valid) and ST_Covers(boundary.shape, b.door)
        join grid on grid.id = boundary.grid_id
        where ST_Intersects(b.door, cast(:ground as geometry))
        order by b.id, grid.kind = 'uncovered', grid.code
    ) as home
    where home.building_id = building.id
        and (building.grid_id is distinct from home.id
             or building.community_code <> home.community_code)
""")


def lock(session: Session, code: str) -> datetime:
    """Hold the ground of a district until commit; the database's time after that."""
    session.execute(select(func.lock_ground(code)))
    at: datetime = session.execute(select(func.clock_timestamp())).scalar_one()
    return at


def hold(session: Session) -> datetime:
    """Hold the ground of the store's district until commit; the database's time after that."""
    found = first(session)
    return lock(session, found["code"] if found is not None else "")


def present(session: Session) -> Sequence[RowMapping]:
    """All cells of the present, uncovered ones too.

    Keys: id (of the grid), boundary_id, code, name, kind, community_code, multipart, shape.
    """
    query = (
        select(
            *(grid.c.id, boundary.c.id.label("boundary_id"), grid.c.code, grid.c.name),
            *(grid.c.kind, grid.c.community_code, grid.c.multipart, boundary.c.shape),
        )
        .join(boundary, boundary.c.grid_id == grid.c.id)
        .where(_PRESENT)
        .order_by(grid.c.id)
    )
    return session.execute(query).mappings().all()


def open_cells(session: Session) -> Sequence[RowMapping]:
    """The cells for ground in no grid: id, community_code; with or without ground at present."""
    query = select(grid.c.id, grid.c.community_code).where(grid.c.kind == "uncovered")
    return session.execute(query).mappings().all()


def homes(session: Session, ids: Sequence[int]) -> dict[int, str]:
    """The community of each grid, by id."""
    query = select(grid.c.id, grid.c.community_code).where(grid.c.id.in_(list(ids)))
    return {int(row.id): str(row.community_code) for row in session.execute(query)}


def codes_below(session: Session, code: str) -> list[str]:
    """All codes of grids that a community ever had, retired ones too."""
    query = select(grid.c.code).where(grid.c.community_code == code, grid.c.code.is_not(None))
    return [str(found) for found in session.scalars(query)]


def grids_by_code(session: Session, codes: Sequence[str]) -> dict[str, RowMapping]:
    """Grids that have or had one of the codes: id, code, community_code, retired_at."""
    query = select(grid).where(grid.c.code.in_(list(codes)))
    return {str(row["code"]): row for row in session.execute(query).mappings()}


def streets(session: Session) -> Sequence[RowMapping]:
    """All streets, by code."""
    return session.execute(select(street).order_by(street.c.code)).mappings().all()


def communities(session: Session) -> Sequence[RowMapping]:
    """All communities, by code."""
    return session.execute(select(community).order_by(community.c.code)).mappings().all()


def add(session: Session, table: Table, values: Mapping[str, Any]) -> Any:
    """Insert one row; its primary key."""
    key = next(iter(table.primary_key.columns))
    return session.execute(insert(table).values(**values).returning(key)).scalar_one()


def change(session: Session, table: Table, key: Any, values: Mapping[str, Any]) -> None:
    """Change one row by its primary key."""
    column = next(iter(table.primary_key.columns))
    session.execute(update(table).where(column == key).values(**values))


def close(session: Session, ids: Sequence[int], at: datetime) -> None:
    """End present boundaries at a moment."""
    if ids:
        upper = func.tstzrange(func.lower(boundary.c.valid), at)
        session.execute(update(boundary).where(boundary.c.id.in_(list(ids))).values(valid=upper))


def remove(session: Session, ids: Sequence[int]) -> None:
    """Take back boundaries that never said anything: uncovered ground of a community without grids.

    For a first load only, whose grids have been in force since before.
    """
    if ids:
        session.execute(delete(boundary).where(boundary.c.id.in_(list(ids))))


def open_(
    session: Session,
    shapes: Iterable[tuple[int, BaseGeometry]],
    at: datetime,
    plan: int | None = None,
) -> None:
    """Give grids (by id) their ground from a moment on; shapes are MultiPolygons in degrees."""
    rows = [(number, shape, bulk.since(at), plan) for number, shape in shapes]
    bulk.copy(session, boundary, ("grid_id", "shape", "valid", "plan_id"), rows)


def retire(session: Session, ids: Sequence[int], at: datetime) -> None:
    """Grids are no more, nor the posts in them; their codes stay used."""
    if not ids:
        return
    session.execute(update(grid).where(grid.c.id.in_(list(ids))).values(retired_at=at))
    ended = func.tstzrange(func.lower(post.c.during), at)
    standing = post.c.grid_id.in_(list(ids)) & post.c.during.op("@>")(at)
    session.execute(update(post).where(standing).values(during=ended))


def posts_in(session: Session, ids: Sequence[int]) -> Sequence[RowMapping]:
    """How many posts stand in each of some grids at present: grid_id, count."""
    query = (
        select(post.c.grid_id, func.count().label("count"))
        .where(post.c.grid_id.in_(list(ids)), post.c.during.op("@>")(func.clock_timestamp()))
        .group_by(post.c.grid_id)
    )
    return session.execute(query).mappings().all()


def hand_over(session: Session, heirs: Mapping[int, int]) -> int:
    """Party organisations of grids that are no more go to their heirs; how many did."""
    if not heirs:
        return 0
    query = (
        update(party_org)
        .where(party_org.c.grid_id == bindparam("old"))
        .values(grid_id=bindparam("heir"))
    )
    owned = select(func.count()).where(party_org.c.grid_id.in_(list(heirs)))
    count = int(session.scalar(owned) or 0)
    if count:
        pairs = [{"old": old, "heir": heir} for old, heir in heirs.items()]
        session.connection().execute(query, pairs)
    return count


def cover(session: Session, table: Table, code: str, shape: BaseGeometry) -> None:
    """Set the ground of a district, street or community."""
    session.execute(update(table).where(table.c.code == code).values(shape=shape))


def rehouse(session: Session, ground: BaseGeometry) -> int:
    """Buildings on some ground (degrees) get the grid of their door; how many changed it."""
    found = session.execute(_REHOUSED.bindparams(bindparam("ground", ground, type_=Shape())))
    return int(getattr(found, "rowcount", 0))


def reassign(
    session: Session, ground: BaseGeometry, at: datetime, actor: str = "load", note: str = ""
) -> list[tuple[int, int | None, int | None]]:
    """Open issues on ground (degrees) that changed get their present grid, with an event each.

    Returns which changed hands: the issue's id, and the grid it was of and is of now.
    """
    query = _MOVED.bindparams(bindparam("ground", ground, type_=Shape()))
    moved = session.execute(query).mappings().all()
    events = [
        {
            "issue_id": row["id"],
            "at": at,
            "actor": actor,
            "kind": "reassigned",
            "status": row["status"],
            "grid_id": row["grid_id"],
            "note": note,
        }
        for row in moved
    ]
    if events:
        session.execute(insert(issue_event), events)
    return [(row["id"], row["before"], row["grid_id"]) for row in moved]


def first(session: Session) -> RowMapping | None:
    """The district of this store with its whole row, or None."""
    query = select(district).order_by(district.c.code).limit(1)
    return session.execute(query).mappings().first()
