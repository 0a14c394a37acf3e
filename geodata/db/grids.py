"""Grids and what the store knows about each: people, households, open issues."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from shapely.geometry.base import BaseGeometry
from sqlalchemy import (
    ColumnElement,
    FromClause,
    Integer,
    Label,
    RowMapping,
    Select,
    String,
    func,
    select,
    text,
    true,
)
from sqlalchemy.orm import Session

from geodata.db.columns import bound, ewkb
from geodata.db.scoping import WHOLE, Ground, within
from geodata.db.tables import (
    boundary,
    building,
    community,
    district,
    grid,
    grid_worker,
    issue,
    party_org,
    post,
    street,
)
from geodata.domain.assignment import Cell

Spot = tuple[BaseGeometry, datetime | None, float]
"""A place (degrees, lon, lat), the moment that counts (None: the present), its error in metres."""

_AT_MANY = text("""
    select found.*, grid.community_code
    from unnest(cast(:places as text[]), cast(:moments as timestamptz[]),
                cast(:errors as double precision[]))
        with ordinality as spot (place, moment, error_m, number)
    cross join lateral grid_at(spot.place::geometry, spot.moment, spot.error_m) as found
    left join grid on grid.id = found.grid_id
    order by spot.number
""")

PRESENT = func.upper_inf(boundary.c.valid)
_DRAWN = grid.c.kind != "uncovered"


def present_cells(session: Session) -> list[Cell]:
    """All grids of the present with their ground; uncovered ground is none of them."""
    rows = session.execute(
        select(grid.c.code, grid.c.id, boundary.c.id, grid.c.community_code, boundary.c.shape)
        .join(boundary, boundary.c.grid_id == grid.c.id)
        .where(PRESENT, grid.c.kind != "uncovered")
    )
    return [Cell(*row) for row in rows]


def lock_shared(session: Session) -> None:
    """Wait for a redraw that is being published, and hold back the next one until commit."""
    session.execute(select(func.lock_ground_shared()))


def revision(session: Session) -> int:
    """A number that grows with every change of a boundary."""
    return int(session.scalar(select(func.coalesce(func.sum(district.c.revision), 0))) or 0)


def at(session: Session, place: BaseGeometry, error_m: float = 0.0) -> RowMapping:
    """The present grid of a place (degrees, lon, lat) by the rule of assignment, with evidence.

    Keys: grid_id, boundary_id, rule, border_m, runner_up_id, runner_up_m.
    """
    found = func.grid_at(bound(place), None, error_m).table_valued(
        *("grid_id", "boundary_id", "rule", "border_m", "runner_up_id", "runner_up_m")
    )
    return session.execute(select(found)).mappings().one()


def home(session: Session, number: int | None) -> str | None:
    """The community of a grid (by id); None for none."""
    return session.scalar(select(grid.c.community_code).where(grid.c.id == number))


def facts(session: Session, code: str) -> RowMapping | None:
    """What a grid's card shows; None where no grid of the present has this code."""
    return session.execute(_facts().where(grid.c.code == code)).mappings().first()


def facts_by_id(session: Session, number: int) -> RowMapping | None:
    """As `facts`, by the grid's id."""
    return session.execute(_facts().where(grid.c.id == number)).mappings().first()


def _facts() -> Select[Any]:
    homes = (
        select(
            func.coalesce(func.sum(building.c.households), 0).label("households"),
            func.coalesce(func.sum(building.c.residents), 0).label("residents"),
            func.count().filter(building.c.kind == "building").label("buildings"),
        )
        .where(building.c.grid_id == grid.c.id)
        .lateral()
    )
    waiting = (
        select(func.count().label("open_issues"))
        .where(issue.c.grid_id == grid.c.id, issue.c.is_open)
        .lateral()
    )
    return (
        select(
            *(grid.c.id, grid.c.code, grid.c.name, grid.c.kind),
            *(community.c.code.label("community_code"), community.c.name.label("community_name")),
            *(street.c.code.label("street_code"), street.c.name.label("street_name")),
            *(homes.c.households, homes.c.residents, homes.c.buildings, waiting.c.open_issues),
            func.lower(boundary.c.valid).label("valid_from"),
            func.box2d(boundary.c.shape).cast(String).label("box"),
        )
        .join(boundary, (boundary.c.grid_id == grid.c.id) & PRESENT)
        .join(community, community.c.code == grid.c.community_code)
        .join(street, street.c.code == community.c.street_code)
        .join(homes, true())
        .join(waiting, true())
    )


def workers(session: Session, grid_id: int) -> Sequence[RowMapping]:
    """Who works a grid at present: name and duty, the lead first."""
    return (
        session.execute(
            select(grid_worker.c.name, post.c.duty)
            .join(post, post.c.worker_id == grid_worker.c.id)
            .where(post.c.grid_id == grid_id, post.c.during.op("@>")(func.now()))
            .order_by(post.c.duty.desc(), grid_worker.c.id)
        )
        .mappings()
        .all()
    )


def groups(session: Session, grid_id: int) -> Sequence[RowMapping]:
    """The party groups that a grid owns: name, secretary, member_count."""
    return (
        session.execute(
            select(
                party_org.c.id, party_org.c.name, party_org.c.secretary, party_org.c.member_count
            )
            .where(party_org.c.grid_id == grid_id, party_org.c.tier == "group")
            .order_by(party_org.c.id)
        )
        .mappings()
        .all()
    )


def totals(session: Session, ground: Ground = WHOLE) -> Mapping[str, int]:
    """Some ground in numbers: streets, communities, grids, groups, workers, residents."""
    of_grid = within(ground, grid.c.community_code, grid.c.id)
    homes = select(building.c.community_code, func.sum(building.c.residents).label("residents"))
    inside = homes.where(within(ground, building.c.community_code, building.c.grid_id))
    by_community = inside.group_by(building.c.community_code).subquery()
    people = func.coalesce(func.sum(by_community.c.residents), 0).cast(Integer)
    on_platform = func.sum(by_community.c.residents).filter(community.c.platform)
    told = select(
        _number(street, "streets", _among(ground, street.c.code, ground.streets)),
        _number(community, "communities", within(ground, community.c.code)),
        _number(
            grid.join(boundary, (boundary.c.grid_id == grid.c.id) & PRESENT),
            "grids",
            grid.c.kind != "uncovered",
            of_grid,
        ),
        _number(
            party_org.outerjoin(grid, grid.c.id == party_org.c.grid_id),
            "groups",
            party_org.c.tier == "group",
            of_grid,
        ),
        _workers(ground).scalar_subquery().label("workers"),
        people.label("residents"),
        func.coalesce(on_platform, 0).cast(Integer).label("platform_residents"),
    )
    inhabited = by_community.join(community, community.c.code == by_community.c.community_code)
    return dict(session.execute(told.select_from(inhabited)).mappings().one())


def _among(ground: Ground, column: ColumnElement[Any], codes: Iterable[str]) -> ColumnElement[bool]:
    return true() if ground.whole else column.in_(sorted(codes))


def _workers(ground: Ground) -> Select[Any]:
    """How many work there; of the whole also those who have no post at present."""
    if ground.whole:
        return select(func.count()).select_from(grid_worker)
    return (
        select(func.count(post.c.worker_id.distinct()))
        .join_from(post, grid, grid.c.id == post.c.grid_id)
        .where(post.c.during.op("@>")(func.now()))
        .where(within(ground, grid.c.community_code, grid.c.id))
    )


def _number(of: FromClause, label: str, *which: ColumnElement[bool]) -> Label[int]:
    """How many rows there are of a kind, as a column of another question."""
    return select(func.count()).select_from(of).where(*which).scalar_subquery().label(label)


def areas_within(session: Session, code: str) -> Sequence[RowMapping]:
    """The present grids of a community, by code, with their open issues."""
    open_issues = (
        select(func.count())
        .where(issue.c.grid_id == grid.c.id, issue.c.is_open)
        .scalar_subquery()
        .label("open_issues")
    )
    return (
        session.execute(
            select(grid.c.code, grid.c.name, open_issues)
            .join(boundary, (boundary.c.grid_id == grid.c.id) & PRESENT)
            .where(grid.c.community_code == code, grid.c.kind != "uncovered")
            .order_by(grid.c.code)
        )
        .mappings()
        .all()
    )


def at_many(session: Session, spots: Sequence[Spot]) -> Sequence[RowMapping]:
    """The rule of assignment for many places, in their order; keys as in `at`, and community."""
    if not spots:
        return []
    columns = list(zip(*spots, strict=True))
    places = [ewkb(shape) for shape in columns[0]]
    rows = session.execute(
        _AT_MANY, {"places": places, "moments": list(columns[1]), "errors": list(columns[2])}
    )
    return rows.mappings().all()
