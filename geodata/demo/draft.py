"""The frames of coverage with things taken back in them, one after the other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import numpy as np

from geodata.domain.coverage.frames import Buildings, Frames, Groups

House = Mapping[str, Any]
"""A building by the columns of `Buildings`."""
_LED: Final = "前任组长"
_COUNTS: Final = ("buildings", "bare", "households", "residents", "groups")
_SERVED: Final = ("buildings", "households", "residents")


class Draft:
    """A copy of some frames, in which grids, groups and houses are told by their rows."""

    def __init__(self, frames: Frames) -> None:
        """Begin with `frames`, which stay as they are."""
        self.of = frames
        self._grids = {name: getattr(frames.grids, name).copy() for name in _COUNTS}
        self._served = {name: getattr(frames.groups, name).copy() for name in _SERVED}
        self._leaders = list(frames.groups.secretary)
        self._no_groups = set[int]()
        self._no_houses = set[int]()
        self._more = list[House]()

    def unfound(self, grid: int) -> None:
        """Let a grid have no group yet, and none of its houses one of it."""
        number = int(self.of.grids.id[grid])
        self._no_groups.update(np.flatnonzero(self.of.groups.grid == number).tolist())
        self._grids["groups"][grid] = 0
        self._grids["bare"][grid] = self._grids["buildings"][grid]

    def unname(self, group: int) -> None:
        """Let nobody lead a group yet."""
        self._leaders[group] = None

    def unleave(self, group: int) -> None:
        """Let the leader whom a group has lost still be there."""
        self._leaders[group] = _LED

    def unenrol(self, house: House, grid: int, group: int) -> None:
        """Let no group serve a house yet, which the group of its grid serves now."""
        self._grids["bare"][grid] += 1
        self._serve(group, house, -1)
        self._more.append({**house, "group": 0, "owner": 0})

    def unreturn(self, house: House, group: int, other: int) -> None:
        """Let another grid's group still serve a house that the group of its own grid serves."""
        self._serve(group, house, -1)
        self._serve(other, house, 1)
        groups = self.of.groups
        known = {"group": int(groups.id[other]), "owner": int(groups.grid[other])}
        self._more.append({**house, **known})

    def unstray(self, row: int, other: int, group: int) -> None:
        """Let the group of its grid still serve a house of the frame that another one has."""
        house = {name: getattr(self.of.buildings, name)[row] for name in _SERVED[1:]}
        self._serve(other, house, -1)
        self._serve(group, house, 1)
        self._no_houses.add(row)

    def unbuild(self, row: int, grid: int) -> None:
        """Let a house of the frame that no group serves not be there yet."""
        houses = self.of.buildings
        self._grids["buildings"][grid] -= 1
        self._grids["bare"][grid] -= 1
        for name in ("households", "residents"):
            self._grids[name][grid] -= int(getattr(houses, name)[row])
        self._no_houses.add(row)

    def frames(self) -> Frames:
        """The frames as they are with all that taken back."""
        of = self.of
        return replace(
            of,
            grids=replace(of.grids, **self._grids),
            groups=self._groups(),
            buildings=self._buildings(),
        )

    def _serve(self, group: int, house: House, by: int) -> None:
        self._served["buildings"][group] += by
        for name in ("households", "residents"):
            self._served[name][group] += by * int(house[name])

    def _groups(self) -> Groups:
        known = self.of.groups
        columns = {name: getattr(known, name) for name in Groups.__annotations__}
        columns |= {**self._served, "secretary": self._leaders}
        return Groups.of_columns(_without(columns, self._no_groups))

    def _buildings(self) -> Buildings:
        known = self.of.buildings
        columns = {name: getattr(known, name) for name in Buildings.__annotations__}
        stay = _without(columns, self._no_houses)
        more = sorted(self._more, key=lambda house: str(house["code"]))
        return Buildings.of_columns(
            {name: [*column, *(one[name] for one in more)] for name, column in stay.items()}
        )


def _without(columns: Mapping[str, Any], gone: set[int]) -> dict[str, list[Any]]:
    """The columns without some rows."""
    return {
        name: [value for row, value in enumerate(column) if row not in gone]
        for name, column in columns.items()
    }
