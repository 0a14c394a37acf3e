"""Gaps that issues show: in no grid, without a place, silent grids, and many overdue in one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import numpy as np

from geodata.domain.coverage import chance
from geodata.domain.coverage.frames import Frames
from geodata.domain.coverage.gap import Gap
from geodata.domain.coverage.room import nearest_grid
from geodata.domain.coverage.service import of_grid

_DAY = timedelta(days=1)


def loose(frames: Frames) -> Iterator[Gap]:
    """Open issues in no grid: with a place outside of all, or with an address that has none."""
    issues, told_of = frames.loose, set[str]()
    for n, ticket in enumerate(issues.ticket):
        placed = bool(np.isfinite(issues.lon[n]))
        spot = (float(issues.lon[n]), float(issues.lat[n])) if placed else None
        community = issues.community[n]
        near = nearest_grid(frames, community, spot) if spot and community else None
        code = f"{ticket}:{issues.id[n]}" if ticket in told_of else ticket
        told_of.add(ticket)
        yield Gap(
            "issue_outside" if placed else "address_unlocated",
            code,
            1.0,
            "place_in_no_grid" if placed else issues.reason[n] or "not_found",
            "draw_or_dispatch" if placed else "locate_by_hand",
            community=community,
            name=issues.address[n],
            spot=spot,
            since=issues.reported_at[n],
            facts={"id": issues.id[n]} | ({"near": near} if near else {}),
        )


def quiet(frames: Frames, now: datetime) -> Iterator[Gap]:
    """Grids without a report or visit for longer than their size leads one to expect.

    Reports of a grid are taken as Poisson distributed with a mean of the district's reports a
    resident and day, times the grid's residents, times the days since its last report or visit (or
    since the first report of all). It is quiet where none in that time has a chance of exp(-mean)
    under 5 % divided by the number of grids. The measure is those days; it is quiet since the mean
    was so large.
    """
    grids = frames.grids
    if frames.since is None or frames.since >= now or not len(grids):
        return
    all_days = (now - frames.since) / _DAY
    last = [max(moment or frames.since, frames.since) for moment in grids.last_seen]
    days = np.array([(now - moment) / _DAY for moment in last])
    mean = chance.expected(grids.residents, float(grids.reports.sum())) * days / all_days
    for row in chance.silent(mean).nonzero()[0].tolist():
        since = last[row] + (now - last[row]) * (chance.silence(len(grids)) / float(mean[row]))
        facts = {"expected": round(float(mean[row]), 1), "last": last[row].isoformat()}
        said = ("grid_quiet", float(days[row]), "silent", "visit")
        yield of_grid(frames, row, said, since, **facts)


def late(frames: Frames) -> Iterator[Gap]:
    """Grids with more overdue issues than chance explains; the measure is how many.

    Expected is the district's overdue issues in proportion to residents (Poisson, as `chance`).
    """
    grids = frames.grids
    mean = chance.expected(grids.residents, float(grids.overdue.sum()))
    for row in chance.crowded(grids.overdue, mean).nonzero()[0].tolist():
        said = ("overdue_cluster", float(grids.overdue[row]), "piled_up", "supervise")
        expected, waiting = round(float(mean[row]), 1), int(grids.open[row])
        yield of_grid(frames, row, said, expected=expected, open_issues=waiting)
