"""One grid divided into several of like households, drawn into a draft."""

from __future__ import annotations

from datetime import datetime

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import RowMapping
from sqlalchemy.orm import Session

from geodata.domain.adoption import adopted
from geodata.domain.intent import as_json
from geodata.domain.suggest import proposal, units
from geodata.domain.suggest.given import Aim
from geodata.domain.suggest.proposal import Alternative
from geodata.errors import NotFound
from geodata.services import grid_figures, redraw_codes, redraws, suggestion_ground
from geodata.services.redraws import Drawn

SEED = 0


def draw(
    session: Session, plan: RowMapping, code: str, parts: int, author: str, now: datetime
) -> Drawn:
    """A new draft with a grid of its community divided into so many parts, along streets.

    Of the divisions that are found the one with most parts in the band is drawn, and of these the
    one whose borders run along streets most. The part with most of the grid's households keeps
    its code. Raises NotFound ``no_grid``; InvalidMove where the houses do not allow so many parts,
    and as `redraws.append`.
    """
    home = plan["community_code"]
    floor = suggestion_ground.floor(session, home, None)
    if code not in floor.grids:
        raise NotFound("no_grid", grid=code)
    ground = floor.grids[code]
    houses = [house for house in floor.houses if house.grid == code]
    band = grid_figures.band(session)
    aim = Aim(band.norm, band.low, band.high)
    streets = suggestion_ground.streets(session, ground)
    made = units.of_ground(ground, houses, streets, aim)
    best = max(proposal.divide(made, aim, parts, SEED), key=_along_streets)
    used = redraw_codes.highest(session, plan)
    chosen: list[tuple[str, BaseGeometry]] = []
    for grid in best.grids:
        used += grid.code != code
        chosen.append((code if grid.code == code else f"{home}+{used:03d}", grid.shape))
    if not best.rest.is_empty:
        first, shape = chosen[0]
        chosen[0] = (first, shapely.union_all([shape, best.rest]))
    intent = as_json(adopted(home, floor.grids, chosen, []))
    return redraws.append(session, plan["public_id"], intent, author, now)


def _along_streets(one: Alternative) -> tuple[int, float, float]:
    """Greater for the better division of a single grid."""
    return one.figures.within, one.figures.on_streets, -one.figures.uneven
