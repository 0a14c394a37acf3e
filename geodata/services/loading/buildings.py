"""Buildings come in, each into the grid of its door."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import shapely
from shapely.geometry import Point, Polygon
from shapely.geometry.base import BaseGeometry
from sqlalchemy import RowMapping

from geodata.db import ground, residents, tables
from geodata.domain import lattice
from geodata.domain.crs import metres_per_degree
from geodata.services.loading import numbering
from geodata.services.loading.rows import Outcome, Row, Task, flaw_at

_HALF_M: Final = 3.0
"""Half the side of the square that stands for a building known by a point only."""

_MOST: Final = 1_000_000
_COUNTS: Final = ("levels", "households", "residents")
_COURTYARD: Final = ("院落", "小区", "COURTYARD", "COMPOUND")
_LAST: Final = 99_999
_MOST_NAMED: Final = 20


@dataclass
class _Found:
    """A building as the row tells it, with its outline and door on the lattice."""

    row: Row
    outline: Polygon
    door: Point
    told: dict[str, Any] = field(default_factory=dict)
    cell: tuple[int, str] = (0, "")


def load_buildings(task: Task, rows: Sequence[Row]) -> None:
    """Buildings by their code, or by their very outline; those outside all communities are refused.

    A point becomes a small square, and says so. Nothing that the file does not tell is changed.
    """
    outcome = task.outcome
    found = [one for row in rows if (one := _drawn(row, outcome)) is not None]
    cells = residents.cells_at(task.session, [one.door for one in found])
    groups = {str(org["name"]): int(org["id"]) for org in residents.orgs(task.session)}
    kept = []
    for at, one in enumerate(found):
        if at not in cells:
            spot = one.door
            outcome.refuse(one.row.number, "building_outside", lon=spot.x, lat=spot.y)
        elif _tell(one, groups, outcome):
            one.cell = cells[at]
            kept.append(one)
    _store(task, kept, outcome)


def _drawn(row: Row, outcome: Outcome) -> _Found | None:
    """The outline and door of a row, or None where it has none that can be stored."""
    shape = row.shape
    if shape is None:
        outcome.refuse(row.number, "shape_missing")
        return None
    if isinstance(shape, Point):
        outcome.flag(row.number, "outline_made")
        return _Found(row, *_square(shape))
    if not shape.is_valid:
        outcome.refuse(row.number, "shape_invalid", **flaw_at(shape))
        return None
    outline = _one_piece(row, shape, outcome)
    door = _inside(outline)
    if outline.is_empty or not outline.is_valid or door is None:
        outcome.refuse(row.number, "shape_vanished")
        return None
    return _Found(row, outline, door)


def _one_piece(row: Row, shape: BaseGeometry, outcome: Outcome) -> Polygon:
    """The outline on the lattice: the largest part of several, untangled if snapping tangled it."""
    parts = sorted(shapely.get_parts(shape), key=lambda part: float(part.area))
    if len(parts) > 1:
        outcome.flag(row.number, "outline_parts", parts=len(parts))
    snapped = lattice.to_units(parts[-1])
    if not snapped.is_valid:
        snapped = shapely.set_precision(
            shapely.transform(parts[-1], lambda a: a * lattice.STEPS), 1.0
        )
        outcome.repair(row.number, "snapping_untangled")
    whole = sorted(shapely.get_parts(lattice.to_degrees(snapped)), key=lambda p: float(p.area))
    return whole[-1] if whole and isinstance(whole[-1], Polygon) else Polygon()


def _inside(outline: Polygon) -> Point | None:
    """A lattice point on the outline's ground: its centre, else one that is surely inside."""
    if outline.is_empty:
        return None
    choices = (outline.centroid, outline.representative_point(), Point(outline.exterior.coords[0]))
    snapped = [lattice.snap_shape(point) for point in choices]
    return next((point for point in snapped if outline.covers(point)), None)


def _square(point: Point) -> tuple[Polygon, Point]:
    kx, ky = metres_per_degree(point.y)
    dx, dy = _HALF_M / kx, _HALF_M / ky
    square = shapely.box(point.x - dx, point.y - dy, point.x + dx, point.y + dy)
    return lattice.snap_shape(square), lattice.snap_shape(point)


def _tell(one: _Found, groups: dict[str, int], outcome: Outcome) -> bool:
    """Read the cells of a row; whether it can be taken."""
    row = one.row
    code, group = row.text("code"), row.text("group")
    if code and not numbering.is_usable(code):
        outcome.refuse(row.number, "code_unusable", "code", value=code)
        return False
    for name in _COUNTS:
        count = whole(row.text(name))
        if count is None and row.text(name):
            outcome.refuse(row.number, "number_bad", name, value=row.text(name))
            return False
        if count is not None:
            one.told[name] = count
    if group and group not in groups:
        outcome.flag(row.number, "group_unknown", "group", value=group)
    elif group:
        one.told["party_group_id"] = groups[group]
    kind = row.text("kind").upper()
    if kind:
        one.told["kind"] = "courtyard" if any(w in kind for w in _COURTYARD) else "building"
    for name, text in (("name", row.text("name")), ("address", _address(row))):
        if text:
            one.told[name] = text
    return True


def whole(text: str) -> int | None:
    """A count, or None for what is none."""
    found = re.fullmatch(r"([0-9]{1,7})(?:\.0*)?", text)
    return int(found[1]) if found and int(found[1]) <= _MOST else None


def _address(row: Row) -> str:
    """The address as it stands, else of road and number."""
    number = row.text("number")
    if number and number.isdigit():
        number += "号"
    return row.text("address") or (f"{row.text('road')}{number}" if row.text("road") else "")


def _store(task: Task, found: Sequence[_Found], outcome: Outcome) -> None:
    codes = [one.row.text("code") for one in found if one.row.text("code")]
    by_code = residents.buildings_by_code(task.session, codes)
    outlines = [one.outline for one in found]
    by_shape = {
        _key(row["outline"]): row
        for row in residents.twins(task.session, tables.building, "outline", outlines)
    }
    new: list[dict[str, Any]] = []
    last: dict[str, int] = {}
    taken: set[bytes | str] = set()
    nameless: list[int] = []
    for one in found:
        code = one.row.text("code")
        key: bytes | str = code or _key(one.outline)
        old = by_code.get(code) if code else by_shape.get(_key(one.outline))
        if key in taken:
            outcome.refuse(one.row.number, "building_twice", "code", value=code)
            continue
        taken.add(key)
        nameless += [] if one.told.get("address") else [one.row.number]
        if old is None:
            new.append(_new(task, one, code, last))
            outcome.count(new=True)
        else:
            outcome.count(new=False, different=_changed(task, one, old))
    residents.add_many(task.session, tables.building, new)
    if nameless:
        rows = "、".join(map(str, nameless[:_MOST_NAMED])) + "…" * (len(nameless) > _MOST_NAMED)
        outcome.flag(0, "address_missing", count=len(nameless), rows=rows)


def _new(task: Task, one: _Found, code: str, last: dict[str, int]) -> dict[str, Any]:
    number, community = one.cell
    if not code:
        if community not in last:
            last[community] = residents.last_building(task.session, community)
        last[community] += 1
        code = f"{community}{min(last[community], _LAST):05d}"
    usual = {"name": "", "address": "", "kind": "building", "levels": 1}
    rest = {"households": 0, "residents": 0, "party_group_id": None}
    return {
        **usual,
        **rest,
        **one.told,
        "code": code,
        "community_code": community,
        "grid_id": number,
        "door": one.door,
        "outline": one.outline,
    }


def _changed(task: Task, one: _Found, old: RowMapping) -> bool:
    """Write what the file tells differently; whether there was anything."""
    told = {
        **one.told,
        "outline": one.outline,
        "grid_id": one.cell[0],
        "community_code": one.cell[1],
    }
    changes = {name: value for name, value in told.items() if not _same(old[name], value)}
    if "outline" in changes:
        changes["door"] = one.door
    if changes:
        ground.change(task.session, tables.building, old["id"], changes)
    return bool(changes)


def _same(old: Any, new: Any) -> bool:
    if isinstance(new, BaseGeometry):
        return _key(old) == _key(new)
    return bool(old == new)


def _key(shape: BaseGeometry) -> bytes:
    return bytes(shapely.to_wkb(shapely.normalize(shape)))
