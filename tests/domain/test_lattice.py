from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from shapely import Point, Polygon, from_wkb, to_wkb

from geodata.domain import lattice

degrees = st.floats(min_value=-180, max_value=180)


@given(degrees)
def test_snapping_moves_a_value_by_at_most_half_a_step(value: float) -> None:
    assert abs(lattice.snap(value) - value) <= lattice.STEP / 2


@given(degrees, degrees)
def test_snapping_twice_changes_nothing_and_lies_on_the_lattice(lon: float, lat: float) -> None:
    once = lattice.snap_shape(Point(lon, lat))
    assert lattice.on_lattice(once)
    assert lattice.snap_shape(once) == once


@given(degrees, degrees)
def test_units_and_degrees_are_each_others_inverse_bit_for_bit(lon: float, lat: float) -> None:
    place = lattice.snap_shape(Point(lon, lat))
    units = lattice.to_units(place)
    assert units.x == int(units.x)
    assert to_wkb(lattice.to_degrees(units)) == to_wkb(place)


@given(degrees)
def test_decimal_text_of_a_lattice_value_reads_back_exactly(value: float) -> None:
    snapped = float(lattice.snap(value))
    assert float(repr(snapped)) == snapped
    assert float(lattice.snap(float(f"{snapped:.7f}"))) == snapped


def test_a_shape_off_the_lattice_is_seen() -> None:
    assert not lattice.on_lattice(Polygon([(109, 32), (109.1, 32), (109, 33)]))


def test_no_value_stays_no_value() -> None:
    assert np.isnan(lattice.snap([np.nan]))[0]


def test_wkb_keeps_the_lattice() -> None:
    square = lattice.snap_shape(Polygon([(109.02, 32.69), (109.03, 32.69), (109.03, 32.7)]))
    assert from_wkb(to_wkb(square)) == square
