"""One community of the demo district, as suggestions of grids want it."""

from __future__ import annotations

from dataclasses import dataclass

from shapely.geometry.base import BaseGeometry

from geodata.demo.model import Building, District
from geodata.domain.suggest.given import House, Street


@dataclass(frozen=True)
class Community:
    """Its grids by code and the ground in none (degrees), its houses in grids, its streets."""

    grids: dict[str, BaseGeometry]
    uncovered: BaseGeometry
    houses: list[House]
    streets: list[Street]


def of(district: District, code: str) -> Community:
    """The community of a code; courtyards stand among its houses, with nobody in them."""
    whole = next(one.shape for one in district.communities if one.code == code)
    cells = [cell for cell in district.cells if cell.community_code == code]
    houses = [
        *(_house(district, one, one.courtyard) for one in district.buildings),
        *(_house(district, one, n) for n, one in enumerate(district.courtyards)),
    ]
    inside = {cell.code for cell in cells if cell.code is not None}
    return Community(
        {cell.code: cell.shape for cell in cells if cell.code is not None},
        next(cell.shape for cell in cells if cell.code is None),
        [house for house in houses if house.grid in inside],
        [Street(road.shape, road.kind) for road in district.roads if road.shape.intersects(whole)],
    )


def _house(district: District, building: Building, courtyard: int | None) -> House:
    return House(
        building.code,
        building.outline,
        building.door,
        building.households,
        building.residents,
        None if courtyard is None else f"courtyard {courtyard}",
        None if building.group is None else district.party_orgs[building.group].name,
        district.cells[building.cell].code,
    )
