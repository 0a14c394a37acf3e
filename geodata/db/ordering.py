"""In which order a list runs, and where the last page of it ended: by key, never by counting."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, RowMapping, Select, func, literal, select, true, tuple_
from sqlalchemy.orm import Session

from geodata.db.narrowing import RARE, Filter, narrowed
from geodata.db.scoping import within
from geodata.db.tables import grid, issue

NEAREST: Final = 1000
"""So many issues are looked at for an order by distance."""

_METRES: Final = "metres"


@dataclass(frozen=True, slots=True)
class Order:
    """One of `ORDERS`, from a place (lon, lat in degrees) where it goes by distance."""

    name: str = "newest"
    near: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where the last page ended: the keys of its last row, then the row's number.

    `rest` once the list has come to those that have no first key.
    """

    keys: tuple[datetime | int | float, ...]
    number: int
    rest: bool = False


@dataclass(frozen=True, slots=True)
class _Run:
    """The columns that a list runs by, downwards or up; `gaps` where the first may be null."""

    keys: tuple[ColumnElement[Any], ...]
    down: bool = False
    gaps: bool = False


_at: Final = issue.c
_RUNS: Final[Mapping[str, _Run]] = {
    "newest": _Run((_at.reported_at,), down=True),
    "oldest": _Run((_at.reported_at,)),
    "due": _Run((_at.due_at,), gaps=True),
    "kind": _Run((_at.category_id, _at.reported_at)),
    "grid": _Run((_at.grid_id, _at.reported_at), gaps=True),
}
ORDERS: Final = (*_RUNS, "near")
OPEN_ONLY: Final = frozenset({"due", "near"})
"""Orders for what is still to be done."""


def stretch(
    session: Session, query: Select[Any], wanted: Filter, order: Order, page: tuple[Any, int]
) -> Sequence[RowMapping]:
    """The next rows of a list, at most so many.

    `query` selects from issues and more, `page` is a cursor (or None) and how many. Rows bear
    their keys as ``key0`` and ``key1``.
    """
    after, limit = page
    if order.near is not None:
        return _by_distance(session, query, wanted, order.near, page)
    run = _RUNS[order.name]
    keyed = narrowed(_keyed(query, run.keys), wanted)
    rows: list[RowMapping] = []
    if after is None or not after.rest:
        whole = keyed.where(run.keys[0].is_not(None)) if run.gaps else keyed
        if run.keys[0] is _at.grid_id and (own := _own_grids(wanted)):
            whole = whole.where(_at.id.in_(_grid_by_grid(wanted, own, (after, limit))))
        rows += _rows(session, whole, run.keys, (run.down, after, limit))
    if not run.gaps or len(rows) == limit:
        return rows
    gap = keyed.where(run.keys[0].is_(None))
    begin = after if after is not None and after.rest else None
    more = _rows(session, gap, run.keys[1:], (run.down, begin, limit - len(rows)))
    return [*rows, *more]


def _own_grids(wanted: Filter) -> list[ColumnElement[bool]]:
    """What tells the grids in which alone a filter's issues lie; nothing where that helps little.

    Rare endings and words have indexes that find their few issues at once.
    """
    if wanted.ground.handed or wanted.words or wanted.status in RARE or wanted.grid_id is not None:
        return []
    own = [] if wanted.ground.whole else [within(wanted.ground, grid.c.community_code, grid.c.id)]
    if wanted.communities is not None:
        own.append(grid.c.community_code.in_(wanted.communities))
    return own


def _grid_by_grid(
    wanted: Filter, own: Sequence[ColumnElement[bool]], page: tuple[Cursor | None, int]
) -> Select[Any]:
    """The ids of the next issues, looked for in one grid after the other until they suffice.

    The planner would sort all that lie in an area, or walk through all grids before it.
    """
    after, limit = page
    cells = select(grid.c.id).where(*own)
    wished = narrowed(select(_at.id, _at.reported_at), wanted)
    if after is not None:
        cells = cells.where(grid.c.id >= after.keys[0])
        here = tuple_(*map(literal, (*after.keys, after.number)))
        wished = wished.where(tuple_(_at.grid_id, _at.reported_at, _at.id) > here)
    cell = cells.subquery()
    first = wished.where(_at.grid_id == cell.c.id).order_by(_at.reported_at, _at.id).limit(limit)
    one = first.correlate(cell).lateral()
    found = select(one.c.id).join_from(cell, one, true())
    return found.order_by(cell.c.id, one.c.reported_at, one.c.id).limit(limit)


def end(row: RowMapping, order: Order) -> Cursor:
    """The cursor after a row."""
    names = ("key0",) if order.near is not None else _names(_RUNS[order.name].keys)
    keys = tuple(row[name] for name in names)
    gone = keys[:1] == (None,)
    return Cursor(keys[1:] if gone else keys, row["id"], rest=gone)


def _names(keys: Sequence[Any]) -> list[str]:
    return [f"key{i}" for i in range(len(keys))]


def _keyed(query: Select[Any], keys: Sequence[ColumnElement[Any]]) -> Select[Any]:
    return query.add_columns(*(k.label(n) for k, n in zip(keys, _names(keys), strict=True)))


def _rows(
    session: Session,
    query: Select[Any],
    keys: Sequence[ColumnElement[Any]],
    page: tuple[bool, Cursor | None, int],
) -> Sequence[RowMapping]:
    down, after, limit = page
    columns = (*keys, _at.id)
    if after is not None:
        here = tuple_(*map(literal, (*after.keys, after.number)))
        query = query.where(tuple_(*columns) < here if down else tuple_(*columns) > here)
    ordered = query.order_by(*(c.desc() if down else c for c in columns)).limit(limit)
    return session.execute(ordered).mappings().all()


def _by_distance(
    session: Session,
    query: Select[Any],
    wanted: Filter,
    near: tuple[float, float],
    page: tuple[Cursor | None, int],
) -> Sequence[RowMapping]:
    """The nearest by metres, among the `NEAREST` in degrees that an index gives in order."""
    after, limit = page
    spot = func.ST_SetSRID(func.ST_MakePoint(*near), 4326)
    close = narrowed(select(_at.id, func.ST_DistanceSphere(_at.place, spot).label(_METRES)), wanted)
    close = close.where(_at.place.is_not(None)).order_by(_at.place.op("<->")(spot)).limit(NEAREST)
    found = close.subquery()
    rows = query.join(found, found.c.id == _at.id).add_columns(found.c.metres.label("key0"))
    if after is not None:
        rows = rows.where(tuple_(found.c.metres, found.c.id) > tuple_(after.keys[0], after.number))
    ordered = rows.order_by(found.c.metres, found.c.id).limit(limit)
    return session.execute(ordered).mappings().all()
