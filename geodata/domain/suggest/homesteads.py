"""Homesteads: what must stay whole (a house, a courtyard), and its pieces in the blocks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geodata.domain import measure
from geodata.domain.lattice import Shapes
from geodata.domain.partition import Ints
from geodata.domain.suggest.blocks import Blocks, owners
from geodata.domain.suggest.given import House, Plane

_TOUCH: Final = 0.02
"""A smaller share of a house in another block is drawing noise."""


@dataclass
class Piece:
    """The part of a homestead in one block: outlines in metres, and the houses with doors there."""

    block: int
    homestead: int
    outlines: list[BaseGeometry] = field(default_factory=list)
    houses: list[int] = field(default_factory=list)


def settle(houses: Sequence[House], blocks: Blocks, plane: Plane) -> tuple[list[Piece], list[int]]:
    """The pieces of homesteads by block, and the houses (indices) whose doors are in no block.

    A house is in the block of its door, and also in others of the same cell that it stands in.
    """
    where = doors(houses, blocks.shapes, plane)
    pieces: dict[tuple[int, int], Piece] = {}
    steads = _homesteads(houses, where, blocks)
    standing = _standing(houses, where, blocks, plane)
    for index in np.flatnonzero(where >= 0).tolist():
        stead = steads[index]
        for block, outline in standing[index]:
            piece = pieces.setdefault((block, stead), Piece(block, stead))
            piece.outlines.append(outline)
            if block == where[index]:
                piece.houses.append(index)
    return [pieces[key] for key in sorted(pieces)], np.flatnonzero(where < 0).tolist()


def doors(houses: Sequence[House], areas: Shapes, plane: Plane) -> Ints:
    """The first of the areas (lattice steps) that each door lies in, -1 for none."""
    at = plane.drawn(measure.array([house.door for house in houses]))
    return owners(at, plane.metres(areas))


def _homesteads(houses: Sequence[House], where: Ints, blocks: Blocks) -> list[int]:
    """The homestead of each house: its courtyard's in this cell, else its own."""
    numbers: dict[tuple[str | int, int], int] = {}
    keys = [
        (house.courtyard or index, int(blocks.cell[where[index]]))
        for index, house in enumerate(houses)
    ]
    return [numbers.setdefault(key, len(numbers)) for key in keys]


def _standing(
    houses: Sequence[House], where: Ints, blocks: Blocks, plane: Plane
) -> list[list[tuple[int, BaseGeometry]]]:
    """For each house the blocks it stands in, with the part of its outline there in metres."""
    outlines = plane.drawn(measure.array([house.outline for house in houses]))
    spots = plane.drawn(measure.array([house.door for house in houses]))
    ground = plane.metres(blocks.shapes)
    house, block = shapely.STRtree(ground).query(outlines, predicate="intersects")
    part = shapely.intersection(outlines[house], ground[block])
    large = shapely.area(part) > _TOUCH * shapely.area(outlines[house])
    large &= (where[house] >= 0) & (blocks.cell[block] == blocks.cell[where[house]])
    found: list[list[tuple[int, BaseGeometry]]] = [[] for _ in houses]
    for pair in np.lexsort((block, house)).tolist():
        if large[pair]:
            found[house[pair]].append((int(block[pair]), part[pair]))
    for index in np.flatnonzero(where >= 0).tolist():
        own = int(where[index])
        if own not in [block for block, _ in found[index]]:
            found[index].append((own, spots[index]))
    return found
