"""Resident units come in: by a point or an outline of their own, else by their address."""

from collections.abc import Sequence
from typing import Any, Final

import shapely
from shapely.geometry import Point

from geodata.db import ground, residents, tables
from geodata.domain import lattice
from geodata.services.geocoding import Locator
from geodata.services.loading.homes import named
from geodata.services.loading.rows import Outcome, Row, Task

_SURE: Final = ("door", "building", "place")


def load_units(task: Task, rows: Sequence[Row]) -> None:
    """Units by name within their community.

    One whose place nobody knows is kept with its community, and flagged; one without either is
    refused.
    """
    outcome = task.outcome
    communities = {row["code"]: row for row in ground.communities(task.session)}
    locator = Locator.of(task.session)
    places = [_place(row, locator) for row in rows]
    cells = residents.cells_at(task.session, [place or Point() for place in places])
    known: dict[Any, Any] = {
        (u["community_code"], u["name"]): u for u in residents.units(task.session)
    }
    for at, row in enumerate(rows):
        cell = cells.get(at, (None, ""))
        home = cell[1] or named(row.text("community"), communities)
        name = row.text("name")
        if not name or not home:
            _refuse(row, name, places[at], outcome)
            continue
        if places[at] is None or not cell[1]:
            outcome.flag(row.number, "unit_unplaced", "address", value=row.text("address"))
        told: dict[str, Any] = {
            "kind": row.text("kind"),
            "address": row.text("address"),
            "place": places[at] if cell[1] else None,
            "grid_id": cell[0],
        }
        old = known.get((home, name))
        if old is None:
            values = {"name": name, "community_code": home, **told}
            number = ground.add(task.session, tables.resident_unit, values)
            known[home, name] = {"id": number, **values}
            outcome.count(new=True)
            continue
        different = any(old[key] != value for key, value in told.items())
        if different:
            ground.change(task.session, tables.resident_unit, old["id"], told)
        outcome.count(new=False, different=different)


def _place(row: Row, locator: Locator) -> Point | None:
    """Where a unit is: its own shape's middle, else what its address surely means."""
    if row.shape is not None and row.shape.is_valid:
        inner = row.shape if isinstance(row.shape, Point) else row.shape.representative_point()
        return lattice.snap_shape(Point(shapely.get_coordinates(inner)[0]))
    if not row.text("address"):
        return None
    found = locator.locate(row.text("address"), community=row.text("community"))
    return found.place if found.precision in _SURE else None


def _refuse(row: Row, name: str, place: Point | None, outcome: Outcome) -> None:
    if not name:
        outcome.refuse(row.number, "name_missing", "name")
    elif place is not None:
        outcome.refuse(row.number, "unit_outside", lon=place.x, lat=place.y)
    else:
        said = row.text("community")
        outcome.refuse(row.number, "community_unknown", "community", value=said)
