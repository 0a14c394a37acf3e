"""Party organisations of all tiers and whom they serve, with gaps among them.

Grids are indices in the order of their codes; gaps are planted in grids of their own, so that each
can be looked at alone.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace

import numpy as np
import shapely

from geodata.demo.cells import Ground
from geodata.demo.facts import rows
from geodata.demo.model import PartyOrg, Planted
from geodata.demo.names import Names, numeral
from geodata.demo.shares import scaled
from geodata.domain import partition
from geodata.domain.lattice import Shapes
from geodata.domain.partition import Ints

GROUPS = 550
"""Grid party groups of the 620-grid district."""
_GRIDS_A_BRANCH = 5
_FEW = 4


@dataclass(frozen=True)
class Town:
    """What organisations are set up for: grids, and buildings as columns.

    ``cell`` is a building's grid, negative for none; ``lived_in`` the buildings of each grid.
    """

    ground: Ground
    cell: Ints
    doors: Shapes
    codes: list[str]
    lived_in: dict[int, Ints]


@dataclass
class Organisation:
    """Who leads where; ``group`` is the index of each building's party group, or -1.

    ``free`` are grids with a group and no planted gap yet, in random order.
    """

    orgs: list[PartyOrg] = field(default_factory=list)
    group: Ints = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    planted: list[Planted] = field(default_factory=list)
    free: list[int] = field(default_factory=list)


def set_up(town: Town, overloaded: Ints, names: Names) -> Organisation:
    """All party organisations of a town, with gaps in some of its grids."""
    made = Organisation()
    owners = _owners(town, names.rng)
    branches = _upper_tiers(made, town.ground, owners, names)
    group_of = _groups(made, town.ground, owners, branches, names)
    made.free = [int(g) for g in names.rng.permutation(np.setdiff1d(owners, overloaded))]
    _membership(made, town, group_of)
    _plant_without(made, town, names.rng)
    _plant_astride(made, town, group_of)
    _plant_leaderless(made, town.ground, group_of)
    return made


def _owners(town: Town, rng: np.random.Generator) -> list[int]:
    """The grids that own a party group; those without any building never do."""
    candidates = rng.permutation(sorted(town.lived_in))
    return sorted(int(g) for g in candidates[: scaled(GROUPS, len(town.ground.grids))])


def _upper_tiers(
    made: Organisation, ground: Ground, owners: list[int], names: Names
) -> dict[int, list[int]]:
    """Working committees, community organisations and branches; the branches by community."""
    streets = {}
    for row in rows("streets"):
        streets[row["code"]] = len(made.orgs)
        name = f"{row['name']}党工委"
        made.orgs.append(
            PartyOrg("street", None, name, *_led(names, 40, 90), row["code"], None, None)
        )
    communities = []
    for row in rows("communities"):
        communities.append((row, len(made.orgs)))
        name, above = f"{row['name']}党委", streets[row["street_code"]]
        made.orgs.append(
            PartyOrg("community", above, name, *_led(names, 60, 180), None, row["code"], None)
        )
    found: dict[int, list[int]] = defaultdict(list)
    count = np.bincount(ground.community[owners], minlength=len(communities))
    for which, (row, above) in enumerate(communities):
        for n in range(max(1, -(-int(count[which]) // _GRIDS_A_BRANCH))):
            found[which].append(len(made.orgs))
            name = f"{row['name']}第{numeral(n + 1)}网格党支部"
            made.orgs.append(
                PartyOrg("branch", above, name, *_led(names, 18, 60), None, row["code"], None)
            )
    return found


def _led(names: Names, least: int, most: int) -> tuple[str, int]:
    return names.people(1)[0], int(names.rng.integers(least, most))


def _groups(
    made: Organisation,
    ground: Ground,
    owners: list[int],
    branches: dict[int, list[int]],
    names: Names,
) -> dict[int, int]:
    """A party group for each owning grid: grid to index of its group."""
    listed = rows("communities")
    seen: dict[int, int] = defaultdict(int)
    found = {}
    for grid in owners:
        which = int(ground.community[grid])
        above = branches[which][min(seen[which] // _GRIDS_A_BRANCH, len(branches[which]) - 1)]
        seen[which] += 1
        name = f"{listed[which]['name']}第{int(ground.codes[grid][-3:])}网格党小组"
        found[grid] = len(made.orgs)
        secretary, members = _led(names, 4, 24)
        made.orgs.append(PartyOrg("group", above, name, secretary, members, None, None, grid))
    return found


def _membership(made: Organisation, town: Town, group_of: dict[int, int]) -> None:
    grids = len(town.ground.grids)
    lookup = np.full(grids + 1, -1)
    lookup[list(group_of)] = list(group_of.values())
    made.group = lookup[np.where(town.cell >= 0, town.cell, grids)]
    for grid, code in enumerate(town.ground.codes):
        if grid not in group_of:
            made.planted.append(Planted("grid_without_group", code, "owns no party group"))


def _plant_without(made: Organisation, town: Town, rng: np.random.Generator) -> None:
    """Buildings that no group serves, in grids that have one."""
    roomy = [grid for grid in made.free if len(town.lived_in[grid]) > _FEW]
    for grid in roomy[: max(1, scaled(14, len(town.ground.grids)))]:
        made.free.remove(grid)
        own = town.lived_in[grid]
        for building in rng.choice(own, int(rng.integers(1, 4)), replace=False).tolist():
            made.group[building] = -1
            note = f"in grid {town.ground.codes[grid]}, which has a group"
            made.planted.append(Planted("building_without_group", town.codes[building], note))


def _plant_astride(made: Organisation, town: Town, group_of: dict[int, int]) -> None:
    """Groups that also hold buildings in a neighbour grid with a group of its own."""
    beside = _beside(town.ground)
    wanted = max(1, scaled(8, len(town.ground.grids)))
    for grid in list(made.free):
        near = [g for g in beside[grid] if g in made.free and len(town.lived_in[g]) > _FEW]
        if not near or grid not in made.free:
            continue
        made.free = [g for g in made.free if g not in (grid, near[0])]
        taken = _nearest_to(town, near[0], grid)
        made.group[taken] = group_of[grid]
        note = f"also serves {len(taken)} buildings in {town.ground.codes[near[0]]}"
        made.planted.append(Planted("group_astride", town.ground.codes[grid], note))
        wanted -= 1
        if wanted == 0:
            break


def _beside(ground: Ground) -> dict[int, list[int]]:
    """For each grid its neighbours in the same community."""
    left, right, _ = partition.borders(ground.grids)
    found: dict[int, list[int]] = defaultdict(list)
    for i, j in zip(left.tolist(), right.tolist(), strict=True):
        if ground.community[i] == ground.community[j]:
            found[i].append(j)
            found[j].append(i)
    return found


def _nearest_to(town: Town, grid: int, other: int) -> Ints:
    """The three buildings of a grid that are nearest to those of another."""
    own = town.lived_in[grid]
    gap = shapely.distance(town.doors[own], shapely.multipoints(town.doors[town.lived_in[other]]))
    return own[np.argsort(gap, kind="stable")[:3]]


def _plant_leaderless(made: Organisation, ground: Ground, group_of: dict[int, int]) -> None:
    for _ in range(max(1, scaled(12, len(ground.grids)))):
        grid = made.free.pop()
        org = made.orgs[group_of[grid]]
        made.orgs[group_of[grid]] = replace(org, secretary=None)
        made.planted.append(Planted("group_without_leader", ground.codes[grid], org.name))
