"""What grids hold at present: one statement for all figures of some grids."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import RowMapping, text
from sqlalchemy.orm import Session

from geodata.db.tables import boundary

_HELD: Final = text("""
    select grid.id, grid.code, grid.name, grid.kind, grid.community_code, boundary.shape,
        homes.buildings, homes.households, homes.residents, orgs.groups, orgs.members,
        (select count(*) from post
         where post.grid_id = grid.id and post.during @> clock_timestamp()) as workers,
        (select count(*) from issue where issue.is_open and issue.grid_id = grid.id) as open_issues
    from grid
    left join boundary on boundary.grid_id = grid.id and upper_inf(boundary.valid)
    cross join lateral (
        select count(*) filter (where building.kind = 'building') as buildings,
            coalesce(sum(households), 0) as households, coalesce(sum(residents), 0) as residents
        from building where building.grid_id = grid.id) as homes
    cross join lateral (
        select count(*) as groups, coalesce(sum(member_count), 0) as members
        from party_org where party_org.grid_id = grid.id and tier = 'group') as orgs
    where grid.id = any(:ids)
    order by grid.id
""").columns(shape=boundary.c.shape.type)

_RATE: Final = text("""
    select coalesce((select count(*) from issue where community_code = :community
            and reported_at > clock_timestamp() - interval '12 months')::double precision
        / nullif((select sum(households) from building where community_code = :community), 0), 0)
""")

_POSTED: Final = text("""
    select post.id, post.worker_id, post.grid_id, post.duty, post.deputy_for,
           upper(post.during) as until, grid_worker.name
    from post join grid_worker on grid_worker.id = post.worker_id
    where post.grid_id = any(:ids) and post.during @> clock_timestamp()
    order by post.grid_id, post.duty desc, grid_worker.name, post.id
""")


def held(session: Session, ids: Sequence[int]) -> Sequence[RowMapping]:
    """What grids hold, by id of the grid.

    Keys: id, code, name, kind, community_code, shape (degrees, None without ground), buildings,
    households, residents, groups, members, workers, open_issues.
    """
    return session.execute(_HELD, {"ids": list(ids)}).mappings().all()


def rate(session: Session, community: str) -> float:
    """The reports a household of a community in the last 12 months; 0 where nobody lives."""
    return float(session.scalar(_RATE, {"community": community}) or 0.0)


def posted(session: Session, ids: Sequence[int]) -> Sequence[RowMapping]:
    """The posts in some grids at present, heads first.

    Keys: id, worker_id, grid_id, duty, deputy_for, until, name.
    """
    return session.execute(_POSTED, {"ids": list(ids)}).mappings().all()
