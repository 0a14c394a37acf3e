"""The demo district's issues: placed, assigned and stored in bulk."""

from collections.abc import Iterator, Mapping, Sequence
from math import isnan, nan
from typing import Any, Final

import numpy as np
import shapely
from sqlalchemy.orm import Session

from geodata.db import bulk, grids, tables
from geodata.demo.model import District
from geodata.domain.arrival import DEPARTMENT
from geodata.domain.assignment import Assignment, Cell, CellIndex
from geodata.domain.issue import ERROR_M, OVER
from geodata.domain.lattice import snap
from geodata.services.geocoding import Located, Locator


def load(session: Session, district: District, categories: Mapping[str, int]) -> None:
    """Store the district's issues, each in the grid that covers it, with what became of it.

    The ground must be stored already; `categories` gives the stored id of each code.
    """
    cells = grids.present_cells(session)
    located = _locate(session, district)
    lon, lat, precision = (np.array(column) for column in zip(*located, strict=True))
    answers = _assign(cells, lon.astype(float), lat.astype(float), precision)
    first = bulk.reserve(session, tables.issue, len(district.issues))
    bulk.copy(
        session,
        tables.issue,
        _ISSUE_COLUMNS,
        _issue_rows(district, categories, first, located, answers),
    )
    bulk.copy(
        session,
        tables.issue_event,
        ("issue_id", "at", "actor", "kind", "status", "grid_id"),
        _event_rows(district, first, answers),
    )


_Spot = tuple[float, float, str]
"""Longitude, latitude (NaN where there is no point) and precision."""


def _locate(session: Session, district: District) -> list[_Spot]:
    """Where each issue is: its pin, the door of the building it names, or what its words say.

    A million generated addresses are not read one by one: their building is known. The others name
    only a road, a community or what lies elsewhere; there are few such, and their texts no place.
    """
    issues = district.issues
    locator = Locator.coarse(session)
    spots: list[_Spot] = []
    coarse: dict[str, _Spot] = {}
    for i in range(len(issues)):
        lon, lat = issues.lon[i], issues.lat[i]
        if lon is not None and lat is not None:
            spots.append((*_snapped(lon, lat), "pin"))
        elif issues.building[i] >= 0:
            door = district.buildings[issues.building[i]].door
            spots.append((door.x, door.y, "door"))
        else:
            address = issues.address[i]
            if address not in coarse:
                coarse[address] = _spot(locator.locate(address))
            spots.append(coarse[address])
    return spots


def _spot(found: Located) -> _Spot:
    if found.lon is None or found.lat is None:
        return nan, nan, found.precision
    return found.lon, found.lat, found.precision


def _snapped(lon: float, lat: float) -> tuple[float, float]:
    x, y = snap(np.array([lon, lat]))
    return float(x), float(y)


def _assign(cells: list[Cell], lon: Any, lat: Any, precision: Any) -> list[Assignment]:
    known = np.flatnonzero(~np.isnan(lon))
    error = np.array([ERROR_M[str(word)] for word in precision[known]])
    answers = [Assignment(None, "none")] * len(lon)
    found = CellIndex(cells).assign(lon[known], lat[known], error)
    for i, answer in zip(known, found, strict=True):
        answers[int(i)] = answer
    return answers


_ISSUE_COLUMNS: Final = (
    *("id", "channel", "ticket", "category_id", "text", "address", "place", "precision", "status"),
    *("level", "community_code", "grid_id", "boundary_id", "rule", "border_m", "runner_up_id"),
    *("runner_up_m", "reported_at", "due_at", "closed_at", "handler", "new_to"),
)


def _issue_rows(
    district: District,
    categories: Mapping[str, int],
    ids: Sequence[int],
    located: list[_Spot],
    answers: list[Assignment],
) -> Iterator[tuple[Any, ...]]:
    issues = district.issues
    departments = {category.code: category.department for category in district.categories}
    for i, (spot, answer) in enumerate(zip(located, answers, strict=True)):
        cell, runner_up = answer.cell, answer.runner_up
        yield (
            *(ids[i], issues.channel[i], issues.ticket[i], categories[issues.category[i]]),
            *(issues.text[i], issues.address[i], _place(spot), spot[2]),
            *(issues.status[i], issues.level[i]),
            cell.community_code if cell else issues.community[i] or None,
            *(cell.grid_id if cell else None, cell.boundary_id if cell else None),
            *(answer.rule, answer.border_m, runner_up.grid_id if runner_up else None),
            *(answer.runner_up_m, issues.reported_at[i], issues.due_at[i], issues.closed_at[i]),
            departments[issues.category[i]] if issues.status[i] == "dispatched" else None,
            _new_to(issues.status[i], issues.level[i], placed=cell is not None),
        )


def _new_to(status: str, level: str, *, placed: bool) -> str | None:
    """Who has what came last and has not opened it yet."""
    if status in OVER:
        return None
    if level != "grid":
        return level
    if status == "dispatched":
        return DEPARTMENT
    return "grid" if status == "reported" and placed else None


def _place(spot: _Spot) -> shapely.Point | None:
    lon, lat, _ = spot
    return None if isnan(lon) else shapely.Point(lon, lat)


def _event_rows(
    district: District, ids: Sequence[int], answers: list[Assignment]
) -> Iterator[tuple[Any, ...]]:
    issues = district.issues
    for i, answer in enumerate(answers):
        grid = answer.cell.grid_id if answer.cell else None
        yield ids[i], issues.reported_at[i], issues.channel[i], "reported", "reported", grid
        if issues.level[i] != "grid":
            at = issues.reported_at[i] + (issues.due_at[i] - issues.reported_at[i]) / 2
            yield ids[i], at, "demo", "escalated", issues.status[i], grid
        if issues.status[i] in OVER and issues.closed_at[i] is not None:
            yield ids[i], issues.closed_at[i], "demo", "closed", issues.status[i], grid
