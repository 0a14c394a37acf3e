"""Counts of issues by day: kept by the worker, and read with what changed since."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any, Final

import numpy as np
from sqlalchemy.orm import Session

from geodata.db import areas
from geodata.db import indicators as stored
from geodata.db import issue_days as days
from geodata.db.issue_days import Kept
from geodata.db.scoping import WHOLE, Ground
from geodata.domain import kept
from geodata.domain.indicator import COUNTS, Issues
from geodata.domain.kept import Days, Group, Told
from geodata.domain.lattice import Floats
from geodata.domain.partition import Ints

FIRST: Final = date(1970, 1, 1)
"""Before this nothing is counted."""
BACK: Final = timedelta(days=1)
"""Kept are the days that ended so long ago; what happens on later ones is noted nowhere."""
_MOMENTS: Final = ("reported", "due", "handled", "closed")


def told(
    session: Session,
    ground: Ground,
    moments: tuple[datetime, datetime],
    now: datetime,
    by: str,
    channels: Sequence[str],
) -> Told:
    """What is to be counted between two moments, which are the first of days in their zone.

    From the kept days where these say it: they know no single grid, nor a moment before they were
    kept. `by` is category or channel where the rows are to be told apart by that.
    """
    since, until = moments
    known = days.kept(session)
    if since.tzinfo is None or not _serves(known, ground, since.tzinfo, now) or known is None:
        return kept.plain(issues(stored.issues(session, ground, since, until, channels)))
    limit = _start(known.until or FIRST, since.tzinfo)
    fresh, counts = days.since(
        session,
        ground,
        (max(since, limit), min(until, now)),  # what is to come does not count yet
        (since.date(), min(known.until or FIRST, until.date())),
        {"channels": sorted(channels), "zone": known.zone, "by": by},
    )
    return _parted(fresh, limit.timestamp(), _days(counts))


def _serves(known: Kept | None, ground: Ground, zone: tzinfo, now: datetime) -> bool:
    """Whether the kept days may be read for a ground, in a zone, at a moment."""
    if known is None or known.until is None or ground.grids:
        return False
    alike = (known.zone, known.version) == (str(zone), days.VERSION)
    return alike and now >= _start(known.until, zone) + BACK


def _start(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time.min, zone)


def issues(columns: Mapping[str, Floats]) -> Issues:
    """The columns of `indicators.issues` as issues."""

    def whole(name: str) -> Ints:
        return columns[name].astype(np.int64)

    return Issues(
        *(columns["reported"], columns["due"], columns["handled"], columns["closed"]),
        *(columns["dropped"] > 0, columns["reworked"] > 0, whole("rating")),
        *(whole("grid"), whole("category"), whole("channel"), whole("community")),
    )


def _parted(columns: Mapping[str, Floats], until: float, counts: Days) -> Told:
    all_of, part = issues(columns), columns["part"]
    fresh, changed, before = (kept.only(all_of, part == n) for n in range(3))
    return Told(counts, until, fresh, changed, before)


def _days(counts: Mapping[str, Floats]) -> Days:
    names: tuple[Group, ...] = ("community", "category", "channel")
    groups: dict[Group, Ints] = {name: counts[name].astype(np.int64) for name in names}
    groups["grid"] = np.full(len(counts["begins"]), -1, dtype=np.int64)
    return Days(counts["begins"], groups, {name: counts[name] for name in COUNTS})


def keep(session: Session, now: datetime, zone: tzinfo) -> bool:
    """Bring the kept days up to the last that is long enough over; whether anything was done.

    All of it is to be of one moment: the session's transaction is REPEATABLE READ. At the first
    call the keeping begins, at a later one, when all who write know of it, everything is counted.
    """
    known = days.kept(session)
    if known is None or (known.zone, known.version) != (str(zone), days.VERSION):
        days.forget(session)
        days.begin(session, str(zone))
        return True
    until = min(now, known.at).astimezone(zone).date() - BACK
    if known.until is None:
        return days.noted(session, known.begun) and _count_all(session, until, zone)
    if known.until >= until and not days.changed(session):
        return False
    _add(session, _since(session, known, max(until, known.until), zone), until, zone)
    return True


def _since(session: Session, known: Kept, until: date, zone: tzinfo) -> Told:
    limit = _start(known.until or FIRST, zone)
    told = {"channels": days.channels(session), "zone": known.zone, "by": "area"}
    fresh, _ = days.since(session, WHOLE, (limit, _start(until, zone)), (FIRST, FIRST), told)
    return _parted(fresh, limit.timestamp(), kept.no_days())


def _count_all(session: Session, until: date, zone: tzinfo) -> bool:
    """Count one community after the other, so that never all issues are held at once."""
    channels = days.channels(session)
    ends = _start(until, zone)
    for home in days.homes(session):
        ground = Ground(communities=frozenset({home}))
        rows = stored.issues(session, ground, _start(FIRST, zone), ends, channels)
        _add(session, kept.plain(issues(rows)), until, zone)
    days.add(session, {name: [] for name in _columns()}, until)
    return True


def _add(session: Session, told: Told, until: date, zone: tzinfo) -> None:
    calendar = _calendar(told, until, zone)
    starts = [_start(day, zone).timestamp() for day in calendar]
    new = kept.by_day(told, told.until, starts)
    channels = days.channels(session)
    codes = sorted(str(row["code"]) for row in areas.tree(session))
    day_of = dict(zip(starts, calendar, strict=True))
    rows: dict[str, list[Any]] = {
        "day": [day_of[one] for one in new.begins.tolist()],
        "community_code": [codes[n] if n >= 0 else "" for n in new.groups["community"].tolist()],
        "category_id": new.groups["category"].tolist(),
        "channel": [channels[n] if n >= 0 else "" for n in new.groups["channel"].tolist()],
        **{name: column.tolist() for name, column in new.counts.items()},
    }
    days.add(session, rows, until)


def _columns() -> tuple[str, ...]:
    return ("day", "community_code", "category_id", "channel", *COUNTS)


def _calendar(told: Told, until: date, zone: tzinfo) -> list[date]:
    """All days from the first with any moment to `until`."""
    moments = [
        getattr(one, name) for one in (told.fresh, told.changed, told.before) for name in _MOMENTS
    ]
    known = np.concatenate(moments)
    known = known[known >= _start(FIRST, zone).timestamp()]
    first = datetime.fromtimestamp(known.min(), zone).date() if len(known) else until
    first = min(first, until)
    return [first + timedelta(days=n) for n in range((until - first).days + 1)]
