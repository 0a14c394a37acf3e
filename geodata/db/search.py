"""What the search box finds: areas and organisations by name, workers and issues by index."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, RowMapping, Select, String, func, select, text
from sqlalchemy.orm import Session

from geodata.db import scoping
from geodata.db.scoping import Ground
from geodata.db.tables import (
    boundary,
    community,
    grid,
    grid_worker,
    issue,
    issue_category,
    post,
)

_PAST_ALL: Final = "\U0010ffff"

_AREAS: Final = text("""
    select 'street' as kind, code as id, name as label, code, '' as community, '' as street,
        code as street_code, null as community_code, box2d(shape)::text as box, null as home
    from street
    union all
    select 'community', c.code, c.name, c.code, '', s.name, s.code, c.code, box2d(c.shape)::text,
        null
    from community c join street s on s.code = c.street_code
    union all
    select 'grid', g.code, g.name, g.code, c.name, s.name, s.code, c.code, box2d(b.shape)::text,
        null
    from grid g join boundary b on b.grid_id = g.id and upper_inf(b.valid)
    join community c on c.code = g.community_code join street s on s.code = c.street_code
    where g.kind <> 'uncovered'
    union all
    select case when tier in ('group', 'branch') then tier else 'committee' end,
        coalesce(g.code, o.community_code, o.street_code), o.name, '', coalesce(c.name, ''),
        coalesce(s.name, ''), s.code, c.code, null,
        case when g.code is not null then 'grid' when o.community_code is not null
             then 'community' else 'street' end
    from party_org o left join grid g on g.id = o.grid_id
    left join community c on c.code = coalesce(g.community_code, o.community_code)
    left join street s on s.code = coalesce(c.street_code, o.street_code)
    order by kind, id, label
""")

_VERSION: Final = text("""
    select concat_ws('-', (select sum(revision) from district), (select max(id) from party_org),
        (select max(id) from grid), (select count(*) from community), (select count(*) from street),
        (select sum(hashtext(concat_ws('|', code, name))::bigint) from grid),
        (select sum(hashtext(concat_ws('|', code, name))::bigint) from community),
        (select sum(hashtext(concat_ws('|', code, name))::bigint) from street),
        (select sum(hashtext(concat_ws('|', id, name, grid_id, community_code))::bigint)
         from party_org))
""")

_TICKETS: Final = text("""
    select found.id from unnest(cast(:starts as text[])) as start cross join lateral (
        select id from issue where ticket ~>=~ start and ticket ~<~ (start || :past_all)
            and (:whole or community_code = any(cast(:communities as text[]))
                or grid_id = any(cast(:grids as integer[]))
                or handler = any(cast(:handed as text[])))
        order by ticket using ~<~ limit :most
    ) as found
""")


def areas(session: Session) -> Sequence[Row[Any]]:
    """Streets, communities, present grids and party organisations, each with what it opens.

    Keys: kind, id, label, code, community and street (names), street_code, box (text, degrees),
    home (which kind the id is of, where that is another one); community_code where it has one.
    """
    return session.execute(_AREAS).all()


def version(session: Session) -> str:
    """Changes with every boundary, area and party organisation that is added or renamed."""
    return str(session.scalar(_VERSION))


def _posts(ground: Ground) -> Select[Any]:
    return (
        select(
            *(grid_worker.c.name, post.c.duty, grid.c.code.label("grid_code")),
            *(grid.c.name.label("grid"), community.c.name.label("community")),
            func.box2d(boundary.c.shape).cast(String).label("box"),
        )
        .join_from(grid_worker, post, post.c.worker_id == grid_worker.c.id)
        .join(grid, grid.c.id == post.c.grid_id)
        .join(community, community.c.code == grid.c.community_code)
        .join(boundary, (boundary.c.grid_id == grid.c.id) & func.upper_inf(boundary.c.valid))
        .where(scoping.within(ground, grid.c.community_code, grid.c.id))
        .order_by(grid.c.code, post.c.duty.desc(), grid_worker.c.id)
    )


def posts_of(
    session: Session, name: str, now: datetime, most: int, ground: Ground
) -> Sequence[RowMapping]:
    """The posts that people of exactly this name hold: name, duty, grid_code, grid, community."""
    query = _posts(ground).where(grid_worker.c.name == name, post.c.during.op("@>")(now))
    return session.execute(query.limit(most)).mappings().all()


def posts_at(
    session: Session,
    codes: Sequence[str],
    ground: Ground,
    *,
    lead: bool,
    now: datetime,
    most: int,
) -> Sequence[RowMapping]:
    """The posts in grids or communities with these codes, keys as in `posts_of`."""
    query = _posts(ground).where(
        grid.c.code.in_(codes) | grid.c.community_code.in_(codes), post.c.during.op("@>")(now)
    )
    if lead:
        query = query.where(post.c.duty == "lead")
    return session.execute(query.limit(most)).mappings().all()


def letters(session: Session) -> Sequence[str]:
    """The letters before the digits of tickets, each once; empty for tickets of digits alone."""
    return session.scalars(text("select letters from ticket_letters() as letters")).all()


def tickets(
    session: Session, starts: Sequence[str], most: int, ground: Ground
) -> Sequence[RowMapping]:
    """Issues whose ticket begins in one of these ways, in the order of their tickets."""
    own = {
        "communities": sorted(ground.communities),
        "grids": sorted(ground.grids),
        "handed": sorted(ground.handed),
    }
    found = {"starts": list(starts), "past_all": _PAST_ALL, "most": most, "whole": ground.whole}
    numbers = list(session.scalars(_TICKETS, found | own))
    if not numbers:
        return []
    query = _issues().where(issue.c.id.in_(numbers)).order_by(issue.c.ticket, issue.c.id)
    return session.execute(query.limit(most)).mappings().all()


def tracked(
    session: Session, first: UUID, last: UUID, most: int, ground: Ground
) -> Sequence[RowMapping]:
    """Issues whose public id lies between two, both included; keys as in `tickets`."""
    query = _issues().where(issue.c.public_id.between(first, last), scoping.issues(ground))
    return session.execute(query.order_by(issue.c.public_id).limit(most)).mappings().all()


def _issues() -> Select[Any]:
    return (
        select(
            *(issue.c.public_id, issue.c.ticket, issue.c.status, issue.c.is_open),
            *(issue.c.due_at, issue.c.address),
            issue_category.c.name_zh.label("category_zh"),
            issue_category.c.name_en.label("category_en"),
            *(grid.c.name.label("grid"), community.c.name.label("community")),
            *(func.ST_X(issue.c.place).label("lon"), func.ST_Y(issue.c.place).label("lat")),
        )
        .select_from(issue.join(issue_category))
        .outerjoin(grid, grid.c.id == issue.c.grid_id)
        .outerjoin(community, community.c.code == issue.c.community_code)
    )
