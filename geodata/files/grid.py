"""One row of cells, as every kind of table yields it."""

from dataclasses import dataclass, field
from datetime import datetime

Cell = str | int | float | bool | datetime | None


@dataclass(frozen=True, slots=True)
class Line:
    """The cells of one row; `row` counts as a spreadsheet does, from 1.

    `height` is the number of physical lines it took. `broken` is a code if the row could not be
    taken apart; `facts` belong to it.
    """

    row: int
    cells: tuple[Cell, ...]
    height: int = 1
    broken: str = ""
    facts: dict[str, int | str] = field(default_factory=dict)
