"""All gaps of a district."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import chain
from typing import Final

from geodata.domain.coverage import ground, party, reports, service
from geodata.domain.coverage.frames import Frames
from geodata.domain.coverage.gap import Gap, by_weight
from geodata.domain.coverage.room import Room


def found(frames: Frames, now: datetime) -> list[Gap]:
    """Every gap there is, the weightiest first."""
    return by_weight(chain(lasting(frames), passing(frames, now)))


def lasting(frames: Frames) -> list[Gap]:
    """Gaps that come and go with the ground, the posts and the groups, the weightiest first."""
    room = Room(frames)
    here = chain(
        ground.uncovered(frames),
        ground.houses_outside(frames),
        service.without_worker(frames),
        service.overloaded(frames),
        service.far(frames),
        party.grids_without(frames, room),
        party.buildings_without(frames, room),
        party.astride(frames, room),
        party.leaderless(frames),
        party.overloaded(frames, room),
    )
    looked = (gap for gap in here if frames.looks_at(gap.community))
    return by_weight(chain(looked, service.busy_workers(frames)))


def passing(frames: Frames, now: datetime) -> list[Gap]:
    """Gaps that come and go with issues, files and mere time, the weightiest first."""
    return by_weight(
        chain(
            ground.overlaps(frames),
            ground.stale(frames, now),
            reports.loose(frames),
            reports.quiet(frames, now),
            reports.late(frames),
        )
    )


PASSING: Final = (
    *("overlap", "boundary_stale", "issue_outside", "address_unlocated"),
    *("grid_quiet", "overdue_cluster"),
)
"""The kinds that `passing` finds."""
_ANYWHERE: Final = (*PASSING, "worker_overloaded")
"""Kinds that depend on the whole district, or on grids of several communities."""


def again(
    frames: Frames, known: Iterable[Gap], communities: frozenset[str], now: datetime
) -> list[Gap]:
    """Every gap there is, the lasting ones looked for in some communities alone.

    `known` are all gaps as they were before something changed in those. Where a community has no
    group with room, those of all others are offered: it is always looked at.
    """
    full = set(frames.grids.within) - set(Room(frames).by_community)
    looked = communities | full
    there = [
        gap
        for gap in known
        if gap.kind not in _ANYWHERE and gap.community is not None and gap.community not in looked
    ]
    new = lasting(replace(frames, looked=looked))
    return by_weight(chain(there, new, passing(frames, now)))


def merged(one: Sequence[Gap], other: Sequence[Gap]) -> list[Gap]:
    """The gaps of both, the weightiest first."""
    return by_weight(chain(one, other))
