"""Ground divided by who is nearest: between buildings, or among the neighbours of a grid.

Points along each outline are given the ground that is nearer to them than to any other (Voronoi
polygons); the borders between them run midway, smoothed. Shapes in lattice steps.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import shapely
from shapely.geometry import MultiPoint
from shapely.geometry.base import BaseGeometry

from geodata.domain import lattice, measure, partition, plain
from geodata.domain.cells import Cell
from geodata.domain.intent import Give
from geodata.domain.lattice import Floats, Shapes
from geodata.domain.partition import Ints
from geodata.domain.plane import Plane, around
from geodata.errors import InvalidRedraw, Remedy

SPACING_M: Final = 2.0
SMOOTH_M: Final = 2.0
MOST_POINTS: Final = 60_000
"""Points along all outlines; further apart where there would be more."""
MOST_ALONG: Final = 4_000
"""The same along borders, beside which nothing stands that must not be cut."""
GRADED: Final = 0.05
"""Points along a border lie further apart than `SPACING_M` by this share of the way to its end.

Two borders part at their ends: so the ground between them is shared out as finely as it is wide.
"""


def territories(
    sources: Mapping[str, BaseGeometry], within: BaseGeometry, plane: Plane
) -> dict[str, BaseGeometry]:
    """The part of an area that is nearest to each of some lines or areas, by key.

    Borders are smoothed unless they would cut a source then.
    """
    keys = sorted(sources)
    shapes = measure.array([plane.to_m(sources[key]) for key in keys])
    closed = bool((shapely.get_dimensions(shapes) > 1).any())
    points, owner = _points([_line(shape) for shape in shapes], closed=closed)
    ground = plane.to_m(within)
    cells = shapely.voronoi_polygons(MultiPoint(points), extend_to=ground.buffer(1.0), ordered=True)
    rounded = shapely.transform(np.asarray(shapely.get_parts(cells)), lambda p: np.round(p, 3))
    fences = shapely.line_merge(shapely.union_all(partition.fences(rounded, owner)))
    smooth: BaseGeometry = shapely.simplify(fences, SMOOTH_M)
    lines = plane.to_steps(fences if _cuts_more(smooth, fences, shapes) else smooth)
    faces = partition.planar([partition.outline(within), lines])
    spots = shapely.point_on_surface(faces)
    shapely.prepare(within)
    inside = shapely.intersects(within, spots)
    near = shapely.STRtree(shapes).query_nearest(plane.to_m(spots[inside]), all_matches=False)[1]
    return {keys[n]: shape for n, shape in sorted(partition.dissolve(faces[inside], near).items())}


def _cuts_more(smooth: BaseGeometry, fences: BaseGeometry, shapes: Shapes) -> bool:
    """Whether smoothing made borders run through a source."""
    before, after = (shapely.length(shapely.intersection(one, shapes)) for one in (fences, smooth))
    return bool((after > before + SPACING_M / 10).any())


def _points(outlines: list[BaseGeometry], *, closed: bool) -> tuple[Floats, Ints]:
    """Distinct points along outlines, and whose each is: the first of those that share it."""
    lines = measure.array(outlines)
    length = float(shapely.length(lines).sum())
    if length > MOST_ALONG * SPACING_M and not closed:
        lines = measure.array([_graded(line, length / MOST_ALONG) for line in outlines])
    else:
        lines = shapely.segmentize(lines, max(SPACING_M, length / MOST_POINTS))
    points, owner = shapely.get_coordinates(lines, return_index=True)
    distinct, first = np.unique(np.round(points, 3), axis=0, return_index=True)
    return distinct, owner[first].astype(np.int64)


def _graded(border: BaseGeometry, widest: float) -> BaseGeometry:
    """The corners of a border and points along it, closest together near the ends of each part."""
    parts = shapely.get_parts(shapely.line_merge(border))
    corners = shapely.get_coordinates(parts)
    found = [
        shapely.get_coordinates(shapely.line_interpolate_point(part, along(part.length, widest)))
        for part in parts
    ]
    return MultiPoint(np.vstack([corners, *found]))


def along(length: float, widest: float) -> Floats:
    """Where along a line (metres) points lie: close together at its ends, `widest` in its midst."""
    at = [0.0]
    while at[-1] < length / 2:
        at.append(at[-1] + min(max(SPACING_M, GRADED * at[-1]), widest))
    half = np.array(at[:-1])
    return np.concatenate([half, length - half])


def _line(shape: BaseGeometry) -> BaseGeometry:
    return shape.boundary if shape.geom_type.endswith("Polygon") else shape


def hand_over(buildings: Mapping[str, BaseGeometry], chosen: Mapping[str, Cell], to: str) -> Give:
    """The intent that gives some buildings to a grid, with the ground around them.

    `buildings` are the outlines (lattice steps) of all buildings of the grids that `chosen` ones
    stand in, by code; `chosen` names the grid of each. The new border runs midway to the buildings
    that stay, never through one. Raises InvalidRedraw ``no_buildings``.
    """
    if not chosen:
        place = lattice.to_degrees(MultiPoint([b.centroid for b in buildings.values()]))
        raise InvalidRedraw("no_buildings", place=place, remedy=Remedy("choose_again"))
    donors = {cell.code: cell for _, cell in sorted(chosen.items())}
    areas = [
        _grown(
            {code: b for code, b in buildings.items() if b.intersects(donor.shape)}, chosen, donor
        )
        for donor in donors.values()
    ]
    area = shapely.union_all(areas, grid_size=1.0)
    return Give(plain.area_of(area), to, donors=tuple(donors), buildings=tuple(sorted(chosen)))


def _grown(
    buildings: Mapping[str, BaseGeometry], chosen: Mapping[str, Cell], donor: Cell
) -> BaseGeometry:
    """The ground of a grid that is nearer to its chosen buildings than to any other."""
    mine = {code for code, cell in chosen.items() if cell.code == donor.code}
    if mine >= buildings.keys():
        return donor.shape
    area = territories(
        {
            "chosen": shapely.union_all([buildings[code] for code in sorted(mine)]),
            "other": shapely.union_all([b for code, b in buildings.items() if code not in mine]),
        },
        donor.shape,
        around([donor.shape]),
    )
    return area["chosen"]
