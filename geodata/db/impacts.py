"""Names for what a plan moves: issues, buildings and party groups by id."""

from collections.abc import Sequence

from sqlalchemy import RowMapping, func, select
from sqlalchemy.orm import Session

from geodata.db.tables import building, issue, issue_category, party_org


def issues(session: Session, ids: Sequence[int]) -> Sequence[RowMapping]:
    """Issues by id: id, public_id, ticket, category (code)."""
    query = (
        select(
            *(issue.c.id, issue.c.public_id, issue.c.ticket),
            issue_category.c.code.label("category"),
        )
        .join(issue_category, issue_category.c.id == issue.c.category_id)
        .where(issue.c.id.in_(list(ids)))
        .order_by(issue.c.id)
    )
    return session.execute(query).mappings().all()


def buildings(session: Session, ids: Sequence[int]) -> Sequence[RowMapping]:
    """Buildings by id: id, code, households."""
    query = select(building.c.id, building.c.code, building.c.households)
    return session.execute(query.where(building.c.id.in_(list(ids)))).mappings().all()


def laden(session: Session, grids: Sequence[int], most: int) -> Sequence[RowMapping]:
    """Party groups of some grids that serve more than so many: id, grid_id, households."""
    served = func.sum(building.c.households)
    query = (
        select(party_org.c.id, party_org.c.grid_id, served.label("households"))
        .join(building, building.c.party_group_id == party_org.c.id)
        .where(party_org.c.grid_id.in_(list(grids)), party_org.c.tier == "group")
        .where(building.c.kind == "building")
        .group_by(party_org.c.id)
        .having(served > most)
        .order_by(party_org.c.id)
    )
    return session.execute(query).mappings().all()


def groups_of_buildings(session: Session, ids: Sequence[int]) -> dict[int, str]:
    """The names of the party groups of some buildings, by id."""
    here = select(building.c.party_group_id).where(building.c.id.in_(list(ids)))
    query = select(party_org.c.id, party_org.c.name).where(party_org.c.id.in_(here))
    return {int(row.id): str(row.name) for row in session.execute(query)}
