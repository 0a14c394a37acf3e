"""Writers that redraw the same ground at once, and publishers that are killed: the map stays whole.

`python -m scripts.contention SEED` publishes for ever in the database of `WANGGE_DATABASE_URL`, to
be killed; whoever killed it asks `flaws`.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, Final

import numpy as np
from shapely.geometry import MultiPolygon, box
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Engine, insert, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from geodata.db import ground, schema, tables
from geodata.db.engine import make_engine
from geodata.domain import lattice, plain
from geodata.errors import WanggeError
from geodata.services import redraw_insisting, redraw_publishing, redraws

DISTRICT, STREET = "610902", "610902001"
HOMES: Final = ("610902001003", "610902001004")
WRITERS: Final = 8
_ACROSS: Final = 3
_SIDE: Final = 9_000
"""Lattice steps of a grid's side, about 100 m."""
_WEST, _NORTH = 914_530_000, 274_230_000
_START: Final = datetime(2021, 3, 1, tzinfo=UTC)

_OVERLAPS: Final = text("""
    select count(*) from boundary a join boundary b
        on a.id < b.id and a.valid && b.valid and a.shape && b.shape
        and ST_Relate(a.shape, b.shape, 'T********')
""")
_GAPS: Final = text("""
    select count(*) from (select distinct lower(valid) as at from boundary) moment
    cross join district
    where abs(ST_Area(district.shape) - (
        select coalesce(sum(ST_Area(shape)), 0) from boundary where valid @> moment.at))
        > ST_Perimeter(district.shape) * 2 ^ -23
""")
_HALVES: Final = text("""
    select count(*) from boundary left join redraw_plan plan on plan.id = boundary.plan_id
    where boundary.plan_id is not null
        and (plan.state <> 'published' or plan.published_at <> lower(boundary.valid))
""")
_EVIL: Final = (
    (
        "update boundary set valid = tstzrange(lower(valid), clock_timestamp())"
        " where upper_inf(valid) and grid_id = (select min(grid_id) from boundary)"
    ),
    (
        "insert into boundary (grid_id, shape, valid) select grid_id,"
        " (select shape from district), tstzrange(clock_timestamp(), null)"
        " from boundary where not upper_inf(valid) order by id desc limit 1"
    ),
    "update boundary set shape = (select shape from district) where upper_inf(valid)",
)
"""What a program that knows nothing of the rules tries."""


@contextmanager
def scratch(beside: Engine) -> Iterator[Engine]:
    """A database of its own on the server of another, with the district of `lay`, then dropped."""
    name = f"wangge_soak_{os.getpid()}"
    with beside.connect().execution_options(isolation_level="AUTOCOMMIT") as admin:
        admin.exec_driver_sql(f'create database "{name}"')
        url = beside.url.set(database=name).render_as_string(hide_password=False)
        engine = make_engine(url, web=False)
        try:
            schema.upgrade(engine)
            with Session(engine) as session:
                lay(session)
                session.commit()
            yield engine
        finally:
            engine.dispose()
            admin.exec_driver_sql(f'drop database "{name}" with (force)')


def lay(session: Session) -> None:
    """Lay a district of two communities with nine square grids each into an empty store."""
    halves = [_block(0, home) for home in range(len(HOMES))]
    whole = MultiPolygon([box(*MultiPolygon(halves).bounds)])
    add = session.execute
    add(insert(tables.district).values(code=DISTRICT, name="区", name_en="D", shape=whole))
    add(insert(tables.street).values(code=STREET, district_code=DISTRICT, name="街道"))
    for number, home in enumerate(HOMES):
        shape = MultiPolygon([halves[number]])
        values = {"code": home, "street_code": STREET, "name": f"社区{number}", "shape": shape}
        add(insert(tables.community).values(**values))
        for n in range(_ACROSS**2):
            row = {"code": f"{home}{n + 1:03d}", "community_code": home, "name": f"网格{n}"}
            key = add(insert(tables.grid).values(**row).returning(tables.grid.c.id)).scalar_one()
            ground.open_(session, [(key, MultiPolygon([_square(number, n)]))], _START)


def _block(row: int, home: int) -> Any:
    west, north = _WEST + home * _ACROSS * _SIDE, _NORTH - row
    corners = box(west, north - _ACROSS * _SIDE, west + _ACROSS * _SIDE, north)
    return lattice.to_degrees(corners)


def _square(home: int, number: int) -> Any:
    row, column = divmod(number, _ACROSS)
    west = _WEST + (home * _ACROSS + column) * _SIDE
    north = _NORTH - row * _SIDE
    return lattice.to_degrees(box(west, north - _SIDE, west + _SIDE, north))


def at_once(engine: Engine, seconds: float, seed: int, writers: int = WRITERS) -> Counter[str]:
    """Let writers redraw two communities at once; how often what came of it."""
    until = time.monotonic() + seconds
    with ThreadPoolExecutor(writers) as pool:
        jobs = [pool.submit(_write, engine, until, seed + n, n) for n in range(writers)]
        return sum((job.result() for job in jobs), Counter())


def _write(engine: Engine, until: float, seed: int, number: int) -> Counter[str]:
    """Redraw until the time is over; every fourth writer breaks the rules."""
    rng, told = np.random.default_rng(seed), Counter[str]()
    evil = number % 4 == 3  # noqa: PLR2004 -- every fourth
    while time.monotonic() < until:
        with Session(engine) as session:
            try:
                deed = _harm(session, rng) if evil else _good(session, HOMES[number % 2], rng)
                session.commit()
                told[deed] += 1
            except WanggeError as refused:
                told[refused.code] += 1
            except DBAPIError:
                told["refused by the database"] += 1
    return told


def _harm(session: Session, rng: np.random.Generator) -> str:
    """Break a rule; what it is called if it is let pass."""
    written = session.connection().execute(text(_EVIL[int(rng.integers(len(_EVIL)))])).rowcount
    return "evil" if written else "found nothing to harm"


def _good(session: Session, home: str, rng: np.random.Generator) -> str:
    redraw(session, home, rng)
    return "published"


def redraw(session: Session, home: str, rng: np.random.Generator) -> None:
    """Publish a random redraw of a community; who called commits. Raises as publishing does."""
    now = datetime.now(UTC)
    plan = redraws.begin(session, home, "争", "writer", now)["public_id"]
    cells = [row for row in ground.present(session) if row["community_code"] == home]
    cells = [row for row in cells if row["kind"] != "uncovered"]
    redraw_insisting.insist(session, plan, _wish(cells, rng), "writer", now)
    if rng.random() < 0.3:  # noqa: PLR2004 -- a draft that is overtaken meanwhile
        session.commit()
    redraw_publishing.publish(session, plan, "writer")


def _wish(cells: list[Any], rng: np.random.Generator) -> dict[str, Any]:
    """A split of a large grid, or two small ones joined, or a strip handed over."""
    one = cells[int(rng.integers(len(cells)))]
    west, south, east, north = one["shape"].bounds
    at = float(rng.uniform(0.3, 0.7))
    if len(cells) < 2 * _ACROSS**2 and rng.random() < 0.4:  # noqa: PLR2004 -- four in ten
        x = west + (east - west) * at
        return {"op": "split", "grid": one["code"], "line": [[x, south - 1e-4], [x, north + 1e-4]]}
    beside = [c for c in cells if c is not one and c["shape"].touches(one["shape"])]
    other = beside[int(rng.integers(len(beside)))]
    if len(cells) > _ACROSS and rng.random() < 0.4:  # noqa: PLR2004 -- four in ten
        return {"op": "merge", "grids": [one["code"], other["code"]], "into": other["code"]}
    return {"op": "give", "to": other["code"], "area": _strip(one["shape"], at), "pieces": True}


def _strip(shape: BaseGeometry, at: float) -> Any:
    west, south, east, north = shape.bounds
    middle = south + (north - south) * at
    area = lattice.to_units(box(west, middle, east, north))
    return plain.area_of(area)


def flaws(session: Session) -> dict[str, int]:
    """What is wrong with the ground at any instant of its history; nothing where it is whole.

    Overlapping pairs, moments with a gap, boundaries of plans that were not published wholly.
    """
    asked = {"overlaps": _OVERLAPS, "gaps": _GAPS, "halves": _HALVES}
    found = {name: int(session.scalar(query) or 0) for name, query in asked.items()}
    return {name: count for name, count in found.items() if count}


def kill_publishers(url: str, times: int, seed: int) -> int:
    """Kill a process that publishes, so many times, each at a random moment; how many were."""
    rng = np.random.default_rng(seed)
    for turn in range(times):
        own = {**os.environ, "WANGGE_DATABASE_URL": url}
        command = (sys.executable, "-m", "scripts.contention", str(seed + turn))
        with subprocess.Popen(command, env=own, stdout=subprocess.PIPE) as process:  # noqa: S603 -- our own
            if process.stdout is not None:
                process.stdout.readline()
            time.sleep(float(rng.uniform(0, 0.8)))
            process.send_signal(signal.SIGKILL)
    return times


def publish_for_ever(url: str, seed: int) -> None:
    """Publish random redraws one after the other, until somebody kills this process."""
    rng = np.random.default_rng(seed)
    engine = make_engine(url, web=False)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    while True:
        with Session(engine) as session:
            try:
                redraw(session, HOMES[int(rng.integers(2))], rng)
                session.commit()
            except WanggeError:
                session.rollback()


if __name__ == "__main__":
    publish_for_ever(os.environ["WANGGE_DATABASE_URL"], int(sys.argv[1]))
