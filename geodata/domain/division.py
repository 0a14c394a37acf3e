"""Polygons from a file become cells that divide the ground of their communities exactly.

Everything is noded against everything on the lattice, so that neighbours share every vertex; what
snapping leaves between borders is given to a neighbour. Nothing else is put right here: overlaps
and ground beyond the community come back as flaws.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import shapely
from shapely.geometry import MultiPolygon
from shapely.geometry.base import BaseGeometry

from geodata.domain import lattice, partition
from geodata.domain.crs import metres_per_degree
from geodata.domain.lattice import Floats, Shapes
from geodata.domain.partition import Ints

NOISE: Final = 8.0
"""Lattice steps (about 10 cm): what is thinner between two borders is the noise of snapping."""

_ROUNDS: Final = 12
_NOBODY: Final = -1


@dataclass(frozen=True)
class Fault:
    """Why polygons do not divide the ground: ``overlap`` of two, or one ``outside`` of its own.

    `keys` are the polygons, the other one's last; `place` is where, in degrees.
    """

    kind: str
    keys: tuple[str, ...]
    place: BaseGeometry

    @property
    def square_metres(self) -> float:
        """The size of the place."""
        return square_metres(self.place)


@dataclass
class Divided:
    """Cells in degrees on the lattice: of each polygon, and of those around with their new nodes.

    `rest` is the ground of each community in no polygon (may be empty). `noise` counts the strips
    that snapping left and that were given to a neighbour, `noise_m2` their size.
    """

    cells: dict[str, BaseGeometry] = field(default_factory=dict)
    rest: dict[str, BaseGeometry] = field(default_factory=dict)
    around: dict[str, BaseGeometry] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    noise: int = 0
    noise_m2: float = 0.0


def square_metres(shape: BaseGeometry) -> float:
    """The area of a shape in degrees, in square metres on the local plane."""
    if shape.is_empty:
        return 0.0
    kx, ky = metres_per_degree(float(shape.bounds[1] + shape.bounds[3]) / 2)
    return float(shape.area) * kx * ky


def divide(
    polygons: Mapping[str, BaseGeometry],
    homes: Mapping[str, str],
    grounds: Mapping[str, BaseGeometry],
    around: Mapping[str, BaseGeometry],
) -> Divided:
    """Divide the ground of communities among polygons; all shapes in degrees.

    `homes` names the community of each polygon, `grounds` the ground of each community, on the
    lattice; `around` are cells that touch it and keep their ground. Polygons must be valid.
    """
    work = _Work(polygons, homes, grounds, around)
    return work.done()


class _Work:
    """The faces between all borders, and whose each one is: an index into `labels`."""

    def __init__(
        self,
        polygons: Mapping[str, BaseGeometry],
        homes: Mapping[str, str],
        grounds: Mapping[str, BaseGeometry],
        around: Mapping[str, BaseGeometry],
    ) -> None:
        self.polygons, self.grounds, self.around = sorted(polygons), sorted(grounds), sorted(around)
        self.homes = homes
        floors = [grounds[key] for key in self.grounds] + [around[key] for key in self.around]
        drawn = [polygons[key] for key in self.polygons]
        lines = [partition.outline(lattice.to_units(shape)) for shape in (*floors, *drawn)]
        self.faces: Shapes = partition.planar(lines)
        self.thin = _thin(self.faces)
        spots = shapely.point_on_surface(self.faces)
        self.floor = _lowest(spots, floors)
        self.covering = _covering(spots, drawn)
        # Labels: the polygons, then the rest of each community, then the cells around.
        self.first_rest = len(self.polygons)
        self.first_around = self.first_rest + len(self.grounds)
        self.faults: dict[tuple[str, tuple[str, ...]], list[int]] = {}

    def done(self) -> Divided:
        labels = np.array([self._label(face) for face in range(len(self.faces))], dtype=np.int64)
        labels, given = self._give_noise(labels)
        shapes = partition.dissolve(self.faces, labels)
        found = Divided(faults=self._told_faults())
        for label, shape in shapes.items():
            if label != _NOBODY:
                self._put(found, label, lattice.to_degrees(shape))
        for key in self.grounds:
            found.rest.setdefault(key, MultiPolygon())
        found.noise = int(given.sum())
        found.noise_m2 = sum(square_metres(lattice.to_degrees(face)) for face in self.faces[given])
        return found

    def _put(self, found: Divided, label: int, shape: BaseGeometry) -> None:
        if label < self.first_rest:
            found.cells[self.polygons[label]] = shape
        elif label < self.first_around:
            found.rest[self.grounds[label - self.first_rest]] = shape
        else:
            found.around[self.around[label - self.first_around]] = shape

    def _label(self, face: int) -> int:
        """Whose a face is; what is wrong with it is noted on the way."""
        floor, over = int(self.floor[face]), self.covering.get(face, [])
        if floor == _NOBODY:
            self._fault("outside", over, face)
            return _NOBODY
        if floor >= len(self.grounds):
            self._fault("outside", over, face)
            return self.first_rest + floor
        home = self.grounds[floor]
        own = [label for label in over if self.homes[self.polygons[label]] == home]
        self._fault("outside", [label for label in over if label not in own], face)
        if len(own) > 1 and not self.thin[face]:
            pair = tuple(self.polygons[label] for label in own[:2])
            self.faults.setdefault(("overlap", pair), []).append(face)
        return own[0] if own else self.first_rest + floor

    def _fault(self, kind: str, over: Sequence[int], face: int) -> None:
        if not self.thin[face]:
            for label in over:
                self.faults.setdefault((kind, (self.polygons[label],)), []).append(face)

    def _told_faults(self) -> list[Fault]:
        return [
            Fault(kind, keys, lattice.to_degrees(shapely.union_all(self.faces[faces])))
            for (kind, keys), faces in sorted(self.faults.items())
        ]

    def _give_noise(self, labels: Ints) -> tuple[Ints, partition.Bools]:
        """Thin faces that nobody has inside a community go to the polygon along most of them."""
        rest = (labels >= self.first_rest) & (labels < self.first_around)
        noise = rest & self.thin
        left, right, length = partition.borders(self.faces)
        labels, given = labels.copy(), np.zeros(len(labels), dtype=bool)
        for _ in range(_ROUNDS):
            takers = self._takers(labels, noise & ~given, (left, right, length))
            if not takers:
                break
            for face, label in takers.items():
                labels[face], given[face] = label, True
        return labels, given

    def _takers(
        self, labels: Ints, open_noise: partition.Bools, pairs: tuple[Ints, Ints, Floats]
    ) -> dict[int, int]:
        gains: dict[int, dict[int, float]] = {}
        for one, other, common in zip(*(column.tolist() for column in pairs), strict=True):
            for face, beside in ((one, other), (other, one)):
                label = int(labels[beside])
                if open_noise[face] and 0 <= label < self.first_rest and self._same(face, label):
                    gain = gains.setdefault(face, {})
                    gain[label] = gain.get(label, 0.0) + common
        return {face: max(sorted(gain), key=lambda k: gain[k]) for face, gain in gains.items()}

    def _same(self, face: int, label: int) -> bool:
        """Whether a polygon belongs to the community that a face lies in."""
        return self.homes[self.polygons[label]] == self.grounds[int(self.floor[face])]


def _thin(faces: Shapes) -> partition.Bools:
    """Faces no wider than the noise of snapping: twice the area over the length of the border."""
    return np.asarray(2 * shapely.area(faces) < NOISE * shapely.length(faces))


def _lowest(spots: Shapes, floors: Sequence[BaseGeometry]) -> Ints:
    """The index of the first floor that holds each spot (lattice steps), -1 where none does."""
    found = np.full(len(spots), len(floors), dtype=np.int64)
    tree = shapely.STRtree(_scaled(floors))
    spot, floor = tree.query(spots, predicate="intersects")
    np.minimum.at(found, spot, floor)
    found[found == len(floors)] = _NOBODY
    return found


def _covering(spots: Shapes, drawn: Sequence[BaseGeometry]) -> dict[int, list[int]]:
    """The polygons that hold each spot, by the face of the spot."""
    tree = shapely.STRtree(_scaled(drawn))
    found: dict[int, list[int]] = {}
    spot, polygon = tree.query(spots, predicate="intersects")
    for face, label in sorted(zip(spot.tolist(), polygon.tolist(), strict=True)):
        found.setdefault(face, []).append(label)
    return found


def _scaled(shapes: Sequence[BaseGeometry]) -> Shapes:
    """Shapes in lattice steps without snapping them: as valid as they came."""
    return np.asarray(
        shapely.transform(np.array(shapes, dtype=object), lambda a: a * lattice.STEPS)
    )
