"""Gaps over time: kept from when each was seen first until it was seen no more."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final, cast

from sqlalchemy import func, insert, select, text, tuple_, update
from sqlalchemy.orm import Session

from geodata.db.scoping import Ground
from geodata.db.tables import boundary, coverage_gap, grid

_gap = coverage_gap.c
_LOCK: Final = text("select pg_advisory_xact_lock(hashtext('wangge coverage history'))")
_BATCH: Final = 1_000
_BY_DAY: Final = text("""
    with day as (
        select day::date from generate_series(
            greatest(timezone(:zone, cast(:until as timestamptz))::date - (:days - 1),
                (select timezone(:zone, min(seen_at))::date from coverage_gap)),
            timezone(:zone, cast(:until as timestamptz))::date, interval '1 day') as day
    ), gap as (
        select kind, timezone(:zone, lower(during))::date as began,
            timezone(:zone, upper(during))::date as ended,
            timezone(:zone, upper(during) - interval '1 microsecond')::date as there, count(*) as n
        from coverage_gap
        where :whole or community_code = any(:communities) or grid_code = any(:grids)
        group by 1, 2, 3, 4
    )
    select day.day, gap.kind,
        coalesce(sum(n) filter (where began = day), 0)::int as opened,
        coalesce(sum(n) filter (where ended <= day), 0)::int as closed,
        coalesce(sum(n) filter (where ended is null or ended > day), 0)::int as open
    from day join gap on began <= day and (there is null or there >= day)
    group by day.day, gap.kind order by day.day, gap.kind
""")
"""Gaps of the same days are counted together first: the days of a month are few, gaps many."""

Key = tuple[str, str]


def lock(session: Session) -> None:
    """Wait until nobody else keeps gaps, to the end of the transaction."""
    session.execute(_LOCK)


def open_keys(session: Session) -> dict[Key, str | None]:
    """Kind and code of every gap that is open, with the code of its grid."""
    query = select(_gap.kind, _gap.code, _gap.grid_code).where(func.upper_inf(_gap.during))
    return {(row.kind, row.code): row.grid_code for row in session.execute(query)}


def grids_of_now(session: Session, codes: Sequence[str]) -> set[str]:
    """Those among the codes of grids that have ground now."""
    here = (
        select(grid.c.code)
        .join(boundary, boundary.c.grid_id == grid.c.id)
        .where(grid.c.code.in_(codes), func.upper_inf(boundary.c.valid))
    )
    return {str(code) for code in session.scalars(here)}


def add(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Keep gaps that have opened."""
    if rows:
        session.execute(insert(coverage_gap), list(rows))


def close(session: Session, keys: Sequence[Key], now: datetime, ending: str) -> None:
    """Let gaps end now, each for the same reason."""
    for start in range(0, len(keys), _BATCH):
        some = keys[start : start + _BATCH]
        session.execute(
            update(coverage_gap)
            .where(func.upper_inf(_gap.during), tuple_(_gap.kind, _gap.code).in_(some))
            .values(during=func.tstzrange(func.lower(_gap.during), now), ending=ending)
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


_EVENTS: Final = text("""
    select kind, code, community_code, grid_code, name, measure, households, cause, facts, ending,
        lower(during) as began, upper(during) as ended, seen_at
    from coverage_gap
    where (:whole or community_code = any(:communities) or grid_code = any(:grids))
        and (:kind = '' or kind = :kind)
        and (lower(during) >= :since and lower(during) < :until
            or upper(during) >= :since and upper(during) < :until)
    order by greatest(lower(during), coalesce(upper(during), lower(during))) desc, kind, code
    limit :most
""")

_AT: Final = text("""
    select kind, code, community_code, grid_code, name, measure, households, cause, facts,
        lower(during) as began
    from coverage_gap where during @> cast(:at as timestamptz)
        and (:whole or community_code = any(:communities) or grid_code = any(:grids))
    order by kind, code
""")


def _narrowed(ground: Ground) -> dict[str, Any]:
    return {
        "whole": ground.whole,
        "communities": sorted(ground.communities),
        "grids": sorted(ground.grid_codes),
    }


def events(
    session: Session, ground: Ground, kind: str, since: datetime, until: datetime, most: int
) -> Sequence[Mapping[str, Any]]:
    """Gaps on some ground that opened or closed in a time, the last first; of all kinds for ""."""
    given = {"kind": kind, "since": since, "until": until, "most": most, **_narrowed(ground)}
    return cast("Sequence[Mapping[str, Any]]", session.execute(_EVENTS, given).mappings().all())


def standing(session: Session, ground: Ground, at: datetime) -> Sequence[Mapping[str, Any]]:
    """The gaps on some ground that were there at a moment, by kind and code."""
    given = {"at": at, **_narrowed(ground)}
    return cast("Sequence[Mapping[str, Any]]", session.execute(_AT, given).mappings().all())


def first_seen(session: Session) -> datetime | None:
    """When gaps were kept first."""
    found: datetime | None = session.scalar(select(func.min(_gap.seen_at)))
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
        **_narrowed(ground),
    }
    return cast("Sequence[Mapping[str, Any]]", session.execute(_BY_DAY, given).mappings().all())
