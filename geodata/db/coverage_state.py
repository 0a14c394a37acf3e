"""Whether what coverage tells of may have changed since it was looked at."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from sqlalchemy import text
from sqlalchemy.orm import Session

_SERVED: Final = text("""
    select concat_ws('-', coalesce(sum(written), 0), max(written_by)) from service_change
""")
# Not those that may still run: their rows are to come, and the sum is to tell of each.
_THINNED: Final = text("""
    with gone as (
        delete from service_change
        where written_by < pg_snapshot_xmin(pg_current_snapshot())::text::bigint
        returning written_by, written
    )
    insert into service_change (written_by, written)
    select max(written_by), sum(written) from gone having count(*) > 0
""")
_SNAPSHOT: Final = text("""
    select case when pg_current_xact_id_if_assigned() is null
        then pg_current_snapshot()::text end
""")
_TURN: Final = text("""
    select least(
        (select min(lower(during)) from post where lower(during) > :now),
        (select min(upper(during)) from post where upper(during) > :now))
""")
_SHARING: Final = text("""
    with mine as (
        select id from grid where community_code = any(:communities)
    ), shared as (
        select building.community_code, building.grid_id, party_org.grid_id as owner
        from building left join party_org on party_org.id = building.party_group_id
        where building.community_code = any(:communities)
            or building.grid_id in (select id from mine)
            or building.party_group_id in (
                select id from party_org where grid_id in (select id from mine))
    ), homes as (select grid_id as id from shared union select owner from shared)
    select community_code from shared
    union select community_code from homes join grid using (id)
""")
_DUE: Final = text("select min(due_at) from issue where is_open and due_at >= :now")


def served(session: Session) -> str:
    """Changes with every transaction that wrote to posts, workers or party groups.

    Whoever wrote it: triggers note each (migration 0370).
    """
    return str(session.scalar(_SERVED))


def thin(session: Session) -> None:
    """Make one row of the notes of all transactions that are over; `served` stays as it is."""
    session.execute(_THINNED)


def snapshot(session: Session) -> str | None:
    """What can be seen now: the same as long as no transaction has written anything and ended.

    None where the session's own transaction has written, which sees more than others do.
    """
    found = session.scalar(_SNAPSHOT)
    return None if found is None else str(found)


def next_turn(session: Session, now: datetime) -> datetime | None:
    """When the next post begins or ends, None if none will."""
    turn: datetime | None = session.scalar(_TURN, {"now": now})
    return turn


def next_due(session: Session, now: datetime) -> datetime | None:
    """When the next open issue becomes overdue, None if none will."""
    due: datetime | None = session.scalar(_DUE, {"now": now})
    return due


def sharing(session: Session, communities: Iterable[str]) -> frozenset[str]:
    """The communities of the buildings and groups that lie or serve in some communities."""
    found = session.scalars(_SHARING, {"communities": sorted(communities)})
    return frozenset(str(code) for code in found)
