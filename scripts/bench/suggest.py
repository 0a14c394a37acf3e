"""Suggested grids against the obvious way: k-means on the doors, and the ground nearest to each."""

import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime

import numpy as np
import shapely
from shapely.geometry import MultiPoint
from shapely.geometry.base import BaseGeometry

from geodata.demo import Options, community, generate
from geodata.demo.community import Community
from geodata.domain import lattice, measure, partition
from geodata.domain.lattice import Floats, Shapes
from geodata.domain.partition import Ints
from geodata.domain.suggest import net, proposal, units
from geodata.domain.suggest.given import Aim, Plane
from scripts.bench.figures import Cell, Table, ratio

ROUNDS = 40
CUT = 0.02
AIM = Aim()
NOW = datetime(2026, 1, 1, tzinfo=UTC)
Way = Callable[[Community, BaseGeometry], list[Shapes]]


def run(count: int) -> Table:
    """Time and quality of both ways on all communities of a demo district of `count` buildings."""
    district = generate(Options(buildings=count, issues=0, now=NOW))
    places = [community.of(district, one.code) for one in district.communities]
    totals: dict[str, list[Floats]] = defaultdict(list)
    seconds: dict[str, float] = defaultdict(float)
    for place in places:
        ground = shapely.union_all(list(place.grids.values()))
        for name, way in WAYS.items():
            started = time.perf_counter()
            found = way(place, ground)
            seconds[name] += (time.perf_counter() - started) / len(found)
            totals[name] += [_judged(place, shapes) for shapes in found]
    ours = seconds["suggest"]
    rows = [[name, *_row(totals[name]), ratio(seconds[name], ours)] for name in WAYS]
    return Table(
        f"Grids for {len(places)} communities, {sum(len(p.houses) for p in places):,} houses",
        (
            *("way", "grids", "in the band %", "houses cut", "courtyards cut", "groups cut"),
            *("on streets %", "compactness", "of the worst", "in pieces", "time, × of ours"),
        ),
        rows,
        [
            f"ours: {ours / len(places):.2f} s an alternative; figures are means of a community;",
            "in the band: households by door; cut: more than 2 % of a house outside its grid.",
        ],
    )


def _row(totals: Sequence[Floats]) -> list[Cell]:
    return [float(value) for value in np.mean(totals, axis=0)]


def _suggested(place: Community, ground: BaseGeometry) -> list[Shapes]:
    made = units.of_ground(ground, place.houses, place.streets, AIM, place.grids)
    found = proposal.divide(made, AIM)
    return [measure.array([grid.shape for grid in one.grids]) for one in found]


def _nearest(place: Community, ground: BaseGeometry) -> list[Shapes]:
    """Weighted k-means (Lloyd) on the doors, and Voronoi cells of the centres."""
    plane = Plane.of(lattice.to_units(measure.array([ground])))
    doors = shapely.get_coordinates(plane.drawn(measure.array([h.door for h in place.houses])))
    weight = np.array([house.households for house in place.houses], dtype=float)
    rng = np.random.default_rng(0)
    k = round(float(weight.sum()) / AIM.norm)
    centres = doors[rng.choice(len(doors), k, replace=False, p=weight / weight.sum())]
    for _ in range(ROUNDS):
        nearest = _closest(doors, centres)
        total = np.bincount(nearest, weight, k)[:, None]
        sums = np.stack([np.bincount(nearest, weight * doors[:, i], k) for i in (0, 1)], axis=1)
        centres = np.where(total > 0, sums / np.maximum(total, 1), centres)
    cells = shapely.voronoi_polygons(MultiPoint(centres), extend_to=plane.drawn(ground))
    parts = shapely.intersection(shapely.get_parts(cells), plane.drawn(ground))
    return [np.asarray(lattice.to_degrees(plane.steps(parts[shapely.area(parts) > 0])))]


def _closest(doors: Floats, centres: Floats) -> Ints:
    gap = np.hypot(*(doors[:, None, :] - centres[None, :, :]).transpose(2, 0, 1))
    return np.asarray(np.argmin(gap, axis=1))


WAYS: Mapping[str, Way] = {"suggest": _suggested, "k-means and Voronoi": _nearest}


def _judged(place: Community, shapes: Shapes) -> Floats:
    """One division in figures, all taken from its shapes alone."""
    doors = measure.array([house.door for house in place.houses])
    grid = np.zeros(len(doors), dtype=np.int64)
    door, cell = shapely.STRtree(shapes).query(doors, predicate="intersects")
    grid[door] = cell
    outlines = measure.array([house.outline for house in place.houses])
    out = shapely.area(shapely.difference(outlines, shapes[grid])) > CUT * shapely.area(outlines)
    households = np.bincount(grid, [h.households for h in place.houses], len(shapes))
    within = np.mean((households >= AIM.low) & (households <= AIM.high))
    flat = measure.flat(shapes)
    round_ = 4 * np.pi * shapely.area(flat) / shapely.length(flat) ** 2
    return np.array(
        [
            *(len(shapes), 100 * within, out.sum()),
            _parted([house.courtyard for house in place.houses], grid.tolist()),
            _parted([house.group for house in place.houses], grid.tolist()),
            *(100 * _on_streets(place, shapes), round_.mean(), round_.min()),
            (shapely.get_num_geometries(shapes) > 1).sum(),
        ]
    )


def _parted(names: Sequence[str | None], grid: Sequence[int]) -> int:
    found = {(name, one) for name, one in zip(names, grid, strict=True) if name}
    return len(found) - len({name for name, _ in found})


def _on_streets(place: Community, shapes: Shapes) -> float:
    """The share of the borders between grids that runs along streets."""
    steps = lattice.to_units(shapes)
    faces = partition.planar([partition.outline(shape) for shape in steps])
    _, _, length = net.pairs(faces, place.streets, Plane.of(steps))
    return float(length[:, net.INNER + 1 :].sum() / length.sum())
