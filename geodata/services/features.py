"""The layers as collections of features, page by page, for programs that speak OGC API Features."""

import base64
import binascii
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy.orm import Session

from geodata.db import outgoing
from geodata.db.layers import Box
from geodata.db.outgoing import Row, Span
from geodata.db.scoping import WHOLE, Ground
from geodata.domain.layer import LAYERS, Layer
from geodata.errors import NotFound, WanggeError
from geodata.services import conditions, exports

COLLECTIONS: Final = {name: layer for name, layer in LAYERS.items() if layer.spatial}
"""What can be had as features: all that has a place."""

MOST: Final = 1000
"""Features of one page at the most."""

MOST_COUNTED: Final = 30_000
"""Beyond so many matches nobody counts them all for a page."""

_LARGEST: Final = 2**31 - 1
_CODED: Final = ("streets", "communities")
"""Whose key is their code."""

_FLAT, _SOLID = 4, 6


@dataclass(frozen=True, slots=True)
class Ask:
    """Which features are wanted: boxes in degrees, a span of time, conditions, a page."""

    filters: Mapping[str, str] = field(default_factory=dict)
    boxes: Sequence[Box] = ()
    span: Span | None = None
    after: str | None = None
    limit: int = 100
    ground: Ground = WHOLE


@dataclass(frozen=True, slots=True)
class Page:
    """Some features as GeoJSON text, where the next ones start, and how many match in all."""

    features: Sequence[str]
    after: str | None
    matched: int | None


def collection(name: str) -> Layer:
    """The layer of a collection. Raises NotFound ``no_layer``."""
    found = COLLECTIONS.get(name)
    if found is None:
        raise NotFound("no_layer", layer=name, known=list(COLLECTIONS))
    return found


def starts(session: Session) -> Mapping[str, datetime | None]:
    """The first moment of each collection that has moments."""
    return outgoing.since(session, list(COLLECTIONS.values()))


def page(session: Session, layer: Layer, ask: Ask) -> Page:
    """One page of a collection, ordered by a key that no change of the data moves.

    What is added or taken away meanwhile is there or not; nothing else comes twice or is left
    out. Raises WanggeError ``filter_unknown``, ``filter_bad`` or ``bad_cursor``.
    """
    wish = conditions.wish(layer, ask.filters, ask.span)
    wish = outgoing.Wish(wish.equal, ask.boxes, wish.span, ground=ask.ground)
    after = _key(layer, ask.after) if ask.after is not None else None
    rows = outgoing.page(session, layer, wish, after, ask.limit + 1)
    shown = rows[: ask.limit]
    more = len(rows) > len(shown)
    return Page(
        [_feature(layer, row) for row in shown],
        _cursor(layer, shown[-1]) if more else None,
        outgoing.matched(session, layer, wish, MOST_COUNTED),
    )


def one(session: Session, layer: Layer, number: str, ground: Ground = WHOLE) -> str:
    """One feature as GeoJSON text, of the past too. Raises NotFound ``no_item``."""
    known = _number(layer, number)
    row = outgoing.one(session, layer, known, ground) if known is not None else None
    if row is None:
        raise NotFound("no_item", item=number)
    return _feature(layer, row)


def boxes(text: str) -> list[Box]:
    """The box of a `bbox` as one or, across the antimeridian, two; heights are left aside.

    Raises WanggeError ``box_bad``.
    """
    try:
        numbers = [float(word) for word in text.split(",")]
    except ValueError as bad:
        raise WanggeError("box_bad", box=text) from bad
    if len(numbers) == _SOLID:
        numbers = [*numbers[:2], *numbers[3:5]]
    if len(numbers) != _FLAT or not all(map(math.isfinite, numbers)):
        raise WanggeError("box_bad", box=text)
    west, south, east, north = numbers
    if south > north or max(map(abs, (west, east))) > 180.0 or max(-south, north) > 90.0:  # noqa: PLR2004
        raise WanggeError("box_bad", box=text)
    if west <= east:
        return [(west, south, east, north)]
    return [(west, south, 180.0, north), (-180.0, south, east, north)]


def _feature(layer: Layer, row: Row) -> str:
    count = len(layer.fields)
    shape, number = row[count], row[count + 1]
    told = {
        f.name: json.loads(value) if f.kind == "json" and value is not None else value
        for f, value in (
            (f, exports.shown(f, value))
            for f, value in zip(layer.fields, row[:count], strict=True)
            if f.name != "id"
        )
    }
    return (
        f'{{"type":"Feature","id":{json.dumps(_plain(number))},"geometry":{shape or "null"},'
        f'"properties":{json.dumps(told, ensure_ascii=False, allow_nan=False)}}}'
    )


def _plain(part: Any) -> str | int:
    if isinstance(part, datetime):
        return part.isoformat()
    return part if isinstance(part, int) else str(part)


def _cursor(layer: Layer, row: Row) -> str:
    parts = [_plain(part) for part in row[len(layer.fields) + 2 :]]
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


def _key(layer: Layer, text: str) -> list[Any]:
    """The key that a cursor stands for. Raises WanggeError where it is none of ours."""
    try:
        parts = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        if layer.name == "issues":
            moment, number = parts
            return [_aware(moment), _within(number, 2**63 - 1)]
        (part,) = parts
        return [_code(part) if layer.name in _CODED else _within(part, _LARGEST)]
    except (ValueError, TypeError, binascii.Error, RecursionError) as broken:
        raise WanggeError("bad_cursor") from broken


def _aware(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(text)
    return moment


def _code(text: object) -> str:
    if not isinstance(text, str) or not text.isprintable():
        raise ValueError(text)
    return text


def _within(number: object, largest: int) -> int:
    if type(number) is not int or not -largest <= number <= largest:
        raise ValueError(number)
    return number


def _number(layer: Layer, text: str) -> UUID | str | int | None:
    """An item's id as the store has it; None where it cannot be one."""
    if layer.name == "issues":
        try:
            return UUID(text)
        except ValueError:
            return None
    if layer.name in _CODED:
        return text if text.isprintable() else None
    digits = text.isascii() and text.isdigit() and len(text) <= len(str(_LARGEST))
    return int(text) if digits and int(text) <= _LARGEST else None
