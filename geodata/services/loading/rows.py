"""What the loaders are given and what they give back."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Literal

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from geodata.db.scoping import WHOLE, Ground
from geodata.files import values
from geodata.files.fields import Kind

Grade = Literal["refused", "flagged", "repaired"]

_PLACE: Final = re.compile(r"\[([-+.\de]+) ([-+.\de]+)")


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number in the file, its cells by our fields, its shape in degrees.

    The shape is WGS 84, longitude first, not yet on the lattice; None where there is none.
    """

    number: int
    told: Mapping[str, str]
    shape: BaseGeometry | None = None

    def text(self, name: str, longest: int = 200) -> str:
        """The cell of a field as clean text, empty where there is none."""
        return values.text(self.told.get(name))[:longest]


@dataclass(frozen=True, slots=True)
class Note:
    """One line of the report: about which row and column (by our field), how grave, and why."""

    grade: Grade
    row: int
    code: str
    column: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass
class Outcome:
    """What became of rows: how many were added, changed or the same already, and the report."""

    added: int = 0
    changed: int = 0
    same: int = 0
    notes: list[Note] = field(default_factory=list)

    def refuse(self, row: int, code: str, column: str = "", /, **facts: Any) -> None:
        """Say that a row is not taken."""
        self.notes.append(Note("refused", row, code, column, facts))

    def flag(self, row: int, code: str, column: str = "", /, **facts: Any) -> None:
        """Say what is odd about a row that is taken."""
        self.notes.append(Note("flagged", row, code, column, facts))

    def repair(self, row: int, code: str, column: str = "", /, **facts: Any) -> None:
        """Say what was put right in a row."""
        self.notes.append(Note("repaired", row, code, column, facts))

    def count(self, *, new: bool, different: bool = False) -> None:
        """Count a row that was taken."""
        if new:
            self.added += 1
        elif different:
            self.changed += 1
        else:
            self.same += 1


@dataclass(frozen=True, slots=True)
class Task:
    """One loading: what kind, what the caller tells for all rows, which communities, and when.

    Nothing outside `ground` changes where lists tell of people. What becomes of the rows is told in
    `outcome`.
    """

    session: Session
    kind: Kind
    given: Mapping[str, str]
    communities: Sequence[str]
    repair: bool
    at: datetime
    outcome: Outcome = field(default_factory=Outcome)
    ground: Ground = WHOLE


def flaw_at(shape: BaseGeometry) -> dict[str, float]:
    """Where a shape (degrees) is not valid, as facts: lon, lat."""
    words = _PLACE.search(str(shapely.is_valid_reason(shape)))
    return {"lon": float(words[1]), "lat": float(words[2])} if words else {}
