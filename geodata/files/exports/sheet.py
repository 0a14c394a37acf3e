"""What every writer is given: the head of an export, and its rows in batches."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from geodata.domain.layer import Layer
from geodata.files.exports.frames import Frame
from geodata.files.exports.words import Words

Value = str | int | float | bool | None
Shapes = NDArray[np.object_]
"""Shapely geometries or None, in the frame of the export."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Some rows: the values of the layer's fields in their order, and a shape each."""

    rows: Sequence[Sequence[Value]]
    shapes: Shapes


@dataclass(frozen=True, slots=True)
class Head:
    """What an export is: the layer, the coordinates it is in, and what it says about itself."""

    layer: Layer
    frame: Frame
    notes: tuple[Words, ...]
    stem: str
    """The name of its files, without a suffix; safe in any folder."""

    @property
    def readme(self) -> str:
        """The notes as text, each in Chinese and in English."""
        return "\n".join(f"{zh}\n{en}\n" for zh, en in self.notes)


class Writer(Protocol):
    """Writes the files of a format into an empty folder; the main one first in the answer."""

    def __call__(self, folder: Path, head: Head, batches: Iterator[Batch]) -> list[Path]:
        """The files made, after all batches were written."""
