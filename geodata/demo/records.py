"""From the drawing board to records: shapes in degrees on the lattice, lists that can be loaded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry import MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry

from geodata.demo import model, plane
from geodata.demo.cells import Ground
from geodata.demo.facts import rows
from geodata.demo.homes import Homes
from geodata.demo.houses import Houses
from geodata.demo.lots import Lot
from geodata.demo.places import Spot
from geodata.demo.terrain import BANK_M, PROMENADE_M, STREAM_M, Terrain
from geodata.demo.ways import WIDTH, Way
from geodata.domain import lattice
from geodata.domain.lattice import Shapes
from geodata.domain.partition import Ints


@dataclass(frozen=True)
class Drawing:
    """Everything on the board, before it becomes records."""

    land: Terrain
    ground: Ground
    ways: list[Way]
    lots: list[Lot]
    houses: Houses
    spots: list[Spot]
    homes: Homes


def cells(ground: Ground) -> list[model.Cell]:
    """The grids in the order of their codes, then one uncovered cell a community."""
    listed = rows("communities")
    shapes = lattice.to_degrees(np.array(ground.grids, dtype=object))
    found = []
    for code, which, shape in zip(ground.codes, ground.community.tolist(), shapes, strict=True):
        name = f"{listed[which]['name']}第{int(code[-3:])}网格"
        found.append(model.Cell(code, listed[which]["code"], "basic", name, MultiPolygon([shape])))
    for which, row in enumerate(listed):
        parts = [lattice.to_degrees(part) for part in ground.uncovered.get(which, [])]
        name = f"{row['name']}网格外"
        found.append(model.Cell(None, row["code"], "uncovered", name, MultiPolygon(parts)))
    return found


def communities(made: list[model.Cell]) -> list[model.Community]:
    """The 35 communities, each the union of its cells."""
    return [
        model.Community(
            row["code"],
            row["street_code"],
            row["name"],
            row["name_en"],
            row["platform"] == "yes",
            union([cell.shape for cell in made if cell.community_code == row["code"]]),
        )
        for row in rows("communities")
    ]


def streets(made: list[model.Community]) -> list[model.Street]:
    """The three streets, each the union of its communities."""
    return [
        model.Street(
            row["code"],
            row["name"],
            row["name_en"],
            union([part.shape for part in made if part.street_code == row["code"]]),
        )
        for row in rows("streets")
    ]


def union(shapes: list[MultiPolygon]) -> MultiPolygon:
    """The union of shapes that share their vertices, in degrees and exactly on the lattice."""
    parts = shapely.get_parts(np.array(shapes, dtype=object))
    whole = shapely.coverage_union_all(lattice.to_units(parts))
    return _multi(lattice.to_degrees(whole))


def _multi(shape: BaseGeometry) -> MultiPolygon:
    return MultiPolygon([part for part in shapely.get_parts(shape) if isinstance(part, Polygon)])


def _sound(shape: BaseGeometry) -> MultiPolygon:
    """A shape from the board in degrees: valid after snapping, whatever it takes."""
    return _multi(lattice.to_degrees(shapely.set_precision(plane.to_steps(shape), 1.0)))


def roads(ways: list[Way]) -> list[model.Road]:
    """All stretches of road."""
    shapes = plane.to_lonlat(np.array([way.shape for way in ways], dtype=object))
    return [
        model.Road(way.name, way.kind, WIDTH[way.kind], shape)
        for way, shape in zip(ways, shapes, strict=True)
    ]


def landcover(drawing: Drawing) -> list[model.Landcover]:
    """Hills, banks, parks, squares and water, in the order in which they should be painted."""
    kinds = {"park": "green", "plaza": "plaza"}
    found = [model.Landcover("green", name, _sound(shape)) for name, shape in drawing.land.hills]
    found += [model.Landcover("green", name, _sound(shape)) for name, shape in _banks(drawing.land)]
    titles = {spot.point: spot.name for spot in drawing.spots}
    for lot in drawing.lots:
        if lot.use in ("park", "plaza"):
            name = titles.get(lot.shape.representative_point(), "")
            kind = kinds[lot.use]
            found.append(model.Landcover(kind, name, _sound(lot.shape)))  # type: ignore[arg-type]
    stream = drawing.land.stream.buffer(STREAM_M).difference(drawing.land.river)
    found.append(model.Landcover("water", "施家沟", _sound(stream)))
    found.append(model.Landcover("water", "汉江", _sound(drawing.land.river)))
    return found


def _banks(land: Terrain) -> Iterator[tuple[str, BaseGeometry]]:
    river = land.river.buffer(PROMENADE_M - WIDTH["secondary"] / 2 - 2).difference(land.river)
    yield "汉江江滨绿带", river
    yield "施家沟绿带", land.stream.buffer(BANK_M - 1).difference(land.stream.buffer(STREAM_M))


def places(spots: list[Spot]) -> list[model.Place]:
    """The places, as points."""
    points: list[Point] = list(
        plane.to_lonlat(np.array([spot.point for spot in spots], dtype=object))
    )
    return [
        model.Place(spot.name, spot.kind, spot.address, point)
        for spot, point in zip(spots, points, strict=True)
    ]


@dataclass(frozen=True)
class Numbers:
    """Each building's cell among the district's cells; the codes of buildings and courtyards."""

    cell: Ints
    codes: list[str]
    yard_codes: list[str]


def number(drawing: Drawing) -> Numbers:
    """Codes of five digits inside a community, courtyards first, then by grid."""
    grids = len(drawing.ground.grids)
    lots = [drawing.lots[i] for i in drawing.houses.prints.lot.tolist()]
    cell = np.array([lot.cell if lot.cell >= 0 else grids + lot.community for lot in lots])
    yards = [drawing.lots[yard.lot].community for yard in drawing.houses.courtyards]
    last = np.bincount(yards, minlength=len(rows("communities")))
    community = np.array([lot.community for lot in lots])
    order = np.lexsort((np.arange(len(cell)), cell, community))
    return Numbers(
        cell,
        _codes(community, order, last),
        _codes(np.array(yards, dtype=np.int64), np.arange(len(yards)), np.zeros_like(last)),
    )


def _codes(community: Ints, order: Ints, last: Ints) -> list[str]:
    listed = [row["code"] for row in rows("communities")]
    seen = last.tolist()
    found = [""] * len(community)
    for i in order.tolist():
        which = int(community[i])
        seen[which] += 1
        found[i] = f"{listed[which]}{seen[which]:05d}"
    return found


def buildings(drawing: Drawing, numbers: Numbers, group: Ints) -> list[model.Building]:
    """The buildings, in the order in which they were drawn."""
    houses, homes = drawing.houses, drawing.homes
    listed = [row["code"] for row in rows("communities")]
    titles = list(houses.names)
    for spot in drawing.spots:
        if spot.building >= 0:
            titles[spot.building] = spot.name
    columns = zip(
        numbers.codes,
        [listed[drawing.lots[i].community] for i in houses.prints.lot.tolist()],
        numbers.cell.tolist(),
        [yard if yard >= 0 else None for yard in houses.courtyard.tolist()],
        titles,
        houses.addresses,
        plane.to_lonlat(houses.doors),
        plane.to_lonlat(houses.prints.outlines),
        homes.levels.tolist(),
        homes.households.tolist(),
        homes.residents.tolist(),
        [org if org >= 0 else None for org in group.tolist()],
        strict=True,
    )
    return [model.Building(*column) for column in columns]


def courtyards(drawing: Drawing, numbers: Numbers) -> list[model.Building]:
    """The courtyards; who lives there is told by their buildings."""
    houses = drawing.houses
    listed = [row["code"] for row in rows("communities")]
    gates: Shapes = plane.to_lonlat(houses.gates)
    plots: Shapes = plane.to_lonlat(houses.plots)
    found = []
    for i, yard in enumerate(houses.courtyards):
        community = listed[drawing.lots[yard.lot].community]
        cell, address = int(numbers.cell[yard.members[0]]), houses.plot_addresses[i]
        found.append(
            model.Building(
                numbers.yard_codes[i],
                community,
                cell,
                None,
                yard.name,
                address + ("" if yard.name else "院"),
                gates[i],
                plots[i],
                0,
                0,
                0,
                None,
            )
        )
    return found
