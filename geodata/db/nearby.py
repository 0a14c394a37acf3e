"""Open issues near a place that may be about the same thing."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import RowMapping, text
from sqlalchemy.orm import Session

# The box is answered by the spatial index; metres only of what lies in it.
_ALIKE: Final = text("""
    select issue.public_id, issue.status, issue.reported_at, issue.text,
        ST_X(issue.place) as lon, ST_Y(issue.place) as lat,
        ST_Distance(issue.place::geography, here.place::geography) as distance_m
    from issue, (select ST_SetSRID(ST_MakePoint(:lon, :lat), 4326) as place) as here
    where issue.place && ST_Expand(here.place, :reach) and issue.is_open
        and issue.category_id = :category and issue.reported_at > :since
        and ST_Distance(issue.place::geography, here.place::geography) <= :metres
    order by distance_m, issue.id desc limit :most
""")
_ACROSS: Final = text("""
    select ST_X(there.place) as lon, ST_Y(there.place) as lat
    from (
        select coalesce(
            ST_ClosestPoint(ST_Buffer(shape::geography, -:metres)::geometry, here.place),
            ST_PointOnSurface(shape)) as place
        from boundary, (select ST_SetSRID(ST_MakePoint(:lon, :lat), 4326) as place) as here
        where grid_id = :grid and upper_inf(valid)
    ) as there
""")
_DEGREE_M: Final = 90_000.0
"""Metres of a degree of longitude, or more of latitude, wherever we are south of 36°."""


def alike(
    session: Session,
    category: int,
    spot: tuple[float, float],
    since: datetime,
    *,
    metres: float,
    most: int,
) -> Sequence[RowMapping]:
    """Open issues of a category within some metres of a place (lon, lat in degrees), the nearest.

    Each: public_id, status, reported_at, text, lon, lat, distance_m.
    """
    asked = {
        "lon": spot[0],
        "lat": spot[1],
        "category": category,
        "since": since,
        "metres": metres,
        "reach": metres / _DEGREE_M,
        "most": most,
    }
    return session.execute(_ALIKE, asked).mappings().all()


def across(
    session: Session, grid: int, spot: tuple[float, float], metres: float
) -> tuple[float, float] | None:
    """The point of a present grid (its id) nearest to a place, some metres within its border.

    Both are longitude and latitude in degrees; None where the grid is not of the present.
    """
    asked = {"grid": grid, "lon": spot[0], "lat": spot[1], "metres": metres}
    found = session.execute(_ACROSS, asked).mappings().first()
    return (found["lon"], found["lat"]) if found else None
