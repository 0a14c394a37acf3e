"""Divisions of units near the norm: afresh into so many grids, or from the present ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from geodata.domain.partition import Bools, Ints
from geodata.domain.suggest.given import Aim
from geodata.domain.suggest.net import Net
from geodata.domain.suggest.seeds import Seeds, allotted, labelled, pieces
from geodata.domain.suggest.taste import ANEW, Taste
from geodata.domain.suggest.walk import NOWHERE, Walk
from geodata.errors import InvalidMove

Told = Callable[[float], None]
"""Is told the share that is done, from 0 to 1; whatever it raises ends the search."""

STEPS_A_GRID: Final = 60
STEPS_LEAST: Final = 200
STEPS_MOST: Final = 3000
HOT: Final = 60.0
WARM: Final = 20.0
COLD: Final = 2.0
_FAR_OVER: Final = 1.35
"""A present grid beyond the band by this much is divided before anything else."""
_AWAY: Final = 2
"""Grids so far from one out of the band may help it."""
_MENDED: Final = 2
"""Times that grids out of the band are divided or joined, each with a walk behind it."""


@dataclass(frozen=True)
class Division:
    """The grid of each unit (`NOWHERE` for ground that is in none), and each grid's present one.

    `codes` are indices of present grids, `ANEW` for a grid that is new.
    """

    owner: Ints
    codes: tuple[int, ...]


def unheard(_done: float) -> None:
    """Listens to no progress."""


def grids_for(households: int, units: int, aim: Aim) -> int:
    """How many grids are nearest to the norm, within the band where a whole number can be."""
    least, most = -(-households // aim.high), households // aim.low
    near = max(round(households / aim.norm), least)
    return int(max(1, min(near, max(most, 1), units)))


def _near_norm(net: Net, units: Sequence[int], aim: Aim) -> int:
    """How many grids some units make: one for each that is too large by itself, and the rest."""
    large = [unit for unit in units if net.households[unit] > aim.high]
    rest = int(net.households[list(units)].sum() - net.households[large].sum())
    return len(large) + (grids_for(rest, len(units) - len(large), aim) if rest else 0)


def afresh(net: Net, aim: Aim, taste: Taste, number: int | None, seed: int, told: Told) -> Division:
    """The units divided into a number of grids, or into as many as come nearest to the norm.

    Ground without households that hangs together with none is in no grid. Raises InvalidMove
    ``suggest_few_units`` (grids, units) and ``suggest_pieces`` (grids, pieces).
    """
    parts = [own for own in pieces(net) if net.households[own].sum()]
    count = sum(len(own) for own in parts)
    if number is not None and number > count:
        raise InvalidMove("suggest_few_units", grids=number, units=count)
    if number is not None and number < len(parts):
        raise InvalidMove("suggest_pieces", grids=number, pieces=len(parts))
    if number is None:
        shares = [_near_norm(net, own, aim) for own in parts]
    else:
        shares = allotted(net, number, parts)
        aim = aim.of_each(int(net.households.sum()), number)
    seeds = Seeds(net, aim, taste, seed)
    made = [one for own, n in zip(parts, shares, strict=True) for one in seeds.divided(own, n)]
    start = Division(labelled(len(net.households), made, NOWHERE), named(net, made))
    done = walked(net, seeds, start, HOT, told)
    if number is None:
        done = _mended(net, seeds, done, aim.high)
    grids = [np.flatnonzero(done.owner == grid).tolist() for grid in range(len(done.codes))]
    return Division(done.owner, named(net, grids))


def from_present(net: Net, cell: Ints, aim: Aim, taste: Taste, seed: int, told: Told) -> Division:
    """The present grids (`cell` of each unit) changed as far as the band asks for.

    Only grids out of the band take part, and those up to two grids away. What is far beyond the
    band, and stays so however its borders are moved, is divided in new grids or joined to a
    neighbour.
    """
    seeds = Seeds(net, aim, taste, seed)
    division = Division(cell.copy(), tuple(range(int(cell.max()) + 1)))
    if not _out(net, division, aim).any():
        told(1.0)
        return division
    turns = _MENDED + 1
    for turn in range(turns):
        mended = _mended(net, seeds, division, aim.high * (1.0 if turn else _FAR_OVER))
        if turn and mended is division:
            break
        part = part_of(told, turn / turns, 1 / turns)
        division = walked(net, seeds, mended, WARM, part, _concerned(net, mended, division, aim))
    told(1.0)
    return division


def part_of(told: Told, start: float, share: float) -> Told:
    """Tells the whole search of a part of it."""
    return lambda done: told(start + share * done)


def _out(net: Net, division: Division, aim: Aim) -> Bools:
    """Which grids are out of the band."""
    here = division.owner >= 0
    size = np.bincount(division.owner[here], net.households[here], len(division.codes))
    return np.array([aim.beyond(one) > 0 for one in size.tolist()])


def _concerned(net: Net, division: Division, before: Division, aim: Aim) -> Bools:
    """Grids out of the band or made or enlarged just now, and those up to two grids away."""
    free = _out(net, division, aim)
    if division is not before:
        free |= np.array([code == ANEW for code in division.codes])
        free |= _resized(division, before)
    left, right = division.owner[net.left], division.owner[net.right]
    both = (left >= 0) & (right >= 0)
    left, right = left[both], right[both]
    for _ in range(_AWAY):
        wide = free.copy()
        wide[left[free[right]]] = True
        wide[right[free[left]]] = True
        free = wide
    return free


def _resized(division: Division, before: Division) -> Bools:
    """Grids that hold others than before under the same code."""
    old = {
        code: set(np.flatnonzero(before.owner == n).tolist())
        for n, code in enumerate(before.codes)
        if code != ANEW
    }
    now = [set(np.flatnonzero(division.owner == n).tolist()) for n in range(len(division.codes))]
    return np.array([old.get(code) != now[n] for n, code in enumerate(division.codes)])


def walked(
    net: Net, seeds: Seeds, start: Division, heat: float, told: Told, free: Bools | None = None
) -> Division:
    """The best division met on a walk that begins at one; only `free` grids change."""
    grids = len(start.codes) if free is None else int(free.sum())
    walk = Walk(net, seeds, start.owner, start.codes, free)
    steps = min(max(STEPS_LEAST, STEPS_A_GRID * grids), STEPS_MOST) if grids > 1 else 0
    for step in range(steps):
        walk.step(heat * (COLD / heat) ** (step / steps))
        told((step + 1) / steps)
    return Division(walk.best, start.codes)


def named(net: Net, parts: Sequence[Sequence[int]]) -> tuple[int, ...]:
    """The present grid of each part: the one it shares most households with, each given once."""
    shared: list[tuple[int, int, int]] = []
    for part, units in enumerate(parts):
        both: Counter[int] = Counter()
        for unit in units:
            both.update(net.before[unit])
        shared += [(-households, part, code) for code, households in both.items() if households]
    codes: dict[int, int] = {}
    for _, part, code in sorted(shared):
        if part not in codes and code not in codes.values():
            codes[part] = code
    return tuple(codes.get(part, ANEW) for part in range(len(parts)))


def _mended(net: Net, seeds: Seeds, division: Division, over: float) -> Division:
    """Grids beyond `over` households divided, and those below the band joined to a neighbour.

    Only where fewer households are out of the band thereafter; else the division itself.
    """
    aim = seeds.costs.aim
    parts = [np.flatnonzero(division.owner == n).tolist() for n in range(len(division.codes))]
    codes = list(division.codes)
    done = _split(net, seeds, parts, codes, over)
    if over <= aim.high:
        done = _join(net, aim, parts, codes) or done
    return (
        Division(labelled(len(net.households), parts, NOWHERE), tuple(codes)) if done else division
    )


def _split(net: Net, seeds: Seeds, parts: list[list[int]], codes: list[int], over: float) -> bool:
    aim, done = seeds.costs.aim, False
    for grid in range(len(parts)):
        households = int(net.households[parts[grid]].sum())
        number = grids_for(households, len(parts[grid]), aim)
        made = seeds.divided(parts[grid], number) if households > over and number > 1 else []
        sizes = [int(net.households[part].sum()) for part in made]
        if made and sum(aim.beyond(size) for size in sizes) < aim.beyond(households):
            made.sort(key=lambda part: (-int(net.households[part].sum()), part))
            parts[grid] = made[0]
            parts += made[1:]
            codes += [ANEW] * (len(made) - 1)
            done = True
    return done


def _join(net: Net, aim: Aim, parts: list[list[int]], codes: list[int]) -> bool:
    done = False
    while (pair := _joinable(net, aim, parts)) is not None:
        small, large = pair
        parts[large] = sorted(parts[large] + parts[small])
        del parts[small], codes[small]
        done = True
    return done


def _joinable(net: Net, aim: Aim, parts: Sequence[Sequence[int]]) -> tuple[int, int] | None:
    """A grid below the band and the smallest larger neighbour with which it is not above it."""
    size = [int(net.households[list(own)].sum()) for own in parts]
    pairs = beside(net, parts, size)
    may = [(s, t) for s, t in pairs if size[s] < aim.low and size[s] + size[t] <= aim.high]
    return min(may, key=lambda pair: (size[pair[0]], size[pair[1]], pair), default=None)


def beside(net: Net, parts: Sequence[Sequence[int]], size: Sequence[int]) -> set[tuple[int, int]]:
    """Pairs of grids side by side, the smaller first."""
    owner = labelled(len(net.households), parts, NOWHERE)
    left, right = owner[net.left], owner[net.right]
    return {
        (i, j) if (size[i], i) < (size[j], j) else (j, i)
        for i, j in zip(left.tolist(), right.tolist(), strict=True)
        if i != j and NOWHERE not in (i, j)
    }
