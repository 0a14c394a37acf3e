"""How far people walk to the nearest service station."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely

from geodata.domain.coverage.frames import Far, Frame, Texts
from geodata.domain.crs import metres_per_degree
from geodata.domain.lattice import Floats, Shapes
from geodata.domain.partition import Ints

DETOUR: Final = 1.3
"""A walk along streets over the straight line; 4/π where streets are a square net."""


@dataclass(frozen=True)
class Homes(Frame):
    """Buildings that people live in, each with the id of its grid."""

    grid: Ints
    households: Ints
    residents: Ints
    lon: Floats
    lat: Floats


@dataclass(frozen=True)
class Stations(Frame):
    """Service stations (党群服务站, 爱心驿站) and where they are."""

    name: Texts
    lon: Floats
    lat: Floats


def too_far(homes: Homes, stations: Stations, walk_m: float) -> list[Far]:
    """Those whose walk to the nearest station is longer, by grid; nobody where none is known.

    The walk is the straight line times `DETOUR`, in metres, on the plane of the stations: the same
    whichever homes are asked about.
    """
    if not len(stations.name) or not len(homes.grid):
        return []
    kx, ky = metres_per_degree(float(np.mean(stations.lat)))
    tree = shapely.STRtree(_points(stations.lon * kx, stations.lat * ky))
    doors = _points(homes.lon * kx, homes.lat * ky)
    (_, nearest), straight = tree.query_nearest(doors, return_distance=True, all_matches=False)
    away = straight * DETOUR
    rows = np.flatnonzero(away > walk_m)
    return _by_grid(
        homes, stations.name, rows[np.argsort(-away[rows], kind="stable")], away, nearest
    )


def _points(x: Floats, y: Floats) -> Shapes:
    return np.asarray(shapely.points(x, y), dtype=object)


def _by_grid(
    homes: Homes, names: Sequence[str], rows: Ints, away: Floats, nearest: Ints
) -> list[Far]:
    """Sums by grid; `rows` begin with whoever walks farthest."""
    found: dict[int, Far] = {}
    for row in rows.tolist():
        grid = int(homes.grid[row])
        have = found.get(grid)
        residents, households = int(homes.residents[row]), int(homes.households[row])
        found[grid] = Far(
            grid,
            residents + (have.residents if have else 0),
            households + (have.households if have else 0),
            have.farthest_m if have else float(away[row]),
            have.station if have else names[int(nearest[row])],
        )
    return list(found.values())
