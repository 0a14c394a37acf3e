"""The shapes of streets, communities and grids, of the present or of another moment."""

from collections.abc import Sequence
from datetime import datetime

from shapely.geometry.base import BaseGeometry
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from geodata.db.tables import boundary, community, grid, street
from geodata.domain.coverage.measures import Tier


def of(
    session: Session, tier: Tier, codes: Sequence[str], at: datetime | None = None
) -> dict[str, BaseGeometry]:
    """The ground of areas of a tier by code, in degrees (EPSG:4326); grids as of a moment."""
    if tier != "grid":
        area = street if tier == "street" else community
        told = select(area.c.code, area.c.shape).where(area.c.code.in_(codes))
        rows = session.execute(told.where(area.c.shape.is_not(None)).order_by(area.c.code))
        return {str(row.code): row.shape for row in rows}
    valid = boundary.c.valid
    when = func.upper_inf(valid) if at is None else valid.contains(at)
    query = (
        select(grid.c.code, boundary.c.shape)
        .join(boundary, boundary.c.grid_id == grid.c.id)
        .where(grid.c.code.in_(codes), when)
        .order_by(grid.c.code)
    )
    return {str(row.code): row.shape for row in session.execute(query)}
