"""The demo comes with a month of coverage kept by day, so that two days can be compared at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta, tzinfo
from typing import Any, Final

from sqlalchemy.orm import Session

from geodata.db import coverage_past
from geodata.demo import past
from geodata.domain.coverage import gaps
from geodata.domain.coverage.frames import REPORTED, Frames, Grids, Loose
from geodata.services import coverage, coverage_figures, coverage_history, district

_EVENING: Final = time(23, 55)
"""When a day is kept: its last word is that of its end."""
_POSTS: Final = ("workers", "left_at", "comes_at")
Rows = Sequence[Mapping[str, Any]]


def make(session: Session, now: datetime, zone: tzinfo) -> int:
    """Keep the days before `now`, and it as well; how many days were kept.

    None in a district that is not the demo, nor where anything was kept before. Posts and issues
    are those of each day as the store has them; the rest is invented by `geodata.demo.past`.
    """
    if not district.ground(session).synthetic or coverage_figures.first(session) is not None:
        return 0
    present = coverage.frames(session, now)
    found = gaps.found(present, now)
    for at, frames in _days(session, present, past.Past(present, found), now, zone):
        then = gaps.found(frames, at)
        coverage_history.keep(session, then, at)
        coverage_figures.keep(session, frames, then, at, zone)
    coverage_history.keep(session, found, now)
    coverage_figures.keep(session, present, found, now, zone)
    return past.DAYS + 1


def _days(
    session: Session, present: Frames, month: past.Past, now: datetime, zone: tzinfo
) -> list[tuple[datetime, Frames]]:
    """The end of each day before, the oldest first, with the frames as they were then."""
    steps = month.steps(coverage_past.houses(session, month.grids()))
    ends = {ago: _end(now, ago, zone) for ago in range(past.DAYS, 0, -1)}
    moments = list(ends.values())
    posts = _by_moment(coverage_past.posts(session, moments))
    reported = _by_moment(coverage_past.reported(session, moments))
    loose = _by_moment(coverage_past.loose(session, moments))
    return [
        (at, _then(past.then(present, steps, ago), posts[at], reported[at], loose[at]))
        for ago, at in ends.items()
    ]


def _end(now: datetime, ago: int, zone: tzinfo) -> datetime:
    day = now.astimezone(zone).date() - timedelta(days=ago)
    return datetime.combine(day, _EVENING, zone)


def _by_moment(rows: Rows) -> Mapping[datetime, list[Mapping[str, Any]]]:
    found = defaultdict[datetime, list[Mapping[str, Any]]](list)
    for row in rows:
        found[row["at"]].append(row)
    return found


def _then(frames: Frames, posts: Rows, reported: Rows, loose: Rows) -> Frames:
    """The frames with the posts and the issues of a moment in place of those of the present."""
    grids = _told(_told(frames.grids, posts, _POSTS), reported, REPORTED)
    return replace(frames, grids=grids, loose=Loose.of(loose))


def _told(grids: Grids, rows: Rows, names: Sequence[str]) -> Grids:
    """The grids with some columns as rows say, in which the others are 0 or None."""
    known = {row["id"]: row for row in rows}
    none = dict.fromkeys(names)
    told = [known.get(number, none) for number in grids.id.tolist()]
    columns = {name: getattr(grids, name) for name in Grids.__annotations__}
    return Grids.of_columns(columns | {name: [row[name] for row in told] for name in names})
