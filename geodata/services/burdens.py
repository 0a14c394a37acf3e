"""What another post would mean for somebody who serves a grid already."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from geodata.db import burdens


@dataclass(frozen=True)
class Burden:
    """The households that a worker serves now, and with a post in a grid beside.

    `above` is the most that the band allows where that is passed, else None.
    """

    served: int
    total: int
    above: int | None


def with_another(
    session: Session, grid_id: int, workers: Sequence[int], now: datetime
) -> Mapping[int, Burden]:
    """By number of each worker who serves some grid now: what a post in this one would add up to.

    The grid's households are shared alike with those who serve it already.
    """
    here = burdens.of_grid(session, grid_id, now)
    share = round(here["households"] / (here["workers"] + 1))
    high = here["high"]
    told = burdens.of_workers(session, workers, now)
    return {
        number: Burden(
            served, served + share, high if high is not None and served + share > high else None
        )
        for number, served in told.items()
    }
