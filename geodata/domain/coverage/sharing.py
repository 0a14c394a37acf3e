"""What a party group serves beyond its own grid, part by part, and who could have each part."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from geodata.domain.coverage.frames import Frames
from geodata.domain.coverage.room import Offer, Room

Way = Literal["give_back", "hand_over", "set_up_group"]


@dataclass(frozen=True)
class Share:
    """The buildings that a group serves in one other grid, which was `given` to it or not.

    `way` is how they are shared out: given back to the group of that grid, handed over with the
    whole grid to one of the groups that `offers` names, or to a group that is to be set up there.
    """

    grid: str
    community: str
    buildings: int
    households: int
    given: bool
    way: Way
    offers: Sequence[Offer] = ()

    def plain(self) -> dict[str, Any]:
        """As JSON holds it."""
        return {
            "grid": self.grid,
            "community": self.community,
            "buildings": self.buildings,
            "households": self.households,
            "given": self.given,
            "way": self.way,
            "offers": [offer.plain() for offer in self.offers],
        }


def of_groups(frames: Frames, room: Room, wanted: Collection[int]) -> Mapping[int, list[Share]]:
    """What each of some groups (ids) serves beyond its grid, the most households first."""
    found: dict[int, list[Share]] = {group: [] for group in wanted}
    for (group, row), counts in _beyond(frames, wanted).items():
        found[group].append(_share(frames, room, group, row, counts))
    for shares in found.values():
        shares.sort(key=lambda one: (-one.households, one.grid))
    return found


def _beyond(frames: Frames, wanted: Collection[int]) -> dict[tuple[int, int], tuple[int, int]]:
    """Buildings and households by the group that serves them and the row of their grid."""
    houses, grids = frames.buildings, frames.grids
    sums: dict[tuple[int, int], tuple[int, int]] = defaultdict(lambda: (0, 0))
    columns = (houses.group, houses.grid, houses.owner, houses.households)
    for group, grid, owner, households in zip(*(c.tolist() for c in columns), strict=True):
        row = grids.row_of.get(grid, -1)
        if group in wanted and grid != owner and row >= 0:
            count, homes = sums[group, row]
            sums[group, row] = count + 1, homes + households
    return sums


def _share(frames: Frames, room: Room, group: int, row: int, counts: tuple[int, int]) -> Share:
    grids = frames.grids
    given = not grids.groups[row] and int(grids.joint[row]) == group
    known = (grids.code[row], grids.community[row], *counts, given)
    if grids.grouped[row] and not given:
        return Share(*known, "give_back")
    spot = (float(grids.lon[row]), float(grids.lat[row]))
    offers = room.offers(grids.community[row], spot, int(grids.households[row]), but=group)
    enough = [offer for offer in offers if offer.enough]
    return Share(*known, "hand_over" if enough else "set_up_group", enough)
