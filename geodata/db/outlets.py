"""Where the fields of each layer that can be taken out come from, in the store's own tables."""

from collections.abc import Mapping
from typing import Final

from sqlalchemy import ColumnElement, false, func, null, or_, select

from geodata.db import outlet
from geodata.db.narrowing import STATES, state
from geodata.db.scoping import issues as issues_within
from geodata.db.scoping import within
from geodata.db.tables import (
    boundary,
    building,
    community,
    grid,
    grid_worker,
    import_job,
    issue,
    issue_category,
    landcover,
    party_org,
    place,
    post,
    refused_row,
    road,
    street,
)

_STREETS: Final = outlet.plain(
    street, ("code", "name", "name_en", "district_code", "code_scheme"), street.c.code
)

_COMMUNITIES: Final = outlet.Source(
    community.join(street, street.c.code == community.c.street_code),
    outlet.named(
        community,
        *("code", "name", "name_en", "street_code", "code_scheme", "platform"),
        street_name=street.c.name,
    ),
    community.c.code,
    (community.c.code,),
    outlet.wkb(community.c.shape),
    community.c.shape,
    {"street": outlet.equals(community.c.street_code)},
)

_TIERS: Final = {
    "community_code": community.c.code,
    "community_name": community.c.name,
    "street_code": street.c.code,
    "street_name": street.c.name,
}


def _cells(kind: ColumnElement[bool], filters: Mapping[str, outlet.Condition]) -> outlet.Source:
    """Boundaries of all times, each with its grid and the tiers above."""
    names = ("code", "name", "kind", "code_scheme", "multipart")
    return outlet.Source(
        boundary.join(grid, grid.c.id == boundary.c.grid_id)
        .join(community, community.c.code == grid.c.community_code)
        .join(street, street.c.code == community.c.street_code),
        outlet.named(
            grid,
            *names,
            **_TIERS,
            valid_from=func.lower(boundary.c.valid),
            valid_to=func.upper(boundary.c.valid),
            area_m2=func.ST_Area(func.geography(boundary.c.shape)),
        ),
        boundary.c.id,
        (boundary.c.id,),
        outlet.wkb(boundary.c.shape),
        boundary.c.shape,
        filters,
        always=(kind,),
        valid=boundary.c.valid,
        present=func.upper_inf(boundary.c.valid),
        first=select(func.min(func.lower(boundary.c.valid))),
    )


_COMMUNITY: Final[outlet.Condition] = outlet.equals(grid.c.community_code)
_GRIDS: Final = _cells(
    grid.c.kind != "uncovered",
    {
        "code": outlet.equals(grid.c.code),
        "kind": outlet.equals(grid.c.kind),
        "community": _COMMUNITY,
        "street": outlet.equals(community.c.street_code),
    },
)
_UNCOVERED: Final = _cells(grid.c.kind == "uncovered", {"community": _COMMUNITY})

_YARD: Final = building.alias("yard")
_BUILDINGS: Final = outlet.Source(
    building.join(community, community.c.code == building.c.community_code)
    .outerjoin(grid, grid.c.id == building.c.grid_id)
    .outerjoin(party_org, party_org.c.id == building.c.party_group_id)
    .outerjoin(_YARD, _YARD.c.id == building.c.courtyard_id),
    outlet.named(
        building,
        *("code", "kind", "name", "address", "community_code", "levels", "households"),
        *("residents", "party_group_id"),
        community_name=community.c.name,
        grid_code=grid.c.code,
        grid_name=grid.c.name,
        courtyard_code=_YARD.c.code,
        party_group=party_org.c.name,
        door_lon=func.ST_X(building.c.door),
        door_lat=func.ST_Y(building.c.door),
    ),
    building.c.id,
    (building.c.id,),
    outlet.wkb(building.c.outline),
    building.c.outline,
    {
        "code": outlet.equals(building.c.code),
        "kind": outlet.equals(building.c.kind),
        "community": outlet.equals(building.c.community_code),
        "grid": outlet.under(building.c.grid_id, grid.c.code),
    },
    within=lambda ground: within(ground, building.c.community_code, building.c.grid_id),
)

_HOME: Final = boundary.alias("home")
_PRESENT_HOME: Final = func.upper_inf(_HOME.c.valid)
_ORG_GROUND: Final = func.coalesce(_HOME.c.shape, community.c.shape, street.c.shape)
_ORGS: Final = outlet.Source(
    party_org.outerjoin(grid, grid.c.id == party_org.c.grid_id)
    .outerjoin(_HOME, (_HOME.c.grid_id == grid.c.id) & _PRESENT_HOME)
    .outerjoin(community, community.c.code == party_org.c.community_code)
    .outerjoin(street, street.c.code == party_org.c.street_code),
    outlet.named(
        party_org,
        *("id", "tier", "parent_id", "name", "secretary", "member_count"),
        *("street_code", "community_code"),
        grid_code=grid.c.code,
    ),
    party_org.c.id,
    (party_org.c.id,),
    outlet.wkb(outlet.inside(_ORG_GROUND)),
    outlet.inside(_ORG_GROUND),
    {
        "tier": outlet.equals(party_org.c.tier),
        "community": outlet.equals(party_org.c.community_code),
        "grid": outlet.under(party_org.c.grid_id, grid.c.code),
    },
    within=lambda ground: or_(
        within(ground, func.coalesce(grid.c.community_code, party_org.c.community_code), grid.c.id),
        party_org.c.street_code.in_(sorted(ground.streets)) & party_org.c.community_code.is_(None),
    ),
)

_POSTS: Final = outlet.Source(
    post.join(grid_worker, grid_worker.c.id == post.c.worker_id)
    .join(grid, grid.c.id == post.c.grid_id)
    .outerjoin(_HOME, (_HOME.c.grid_id == grid.c.id) & _PRESENT_HOME),
    outlet.named(
        post,
        *("id", "worker_id", "duty"),
        worker=grid_worker.c.name,
        grid_code=grid.c.code,
        grid_name=grid.c.name,
        community_code=grid.c.community_code,
        since=func.lower(post.c.during),
        until=func.upper(post.c.during),
    ),
    post.c.id,
    (post.c.id,),
    outlet.wkb(outlet.inside(_HOME.c.shape)),
    outlet.inside(_HOME.c.shape),
    {"community": _COMMUNITY, "grid": outlet.under(post.c.grid_id, grid.c.code)},
    within=lambda ground: within(ground, grid.c.community_code, grid.c.id),
    valid=post.c.during,
    present=post.c.during.op("@>")(func.now()),
    first=select(func.min(func.lower(post.c.during))),
)

_SECOND: Final = grid.alias("second")


def _of_category(code: str) -> ColumnElement[bool]:
    known = select(issue_category.c.id).where(
        issue_category.c.code_scheme == "district", issue_category.c.code == code
    )
    return issue.c.category_id == known.correlate(None).scalar_subquery()


_ISSUES: Final = outlet.Source(
    issue.join(issue_category)
    .outerjoin(grid, grid.c.id == issue.c.grid_id)
    .outerjoin(boundary, boundary.c.id == issue.c.boundary_id)
    .outerjoin(_SECOND, _SECOND.c.id == issue.c.runner_up_id)
    .outerjoin(community, community.c.code == issue.c.community_code),
    outlet.named(
        issue,
        *("channel", "ticket", "text", "address", "status", "level", "is_open", "precision"),
        *("rule", "border_m", "runner_up_m", "community_code", "raw_x", "raw_y", "raw_datum"),
        *("located", "reported_at", "due_at", "closed_at"),
        id=issue.c.public_id,
        category=issue_category.c.code,
        category_zh=issue_category.c.name_zh,
        category_en=issue_category.c.name_en,
        grid_code=grid.c.code,
        grid_name=grid.c.name,
        boundary_from=func.lower(boundary.c.valid),
        runner_up_code=_SECOND.c.code,
        community_name=community.c.name,
    ),
    issue.c.public_id,
    (issue.c.reported_at, issue.c.id),
    outlet.wkb(issue.c.place),
    issue.c.place,
    {
        "state": lambda value: state(value) if value in STATES else false(),
        "category": _of_category,
        "community": outlet.equals(issue.c.community_code),
        "grid": outlet.under(issue.c.grid_id, grid.c.code),
    },
    within=issues_within,
    moment=issue.c.reported_at,
    first=select(func.min(issue.c.reported_at)),
    counted=issue,
)

_REFUSED: Final = outlet.Source(
    refused_row.join(import_job, import_job.c.id == refused_row.c.job_id),
    outlet.named(
        refused_row,
        *("row", "column", "code", "facts", "raw", "corrected_at"),
        **{"import": import_job.c.id},
        file_name=import_job.c.file_name,
    ),
    refused_row.c.id,
    (refused_row.c.id,),
    null(),
    None,
    {"import": lambda value: refused_row.c.job_id == int(value)},
    senders=import_job.c.senders,
)

SOURCES: Final[Mapping[str, outlet.Source]] = {
    "streets": _STREETS,
    "communities": _COMMUNITIES,
    "grids": _GRIDS,
    "uncovered": _UNCOVERED,
    "buildings": _BUILDINGS,
    "roads": outlet.plain(road, ("id", "name", "kind"), road.c.id, width_m=road.c.width),
    "landcover": outlet.plain(landcover, ("id", "kind", "name"), landcover.c.id),
    "places": outlet.plain(place, ("id", "name", "kind", "address"), place.c.id),
    "party-orgs": _ORGS,
    "posts": _POSTS,
    "issues": _ISSUES,
    "refused": _REFUSED,
}
