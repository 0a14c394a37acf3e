"""Gaps of service: grids without a worker or with too much, people far from a station."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from geodata.domain.coverage.frames import Frames, Norms
from geodata.domain.coverage.gap import Gap
from geodata.domain.coverage.handing import Duties


def of_grid(
    frames: Frames,
    row: int,
    said: tuple[str, float, str, str],
    since: datetime | None = None,
    **facts: object,
) -> Gap:
    """A gap of the grid in a row of the frame: its kind, measure, cause and action, its facts."""
    grids, (kind, size, why, what) = frames.grids, said
    return Gap(
        *(kind, grids.code[row], size, why, what),
        community=grids.community[row],
        grid=grids.code[row],
        name=grids.name[row],
        households=int(grids.households[row]),
        spot=(float(grids.lon[row]), float(grids.lat[row])),
        since=since,
        facts=facts,
    )


def without_worker(frames: Frames) -> Iterator[Gap]:
    """Grids in which nobody has a post now: nobody ever had, or the post is vacant."""
    grids = frames.grids
    for row in (grids.workers == 0).nonzero()[0].tolist():
        left = grids.left_at[row]
        why = "vacant" if left else "never_appointed"
        size = float(grids.households[row])
        comes = grids.comes_at[row]
        facts = {"comes": comes.isoformat()} if comes else {}
        yield of_grid(frames, row, ("grid_without_worker", size, why, "appoint"), left, **facts)


def overloaded(frames: Frames) -> Iterator[Gap]:
    """Grids with more households than the band allows; the measure is how many they have."""
    grids, norms = frames.grids, frames.norms
    for row in (grids.households > norms.band_high).nonzero()[0].tolist():
        count, workers = int(grids.households[row]), int(grids.workers[row])
        yield of_grid(
            frames,
            row,
            ("grid_overloaded", float(count), "above_band", "divide"),
            over=count - norms.band_high,
            residents=int(grids.residents[row]),
            workers=workers,
            parts=_parts(count, norms),
            each=round(count / max(workers, 1)),
        )


def _parts(households: int, norms: Norms) -> int:
    """Into how many grids households are divided: near the norm, and within the band if they can.

    Six hundred and twenty make two of 310 rather than three of 207, one of which falls below 200.
    """
    least, most = -(-households // norms.band_high), households // max(norms.band_low, 1)
    return max(least, min(round(households / norms.norm), most), 2)


def busy_workers(frames: Frames) -> Iterator[Gap]:
    """Workers of several grids whose shares of households add up to more than the band allows.

    A grid's households are shared alike among those with a post in it. Who serves one grid only
    has too much where the grid has, which is told of the grid. With those who could take one.
    """
    duties, high = Duties(frames), frames.norms.band_high
    for worker, rows in duties.serves.items():
        load = duties.loads[worker]
        if len(rows) > 1 and load > high:
            said = ("worker_overloaded", load, "many_grids", "share_out")
            codes = [frames.grids.code[row] for row in rows]
            takers = [one.plain() for one in duties.takers(worker)]
            people = round(sum(map(duties.residents, rows)))
            facts = {"grids": codes, "residents": people} | ({"takers": takers} if takers else {})
            first, name = of_grid(frames, rows[0], said), duties.names[worker]
            told = {"code": str(worker), "name": name, "households": round(load)}
            yield replace(first, **told, facts=facts)


def far(frames: Frames) -> Iterator[Gap]:
    """Residents beyond a walk from the nearest station, by grid; the measure is how many."""
    grids = frames.grids
    for one in frames.still.far:
        row = grids.row_of.get(one.grid, -1)
        if row < 0 or not frames.looks_at(grids.community[row]):
            continue
        yield of_grid(
            frames,
            row,
            ("far_from_station", float(one.residents), "no_station_near", "add_station"),
            nearest=one.station,
            farthest_m=round(one.farthest_m),
            walk_m=frames.norms.walk_m,
            households=one.households,
        )
