"""Adopting real dirty coverages: time and what is left, beside two other ways in the same run."""

import os
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final

import click
import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geodata.domain import lattice, measure
from geodata.domain.adopt import adopt
from geodata.domain.flaw import Flaw
from geodata.domain.lattice import Shapes
from geodata.domain.quality import About, check
from geodata.domain.soundness import areas_of
from geodata.files import coverages
from scripts.bench.figures import Cell, Table

LAYERS = (
    ("denver_precincts_dirty.gpkg", "precincts2020_orig", "PRECID"),
    ("uk_northumbria_lsoa2011.gpkg", "lsoa2011", "LSOA11CD"),
    ("nyc_community_districts.gpkg", "cd_2013", "boro_cd"),
    ("nyc_community_districts.gpkg", "cd_2022", "boro_cd"),
    ("vancouver_local_areas.gpkg", "local_areas", "mapid"),
    ("ks_ellis_county.gpkg", "block", "path"),
)
GAP = 3 / 0.012
"""Three metres in lattice steps, as `adopt` fills."""
REPAIRED = ("denver_precincts_dirty.gpkg", "precincts2020_repaired_by_maup", "PRECID")
Way = Callable[[Mapping[str, BaseGeometry]], Shapes]
CHECKOUT = Path(__file__).parents[2]


def run(count: int) -> Table:
    """Seconds and remaining flaws of each way for each coverage in WANGGE_DATA."""
    del count
    folder = Path(os.environ.get("WANGGE_DATA", CHECKOUT.parent / "shared" / "data"))
    if not folder.is_dir():
        raise click.ClickException(f"The real coverages are not in {folder}; set WANGGE_DATA.")
    rows = [row for name, layer, code in LAYERS for row in _rows(folder / name, layer, code)]
    columns = ("coverage", "areas", "way", "seconds", "left to mend")
    return Table("Adopting dirty coverages", columns, rows, list(_compare(folder)))


def _rows(path: Path, layer: str, code: str) -> Iterator[tuple[Cell, ...]]:
    drawn = _read(path, layer, code)
    started = time.perf_counter()
    check(list(drawn.values()), list(drawn))
    yield layer, len(drawn), "check", time.perf_counter() - started, "-"
    for title, way in WAYS.items():
        seconds, shapes = _timed(way, drawn)
        yield layer, len(drawn), title, seconds, _left(shapes)


def _read(path: Path, layer: str, code: str) -> dict[str, BaseGeometry]:
    found = coverages.read(path, layer, code)
    rows = zip(found.codes or [], found.shapes, strict=True)
    return {one: shape for one, shape in rows if shape is not None}


def _adopted(drawn: Mapping[str, BaseGeometry]) -> Shapes:
    return measure.array(list(adopt(drawn).shapes.values()))


def _mended_each(drawn: Mapping[str, BaseGeometry]) -> Shapes:
    """The usual way: each shape made valid and rounded by itself, and made valid once more."""
    rounded = lattice.snap_shape(_valid(measure.array(list(drawn.values()))))
    return _valid(rounded)


def _valid(shapes: Shapes) -> Shapes:
    valid = shapely.make_valid(shapes, method="structure", keep_collapsed=False)
    return measure.array([areas_of(shape) for shape in valid])


def _cleaned(drawn: Mapping[str, BaseGeometry]) -> Shapes:
    """GEOS's own cleaner, in lattice steps as it wants a plane, then rounded to be stored."""
    units = shapely.transform(_mended_each(drawn), lambda points: points * lattice.STEPS)
    cleaned = shapely.coverage_clean(units, gap_width=GAP)  # type: ignore[attr-defined]
    return np.asarray(lattice.to_degrees(shapely.transform(cleaned, np.rint)), dtype=object)


WAYS: Final[Mapping[str, Way]] = {
    "adopt": _adopted,
    "make_valid and round each": _mended_each,
    "coverage_clean, rounded": _cleaned,
}


def _left(shapes: Shapes) -> str:
    """What is left to mend: invalid shapes, overlaps, small holes, unmatched borders."""
    codes = [f"{n:05d}" for n in range(len(shapes))]
    kinds: Counter[str] = Counter()
    for flaw in check(list(shapes), codes, None, About(stored=True)):
        if flaw.remedy == "repair" and flaw.severity != "note" and not _meant(flaw):
            kinds[flaw.kind] += flaw.count
    return ", ".join(f"{count:,} {kind}" for kind, count in sorted(kinds.items())) or "no flaw"


def _meant(flaw: Flaw) -> bool:
    """Whether a hole is so large that it may be meant."""
    return flaw.kind == "gap" and flaw.severity == "warning"


def _compare(folder: Path) -> Iterator[str]:
    """Denver: the share of all ground that two sets give to the same code."""
    drawn = _read(folder / LAYERS[0][0], *LAYERS[0][1:])
    theirs = _read(folder / REPAIRED[0], *REPAIRED[1:])
    ours = adopt(drawn).shapes
    for title, one, other in (
        ("adopted and as drawn", ours, drawn),
        ("adopted and the published repair", ours, theirs),
        ("as drawn and the published repair", drawn, theirs),
    ):
        yield f"Denver, {title}: {_agreement(one, other):.4%} agree"


def _agreement(one: Mapping[str, BaseGeometry], other: Mapping[str, BaseGeometry]) -> float:
    codes = sorted(one)
    a, b = measure.array([one[c] for c in codes]), measure.array([other[c] for c in codes])
    same = measure.area_m2(shapely.intersection(a, b)).sum()
    return float(same / (measure.area_m2(a).sum() + measure.area_m2(b).sum() - same))


def _timed(way: Way, drawn: Mapping[str, BaseGeometry]) -> tuple[float, Shapes]:
    started = time.perf_counter()
    done = way(drawn)
    return time.perf_counter() - started, done
