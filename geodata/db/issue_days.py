"""Counts of issues by day as they are kept, with what no day has yet and what changed since."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import delete, func, select, text, update
from sqlalchemy.orm import Session

from geodata.db import indicators
from geodata.db.scoping import Ground
from geodata.db.tables import issue_before, issue_day, issue_kept
from geodata.domain.indicator import COUNTS
from geodata.domain.lattice import Floats

VERSION: Final = 1
"""Of what is counted: another one makes the worker count everything anew."""

DAY: Final = ("begins", "community", "category", "channel")

_WITHIN: Final = """
    (issue.reported_at >= :since and issue.reported_at < :until
        or issue.due_at >= :since and issue.due_at < :until
        or issue.closed_at >= :since and issue.closed_at < :until)
"""
"""By an index each, so that the rows are read once."""

_SINCE: Final = text(f"""
    with {indicators.NUMBERS}, mark as materialized (
        select distinct on (issue_id) * from issue_before order by issue_id, id
    ), named as materialized (
        select issue_id as id from issue_event
            where status = 'handled' and at >= :since and at < :until
        union select issue_id from mark
    ), picked as (
        select issue.* from issue where {_WITHIN}
        union all
        select issue.* from issue join named on named.id = issue.id where ({_WITHIN}) is not true
    ), chosen as materialized (
        select picked.id, picked.reported_at, picked.due_at, picked.closed_at, picked.status,
            picked.satisfaction, picked.grid_id, picked.community_code, picked.category_id,
            picked.channel, (mark.issue_id is not null)::int as part
        from picked left join mark on mark.issue_id = picked.id
        where :whole or picked.community_code = any(:communities)
    ), {indicators.EVENTS}, stood as (
        select chosen.*, event.handled as handled_at, event.reworked
        from chosen left join event on event.issue_id = chosen.id
        union all
        select issue_id, reported_at, due_at, closed_at, status, satisfaction, null,
            community_code, category_id, channel, 2, handled_at, reworked
        from mark where reported_at is not null
            and (:whole or community_code = any(:communities))
    ), seen as ({indicators.SEEN}), kept as (
        select extract(epoch from day::timestamp at time zone :zone) as begins,
            coalesce(home.number, -1) as community,
            case when :by = 'category' then category_id else -1 end as category,
            case when :by = 'channel' then coalesce(channel.number, -1) else -1 end as channel,
            {", ".join(f"sum({name}) as {name}" for name in COUNTS)}
        from issue_day left join home on home.code = issue_day.community_code
        left join channel on channel.name = issue_day.channel
        where day >= :first and day < :last and (:whole or community_code = any(:communities))
        group by 1, 2, 3, 4
    ), fresh as (select {indicators.runs((*indicators.COLUMNS, "part"), "i_")} from seen),
    counts as (select {indicators.runs((*DAY, *COUNTS), "d_")} from kept)
    select * from fresh, counts
""")  # noqa: S608 -- our own words
"""One statement, so that what was kept and what is noted are of one moment."""

_OLDER: Final = text("""
    select pg_snapshot_xmin(pg_current_snapshot())::text::bigint > :begun
""")
_BEGUN: Final = text("""
    insert into issue_kept (begun, zone, version)
    values (pg_current_xact_id()::text::bigint, :zone, :version) on conflict do nothing
""")
_COLUMNS: Final = tuple(column.name for column in issue_day.c)
_TYPES: Final = {"day": "date", "community_code": "text", "category_id": "int", "channel": "text"}
_LISTS: Final = ", ".join(
    f"cast(:{name} as {_TYPES.get(name, 'double precision')}[])" for name in _COLUMNS
)
_ADD: Final = text(f"""
    insert into issue_day ({", ".join(_COLUMNS)}) select * from unnest({_LISTS})
    on conflict (day, community_code, category_id, channel)
    do update set {", ".join(f"{name} = issue_day.{name} + excluded.{name}" for name in COUNTS)}
""")  # noqa: S608 -- our own words
_HOMES: Final = text("select distinct coalesce(community_code, '') as code from issue order by 1")


@dataclass(frozen=True)
class Kept:
    """What is kept: the days of a zone before `until`, counted as `version` says.

    `at` is the moment of the database's clock.
    """

    begun: int
    zone: str
    version: int
    until: date | None
    at: datetime


def kept(session: Session) -> Kept | None:
    """What is kept, if that has begun."""
    told = issue_kept.c
    query = select(told.begun, told.zone, told.version, told.until, func.now().label("at"))
    row = session.execute(query).mappings().first()
    return None if row is None else Kept(**row)


def changed(session: Session) -> bool:
    """Whether anything has changed since the keeping."""
    return session.scalar(select(issue_before.c.id).limit(1)) is not None


def channels(session: Session) -> list[str]:
    """The channels that issues came by, or did before they changed, in order."""
    told = issue_before.c.channel
    before = session.scalars(select(told).where(told.is_not(None)).distinct())
    return sorted({*indicators.channels(session), *before})


def begin(session: Session, zone: str) -> None:
    """Let changes be noted from the end of this transaction on."""
    session.execute(_BEGUN, {"zone": zone, "version": VERSION})


def noted(session: Session, begun: int) -> bool:
    """Whether all who write now know that changes are to be noted."""
    return bool(session.scalar(_OLDER, {"begun": begun}))


def homes(session: Session) -> list[str]:
    """The codes of the communities that have issues; empty for issues in none."""
    return [str(row.code) for row in session.execute(_HOMES)]


def since(
    session: Session,
    ground: Ground,
    moments: tuple[datetime, datetime],
    days: tuple[date, date],
    told: Mapping[str, Any],
) -> tuple[dict[str, Floats], dict[str, Floats]]:
    """Issues that may count between two moments or have changed, and the days that are kept.

    The first as `indicators.issues` gives them, with `part` 0 for those that did not change, 1 for
    those that did, 2 for the same as they were; the second by day and community, and by category
    or channel where that is asked for. `told` has channels, zone and by.
    """
    given = {
        **told,
        **dict(zip(("since", "until"), moments, strict=True)),
        **dict(zip(("first", "last"), days, strict=True)),
        **indicators.grounds(ground),
    }
    row = session.execute(_SINCE, given).mappings().one()
    return (
        indicators.unpacked(row, (*indicators.COLUMNS, "part"), "i_"),
        indicators.unpacked(row, (*DAY, *COUNTS), "d_"),
    )


def forget(session: Session) -> None:
    """Keep nothing; whoever reads meanwhile still sees it."""
    for table in (issue_day, issue_before, issue_kept):
        session.execute(delete(table))


def add(session: Session, rows: Mapping[str, Sequence[Any]], until: date) -> None:
    """Add to the counts of days what is new, and note that all before `until` are kept.

    `rows` has a list for each column of the table. What changed is taken in.
    """
    session.execute(_ADD, {name: list(rows[name]) for name in _COLUMNS})
    session.execute(delete(issue_before))
    session.execute(update(issue_kept).values(until=until))
