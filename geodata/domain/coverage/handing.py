"""What a worker with too much can hand over: which grid, and to whom of those who serve nearby."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np

from geodata.domain.coverage import people
from geodata.domain.coverage.frames import Frames
from geodata.domain.crs import metres_per_degree

OFFERED: Final = 3
"""How many workers are offered for one gap."""
_PAIR: Final = 2


@dataclass(frozen=True)
class Taker:
    """A worker with room for a grid of somebody else.

    `households` are those served now, `room` what the band still allows (households), `share` what
    the grid brings; the distance is between the middles of the grid and the nearest one served.
    """

    grid: str
    community: str
    worker: int
    name: str
    share: float
    households: float
    room: float
    distance_m: float

    def plain(self) -> dict[str, Any]:
        """As JSON holds it."""
        return {
            "grid": self.grid,
            "community": self.community,
            "worker": self.worker,
            "name": self.name,
            "share": round(self.share),
            "households": round(self.households),
            "room": round(self.room),
            "distance_m": round(self.distance_m),
        }


class Duties:
    """Who serves which grids now (rows of the frame), and how many households that makes."""

    def __init__(self, frames: Frames) -> None:
        """Look at the posts of `frames`; a grid's households are shared alike among its posts."""
        self.frames, self.grids = frames, frames.grids
        posts = frames.posts
        workers, rows = (column.tolist() for column in people.places(frames.grids, posts))
        self.among = Counter(rows)
        self.names = dict(zip(posts.worker.tolist(), posts.name, strict=True))
        self.serves: dict[int, list[int]] = defaultdict(list)
        for worker, row in zip(workers, rows, strict=True):
            self.serves[worker].append(row)

    def share(self, row: int) -> float:
        """The households of a grid that each of those who serve it has."""
        return float(self.grids.households[row]) / self.among[row]

    def residents(self, row: int) -> float:
        """The same of its residents."""
        return float(self.grids.residents[row]) / self.among[row]

    @cached_property
    def loads(self) -> dict[int, float]:
        """How many households each worker serves."""
        return {one: sum(map(self.share, rows)) for one, rows in self.serves.items()}

    @cached_property
    def _at(self) -> dict[str, set[int]]:
        """The workers of each community."""
        found: dict[str, set[int]] = defaultdict(set)
        for worker, rows in self.serves.items():
            for row in rows:
                found[self.grids.community[row]].add(worker)
        return found

    def takers(self, worker: int) -> list[Taker]:
        """Those nearest who could take one grid without having more than the band allows.

        Of the same community as the grid, each with the grid that is nearest to what they serve:
        of those after which the worker has not too much any more, if there are such.
        """
        able = list(self._able(worker))
        best: dict[int, Taker] = {}
        for one in [one for one in able if self._is_enough(worker, one.share)] or able:
            known = best.get(one.worker)
            if known is None or (one.distance_m, one.grid) < (known.distance_m, known.grid):
                best[one.worker] = one
        return sorted(best.values(), key=lambda one: (one.distance_m, one.worker))[:OFFERED]

    def _is_enough(self, worker: int, share: float) -> bool:
        """Whether a worker has not too much without a share; nobody has who serves one grid."""
        left = self.loads[worker] - share
        return len(self.serves[worker]) == _PAIR or left <= self.frames.norms.band_high

    def _able(self, worker: int) -> Iterator[Taker]:
        high = self.frames.norms.band_high
        for row in self.serves[worker]:
            share = self.share(row)
            for other in self._at[self.grids.community[row]]:
                room = high - self.loads[other]
                if room >= share and row not in self.serves[other]:
                    yield self._taker(row, other, share, room)

    def _taker(self, row: int, worker: int, share: float, room: float) -> Taker:
        lon, lat, rows = self.grids.lon, self.grids.lat, self.serves[worker]
        kx, ky = metres_per_degree(float(lat[row]))
        away = np.hypot((lon[rows] - lon[row]) * kx, (lat[rows] - lat[row]) * ky)
        return Taker(
            *(self.grids.code[row], self.grids.community[row], worker, self.names[worker]),
            *(share, self.loads[worker], room, float(away.min())),
        )
