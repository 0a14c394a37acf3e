"""Is ground divided without overlap, gap or stray piece? And the tools that divide it so.

`check` and `neighbours` take shapes in degrees (EPSG:4326, lon/lat) on the lattice. `planar`,
`borders`, `absorb`, `settle` and `dissolve` work on whole lattice steps (`lattice.to_units`), where
noding with a grid size of one is exact.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry import MultiLineString, MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from geodata.domain import lattice
from geodata.domain.lattice import Floats, Shapes

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
FlawKind = Literal["invalid", "off_lattice", "stray", "overlap", "unmatched", "gap", "outside"]

_INTERIORS_MEET = "T********"


@dataclass(frozen=True)
class Flaw:
    """One reason why a set of cells is no partition: its kind, whose it is, and where (degrees)."""

    kind: FlawKind
    codes: tuple[str, ...]
    place: BaseGeometry


def check(
    cells: Mapping[str, BaseGeometry], ground: BaseGeometry, loose: Collection[str] = ()
) -> list[Flaw]:
    """What keeps the cells from dividing the ground exactly; empty where they do.

    Cells and ground are in degrees. The codes in ``loose`` (uncovered cells) may be empty or in
    pieces. Cells that are invalid in themselves are reported alone, since nothing else can be
    said about them.
    """
    flaws = list(_flaws_of_each(cells, frozenset(loose)))
    if any(flaw.kind == "invalid" for flaw in flaws):
        return flaws
    filled = {code: shape for code, shape in sorted(cells.items()) if not shape.is_empty}
    overlaps = list(_overlaps(filled))
    flaws += overlaps
    flaws += _unmatched(filled, {code for flaw in overlaps for code in flaw.codes})
    flaws += _uncovered(filled, ground)
    return flaws


def _flaws_of_each(cells: Mapping[str, BaseGeometry], loose: frozenset[str]) -> Iterator[Flaw]:
    for code, shape in sorted(cells.items()):
        if shape.is_empty and code in loose:
            continue
        if shape.is_empty or not shape.is_valid or not isinstance(shape, Polygon | MultiPolygon):
            yield Flaw("invalid", (code,), shape)
            continue
        if not lattice.on_lattice(shape):
            yield Flaw("off_lattice", (code,), shape)
        parts = shapely.get_parts(shape)
        if len(parts) > 1 and code not in loose:
            smaller = sorted(parts, key=lambda part: float(part.area))[:-1]
            yield Flaw("stray", (code,), MultiPolygon(smaller))


def _overlaps(cells: Mapping[str, BaseGeometry]) -> Iterator[Flaw]:
    codes = list(cells)
    shapes = np.array(list(cells.values()), dtype=object)
    left, right = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    once = left < right
    left, right = left[once], right[once]
    both = shapely.relate_pattern(shapes[left], shapes[right], _INTERIORS_MEET)
    for i, j in sorted(zip(left[both].tolist(), right[both].tolist(), strict=True)):
        yield Flaw("overlap", (codes[i], codes[j]), shapes[i].intersection(shapes[j]))


def _unmatched(cells: Mapping[str, BaseGeometry], known: Collection[str]) -> Iterator[Flaw]:
    """Borders whose two sides do not share their vertices, apart from overlaps already told."""
    edges = shapely.coverage_invalid_edges(np.array(list(cells.values()), dtype=object))
    for code, edge in zip(cells, edges, strict=True):
        if not shapely.is_empty(edge) and code not in known:
            yield Flaw("unmatched", (code,), edge)


def _uncovered(cells: Mapping[str, BaseGeometry], ground: BaseGeometry) -> Iterator[Flaw]:
    whole = shapely.union_all(list(cells.values()))
    for part in _thicker_than_a_step(ground.difference(whole)):
        yield Flaw("gap", (), part)
    for part in _thicker_than_a_step(whole.difference(ground)):
        touched = [code for code, shape in cells.items() if shape.intersects(part)]
        yield Flaw("outside", tuple(touched), part)


def _thicker_than_a_step(shape: BaseGeometry) -> Iterator[BaseGeometry]:
    """The parts of an area that are more than the noise of snapping its outline."""
    for part in shapely.get_parts(shape):
        if part.area > part.length * lattice.STEP:
            yield part


def neighbours(cells: Mapping[str, BaseGeometry]) -> dict[str, tuple[str, ...]]:
    """For each code of a sound partition, the codes it shares a stretch of border with, sorted."""
    codes = sorted(cells)
    left, right, _ = borders([cells[code] for code in codes])
    found: dict[str, set[str]] = {code: set() for code in codes}
    for i, j in zip(left.tolist(), right.tolist(), strict=True):
        found[codes[i]].add(codes[j])
        found[codes[j]].add(codes[i])
    return {code: tuple(sorted(beside)) for code, beside in found.items()}


def planar(lines: Sequence[BaseGeometry] | Shapes) -> Shapes:
    """The faces between lines, as an array of Polygons; lines and faces in lattice steps.

    Lines are noded on whole steps, so that neighbouring faces share every vertex.
    """
    noded = shapely.union_all(list(lines), grid_size=1.0)
    return shapely.get_parts(shapely.polygonize([noded]))


def borders(cells: Sequence[BaseGeometry] | Shapes) -> tuple[Ints, Ints, Floats]:
    """Pairs of cells with a common border: lower index, higher index, length of the border.

    Lengths are in the unit of the coordinates. Cells must share their vertices.
    """
    ends, low, high = common_segments(cells)
    length = np.hypot(*(ends[:, 2:] - ends[:, :2]).T)
    keys, where = np.unique(low * len(cells) + high, return_inverse=True)
    total = np.bincount(where, weights=length, minlength=len(keys)).astype(np.float64)
    return keys // len(cells), keys % len(cells), total


def common_segments(cells: Sequence[BaseGeometry] | Shapes) -> tuple[Floats, Ints, Ints]:
    """Every segment between two cells as x0, y0, x1, y1, with their lower and higher index.

    Cells must share their vertices.
    """
    ends, owner = _segments(cells)
    order = np.lexsort(ends.T)
    ends, owner = ends[order], owner[order]
    twin = np.flatnonzero(np.all(ends[1:] == ends[:-1], axis=1))
    low, high = np.minimum(owner[twin], owner[twin + 1]), np.maximum(owner[twin], owner[twin + 1])
    different = low != high
    return ends[twin][different], low[different], high[different]


def _segments(cells: Sequence[BaseGeometry] | Shapes) -> tuple[Floats, Ints]:
    """Every border segment as x0, y0, x1, y1 with its ends in order, and whose it is."""
    parts, part_owner = shapely.get_parts(np.asarray(cells, dtype=object), return_index=True)
    rings, ring_part = shapely.get_rings(parts, return_index=True)
    points, ring = shapely.get_coordinates(rings, return_index=True)
    inside = np.flatnonzero(ring[1:] == ring[:-1])
    start, end = points[inside], points[inside + 1]
    swap = (start[:, 0] > end[:, 0]) | ((start[:, 0] == end[:, 0]) & (start[:, 1] > end[:, 1]))
    start[swap], end[swap] = end[swap], start[swap].copy()
    return np.hstack([start, end]), part_owner[ring_part[ring[inside]]].astype(np.int64)


def one_sided(cells: Sequence[BaseGeometry] | Shapes) -> float:
    """The length of all border that has a cell on one side only, in the unit of the coordinates.

    The outline of the ground they fill, and of every gap, however thin, that they leave: where two
    sides of a border do not have the same vertices there is one, or an overlap.
    """
    ends, _ = _segments(cells)
    ends = ends[np.lexsort(ends.T)]
    twin = np.all(ends[1:] == ends[:-1], axis=1)
    alone = ~(np.append(twin, False) | np.append(False, twin))
    return float(np.hypot(*(ends[alone, 2:] - ends[alone, :2]).T).sum())


def fences(cells: Sequence[BaseGeometry] | Shapes, owner: Ints) -> Shapes:
    """The stretches of border between cells of different owners; cells must share vertices."""
    ends, cell = _segments(cells)
    order = np.lexsort(ends.T)
    ends, whose = ends[order], owner[cell[order]]
    twin = np.flatnonzero(np.all(ends[1:] == ends[:-1], axis=1) & (whose[1:] != whose[:-1]))
    return np.asarray(shapely.linestrings(ends[twin].reshape(-1, 2, 2)))


def absorb(faces: Shapes, small: Callable[[Shapes], Bools], rounds: int = 20) -> Shapes:
    """The faces, each one that ``small`` names joined to the face it shares most border with."""
    for _ in range(rounds):
        named = small(faces)
        target = _longest_neighbour(faces, named)
        if not target:
            break
        faces = _join(faces, target)
    return faces


def _longest_neighbour(faces: Shapes, named: Bools) -> dict[int, int]:
    """For each named face, smallest first, who takes it in; a taker is not taken itself."""
    left, right, length = borders(faces)
    near: dict[int, list[tuple[float, int]]] = {int(i): [] for i in np.flatnonzero(named)}
    for i, j, common in zip(left.tolist(), right.tolist(), length.tolist(), strict=True):
        for one, other in ((i, j), (j, i)):
            if one in near:
                near[one].append((common, -other))
    area = shapely.area(faces)
    target: dict[int, int] = {}
    takers: set[int] = set()
    for i in sorted(near, key=lambda i: (float(area[i]), i)):
        taker = -max(near[i])[1] if near[i] else i
        if taker != i and i not in takers and taker not in target:
            target[i] = taker
            takers.add(taker)
    return target


def _join(faces: Shapes, target: Mapping[int, int]) -> Shapes:
    labels = np.arange(len(faces))
    for taken, taker in target.items():
        labels[taken] = taker
    return np.array([shape for _, shape in sorted(dissolve(faces, labels).items())], dtype=object)


def dissolve(faces: Shapes, labels: Ints) -> dict[int, BaseGeometry]:
    """The union of the faces of each label; faces must share their vertices."""
    order = np.argsort(labels, kind="stable")
    found, start = np.unique(labels[order], return_index=True)
    groups = np.split(order, start[1:])
    return {
        int(label): faces[group[0]] if len(group) == 1 else shapely.coverage_union_all(faces[group])
        for label, group in zip(found, groups, strict=True)
    }


def settle(faces: Shapes, labels: Ints, rounds: int = 10) -> Ints:
    """Labels under which each label's faces hang together.

    The largest piece of a label keeps it; every other piece takes the label that it shares most
    border with.
    """
    labels = labels.copy()
    left, right, length = borders(faces)
    area = shapely.area(faces)
    for _ in range(rounds):
        pieces = components(len(faces), left, right, labels[left] == labels[right])
        lost = _smaller_pieces(pieces, labels, area)
        if not lost.any():
            break
        _relabel(labels, lost, pieces, (left, right, length))
    return labels


def components(count: int, left: Ints, right: Ints, joined: Bools) -> Ints:
    """The component of each of ``count`` nodes, as its lowest node, over the joined pairs."""
    root = np.arange(count)
    a, b = left[joined], right[joined]
    while True:
        low = np.minimum(root[a], root[b])
        before = root.copy()
        np.minimum.at(root, a, low)
        np.minimum.at(root, b, low)
        root = root[root]
        if np.array_equal(root, before):
            return root


def _smaller_pieces(pieces: Ints, labels: Ints, area: Floats) -> Bools:
    size = np.bincount(pieces, weights=area, minlength=len(labels))[pieces]
    largest: dict[int, tuple[float, int]] = {}
    for label, extent, piece in zip(labels.tolist(), size.tolist(), pieces.tolist(), strict=True):
        largest[label] = max(largest.get(label, (0.0, -1)), (extent, piece))
    keeper = np.array([largest[label][1] for label in labels.tolist()])
    return np.asarray(pieces != keeper)


def _relabel(labels: Ints, lost: Bools, pieces: Ints, pairs: tuple[Ints, Ints, Floats]) -> None:
    gains: dict[int, dict[int, float]] = {}
    for i, j, common in zip(*(column.tolist() for column in pairs), strict=True):
        for one, other in ((i, j), (j, i)):
            if lost[one] and not lost[other]:
                gain = gains.setdefault(int(pieces[one]), {})
                gain[int(labels[other])] = gain.get(int(labels[other]), 0.0) + common
    for piece, gain in sorted(gains.items()):
        labels[pieces == piece] = max(sorted(gain), key=lambda label: gain[label])


def outline(shape: BaseGeometry) -> MultiLineString:
    """The border lines of an area, for noding it together with others."""
    return MultiLineString([line for line in shapely.get_parts(shape.boundary) if line.length > 0])
