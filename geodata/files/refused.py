"""The refused rows as a file that people correct and send again."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from io import StringIO
from typing import Final

from geodata.domain.privacy import masked
from geodata.files.columns import OWN

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")


def safe(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula: an apostrophe guards what could be one."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def refused_csv(rows: Iterable[tuple[int, str, str, Mapping[str, str]]]) -> bytes:
    """A CSV (UTF-8 with mark) of refused rows, each (row, column, reason in words, raw cells).

    The columns of the file come first, then 原行号, 列 and 原因, which the reader ignores when the
    corrected file comes back. Every row has the same number of cells.
    """
    kept = list(rows)
    names = list(dict.fromkeys(name for *_, raw in kept for name in raw if name not in OWN))
    body = [
        [*(raw.get(name, "") for name in names), str(row), column, reason]
        for row, column, reason, raw in kept
    ]
    return table_csv([*names, *OWN], body)


def table_csv(names: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A table as CSV in UTF-8 with mark, every cell safe against formulas."""
    out = StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([safe(name) for name in names])
    writer.writerows([safe(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig", errors="replace")


def corrected(kept: Mapping[str, str], given: Mapping[str, str]) -> dict[str, str]:
    """All cells with those corrected; one that came back as it was shown stays as it was kept."""
    changed = {
        name: shown
        for name, shown in given.items()
        if name not in kept or shown != masked(kept[name])
    }
    return {**kept, **changed}
