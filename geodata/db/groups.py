"""Party groups as they are set up, led and given grids: what an official changes by hand."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from sqlalchemy import delete, func, insert, select, text, update
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.orm import Session

from geodata.db.tables import building, grid, joint_group, party_org

_org, _home = party_org.c, building.c
COLOURS: Final = 8

_BESIDE: Final = text("""
    select distinct party_org.colour
    from boundary as own
    join boundary as other on upper_inf(other.valid) and ST_Intersects(own.shape, other.shape)
    join party_org on party_org.grid_id = other.grid_id and party_org.tier = 'group'
    where own.grid_id = :grid and upper_inf(own.valid) and party_org.colour is not null
""")

_GIVEN_BACK: Final = text("""
    with beside as (
        select building.id, coalesce(
            (select min(own.id) from party_org as own
                where own.grid_id = building.grid_id and own.tier = 'group'),
            joint_group.group_id) as home
        from building join party_org on party_org.id = building.party_group_id
        left join joint_group on joint_group.grid_id = building.grid_id
        where building.party_group_id = :group and building.grid_id <> party_org.grid_id
            and (cast(:grid as text) is null or building.grid_id = (
                select grid.id from grid where grid.code = :grid))
    )
    update building set party_group_id = beside.home from beside
    where building.id = beside.id and beside.home <> :group
    returning building.id
""")


def colour_for(session: Session, number: int) -> int:
    """A colour of the map that no group of a neighbouring grid has, where one is left."""
    taken = {int(row.colour) for row in session.execute(_BESIDE, {"grid": number})}
    return next((colour for colour in range(COLOURS) if colour not in taken), 0)


def add(session: Session, grid_code: str, leader: str) -> int | None:
    """The id of a new group of a grid, below its community's party organisation, if it has one."""
    owner = session.execute(
        select(grid.c.id, grid.c.name, grid.c.community_code).where(grid.c.code == grid_code)
    ).one()
    above = select(func.min(_org.id)).where(
        _org.tier == "community", _org.community_code == owner.community_code
    )
    parent = session.scalar(above)
    if parent is None:
        return None
    own = select(func.count()).where(_org.grid_id == owner.id, _org.tier == "group")
    there = int(session.scalar(own) or 0)
    new = insert(party_org).values(
        tier="group",
        parent_id=parent,
        name=f"{owner.name}第{there + 1}党小组" if there else f"{owner.name}党小组",
        secretary=leader,
        grid_id=owner.id,
        colour=colour_for(session, owner.id),
    )
    number = int(session.scalars(new.returning(_org.id)).one())
    enrol(session, number, grid_code)
    return number


def lead(session: Session, number: int, leader: str) -> None:
    """Let somebody lead a group."""
    session.execute(update(party_org).where(_org.id == number).values(secretary=leader))


def home(session: Session, number: int) -> tuple[str, str] | None:
    """The community and the grid that a group belongs to, by their codes; None without a group."""
    query = (
        select(grid.c.community_code, grid.c.code)
        .join(party_org, _org.grid_id == grid.c.id)
        .where(_org.id == number, _org.tier == "group")
    )
    found = session.execute(query).first()
    return None if found is None else (str(found.community_code), str(found.code))


def take_over(session: Session, number: int, grid_code: str, now: datetime) -> int:
    """Give a grid with all its buildings to a group of another one; how many buildings."""
    owner = int(session.scalars(select(grid.c.id).where(grid.c.code == grid_code)).one())
    new = pg.insert(joint_group).values(grid_id=owner, group_id=number, since=now)
    again = {"group_id": new.excluded.group_id, "since": new.excluded.since}
    session.execute(new.on_conflict_do_update(index_elements=["grid_id"], set_=again))
    given = update(building).where(_home.grid_id == owner, _home.kind == "building")
    return len(session.execute(given.values(party_group_id=number).returning(_home.id)).all())


def join(session: Session, number: int, code: str) -> None:
    """Let a group serve a building."""
    session.execute(update(building).where(_home.code == code).values(party_group_id=number))


def give_back(session: Session, number: int, grid_code: str | None = None) -> int:
    """Give a group's buildings in other grids, or in one, to the groups there; how many."""
    told = {"group": number, "grid": grid_code}
    return len(session.execute(_GIVEN_BACK, told).all())


def take_in(session: Session, number: int, giver: int) -> int:
    """Give a group the buildings of its own grid that another one served; how many.

    The grid is the other one's no more, if it was given to it.
    """
    own = select(_org.grid_id).where(_org.id == number).scalar_subquery()
    session.execute(delete(joint_group).where(joint_group.c.grid_id == own))
    here = _home.grid_id == own, _home.party_group_id == giver
    taken = update(building).where(*here).values(party_group_id=number)
    return len(session.execute(taken.returning(_home.id)).all())


def enrol(session: Session, number: int, grid_code: str) -> int:
    """Let a group serve the buildings of a grid that none serves; how many."""
    own = select(grid.c.id).where(grid.c.code == grid_code).scalar_subquery()
    bare = _home.grid_id == own, _home.kind == "building", _home.party_group_id.is_(None)
    taken = update(building).where(*bare).values(party_group_id=number)
    return len(session.execute(taken.returning(_home.id)).all())


def unserved(session: Session, grid_codes: Iterable[str]) -> dict[str, int]:
    """How many buildings no group serves in each of some grids, by code; those with any."""
    query = (
        select(grid.c.code, func.count().label("count"))
        .join(building, _home.grid_id == grid.c.id)
        .where(grid.c.code.in_(list(grid_codes)), _home.kind == "building")
        .where(_home.party_group_id.is_(None))
        .group_by(grid.c.code)
    )
    return {str(code): int(count) for code, count in session.execute(query).all()}


def unserved_among(session: Session, buildings: Iterable[int]) -> int:
    """How many of some buildings (ids) no group serves."""
    bare = _home.id.in_(list(buildings)), _home.kind == "building", _home.party_group_id.is_(None)
    return int(session.scalar(select(func.count()).where(*bare)) or 0)
