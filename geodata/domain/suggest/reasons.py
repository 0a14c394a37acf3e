"""Why a suggested grid holds more or fewer households than the band allows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from geodata.domain.suggest.given import Aim
from geodata.domain.suggest.seeds import pieces
from geodata.domain.suggest.units import Units

Code = Literal["one_homestead", "number_asked", "ground_apart", "none_found"]


@dataclass(frozen=True)
class Reason:
    """Why a grid is out of the band.

    ``one_homestead``: a house or courtyard that may not be cut holds too many by itself (`house`
    the code of its largest, `households`). ``number_asked``: so many grids (`grids`) cannot all be
    in the band. ``ground_apart``: the piece of ground that it lies in holds too few, or a number
    that no number of grids fits (`households`). ``none_found``: no better border was found.
    """

    code: Code
    facts: dict[str, str | int] = field(default_factory=dict)


def why(units: Units, aim: Aim, own: Sequence[int], number: int | None) -> Reason | None:
    """Why a grid of these units is out of the band, None where it is not."""
    households = units.net.households
    if not aim.beyond(int(households[list(own)].sum())):
        return None
    largest = max(own, key=lambda unit: (int(households[unit]), -unit))
    if households[largest] > aim.high:
        living = [units.houses[i] for i in np.flatnonzero(units.home == largest).tolist()]
        house = max(living, key=lambda one: (one.households, one.code))
        return Reason(
            "one_homestead", {"house": house.code, "households": int(households[largest])}
        )
    if number is not None and aim.beyond(int(households.sum()), number):
        return Reason("number_asked", {"grids": number})
    piece = next(piece for piece in pieces(units.net) if own[0] in piece)
    there = int(households[piece].sum())
    if -(-there // aim.high) > there // aim.low:
        return Reason("ground_apart", {"households": there})
    return Reason("none_found")
