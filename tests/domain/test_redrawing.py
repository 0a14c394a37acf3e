"""Hundreds of random redraws over the demo district, each held against every law."""

from __future__ import annotations

import hashlib
import os
import secrets
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import shapely
from shapely.geometry.base import BaseGeometry

from geodata.demo.model import District
from geodata.domain import lattice, measure, replay
from geodata.domain.adopt import adopt
from geodata.domain.cells import Cell, Cells, cells_of
from geodata.domain.intent import Split, as_json, from_json
from geodata.domain.redraw import Redrawn
from geodata.files import coverages
from scripts import dirt, laws, redrawing
from scripts.redrawing import Trial

ROOT = Path(__file__).parents[2]
DATA = Path(os.environ.get("WANGGE_DATA", ROOT.parent / "shared" / "data"))
COMMUNITIES, EACH, REAL = 3, 100, 10


@pytest.fixture(scope="module")
def seed() -> int:
    fresh = secrets.randbits(32)
    print(f"seed {fresh}")  # noqa: T201 -- pytest shows it beside a failure
    return fresh


@pytest.fixture(scope="module")
def town(hanbin: District) -> tuple[Cells, dict[str, BaseGeometry]]:
    return redrawing.of_district(hanbin)


def test_three_hundred_random_redraws_keep_every_law(
    town: tuple[Cells, dict[str, BaseGeometry]], seed: int
) -> None:
    rng = np.random.default_rng(seed)
    cells, buildings = town
    homes = rng.choice(sorted({cell.community for cell in cells}), COMMUNITIES, replace=False)
    for home in homes.tolist():
        near = redrawing.neighbourhood(cells, home)
        trial = Trial(near, home, rng, buildings)
        assert list(trial.run(EACH, again=home == homes[0])) == [], f"seed {seed}"
        assert len(trial.log) == EACH


def few() -> Trial:
    """Redraws of a small drawn division, the same at each call."""
    rng = np.random.default_rng(11)
    cells = cells_of(dirt.division(rng, 9), "1")
    return Trial(cells, "1", rng)


def mark(cells: Cells) -> str:
    shapes = shapely.to_wkb(measure.array([cell.shape for cell in cells]))
    return hashlib.sha256(b"".join(shapes.tolist())).hexdigest()


@pytest.fixture(scope="module")
def trial() -> Trial:
    made = few()
    assert list(made.run(30)) == []
    return made


def test_a_log_gives_the_same_ground_whatever_the_hash_seed(trial: Trial) -> None:
    program = (
        "import sys; sys.path[:0] = sys.argv[1:]; import test_redrawing as t;"
        "made = t.few(); list(made.run(30)); print(t.mark(made.cells))"
    )
    told = subprocess.run(
        [sys.executable, "-c", program, str(Path(__file__).parent), str(ROOT)],
        env={**os.environ, "PYTHONHASHSEED": str(secrets.randbits(16))},
        check=True,
        capture_output=True,
        text=True,
    )
    assert told.stdout.split()[-1] == mark(trial.cells)


def test_a_log_survives_json(trial: Trial) -> None:
    assert [from_json(as_json(one)) for one in trial.log] == trial.log


def naive(cells: Cells, trial: Trial) -> Redrawn:
    """A grid split by plain difference and rounded, as most would do it."""
    code = max(cells.codes, key=lambda c: float(cells[c].shape.area))
    shape = cells[code].shape
    west, south, east, north = shape.bounds
    knife = shapely.box(west - 9, south - 9, (west + east) / 2, north + 9)
    parts = [shapely.intersection(shape, knife), shapely.difference(shape, knife)]
    rounded = [shapely.transform(part, np.rint) for part in parts]
    new = trial.hand.code()
    now = cells.replaced([Cell(code, "1", rounded[0]), Cell(new, "1", rounded[1])])
    return Redrawn(now, (code, new), (), ())


def test_the_laws_can_be_broken(trial: Trial) -> None:
    rng = np.random.default_rng(1)
    told = list(laws.broken_laws(trial.start, naive(trial.start, trial), rng))
    assert any(law.startswith("unmatched") for law in told), told
    first = next(iter(replay.replay(trial.start, trial.log)))
    code = next(c for c in first.changed if c in first.cells)
    gone = first.cells.replaced([], gone=[code])
    broken = Redrawn(gone, first.changed, first.noded, first.handed)
    assert any("gap" in law for law in laws.broken_laws(trial.start, broken, rng))
    moved = shapely.transform(first.cells[code].shape, lambda p: p + 50)
    broken = Redrawn(first.cells.replaced([Cell(code, "1", moved)]), first.changed, (), ())
    told = list(laws.broken_laws(trial.start, broken, rng))
    assert any(law.startswith(("overlap", "outside")) for law in told), told


real = pytest.mark.skipif(
    not (DATA / "ks_ellis_county.gpkg").is_file(),
    reason=f"the real polygon sets are not in {DATA}; set WANGGE_DATA",
)


@real
@pytest.mark.parametrize(
    ("name", "layer", "code", "near"),
    [
        ("nyc_community_districts.gpkg", "cd_2022", "boro_cd", 6),
        ("ks_ellis_county.gpkg", "block", "path", 40),
        ("uk_northumbria_lsoa2011.gpkg", "lsoa2011", "LSOA11CD", 30),
    ],
)
def test_real_polygon_sets_can_be_redrawn(
    name: str, layer: str, code: str, near: int, seed: int
) -> None:
    found = coverages.read(DATA / name, layer, code)
    shapes = zip(found.codes or [], found.shapes, strict=True)
    drawn = {one: shape for one, shape in shapes if shape is not None}
    rng = np.random.default_rng(seed)
    some = _some(drawn, near, rng)
    done = adopt(some, multipart=list(some))
    several = [c for c, shape in done.shapes.items() if shapely.get_num_geometries(shape) > 1]
    cells = cells_of({**done.shapes, "~1": done.uncovered}, "1", several)
    made = Trial(cells, "1", rng)
    assert list(made.run(REAL)) == [], f"seed {seed}"


def _some(
    drawn: dict[str, BaseGeometry], count: int, rng: np.random.Generator
) -> dict[str, BaseGeometry]:
    """Some neighbours of a set."""
    codes = sorted(drawn)
    first = drawn[codes[int(rng.integers(len(codes)))]]
    return {c: drawn[c] for c in sorted(codes, key=lambda c: drawn[c].distance(first))[:count]}


def test_a_multipart_grid_keeps_its_islands(seed: int) -> None:
    rng = np.random.default_rng(seed)
    shapes = dirt.division(rng, 6)
    codes = sorted(shapes)
    both = shapely.union_all([shapes.pop(codes[0]), shapes.pop(codes[-1])])
    cells = cells_of({**shapes, "M": both}, "1", ["M"])
    parts = shapely.get_parts(cells["M"].shape)
    west, south, east, north = lattice.to_degrees(parts[0]).bounds
    middle = (west + east) / 2
    line = ((round(middle, 7), round(south - 1e-4, 7)), (round(middle, 7), round(north + 1e-4, 7)))
    done = replay.perform(cells, Split("M", line, ("N", "O", "P")))
    assert list(laws.broken_laws(cells, done, rng)) == []
