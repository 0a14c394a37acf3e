"""What several writers share: cells as text, the mapping of fields, a point for each row."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from geodata.domain.layer import Layer
from geodata.files.exports.sheet import Head, Shapes, Value
from geodata.files.refused import safe

MAPPING_HEADER: Final = ("field", "ascii10", "中文名", "kind")


def mapping(layer: Layer) -> list[tuple[str, str, str, str]]:
    """The fields of a layer: name, name of ten letters, Chinese name, what it holds."""
    return [(f.name, f.ascii10, f.zh, f.kind) for f in layer.fields]


def told(value: Value) -> str:
    """A value as the text of a cell; numbers with every digit."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else repr(value)


def guarded(value: Value) -> str:
    """A value as the text of a CSV cell that no spreadsheet takes for a formula.

    One leading apostrophe off gives the text again, since a text that has one gets another.
    """
    if not isinstance(value, str):
        return told(value)
    return f"'{value}" if value.startswith("'") else safe(value)


def spots(shapes: Shapes) -> NDArray[np.float64]:
    """A point for each shape, n by 2: its own, or one inside it; NaN where there is none."""
    points = np.where(shapely.get_type_id(shapes) == 0, shapes, shapely.point_on_surface(shapes))
    return np.column_stack([shapely.get_x(points), shapely.get_y(points)])


def axes(head: Head) -> tuple[str, str]:
    """What the two coordinates are called."""
    return ("lon", "lat") if head.frame.degrees else ("x", "y")


def numbers(points: NDArray[np.float64]) -> Iterator[tuple[float | None, float | None]]:
    """The points as numbers, None for NaN."""
    for x, y in points.tolist():
        yield (None, None) if x != x or y != y else (x, y)  # noqa: PLR0124 -- NaN


def notes(folder: Path, head: Head) -> list[Path]:
    """The README and the mapping of fields as files of their own."""
    readme, fields = folder / "README.txt", folder / "fields.csv"
    readme.write_text(head.readme, "utf-8-sig")
    with fields.open("w", encoding="utf-8-sig", newline="") as lines:
        csv.writer(lines).writerows([MAPPING_HEADER, *mapping(head.layer)])
    return [readme, fields]
