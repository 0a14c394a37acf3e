"""What is known of earlier moments of the demo, many of them at once: posts, issues, houses."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final, cast

from sqlalchemy import text
from sqlalchemy.orm import Session

Rows = Sequence[Mapping[str, Any]]

_POSTS: Final = text("""
    select moment.at, grid_id as id,
        count(distinct worker_id) filter (where during @> moment.at) as workers,
        max(upper(during)) filter (where upper(during) <= moment.at) as left_at,
        min(lower(during)) filter (where lower(during) > moment.at) as comes_at
    from unnest(cast(:moments as timestamptz[])) as moment(at), post
    group by moment.at, grid_id
""")
_ISSUES: Final = text("""
    select moment.at, grid_id as id, count(*) as reports, max(reported_at) as last_seen,
        count(*) filter (where is_open or closed_at > moment.at) as open,
        count(*) filter (where due_at < moment.at and (is_open or closed_at > moment.at))
            as overdue
    from unnest(cast(:moments as timestamptz[])) as moment(at)
    join issue on reported_at <= moment.at
    where grid_id is not null
    group by moment.at, grid_id
""")
_LOOSE: Final = text("""
    select moment.at, public_id::text as id, ticket, address, community_code as community,
        precision, located ->> 'reason' as reason, reported_at, ST_X(place) as lon,
        ST_Y(place) as lat, coalesce(due_at < moment.at, false)::int as late
    from unnest(cast(:moments as timestamptz[])) as moment(at)
    join issue on reported_at <= moment.at and (is_open or closed_at > moment.at)
    where grid_id is null
    order by moment.at, reported_at, issue.id
""")
_HOUSES: Final = text("""
    select building.code, building.name, building.address,
        building.community_code as community,
        building.grid_id as grid, party_group_id as group, party_org.grid_id as owner,
        households, residents, ST_X(door) as lon, ST_Y(door) as lat
    from building join party_org on party_org.id = party_group_id
        and party_org.grid_id = building.grid_id
    where building.kind = 'building' and building.grid_id = any(:grids) and households > 0
    order by building.code
""")


def posts(session: Session, moments: Sequence[datetime]) -> Rows:
    """Who had a post in each grid (id) at each moment: workers, left_at, comes_at."""
    return _all(session, _POSTS, moments=moments)


def reported(session: Session, moments: Sequence[datetime]) -> Rows:
    """What issues had said of each grid (id) until each moment, as `coverage.reported`."""
    return _all(session, _ISSUES, moments=moments)


def loose(session: Session, moments: Sequence[datetime]) -> Rows:
    """The issues in no grid that were open at each moment, as `coverage.loose`."""
    return _all(session, _LOOSE, moments=moments)


def houses(session: Session, grids: Sequence[int]) -> Rows:
    """The houses of some grids (ids) that people live in and a group of the grid serves."""
    return _all(session, _HOUSES, grids=grids)


def _all(session: Session, query: Any, **given: object) -> Rows:
    return cast("Rows", session.execute(query, given).mappings().all())
