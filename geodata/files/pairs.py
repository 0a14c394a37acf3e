"""Which label means which code: a CSV or JSON file of pairs."""

import json
from collections.abc import Collection, Sequence
from json import JSONDecodeError
from pathlib import Path
from typing import Any, Final

from geodata.errors import InvalidFile
from geodata.files import delimited, frames, values

_LABELS: Final = ("label", "name", "标签", "名称", "from")
_CODES: Final = ("code", "id", "编码", "代码", "to")
_BOTH: Final = 2

Pair = tuple[str, str]


def read(path: Path, label: str, code: str, codes: Collection[str]) -> dict[str, str]:
    """The code of each label, from CSV (two columns) or JSON (an object, pairs or records).

    Columns are known by the names `label` and `code` of the columns they pair, else by usual
    names, else the first is the label. Raises InvalidFile ``map_unusable`` (file, example) where
    no pair ends in one of the `codes`, ``map_twice`` (file, label, codes) where a label has two.
    """
    found = _json(path, label, code) if path.suffix.lower() == ".json" else _csv(path, label, code)
    pairs = [(one, other) for one, other in found if one and other]
    if not any(other in codes for _, other in pairs):
        example = " → ".join(pairs[0]) if pairs else ""
        raise InvalidFile("map_unusable", file=path.name, example=example, codes=sorted(codes)[:5])
    known: dict[str, str] = {}
    for one, other in pairs:
        if known.setdefault(one, other) != other:
            raise InvalidFile("map_twice", file=path.name, label=one, codes=[known[one], other])
    return known


def _csv(path: Path, label: str, code: str) -> list[Pair]:
    lines = list(delimited.lines(path.read_bytes(), frames.LIMITS))
    rows = [[values.text(cell) for cell in line.cells] for line in lines if not line.broken]
    if not rows:
        return []
    of, to = _columns(rows[0], label, code)
    wide = [row for row in rows if len(row) > max(of, to)]
    return [(row[of], row[to]) for row in wide]


def _columns(names: Sequence[str], label: str, code: str) -> tuple[int, int]:
    """Where label and code stand, by the names in the first line; else first and second."""
    plain = [name.strip().casefold() for name in names]
    of = next((plain.index(n.casefold()) for n in (label, *_LABELS) if n.casefold() in plain), None)
    to = next((plain.index(n.casefold()) for n in (code, *_CODES) if n.casefold() in plain), None)
    if of is None and to is None:
        return 0, 1
    if of is None or of == to:
        of = 1 if to == 0 else 0
    return of, (1 if of == 0 else 0) if to is None else to


def _json(path: Path, label: str, code: str) -> list[Pair]:
    try:
        content = json.loads(path.read_bytes())
    except (JSONDecodeError, UnicodeDecodeError, RecursionError) as wrong:
        raise InvalidFile("table_unreadable", file=path.name, why=str(wrong)) from wrong
    if isinstance(content, dict):
        return [(values.text(key), _text(value)) for key, value in content.items()]
    rows = content if isinstance(content, list) else []
    return [pair for row in rows if (pair := _pair(row, label, code))]


def _pair(row: Any, label: str, code: str) -> Pair | None:
    if isinstance(row, list) and len(row) >= _BOTH:
        return _text(row[0]), _text(row[1])
    if not isinstance(row, dict) or len(row) < _BOTH:
        return None
    names = list(row)
    of, to = _columns(names, label, code)
    return _text(row[names[of]]), _text(row[names[to]])


def _text(value: Any) -> str:
    return values.text(value) if isinstance(value, str | int | float) else ""
