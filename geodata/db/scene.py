"""A community's ground for who redraws it, written as JSON by PostGIS.

Its grids and those beside them, what lies in none, its buildings and courtyards, and the roads to
snap to. All in
degrees (EPSG:4326, lon before lat) with 7 decimals.
"""

from typing import Final

from sqlalchemy import text
from sqlalchemy.orm import Session

CUT: Final = 0.02
"""A building is cut where more than this share of its outline lies outside of its grid."""

_SCENE: Final = text("""
    with own as materialized (
        select grid.id, grid.code, grid.name, grid.kind, boundary.shape, boundary.label
        from boundary join grid on grid.id = boundary.grid_id
        where upper_inf(boundary.valid) and grid.community_code = :community
    ), frame as materialized (
        select ST_Expand(ST_Extent(shape)::geometry, 0.0005) as box,
               ST_Union(shape) as shape from own
    ), beside as (
        select grid.code, grid.name, grid.community_code, boundary.shape
        from frame join boundary on boundary.shape && frame.box
        join grid on grid.id = boundary.grid_id
        where upper_inf(boundary.valid) and grid.community_code <> :community
            and grid.kind <> 'uncovered'
    ), house as (
        select b.id, b.kind, b.code, b.name, b.address, b.households, b.residents, b.outline,
               b.door, own.code as grid, org.name as group_name, b.party_group_id,
               owner.code as group_grid, own.shape is not null
                   and ST_Area(ST_Intersection(own.shape, b.outline))
                   < (1 - :cut) * ST_Area(b.outline) as cut
        from building b left join own on own.id = b.grid_id
        left join party_org org on org.id = b.party_group_id
        left join grid owner on owner.id = org.grid_id
        where b.community_code = :community
    )
    select json_build_object(
        'name', (select name from community where code = :community),
        'norm', (select norm_households from district limit 1),
        'band', (select json_build_array(band_low, band_high) from district limit 1),
        'grids', (select coalesce(json_agg(json_build_object('type', 'Feature',
                'geometry', ST_AsGeoJSON(shape, 7)::json, 'properties', json_build_object(
                    'code', code, 'name', name, 'kind', kind,
                    'label', ST_AsGeoJSON(label, 7)::json -> 'coordinates'))
            order by code), '[]') from own where kind <> 'uncovered'),
        'uncovered', (select coalesce(json_agg(ST_AsGeoJSON(part.geom, 7)::json
                order by part.path), '[]')
            from own, ST_Dump(own.shape) part where own.kind = 'uncovered'),
        'beside', (select coalesce(json_agg(json_build_object('type', 'Feature',
                'geometry', ST_AsGeoJSON(shape, 7)::json, 'properties', json_build_object(
                    'code', code, 'name', name, 'community', community_code))
            order by code), '[]') from beside),
        'buildings', (select coalesce(json_agg(json_build_object('id', id, 'code', code,
                'name', name, 'address', address, 'households', households, 'grid', grid,
                'cut', cut, 'group', party_group_id, 'group_name', group_name,
                'group_grid', group_grid,
                'door', ST_AsGeoJSON(door, 7)::json -> 'coordinates',
                'outline', ST_AsGeoJSON(outline, 7)::json -> 'coordinates')
            order by code), '[]') from house where kind = 'building'),
        'courtyards', (select coalesce(json_agg(json_build_object('id', id, 'code', code,
                'cut', cut, 'outline', ST_AsGeoJSON(outline, 7)::json -> 'coordinates')
            order by code), '[]') from house where kind = 'courtyard'),
        'roads', (select coalesce(json_agg(json_build_object('name', road.name,
                'kind', road.kind, 'line', ST_AsGeoJSON(road.shape, 7)::json -> 'coordinates')
            order by road.id), '[]') from road join frame on road.shape && frame.box
            where ST_Intersects(road.shape, frame.shape))
    )::text
""")


def scene(session: Session, community: str) -> str:
    """The ground of a community as JSON text."""
    given = {"community": community, "cut": CUT}
    return str(session.scalar(_SCENE, given))
