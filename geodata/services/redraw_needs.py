"""Where grids want to be redrawn most: what is not right with each community's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy.orm import Session

from geodata.db import redraw_needs
from geodata.services import grid_figures

NEEDS: Final = ("above", "open", "homeless", "below", "astride")
"""The weightiest first, in the order in which the tool steps through them."""


@dataclass(frozen=True)
class Needs:
    """What is not right with a community's grids: how many of each of `NEEDS` that there are."""

    counts: dict[str, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """How many there are in all."""
        return sum(self.counts.values())

    @property
    def urgency(self) -> tuple[int, ...]:
        """Greater where one is needed more: those that a redraw mends best count first."""
        first = ("above", "open", "homeless")
        return (sum(self.counts.get(need, 0) for need in first), self.total)


def of(session: Session, codes: Sequence[str]) -> dict[str, Needs]:
    """What is not right with the grids of these communities, by code."""
    band = grid_figures.band(session)
    found: dict[str, dict[str, int]] = {code: {} for code in codes}
    for row in redraw_needs.counted(session, codes, band.low, band.high):
        found[row["code"]][row["need"]] = int(row["count"])
    return {
        code: Needs({need: counts[need] for need in NEEDS if need in counts})
        for code, counts in found.items()
    }
