"""What a district takes for right: households a grid, and how far people walk to a station."""

from dataclasses import asdict, dataclass
from typing import Final

from sqlalchemy.orm import Session

from geodata.db import coverage
from geodata.errors import InvalidMove

MOST_HOUSEHOLDS: Final = 10_000
WALKS_M: Final = (100, 20_000)


@dataclass(frozen=True)
class Norms:
    """Households a grid: the norm, at least and at most; metres to walk."""

    norm: int
    band_low: int
    band_high: int
    walk_m: int


def change(session: Session, wanted: Norms) -> None:
    """Set the norms. Raises InvalidMove ``norms_unfit`` (most, shortest, longest)."""
    ordered = 0 < wanted.band_low <= wanted.norm <= wanted.band_high <= MOST_HOUSEHOLDS
    if not ordered or not WALKS_M[0] <= wanted.walk_m <= WALKS_M[1]:
        bounds = {"shortest": WALKS_M[0], "longest": WALKS_M[1]}
        raise InvalidMove("norms_unfit", most=MOST_HOUSEHOLDS, **bounds)
    coverage.set_norms(session, asdict(wanted))
