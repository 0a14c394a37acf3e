"""Gaps of the ground: what lies in no grid, what lies in two, and borders that are out of date."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from geodata.domain import measure
from geodata.domain.coverage.frames import Bare, Frames
from geodata.domain.coverage.gap import Gap
from geodata.domain.coverage.room import Spot, nearest_grid

_LEAST_M2: Final = 0.5
_YEAR: Final = timedelta(days=365.25)


def uncovered(frames: Frames) -> Iterator[Gap]:
    """Ground in no grid, by community; the measure is its area in square metres.

    Not where that is less than half of one: no grid can take it, and nobody stands on it.
    """
    grids = set(frames.grids.id.tolist())
    loose = [n for n, grid in enumerate(frames.buildings.grid.tolist()) if grid not in grids]
    for bare in frames.bare:
        here = [n for n in loose if frames.buildings.community[n] == bare.community]
        gap = _uncovered(frames, bare, here)
        if gap.measure >= _LEAST_M2:
            yield gap


def _uncovered(frames: Frames, bare: Bare, here: list[int]) -> Gap:
    pieces = shapely.get_parts(bare.shape)
    areas = measure.area_m2(pieces)
    largest = pieces[int(np.argmax(areas))]
    return Gap(
        "ground_uncovered",
        bare.community,
        float(areas.sum()),
        "given_up" if bare.plan else "left_out",
        "fill_ground" if bare.community in frames.grids.within else "bring_grids",
        community=bare.community,
        name=bare.name,
        households=int(frames.buildings.households[here].sum()),
        spot=measure.spot(largest),
        shape=bare.shape,
        since=bare.since,
        facts={"pieces": len(pieces), "buildings": len(here)}
        | _unserved(frames, here)
        | _taker(frames, bare, pieces, here)
        | ({"plan": bare.plan} if bare.plan else {}),
    )


def _unserved(frames: Frames, here: list[int]) -> dict[str, int]:
    """How many of some buildings (rows) no party group serves, where there are any."""
    count = int((frames.buildings.group[here] == 0).sum()) if here else 0
    return {"unserved": count} if count else {}


def _taker(
    frames: Frames, bare: Bare, pieces: NDArray[np.object_], here: list[int]
) -> dict[str, str]:
    """To whom a single piece goes with its houses, so that these and the ground say the same."""
    spot = measure.spot(pieces[0])
    near = nearest_grid(frames, bare.community, spot) if spot else None
    return {"to": near} if len(pieces) == 1 and here and near else {}


def _piece_at(frames: Frames, pieces: Mapping[str, NDArray[np.object_]], row: int) -> Spot:
    """The middle of the bare ground that a house stands on, else the house's own place."""
    houses = frames.buildings
    spot = (float(houses.lon[row]), float(houses.lat[row]))
    for piece in pieces.get(houses.community[row], ()):
        if shapely.intersects_xy(piece, *spot):
            return measure.spot(piece) or spot
    return spot


def houses_outside(frames: Frames) -> Iterator[Gap]:
    """Buildings whose door lies in no grid; the measure is their households."""
    houses = frames.buildings
    grids = set(frames.grids.id.tolist())
    pieces = {bare.community: shapely.get_parts(bare.shape) for bare in frames.bare}
    loose = [n for n, grid in enumerate(houses.grid.tolist()) if grid not in grids]
    lone = Counter(houses.community[n] for n in loose if not houses.group[n])
    for n in loose:
        spot = (float(houses.lon[n]), float(houses.lat[n]))
        near = nearest_grid(frames, houses.community[n], _piece_at(frames, pieces, n))
        yield Gap(
            "building_uncovered",
            houses.code[n],
            float(houses.households[n]),
            "door_in_no_grid",
            "give_buildings" if near else "bring_grids",
            community=houses.community[n],
            name=houses.name[n] or houses.address[n],
            households=int(houses.households[n]),
            spot=spot,
            facts={"to": near, "residents": int(houses.residents[n])}
            | ({"unserved": lone[houses.community[n]]} if lone[houses.community[n]] else {}),
        )


def overlaps(frames: Frames) -> Iterator[Gap]:
    """Areas of a refused file that overlap; the measure is how much, in square metres."""
    for one in frames.overlaps:
        yield Gap(
            "overlap",
            f"{one.file}:{one.row}-{one.other}",
            one.area_m2,
            "drawn_twice",
            "correct_file",
            name=one.name,
            spot=one.spot,
            since=one.at,
            facts={"file": one.file, "row": one.row, "other": one.other},
        )


def stale(frames: Frames, now: datetime) -> Iterator[Gap]:
    """Grids whose border cuts buildings, or was looked at by nobody for years.

    The measure is the buildings that are cut: what has been built since the border was drawn. A
    border is old since its years are over; since when it cuts a building nobody has written down.
    """
    grids = frames.grids
    lasts = frames.norms.stale_years * _YEAR
    for n, drawn in enumerate(grids.drawn_at):
        old = drawn + lasts if drawn is not None and drawn + lasts < now else None
        cut = frames.still.cut.get(int(grids.id[n]), 0)
        if cut or old:
            yield Gap(
                "boundary_stale",
                grids.code[n],
                float(cut),
                "cuts_buildings" if cut else "not_reviewed",
                "redraw_border",
                community=grids.community[n],
                grid=grids.code[n],
                name=grids.name[n],
                households=int(grids.households[n]),
                spot=(float(grids.lon[n]), float(grids.lat[n])),
                since=None if cut else old,
                facts={"drawn": drawn.isoformat()} if drawn else {},
            )
