"""Many rows at once, by PostgreSQL's COPY."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, cast

import psycopg
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Table, text
from sqlalchemy.orm import Session

from geodata.db.columns import ewkb


def copy(
    session: Session, table: Table, columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    """Append rows to a table; shapes are Shapely's (degrees, lon, lat), dicts become JSON."""
    head = psycopg.sql.SQL("copy {} ({}) from stdin").format(
        psycopg.sql.Identifier(table.name),
        psycopg.sql.SQL(", ").join(map(psycopg.sql.Identifier, columns)),
    )
    connection = cast("psycopg.Connection[Any]", session.connection().connection.driver_connection)
    with connection.cursor() as cursor, cursor.copy(head) as stream:
        for row in rows:
            stream.write_row([_plain(value) for value in row])


def reserve(session: Session, table: Table, count: int) -> list[int]:
    """`count` fresh ids of a table, rising, for rows that must know theirs before they are stored.

    By `nextval` alone, which the web's lesser role may call; so there may be gaps between them.
    """
    drawn = text(
        "select nextval(name) from pg_get_serial_sequence(:table, 'id') as name,"
        " generate_series(1, :count)"
    )
    return sorted(session.scalars(drawn, {"table": table.name, "count": count}).all())


def since(start: datetime, end: datetime | None = None) -> str:
    """The half-open range from a moment to another one, or for ever, in PostgreSQL's words."""
    return f"[{start.isoformat()},{end.isoformat() if end else ''})"


def _plain(value: Any) -> Any:
    if isinstance(value, BaseGeometry):
        return ewkb(value)
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    return value
