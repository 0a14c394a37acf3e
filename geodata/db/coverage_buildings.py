"""The buildings of some ground one by one, with the grid and the party group of each."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, cast

from sqlalchemy import text
from sqlalchemy.orm import Session

from geodata.db.scoping import Ground

_COUNT: Final = "select count(*) from building where kind = 'building' and {here}"
_LISTED: Final = """
    with shown as (
        select * from building where kind = 'building' and {here}
        order by party_group_id is not null, code limit :most offset :start
    )
    select shown.code, shown.name, shown.address, grid.code as grid, grid.name as grid_name,
        party_org.name as party_group, shown.households, shown.residents,
        ST_X(shown.door) as lon, ST_Y(shown.door) as lat
    from shown left join grid on grid.id = shown.grid_id
    left join party_org on party_org.id = shown.party_group_id
    order by shown.party_group_id is not null, shown.code
"""
_WHERE: Final = {
    True: "true",
    False: "(community_code = any(:communities) or grid_id = any(:grids))",
}
_COUNTS: Final = {whole: text(_COUNT.format(here=here)) for whole, here in _WHERE.items()}
_LISTS: Final = {whole: text(_LISTED.format(here=here)) for whole, here in _WHERE.items()}
"""Each asked in its own words for the whole and for a part, so that indexes serve the part."""


def count(session: Session, ground: Ground) -> int:
    """How many buildings there are on some ground."""
    return int(session.scalar(_COUNTS[ground.whole], _within(ground)) or 0)


def listed(session: Session, ground: Ground, start: int, most: int) -> Sequence[Mapping[str, Any]]:
    """Buildings on some ground from a place on: those without a group first, then by code.

    Code, name, address, code and name of the grid, name of the party group, households, residents,
    and where the door is (degrees).
    """
    rows = session.execute(_LISTS[ground.whole], {**_within(ground), "start": start, "most": most})
    return cast("Sequence[Mapping[str, Any]]", rows.mappings().all())


def _within(ground: Ground) -> dict[str, Any]:
    if ground.whole:
        return {}
    return {"communities": sorted(ground.communities), "grids": sorted(ground.grids)}
