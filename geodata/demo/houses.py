# ruff: noqa: PLR2004 -- a drawing is made of measures
"""Houses: doors, courtyards, street numbers and addresses of the footprints.

Numbers ascend along a street, odd on its left side and even on its right. Metres on the board.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry import LineString

from geodata.demo.facts import NAME, rows
from geodata.demo.footprints import Footprints
from geodata.demo.lots import Lot, Use
from geodata.demo.names import Names
from geodata.demo.ways import Nearby, Way
from geodata.domain.lattice import Floats, Shapes
from geodata.domain.partition import Ints

_COURTYARDS: dict[Use, float] = {"slabs": 0.72, "towers": 0.8, "mixed": 0.2, "houses": 0.07}
_LEAST_IN_COURTYARD = 4
_FRONTAGE_M = 13.0
_DOOR_M = 0.6


@dataclass(frozen=True)
class Courtyard:
    """A walled plot with buildings (by index): an estate with a name, or a numbered yard."""

    lot: int
    members: list[int]
    name: str


@dataclass(frozen=True)
class Houses:
    """Buildings as columns, and the courtyards with theirs."""

    prints: Footprints
    doors: Shapes
    courtyard: Ints
    addresses: list[str]
    names: list[str]
    courtyards: list[Courtyard]
    plots: Shapes
    gates: Shapes
    plot_addresses: list[str]


def settle(
    lots: list[Lot], prints: Footprints, ways: list[Way], names: Names, rng: np.random.Generator
) -> Houses:
    """Doors towards the nearest street, and an address for everything."""
    streets = [way for way in ways if way.kind != "bridge"]
    nearby = Nearby(streets)
    front = nearby.of(shapely.centroid(prints.outlines))
    doors = _doors(prints, np.array([streets[i].shape for i in front], dtype=object))
    yards = _courtyards(lots, prints, names, rng)
    courtyard = np.full(len(doors), -1)
    for i, yard in enumerate(yards):
        courtyard[yard.members] = i
    plots, gates, gate_front = _gates(lots, yards, nearby, streets)
    alone = np.flatnonzero(courtyard < 0)
    numbers = _numbers(
        streets, np.concatenate([front[alone], gate_front]), np.concatenate([doors[alone], gates])
    )
    towns = [row["name"] for row in rows("streets")]
    listed = rows("communities")
    in_town = [towns[int(row["street_code"][-1]) - 1] for row in listed]
    prefix = [f"{NAME}{in_town[lot.community]}" for lot in lots]
    plot_addresses = [
        prefix[yard.lot] + number for yard, number in zip(yards, numbers[len(alone) :], strict=True)
    ]
    addresses = [""] * len(doors)
    for i, number in zip(alone.tolist(), numbers, strict=False):
        addresses[i] = prefix[int(prints.lot[i])] + number
    return _with_members(
        Houses(
            prints,
            doors,
            courtyard,
            addresses,
            [""] * len(doors),
            yards,
            plots,
            gates,
            plot_addresses,
        )
    )


def _doors(prints: Footprints, streets: Shapes) -> Shapes:
    """A point just inside the middle of the side that is nearest to the street."""
    boxes = prints.corners
    middles = (boxes + np.roll(boxes, -1, axis=1)) / 2
    sides = shapely.points(middles)
    nearest = shapely.distance(sides, streets[:, None]).argmin(axis=1)
    door = middles[np.arange(len(boxes)), nearest]
    inward = boxes.mean(axis=1) - door
    door = door + inward / np.hypot(*inward.T)[:, None] * _DOOR_M
    return np.asarray(shapely.points(door))


def _courtyards(
    lots: list[Lot], prints: Footprints, names: Names, rng: np.random.Generator
) -> list[Courtyard]:
    members: dict[int, list[int]] = defaultdict(list)
    for i, lot in enumerate(prints.lot.tolist()):
        members[lot].append(i)
    found = []
    for lot, own in sorted(members.items()):
        odds = _COURTYARDS.get(lots[lot].use, 0.0)
        if len(own) >= _LEAST_IN_COURTYARD and rng.random() < odds:
            middle = shapely.get_coordinates(shapely.centroid(prints.outlines[own]))
            order = np.lexsort((middle[:, 0], np.round(-middle[:, 1] / 18)))
            found.append(Courtyard(lot, [own[i] for i in order], _title(lots[lot].use, names)))
    return found


def _title(use: Use, names: Names) -> str:
    """An estate's name, a work unit's yard, or nothing: just a numbered yard."""
    roll = names.rng.random()
    if roll < (0.75 if use == "towers" else 0.42):
        return names.estate()
    return (names.unit() or "") if roll > 0.9 else ""


def _gates(
    lots: list[Lot], yards: list[Courtyard], nearby: Nearby, streets: list[Way]
) -> tuple[Shapes, Shapes, Ints]:
    """The plot of each courtyard, its gate just inside, and the street that the gate is on."""
    plots = np.array([lots[yard.lot].shape for yard in yards], dtype=object)
    if len(plots) == 0:
        return plots, plots, np.empty(0, dtype=np.int64)
    inner = shapely.buffer(plots, -0.8, join_style="mitre")
    front = nearby.of(shapely.centroid(plots))
    lines = np.array([streets[i].shape for i in front], dtype=object)
    gates = shapely.get_point(shapely.shortest_line(inner, lines), 0)
    return plots, np.asarray(gates), front


def _numbers(streets: list[Way], front: Ints, doors: Shapes) -> list[str]:
    """Street and number of each door, such as 香溪路12号."""
    by_name: dict[str, list[int]] = defaultdict(list)
    for i, way in enumerate(front.tolist()):
        by_name[streets[way].name].append(i)
    at, side = _positions(streets, front, doors)
    found = [""] * len(front)
    for name, own in by_name.items():
        start = at[own].min()
        for parity in (1, 2):
            last = -1
            for i in sorted((i for i in own if side[i] == parity), key=lambda i: float(at[i])):
                last = max(last + 1, int((at[i] - start) / _FRONTAGE_M))
                found[i] = f"{name}{2 * last + parity}号"
    return found


def _positions(streets: list[Way], front: Ints, doors: Shapes) -> tuple[Floats, Ints]:
    """How far along its street a door is, in metres, and on which side: 1 left, 2 right.

    Stretches of one name with different axes follow each other.
    """
    offset: dict[str, dict[LineString, float]] = defaultdict(dict)
    for way in streets:
        known = offset[way.name]
        known.setdefault(way.axis, sum(axis.length for axis in known))
    axes = np.array([streets[i].axis for i in front.tolist()], dtype=object)
    shift = [offset[streets[i].name][streets[i].axis] for i in front.tolist()]
    at = shapely.line_locate_point(axes, doors)
    before = shapely.get_coordinates(shapely.line_interpolate_point(axes, np.maximum(at - 2, 0)))
    after = shapely.get_coordinates(shapely.line_interpolate_point(axes, at + 2))
    ahead, aside = after - before, shapely.get_coordinates(doors) - before
    left = ahead[:, 0] * aside[:, 1] - ahead[:, 1] * aside[:, 0] > 0
    return at + np.array(shift), np.where(left, 1, 2)


def _with_members(houses: Houses) -> Houses:
    """Addresses and names of the buildings inside courtyards, by their yard's."""
    for yard, address in zip(houses.courtyards, houses.plot_addresses, strict=True):
        for number, member in enumerate(yard.members, start=1):
            inside = f"{yard.name}{number}号楼" if yard.name else f"院{number}号楼"
            houses.addresses[member] = address + inside
            houses.names[member] = inside if yard.name else ""
    return houses
