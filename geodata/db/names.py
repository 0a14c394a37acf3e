"""Everything in the district that has a name or an address, for the geocoder."""

from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import Row, select, text
from sqlalchemy.orm import Session

from geodata.db.tables import road

_NAMED: Final = text("""
    select case building.kind when 'courtyard' then 'courtyard' else 'door' end as kind,
        case when strpos(building.address, building.name) > 0 then building.address
             else building.address || ' ' || building.name end as label,
        building.name, building.address, ST_X(door) as lon, ST_Y(door) as lat,
        building.id as ref, street.name as street, community.name as community,
        community.code as community_code
    from building
    join community on community.code = building.community_code
    join street on street.code = community.street_code
    where :houses
    union all
    select 'road', road.name, road.name, '', ST_X(middle), ST_Y(middle), null, '', '', ''
    from road, ST_Centroid(road.shape) as middle where road.name <> ''
    union all
    select 'place', place.name, place.name, place.address, ST_X(shape), ST_Y(shape), null,
        '', '', ''
    from place
    union all
    select case when alias.trusted then 'alias' else 'hearsay' end, alias.label,
        alias.said, '', ST_X(alias.place), ST_Y(alias.place),
        alias.building_id, '', '', ''
    from alias
    union all
    select 'community', community.name, community.name, '', ST_X(middle), ST_Y(middle), null,
        street.name, community.name, community.code
    from community join street on street.code = community.street_code,
        ST_PointOnSurface(community.shape) as middle
    where community.shape is not null
    order by kind, label, ref
""")

_ABOVE: Final = {"610902": "陕西省安康市"}
"""What lies above a district, where that is known: its own table names the district alone."""

_VERSION: Final = text("""
    select concat_ws('-', (select max(id) from building), (select max(id) from road),
        (select max(id) from place), (select count(*) from community),
        (select sum(hashtext(concat_ws('|', code, name))::bigint) from community),
        (select sum(hashtext(concat_ws('|', code, name))::bigint) from street),
        (select extract(epoch from max(finished_at)) from load_job),
        (select max(id) from alias where trusted))
""")


def named(session: Session, *, houses: bool = True) -> Iterator[Row[Any]]:
    """Rows with kind, label, name, address, lon, lat (degrees), ref, street, community(_code)."""
    yield from session.execute(_NAMED, {"houses": houses})


def roads(session: Session) -> Iterator[Row[Any, Any]]:
    """Rows with name and shape (a line in degrees) of every road with a name."""
    columns = select(road.c.name, road.c.shape).where(road.c.name != "").order_by(road.c.id)
    yield from session.execute(columns)


def home(session: Session) -> str:
    """The district as an address begins with it: 陕西省安康市汉滨区, or its name alone."""
    row = session.execute(text("select code, name from district order by code limit 1")).first()
    return _ABOVE.get(row.code, "") + str(row.name) if row else ""


def version(session: Session) -> str:
    """Changes with buildings, roads, places, trusted aliases, areas and every file loaded.

    What residents call a place waits for the next change: their reports must cost little.
    """
    return str(session.scalar(_VERSION))
