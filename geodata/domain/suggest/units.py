"""Units: a few whole houses with the ground around them, of which grids are made.

Houses of one block, whole courtyards at a time, are joined to about a quarter of a grid, those of
one party group by preference. The units divide the ground exactly.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geodata.domain import lattice, measure, partition
from geodata.domain.lattice import Shapes
from geodata.domain.partition import Ints
from geodata.domain.suggest import blocks, homesteads
from geodata.domain.suggest.blocks import Blocks
from geodata.domain.suggest.clusters import clusters
from geodata.domain.suggest.given import Aim, House, Plane, Street
from geodata.domain.suggest.homesteads import Piece
from geodata.domain.suggest.net import Net, pairs
from geodata.domain.suggest.shares import shares
from geodata.errors import InvalidMove

SHARE: Final = 6
"""A unit is to hold the norm divided by this, and twice that at the most, unless it must."""
_STICK_OUT_M: Final = 0.05
_NO_GRIDS: Final[Mapping[str, BaseGeometry]] = MappingProxyType({})


@dataclass(frozen=True)
class Units:
    """Units of some ground, and how they lie beside each other.

    `shapes` in lattice steps divide the ground exactly. `codes` are the present grids, `present`
    the one of each unit (-1 in none), `borders` what runs between them, in lattice steps. `houses`
    are those on the ground, `home` the unit of each, `away` the codes of those beside it.
    """

    shapes: Shapes
    present: Ints
    borders: Shapes
    streets: Sequence[Street]
    plane: Plane
    net: Net
    houses: Sequence[House]
    home: Ints
    codes: Sequence[str]
    away: Sequence[str]


def of_ground(
    ground: BaseGeometry,
    houses: Sequence[House],
    streets: Sequence[Street],
    aim: Aim,
    grids: Mapping[str, BaseGeometry] = _NO_GRIDS,
) -> Units:
    """The units of ground that is to be divided afresh; shapes in degrees, ground on the lattice.

    Present `grids` by code lie on it and share their vertices with it and each other; units keep
    to their borders but where a house or courtyard lies across. Without them they are those that
    the houses name. Raises InvalidMove ``suggest_no_ground``, and ``suggest_no_houses`` where
    nobody lives on it.
    """
    return _cut({"": ground}, grids, houses, streets, aim)


def within_grids(
    grids: Mapping[str, BaseGeometry],
    houses: Sequence[House],
    streets: Sequence[Street],
    aim: Aim,
) -> Units:
    """The units of present grids by code, none of which crosses their borders.

    Grids are in degrees and divide their ground exactly; each house is in the grid of its door.
    Raises as `of_ground`.
    """
    return _cut(grids, grids, houses, streets, aim)


def _cut(
    cells: Mapping[str, BaseGeometry],
    grids: Mapping[str, BaseGeometry],
    houses: Sequence[House],
    streets: Sequence[Street],
    aim: Aim,
) -> Units:
    if not cells or any(cell.is_empty for cell in cells.values()):
        raise InvalidMove("suggest_no_ground")
    floor, now = _steps(cells), _steps(grids)
    plane = Plane.of(floor)
    made = _blocks(floor, now, streets, plane)
    houses = sorted(houses, key=lambda house: house.code)
    pieces, lost = homesteads.settle(houses, made, plane)
    away = frozenset(lost)
    here = [house for index, house in enumerate(houses) if index not in away]
    if not any(house.households for house in here):
        raise InvalidMove("suggest_no_houses")
    faces, label = _parted(made, pieces, plane)
    unit = _unit_of(partition.dissolve(faces, label), pieces, houses, plane, aim.norm / SHARE)
    shapes = _dissolved(faces, np.array([unit[one] for one in label.tolist()]))
    present = blocks.owners(shapes, now) if grids else np.full(len(shapes), -1)
    home = homesteads.doors(here, shapes, plane)
    codes = sorted(
        {*grids, *(h.grid for h in here if h.grid is not None)} if grids is not cells else grids
    )
    if grids is cells:
        named = zip(here, present[home].tolist(), strict=True)
        here = [replace(house, grid=codes[index]) for house, index in named]
    elif grids:
        present = _numbered(present, sorted(grids), codes)
    net = _net(shapes, plane, streets, here, home, codes)
    borders = measure.array([partition.outline(one) for one in now])
    beside = [houses[i].code for i in lost]
    return Units(shapes, present, borders, streets, plane, net, here, home, codes, beside)


def _steps(cells: Mapping[str, BaseGeometry]) -> Shapes:
    """The cells in lattice steps, in the order of their codes."""
    return lattice.to_units(measure.array([cells[key] for key in sorted(cells)]))


def _numbered(present: Ints, grids: Sequence[str], codes: Sequence[str]) -> Ints:
    """Indices into the grids as indices into the codes."""
    number = np.array([*(codes.index(code) for code in grids), -1], dtype=np.int64)
    return number[present]


def _blocks(floor: Shapes, grids: Shapes, streets: Sequence[Street], plane: Plane) -> Blocks:
    """The blocks of the floor between streets and the borders of present grids."""
    if not len(grids) or len(floor) > 1:
        return blocks.between(floor, streets, plane)
    rest = shapely.difference(shapely.union_all(floor), shapely.union_all(grids))
    cells = measure.array([*grids, *([] if rest.is_empty else [rest])])
    made = blocks.between(cells, streets, plane)
    return Blocks(made.shapes, blocks.owners(made.shapes, floor))


def _parted(made: Blocks, pieces: Sequence[Piece], plane: Plane) -> tuple[Shapes, Ints]:
    """Faces in lattice steps, and of each the piece it is part of, or the block without houses.

    Labels are indices into `pieces`; behind these come the blocks.
    """
    ground = plane.metres(made.shapes)
    owner, drawn, lines = [], [], []
    by_block: dict[int, list[int]] = {}
    for index, piece in enumerate(pieces):
        by_block.setdefault(piece.block, []).append(index)
    for block, own in sorted(by_block.items()):
        outlines = [shapely.union_all(pieces[index].outlines) for index in own]
        parts = shares(ground[block], outlines)
        owner += own
        drawn += list(parts)
        if len(own) > 1:
            reach = ground[block].buffer(_STICK_OUT_M, join_style="mitre")
            lines += list(shapely.intersection(shapely.boundary(parts), reach))
    edges = [partition.outline(block) for block in made.shapes]
    faces = partition.planar([*edges, *plane.steps(measure.array(lines))])
    parts = plane.steps(measure.array(drawn))
    where = np.array([piece.block for piece in pieces], dtype=np.int64)
    label = _labels(faces, made, parts, np.array(owner, dtype=np.int64), where)
    faces, label = faces[label >= 0], label[label >= 0]
    return faces, partition.settle(faces, label)


def _labels(faces: Shapes, made: Blocks, parts: Shapes, owner: Ints, blocks_of: Ints) -> Ints:
    """The piece of each face, or behind the pieces its block, or -1 outside all blocks.

    `parts` are the shares of pieces in lattice steps, `owner` their pieces, `blocks_of` the block
    of each piece. A face that rounding made belongs to the first piece of its block.
    """
    block = blocks.owners(faces, made.shapes)
    label = np.where(block >= 0, len(blocks_of) + block, -1)
    first = np.full(len(made.shapes), -1)
    first[blocks_of[::-1]] = np.arange(len(blocks_of))[::-1]
    label = np.where((block >= 0) & (first[block] >= 0), first[block], label)
    face, part = shapely.STRtree(parts).query(
        shapely.point_on_surface(faces), predicate="intersects"
    )
    right = blocks_of[owner[part]] == block[face]
    label[face[right]] = owner[part[right]]
    return label


def _unit_of(
    ground: Mapping[int, BaseGeometry],
    pieces: Sequence[Piece],
    houses: Sequence[House],
    plane: Plane,
    enough: float,
) -> dict[int, int]:
    """The unit of each label: pieces joined within their block, homesteads kept whole."""
    households = [sum(houses[house].households for house in piece.houses) for piece in pieces]
    chief: dict[int, int] = {}
    for index, piece in enumerate(pieces):
        best = chief.setdefault(piece.homestead, index)
        if households[index] > households[best]:
            chief[piece.homestead] = index
    chiefs = sorted(index for index in chief.values() if index in ground)
    number = {index: n for n, index in enumerate(chiefs)}
    members = _members(pieces, number, chief)
    joined = clusters(
        [sum(houses[house].households for house in own) for own in members],
        [frozenset(g for i in own if (g := houses[i].group) is not None) for own in members],
        shapely.get_coordinates(
            shapely.centroid(plane.metres(measure.array([ground[index] for index in chiefs])))
        ),
        _inside(ground, pieces, number),
        enough,
    )
    unit = {index: chiefs[int(joined[n])] for index, n in number.items()}
    return {
        label: unit.get(chief[pieces[label].homestead], label) if label < len(pieces) else label
        for label in ground
    }


def _members(
    pieces: Sequence[Piece], number: Mapping[int, int], chief: Mapping[int, int]
) -> list[list[int]]:
    """The houses of each chief piece's whole homestead."""
    members: list[list[int]] = [[] for _ in number]
    for piece in pieces:
        index = number.get(chief[piece.homestead])
        if index is not None:
            members[index] += piece.houses
    return members


def _inside(
    ground: Mapping[int, BaseGeometry], pieces: Sequence[Piece], number: Mapping[int, int]
) -> list[tuple[int, int]]:
    """Pairs of chief pieces that are neighbours in one block."""
    labels = sorted(ground)
    left, right, _ = partition.borders([ground[label] for label in labels])
    both = [(labels[i], labels[j]) for i, j in zip(left.tolist(), right.tolist(), strict=True)]
    return [
        (number[one], number[other])
        for one, other in both
        if one in number and other in number and pieces[one].block == pieces[other].block
    ]


def _dissolved(faces: Shapes, unit: Ints) -> Shapes:
    """The ground of each unit, in one piece."""
    return measure.array(list(partition.dissolve(faces, partition.settle(faces, unit)).values()))


def _net(
    shapes: Shapes,
    plane: Plane,
    streets: Sequence[Street],
    houses: Sequence[House],
    home: Ints,
    codes: Sequence[str],
) -> Net:
    left, right, length = pairs(shapes, streets, plane)
    flat = plane.metres(shapes)
    number = {code: n for n, code in enumerate(codes)}
    party: list[set[str]] = [set() for _ in shapes]
    before: list[Counter[int]] = [Counter() for _ in shapes]
    for house, unit in zip(houses, home.tolist(), strict=True):
        if house.group is not None:
            party[unit].add(house.group)
        if house.grid is not None:
            before[unit][number[house.grid]] += house.households
    names = {name: n for n, name in enumerate(sorted(set().union(*party)))}
    return Net(
        np.bincount(home, [h.households for h in houses], len(shapes)).astype(np.int64),
        shapely.area(flat),
        shapely.get_coordinates(shapely.centroid(flat)),
        left,
        right,
        length,
        [tuple(sorted(names[name] for name in own)) for own in party],
        before,
    )
