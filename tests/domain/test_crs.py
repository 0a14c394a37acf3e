"""Datums and metres, against published vectors and by their laws."""

import csv
import json
import math
import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from geodata.domain.crs import (
    Datum,
    doubt,
    from_wgs84,
    inside,
    looks_swapped,
    metres_per_degree,
    to_wgs84,
)

DATA = Path(os.environ.get("WANGGE_DATA", Path(__file__).parents[3] / "shared" / "data"))
HANBIN = (108.9, 32.6, 109.2, 32.8)
SHIFTED: tuple[Datum, ...] = ("GCJ02", "BD09")
Floats = NDArray[np.float64]

vectors = pytest.mark.skipif(
    not (DATA / "crs_vectors_cities.csv").is_file(),
    reason=f"the published datum vectors are not in {DATA}; set WANGGE_DATA",
)


def metres(lon: Floats, lat: Floats, lon2: Floats, lat2: Floats) -> Floats:
    kx, ky = metres_per_degree(np.asarray(lat))
    return np.asarray(np.hypot((lon2 - lon) * kx, (lat2 - lat) * ky), dtype=np.float64)


@vectors
@pytest.mark.parametrize(("datum", "name"), [("GCJ02", "gcj02"), ("BD09", "bd09")])
def test_sixty_cities_agree_within_a_metre(datum: Datum, name: str) -> None:
    with (DATA / "crs_vectors_cities.csv").open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    lon, lat, x, y = (
        np.array([float(row[column]) for row in rows])
        for column in ("wgs84_x", "wgs84_y", f"{name}_x", f"{name}_y")
    )
    assert metres(x, y, *from_wgs84(lon, lat, datum)).max() < 1.0
    assert metres(lon, lat, *to_wgs84(x, y, datum)).max() < 1.0


@vectors
def test_the_second_set_of_vectors_agrees_too() -> None:
    rows = np.array(json.loads((DATA / "crs_vectors_eviltransform.json").read_text())["tests"])
    lat, lon, y, x = rows.T
    assert metres(x, y, *from_wgs84(lon, lat, "GCJ02")).max() < 1.0


def test_the_shift_at_hanbin_is_half_a_kilometre_and_more() -> None:
    lon, lat = np.array([109.03]), np.array([32.69])
    assert metres(lon, lat, *from_wgs84(lon, lat, "GCJ02"))[0] == pytest.approx(510, abs=20)
    assert metres(lon, lat, *from_wgs84(lon, lat, "BD09"))[0] == pytest.approx(1140, abs=30)


@given(st.floats(73.5, 135.0), st.floats(3.9, 53.5), st.sampled_from(SHIFTED))
def test_there_and_back_is_under_a_centimetre(lon: float, lat: float, datum: Datum) -> None:
    x, y = np.array([lon]), np.array([lat])
    assert metres(x, y, *to_wgs84(*from_wgs84(x, y, datum), datum))[0] < 0.01
    assert metres(x, y, *from_wgs84(*to_wgs84(x, y, datum), datum))[0] < 0.01


def test_cgcs2000_is_wgs84_and_abroad_gcj02_too() -> None:
    lon, lat = np.array([109.03, 2.35]), np.array([32.69, 48.85])
    for got in (from_wgs84(lon, lat, "CGCS2000"), to_wgs84(lon, lat, "WGS84")):
        assert np.array_equal(got, (lon, lat))
    assert from_wgs84(lon, lat, "GCJ02")[0][1] == 2.35


def test_what_is_no_number_stays_none_and_disturbs_nobody() -> None:
    lon, lat = np.array([np.nan, np.inf, 109.0]), np.array([32.0, 32.0, 32.7])
    for datum in SHIFTED:
        x, y = to_wgs84(lon, lat, datum)
        assert np.isnan(x[:2]).all()
        assert np.isnan(y[:2]).all()
        assert math.isfinite(x[2])


def test_an_unknown_datum_is_refused() -> None:
    with pytest.raises(ValueError, match="Beijing54"):
        to_wgs84(np.array([1.0]), np.array([1.0]), "Beijing54")  # type: ignore[arg-type]


def test_metres_per_degree_on_the_ellipsoid() -> None:
    assert metres_per_degree(0.0) == pytest.approx((111319.491, 110574.276), abs=0.01)
    assert metres_per_degree(45.0) == pytest.approx((78846.835, 111131.778), abs=0.01)
    kx, ky = metres_per_degree(np.array([0.0, 45.0]))
    assert (kx[1], ky[1]) == metres_per_degree(45.0)


@pytest.mark.parametrize(
    ("lon", "lat", "why"),
    [
        (109.03, 32.69, None),
        (32.69, 109.03, "swapped"),
        (0.0, 0.0, "zero"),
        (116.4, 39.9, "outside"),
        (502345.0, 3617890.0, "no_degrees"),
        (math.nan, 32.69, "not_a_number"),
        (109.03, math.inf, "not_a_number"),
    ],
)
def test_doubts_about_a_place(lon: float, lat: float, why: str | None) -> None:
    assert doubt(lon, lat, HANBIN) == why


def test_swapped_only_when_swapping_helps() -> None:
    assert looks_swapped(32.69, 109.03, HANBIN)
    assert not looks_swapped(39.9, 116.4, HANBIN)
    assert not looks_swapped(109.03, 32.69, HANBIN)
    assert not inside(math.nan, 32.69, HANBIN)
