"""The plans of the map's and the list's queries: which one reads a whole table?"""

import json
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import click
from sqlalchemy import Connection, event, text
from sqlalchemy.orm import Session

from geodata.db import areas, layers
from geodata.services import district, issues

SMALL = ("district", "street", "community", "issue_category", "landcover", "place")
"""Tables of a few hundred rows at most, for which reading all of it is the quick way."""


def run(session: Session, count: int) -> None:
    """Print time and whole-table reads of every query behind the map and the list."""
    del count
    seen: list[tuple[str, Mapping[str, Any]]] = []
    connection = session.connection()
    event.listen(connection, "before_cursor_execute", _keeper(seen))
    for name, job in _jobs(session):
        seen.clear()
        started = time.perf_counter()
        job()
        took = (time.perf_counter() - started) * 1000
        read = sorted({table for sql, args in [*seen] for table in _whole(connection, sql, args)})
        click.echo(
            f"{took:9.1f} ms  {name}" + (f"  reads all of: {', '.join(read)}" if read else "")
        )


def _keeper(seen: list[tuple[str, Mapping[str, Any]]]) -> Any:
    def keep(_c: Any, _k: Any, sql: str, args: Any, _x: Any, _m: Any) -> None:
        if not sql.startswith("explain"):
            seen.append((sql, args))

    return keep


def _jobs(session: Session) -> Iterator[tuple[str, Any]]:
    now = datetime.now(UTC)
    ground = district.ground(session)
    west, south, east, north = ground.bbox
    x, y = (west + east) / 2, (south + north) / 2
    near = (x - 0.01, y - 0.006, x + 0.01, y + 0.006)
    for state in (None, *issues.STATES):
        for box in (None, near, ground.bbox):
            wanted = issues.Filter(state, box=box)
            where = "no box" if box is None else "a view" if box == near else "all"
            name = f"{state or 'any'} state, {where}"
            yield f"list, {name}", lambda w=wanted: issues.page(session, w, None, 50, now)
            yield f"points, {name}", lambda w=wanted: issues.points(session, w, 14, now)
    for key, wanted in _some(session).items():
        yield f"list, {key}", lambda w=wanted: issues.page(session, w, None, 50, now)
        yield f"points, {key}", lambda w=wanted: issues.points(session, w, 14, now)
    yield "grids of a view", lambda: layers.grids(session, near)
    yield "grids of all", lambda: layers.grids(session, ground.bbox)
    yield "what stands at a place", lambda: district.at(session, x, y)
    yield "version of the ground", lambda: areas.version(session)
    yield "totals", lambda: district.summary(session)


def _some(session: Session) -> dict[str, issues.Filter]:
    """Filters by a category, a community and a grid that have issues."""
    rows = session.execute(
        text(
            "select c.code as category, i.community_code as community, g.code as grid from issue i"
            " join issue_category c on c.id = i.category_id join grid g on g.id = i.grid_id limit 1"
        )
    )
    row = rows.one()
    return {
        "a category": issues.Filter(category=row.category),
        "a community": issues.Filter(community=row.community),
        "a grid": issues.Filter(grid=row.grid),
    }


def _whole(connection: Connection, sql: str, args: Mapping[str, Any]) -> Iterator[str]:
    """The tables that a statement reads from end to end, small ones aside."""
    answer = connection.exec_driver_sql(f"explain (format json) {sql}", args).scalar_one()
    plan = json.loads(answer) if isinstance(answer, str) else answer
    yield from (t for t in _sequential(plan[0]["Plan"]) if t not in SMALL)


def _sequential(node: Mapping[str, Any]) -> Iterator[str]:
    if node["Node Type"] == "Seq Scan":
        yield node["Relation Name"]
    for below in node.get("Plans", []):
        yield from _sequential(below)
