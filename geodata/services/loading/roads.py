"""Roads come in: each stretch once, in the kinds that the map draws."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import shapely
from shapely.geometry import LineString
from shapely.geometry.base import BaseGeometry

from geodata.db import ground, residents, tables
from geodata.domain import lattice
from geodata.errors import Conflict
from geodata.services.loading.rows import Outcome, Row, Task

_KINDS: Final[Mapping[str, tuple[str, ...]]] = {
    "bridge": ("桥", "BRIDGE"),
    "arterial": (
        *("高速", "快速", "主干", "国道", "省道", "一级", "ARTERIAL", "MOTORWAY", "TRUNK"),
        "PRIMARY",
    ),
    "secondary": ("次干", "支路", "县道", "二级", "三级", "SECONDARY", "TERTIARY"),
}
_WIDTHS: Final = {"arterial": 20.0, "secondary": 12.0, "lane": 5.0, "bridge": 12.0}
_WIDEST: Final = 200.0
_LINES: Final = ("LineString", "MultiLineString")
_AROUND: Final = 0.01
"""Degrees around the district in which roads still belong to its map."""


def load_roads(task: Task, rows: Sequence[Row]) -> None:
    """Roads by their very course; a road in several stretches becomes several.

    Raises Conflict ``district_missing``.
    """
    outcome = task.outcome
    district = ground.first(task.session)
    if district is None:
        raise Conflict("district_missing")
    near = shapely.box(*district["shape"].bounds).buffer(_AROUND)
    told = [(row, stretch) for row in rows for stretch in _stretches(row, near, outcome)]
    known = {
        _key(road["shape"]): road
        for road in residents.twins(task.session, tables.road, "shape", [s for _, s in told])
    }
    new: dict[bytes, dict[str, Any]] = {}
    for row, stretch in told:
        key, values = _key(stretch), _values(row, outcome)
        old = known.get(key)
        if old is None and key not in new:
            new[key] = {**values, "shape": stretch}
            outcome.count(new=True)
        elif old is None:
            outcome.count(new=False)
        else:
            different = any(old[name] != value for name, value in values.items())
            if different:
                ground.change(task.session, tables.road, old["id"], values)
            outcome.count(new=False, different=different)
    residents.add_many(task.session, tables.road, list(new.values()))


def _stretches(row: Row, near: BaseGeometry, outcome: Outcome) -> list[LineString]:
    """The stretches of a road on the lattice, without those that snapping shrank to a point."""
    if row.shape is None or row.shape.geom_type not in _LINES:
        kind = row.shape.geom_type if row.shape is not None else ""
        outcome.refuse(row.number, "shape_kind" if kind else "shape_missing", kind=kind)
        return []
    if not row.shape.intersects(near):
        spot = row.shape.representative_point()
        outcome.refuse(row.number, "road_outside", lon=spot.x, lat=spot.y)
        return []
    parts = shapely.get_parts(shapely.remove_repeated_points(lattice.snap_shape(row.shape)))
    kept = [part for part in parts if isinstance(part, LineString) and part.length > 0]
    if not kept:
        outcome.refuse(row.number, "shape_vanished")
    return kept


def _values(row: Row, outcome: Outcome) -> dict[str, Any]:
    kind = kind_of(row.text("kind"))
    width = _WIDTHS[kind]
    if row.text("width"):
        try:
            given = float(row.text("width"))
        except ValueError:
            given = -1.0
        if 0 < given <= _WIDEST:
            width = given
        else:
            outcome.flag(row.number, "width_odd", "width", value=row.text("width"))
    return {"name": row.text("name"), "kind": kind, "width": width}


def kind_of(said: str) -> str:
    """The kind of road that a text means: bridge, arterial, secondary, or else lane."""
    upper = said.upper()
    return next((k for k, words in _KINDS.items() if any(w in upper for w in words)), "lane")


def _key(shape: BaseGeometry) -> bytes:
    return bytes(shapely.to_wkb(shapely.normalize(shape)))
