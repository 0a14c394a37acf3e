"""Dirty polygons are put right only when that was asked for, and every change is told."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from shapely.geometry.base import BaseGeometry

from geodata.domain.adopt import Change, adopt
from geodata.services.loading.rows import Outcome, Row, Task

_TOLD_ONE_BY_ONE_M2: Final = 1.0


def repaired(
    task: Task, rows: Sequence[Row], outcome: Outcome, ground: BaseGeometry | None = None
) -> list[Row]:
    """The rows with their polygons put right where that was asked for.

    `ground` (degrees) is what they are to divide, else what they cover and enclose. Changes of
    less than a square metre share one line. Raises InvalidShape as `adopt`.
    """
    if not task.repair or not rows:
        return list(rows)
    named = {f"{row.number:09d}": row for row in rows}
    done = adopt({key: row.shape for key, row in named.items()}, ground)
    _tell(done.changes, named, outcome)
    for key in done.lost:
        outcome.refuse(named[key].number, "shape_vanished")
    return [replace(named[key], shape=shape) for key, shape in sorted(done.shapes.items())]


def _tell(changes: Sequence[Change], rows: Mapping[str, Row], outcome: Outcome) -> None:
    small = [change for change in changes if change.area_m2 < _TOLD_ONE_BY_ONE_M2]
    for change in changes:
        if change not in small:
            _tell_one(change, rows, outcome)
    if small:
        size = round(sum(change.area_m2 for change in small), 2)
        outcome.repair(0, "repaired_small", count=len(small), m2=size)


def _tell_one(change: Change, rows: Mapping[str, Row], outcome: Outcome) -> None:
    spot = change.shape.representative_point()
    lost = [rows[key].number for key in change.lost if key in rows]
    facts: dict[str, Any] = {"m2": round(change.area_m2, 1), "lon": spot.x, "lat": spot.y}
    gains = rows.get(change.gained or "")
    number = gains.number if gains is not None else (lost or [0])[0]
    code = f"repaired_{change.why}" if change.gained else "repaired_open"
    told = outcome.flag if change.decide else outcome.repair
    told(number, code, other=[n for n in lost if n != number], **facts)
