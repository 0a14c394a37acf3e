"""The buildings of an area as a table: grid and party group of each, and what the grid is worth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from geodata.db import coverage_buildings
from geodata.db.scoping import Ground
from geodata.domain.coverage.measures import Measure
from geodata.services.coverage_report import Part, Report


@dataclass(frozen=True)
class Building:
    """A building; without a grid or group the codes and names are None. The door is in degrees."""

    code: str
    name: str
    address: str
    grid: str | None
    grid_name: str | None
    party_group: str | None
    households: int
    residents: int
    lon: float
    lat: float


@dataclass(frozen=True)
class Listed:
    """A page of the buildings of an area, how many there are in all, and the grids they lie in."""

    buildings: Sequence[Building]
    count: int
    grids: Mapping[str, Part]

    def value(self, building: Building, measure: Measure) -> float | None:
        """What the grid of a building is worth by a measure; None where there is no data."""
        part = self.grids.get(building.grid or "")
        return part.value(measure) if part else None


def listed(session: Session, report: Report, ground: Ground, start: int, most: int) -> Listed:
    """The buildings on some ground, those without a party group first, from a place on."""
    rows = coverage_buildings.listed(session, ground, start, most)
    shown = [Building(**row) for row in rows]
    grids = {part.code: part for part in report.parts("grid", ground)}
    return Listed(shown, coverage_buildings.count(session, ground), grids)
