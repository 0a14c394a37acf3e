"""The plans of the map's and the list's queries: which one reads a whole table?"""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import product
from statistics import quantiles
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, event, text
from sqlalchemy.orm import Session

from geodata.db import areas, layers, moves, nearby, own_ground, scoping
from geodata.db.layers import Box
from geodata.domain.roles import Scope
from geodata.services import district, geocoding, issues, narrowing, search
from scripts.bench import scans
from scripts.bench.figures import Table
from scripts.setup.processes import command_lines, seconds_run

_FEW: Final = 2
"""Conditions at which filters are no more tried on each ground too."""

_ZONE: Final = ZoneInfo("Asia/Shanghai")
_KNOWN: Final = """
    select g.name as grid, g.code, c.name as community, w.name as worker, b.address, i.ticket,
        i.public_id
    from grid g join community c on c.code = g.community_code join post p on p.grid_id = g.id
    join grid_worker w on w.id = p.worker_id join building b on b.grid_id = g.id
    join issue i on i.grid_id = g.id limit 1
"""

SLOW_MS = 100
"""Questions that take longer are shown one by one, and those that read a whole table.

The database's own processor is judged where it can be seen: the clock tells what else runs."""


def run(session: Session, count: int) -> Table:
    """The questions that are slow or read a whole table, and how long all of them take."""
    del count
    seen: list[scans.Asked] = []
    connection = session.connection()
    process = server(connection)
    event.listen(connection, "before_cursor_execute", scans.keeper(seen))
    times, runs, rows, whole = [], [], [], 0
    for name, job in _jobs(session):
        seen.clear()
        ran, started = seconds_run(process), time.perf_counter()
        job()
        times.append((time.perf_counter() - started) * 1000)
        if (now := seconds_run(process)) is not None and ran is not None:
            runs.append((now - ran) * 1000)
        read = sorted({table for asked in [*seen] for table in scans.whole(connection, asked)})
        whole += "issue" in read
        if read or (runs or times)[-1] > SLOW_MS:
            rows.append((name, times[-1], runs[-1] if runs else None, ", ".join(read) or None))
    notes = [f"{len(times):,} questions, {whole} read all issues", f"They took {spread(times)}"]
    if runs:
        notes.append(f"Of the database's processor they took {spread(runs)}")
    columns = ("query", "ms", "ms of processor", "reads all of")
    return Table("Queries behind the map and the list", columns, rows, notes)


def server(connection: Connection) -> int:
    """The number of the connection's own process on this machine; 0 where it is elsewhere."""
    told = int(connection.exec_driver_sql("select pg_backend_pid()").scalar_one())
    return told if dict(command_lines()).get(told, "").startswith("postgres") else 0


def spread(times: Sequence[float]) -> str:
    """Where most of some milliseconds lie."""
    fair = quantiles(times, n=20)
    return (
        f"{fair[9]:.1f} ms in the middle, 95 % up to {fair[18]:.1f} ms, at most {max(times):.0f} ms"
    )


def _jobs(session: Session) -> Iterator[tuple[str, Any]]:
    now = datetime.now(UTC)
    ground = district.ground(session)
    west, south, east, north = ground.bbox
    x, y = (west + east) / 2, (south + north) / 2
    near = (x - 0.01, y - 0.006, x + 0.01, y + 0.006)
    for name, wanted in _filters(session, {"a view": near, "all": ground.bbox}, now):
        yield f"list, {name}", lambda w=wanted: issues.page(session, w, None, 50, now)
        yield f"points, {name}", lambda w=wanted: issues.points(session, w, 14, now)
        if wanted.state is None and wanted.box is None:
            yield f"counts, {name}", lambda w=wanted: issues.counts(session, w)
    yield from _searches(session, now)
    yield from _desk(session, now)
    yield "grids of a view", lambda: layers.grids(session, near)
    yield "grids of all", lambda: layers.grids(session, ground.bbox)
    yield "outlines of a view", lambda: layers.outlines(session, near)
    yield "outlines of all", lambda: layers.outlines(session, ground.bbox)
    yield "what stands at a place", lambda: district.at(session, x, y)
    yield "version of the ground", lambda: areas.version(session)
    yield "totals", lambda: district.summary(session)


def _filters(
    session: Session, boxes: Mapping[str, Box], now: datetime
) -> Iterator[tuple[str, issues.Filter]]:
    """Every combination of state, category, area, time, deadline and view that can be clicked."""
    wanted: dict[str, list[tuple[str, dict[str, Any]]]] = {
        "state": [(state, {"state": state}) for state in issues.STATES],
        "category": [("a category", {"category": _rare(session, "issue_category", "category_id")})],
        "area": list(_some_areas(session).items()),
        "time": [(period, {"period": period}) for period in ("today", "7d", "year")],
        "late": [("overdue", {"overdue": True})],
        "view": [(name, {"box": box}) for name, box in boxes.items()],
    }
    grounds = _grounds(session)
    for chosen in product(*([("", {}), *choices] for choices in wanted.values())):
        said = {key: value for _, part in chosen for key, value in part.items()}
        name = ", ".join(word for word, _ in chosen if word)
        asked = narrowing.Wanted(**said)
        filled = narrowing.resolved(session, asked, now, _ZONE)
        yield name or "everything", filled
        for whose, ground in grounds.items() if len(said) < _FEW else ():
            yield f"{whose}: {name or 'everything'}", replace(filled, ground=ground)


def _rare(session: Session, table: str, column: str) -> str:
    """The code of the category with the fewest issues, which is the hardest to find."""
    query = f"select code from {table} t join issue on {column} = t.id group by 1 order by count(*)"  # noqa: S608 -- our own words
    return str(session.scalars(text(query)).first())


def _grounds(session: Session) -> dict[str, scoping.Ground]:
    """What a street's manager, a secretary and a worker see, around a grid that has issues."""
    codes = {name: told[name[2:]] for name, told in _some_areas(session).items()}
    scopes = {
        "street manager": Scope((codes["a street"],)),
        "secretary": Scope((codes["a community"],)),
        "worker": Scope((), (codes["a grid"],)),
    }
    return {name: scoping.resolved(session, scope) for name, scope in scopes.items()}


def _some_areas(session: Session) -> dict[str, dict[str, str]]:
    """A street, a community and a grid that have issues."""
    rows = session.execute(
        text(
            "select g.code as grid, g.community_code as community, c.street_code as street"
            " from issue i join grid g on g.id = i.grid_id"
            " join community c on c.code = g.community_code limit 1"
        )
    )
    return {f"a {name}": {name: code} for name, code in rows.mappings().one().items()}


def _searches(session: Session, now: datetime) -> Iterator[tuple[str, Any]]:
    """One question of each kind to the search box; what it keeps in memory is made first."""
    index, locator = search.Index.of(session), geocoding.Locator.of(session)
    row = session.execute(text(_KNOWN)).mappings().one()
    yield "search: the memory is there", lambda: None
    asked = {
        "a grid's number": row["grid"].replace("社区第", " "),
        "two characters": row["community"][:2],
        "the start of a code": row["code"][:12],
        "a party group": f"{row['community']}党小组",
        "a post": f"{row['community']}网格员",
        "a worker": row["worker"],
        "an address": row["address"],
        "a ticket": row["ticket"],
        "the start of a ticket": row["ticket"][:6],
        "a tracking id": str(row["public_id"]),
        "one wrong character": "某" + row["grid"][1:],
        "nonsense": "查无此处",
    }
    for name, words in asked.items():
        yield (
            f"search, {name}",
            lambda words=words: search.answer(session, index, locator, words, 8, now),
        )


def _desk(session: Session, now: datetime) -> Iterator[tuple[str, Any]]:
    """What the issue desk asks: a worker's page, one issue held for a step, what lies close by."""
    row = session.execute(text(_KNOWN)).mappings().one()
    category = int(session.scalar(text("select min(id) from issue_category")) or 0)
    place = "select ST_X(place), ST_Y(place) from issue where place is not null limit 1"
    lon, lat = session.execute(text(place)).one()
    near = partial(nearby.alike, session, category, (lon, lat), now - timedelta(days=30))
    numbers = [grid["id"] for grid in own_ground.grids(session, [row["code"]])]
    yield "my grid", lambda: own_ground.open_issues(session, numbers, 300)
    yield "an issue's facts", lambda: issues.card(session, row["public_id"], now)
    yield "an issue held for a step", lambda: moves.held(session, row["public_id"])
    yield "by a tracking code", lambda: moves.number_by_tracking(session, bytes(32))
    yield "the same close by", lambda: near(metres=40.0, most=3)
