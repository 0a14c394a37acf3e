"""What gaps in coverage are looked for in, as rows: grids, buildings, groups, posts, issues."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final, cast

from sqlalchemy import RowMapping, func, select, text, update
from sqlalchemy.orm import Session

from geodata.db.scoping import WHOLE, Ground
from geodata.db.tables import boundary, community, district, grid, party_org, redraw_plan

_GRIDS: Final = text("""
    with mine as materialized (
        select id, code, name, community_code from grid
        where kind <> 'uncovered' and (:whole or community_code = any(:communities))
    ), homes as (
        select grid_id, count(*) as buildings, sum(households) as households,
            sum(residents) as residents, count(*) filter (where party_group_id is null) as bare
        from building
        where kind = 'building' and (:whole or grid_id = any(array(select id from mine)))
        group by grid_id
    ), stood as (
        select grid_id, count(distinct worker_id) filter (where during @> :now) as workers,
            max(upper(during)) filter (where upper(during) <= :now) as left_at,
            min(lower(during)) filter (where lower(during) > :now) as comes_at
        from post where :whole or grid_id = any(array(select id from mine)) group by grid_id
    ), owned as (
        select grid_id, count(*) as groups from party_org
        where tier = 'group' and (:whole or grid_id = any(array(select id from mine)))
        group by grid_id
    )
    select grid.id, grid.code, grid.name, grid.community_code as community,
        community.street_code as street,
        ST_X(boundary.label) as lon, ST_Y(boundary.label) as lat,
        lower(boundary.valid) as drawn_at, homes.buildings, homes.bare, homes.households,
        homes.residents, stood.workers, stood.left_at, stood.comes_at, owned.groups,
        joint_group.group_id as joint
    from mine as grid
    join community on community.code = grid.community_code
    join boundary on boundary.grid_id = grid.id and upper_inf(boundary.valid)
    left join homes on homes.grid_id = grid.id
    left join stood on stood.grid_id = grid.id
    left join owned on owned.grid_id = grid.id
    left join joint_group on joint_group.grid_id = grid.id
    order by grid.code
""")

_REPORTED: Final = text("""
    with mine as materialized (
        select id from grid
        where kind <> 'uncovered' and (:whole or community_code = any(:communities))
    ), waiting as (
        select grid_id, count(*) as open, count(*) filter (where due_at < :now) as overdue
        from issue where is_open and grid_id is not null
            and (:whole or grid_id = any(array(select id from mine)))
        group by grid_id
    ), over as (
        select grid_id, sum(added)::int as closed from closed_tally
        where category_id is null and channel is null and grid_id is not null
            and (:whole or grid_id = any(array(select id from mine)))
        group by grid_id
    )
    select mine.id, waiting.open, waiting.overdue,
        coalesce(waiting.open, 0) + coalesce(over.closed, 0) as reports,
        greatest((select max(reported_at) from issue where issue.grid_id = mine.id),
            (select max(at) from grid_visit where grid_visit.grid_id = mine.id)) as last_seen
    from mine
    left join waiting on waiting.grid_id = mine.id
    left join over on over.grid_id = mine.id
""")
"""What issues and visits say of each grid; the latest of either is one step in an index."""

_BUILDINGS: Final = text("""
    select building.code, building.name, building.address,
        building.community_code as community,
        case when home.kind = 'uncovered' then null else building.grid_id end as grid,
        building.party_group_id as group, party_org.grid_id as owner,
        building.households, building.residents,
        ST_X(building.door) as lon, ST_Y(building.door) as lat
    from building
    left join grid as home on home.id = building.grid_id
    left join party_org on party_org.id = building.party_group_id
    where building.kind = 'building' and (:whole or building.community_code = any(:communities))
        and (building.grid_id is null or home.kind = 'uncovered' or building.party_group_id is null
        or party_org.grid_id is distinct from building.grid_id)
    order by building.code
""")

_GROUPS: Final = text("""
    with mine as materialized (
        select id from party_org where tier = 'group' and (:whole or grid_id in (
            select id from grid where community_code = any(:communities)))
    ), served as (
        select party_group_id, count(*) as buildings, sum(households) as households,
            sum(residents) as residents, avg(ST_X(door)) as lon, avg(ST_Y(door)) as lat
        from building where party_group_id is not null and kind = 'building'
            and (:whole or party_group_id = any(array(select id from mine)))
        group by party_group_id
    )
    select party_org.id, party_org.name, party_org.grid_id as grid, party_org.secretary,
        party_org.member_count as members, served.buildings, served.households,
        served.residents, coalesce(served.lon, ST_X(boundary.label)) as lon,
        coalesce(served.lat, ST_Y(boundary.label)) as lat
    from mine join party_org using (id)
    left join served on served.party_group_id = party_org.id
    left join boundary on boundary.grid_id = party_org.grid_id and upper_inf(boundary.valid)
    order by party_org.id
""")

_POSTS: Final = text("""
    with stands as materialized (
        select worker_id, grid_id, community_code as home
        from post join grid on grid.id = grid_id where during @> :now
    ), several as (select worker_id, array_agg(home) as homes
        from stands group by worker_id having count(distinct grid_id) > 1)
    select stands.worker_id as worker, grid_worker.name, grid_id as grid
    from stands join grid_worker on grid_worker.id = worker_id
    where home in (select unnest(homes) from several) order by 1, 3""")
"""Those in the communities of who serves several grids; the others' load is their grid's."""

_LOOSE: Final = text("""
    select public_id::text as id, ticket, address, community_code as community, precision,
        located ->> 'reason' as reason, reported_at, ST_X(place) as lon, ST_Y(place) as lat,
        coalesce(due_at < :now, false)::int as late
    from issue where grid_id is null and is_open
    order by reported_at, id
""")

_CUT: Final = text("""
    select building.grid_id as grid, count(*) as cut
    from building join boundary on boundary.grid_id = building.grid_id
        and upper_inf(boundary.valid)
    join grid on grid.id = building.grid_id and grid.kind <> 'uncovered'
    where building.kind = 'building' and not ST_Covers(boundary.shape, building.outline)
        and ST_Area(ST_Difference(building.outline, boundary.shape))
            between 0.02 * ST_Area(building.outline) and 0.98 * ST_Area(building.outline)
        and (:whole or building.grid_id = any(array(
            select id from grid where community_code = any(:communities))))
    group by building.grid_id
""")

_OVERLAPS: Final = text("""
    with last as (
        select distinct on (kind) id, file_name, state, created_at from load_job
        where kind in ('grids', 'communities') and state <> 'waiting'
        order by kind, created_at desc
    )
    select last.id as file, last.file_name as name, load_note.row,
        (load_note.facts ->> 'other')::int as other, load_note.facts, last.created_at as at
    from last join load_note on load_note.job_id = last.id
    where load_note.code = 'areas_overlap' and last.state <> 'done'
    order by last.id, load_note.row, load_note.id
""")

_STATIONS: Final = text("""
    select name, ST_X(shape) as lon, ST_Y(shape) as lat from place where kind = 'service'
    union all
    select name, ST_X(place), ST_Y(place) from resident_unit
    where place is not null and kind ~ '服务站|服务中心|驿站'
""")

_HOMES: Final = text("""
    select grid_id as grid, households, residents, ST_X(door) as lon, ST_Y(door) as lat
    from building where kind = 'building' and residents > 0 and grid_id is not null
        and (:whole or grid_id = any(array(
            select id from grid where community_code = any(:communities))))
""")

_HOLD: Final = text("select pg_advisory_xact_lock(hashtext('wangge coverage closing'))")
_TRIAL: Final = text("select pg_advisory_xact_lock(hashtext('wangge coverage trial'))")
_NORMS: Final = text("""
    select norm_households as norm, band_low, band_high, walk_m from district order by code limit 1
""")

Rows = Sequence[Mapping[str, Any]]
Columns = Mapping[str, Sequence[Any]]


def _all(session: Session, query: Any, **given: object) -> Rows:
    return cast("Rows", session.execute(query, given).mappings().all())


def _columns(session: Session, query: Any, **given: object) -> Columns:
    """The columns by name: twenty thousand rows cost a third of what they do as mappings."""
    found = session.execute(query, given)
    names, rows = tuple(found.keys()), found.all()
    return (
        dict(zip(names, zip(*rows, strict=True), strict=True)) if rows else dict.fromkeys(names, ())
    )


def parties(session: Session) -> frozenset[str]:
    """The codes of the communities that have a party organisation."""
    told = party_org.c
    query = select(told.community_code).where(told.tier == "community")
    return frozenset(session.scalars(query.where(told.community_code.is_not(None))))


def hold(session: Session) -> None:
    """Wait until nobody else closes a gap, to the end of the transaction."""
    session.execute(_HOLD)


def hold_trial(session: Session) -> None:
    """Wait until nobody else tries a plan, so that one trial at the most holds up who draws."""
    session.execute(_TRIAL)


def grids(session: Session, now: datetime, ground: Ground = WHOLE) -> Columns:
    """The grids of the present by code, with all that is counted in them but issues.

    Like all that takes a ground here: those of its communities.
    """
    return _columns(session, _GRIDS, now=now, **_within(ground))


def reported(session: Session, now: datetime, ground: Ground = WHOLE) -> Columns:
    """What issues say of each grid by its id: open, overdue, reports ever, and the last one."""
    return _columns(session, _REPORTED, now=now, **_within(ground))


def buildings(session: Session, ground: Ground = WHOLE) -> Columns:
    """Buildings in no grid, without a group, or with a group of another grid, by code."""
    return _columns(session, _BUILDINGS, **_within(ground))


def groups(session: Session, ground: Ground = WHOLE) -> Columns:
    """The party groups that grids own, with whom they serve; of the whole also those of none."""
    return _columns(session, _GROUPS, **_within(ground))


def posts(session: Session, now: datetime) -> Columns:
    """The posts of whoever serves several grids now."""
    return _columns(session, _POSTS, now=now)


def _within(ground: Ground) -> dict[str, Any]:
    return {"whole": ground.whole, "communities": sorted(ground.communities)}


def loose(session: Session, now: datetime) -> Columns:
    """Open issues in no grid, the oldest first; `late` are those overdue at a moment."""
    return _columns(session, _LOOSE, now=now)


def bare(session: Session) -> Rows:
    """The ground of each community that lies in no grid, since when, and by which plan."""
    query = (
        select(
            *(grid.c.community_code.label("community"), community.c.name, boundary.c.shape),
            func.lower(boundary.c.valid).label("since"),
            redraw_plan.c.public_id.label("plan"),
        )
        .join(grid, grid.c.id == boundary.c.grid_id)
        .join(community, community.c.code == grid.c.community_code)
        .outerjoin(redraw_plan, redraw_plan.c.id == boundary.c.plan_id)
        .where(func.upper_inf(boundary.c.valid), grid.c.kind == "uncovered")
        .order_by(grid.c.community_code)
    )
    return _all(session, query)


def stations(session: Session) -> Rows:
    """The service stations: places of that kind, and resident units that are called so."""
    return _all(session, _STATIONS)


def homes(session: Session, ground: Ground = WHOLE) -> Columns:
    """Buildings that people live in, with the place of their door."""
    return _columns(session, _HOMES, **_within(ground))


def cut(session: Session, ground: Ground = WHOLE) -> dict[int, int]:
    """How many buildings the border of each grid cuts by more than a crumb, by the grid's id."""
    return {row["grid"]: row["cut"] for row in _all(session, _CUT, **_within(ground))}


def overlaps(session: Session) -> Rows:
    """Areas that overlap in the last file of grids or communities, if it was not taken."""
    return _all(session, _OVERLAPS)


def norms(session: Session) -> RowMapping | None:
    """The district's norm and band of households; None before a load."""
    return session.execute(_NORMS).mappings().first()


def set_norms(session: Session, told: Mapping[str, int]) -> None:
    """Give the districts norms: norm, band_low, band_high (households) and walk_m (metres)."""
    changed = {"norm_households": told["norm"], **{n: told[n] for n in _BAND}}
    session.execute(update(district).values(**changed))


_BAND: Final = ("band_low", "band_high", "walk_m")


def first_report(session: Session) -> datetime | None:
    """When the first of all issues was reported."""
    return cast("datetime | None", session.scalar(text("select min(reported_at) from issue")))
