"""The district and its areas, and what stands at a place."""

from collections.abc import Sequence
from typing import Any, Final

from shapely.geometry.base import BaseGeometry
from sqlalchemy import JSON, RowMapping, Select, String, cast, func, select, text, true
from sqlalchemy.orm import Session

from geodata.db.columns import bound
from geodata.db.tables import (
    boundary,
    building,
    community,
    district,
    grid,
    party_org,
    street,
)

_DIGITS: Final = 7

_VERSION: Final = text("""
    select concat_ws('-', (select sum(revision) from district), (select max(id) from building),
        (select max(id) from road), (select max(id) from place), (select max(id) from party_org),
        (select sum(hashtext(concat_ws('|', name, name_en, norm_households, band_low, band_high,
            walk_m))::bigint) from district),
        (select sum(hashtext(concat_ws('|', code, name))::bigint) from grid),
        (select sum(hashtext(concat_ws('|', code, name))::bigint) from community),
        (select sum(hashtext(concat_ws('|', code, name))::bigint) from street),
        (select sum(hashtext(concat_ws('|', id, name, secretary, member_count, colour))::bigint)
         from party_org),
        (select extract(epoch from max(finished_at)) from load_job))
""")

_WRITTEN: Final = text("""
    select concat_ws('-', coalesce(sum(written), 0), max(written_by)) from ground_change
""")
# Not those that may still run: their rows are to come, and the sum is to tell of each.
_THINNED: Final = text("""
    with gone as (
        delete from ground_change
        where written_by < pg_snapshot_xmin(pg_current_snapshot())::text::bigint
        returning written_by, written
    )
    insert into ground_change (written_by, written)
    select max(written_by), sum(written) from gone having count(*) > 0
""")


def first_district(session: Session) -> RowMapping | None:
    """The district of this store with the box it fills as text, or None before a load."""
    query = select(
        *(district.c.code, district.c.name, district.c.name_en, district.c.synthetic),
        *(district.c.norm_households, district.c.band_low, district.c.band_high),
        func.box2d(district.c.shape).cast(String).label("box"),
    )
    return session.execute(query.order_by(district.c.code).limit(1)).mappings().first()


def version(session: Session) -> str:
    """Changes with every boundary, building, road, place and organisation, and what it is called.

    What a loaded file changed in them counts as well.
    """
    return str(session.scalar(_VERSION))


def written(session: Session) -> str:
    """Changes with every transaction that wrote to boundaries, buildings, places or units.

    Whoever wrote it: triggers note each (migration 0220).
    """
    return str(session.scalar(_WRITTEN))


def thin(session: Session) -> None:
    """Make one row of the notes of all transactions that are over; `written` stays as it is."""
    session.execute(_THINNED)


def community_facts(session: Session, code: str) -> RowMapping | None:
    """A community with its street, people, secretary of its party organisation and box."""
    homes = (
        select(
            func.coalesce(func.sum(building.c.households), 0).label("households"),
            func.coalesce(func.sum(building.c.residents), 0).label("residents"),
        )
        .where(building.c.community_code == code)
        .subquery()
    )
    query = select(
        *(community.c.code, community.c.name, community.c.platform),
        *(street.c.code.label("street_code"), street.c.name.label("street_name")),
        *(homes.c.households, homes.c.residents),
        func.box2d(community.c.shape).cast(String).label("box"),
    ).select_from(
        community.join(street, street.c.code == community.c.street_code).join(homes, true())
    )
    return session.execute(query.where(community.c.code == code)).mappings().first()


def street_facts(session: Session, code: str) -> RowMapping | None:
    """A street with its people and its box, or None."""
    own = select(community.c.code).where(community.c.street_code == code)
    homes = (
        select(
            func.coalesce(func.sum(building.c.households), 0).label("households"),
            func.coalesce(func.sum(building.c.residents), 0).label("residents"),
        )
        .where(building.c.community_code.in_(own))
        .subquery()
    )
    query = select(
        *(street.c.code, street.c.name, homes.c.households, homes.c.residents),
        func.box2d(street.c.shape).cast(String).label("box"),
    ).select_from(street.join(homes, true()))
    return session.execute(query.where(street.c.code == code)).mappings().first()


def communities_of(session: Session, street_code: str) -> Sequence[RowMapping]:
    """The communities of a street by code, with how many grids each has."""
    grids = (
        select(func.count())
        .where(grid.c.community_code == community.c.code, grid.c.kind != "uncovered")
        .join_from(grid, boundary, (boundary.c.grid_id == grid.c.id))
        .where(func.upper_inf(boundary.c.valid))
        .scalar_subquery()
        .label("grids")
    )
    rows = session.execute(
        select(community.c.code, community.c.name, grids)
        .where(community.c.street_code == street_code)
        .order_by(community.c.code)
    )
    return rows.mappings().all()


def tree(session: Session) -> Sequence[RowMapping]:
    """All communities with their streets, by code: street_code, street, code and name.

    Their English names are street_en and name_en, empty where there is none.
    """
    query = (
        select(
            *(street.c.code.label("street_code"), street.c.name.label("street")),
            *(community.c.code, community.c.name),
            *(street.c.name_en.label("street_en"), community.c.name_en),
        )
        .join_from(street, community)
        .order_by(street.c.code, community.c.code)
    )
    return session.execute(query).mappings().all()


def building_at(session: Session, place: BaseGeometry) -> RowMapping | None:
    """The building under a place (degrees, lon, lat), a house before the courtyard it stands in."""
    query = (
        _building()
        .where(func.ST_Covers(building.c.outline, bound(place)))
        .order_by((building.c.kind == "building").desc(), building.c.id)
    )
    return session.execute(query.limit(1)).mappings().first()


def building_by_id(session: Session, number: int) -> RowMapping | None:
    """One building with its door, or None."""
    return session.execute(_building().where(building.c.id == number)).mappings().first()


def _building() -> Select[Any]:
    owner = grid.alias("owner")
    return (
        select(
            *(building.c.id, building.c.code, building.c.name, building.c.address),
            *(building.c.kind, building.c.households, building.c.residents, building.c.levels),
            func.ST_X(building.c.door).label("lon"),
            func.ST_Y(building.c.door).label("lat"),
            cast(func.ST_AsGeoJSON(building.c.outline, _DIGITS), JSON).label("outline"),
            party_org.c.name.label("group_name"),
            party_org.c.secretary.label("group_secretary"),
            party_org.c.member_count.label("group_members"),
            owner.c.code.label("group_grid"),
        )
        .select_from(building)
        .outerjoin(party_org, party_org.c.id == building.c.party_group_id)
        .outerjoin(owner, owner.c.id == party_org.c.grid_id)
    )


def area_at(session: Session, place: BaseGeometry) -> RowMapping | None:
    """The community under a place, with its street."""
    query = (
        select(
            *(community.c.code, community.c.name),
            *(street.c.code.label("street_code"), street.c.name.label("street_name")),
        )
        .join(street, street.c.code == community.c.street_code)
        .where(func.ST_Covers(community.c.shape, bound(place)))
        .order_by(community.c.code)
    )
    return session.execute(query.limit(1)).mappings().first()


def community_codes(session: Session) -> dict[str, str]:
    """The code of each community by its code and by its name, where the name is unique."""
    rows = session.execute(select(community.c.code, community.c.name)).all()
    names = [row.name for row in rows]
    by_name = {row.name: row.code for row in rows if names.count(row.name) == 1}
    return {**by_name, **{row.code: row.code for row in rows}}
