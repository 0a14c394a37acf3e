"""Polygons of a file, judged and divided; what is wrong with them goes into the report."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import shapely
from shapely.geometry import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from geodata.domain import division, lattice
from geodata.domain.division import Divided
from geodata.errors import InvalidFile
from geodata.services.loading.rows import Outcome, Row, flaw_at

_POLYGONS: Final = ("Polygon", "MultiPolygon")
_SHOWN: Final = 5


def multi(shape: BaseGeometry) -> MultiPolygon:
    """The shape as the MultiPolygon that is stored, in a canonical order."""
    parts = [part for part in shapely.get_parts(shape) if isinstance(part, Polygon)]
    return shapely.normalize(MultiPolygon(parts))


def same(one: BaseGeometry, other: BaseGeometry) -> bool:
    """Whether two stored shapes have the same vertices."""
    return bool(shapely.equals_exact(multi(one), multi(other), tolerance=0.0))


def sound_rows(rows: Sequence[Row], outcome: Outcome, *, tangled: bool = False) -> list[Row]:
    """The rows that have a polygon; the others are refused with a reason and a place.

    With `tangled` those that cross themselves pass too, for whoever untangles them.
    """
    return [row for row in rows if _is_sound(row, outcome, tangled=tangled)]


def _is_sound(row: Row, outcome: Outcome, *, tangled: bool) -> bool:
    if row.shape is None:
        outcome.refuse(row.number, "shape_missing")
        return False
    if row.shape.geom_type not in _POLYGONS:
        outcome.refuse(row.number, "shape_kind", kind=row.shape.geom_type)
        return False
    if not tangled and not row.shape.is_valid:
        outcome.refuse(row.number, "shape_invalid", **flaw_at(row.shape))
        return False
    return True


def merged(shapes: Sequence[BaseGeometry]) -> BaseGeometry:
    """The ground that shapes cover together, on the lattice, without holes that are only noise."""
    units = [lattice.to_units(shape) for shape in shapes]
    lines = shapely.union_all([shapely.boundary(shape) for shape in units], grid_size=1.0)
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts([lines])))
    tree = shapely.STRtree([shapely.transform(s, lambda a: a * lattice.STEPS) for s in shapes])
    held = set(tree.query(shapely.point_on_surface(faces), predicate="intersects")[0].tolist())
    kept = [face for at, face in enumerate(faces) if at in held or _is_noise(face)]
    return lattice.to_degrees(shapely.coverage_union_all(kept))


def _is_noise(face: BaseGeometry) -> bool:
    return bool(2 * face.area < division.NOISE * face.length)


def divided(
    rows: Mapping[str, Row],
    homes: Mapping[str, str],
    grounds: Mapping[str, BaseGeometry],
    around: Mapping[str, BaseGeometry],
    outcome: Outcome,
) -> Divided:
    """The ground divided among the rows' polygons.

    Raises InvalidFile ``coverage_dirty`` with the number of faults and the first of them, once all
    are in the report; snapping noise is reported in one line.
    """
    shapes = {key: row.shape for key, row in rows.items() if row.shape is not None}
    found = division.divide(shapes, homes, grounds, around)
    for fault in found.faults:
        spot = fault.place.representative_point()
        facts: dict[str, Any] = {"m2": round(fault.square_metres, 1)}
        facts |= {"lon": spot.x, "lat": spot.y}
        others = [rows[key].number for key in fault.keys[1:]]
        code = "areas_overlap" if fault.kind == "overlap" else "area_outside"
        outcome.refuse(rows[fault.keys[0]].number, code, other=(others or [0])[0], **facts)
    if found.noise:
        outcome.repair(0, "noise_settled", count=found.noise, m2=round(found.noise_m2, 2))
    refuse_whole(outcome)
    return found


def refuse_whole(outcome: Outcome) -> None:
    """Nothing, if no row was refused: a coverage with a hole in it is not half taken.

    Raises InvalidFile ``coverage_dirty`` (count, rows).
    """
    bad = [note for note in outcome.notes if note.grade == "refused"]
    if bad:
        rows = sorted({note.row for note in bad if note.row})
        raise InvalidFile("coverage_dirty", count=len(bad), rows=rows[:_SHOWN])
