"""What a certificate of assignment needs to know about one issue."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, RowMapping, text
from sqlalchemy.orm import Session

from geodata.db.columns import Shape
from geodata.db.layers import Box

_FACTS: Final = text("""
    select issue.id, issue.public_id, issue.channel, issue.ticket, issue.text, issue.address,
        issue.status, issue.precision, issue.rule, issue.border_m, issue.reported_at,
        issue.raw_x, issue.raw_y, issue.raw_datum, issue.located, issue.place,
        category.name_zh as category_zh, category.name_en as category_en,
        issue.handler, grid.code as grid_code, grid.name as grid_name, grid.kind as grid_kind,
        community.code as community_code, community.name as community_name,
        street.code as street_code, street.name as street_name,
        boundary.id as boundary_id, boundary.shape as ground,
        lower(boundary.valid) as valid_from, upper(boundary.valid) as valid_to,
        greatest(lower(boundary.valid), case when boundary.valid @> issue.reported_at
            then issue.reported_at end) as day,
        second.code as second_code, second.name as second_name, issue.runner_up_m as second_m
    from issue join issue_category category on category.id = issue.category_id
    left join grid on grid.id = issue.grid_id
    left join boundary on boundary.id = issue.boundary_id
    left join grid second on second.id = issue.runner_up_id
    left join community on community.code = coalesce(grid.community_code, issue.community_code)
    left join street on street.code = community.street_code
    where issue.public_id = :public_id
""").columns(place=Shape("POINT"), ground=Shape("MULTIPOLYGON"))

_EVENTS: Final = text("""
    select event.at, event.actor, event.kind, event.status, event.note,
        grid.code as grid_code, grid.name as grid_name
    from issue_event event left join grid on grid.id = event.grid_id
    where event.issue_id = :number order by event.at, event.id
""")

_AROUND: Final = text("""
    with frame as (select ST_MakeEnvelope(:west, :south, :east, :north, 4326) as box)
    (select 'building' as kind, '' as label, outline as shape
     from building, frame where outline && box and kind = 'building' order by id limit 800)
    union all
    (select 'road', case when width >= 10 then name else '' end, shape
     from road, frame where shape && box order by width desc, id limit 200)
    union all
    (select grid.kind, coalesce(grid.name, ''), boundary.shape
     from boundary join grid on grid.id = boundary.grid_id, frame
     where boundary.shape && box and boundary.valid @> cast(:day as timestamptz)
         and boundary.id <> :boundary_id
     order by grid.code limit 100)
""").columns(shape=Shape())


def facts(session: Session, public_id: UUID) -> RowMapping | None:
    """One issue with its place, its grid's ground and the tiers above; None if there is none."""
    return session.execute(_FACTS, {"public_id": public_id}).mappings().first()


def events(session: Session, number: int) -> Sequence[RowMapping]:
    """Its history with the grid at each step, oldest first."""
    return session.execute(_EVENTS, {"number": number}).mappings().all()


def around(session: Session, box: Box, found: RowMapping) -> Sequence[Row[Any]]:
    """What lies in a box (degrees) beside the grid: kind, label, shape, as of its day."""
    frame = dict(zip(("west", "south", "east", "north"), box, strict=True))
    given = {**frame, "day": found["day"], "boundary_id": found["boundary_id"]}
    return session.execute(_AROUND, given).all()
