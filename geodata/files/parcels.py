"""Tickets and refusals as plain JSON values, for the way from one process to another."""

from collections.abc import Callable
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any, Final

from geodata.errors import InvalidRow
from geodata.files.columns import Header
from geodata.files.tickets import Ticket

_TIMES: Final = ("reported_at", "deadline", "closed_at")
_NUMBERS: Final = ("x", "y")
_FIELDS: Final = tuple(field.name for field in fields(Ticket))
_PLAIN: Final = tuple(name for name in _FIELDS if name not in ("raw", "contact"))


def pack_header(header: Header) -> dict[str, Any]:
    """A header as JSON values."""
    return asdict(header)


def unpack_header(packed: Any) -> Header:
    """The header in JSON values. Raises TypeError, KeyError or ValueError if there is none."""
    return Header(
        row=int(packed["row"]),
        names=_texts(packed["names"]),
        fields={str(name): int(position) for name, position in packed["fields"].items()},
        unknown=_texts(packed["unknown"]),
        dropped=_texts(packed["dropped"]),
        contacts=_texts(packed["contacts"]),
    )


def pack(taken: Ticket | InvalidRow) -> dict[str, Any]:
    """A row as JSON values."""
    if isinstance(taken, InvalidRow):
        return {
            "code": taken.code,
            "facts": taken.facts,
            "row": taken.row,
            "column": taken.column,
            "raw": taken.raw,
            "contact": taken.contact,
        }
    packed = {name: getattr(taken, name) for name in _FIELDS}
    for name in _TIMES:
        packed[name] = packed[name] and packed[name].isoformat()
    return packed


def unpack(packed: Any) -> Ticket | InvalidRow:
    """The row in JSON values. Raises TypeError, KeyError or ValueError if it is none."""
    raw, contact = _cells(packed["raw"]), _cells(packed["contact"])
    if "code" in packed:
        refused = InvalidRow(
            str(packed["code"]), row=int(packed["row"]), column=str(packed["column"]), raw=raw
        )
        refused.contact = contact
        refused.facts = {str(name): _fact(fact) for name, fact in packed["facts"].items()}
        return refused
    told: dict[str, Any] = {name: _reader(name)(packed[name]) for name in _PLAIN}
    return Ticket(**told, raw=raw, contact=contact)


def _reader(name: str) -> Callable[[Any], object]:
    if name in _TIMES:
        return lambda value: None if value is None else datetime.fromisoformat(value)
    if name in _NUMBERS:
        return lambda value: None if value is None else float(value)
    return int if name == "row" else str


def _cells(packed: Any) -> dict[str, str]:
    return {str(name): str(cell) for name, cell in packed.items()}


def _fact(fact: object) -> object:
    return fact if isinstance(fact, int | float | str) else str(fact)


def _texts(packed: list[object]) -> tuple[str, ...]:
    return tuple(str(text) for text in packed)
