"""Which of several divisions is what its name says: the most even, the one that moves fewest."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np

from geodata.domain.suggest.balance import Division
from geodata.domain.suggest.given import Aim
from geodata.domain.suggest.net import INNER, Net
from geodata.domain.suggest.taste import ANEW, Costs, Leaning, Taste

Mark = Callable[[Net, Aim, Division], float]
_FIRST: Final[Sequence[Leaning]] = ("steady", "even", "streets", "compact")
"""Who chooses first."""


def named(
    net: Net, aim: Aim, divisions: Sequence[Division], leanings: Sequence[Leaning]
) -> list[tuple[tuple[Leaning, ...], Division]]:
    """Of the divisions that keep best to the band, for each leaning the one that leads in it.

    A division that leads in several has several names; of those equally good the one that has
    none yet is taken. In the order of the leanings.
    """
    beyond = [sum(aim.beyond(size) for size in _sizes(net, one)) for one in divisions]
    fit = [n for n, off in enumerate(beyond) if off == min(beyond)]
    names: dict[int, list[Leaning]] = {}
    for leaning in sorted(leanings, key=_FIRST.index):
        marks = {n: round(MARKS[leaning](net, aim, divisions[n]), 3) for n in fit}
        best = min(fit, key=lambda n: (marks[n], n in names, n))
        names.setdefault(best, []).append(leaning)
    order = sorted(names, key=lambda n: leanings.index(names[n][0]))
    return [(tuple(names[n]), divisions[n]) for n in order]


def _sizes(net: Net, division: Division) -> list[float]:
    owner = division.owner
    here = owner >= 0
    found: list[float] = np.bincount(
        owner[here], net.households[here], len(division.codes)
    ).tolist()
    return found


def moved(net: Net, _aim: Aim, division: Division) -> float:
    """Households that have a present grid and get another."""
    code = [division.codes[grid] if grid >= 0 else ANEW for grid in division.owner.tolist()]
    return sum(
        households
        for unit, before in enumerate(net.before)
        for old, households in before.items()
        if old != code[unit]
    )


def _uneven(net: Net, aim: Aim, division: Division) -> float:
    return float(np.mean([abs(size - aim.norm) for size in _sizes(net, division)]))


def _off_streets(net: Net, _aim: Aim, division: Division) -> float:
    """The share of the borders between grids that runs along no street."""
    length = net.length[division.owner[net.left] != division.owner[net.right]]
    whole = float(length.sum())
    return float(length[:, INNER].sum()) / whole if whole else 0.0


def _loose(net: Net, aim: Aim, division: Division) -> float:
    costs = Costs(net, aim, Taste("compact"))
    grids = [np.flatnonzero(division.owner == n).tolist() for n in range(len(division.codes))]
    return float(np.mean([costs.looseness(own) for own in grids]))


MARKS: Final[dict[Leaning, Mark]] = {
    "steady": moved,
    "even": _uneven,
    "streets": _off_streets,
    "compact": _loose,
}
"""What leads in each leaning: the least."""
