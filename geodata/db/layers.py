"""Layers for the map, written as GeoJSON and vector tiles by PostGIS itself.

GeoJSON is in degrees (EPSG:4326, lon before lat) with 7 decimals, from which every vertex of the
2⁻²³° lattice can be restored; tiles are in EPSG:3857 as the format wants.
"""

from typing import Final

from sqlalchemy import text
from sqlalchemy.orm import Session

from geodata.db.engine import straight

Box = tuple[float, float, float, float]
"""West, south, east, north in degrees."""

MOST_GRIDS: Final = 2000
"""Grids in one answer at the most; the rest is said to be truncated."""

# Names keep off the water: the ground without it, coarse, where it makes a difference; the label
# stands in the middle of the largest circle that fits into what is left.
_LAND: Final = """
    with drawn as (select * from {table} where shape is not null), dry as (
        select drawn.code, ST_SimplifyPreserveTopology(ST_Difference(drawn.shape, wet.shape), 2e-5)
            as shape
        from drawn cross join lateral (
            select ST_Union(landcover.shape) as shape from landcover
            where kind = 'water' and ST_Intersects(landcover.shape, drawn.shape)
        ) as wet where wet.shape is not null
    ), told as (
        select drawn.*, case when not ST_IsEmpty(dry.shape) then dry.shape end as land
        from drawn left join dry using (code)
    )
"""

_LABEL: Final = """
    'land', ST_AsGeoJSON(land, 5)::json, 'label', ST_AsGeoJSON(
        (ST_MaximumInscribedCircle(coalesce(land, shape))).center, 7)::json -> 'coordinates'
"""

_STREETS: Final = text(f"""
    {_LAND.format(table="street")}
    select json_build_object('type', 'FeatureCollection', 'features', coalesce(json_agg(
        json_build_object('type', 'Feature', 'geometry', ST_AsGeoJSON(shape, 7)::json,
            'properties', json_build_object('code', code, 'name', name, 'name_en', name_en,
                {_LABEL}))
        order by code), '[]'))::text
    from told
""")  # noqa: S608 -- our own words

_COMMUNITIES: Final = text(f"""
    {_LAND.format(table="community")}
    select json_build_object('type', 'FeatureCollection', 'features', coalesce(json_agg(
        json_build_object('type', 'Feature', 'geometry', ST_AsGeoJSON(shape, 7)::json,
            'properties', json_build_object('code', code, 'name', name, 'name_en', name_en,
                'street', street_code, 'platform', platform,
                {_LABEL}))
        order by code), '[]'))::text
    from told
""")  # noqa: S608 -- our own words

_UNCOVERED: Final = text("""
    select json_build_object('type', 'FeatureCollection', 'features', coalesce(json_agg(
        json_build_object('type', 'Feature', 'geometry', ST_AsGeoJSON(boundary.shape, 7)::json,
            'properties', json_build_object('community', grid.community_code))
        order by grid.community_code), '[]'))::text
    from boundary join grid on grid.id = boundary.grid_id
    where upper_inf(boundary.valid) and grid.kind = 'uncovered'
""")

_GRIDS: Final = text("""
    with cell as (
        select grid.id, grid.code, grid.name, grid.kind, grid.community_code, boundary.shape,
            boundary.label
        from boundary join grid on grid.id = boundary.grid_id
        where upper_inf(boundary.valid) and grid.kind <> 'uncovered'
            and boundary.shape && ST_MakeEnvelope(:west, :south, :east, :north, 4326)
            and (:community = '' or grid.community_code = :community)
        order by grid.code limit :most + 1
    ), shown as (
        select cell.*, homes.households, homes.residents, homes.uncovered,
            (select count(*) from issue where issue.grid_id = cell.id and is_open) as open_issues,
            (select count(*) from post
             where post.grid_id = cell.id and post.during @> now()) as workers,
            (select count(*) from party_org
             where party_org.grid_id = cell.id and tier = 'group') as groups
        from cell cross join lateral (
            select coalesce(sum(households), 0) as households,
                coalesce(sum(residents), 0) as residents,
                count(*) filter (where party_group_id is null and households > 0) as uncovered
            from building where building.grid_id = cell.id
        ) as homes
        order by code limit :most
    )
    select json_build_object('type', 'FeatureCollection',
        'truncated', (select count(*) from cell) > :most,
        'features', coalesce(json_agg(
            json_build_object('type', 'Feature', 'geometry', ST_AsGeoJSON(shape, 7)::json,
                'properties', json_build_object('code', code, 'name', name, 'kind', kind,
                    'community', community_code, 'households', households,
                    'residents', residents, 'workers', workers, 'groups', groups,
                    'buildings_without_group', uncovered, 'open_issues', open_issues,
                    'label', ST_AsGeoJSON(label, 7)::json -> 'coordinates'))
            order by code), '[]'))::text
    from shown
""")

# Put together as text: as objects, the shapes would be taken apart and written a second time.
_OUTLINES: Final = text("""
    with cell as materialized (
        select grid.code, grid.name, grid.kind, grid.community_code, boundary.shape, boundary.label
        from boundary join grid on grid.id = boundary.grid_id
        where upper_inf(boundary.valid) and grid.kind <> 'uncovered'
            and boundary.shape && ST_MakeEnvelope(:west, :south, :east, :north, 4326)
            and (:community = '' or grid.community_code = :community)
        order by grid.code limit :most + 1
    ), shown as (select * from cell order by code limit :most)
    select '{"type": "FeatureCollection", "truncated": '
        || ((select count(*) from cell) > :most)::text || ', "features": ['
        || coalesce(string_agg(
            '{"type":"Feature","geometry":' || ST_AsGeoJSON(shape, 7) || ',"properties":'
            || json_build_object('code', code, 'name', name, 'kind', kind,
                'community', community_code,
                'label', ST_AsGeoJSON(label, 7)::json -> 'coordinates') || '}',
            ',' order by code), '') || ']}'
    from shown
""")

# Materialised, since otherwise each shape is cut to the tile twice: once to judge, once to draw.
_TILE: Final = """
    with frame as (
        select ST_TileEnvelope(:z, :x, :y) as square,
               ST_Transform(ST_TileEnvelope(:z, :x, :y, margin => 0.02), 4326) as box
    ), water as materialized (
        select kind, name, ST_AsMVTGeom(mercator, square) as geom
        from landcover, frame where shape && box and kind = 'water'
    ), green as materialized (
        select kind, name, ST_AsMVTGeom(mercator, square) as geom
        from landcover, frame where shape && box and kind <> 'water'
    ), roads as materialized (
        select kind, name, ST_AsMVTGeom(mercator, square) as geom
        from road, frame
        where shape && box and (kind in ('arterial', 'bridge') or :z >= 13 and kind = 'secondary'
            or :z >= 14)
    ), buildings as materialized (
        select b.id, b.kind,
               case when b.kind = 'courtyard' then b.name
                    when :z < 16 then null
                    when b.name ~ '(号楼|号|栋|幢|座)$'
                        then substring(b.name from '([0-9A-Z]+(号楼|号|栋|幢|座))$')
                    when b.name = '' or b.name ~ '[0-9]$'
                        then substring(b.address from '([0-9]+(-[0-9]+)?号?楼?)$') end as name,
               coalesce(o.colour, -1) as colour,
               b.party_group_id as group,
               b.grid_id as grid,
               ST_AsMVTGeom(b.mercator, square) as geom
        from frame join building b on b.outline && box left join party_org o
            on o.id = b.party_group_id
        where :z >= 14
    ), places as materialized (
        select kind, name, ST_AsMVTGeom(mercator, square) as geom
        from place, frame where shape && box and :z >= 15
    )
    select coalesce((select ST_AsMVT(water, 'water') from water where geom is not null), '')
        || coalesce((select ST_AsMVT(green, 'green') from green where geom is not null), '')
        || coalesce((select ST_AsMVT(roads, 'roads') from roads where geom is not null), '')
        || coalesce((select ST_AsMVT(buildings, 'buildings') from buildings
                     where geom is not null), '')
        || coalesce((select ST_AsMVT(places, 'places') from places where geom is not null), '')
"""
BASE_TILE: Final = text(_TILE)
_ASKED: Final = _TILE.replace(":z", "%(z)s").replace(":x", "%(x)s").replace(":y", "%(y)s")
"""The same in the driver's own words."""


def streets(session: Session) -> str:
    """All streets with their names and label points, as GeoJSON text."""
    return str(session.scalar(_STREETS))


def communities(session: Session) -> str:
    """All communities with their names and label points, as GeoJSON text."""
    return str(session.scalar(_COMMUNITIES))


def uncovered(session: Session) -> str:
    """The ground that lies in no grid, by community, as GeoJSON text."""
    return str(session.scalar(_UNCOVERED))


def grids(session: Session, box: Box, community: str = "", most: int = MOST_GRIDS) -> str:
    """The present grids that meet the box, or those of a community among them, as GeoJSON text.

    At most `most` of them, the lowest codes first; the member `truncated` says whether some
    were left out.
    """
    return str(session.scalar(_GRIDS, {**_frame(box), "community": community, "most": most}))


def outlines(session: Session, box: Box, community: str = "", most: int = MOST_GRIDS) -> str:
    """The same grids without their figures: what changes with the ground alone."""
    return str(session.scalar(_OUTLINES, {**_frame(box), "community": community, "most": most}))


def _frame(box: Box) -> dict[str, float]:
    return dict(zip(("west", "south", "east", "north"), box, strict=True))


def base_tile(session: Session, z: int, x: int, y: int) -> bytes:
    """One vector tile of the base map: water, green, roads, buildings and places."""
    found = straight(session.get_bind(), _ASKED, {"z": z, "x": x, "y": y})
    return bytes(found or b"")
