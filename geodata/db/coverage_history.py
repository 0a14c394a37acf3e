"""Gaps over time: kept from when each was seen first until it was seen no more."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final, cast

from sqlalchemy import func, insert, select, text, tuple_, update
from sqlalchemy.orm import Session

from geodata.db.scoping import Ground
from geodata.db.tables import coverage_gap

_gap = coverage_gap.c
_LOCK: Final = text("select pg_advisory_xact_lock(hashtext('wangge coverage history'))")
_BATCH: Final = 1_000
_BY_DAY: Final = text("""
    with day as (
        select day::date, timezone(:zone, day) as begins,
            timezone(:zone, day + interval '1 day') as ends
        from generate_series(
            greatest(timezone(:zone, cast(:until as timestamptz))::date - (:days - 1),
                (select timezone(:zone, min(seen_at))::date from coverage_gap)),
            timezone(:zone, cast(:until as timestamptz))::date, interval '1 day') as day
    ), gap as (
        select kind, during, lower(during) as began, upper(during) as ended from coverage_gap
        where :whole or community_code = any(:communities) or grid_code = any(:grids)
    )
    select day.day, gap.kind,
        count(*) filter (where began >= begins) as opened,
        count(*) filter (where ended < ends) as closed,
        count(*) filter (where ended is null or ended >= ends) as open
    from day join gap on gap.during && tstzrange(begins, ends)
    group by day.day, gap.kind order by day.day, gap.kind
""")

Key = tuple[str, str]


def lock(session: Session) -> None:
    """Wait until nobody else keeps gaps, to the end of the transaction."""
    session.execute(_LOCK)


def open_keys(session: Session) -> set[Key]:
    """Kind and code of every gap that is open."""
    rows = session.execute(select(_gap.kind, _gap.code).where(func.upper_inf(_gap.during)))
    return {(row.kind, row.code) for row in rows}


def add(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Keep gaps that have opened."""
    if rows:
        session.execute(insert(coverage_gap), list(rows))


def close(session: Session, keys: Sequence[Key], now: datetime) -> None:
    """Let gaps end now."""
    for start in range(0, len(keys), _BATCH):
        some = keys[start : start + _BATCH]
        session.execute(
            update(coverage_gap)
            .where(func.upper_inf(_gap.during), tuple_(_gap.kind, _gap.code).in_(some))
            .values(during=func.tstzrange(func.lower(_gap.during), now))
        )


def last_end(session: Session, keys: Sequence[Key]) -> dict[Key, datetime]:
    """When gaps that were there before closed last, by key."""
    found: dict[Key, datetime] = {}
    for start in range(0, len(keys), _BATCH):
        rows = session.execute(
            select(_gap.kind, _gap.code, func.max(func.upper(_gap.during)).label("at"))
            .where(tuple_(_gap.kind, _gap.code).in_(keys[start : start + _BATCH]))
            .group_by(_gap.kind, _gap.code)
        )
        found |= {(row.kind, row.code): row.at for row in rows if row.at is not None}
    return found


def by_day(
    session: Session, ground: Ground, until: datetime, days: int, zone: str
) -> Sequence[Mapping[str, Any]]:
    """How many gaps of each kind opened, closed and stood at the end of each day, on some ground.

    Of `days` days up to the one of `until`, as days are in a time zone: day, kind, opened, closed,
    open. Days before the first that was kept, and those on which a kind had none, are left out.
    """
    given = {
        "until": until,
        "days": days,
        "zone": zone,
        "whole": ground.whole,
        "communities": sorted(ground.communities),
        "grids": sorted(ground.grid_codes),
    }
    return cast("Sequence[Mapping[str, Any]]", session.execute(_BY_DAY, given).mappings().all())
