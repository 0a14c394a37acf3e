"""Who could take it: the nearest party groups that have room, and the grids nearest to a place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from geodata.domain.coverage.frames import Frames
from geodata.domain.crs import metres_per_degree
from geodata.domain.lattice import Floats
from geodata.domain.partition import Bools, Ints

OFFERED: Final = 3
"""How many groups are offered for one gap."""

Spot = tuple[float, float]


@dataclass(frozen=True)
class Offer:
    """A group that could take households: its room, how far it is, and whether it holds them all.

    `room` is what the band still allows it (households); the distance is from the place of the gap
    to the middle of the buildings that the group serves.
    """

    group: int
    name: str
    grid: str
    community: str
    households: int
    room: int
    distance_m: float
    enough: bool

    def plain(self) -> dict[str, Any]:
        """As JSON holds it."""
        return {
            "group": self.group,
            "name": self.name,
            "grid": self.grid,
            "community": self.community,
            "households": self.households,
            "room": self.room,
            "distance_m": round(self.distance_m),
            "enough": self.enough,
        }


class Room:
    """The groups by community, with the room that each has."""

    def __init__(self, frames: Frames) -> None:
        """Look at the groups of `frames`; those whose place or owner nobody knows offer none."""
        grids, self.groups = frames.grids, frames.groups
        owners = [grids.row_of.get(number, -1) for number in self.groups.grid.tolist()]
        self.owner = np.array(owners, dtype=np.int64)
        self.codes, self.homes = grids.code, grids.community
        self.room: Ints = frames.norms.band_high - self.groups.households
        by_community: dict[str, list[int]] = defaultdict(list)
        for row, owner in enumerate(self.owner.tolist()):
            if owner >= 0 and self.room[row] > 0:
                by_community[grids.community[owner]].append(row)
        self.by_community = {code: np.array(rows) for code, rows in by_community.items()}
        self.all = np.array(sorted(r for rows in by_community.values() for r in rows), dtype=int)

    def offers(
        self, community: str, spot: Spot, need: int, own: tuple[int, int] = (0, 0), but: int = 0
    ) -> list[Offer]:
        """The nearest groups with room for `need` households, those of the community first asked.

        Where none has room for all of them, the nearest with any room. With `own` those of the grid
        with the first id alone, and the group with the second: another one would come to lie
        astride two grids. Never the group `but`.
        """
        rows = self.by_community.get(community, self.all)
        rows = rows[self.groups.id[rows] != but]
        if any(own):
            ours = (self.groups.grid[rows] == own[0]) | (self.groups.id[rows] == own[1])
            rows = rows[ours]
        if not len(rows):
            return []
        away = _metres(self.groups.lon[rows], self.groups.lat[rows], spot)
        enough = self.room[rows] >= need
        order = np.lexsort((rows, away, ~enough))[:OFFERED]
        return [self._offer(rows[n], away[n], enough[n]) for n in order if np.isfinite(away[n])]

    def _offer(self, row: int, away: float, enough: Bools) -> Offer:
        return Offer(
            int(self.groups.id[row]),
            self.groups.name[row],
            self.codes[self.owner[row]],
            self.homes[self.owner[row]],
            int(self.groups.households[row]),
            int(self.room[row]),
            float(away),
            bool(enough),
        )


def candidate(facts: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Who is named first of those with room for it all, of the facts of a gap; None without any.

    A group (``offers``), or a worker who could take one of the grids (``takers``).
    """
    able = [one for one in facts.get("offers", ()) if one["enough"]]
    return next(iter([*able, *facts.get("takers", ())]), None)


def _metres(lon: Floats, lat: Floats, spot: Spot) -> Floats:
    kx, ky = metres_per_degree(spot[1])
    return np.asarray(np.hypot((lon - spot[0]) * kx, (lat - spot[1]) * ky))


def nearest_grid(frames: Frames, community: str, spot: Spot) -> str | None:
    """The grid of a community whose middle is nearest to a place; None where it has none."""
    grids = frames.grids
    own = grids.within.get(community)
    if own is None:
        return None
    away = _metres(grids.lon[own], grids.lat[own], spot)
    return str(grids.code[own[int(np.argmin(away))]])
