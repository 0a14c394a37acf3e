"""Suggested grids from files alone, without a database: outline or grids, buildings, streets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, cast

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geodata.domain import soundness
from geodata.domain.adopt import adopt
from geodata.domain.lattice import Shapes
from geodata.domain.suggest import proposal, units
from geodata.domain.suggest.balance import Told
from geodata.domain.suggest.given import Aim, House, Street, StreetKind
from geodata.domain.suggest.proposal import Alternative
from geodata.domain.suggest.units import Units
from geodata.errors import InvalidFile, InvalidRow
from geodata.files import coverages, frames, projection
from geodata.files.columns import plain
from geodata.files.fields import FIELDS
from geodata.files.frames import Frame
from geodata.files.values import text
from geodata.services.loading.buildings import whole
from geodata.services.loading.roads import kind_of

_COURTYARD: Final = ("院落编码", "所在院落编码", "院落", "小区", "COURTYARD_CODE", "COURTYARD")
_NO_BORDER: Final = (
    *("FOOT", "PATH", "STEPS", "CYCLE", "PEDESTRIAN", "RAIL", "SUBWAY", "FERRY"),
    *("人行", "步行", "台阶", "铁路", "地铁", "轨道", "轮渡"),
)
"""What is drawn among roads but is no border between blocks."""
_LINES: Final = (shapely.GeometryType.LINESTRING, shapely.GeometryType.MULTILINESTRING)
_HOUSES: Final = (
    shapely.GeometryType.POINT,
    shapely.GeometryType.POLYGON,
    shapely.GeometryType.MULTIPOLYGON,
)


@dataclass(frozen=True, slots=True)
class Source:
    """A file, the layer in it, and what its coordinates are in where it does not say."""

    file: Path
    layer: str = ""
    crs: str = ""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is wanted: so many grids (None: as the norm asks), or the present ones rebalanced."""

    aim: Aim
    number: int | None = None
    rebalance: bool = False
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Suggested:
    """The units, the alternatives, and the rows of buildings that have no usable shape."""

    units: Units
    alternatives: Sequence[Alternative]
    left_out: Sequence[int]


def suggest(
    ground: Source, buildings: Source, streets: Source | None, wish: Wish, told: Told
) -> Suggested:
    """Alternatives for the ground: an outline, or present grids whose codes are to be kept.

    Areas are made an exact division first (`adopt`). Raises InvalidFile for files, layers,
    columns and systems that will not do, InvalidRow ``number_bad``, InvalidShape as `adopt`, and
    InvalidMove as `units` and `proposal`.
    """
    areas = _areas(ground)
    floor = adopt(areas)
    houses, left_out = _houses(buildings, floor.shapes if len(areas) > 1 else {})
    ways = _streets(streets) if streets else []
    if wish.rebalance:
        made = units.within_grids(floor.shapes, houses, ways, wish.aim)
        found = proposal.rebalance(made, wish.aim, wish.seed, told)
    else:
        whole_ground = shapely.union_all(list(floor.shapes.values()))
        present = floor.shapes if len(areas) > 1 else {}
        made = units.of_ground(whole_ground, houses, ways, wish.aim, present)
        found = proposal.divide(made, wish.aim, wish.number, wish.seed, told)
    return Suggested(made, found, left_out)


def _areas(source: Source) -> dict[str, BaseGeometry | None]:
    read = coverages.read(source.file, source.layer or None, None, source.crs or None)
    codes = read.codes or [str(number) for number in range(1, len(read.shapes) + 1)]
    return dict(zip(codes, read.shapes, strict=True))


def _houses(source: Source, grids: Mapping[str, BaseGeometry]) -> tuple[list[House], list[int]]:
    """The buildings with the present grid of each, and the rows that have no usable shape."""
    frame = frames.read(source.file, source.layer)
    shapes, usable = _shapes(frame, source.crs, _HOUSES)
    named = FIELDS["buildings"]
    households = _counts(frame, "households", needed=True)
    residents = _counts(frame, "residents", needed=False)
    groups = _column(frame, named["group"])
    yards = _column(frame, _COURTYARD)
    codes = _column(frame, named["code"])
    doors = shapely.point_on_surface(shapes)
    present = _present(doors, grids)
    houses = [
        House(
            codes[n] or str(frame.rows[n]),
            shapes[n],
            doors[n],
            households[n],
            residents[n],
            yards[n] or None,
            groups[n] or None,
            present[n],
        )
        for n in np.flatnonzero(usable).tolist()
    ]
    return houses, [frame.rows[n] for n in np.flatnonzero(~usable).tolist()]


def _streets(source: Source) -> list[Street]:
    frame = frames.read(source.file, source.layer)
    shapes, usable = _shapes(frame, source.crs, _LINES)
    kinds = _column(frame, FIELDS["roads"]["kind"])
    return [
        Street(shapes[n], cast("StreetKind", kind_of(kinds[n])))
        for n in np.flatnonzero(usable).tolist()
        if not any(word in kinds[n].upper() for word in _NO_BORDER)
    ]


def _shapes(frame: Frame, crs: str, kinds: Sequence[int]) -> tuple[Shapes, np.ndarray]:
    """The shapes in degrees, mended where they cross themselves, and which of them can be used."""
    if frame.shapes is None:
        raise InvalidFile("layers_none", file=frame.file)
    if not (crs or frame.crs):
        raise InvalidFile("crs_missing", file=frame.file)
    system = projection.reference(crs or frame.crs or "")
    shapes = shapely.transform(
        shapely.force_2d(frame.shapes),
        lambda p: np.column_stack(projection.move(p[:, 0], p[:, 1], system, projection.WGS84)),
    )
    for n in np.flatnonzero(~shapely.is_valid(shapes) & ~shapely.is_missing(shapes)).tolist():
        shapes[n] = soundness.look([shapes[n]], [str(n)]).shapes[0]
    usable = np.isin(shapely.get_type_id(shapes), kinds) & ~shapely.is_empty(shapes)
    return shapes, usable


def _column(frame: Frame, names: Sequence[str]) -> list[str]:
    """The texts of the first column that has one of the names, else empty ones."""
    by_name = {plain(name): name for name in frame.columns}
    found = next((by_name[plain(name)] for name in names if plain(name) in by_name), None)
    cells = frame.columns[found] if found is not None else [None] * len(frame)
    return [text(cell) for cell in cells]


def _counts(frame: Frame, field: str, *, needed: bool) -> list[int]:
    """The numbers of a field, 0 where a cell is empty.

    Raises InvalidFile ``columns_missing`` where it is needed and not there, InvalidRow
    ``number_bad``.
    """
    names = FIELDS["buildings"][field]
    if needed and not {*map(plain, names)} & {*map(plain, frame.columns)}:
        seen = list(frame.columns)
        raise InvalidFile("columns_missing", file=frame.file, missing=[names[0]], seen=seen, row=1)
    counts = []
    for row, said in zip(frame.rows, _column(frame, names), strict=True):
        count = whole(said) if said else 0
        if count is None:
            raise InvalidRow("number_bad", row=row, column=names[0], value=said)
        counts.append(count)
    return counts


def _present(doors: Shapes, grids: Mapping[str, BaseGeometry]) -> list[str | None]:
    """The present grid of each door, the one with the lowest code on a border."""
    codes = sorted(grids)
    tree = shapely.STRtree([grids[code] for code in codes])
    found: list[str | None] = [None] * len(doors)
    pairs = tree.query(doors, predicate="intersects").T.tolist()
    for door, grid in sorted(pairs, reverse=True):
        found[door] = codes[grid]
    return found
