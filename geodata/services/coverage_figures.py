"""The figures of every grid, kept by day, so that an earlier day can be laid beside today."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, tzinfo
from typing import Any, Final

import numpy as np
from sqlalchemy.orm import Session

from geodata.db import coverage_figures
from geodata.domain.coverage import measures
from geodata.domain.coverage.frames import Frames
from geodata.domain.coverage.gap import Gap

DAYS: Final = 400
"""How long every day is kept; of what is older, the end of each month."""


def keep(
    session: Session, frames: Frames, found: Sequence[Gap], now: datetime, zone: tzinfo
) -> int:
    """Keep the figures of those communities in which any differs from the last ones; how many."""
    today = now.astimezone(zone).date()
    known = coverage_figures.as_of(session, today)
    rows = [
        {"community_code": code, "grids": told}
        for code, told in _told(frames, found).items()
        if known.get(code) != told
    ]
    coverage_figures.keep(session, today, rows)
    coverage_figures.thin(session, today, DAYS)
    return len(rows)


def first(session: Session) -> date | None:
    """The first day of which anything is known."""
    return coverage_figures.first(session)


def _told(frames: Frames, found: Sequence[Gap]) -> dict[str, dict[str, Any]]:
    table = measures.table(frames.grids, found, frames.norms, "grid")
    grids, told = frames.grids, dict[str, dict[str, Any]]()
    loose = measures.in_no_grid(grids, found)
    for code, rows in grids.within.items():
        figures = {name: column[rows].tolist() for name, column in table.columns.items()}
        codes = [grids.code[n] for n in rows.tolist()]
        street = grids.street[int(np.min(rows))]
        told[code] = {"codes": codes, "street": street, "figures": figures}
        if code in loose:
            told[code]["loose"] = loose[code][1]
    return told
