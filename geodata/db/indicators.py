"""Issues as columns of numbers, for indicators that are reckoned over all of them at once.

The database hands over each column as one run of eight-byte numbers, so that a hundred thousand
issues cost no more than their bytes.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import numpy as np
from sqlalchemy import RowMapping, func, select, text
from sqlalchemy.orm import Session

from geodata.db.scoping import Ground
from geodata.db.tables import grid, issue, issue_category
from geodata.domain.lattice import Floats

COLUMNS: Final = (
    *("reported", "due", "handled", "closed", "dropped", "reworked", "rating"),
    *("grid", "community", "category", "channel"),
)


def runs(names: Sequence[str], before: str = "") -> str:
    """Each column as one run of numbers, under its name with `before` before it."""
    return ", ".join(
        f"string_agg(float8send({name}::double precision), ''::bytea) as {before}{name}"
        for name in names
    )


def unpacked(row: RowMapping, names: Sequence[str], before: str = "") -> dict[str, Floats]:
    """The columns of a row that `runs` made."""
    told = {name: bytes(row[f"{before}{name}"] or b"") for name in names}
    return {name: np.frombuffer(one, dtype=">f8").astype(np.float64) for name, one in told.items()}


NUMBERS: Final = """
    channel as (
        select name, row_number() over (order by name collate "C") - 1 as number
        from unnest(cast(:channels as text[])) as name
    ), home as (
        select code, row_number() over (order by code collate "C") - 1 as number from community
    )
"""
EVENTS: Final = """
    event as materialized (
        select issue_id, max(at) filter (where status = 'handled') as handled,
            bool_or(status = 'reworked') as reworked
        from issue_event where status in ('handled', 'reworked')
            and issue_id in (select id from chosen)
        group by issue_id
    )
"""
SEEN: Final = """
    select stood.part, extract(epoch from stood.reported_at) as reported,
        case when stood.status <> 'suspended' then coalesce(
            extract(epoch from stood.due_at), 'NaN') else 'NaN' end as due,
        case when stood.status in ('handled', 'checked', 'closed') then coalesce(
            extract(epoch from stood.handled_at), extract(epoch from stood.closed_at), 'NaN')
            else 'NaN' end as handled,
        coalesce(extract(epoch from stood.closed_at), 'NaN') as closed,
        (stood.status in ('rejected', 'void'))::int as dropped,
        coalesce(stood.reworked, false)::int as reworked,
        case stood.satisfaction when 'good' then 1 when 'fair' then 2 when 'bad' then 3
            else 0 end as rating,
        coalesce(stood.grid_id, -1) as grid, coalesce(home.number, -1) as community,
        stood.category_id as category, coalesce(channel.number, -1) as channel
    from stood
    left join channel on channel.name = stood.channel
    left join home on home.code = stood.community_code
"""
"""Moments as seconds; what is missing is NaN, so that all columns have the same length."""

_ISSUES: Final = text(f"""
    with {NUMBERS}, chosen as materialized (
        select id, reported_at, due_at, closed_at, status, satisfaction, grid_id, community_code,
            category_id, channel, 0 as part
        from issue
        where reported_at < :until and (is_open or closed_at >= :since or due_at >= :since
                or reported_at >= :since)
            and (:whole or community_code = any(:communities) or grid_id = any(:grids)
                or '' = any(:communities) and community_code is null)
    ), {EVENTS}, stood as (
        select chosen.*, event.handled as handled_at, event.reworked
        from chosen left join event on event.issue_id = chosen.id
    ), seen as ({SEEN}) select {runs(COLUMNS)} from seen
""")  # noqa: S608 -- our own words

_CHANNELS: Final = text("""
    with recursive known as (
        (select channel from issue order by channel limit 1)
        union all
        select (select channel from issue where issue.channel > known.channel
                order by channel limit 1)
        from known where known.channel is not null
    ) select channel from known where channel is not null
""")
"""The channels there are, each found by one step in the index of channels and tickets."""


def issues(
    session: Session, ground: Ground, since: datetime, until: datetime, channels: Sequence[str]
) -> dict[str, Floats]:
    """The issues that may count between two moments, on some ground, as columns by name.

    `community` is the place of its code among all codes in order, `channel` that among `channels`
    in order, `grid` and `category` are ids; -1 is none.
    """
    given = {
        "since": since,
        "until": until,
        "channels": sorted(channels),
        "grids": sorted(ground.grids),
        **grounds(ground),
    }
    return unpacked(session.execute(_ISSUES, given).mappings().one(), COLUMNS)


def first(session: Session) -> datetime | None:
    """When the first issue of all was reported; None without any."""
    found: datetime | None = session.scalar(select(func.min(issue.c.reported_at)))
    return found


def grounds(ground: Ground) -> dict[str, Any]:
    """A ground as what the statements are given."""
    return {"whole": ground.whole, "communities": sorted(ground.communities)}


def channels(session: Session) -> list[str]:
    """The channels that issues came by, in order."""
    return [str(row.channel) for row in session.execute(_CHANNELS)]


def grids(session: Session) -> dict[int, str]:
    """The codes of the grids of the present by their ids."""
    query = select(grid.c.id, grid.c.code).where(grid.c.code.is_not(None))
    return {int(row.id): str(row.code) for row in session.execute(query)}


def categories(session: Session) -> Sequence[Mapping[str, Any]]:
    """The categories: id, code, name_zh, name_en, in the order of their ids."""
    told = issue_category.c
    query = select(told.id, told.code, told.name_zh, told.name_en).order_by(told.id)
    return [dict(row) for row in session.execute(query).mappings()]
