"""How well places with an official label agree with areas, from files alone.

Nothing is guessed in silence: which columns and systems were taken is told, and points that
cannot be where their system puts them are refused, with what would explain them.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray

from geodata.domain.crs import Floats
from geodata.domain.evaluation import WITHIN_M, Areas, Verdict, folded
from geodata.errors import InvalidFile
from geodata.files import coordinates, frames, pairs, projection
from geodata.files.frames import Frame
from geodata.files.projection import WGS84, Reference
from geodata.services import plausibility

_MOST_LABELS: Final = 20
_FATAL: Final = ("points_swapped", "points_metres", "points_elsewhere")
_EXPLAINS: Final = 0.6
"""Another datum that leaves less than this part of the disagreements is suspected."""


@dataclass(frozen=True, slots=True)
class Task:
    """What to hold against what; empty texts mean "find out and say so".

    `crs` is what the points are in, `areas_crs` what the areas are in where their file is silent.
    `anyway` goes on with points that are not where their system puts them.
    """

    points: Path
    label: str
    areas: Path
    code: str
    layer: str = ""
    points_layer: str = ""
    crs: str = ""
    areas_crs: str = ""
    x: str = ""
    y: str = ""
    pairs: Path | None = None
    anyway: bool = False


@dataclass(frozen=True, slots=True)
class Ground:
    """The areas of a file: their codes, their own plane, and what of the file was no area."""

    areas: Areas
    codes: frozenset[str]
    reference: Reference
    box: tuple[float, float, float, float]
    skipped: int
    invalid: int


@dataclass(frozen=True, slots=True)
class Spots:
    """The points of a file: east and north in their own system, NaN where there is none."""

    frame: Frame
    x: Floats
    y: Floats
    reference: Reference
    taken: tuple[str, str] | None


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The verdict on the points that count, with what was left out and what is doubtful.

    `rows`, `wanted`, `lon` and `lat` have one entry for each point of the verdict.
    """

    verdict: Verdict
    rows: NDArray[np.int64]
    wanted: NDArray[np.str_]
    lon: Floats
    lat: Floats
    left_out: Mapping[str, int]
    unknown: Mapping[str, int]
    ground: Ground
    spots: Spots
    doubts: Sequence[InvalidFile] = ()
    read_as: Mapping[str, str] = field(default_factory=dict)
    """Labels that are a code but for capitals, spaces, leading zeros or a .0."""

    def told(self) -> dict[str, Any]:
        """The figures, ready for JSON."""
        found, metres = self.verdict.found, self.verdict.metres
        off = ~self.verdict.agree
        return {
            "points": len(found),
            "agreement": self.verdict.agreement,
            "within_m": {str(m): self.verdict.within(m) for m in WITHIN_M},
            "left_out": dict(self.left_out),
            "unknown_labels": dict(self.unknown),
            "labels_read_as": dict(islice(sorted(self.read_as.items()), _MOST_LABELS)),
            "disagreements": int(off.sum()),
            "in_no_area": int((found == "").sum()),
            "agree_with_nearest": int(self.verdict.nearest.sum()),
            "in_overlap": int((off & (metres == 0.0)).sum()),
            "areas": len(self.ground.areas.codes),
            "areas_skipped": self.ground.skipped,
            "areas_invalid": self.ground.invalid,
            "crs": {"points": self.spots.reference.name, "areas": self.ground.reference.name},
            "columns": list(self.spots.taken) if self.spots.taken else None,
            "doubts": [{"code": doubt.code, **doubt.facts} for doubt in self.doubts],
        }


def evaluate(task: Task) -> Evaluation:
    """The points of a file held against the areas of another.

    Raises InvalidFile for files, layers, columns and systems that will not do:
    ``areas_none``, ``crs_undeclared``, ``crs_implausible``, ``coordinates_missing``,
    ``points_none``, ``labels_unknown``, those of `plausibility.doubts` that mean a wrong system
    (unless the task says `anyway`) and those of `frames`, `pairs` and `projection`.
    """
    ground, spots = _ground(task), _spots(task)
    labels = spots.frame.texts(task.label)
    known = _known(task, ground)
    read_as = folded(set(labels) - set(known), ground.codes)
    known |= read_as
    wanted = np.array([known.get(label, "") for label in labels], dtype=np.str_)
    x, y = projection.move(spots.x, spots.y, spots.reference, ground.reference)
    placed = np.isfinite(x) & ~((spots.x == 0.0) & (spots.y == 0.0))
    count = placed & (wanted != "")
    if not count.any():
        raise _nothing(task, labels, known, ground, placed)
    doubts = plausibility.doubts(spots.x[count], spots.y[count], spots.reference, ground.box)
    if doubts and doubts[0].code in _FATAL and not task.anyway:
        raise doubts[0]
    lon, lat = projection.move(x[count], y[count], ground.reference, WGS84)
    verdict = ground.areas.judge(x[count], y[count], lon, lat, wanted[count].tolist())
    doubts += _shifted(spots, ground, count, wanted, verdict)
    rows = np.array(spots.frame.rows)[count]
    left_out = _left_out(labels, placed, wanted) | {"row_broken": len(spots.frame.broken)}
    unknown = _unknown(labels, placed, wanted)
    return Evaluation(
        verdict, rows, wanted[count], lon, lat, left_out, unknown, ground, spots, doubts, read_as
    )


def _left_out(
    labels: Sequence[str], placed: NDArray[np.bool_], wanted: NDArray[np.str_]
) -> dict[str, int]:
    """How many rows do not count, each by the first reason that holds."""
    labelled = np.array([bool(label) for label in labels], dtype=bool)
    return {
        "no_label": int((~labelled).sum()),
        "no_place": int((labelled & ~placed).sum()),
        "unknown_label": int((labelled & placed & (wanted == "")).sum()),
    }


def _nothing(
    task: Task,
    labels: Sequence[str],
    known: Mapping[str, str],
    ground: Ground,
    placed: NDArray[np.bool_],
) -> InvalidFile:
    """Why no row counts: no place at all, or no label that is a code."""
    if any(known.get(label) for label in labels) or not any(labels):
        return InvalidFile(
            "points_none", file=task.points.name, rows=len(labels), placed=int(placed.sum())
        )
    examples = [*dict.fromkeys(label for label in labels if label)][:5]
    codes = ground.areas.codes[:5].tolist()
    return InvalidFile("labels_unknown", file=task.points.name, labels=examples, codes=codes)


def _shifted(
    spots: Spots,
    ground: Ground,
    count: NDArray[np.bool_],
    wanted: NDArray[np.str_],
    verdict: Verdict,
) -> list[InvalidFile]:
    """Whether another of China's datums would explain most of the disagreements."""
    datum = spots.reference.datum
    if datum is None or not projection.in_china(ground.box):
        return []
    asked = wanted[count]
    for other in ("WGS84", "GCJ02", "BD09"):
        if projection.reference(other).datum == datum or (other, datum) == ("WGS84", "CGCS2000"):
            continue
        x, y = spots.x[count], spots.y[count]
        found = ground.areas.at(
            *projection.move(x, y, projection.reference(other), ground.reference)
        )
        agreement = float((found == asked).mean())
        if 1.0 - agreement < _EXPLAINS * (1.0 - verdict.agreement):
            told = {"crs": spots.reference.name, "other": other}
            shares = {
                "percent": round(100 * verdict.agreement, 1),
                "better": round(100 * agreement, 1),
            }
            return [InvalidFile("points_shifted", **told, **shares)]
    return []


def _ground(task: Task) -> Ground:
    frame = frames.read(task.areas, task.layer, [task.code])
    codes = frame.texts(task.code)
    shapes = frame.shapes if frame.shapes is not None else np.array([], dtype=object)
    polygonal = np.isin(shapely.get_type_id(shapes), (3, 6)) & ~shapely.is_empty(shapes)
    useful = [i for i in np.flatnonzero(polygonal).tolist() if codes[i]]
    if not useful:
        raise InvalidFile("areas_none", file=frame.file)
    flat = shapely.force_2d(shapes[useful])
    reference = _declared(frame, task.areas_crs, "--areas-crs")
    degrees = _in_degrees(flat, reference)
    west, south, east, north = (float(edge) for edge in shapely.total_bounds(degrees))
    if not (west >= -360 and east <= 360 and south >= -90 and north <= 90):  # noqa: PLR2004 -- degrees
        example = shapely.total_bounds(flat).round(2).tolist()
        raise InvalidFile("crs_implausible", file=frame.file, crs=reference.name, example=example)
    chosen = [codes[i] for i in useful]
    areas = Areas(chosen, flat.tolist(), degrees.tolist())
    invalid = int((~shapely.is_valid(flat)).sum())
    box, skipped = (west, south, east, north), len(codes) - len(useful)
    return Ground(areas, frozenset(chosen), reference, box, skipped, invalid)


def _in_degrees(shapes: NDArray[np.object_], reference: Reference) -> NDArray[np.object_]:
    if reference.plain:
        return shapes

    def moved(corners: Floats) -> Floats:
        return np.column_stack(projection.move(corners[:, 0], corners[:, 1], reference, WGS84))

    return np.asarray(shapely.transform(shapes, moved))


def _declared(frame: Frame, said: str, option: str) -> Reference:
    """What a file's shapes are in: what was said, else what it declares.

    Raises InvalidFile ``crs_undeclared`` (file, option) where neither tells.
    """
    if said:
        return projection.reference(said)
    if not frame.crs:
        raise InvalidFile("crs_undeclared", file=frame.file, option=option)
    return projection.reference(frame.crs)


def _spots(task: Task) -> Spots:
    frame = frames.read(task.points, task.points_layer, [task.label])
    if frame.shapes is not None and not (task.x or task.y):
        x, y = frames.points_of(frame.shapes)
        return Spots(frame, x, y, _declared(frame, task.crs, "--crs"), None)
    reference = projection.reference(task.crs) if task.crs else WGS84
    taken = coordinates.columns(frame, task.x, task.y, degrees=reference.degrees)
    x, y = (coordinates.numbers(frame, name) for name in taken)
    return Spots(frame, x, y, reference, taken)


def _known(task: Task, ground: Ground) -> dict[str, str]:
    """The code of each label: by the map file, else the label is the code itself."""
    known = {code: code for code in ground.codes}
    if task.pairs:
        said = pairs.read(task.pairs, task.label, task.code, ground.codes)
        known |= {label: code if code in ground.codes else "" for label, code in said.items()}
    return known


def _unknown(
    labels: Sequence[str], placed: NDArray[np.bool_], wanted: NDArray[np.str_]
) -> dict[str, int]:
    """The labels of places that are no code, the most frequent first."""
    missed = Counter(
        labels[i] for i in np.flatnonzero(placed & (wanted == "")).tolist() if labels[i]
    )
    return dict(missed.most_common(_MOST_LABELS))
