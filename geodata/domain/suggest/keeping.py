"""A division into so many grids that keeps to the present ones as far as it can."""

from __future__ import annotations

from typing import Final

import numpy as np

from geodata.domain.partition import Ints
from geodata.domain.suggest import balance, bare
from geodata.domain.suggest.balance import Division, Told
from geodata.domain.suggest.given import Aim
from geodata.domain.suggest.net import Net
from geodata.domain.suggest.seeds import Seeds, labelled
from geodata.domain.suggest.taste import ANEW, Taste
from geodata.domain.suggest.walk import NOWHERE

_PAIR: Final = 2


def kept(
    net: Net, cell: Ints, aim: Aim, taste: Taste, number: int, seed: int, told: Told
) -> Division:
    """The present grids (`cell` of each unit) divided or joined until there are so many.

    As few people as may be change grid. Units in no present grid go to the one beside them.
    """
    aim = aim.of_each(int(net.households.sum()), number)
    seeds = Seeds(net, aim, taste, seed)
    owner = bare.attached(net, cell)
    codes = [code for code in range(int(cell.max()) + 1) if (owner == code).any()]
    parts = [np.flatnonzero(owner == code).tolist() for code in codes]
    while len(parts) != number:
        done = (
            _one_more(net, seeds, parts, codes)
            if len(parts) < number
            else _one_less(net, aim, parts, codes)
        )
        if not done:
            break
    start = Division(labelled(len(net.households), parts, NOWHERE), tuple(codes))
    made = balance.walked(net, seeds, start, balance.WARM, told)
    grid_of = {code: grid for grid, code in enumerate(made.codes) if code != ANEW}
    home = np.array([grid_of.get(code, NOWHERE) for code in cell.tolist()])
    return Division(bare.returned(net, made.owner, home), made.codes)


def _one_more(net: Net, seeds: Seeds, parts: list[list[int]], codes: list[int]) -> bool:
    """Cut the largest grid in two that can be; its larger side keeps the code."""
    order = sorted(range(len(parts)), key=lambda n: -int(net.households[parts[n]].sum()))
    for grid in order:
        made = seeds.divided(parts[grid], _PAIR) if len(parts[grid]) >= _PAIR else []
        if made:
            made.sort(key=lambda part: (-int(net.households[part].sum()), part))
            parts[grid] = made[0]
            parts.append(made[1])
            codes.append(ANEW)
            return True
    return False


def _one_less(net: Net, aim: Aim, parts: list[list[int]], codes: list[int]) -> bool:
    """Join two neighbours: those that exceed the band least, of these the one with fewest."""
    size = [int(net.households[own].sum()) for own in parts]
    pairs = balance.beside(net, parts, size)
    if not pairs:
        return False
    small, large = min(
        pairs, key=lambda p: (aim.beyond(size[p[0]] + size[p[1]]), size[p[0]], size[p[1]], p)
    )
    parts[large] = sorted(parts[large] + parts[small])
    del parts[small], codes[small]
    return True
