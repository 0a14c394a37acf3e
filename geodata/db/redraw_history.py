"""The ground as of any day, the days on which it changed, and which grid came from which."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, RowMapping, func, or_, select, text
from sqlalchemy.orm import Session

from geodata.db.layers import Box
from geodata.db.narrowing import meets
from geodata.db.tables import boundary, grid, grid_lineage, redraw_plan

_ENDED: Final = text("""
    select boundary.id, boundary.shape, upper(boundary.valid) as at, plan.public_id as plan,
           plan.name, plan.published_by as by
    from boundary left join redraw_plan plan on plan.published_at = upper(boundary.valid)
    where boundary.id = any(:ids)
""").columns(shape=boundary.c.shape.type)


_OWN: Final = text("""
    select * from (
        select lower(b.valid) as since, plan.public_id as plan, plan.name, plan.published_by as by,
            coalesce(ST_Area(ST_SymDifference(b.shape, lag(b.shape) over earlier))
                > ST_Perimeter(b.shape) * 2 ^ -22, true) as other
        from boundary b left join redraw_plan plan on plan.id = b.plan_id
        where b.grid_id = :grid
        window earlier as (order by lower(b.valid))
    ) as own where other order by since desc
""")


def own(session: Session, number: int) -> Sequence[RowMapping]:
    """When a grid (by id) got other ground, more than new vertices, the last time first.

    Keys: since, and the plan (public id), its name and by; None where it was a load.
    """
    return session.execute(_OWN, {"grid": number}).mappings().all()


def ended(session: Session, ids: Sequence[int]) -> dict[int, RowMapping]:
    """How boundaries ended, by id: shape, at, and the plan (public id), name and by of it.

    `plan`, `name` and `by` are None where it was no plan that ended them; all but the shape where
    they have not ended.
    """
    found = session.execute(_ENDED, {"ids": list(ids)}).mappings()
    return {int(row["id"]): row for row in found}


_CELL: Final = (
    *(grid.c.code, grid.c.name, grid.c.kind, grid.c.community_code),
    func.lower(boundary.c.valid).label("since"),
    func.upper(boundary.c.valid).label("until"),
    boundary.c.shape,
)


def as_of(session: Session, at: datetime, community: str | None = None) -> Sequence[RowMapping]:
    """The grids of a moment: code, name, kind, community_code, since, until, plan_id, shape."""
    valid = boundary.c.valid
    query = (
        select(*_CELL)
        .join(grid, grid.c.id == boundary.c.grid_id)
        .where(valid.op("@>")(at), grid.c.kind != "uncovered")
        .order_by(grid.c.code)
    )
    if community is not None:
        query = query.where(grid.c.community_code == community)
    return session.execute(query).mappings().all()


def near(
    session: Session, at: datetime, box: Box, since: datetime | None, most: int
) -> Sequence[RowMapping]:
    """At most so many grids of a moment that meet a box (degrees), as `as_of` gives them.

    First, wherever they lie, those that a plan gave their ground `since` a moment.
    """
    valid = boundary.c.valid
    there = meets(boundary.c.shape, box)
    turned = [] if since is None else [_turned(since)]
    query = (
        select(*_CELL)
        .join(grid, grid.c.id == boundary.c.grid_id)
        .where(valid.op("@>")(at), grid.c.kind != "uncovered")
        .where(or_(there, *turned))
        .order_by(*(one.desc() for one in turned), grid.c.code)
        .limit(most)
    )
    return session.execute(query).mappings().all()


def _turned(since: datetime) -> ColumnElement[bool]:
    return boundary.c.plan_id.is_not(None) & (func.lower(boundary.c.valid) >= since)


def moments(session: Session, community: str | None = None) -> Sequence[RowMapping]:
    """The moments at which ground changed, the last first: at, grids (how many began), plan, name.

    Grids that only got new vertices count too; `plan` is the public id, None for a load.
    """
    at = func.lower(boundary.c.valid)
    query = (
        select(
            at.label("at"),
            func.count().label("grids"),
            redraw_plan.c.public_id.label("plan"),
            redraw_plan.c.name,
        )
        .join(grid, grid.c.id == boundary.c.grid_id)
        .outerjoin(redraw_plan, redraw_plan.c.id == boundary.c.plan_id)
        .where(grid.c.kind != "uncovered")
        .group_by(at, redraw_plan.c.public_id, redraw_plan.c.name)
        .order_by(at.desc())
    )
    if community is not None:
        query = query.where(grid.c.community_code == community)
    return session.execute(query).mappings().all()


def lineage(session: Session, ids: Sequence[int], *, every: bool) -> Sequence[RowMapping]:
    """The steps from and to some grids, the oldest first.

    With `every` those of plans that were taken back too, and of those that took them back.

    Keys: parent_id, child_id, area_share, household_share, at, name (of the plan), plan.
    """
    at = grid_lineage.c
    query = (
        select(
            *(at.parent_id, at.child_id, at.area_share, at.household_share),
            *(redraw_plan.c.published_at.label("at"), redraw_plan.c.name),
            redraw_plan.c.public_id.label("plan"),
        )
        .join(redraw_plan, redraw_plan.c.id == at.plan_id)
        .where(or_(at.parent_id.in_(list(ids)), at.child_id.in_(list(ids))))
        .order_by(redraw_plan.c.published_at, at.id)
    )
    if not every:
        stands = redraw_plan.c.undo_of.is_(None) & ~func.is_taken_back(redraw_plan.c.id)
        query = query.where(stands)
    return session.execute(query).mappings().all()


def named(session: Session, ids: Sequence[int]) -> dict[int, RowMapping]:
    """Grids by id: code, name, retired_at, community_code."""
    query = select(grid.c.id, grid.c.code, grid.c.name, grid.c.retired_at, grid.c.community_code)
    found = session.execute(query.where(grid.c.id.in_(list(ids)))).mappings()
    return {int(row["id"]): row for row in found}


_DAYS: Final = text("""
    select (lower(boundary.valid) at time zone :zone)::date as day,
        count(distinct lower(boundary.valid)) as times, count(*) as grids
    from boundary join grid on grid.id = boundary.grid_id
    where grid.kind <> 'uncovered'
        and (cast(:community as text) is null or grid.community_code = :community)
    group by day order by day
""")


def days(session: Session, zone: str, community: str | None = None) -> Sequence[RowMapping]:
    """The days (in a time zone) on which ground changed, the first first.

    Keys: day, times (how often), grids (how many began, those with new vertices only too).
    """
    return session.execute(_DAYS, {"zone": zone, "community": community}).mappings().all()


_CHANGES: Final = text("""
    with changed as (
        select b.grid_id, lower(b.valid) as at, b.plan_id, b.shape as now, was.shape as was
        from boundary b
        left join boundary was
            on was.grid_id = b.grid_id and upper(was.valid) = lower(b.valid)
        where lower(b.valid) >= :since and lower(b.valid) < :until
        union all
        select was.grid_id, upper(was.valid), plan.id, null, was.shape
        from boundary was
        left join redraw_plan plan on plan.published_at = upper(was.valid)
        where upper(was.valid) >= :since and upper(was.valid) < :until and not exists (
            select from boundary b
            where b.grid_id = was.grid_id and lower(b.valid) = upper(was.valid))
    )
    select at, plan_id, code, name, community_code,
        case when now is null then 'retired' when was is not null then 'changed'
            when exists (select from boundary b
                where b.grid_id = changed.grid_id and lower(b.valid) < at) then 'restored'
            else 'new' end as how,
        case when plan_id is not null then was end as was,
        case when plan_id is not null then now end as now
    from changed join grid on grid.id = changed.grid_id
    where kind <> 'uncovered'
        and (cast(:community as text) is null or community_code = :community)
        and (was is null or now is null
            or ST_Area(ST_SymDifference(was, now)) > ST_Perimeter(now) * 2 ^ -22)
    order by at, code
""").columns(was=boundary.c.shape.type, now=boundary.c.shape.type)


def changes(
    session: Session, since: datetime, until: datetime, community: str | None = None
) -> Sequence[RowMapping]:
    """The grids that began, ended or got other ground from a moment up to another, in order.

    Keys: at, plan_id (None for a load), code, name, community_code, how (``new``, ``restored``,
    ``retired``, ``changed``), and the shapes `was` and `now` (degrees), both None for a load. Grids
    that only got new vertices are left out.
    """
    given = {"since": since, "until": until, "community": community}
    return session.execute(_CHANGES, given).mappings().all()


_HANDED: Final = text("""
    select plan_id, giver.code as giver, taker.code as taker, area_share, household_share
    from grid_lineage
    join grid giver on giver.id = grid_lineage.parent_id
    join grid taker on taker.id = grid_lineage.child_id
    where plan_id = any(:plans) order by giver.code, taker.code
""")


def handed(session: Session, plans: Sequence[int]) -> Sequence[RowMapping]:
    """What plans (by id) handed from grid to grid.

    Keys: plan_id, giver and taker (codes), area_share and household_share of what the giver had.
    """
    return session.execute(_HANDED, {"plans": list(plans)}).mappings().all()


_SAID: Final = text("""
    select plan.id, plan.public_id, plan.name, plan.published_by as by, plan.author,
        plan.community_code, undone.public_id as undoes, undone.name as undoes_name
    from redraw_plan plan left join redraw_plan undone on undone.id = plan.undo_of
    where plan.id = any(:plans)
""")


def said(session: Session, plans: Sequence[int]) -> dict[int, RowMapping]:
    """What plans are called, who drew and published them, and which one each takes back, by id."""
    rows = session.execute(_SAID, {"plans": list(plans)}).mappings()
    return {int(row["id"]): row for row in rows}
