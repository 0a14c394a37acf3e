"""The history of gaps: kept by looking at what is there now and at what was there before.

The list of gaps is always that of the present; the history follows it whenever `keep` is called, as
the worker does every few minutes. A gap begins when it is known to have come (a post that is
vacant since a day), else when it was seen first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from geodata.db import coverage_history
from geodata.db.scoping import Ground
from geodata.domain.coverage.gap import Gap

_PASSING: Final = ("offers", "takers")
"""Facts of the moment, who could take it, which the history does not keep."""


@dataclass(frozen=True)
class Kept:
    """How many gaps have opened and closed since the last time."""

    opened: int
    closed: int


def keep(session: Session, found: Sequence[Gap], now: datetime) -> Kept:
    """Enter what has opened, and end what is there no more; `found` is all there is now."""
    coverage_history.lock(session)
    known = coverage_history.open_keys(session)
    present = {gap.key: gap for gap in found}
    new = [gap for key, gap in present.items() if key not in known]
    gone = sorted(set(known) - set(present))
    of_grids = {key: code for key in gone if (code := known[key])}
    there = coverage_history.grids_of_now(session, sorted(set(of_grids.values())))
    given_up = [key for key, code in of_grids.items() if code not in there]
    coverage_history.close(session, given_up, now, "given_up")
    coverage_history.close(session, sorted(set(gone) - set(given_up)), now, "closed")
    ended = coverage_history.last_end(session, [gap.key for gap in new])
    coverage_history.add(session, [_row(gap, now, ended.get(gap.key)) for gap in new])
    return Kept(len(new), len(gone))


def days(session: Session, until: datetime, most: int, zone: str) -> list[str]:
    """The last days up to that of `until`, at most so many, from the first that was kept."""
    first = coverage_history.first_seen(session)
    if first is None:
        return []
    local = ZoneInfo(zone)
    last = until.astimezone(local).date()
    count = min((last - first.astimezone(local).date()).days + 1, most)
    return [(last - timedelta(days=ago)).isoformat() for ago in range(count - 1, -1, -1)]


def by_day(
    session: Session, ground: Ground, until: datetime, days: int, zone: str
) -> list[Mapping[str, Any]]:
    """Gaps that opened, closed and stood at the end of each day, by kind.

    Days before the first that was kept, and those on which a kind had none, are left out.
    """
    rows = coverage_history.by_day(session, ground, until, days, zone)
    return [{**row, "day": row["day"].isoformat()} for row in rows]


def events(
    session: Session, ground: Ground, kind: str, since: datetime, until: datetime, most: int
) -> Sequence[Mapping[str, Any]]:
    """Gaps that opened or closed in a time, those of last first; all kinds for an empty one."""
    return coverage_history.events(session, ground, kind, since, until, most)


def since_kept(
    session: Session, ground: Ground, found: Sequence[Gap], now: datetime
) -> list[Mapping[str, Any]]:
    """What has opened and closed on some ground since the history was kept last, as `events`.

    `found` are all gaps there now. Nothing is written: `keep` will enter the same.
    """
    stood = coverage_history.standing(session, ground, now)
    known, present = {(row["kind"], row["code"]) for row in stood}, {gap.key for gap in found}
    gone = [row for row in stood if (row["kind"], row["code"]) not in present]
    of_grids = sorted({row["grid_code"] for row in gone if row["grid_code"]})
    there = coverage_history.grids_of_now(session, of_grids) | {None}
    closed = [
        {**row, "ended": now, "ending": "closed" if row["grid_code"] in there else "given_up"}
        for row in gone
    ]
    new = [_row(gap, now, None) for gap in found if gap.key not in known]
    opened = [{**row, "began": row["during"].lower, "ended": None, "ending": None} for row in new]
    return [*opened, *closed]


def _row(gap: Gap, now: datetime, ended: datetime | None) -> dict[str, Any]:
    began = gap.since if gap.since and gap.since < now else now
    return {
        "kind": gap.kind,
        "code": gap.code,
        "community_code": gap.community,
        "grid_code": gap.grid,
        "name": gap.name,
        "measure": gap.measure,
        "households": gap.households,
        "seen_at": now,
        "cause": gap.cause,
        "facts": {name: fact for name, fact in gap.facts.items() if name not in _PASSING},
        "during": Range(max(began, ended) if ended else began, None),
    }
