"""Grids straight from the blocks between streets, for a community that has none yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from geodata.domain import measure
from geodata.domain.lattice import Floats
from geodata.domain.partition import Ints
from geodata.domain.suggest import balance, blocks, proposal
from geodata.domain.suggest.balance import Division, Told
from geodata.domain.suggest.given import Aim, Street
from geodata.domain.suggest.net import APART
from geodata.domain.suggest.proposal import COMPACT, EVEN, STREETS, Alternative
from geodata.domain.suggest.taste import ANEW, Taste
from geodata.domain.suggest.units import Units

APART_OF: Final[Mapping[str, Floats]] = {
    "streets": 1 / APART**2,
    "even": np.ones_like(APART),
    "compact": np.ones_like(APART),
}
"""What a metre of common border counts by what runs along it, when blocks are joined."""


def by_blocks(
    units: Units, streets: Sequence[Street], aim: Aim, told: Told = balance.unheard
) -> list[Alternative]:
    """Up to three divisions in which no block is cut, fewer where some are alike.

    A block that holds too few joins a neighbour that still has room: the one along most of its
    border, the one that lies least beyond a street, or the one with which it comes nearest to the
    norm. One that holds too many stays as it is, and is told with its reason.
    """
    whole = measure.together(units.shapes)
    made = blocks.between(measure.array([whole]), streets, units.plane)
    block = blocks.owners(units.shapes, made.shapes)
    start = np.where(block >= 0, block, len(made.shapes))
    found: dict[tuple[int, ...], Alternative] = {}
    for turn, taste in enumerate((STREETS, EVEN, COMPACT), 1):
        _, owner = np.unique(_joined(units, start, aim, taste), return_inverse=True)
        if tuple(owner.tolist()) not in found:
            division = Division(owner.astype(np.int64), (ANEW,) * (int(owner.max()) + 1))
            one = proposal.of_division(units, aim, taste.leaning, division, None)
            found[tuple(owner.tolist())] = one
        told(turn / 3)
    return list(found.values())


def _joined(units: Units, owner: Ints, aim: Aim, taste: Taste) -> Ints:
    """The block of each unit, small ones joined to neighbours, the smallest first."""
    owner = owner.copy()
    households = units.net.households
    stuck: set[int] = set()
    while True:
        held = {int(b): int(households[owner == b].sum()) for b in np.unique(owner)}
        small = [b for b, n in held.items() if n < aim.low and b not in stuck]
        if not small or len(held) == 1:
            return owner
        block = min(small, key=lambda b: (held[b], b))
        beside = _beside(units, owner, block, APART_OF[taste.leaning])
        room = {b: n for b, n in beside.items() if held[b] + held[block] <= aim.high}
        if not room and held[block] == 0:
            room = beside
        if not room:
            stuck.add(block)
            continue
        off = {b: abs(held[b] + held[block] - aim.norm) if taste is EVEN else 0 for b in room}
        into = min(room, key=lambda b: (off[b], -room[b], b))
        owner[owner == block] = into
        stuck.discard(into)


def _beside(units: Units, owner: Ints, block: int, weight: Floats) -> dict[int, float]:
    """The blocks beside one, and how long the common border is in weighed metres."""
    net = units.net
    one, other = owner[net.left], owner[net.right]
    length = net.length @ weight
    found: dict[int, float] = {}
    for mine, theirs in ((one, other), (other, one)):
        here = (mine == block) & (theirs != block)
        for b, metres in zip(theirs[here].tolist(), length[here].tolist(), strict=True):
            found[b] = found.get(b, 0.0) + metres
    return found
