"""What each community's grids are in need of, counted in one question."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import RowMapping, text
from sqlalchemy.orm import Session

_NEEDS: Final = text("""
    with lived as (
        select grid_id, sum(households) as households from building group by grid_id
    ), sized as (
        select grid.community_code as code, coalesce(lived.households, 0) as households
        from grid left join lived on lived.grid_id = grid.id
        where grid.kind = 'basic' and grid.retired_at is null
    ), counted as (
        select code, 'above' as need from sized where households > :high
        union all
        select code, 'below' from sized where households < :low
        union all
        select community_code, 'homeless' from building
        where grid_id is null and kind = 'building' and households > 0
        union all
        select grid.community_code, 'open'
        from grid join boundary on boundary.grid_id = grid.id and upper_inf(boundary.valid),
            ST_Dump(boundary.shape)
        where grid.kind = 'uncovered'
        union all
        select owner.community_code, 'astride'
        from party_org join grid owner on owner.id = party_org.grid_id
        where party_org.tier = 'group' and owner.retired_at is null and exists (
            select from building where building.party_group_id = party_org.id
                and building.grid_id <> party_org.grid_id)
    )
    select code, need, count(*) as count from counted
    where code = any(:codes) group by code, need
""")


def counted(session: Session, codes: Sequence[str], low: int, high: int) -> Sequence[RowMapping]:
    """How many of each need the communities of these codes have: code, need, count.

    `low` and `high` are the band of households a grid. Needs: ``above`` and ``below`` (basic
    grids), ``homeless`` (lived-in buildings in no grid), ``open`` (pieces of ground in no grid),
    ``astride`` (party groups with buildings in other grids than their own).
    """
    given = {"codes": list(codes), "low": low, "high": high}
    return session.execute(_NEEDS, given).mappings().all()
