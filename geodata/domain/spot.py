"""Whether several entries are one place on the ground."""

import math
from collections.abc import Sequence
from typing import Final, Protocol

from geodata.domain.crs import metres_per_degree
from geodata.domain.entry import Entry

_CROWD: Final = 100
"""More entries than this under one name are no single place."""


class Placed(Protocol):
    """Something with a place, in degrees."""

    @property
    def lon(self) -> float:
        """Longitude."""
        ...

    @property
    def lat(self) -> float:
        """Latitude."""
        ...


def metres(one: Placed, other: Placed) -> float:
    """The distance between two places, in metres."""
    kx, ky = metres_per_degree(one.lat)
    return math.hypot((one.lon - other.lon) * kx, (one.lat - other.lat) * ky)


def middle(entries: Sequence[Entry], indices: Sequence[int], reach_m: float) -> int | None:
    """The entry nearest to the middle of some if all lie within `reach_m` metres of it, else None.

    `indices` point into `entries`; of one entry it is that one, of none or a crowd None.
    """
    if len(indices) == 1:
        return indices[0]
    if not indices or len(indices) > _CROWD:
        return None
    lon = sum(entries[index].lon for index in indices) / len(indices)
    lat = sum(entries[index].lat for index in indices) / len(indices)
    inner = min(indices, key=lambda i: (entries[i].lon - lon) ** 2 + (entries[i].lat - lat) ** 2)
    far = max(metres(entries[inner], entries[index]) for index in indices)
    return inner if far <= reach_m else None
