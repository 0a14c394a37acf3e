"""What somebody wants done with the ground, as the log of a plan keeps it.

An intent holds codes and what was drawn (degrees, 7 decimals: `plain`), never computed ground, so
that it can be done again over ground that has changed elsewhere. `from_json` and `as_json` are each
other's inverse. Codes of new grids are the caller's, since a code is never used again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Final, Literal, TypeAlias

from geodata.domain import unpacking
from geodata.domain.plain import Area, Line, Spot
from geodata.errors import InvalidRedraw

Dedicated = Literal["basic", "dedicated"]


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What every intent says: the codes of buildings (`cuts`) that it may cut."""

    cuts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Split(Wish):
    """Cut a grid along a line; the part at `keep`, else the largest, keeps its code."""

    grid: str
    line: Line
    new: tuple[str, ...]
    keep: Spot | None = None


@dataclass(frozen=True)
class Merge(Wish):
    """Join grids into one of them."""

    grids: tuple[str, ...]
    into: str


@dataclass(frozen=True)
class Give(Wish):
    """Give a piece of ground to a grid.

    From `donors`, or from all grids of its community. Those in `retire` may lose all they have;
    with `pieces` whatever is cut off on the way goes along. `buildings` are those that the area was
    grown from, where it was.
    """

    area: Area
    to: str
    donors: tuple[str, ...] = ()
    retire: tuple[str, ...] = ()
    pieces: bool = False
    buildings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Carve(Wish):
    """Make a new grid, a dedicated one (专属网格) if nothing else is said, of a piece of ground."""

    area: Area
    new: str
    kind: Dedicated = "dedicated"
    donors: tuple[str, ...] = ()
    retire: tuple[str, ...] = ()
    pieces: bool = False


@dataclass(frozen=True)
class Reshape(Wish):
    """Move a stretch of the border that two grids share onto a line.

    With `pieces` whatever is cut off on the way goes along.
    """

    grid: str
    other: str
    line: Line
    pieces: bool = False


@dataclass(frozen=True)
class Fill(Wish):
    """Give uncovered ground of a community to a grid, to a new one, or to whoever is beside it.

    All of it, or what lies in `area`, or the piece at `spot`.
    """

    community: str
    to: str | None = None
    new: str | None = None
    area: Area | None = None
    spot: Spot | None = None


@dataclass(frozen=True)
class Close(Wish):
    """Give a grid up and leave its ground uncovered."""

    grid: str


@dataclass(frozen=True)
class Retire(Wish):
    """Give a grid up and divide its ground among its neighbours, each getting what is nearest.

    Among `heirs`, or all grids of its community that it has a border with.
    """

    grid: str
    heirs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Kept:
    """A grid as it was: its community, kind, whether it may be in pieces, and its ground."""

    code: str
    community: str
    kind: Literal["basic", "dedicated", "uncovered"]
    multipart: bool
    area: Area


@dataclass(frozen=True)
class Restore(Wish):
    """Give grids back the ground they had at first; what `grids` say of it is only a record."""

    grids: tuple[Kept, ...]


@dataclass(frozen=True)
class Revive(Restore):
    """Give grids back just what `grids` say, gone ones too: for the inverse of a log alone.

    JSON holds it as `Restore`, so that nobody can ask for it.
    """


@dataclass(frozen=True)
class Adopt(Wish):
    """Divide a community's ground as a hand has drawn it; codes that are not there are new.

    Grids that are not among them lose their ground, and must be named in `retire`.
    """

    community: str
    grids: tuple[tuple[str, Area], ...]
    retire: tuple[str, ...] = ()


Intent: TypeAlias = Split | Merge | Give | Carve | Reshape | Fill | Close | Retire | Restore | Adopt
KINDS: Final[Mapping[str, type[Intent]]] = {
    kind.__name__.lower(): kind
    for kind in (Split, Merge, Give, Carve, Reshape, Fill, Close, Retire, Restore, Adopt)
}


def as_json(intent: Intent) -> dict[str, Any]:
    """The intent as JSON holds it: ``op`` and its fields, without those that say nothing."""
    told = {field.name: _plain(getattr(intent, field.name)) for field in fields(intent)}
    op = next(name for name, kind in KINDS.items() if isinstance(intent, kind))
    return {"op": op} | {
        name: value for name, value in told.items() if value not in (None, [], False)
    }


def from_json(given: Mapping[str, Any]) -> Intent:
    """The intent that JSON holds; raises InvalidRedraw ``intent_unreadable`` with its field."""
    op = given.get("op")
    kind = KINDS.get(op) if isinstance(op, str) else None
    if kind is None:
        raise InvalidRedraw("intent_unreadable", field="op")
    known = {field.name: str(field.type) for field in fields(kind)}
    for name in given:
        if name != "op" and name not in known:
            raise InvalidRedraw("intent_unreadable", field=str(name))
    try:
        read = {name: _READ[known[name]](value) for name, value in given.items() if name != "op"}
        return kind(**read)
    except (TypeError, ValueError) as wrong:
        raise InvalidRedraw("intent_unreadable", field=_wrong_field(known, given)) from wrong


def _wrong_field(known: Mapping[str, str], given: Mapping[str, Any]) -> str:
    """The first field that is missing or does not read."""
    for name, kind in known.items():
        try:
            if name in given:
                _READ[kind](given[name])
        except (TypeError, ValueError):
            return name
    return next((name for name in known if name not in given and name != "cuts"), "op")


def _plain(value: object) -> Any:
    if isinstance(value, Kept):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    return [_plain(member) for member in value] if isinstance(value, tuple) else value


def _kind(value: object) -> Dedicated:
    if value not in ("basic", "dedicated"):
        raise TypeError
    return "dedicated" if value == "dedicated" else "basic"


def _kept(value: object) -> tuple[Kept, ...]:
    found = tuple(_kept_one(one) for one in unpacking.members(value))
    _once([one.code for one in found])
    return found


def _once(codes: Sequence[str]) -> None:
    if len(set(codes)) < len(codes):
        raise ValueError


def _kept_one(value: object) -> Kept:
    if not isinstance(value, Mapping) or len(value) != len(fields(Kept)):
        raise TypeError
    kind = value.get("kind")
    return Kept(
        unpacking.code(value.get("code")),
        unpacking.code(value.get("community")),
        "uncovered" if kind == "uncovered" else _kind(kind),
        unpacking.flag(value.get("multipart")),
        unpacking.ground(value.get("area")),
    )


def _drawn(value: object) -> tuple[tuple[str, Area], ...]:
    pairs = (unpacking.members(pair, 2) for pair in unpacking.members(value))
    found = tuple((unpacking.code(code), unpacking.area(area)) for code, area in pairs)
    _once([code for code, _ in found])
    return found


def _or_none(read: Callable[[object], Any]) -> Callable[[object], Any]:
    return lambda value: None if value is None else read(value)


_READ: Final[Mapping[str, Callable[[object], Any]]] = {
    "str": unpacking.code,
    "bool": unpacking.flag,
    "Line": unpacking.line,
    "Area": unpacking.area,
    "Dedicated": _kind,
    "tuple[str, ...]": unpacking.codes,
    "str | None": _or_none(unpacking.code),
    "Spot | None": _or_none(unpacking.place),
    "Area | None": _or_none(unpacking.area),
    "tuple[Kept, ...]": _kept,
    "tuple[tuple[str, Area], ...]": _drawn,
}
