"""How many households workers serve: a grid's are shared alike among those with a post in it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import RowMapping, text
from sqlalchemy.orm import Session

_OF_WORKERS: Final = text("""
    with held as (
        select distinct worker_id, grid_id from post where during @> cast(:now as timestamptz)
    ), mine as (
        select worker_id, grid_id from held where worker_id = any(:workers)
    ), share as (
        select grid_id, coalesce((select sum(households) from building
                where building.grid_id = one.grid_id), 0)::float
            / (select count(*) from held where held.grid_id = one.grid_id) as households
        from (select distinct grid_id from mine) as one
    )
    select worker_id, round(sum(share.households))::int as households
    from mine join share using (grid_id) group by worker_id
""")
_OF_GRID: Final = text("""
    select coalesce((select sum(households) from building where grid_id = :grid), 0)::int
            as households,
        (select count(distinct worker_id) from post
            where grid_id = :grid and during @> cast(:now as timestamptz))::int as workers,
        (select max(band_high) from district)::int as high
""")


def of_workers(session: Session, numbers: Sequence[int], now: datetime) -> Mapping[int, int]:
    """The households that workers (by number) serve now; those without a post are left out."""
    rows = session.execute(_OF_WORKERS, {"workers": list(numbers), "now": now})
    return {int(row.worker_id): int(row.households) for row in rows}


def of_grid(session: Session, number: int, now: datetime) -> RowMapping:
    """The households of a grid (by id), who serves it now, and the most that the band allows."""
    return session.execute(_OF_GRID, {"grid": number, "now": now}).mappings().one()
