"""What a layer that can be taken out is to the store: tables, columns, key and filters."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    FromClause,
    Select,
    func,
    literal_column,
    select,
    true,
)

from geodata.db.scoping import Ground
from geodata.db.tables import grid

Condition = Callable[[str], ColumnElement[bool]]


@dataclass(frozen=True, slots=True)
class Source:
    """A layer's tables: columns by field, the key that orders them, and how they narrow.

    `within` tells which rows lie on the ground of who asks, None where that is for everybody to
    see; `senders` the accounts that sent a row's file in. `ground` is the indexed shape that boxes
    are held against, `valid` the period of a row that has one, `moment` its single moment, `first`
    asks for the first moment of all; `counted` is what alone suffices to count rows, where all
    narrowing goes by it.
    """

    joined: FromClause
    columns: Mapping[str, ColumnElement[Any]]
    id: ColumnElement[Any]
    key: tuple[ColumnElement[Any], ...]
    shape: ColumnElement[Any]
    ground: ColumnElement[Any] | None
    filters: Mapping[str, Condition]
    within: Callable[[Ground], ColumnElement[bool]] | None = None
    senders: ColumnElement[Any] | None = None
    always: tuple[ColumnElement[bool], ...] = ()
    valid: ColumnElement[Any] | None = None
    present: ColumnElement[bool] = true()  # noqa: RUF009 -- an expression that nobody alters
    moment: ColumnElement[Any] | None = None
    first: Select[Any] | None = None
    counted: FromClause | None = None


def geojson(shape: ColumnElement[Any]) -> ColumnElement[Any]:
    """A WKB column's shape as GeoJSON text: 7 decimals, outer rings counter-clockwise."""
    return func.ST_AsGeoJSON(func.ST_ForcePolygonCCW(func.ST_GeomFromWKB(shape, 4326)), 7)


def wkb(shape: ColumnElement[Any]) -> ColumnElement[Any]:
    """The shape as bytes."""
    return func.ST_AsBinary(shape)


def inside(shape: ColumnElement[Any]) -> ColumnElement[Any]:
    """A lattice point inside a ground, for what belongs to it and has no place of its own."""
    return func.ST_SnapToGrid(func.ST_PointOnSurface(shape), literal_column("1 / 8388608::float8"))


def equals(column: ColumnElement[Any]) -> Condition:
    """The condition that a column has a value."""
    return lambda value: column == value


def under(column: ColumnElement[Any], code: ColumnElement[Any]) -> Condition:
    """The condition that a row's grid (column) is the one of a code, looked up first."""
    return lambda value: (
        column == select(grid.c.id).where(code == value).correlate(None).scalar_subquery()
    )


def named(table: FromClause, *names: str, **others: ColumnElement[Any]) -> dict[str, Any]:
    """Columns by field: those of the table that bear its name, and others."""
    return {**{name: table.c[name] for name in names}, **others}


def plain(
    table: FromClause, names: tuple[str, ...], key: Column[Any], **others: ColumnElement[Any]
) -> Source:
    """A table with its own shape, filtered by its kind."""
    kind = {"kind": equals(table.c.kind)} if "kind" in names else {}
    return Source(
        table,
        named(table, *names, **others),
        key,
        (key,),
        wkb(table.c.shape),
        table.c.shape,
        kind,
    )
