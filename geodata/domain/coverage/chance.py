"""What is more, or less, than chance explains: counts of rare events against what size lets expect.

Events of an area are taken as Poisson distributed, with a mean in proportion to its residents. An
area counts as unusual where that chance is under `DOUBT` divided by the number of areas
(Bonferroni), so that in nineteen of twenty districts without anything unusual none is named.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from geodata.domain.lattice import Floats
from geodata.domain.partition import Bools, Ints

DOUBT: Final = 0.05
LEAST: Final = 3
"""Fewer events than this are no cluster, however few were expected."""


def expected(size: Floats | Ints, total: float) -> Floats:
    """The events that each area would have of `total`, in proportion to its size."""
    whole = float(np.sum(size))
    return np.asarray(size * (total / whole), dtype=np.float64) if whole else np.zeros(len(size))


def silence(areas: int) -> float:
    """The mean from which on no event at all is too unlikely, among so many areas."""
    return -math.log(DOUBT / max(areas, 1))


def silent(mean: Floats) -> Bools:
    """Where no event at all is too unlikely: exp(-mean) under the doubt."""
    return np.asarray(np.exp(-mean) < DOUBT / max(len(mean), 1))


def crowded(count: Ints, mean: Floats) -> Bools:
    """Where so many events are too unlikely: P(X >= count) under the doubt, and `LEAST` of them."""
    doubt = DOUBT / max(len(mean), 1)
    rows = np.flatnonzero(count >= LEAST)
    found = np.zeros(len(count), dtype=bool)
    found[rows] = [at_least(int(count[n]), float(mean[n])) < doubt for n in rows]
    return found


def at_least(count: int, mean: float) -> float:
    """The chance of `count` events or more where `mean` are expected (Poisson)."""
    if count <= mean:
        return 1.0  # of no use here, and the sum below would be long
    term = math.exp(count * math.log(mean) - mean - math.lgamma(count + 1)) if mean > 0 else 0.0
    total, n = term, count
    while term > total * 1e-12:
        n += 1
        term *= mean / n
        total += term
    return total
