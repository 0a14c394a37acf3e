"""Plans to redraw grids, their steps, and the ground they are drawn over."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from shapely.geometry.base import BaseGeometry
from sqlalchemy import RowMapping, Select, delete, exists, func, insert, null, select, text, update
from sqlalchemy.orm import Session

from geodata.db.columns import bound
from geodata.db.scoping import Ground, within
from geodata.db.tables import (
    boundary,
    building,
    community,
    grid,
    grid_lineage,
    issue,
    party_org,
    redraw_plan,
    redraw_step,
)

BEYOND: Final = 0.01
"""Degrees around a community within which other grids are looked at."""
_PRESENT: Final = func.upper_inf(boundary.c.valid)
_AROUND: Final = text("""
    select grid.id, boundary.id as boundary_id, boundary.plan_id, grid.code, grid.name, grid.kind,
           grid.community_code, grid.multipart, boundary.shape
    from boundary join grid on grid.id = boundary.grid_id
    where upper_inf(boundary.valid) and boundary.shape && (
        select ST_Expand(ST_Extent(b.shape)::geometry, :beyond)
        from boundary b join grid g on g.id = b.grid_id
        where upper_inf(b.valid) and g.community_code = :community)
    order by grid.id
""").columns(shape=boundary.c.shape.type)


def add(session: Session, values: Mapping[str, Any]) -> int:
    """Store a plan; its id."""
    query = insert(redraw_plan).values(**values).returning(redraw_plan.c.id)
    return int(session.execute(query).scalar_one())


_TAKER: Final = redraw_plan.alias("taker")
_TAKEN_BACK: Final = (
    select(
        func.jsonb_build_object(
            *("plan", _TAKER.c.public_id, "name", _TAKER.c.name),
            *("at", _TAKER.c.published_at, "by", _TAKER.c.published_by),
        )
    )
    .where(_TAKER.c.undo_of == redraw_plan.c.id, _TAKER.c.state == "published")
    .where(~func.is_taken_back(_TAKER.c.id))
    .order_by(_TAKER.c.id)
    .limit(1)
    .scalar_subquery()
    .label("rolled_back")
)
_UNDONE: Final = redraw_plan.alias("undone")
_TAKES_BACK: Final = (
    select(func.jsonb_build_object("plan", _UNDONE.c.public_id, "name", _UNDONE.c.name))
    .where(_UNDONE.c.id == redraw_plan.c.undo_of)
    .scalar_subquery()
    .label("takes_back")
)
_PLAN: Final = select(redraw_plan, _TAKEN_BACK, _TAKES_BACK)
"""A plan, by which other one it was taken back (`rolled_back`: plan, which is its public id, name,
at, by; or None), and which one it takes back itself (`takes_back`: plan, name; or None)."""


def get(session: Session, public_id: UUID, *, lock: bool = False) -> RowMapping | None:
    """A plan by its public id, locked until commit if so wished."""
    query = _PLAN.where(redraw_plan.c.public_id == public_id)
    return (
        session.execute(query.with_for_update(of=redraw_plan) if lock else query)
        .mappings()
        .one_or_none()
    )


def by_id(session: Session, number: int) -> RowMapping:
    """A plan that is there."""
    query = _PLAN.where(redraw_plan.c.id == number)
    return session.execute(query).mappings().one()


def listing(
    session: Session, ground: Ground, community_code: str | None, limit: int = 100
) -> Sequence[RowMapping]:
    """The plans on some ground that were not thrown away, last changed first.

    Drafts into which nothing was drawn are left out.
    """
    at = redraw_plan.c
    drawn = exists().where(redraw_step.c.plan_id == at.id)
    kept = (at.state != "draft") | drawn
    query = _PLAN.where(within(ground, at.community_code), at.state != "discarded", kept)
    if community_code is not None:
        query = query.where(at.community_code == community_code)
    ordered = query.order_by(at.changed_at.desc(), at.id.desc()).limit(limit)
    return session.execute(ordered).mappings().all()


def change(session: Session, number: int, values: Mapping[str, Any]) -> None:
    """Change a plan."""
    session.execute(update(redraw_plan).where(redraw_plan.c.id == number).values(**values))


def community_of(session: Session, code: str) -> RowMapping | None:
    """A community by its code."""
    return session.execute(select(community).where(community.c.code == code)).mappings().first()


def steps(session: Session, number: int) -> Sequence[RowMapping]:
    """All steps of a plan in order, undone ones too."""
    query = select(redraw_step).where(redraw_step.c.plan_id == number)
    return session.execute(query.order_by(redraw_step.c.position)).mappings().all()


def ops(session: Session, numbers: Sequence[int]) -> dict[int, dict[str, int]]:
    """How many steps of each kind plans have, undone ones left out."""
    op = redraw_step.c.intent["op"].astext
    query = (
        select(redraw_step.c.plan_id, op.label("op"), func.count().label("count"))
        .where(redraw_step.c.plan_id.in_(list(numbers)), ~redraw_step.c.undone)
        .group_by(redraw_step.c.plan_id, op)
        .order_by(func.min(redraw_step.c.position))
    )
    found: dict[int, dict[str, int]] = {}
    for row in session.execute(query):
        found.setdefault(int(row[0]), {})[str(row[1])] = int(row[2])
    return found


def add_steps(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Append steps to plans."""
    if rows:
        session.execute(insert(redraw_step), list(rows))


def forget_undone(session: Session, number: int) -> None:
    """Steps that were taken back are gone once another one is taken."""
    undone = (redraw_step.c.plan_id == number) & redraw_step.c.undone
    session.execute(delete(redraw_step).where(undone))


def take_back(session: Session, number: int, position: int, base: Mapping[str, int]) -> None:
    """Take a step back, with the base of the plan that it was part of."""
    here = (redraw_step.c.plan_id == number) & (redraw_step.c.position == position)
    session.execute(update(redraw_step).where(here).values(undone=True, base=base))


def forget_bases(session: Session, number: int) -> None:
    """Steps that were taken back may be taken again over whatever ground there is."""
    here = redraw_step.c.plan_id == number
    session.execute(update(redraw_step).where(here).values(base=null()))


def check_now(session: Session) -> None:
    """Let the guards of the ground look now, and not only at commit.

    Raises IntegrityError where they refuse.
    """
    session.execute(text("set constraints all immediate"))
    session.execute(text("set constraints all deferred"))


def around(session: Session, community_code: str) -> Sequence[RowMapping]:
    """The present cells of a community and of all around it, uncovered ones too.

    Keys: id (of the grid), boundary_id, plan_id, code, name, kind, community_code, multipart,
    shape (degrees).
    """
    given = {"community": community_code, "beyond": BEYOND}
    return session.execute(_AROUND, given).mappings().all()


def opened_by(session: Session, number: int) -> Sequence[RowMapping]:
    """The boundaries that a plan opened, with their grids.

    Keys: id, grid_id, shape, whether it is the `present` one, code, community_code.
    """
    query = (
        select(
            *(boundary.c.id, boundary.c.grid_id, _PRESENT.label("present"), boundary.c.shape),
            *(grid.c.code, grid.c.community_code),
        )
        .join(grid, grid.c.id == boundary.c.grid_id)
        .where(boundary.c.plan_id == number)
        .order_by(boundary.c.grid_id)
    )
    return session.execute(query).mappings().all()


def closed_at(session: Session, at: datetime, codes: Sequence[str]) -> Sequence[RowMapping]:
    """The boundaries of communities that ended at a moment, with their grids.

    Keys: grid_id, code, kind, community_code, multipart, shape.
    """
    query = (
        select(
            *(boundary.c.grid_id, boundary.c.shape, grid.c.code, grid.c.kind),
            *(grid.c.community_code, grid.c.multipart),
        )
        .join(grid, grid.c.id == boundary.c.grid_id)
        .where(func.upper(boundary.c.valid) == at, grid.c.community_code.in_(list(codes)))
        .order_by(boundary.c.grid_id)
    )
    return session.execute(query).mappings().all()


def add_lineage(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Which grid came from which by a plan, and with what share of it."""
    if rows:
        session.execute(insert(grid_lineage), list(rows))


def members(session: Session, codes: Sequence[str]) -> Sequence[RowMapping]:
    """The present cells of communities: grid_id, community_code, shape (degrees)."""
    query = (
        select(boundary.c.grid_id, grid.c.community_code, boundary.c.shape)
        .join(grid, grid.c.id == boundary.c.grid_id)
        .where(_PRESENT, grid.c.community_code.in_(list(codes)))
    )
    return session.execute(query).mappings().all()


def buildings_on(session: Session, ground: BaseGeometry) -> Sequence[RowMapping]:
    """What stands on some ground (degrees), by its door or its outline."""
    shape = bound(ground)
    query = select(
        *(building.c.id, building.c.code, building.c.kind, building.c.grid_id, building.c.door),
        *(building.c.outline, building.c.households, building.c.residents),
        building.c.party_group_id,
    ).where(
        func.ST_Intersects(building.c.outline, shape) | func.ST_Intersects(building.c.door, shape)
    )
    return session.execute(query.order_by(building.c.id)).mappings().all()


def open_issues_on(
    session: Session, ground: BaseGeometry, closing: Sequence[int]
) -> Sequence[RowMapping]:
    """Open issues that publishing looks at again: those on boundaries that close, and near ones.

    What was passed on is looked at wherever it lies.

    Keys: id, grid_id, precision, place, rule.
    """
    again = issue.c.boundary_id.is_(None) | issue.c.boundary_id.in_(list(closing))
    kept = (issue.c.id, issue.c.grid_id, issue.c.precision, issue.c.place, issue.c.rule)
    query = select(*kept).where(
        issue.c.id.in_(_around(ground).union(_passed(closing))),
        again | (issue.c.rule == "near"),
    )
    return session.execute(query.order_by(issue.c.id)).mappings().all()


def _around(ground: BaseGeometry) -> Select[Any]:
    near = func.ST_Intersects(issue.c.place, func.ST_Expand(bound(ground), 0.001))
    return select(issue.c.id).where(issue.c.is_open, near)


def _passed(closing: Sequence[int]) -> Select[Any]:
    on = issue.c.boundary_id.in_(list(closing))
    return select(issue.c.id).where(issue.c.is_open, issue.c.rule == "passed", on)


def groups_of(session: Session, ids: Sequence[int], also: Sequence[int]) -> Sequence[RowMapping]:
    """The party groups of some grids, and some more: id, name, grid_id, member_count."""
    query = select(party_org.c.id, party_org.c.name, party_org.c.grid_id, party_org.c.member_count)
    here = party_org.c.grid_id.in_(list(ids)) | party_org.c.id.in_(list(also))
    found = query.where(party_org.c.tier == "group", here).order_by(party_org.c.id)
    return session.execute(found).mappings().all()


def homes_of_groups(session: Session, ids: Sequence[int]) -> Sequence[RowMapping]:
    """All buildings of party groups: id, party_group_id, grid_id."""
    query = select(building.c.id, building.c.party_group_id, building.c.grid_id)
    return session.execute(query.where(building.c.party_group_id.in_(list(ids)))).mappings().all()


def revive(session: Session, ids: Sequence[int]) -> None:
    """Grids that were given up are grids again."""
    session.execute(update(grid).where(grid.c.id.in_(list(ids))).values(retired_at=None))
