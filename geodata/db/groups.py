"""Party groups as they are set up, led and given grids: what an official changes by hand."""

from datetime import datetime
from typing import Final

from sqlalchemy import func, insert, select, text, update
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
    new = insert(party_org).values(
        tier="group",
        parent_id=parent,
        name=f"{owner.name}党小组",
        secretary=leader,
        grid_id=owner.id,
        colour=colour_for(session, owner.id),
    )
    number = int(session.scalars(new.returning(_org.id)).one())
    bare = _home.grid_id == owner.id, _home.kind == "building", _home.party_group_id.is_(None)
    session.execute(update(building).where(*bare).values(party_group_id=number))
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


def give_back(session: Session, number: int) -> int:
    """Give a group's buildings in other grids to the groups of those; how many were given."""
    return len(session.execute(_GIVEN_BACK, {"group": number}).all())
