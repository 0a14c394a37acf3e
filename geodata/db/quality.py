"""What the checks of the present division are made on."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import RowMapping, func, select
from sqlalchemy.orm import Session

from geodata.db.tables import boundary, building, community, district, grid, street


def cells(session: Session) -> Sequence[RowMapping]:
    """All present cells, uncovered ground too: code, scheme, kind, name, community, shape."""
    return (
        session.execute(
            select(
                *(grid.c.code, grid.c.code_scheme, grid.c.kind, grid.c.name),
                *(grid.c.community_code, grid.c.multipart, boundary.c.shape),
            )
            .join(boundary, boundary.c.grid_id == grid.c.id)
            .where(func.upper_inf(boundary.c.valid))
            .order_by(grid.c.code, grid.c.community_code)
        )
        .mappings()
        .all()
    )


def communities(session: Session) -> dict[str, Any]:
    """The ground of each community by its code; None where it has none."""
    rows = session.execute(select(community.c.code, community.c.shape))
    return {row.code: row.shape for row in rows}


def streets(session: Session) -> list[str]:
    """The codes of all streets."""
    return list(session.scalars(select(street.c.code)))


def houses_in_no_grid(session: Session) -> Sequence[RowMapping]:
    """The buildings whose door lies in no grid: code (their community's where none), outline."""
    at = building.c
    code = func.coalesce(at.code, at.community_code).label("code")
    query = select(code, at.outline).where(at.grid_id.is_(None), at.kind == "building")
    return session.execute(query.order_by(at.id)).mappings().all()


def ground(session: Session) -> Any:
    """The ground of the district, which its cells fill; None before a load."""
    return session.scalar(select(district.c.shape).order_by(district.c.code).limit(1))
