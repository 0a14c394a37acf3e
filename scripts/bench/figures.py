"""What a bench came to: one table, for people or, as JSON, for programs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any, TypeAlias

Cell: TypeAlias = str | float | int | None

ROUNDS = 3
_FINE, _ROUGH = 10, 1000


@dataclass(frozen=True)
class Table:
    """Rows of figures under their columns; the first column names the row."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    notes: Sequence[str] = ()

    def text(self) -> str:
        """The table as people read it, the figures flush right."""
        lines = [list(self.columns), *([_written(cell) for cell in row] for row in self.rows)]
        widths = [max(len(line[i]) for line in lines) for i in range(len(self.columns))]
        shown = [
            line[0].ljust(widths[0])
            + "".join(
                f"  {cell:>{width}}" for cell, width in zip(line[1:], widths[1:], strict=True)
            )
            for line in lines
        ]
        return "\n".join((self.title, *(f"  {line.rstrip()}" for line in shown), *self.notes))

    def plain(self) -> dict[str, Any]:
        """The table as JSON holds it: each row an object by column."""
        rows = [dict(zip(self.columns, row, strict=True)) for row in self.rows]
        return {"title": self.title, "rows": rows, "notes": list(self.notes)}


def _written(cell: Cell) -> str:
    if cell is None:
        return "-"
    if isinstance(cell, float):
        return (
            f"{cell:,.2f}" if cell < _FINE else f"{cell:,.1f}" if cell < _ROUGH else f"{cell:,.0f}"
        )
    return f"{cell:,}" if isinstance(cell, int) else cell


def best(job: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Seconds of the quickest of some rounds."""
    times = []
    for _ in range(rounds):
        started = perf_counter()
        job()
        times.append(perf_counter() - started)
    return min(times)


def ratio(one: float | None, other: float | None) -> float | None:
    """How many times the other one is, None where either is missing."""
    return one / other if one is not None and other else None
