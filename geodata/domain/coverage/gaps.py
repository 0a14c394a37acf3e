"""All gaps of a district."""

from __future__ import annotations

from datetime import datetime
from itertools import chain

from geodata.domain.coverage import ground, party, reports, service
from geodata.domain.coverage.frames import Frames
from geodata.domain.coverage.gap import Gap, by_weight
from geodata.domain.coverage.room import Room


def found(frames: Frames, now: datetime) -> list[Gap]:
    """Every gap there is, the weightiest first."""
    room = Room(frames)
    return by_weight(
        chain(
            ground.uncovered(frames),
            ground.houses_outside(frames),
            ground.overlaps(frames),
            ground.stale(frames, now),
            service.without_worker(frames),
            service.overloaded(frames),
            service.busy_workers(frames),
            service.far(frames),
            party.grids_without(frames, room),
            party.buildings_without(frames, room),
            party.astride(frames, room),
            party.leaderless(frames),
            party.overloaded(frames, room),
            reports.loose(frames),
            reports.quiet(frames, now),
            reports.late(frames),
        )
    )
