"""Divisions as a careless hand draws them, and the laws that an adopted one must keep."""

from collections.abc import Iterator, Mapping

import numpy as np
import shapely
from shapely.geometry import MultiPoint, Polygon
from shapely.geometry.base import BaseGeometry

from geodata.domain import lattice, measure, partition, soundness
from geodata.domain.adopt import Adopted, Tolerance, adopt, level_by_level

CORNER = np.rint(np.array([109.02, 32.69]) * lattice.STEPS)
SIDE = 40_000
"""Lattice steps of one side of the ground: about 450 m."""
STEP_M = 0.014


def division(rng: np.random.Generator, count: int, side: int = SIDE) -> dict[str, BaseGeometry]:
    """A sound division of a square into `count` cells at the most; degrees, on the lattice.

    `side` in lattice steps.
    """
    spots = CORNER + rng.integers(0, side, (count, 2))
    frame = shapely.box(*CORNER, *(CORNER + side))
    lines = [shapely.voronoi_polygons(MultiPoint(spots), only_edges=True), frame.boundary]
    faces = partition.planar([shapely.transform(line, np.rint) for line in lines])
    inside = [face for face in faces if frame.contains(face.representative_point())]
    return {f"{n:03d}": lattice.to_degrees(face) for n, face in enumerate(inside)}


def soil(
    cells: Mapping[str, BaseGeometry], rng: np.random.Generator, sigma_m: float
) -> dict[str, BaseGeometry]:
    """The cells with vertices moved by about `sigma_m` metres, some left out, some rings crossed.

    Shapes in degrees, off the lattice, perhaps invalid; now and then one cell is missing.
    """
    dirty = {code: _soiled(shape, rng, sigma_m) for code, shape in cells.items()}
    if rng.random() < 0.2 and len(dirty) > 2:  # noqa: PLR2004 -- something must remain
        del dirty[str(rng.choice(sorted(dirty)))]
    return dirty


def _soiled(shape: BaseGeometry, rng: np.random.Generator, sigma_m: float) -> BaseGeometry:
    points = shapely.get_coordinates(shape)[:-1]
    points = points + rng.normal(0.0, sigma_m / STEP_M * lattice.STEP, points.shape)
    keep = rng.random(len(points)) > 0.1  # noqa: PLR2004 -- a tenth of the corners
    points = points[keep] if keep.sum() > 3 else points  # noqa: PLR2004 -- a ring's least
    if rng.random() < 0.1 and len(points) > 3:  # noqa: PLR2004 -- a tenth of the rings
        points[[0, 1]] = points[[1, 0]]
    return Polygon(points)


def broken_laws(
    drawn: Mapping[str, BaseGeometry], ground: BaseGeometry | None, done: Adopted
) -> Iterator[str]:
    """What an adopted division should keep and does not; nothing where all is well."""
    yield from _unsound(done)
    yield from _unaccounted(drawn, done)
    yield from _beyond_tolerance(done)
    if ground is not None and done.ground.symmetric_difference(ground).area > _edge(ground):
        yield "the ground is another"
    turned = dict(reversed(list(drawn.items())))
    if not _same(adopt(turned, ground), done):
        yield "the order of the set matters"
    again = adopt(done.shapes, ground and done.ground)
    if not _same(again, done):
        yield "adopting again changes something"
    if any(change.why != "gap" or change.gained for change in again.changes):
        yield "adopting again finds something to mend"


def _unsound(done: Adopted) -> Iterator[str]:
    cells = {**done.shapes, "~": done.uncovered}
    loose = {"~", *done.in_pieces}
    yield from (f"{flaw.kind} {flaw.codes}" for flaw in partition.check(cells, done.ground, loose))
    units = [lattice.to_units(shape).area for shape in cells.values()]
    if sum(units) != lattice.to_units(done.ground).area:
        yield "the areas do not add up"


def _unaccounted(drawn: Mapping[str, BaseGeometry], done: Adopted) -> Iterator[str]:
    """Codes whose ground differs from what was drawn by more than their changes and rounding."""
    codes = sorted(drawn)
    sound = soundness.look([drawn[code] for code in codes], codes).shapes
    for code, before in zip(codes, sound, strict=True):
        now = done.shapes.get(code, Polygon())
        told = [c.shape for c in done.changes if code in (c.gained, *c.lost)]
        areas = [soundness.areas_of(shape) for shape in told]
        rest = before.symmetric_difference(now).difference(shapely.union_all(areas))
        if rest.area > _edge(before) + sum(_edge(shape) for shape in areas):
            yield f"{code} changed by {measure.area_m2([rest])[0]:.2f} m2 that nobody tells of"


def _edge(shape: BaseGeometry) -> float:
    """The area that rounding may move: an outline, a step and a half wide (square degrees)."""
    return float(shape.length) * lattice.STEP * 1.5


def _beyond_tolerance(done: Adopted) -> Iterator[str]:
    limit = Tolerance()
    for change in done.changes:
        width = float(measure.width_m([change.shape])[0])
        if not change.decide and change.area_m2 > limit.area_m2 and width > limit.width_m:
            yield f"a {change.why} of {change.area_m2:.0f} m2 is not marked for decision"


def _same(one: Adopted, other: Adopted) -> bool:
    if one.shapes.keys() != other.shapes.keys() or not one.uncovered.equals(other.uncovered):
        return False
    return all(shapely.equals_identical(one.shapes[c], other.shapes[c]) for c in one.shapes)


def trial(seed: int) -> list[str]:
    """One random dirty division, adopted level by level: the laws that broke, with the seed."""
    rng = np.random.default_rng(seed)
    cells = division(rng, int(rng.integers(2, 14)))
    outlined = rng.random() < 0.5  # noqa: PLR2004 -- a coin
    dirty = soil(cells, rng, float(rng.choice([0.0, 0.01, 0.15, 0.6, 1.5, 5.0])))
    levels = level_by_level(dirty)
    ground = shapely.union_all(list(cells.values())) if outlined and len(levels) == 1 else None
    told: list[str] = []
    for level in levels:
        drawn = {code: shape for code, shape in level.items() if shape is not None}
        told += broken_laws(drawn, ground, adopt(drawn, ground))
    return [f"seed {seed}: {law}" for law in told]
