"""Every layer and list as rows to be taken out, in batches or in pages; `domain.layer` names them.

Shapes are WKB in degrees (EPSG:4326, lon before lat), moments are aware.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Select,
    and_,
    any_,
    func,
    literal,
    null,
    or_,
    select,
    tuple_,
)
from sqlalchemy.orm import Session

from geodata.db import narrowing, outlet, outlets
from geodata.db.layers import Box
from geodata.db.scoping import WHOLE, Ground
from geodata.domain.layer import Layer

Row = Sequence[Any]
"""The values of a layer's fields in their order, then the shape, then the key's parts."""

BATCH: Final = 2000
"""Rows that are held in memory at a time."""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time, both ends in it; None is open. One moment has equal ends."""

    start: datetime | None
    end: datetime | None


@dataclass(frozen=True, slots=True)
class Wish:
    """Which rows are wanted; without a span those of the present, `issues` only of theirs.

    None lies outside the ground; `holder` is the account whose files alone are wanted, if any.
    """

    equal: Mapping[str, str] = field(default_factory=dict)
    boxes: Sequence[Box] = ()
    span: Span | None = None
    issues: narrowing.Filter | None = None
    ground: Ground = WHOLE
    holder: int | None = None


def batches(session: Session, layer: Layer, wish: Wish) -> Iterator[Sequence[Row]]:
    """All rows of a wish in order, some thousands at a time, read as the file is written."""
    query = _rows(layer, wish, outlets.SOURCES[layer.name].shape)
    options = {"stream_results": True, "max_row_buffer": BATCH}
    with session.execute(query, execution_options=options) as streamed:
        yield from streamed.partitions(BATCH)


def page(
    session: Session, layer: Layer, wish: Wish, after: Sequence[Any] | None, limit: int
) -> Sequence[Row]:
    """The first rows after a key; the shape is GeoJSON text with 7 decimals, as RFC 7946 has it."""
    source = outlets.SOURCES[layer.name]
    query = _rows(layer, wish, outlet.geojson(source.shape))
    if after is not None:
        query = query.where(tuple_(*source.key) > tuple_(*after))
    return session.execute(query.limit(limit)).all()


def one(session: Session, layer: Layer, number: object, ground: Ground = WHOLE) -> Row | None:
    """One row by its public id, of the past too; None where there is none on the ground."""
    source = outlets.SOURCES[layer.name]
    query = select(*_columns(layer, outlet.geojson(source.shape))).select_from(source.joined)
    own = _own(source, Wish(ground=ground))
    return session.execute(query.where(source.id == number, *source.always, *own)).first()


def matched(session: Session, layer: Layer, wish: Wish, most: int) -> int | None:
    """How many rows a wish has; None where they are more than `most`."""
    source = outlets.SOURCES[layer.name]
    rows = source.joined if source.counted is None else source.counted
    some = select(literal(1)).select_from(rows).where(*_conditions(layer, wish))
    count = session.scalar(select(func.count()).select_from(some.limit(most + 1).subquery())) or 0
    return None if count > most else count


def since(session: Session, layers: Sequence[Layer]) -> Mapping[str, datetime | None]:
    """The first moment of each layer that has moments, by its name."""
    known = {layer.name: outlets.SOURCES[layer.name].first for layer in layers}
    firsts = {name: first for name, first in known.items() if first is not None}
    row = session.execute(
        select(*(first.scalar_subquery().label(n) for n, first in firsts.items()))
    )
    return dict(row.mappings().one())


def _rows(layer: Layer, wish: Wish, shape: ColumnElement[Any]) -> Select[Any]:
    source = outlets.SOURCES[layer.name]
    query = select(*_columns(layer, shape)).select_from(source.joined)
    return query.where(*_conditions(layer, wish)).order_by(*source.key)


def _columns(layer: Layer, shape: ColumnElement[Any]) -> list[ColumnElement[Any]]:
    source = outlets.SOURCES[layer.name]
    told = [source.columns[f.name].label(f.name) for f in layer.fields]
    keys = [part.label(f"key{i}") for i, part in enumerate((source.id, *source.key))]
    return [*told, shape.label("shape"), *keys]


def _conditions(layer: Layer, wish: Wish) -> list[ColumnElement[bool]]:
    source = outlets.SOURCES[layer.name]
    found = [*source.always, *_own(source, wish)]
    found += narrowing.conditions(wish.issues) if wish.issues is not None else []
    found += [source.filters[name](value) for name, value in wish.equal.items()]
    if wish.boxes:
        found.append(or_(*(_meets(source.ground, box) for box in wish.boxes)))
    if wish.span is not None and source.moment is not None:
        found += _between(source.moment, wish.span)
    elif source.valid is not None:
        found.append(source.present if wish.span is None else _during(source.valid, wish.span))
    return found


def _own(source: outlet.Source, wish: Wish) -> list[ColumnElement[bool]]:
    """What keeps the rows to those that who asks may see."""
    found = []
    if source.within is not None and not wish.ground.whole:
        found.append(source.within(wish.ground))
    if source.senders is not None and wish.holder is not None:
        found.append(literal(wish.holder) == any_(source.senders))
    return found


def _meets(shape: ColumnElement[Any] | None, box: Box) -> ColumnElement[bool]:
    if shape is None:
        return literal(value=False, type_=Boolean)
    frame = func.ST_MakeEnvelope(*box, 4326)
    return and_(shape.op("&&")(frame), func.ST_Intersects(shape, frame))


def _between(moment: ColumnElement[Any], span: Span) -> list[ColumnElement[bool]]:
    ends = [] if span.start is None else [moment >= span.start]
    return ends if span.end is None else [*ends, moment <= span.end]


def _during(valid: ColumnElement[Any], span: Span) -> ColumnElement[bool]:
    """Whether a period has a moment in common with a span, whose ends belong to it."""
    if span.start is not None and span.start == span.end:
        return valid.op("@>")(span.start)
    ends = [null() if end is None else literal(end) for end in (span.start, span.end)]
    return valid.op("&&")(func.tstzrange(*ends, "[]"))
