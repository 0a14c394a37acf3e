"""The grids that an issue can be passed on to: those beside its own, and those of its community."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import RowMapping, select, text
from sqlalchemy.orm import Session

from geodata.db.tables import grid

_BESIDE: Final = text("""
    with home as (
        select grid.id, grid.community_code, boundary.shape
        from grid join boundary on boundary.grid_id = grid.id and upper_inf(boundary.valid)
        where grid.id = any(:grids)
    ), found as (
        select home.id as home, boundary.grid_id, true as touches
        from home join boundary on upper_inf(boundary.valid)
            and boundary.shape && home.shape and ST_Intersects(boundary.shape, home.shape)
        union all
        select home.id, grid.id, false from home join grid using (community_code)
    )
    select found.home, grid.id, grid.code, grid.name, grid.community_code,
        boundary.id as boundary_id, bool_or(found.touches) as touches
    from found join grid on grid.id = found.grid_id
    join boundary on boundary.grid_id = grid.id and upper_inf(boundary.valid)
    where grid.kind <> 'uncovered' and grid.retired_at is null and grid.id <> found.home
    group by found.home, grid.id, boundary.id
    order by found.home, bool_or(found.touches) desc, grid.code
""")


def beside(session: Session, numbers: Sequence[int]) -> Sequence[RowMapping]:
    """For each of some grids (by id, as `home`) the present ones that it can pass on to.

    Keys: home, id, code, name, community_code, boundary_id, touches; neighbours first.
    """
    return session.execute(_BESIDE, {"grids": list(numbers)}).mappings().all()


def names(session: Session, codes: Sequence[str]) -> dict[str, str]:
    """The names of grids by their codes, the present one's where several bore a code."""
    asked = select(grid.c.code, grid.c.name).where(grid.c.code.in_(list(codes)))
    return {row.code: row.name for row in session.execute(asked.order_by(grid.c.id))}
