"""The point index says of any areas what asking them one by one in exact arithmetic says."""

from fractions import Fraction

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geodata.domain.cover import NOWHERE, CoverIndex
from geodata.domain.lattice import STEP, snap, snap_shape
from scripts import oracle

Floats = NDArray[np.float64]


def hard(areas: list[BaseGeometry], count: int, rng: np.random.Generator) -> Floats:
    """Corners, places on edges and a lattice step beside them, and places anywhere."""
    corners = shapely.get_coordinates(areas)
    corner = corners[rng.integers(0, len(corners), count)]
    other = np.roll(corner, 1, axis=0)
    beside = corner + rng.integers(-1, 2, corner.shape) * STEP
    west, south, east, north = shapely.total_bounds(areas)
    reach = 0.1 * max(east - west, north - south)
    anywhere = rng.uniform((west - reach, south - reach), (east + reach, north + reach), (count, 2))
    return snap(np.concatenate([corner, beside, (corner + other) / 2, anywhere]))


def agrees(areas: list[BaseGeometry], seed: int) -> None:
    places = hard(areas, 200, np.random.default_rng(seed))
    found = CoverIndex(areas).first(places[:, 0], places[:, 1])
    assert found.tolist() == oracle.first(areas, places).tolist()


corner = st.tuples(st.integers(0, 40), st.integers(0, 40))
ring = st.lists(corner, min_size=3, max_size=9, unique=True).map(
    lambda corners: shapely.Polygon([(109 + x / 64, 32 + y / 64) for x, y in corners])
)


@settings(max_examples=60, deadline=None)
@given(st.lists(ring.filter(lambda shape: shape.is_valid), min_size=1, max_size=8), st.integers(0))
def test_any_areas_overlapping_or_apart(areas: list[BaseGeometry], seed: int) -> None:
    agrees(areas, seed)


def test_holes_islands_parts_and_sizes_of_every_kind() -> None:
    rng = np.random.default_rng(7)
    circles = [
        shapely.Point(*rng.uniform((109, 32), (110, 33))).buffer(float(rng.random() ** 5) / 3)
        for _ in range(60)
    ]
    ringed = shapely.box(109, 32, 110, 33).difference(shapely.box(109.2, 32.2, 109.8, 32.8))
    island = shapely.box(109.4, 32.4, 109.6, 32.6)
    parts = shapely.MultiPolygon([shapely.box(111, 32, 111.1, 32.1), island])
    areas = [snap_shape(shape) for shape in (*circles, ringed, parts)]
    agrees([area for area in areas if area.is_valid and not area.is_empty], 7)


@pytest.mark.parametrize(("wide", "high"), [(1e6, 1e-3), (1e-3, 1e6)])
def test_flat_and_tall_ground(wide: float, high: float) -> None:
    areas = [shapely.box(i * wide, 0, (i + 1) * wide, high) for i in range(5)]
    x = np.linspace(0.5 * wide, 4.5 * wide, 5)
    found = CoverIndex(areas).first(x, np.full(5, high / 2))
    assert found.tolist() == [0, 1, 2, 3, 4]


def test_the_lowest_rank_has_what_several_cover() -> None:
    small, large = shapely.box(0.4, 0.4, 0.6, 0.6), shapely.box(0, 0, 1, 1)
    middle, off = np.array([0.5]), np.array([0.2])
    for areas, inside in (([small, large], 0), ([large, small], 0)):
        index = CoverIndex(areas)
        assert index.first(middle, middle).tolist() == [inside]
        assert index.first(off, off).tolist() == [areas.index(large)]


def test_what_is_no_area_or_no_point_is_nowhere() -> None:
    nothing = np.array([0.0, np.nan, np.inf, 1e300])
    assert CoverIndex([]).first(nothing, nothing).tolist() == [NOWHERE] * 4
    shapes = [shapely.Point(0, 0), shapely.Polygon(), shapely.box(-1, -1, 1, 1)]
    found = CoverIndex(shapes).first(nothing, nothing)
    assert found.tolist() == [2, NOWHERE, NOWHERE, NOWHERE]
    thick = shapely.force_3d(shapely.box(0, 0, 1, 1), 5.0)
    assert CoverIndex([thick]).first(np.array([0.5]), np.array([0.5])).tolist() == [0]


def test_coordinates_off_the_lattice_are_exact_too() -> None:
    """Fractions have no rounding: they say on which side of a slanting edge a place lies."""
    a, b = (109.0123456789, 32.1111111111), (109.9876543211, 32.7777777777)
    area = shapely.Polygon([a, b, (a[0], b[1])])
    rng = np.random.default_rng(3)
    x: Floats = rng.uniform(a[0], b[0], 500)
    y: Floats = a[1] + (x - a[0]) * (b[1] - a[1]) / (b[0] - a[0])
    y = np.asarray(y + rng.integers(-3, 4, len(y)) * np.spacing(y), dtype=np.float64)
    exact = [above(a, b, one, other) for one, other in zip(x.tolist(), y.tolist(), strict=True)]
    assert (CoverIndex([area]).first(x, np.asarray(y)) == 0).tolist() == exact
    assert 50 < sum(exact) < 450


def above(a: tuple[float, float], b: tuple[float, float], x: float, y: float) -> bool:
    (ax, ay), (bx, by) = (tuple(map(Fraction, point)) for point in (a, b))
    return (bx - ax) * (Fraction(y) - ay) - (Fraction(x) - ax) * (by - ay) >= 0
