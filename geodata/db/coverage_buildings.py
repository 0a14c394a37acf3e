"""The buildings of some ground one by one, with the grid and the party group of each."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, cast

from sqlalchemy import text
from sqlalchemy.orm import Session

from geodata.db.scoping import Ground

_ON: Final = """
    from building b left join grid g on g.id = b.grid_id
    where b.kind = 'building' and (:whole or b.community_code = any(:communities)
        or g.code = any(:grids))
"""
_COUNT: Final = text(f"select count(*) {_ON}")
_LISTED: Final = text(f"""
    with shown as (
        select b.*, g.code as grid, g.name as grid_name {_ON}
        order by b.party_group_id is not null, b.code limit :most offset :start
    )
    select shown.code, shown.name, shown.address, shown.grid, shown.grid_name,
        o.name as party_group, shown.households, shown.residents,
        ST_X(shown.door) as lon, ST_Y(shown.door) as lat
    from shown left join party_org o on o.id = shown.party_group_id
    order by shown.party_group_id is not null, shown.code
""")  # noqa: S608 -- our own words


def count(session: Session, ground: Ground) -> int:
    """How many buildings there are on some ground."""
    return int(session.scalar(_COUNT, _within(ground)) or 0)


def listed(session: Session, ground: Ground, start: int, most: int) -> Sequence[Mapping[str, Any]]:
    """Buildings on some ground from a place on: those without a group first, then by code.

    Code, name, address, code and name of the grid, name of the party group, households, residents,
    and where the door is (degrees).
    """
    rows = session.execute(_LISTED, {**_within(ground), "start": start, "most": most})
    return cast("Sequence[Mapping[str, Any]]", rows.mappings().all())


def _within(ground: Ground) -> dict[str, Any]:
    return {
        "whole": ground.whole,
        "communities": sorted(ground.communities),
        "grids": sorted(ground.grid_codes),
    }
