"""Party groups as they are set up and led: what an official changes by hand."""

from typing import Final

from sqlalchemy import func, insert, select, text, update
from sqlalchemy.orm import Session

from geodata.db.tables import building, grid, party_org

_org, _home = party_org.c, building.c
COLOURS: Final = 8

_BESIDE: Final = text("""
    select distinct party_org.colour
    from boundary as own
    join boundary as other on upper_inf(other.valid) and ST_Intersects(own.shape, other.shape)
    join party_org on party_org.grid_id = other.grid_id and party_org.tier = 'group'
    where own.grid_id = :grid and upper_inf(own.valid) and party_org.colour is not null
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
