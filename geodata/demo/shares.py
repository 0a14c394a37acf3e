"""Whole numbers that add up."""

from __future__ import annotations

import numpy as np

from geodata.domain.lattice import Floats
from geodata.domain.partition import Ints


def largest_remainder(weights: Floats, total: int, least: int = 0) -> Ints:
    """``total`` shared out by weight in whole numbers, at least ``least`` each, exactly.

    Ties go to the first; without any weight all count alike.
    ``total`` must be at least ``least`` times the number of weights.
    """
    spare = total - least * len(weights)
    weights = weights if np.sum(weights) > 0 else np.ones(len(weights))
    exact = np.asarray(weights, dtype=float) * spare / float(np.sum(weights))
    counts = np.floor(exact).astype(np.int64)
    rest = spare - int(counts.sum())
    counts[np.argsort(counts - exact, kind="stable")[:rest]] += 1
    return counts + least


def scaled(count: int, grids: int) -> int:
    """A number of the 620-grid district, in proportion for another number of grids."""
    return round(count * grids / 620)
