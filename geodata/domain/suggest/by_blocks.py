"""Grids straight from the blocks between streets, for a community that has none yet."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from geodata.domain import measure
from geodata.domain.partition import Ints
from geodata.domain.suggest import balance, blocks, proposal
from geodata.domain.suggest.balance import Division, Told
from geodata.domain.suggest.given import Aim, Street
from geodata.domain.suggest.proposal import STREETS, Alternative
from geodata.domain.suggest.taste import ANEW
from geodata.domain.suggest.units import Units


def by_blocks(
    units: Units, streets: Sequence[Street], aim: Aim, told: Told = balance.unheard
) -> list[Alternative]:
    """One division in which no block is cut.

    A block that holds too few joins the neighbour along most of its border that still has room;
    one that holds too many stays as it is, and is told with its reason.
    """
    whole = measure.together(units.shapes)
    made = blocks.between(measure.array([whole]), streets, units.plane)
    block = blocks.owners(units.shapes, made.shapes)
    owner = _joined(units, np.where(block >= 0, block, len(made.shapes)), aim)
    told(0.8)
    _, owner = np.unique(owner, return_inverse=True)
    division = Division(owner.astype(np.int64), (ANEW,) * (int(owner.max()) + 1))
    found = proposal.of_division(units, aim, STREETS, division, None)
    told(1.0)
    return [found]


def _joined(units: Units, owner: Ints, aim: Aim) -> Ints:
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
        beside = _beside(units, owner, block)
        room = {b: n for b, n in beside.items() if held[b] + held[block] <= aim.high}
        if not room and held[block] == 0:
            room = beside
        if not room:
            stuck.add(block)
            continue
        into = min(room, key=lambda b: (-room[b], b))
        owner[owner == block] = into
        stuck.discard(into)


def _beside(units: Units, owner: Ints, block: int) -> dict[int, float]:
    """The blocks beside one, and how long the common border is in metres."""
    net = units.net
    one, other = owner[net.left], owner[net.right]
    length = net.length.sum(axis=1)
    found: dict[int, float] = {}
    for mine, theirs in ((one, other), (other, one)):
        here = (mine == block) & (theirs != block)
        for b, metres in zip(theirs[here].tolist(), length[here].tolist(), strict=True):
            found[b] = found.get(b, 0.0) + metres
    return found
