"""Gaps of the party groups: grids and buildings that have none, groups astride or without leader.

A grid has a group if it owns one or was given that of another; a building is covered if it has one.
In a grid without a group its buildings are not listed again one by one.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from geodata.domain.coverage import sharing
from geodata.domain.coverage.frames import Frames
from geodata.domain.coverage.gap import Gap
from geodata.domain.coverage.room import Offer, Room


def grids_without(frames: Frames, room: Room) -> Iterator[Gap]:
    """Grids that own no party group and were given none; the measure is their households."""
    grids = frames.grids
    guests = Counter(
        zip(frames.buildings.grid.tolist(), frames.buildings.owner.tolist(), strict=True)
    )
    served = Counter[int]()
    for (grid, owner), count in guests.items():
        served[grid] += count if owner and owner != grid else 0
    for row in (~grids.grouped).nonzero()[0].tolist():
        if not frames.looks_at(grids.community[row]):
            continue
        spot = (float(grids.lon[row]), float(grids.lat[row]))
        need, number = int(grids.households[row]), int(grids.id[row])
        home = grids.community[row]
        offers = room.offers(home, spot, need) if need else []
        yield Gap(
            "grid_without_group",
            grids.code[row],
            float(need),
            "served_from_beside" if served[number] else "never_set_up" if need else "nobody_lives",
            _taken(frames, home, offers, "take_over") if need else "look_again",
            community=home,
            grid=grids.code[row],
            name=grids.name[row],
            households=need,
            spot=spot,
            facts={
                "residents": int(grids.residents[row]),
                "buildings": int(grids.buildings[row]),
                "offers": [offer.plain() for offer in offers],
            }
            | ({"served": served[number]} if served[number] else {}),
        )


def _taken(frames: Frames, community: str, offers: Sequence[Offer], action: str) -> str:
    """The action where a group has room for all; else a group is set up, if there can be one."""
    if any(offer.enough for offer in offers):
        return action
    return "set_up_group" if frames.has_party(community) else "bring_party"


def buildings_without(frames: Frames, room: Room) -> Iterator[Gap]:
    """Buildings that no group serves in a grid that has one; the measure is their households."""
    houses, grids = frames.buildings, frames.grids
    left_out = _left_out(frames)
    for row, numbers in left_out.items():
        own, home = (int(grids.id[row]), int(grids.joint[row])), grids.community[row]
        facts = _all_of(frames, room, row, numbers) if len(numbers) > 1 else {}
        for n in numbers:
            spot = (float(houses.lon[n]), float(houses.lat[n]))
            need = int(houses.households[n])
            offers = room.offers(home, spot, need, own)
            yield Gap(
                "building_without_group",
                houses.code[n],
                float(need),
                "left_out",
                _taken(frames, home, offers, "join_group"),
                community=home,
                grid=grids.code[row],
                name=houses.name[n] or houses.address[n],
                households=need,
                spot=spot,
                facts={
                    "residents": int(houses.residents[n]),
                    "offers": [offer.plain() for offer in offers],
                    **facts,
                },
            )


def _left_out(frames: Frames) -> dict[int, list[int]]:
    """The rows of buildings without a group, by the row of their grid, which has one."""
    houses, grids = frames.buildings, frames.grids
    found: dict[int, list[int]] = {}
    for n in (houses.group == 0).nonzero()[0].tolist():
        row = grids.row_of.get(int(houses.grid[n]))
        if row is None or not grids.grouped[row]:
            continue  # told of the grid as a whole
        if frames.looks_at(grids.community[row]):
            found.setdefault(row, []).append(n)
    return found


def _all_of(frames: Frames, room: Room, row: int, numbers: list[int]) -> dict[str, object]:
    """How many of a grid were left out, and the groups that could take all of them at once."""
    grids = frames.grids
    spot = (float(grids.lon[row]), float(grids.lat[row]))
    need = int(frames.buildings.households[numbers].sum())
    own = (int(grids.id[row]), int(grids.joint[row]))
    offers = room.offers(grids.community[row], spot, need, own)
    all_of = [offer.plain() for offer in offers if offer.enough]
    return {"left_out": len(numbers), "left_out_households": need, "all_offers": all_of}


def astride(frames: Frames, room: Room) -> Iterator[Gap]:
    """Groups with buildings in another grid than theirs; the measure is how many.

    They are given back where each of those grids has a group; else one is to be set up first.
    """
    houses, grids = frames.buildings, frames.grids
    code = dict(zip(grids.id.tolist(), grids.code, strict=True))
    beyond: dict[int, Counter[str]] = defaultdict(Counter)
    homes: Counter[int] = Counter()
    columns = (houses.group, houses.grid, houses.owner, houses.households)
    for group, grid, owner, households in zip(*(c.tolist() for c in columns), strict=True):
        here = grids.row_of.get(grid, -1)
        given = here >= 0 and not grids.groups[here] and int(grids.joint[here]) == group
        if group and owner and grid != owner and grid in code and not given:
            beyond[group][code[grid]] += 1
            homes[group] += households
    shares = sharing.of_groups(frames, room, beyond)
    for n, group in enumerate(frames.groups.id.tolist()):
        if group in beyond:
            elsewhere = dict(beyond[group])
            parts = [one for one in shares[group] if one.grid in elsewhere]
            size = float(sum(elsewhere.values()))
            facts: dict[str, object] = {"elsewhere": elsewhere}
            lone = [one.grid for one in parts if one.way != "give_back"]
            if lone:
                facts |= {"lone": lone, "shares": [one.plain() for one in parts]}
            said = ("group_astride", size, "serves_beside", "share_back" if lone else "give_back")
            yield _of_group(frames, n, said, homes[group], **facts)


def leaderless(frames: Frames) -> Iterator[Gap]:
    """Groups that nobody leads; the measure is their members."""
    for n, secretary in enumerate(frames.groups.secretary):
        if not (secretary or "").strip():
            members = float(frames.groups.members[n])
            said = ("group_without_leader", members, "no_secretary", "name_leader")
            yield _of_group(frames, n, said, int(frames.groups.households[n]))


def overloaded(frames: Frames, room: Room) -> Iterator[Gap]:
    """Groups that serve more households than the band allows; the measure is how many.

    Not again where their own grid has as many: dividing it is what helps. What they serve beyond
    it is told by grid, with who could have it.
    """
    groups, high = frames.groups, frames.norms.band_high
    rows = [n for n, row in _above(frames) if not _is_large(frames, row)]
    shares = sharing.of_groups(frames, room, {int(groups.id[n]) for n in rows})
    for n in rows:
        count = int(groups.households[n])
        parts = [one.plain() for one in shares[int(groups.id[n])]]
        said = ("group_overloaded", float(count), "above_band", "share_out")
        facts = {"over": count - high, "residents": int(groups.residents[n]), "shares": parts}
        yield _of_group(frames, n, said, count, **facts)


def with_their_grid(frames: Frames) -> list[int]:
    """The row of the own grid of each group that serves too many where that grid has as many."""
    return [row for _, row in _above(frames) if _is_large(frames, row)]


def _above(frames: Frames) -> list[tuple[int, int]]:
    """The groups that serve more than the band allows, with the row of their grid, -1 for none."""
    groups, row_of = frames.groups, frames.grids.row_of
    large = (groups.households > frames.norms.band_high).nonzero()[0].tolist()
    return [(n, row_of.get(int(groups.grid[n]), -1)) for n in large]


def _is_large(frames: Frames, row: int) -> bool:
    return row >= 0 and int(frames.grids.households[row]) > frames.norms.band_high


def _of_group(
    frames: Frames, row: int, said: tuple[str, float, str, str], households: int, **facts: object
) -> Gap:
    """A gap of the group in a row of its frame; known by the code of the grid that owns it.

    Where a grid owns several, those after the first (by id) are known by their number as well.
    """
    groups, grids = frames.groups, frames.grids
    owner = grids.row_of.get(int(groups.grid[row]), -1)
    number = int(groups.id[row])
    first = int(groups.id[groups.grid == groups.grid[row]].min()) == number
    kind, size, why, what = said
    known = owner >= 0
    own = grids.code[owner] if known else ""
    return Gap(
        kind,
        own if known and first else f"{own}:{number}" if known else str(number),
        size,
        why,
        what,
        community=grids.community[owner] if known else None,
        grid=grids.code[owner] if known else None,
        name=groups.name[row],
        households=households,
        spot=(float(grids.lon[owner]), float(grids.lat[owner])) if known else None,
        facts={"group": number, **facts},
    )
