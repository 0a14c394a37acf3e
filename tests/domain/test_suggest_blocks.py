"""Blocks from streets, on pictures whose true blocks are known, and on Shanghai's roads."""

import os
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import geopandas
import numpy as np
import pytest
import shapely
from shapely.geometry import LineString, box
from shapely.geometry.base import BaseGeometry

from geodata.domain import lattice, measure, partition
from geodata.domain.suggest import blocks
from geodata.domain.suggest.blocks import Blocks
from geodata.domain.suggest.given import Plane, Street
from tests.drawing import draw, ground, spot

DATA = Path(os.environ.get("WANGGE_DATA", Path(__file__).parents[3] / "shared" / "data"))
TOWN = "ABCDEF/GHIJKL/MNOPQR/STUVWX/YZabcd"
ROWS, COLUMNS = 5, 6
METRE = 1 / 94_000
ALIKE = 0.75


def made(area: BaseGeometry, lines: Sequence[BaseGeometry]) -> Blocks:
    cells = lattice.to_units(measure.array([area]))
    return blocks.between(cells, [Street(line) for line in lines], Plane.of(cells))


def clean() -> list[LineString]:
    """Each street of the town from end to end."""
    across = [LineString([spot(r, 0), spot(r, COLUMNS)]) for r in range(1, ROWS)]
    return across + [LineString([spot(0, c), spot(ROWS, c)]) for c in range(1, COLUMNS)]


def dirty(rng: np.random.Generator) -> list[LineString]:
    """The same in stretches, many ending short, some doubled, and with dead ends between."""
    lines: list[LineString] = []
    for line in clean():
        start, end = shapely.get_coordinates(line)[[0, -1]]
        way = (end - start) / np.hypot(*(end - start))
        stops = start + np.linspace(0, 1, 12)[:, None] * (end - start)
        for one, other in pairwise(stops):
            short = rng.uniform(0.3, 6) * METRE * way * (rng.random() < 0.25)
            lines.append(LineString(np.array([one + short, other])))
        if rng.random() < 0.4:
            beside = 11 * METRE * way[::-1]
            lines.append(LineString(np.array([start + beside, end + beside])))
        middle = start + rng.uniform(0.1, 0.9) * (end - start)
        lines.append(LineString(np.array([middle, middle + np.array([40, 35]) * METRE])))
    return lines


def recalled(found: Blocks) -> float:
    """The share of true blocks that have one like themselves among those found."""
    shapes = lattice.to_degrees(found.shapes)
    hits = 0
    for true in draw(TOWN).values():
        both = shapely.area(shapely.intersection(shapes, true))
        hits += bool((both / shapely.area(shapely.union(shapes, true)) > ALIKE).any())
    return hits / (ROWS * COLUMNS)


def test_clean_streets_give_the_true_blocks() -> None:
    found = made(ground(TOWN), clean())
    assert len(found.shapes) == ROWS * COLUMNS
    assert recalled(found) == 1.0


@pytest.mark.parametrize("seed", range(3))
def test_dirty_streets_give_nearly_all_blocks_and_no_scrap(seed: int) -> None:
    area = ground(TOWN)
    found = made(area, dirty(np.random.default_rng(seed)))
    assert recalled(found) >= 0.93
    cells = dict(enumerate(lattice.to_degrees(found.shapes)))
    assert partition.check({str(n): shape for n, shape in cells.items()}, area) == []
    assert measure.area_m2(list(cells.values())).min() >= blocks.SMALL_M2


def test_streets_that_end_short_are_no_blocks_without_the_repair() -> None:
    """The control: noding alone finds fewer of the true blocks."""
    area = ground(TOWN)
    lines = [*dirty(np.random.default_rng(0)), area.boundary]
    faces = partition.planar(list(lattice.to_units(measure.array(lines))))
    plain = Blocks(faces, np.zeros(len(faces), dtype=np.int64))
    assert recalled(plain) < 0.75


def test_ground_without_streets_is_one_block() -> None:
    found = made(ground("XX/XX"), [])
    assert len(found.shapes) == 1
    assert lattice.to_degrees(found.shapes[0]).equals(ground("XX/XX"))


def test_a_dead_end_and_a_street_elsewhere_cut_nothing() -> None:
    blind = LineString([spot(0.5, 0.5), spot(0.5, 1.2)])
    away = LineString([spot(9, 9), spot(9, 12)])
    assert len(made(ground("ooo/ooo"), [blind, away]).shapes) == 1


def test_no_block_crosses_the_border_of_a_cell() -> None:
    cells = lattice.to_units(measure.array(list(draw("AAB/ABB").values())))
    street = Street(LineString([spot(1, 0), spot(1, 3)]))
    found = blocks.between(cells, [street], Plane.of(cells))
    for block, cell in zip(found.shapes, found.cell, strict=True):
        assert block.difference(cells[cell]).area == 0
    assert sorted(found.cell.tolist()) == [0, 0, 1, 1]


@pytest.mark.skipif(not DATA.exists(), reason="no WANGGE_DATA: no roads of Shanghai")
def test_the_roads_of_lujiazui_make_exact_blocks() -> None:
    roads = geopandas.read_file(DATA / "shanghai_lujiazui_osm.gpkg", layer="roads")
    streets = roads[roads["kind"].isin(["major_road", "minor_road"])].geometry
    area = lattice.snap_shape(box(121.487, 31.232, 121.514, 31.245))
    found = made(area, list(streets))
    cells = {str(n): shape for n, shape in enumerate(lattice.to_degrees(found.shapes))}
    assert 60 <= len(cells) <= 160
    assert partition.check(cells, area) == []
    assert measure.width_m(list(cells.values())).min() >= blocks.THIN_M
