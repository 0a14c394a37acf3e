"""Tiles over HTTP: ours, uncached and cached, against tipg and the bare SQL in pgbench."""

import os
import random
import re
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from math import asinh, floor, pi, radians, tan
from statistics import median
from urllib.request import urlopen

from sqlalchemy import make_url
from sqlalchemy.orm import Session

from geodata.db import layers
from geodata.services import district
from scripts.bench import load, server, tipg
from scripts.bench.figures import ROUNDS, Cell, Table, ratio
from scripts.setup import postgis, settings
from scripts.setup.errors import SetupError

Tile = tuple[int, int, int]
ZOOMS = (14, 15, 16)
SECONDS = 5
_TPS = re.compile(r"tps = ([0-9.]+)")


def run(session: Session, count: int) -> Table:
    """Tiles a second of each way over the same tiles of the district, each tile once a round."""
    box = district.ground(session).bbox
    database = server.address_of(session)
    session.rollback()
    frames = {z: _frame(box, z) for z in ZOOMS}
    tiles = list(_tiles(frames))
    random.Random(1).shuffle(tiles)  # noqa: S311 -- an order, no secret
    tiles = tiles[:count]
    uncached, bare = _ours(database, tiles, frames)
    peer, notes = _peer(database, tiles)
    rows: list[Sequence[Cell]] = [
        ("the same SQL in pgbench", bare, None, 1.0),
        *((name, rate, ratio(rate, peer[_ALL]), ratio(rate, bare)) for name, rate in peer.items()),
        ("ours, uncached", uncached, ratio(uncached, peer[_ALL]), ratio(uncached, bare)),
    ]
    rows += _cached(database, tiles, peer[_ALL], bare)
    title = f"{len(tiles):,} tiles of zoom {ZOOMS[0]} to {ZOOMS[-1]}, {load.CLIENTS} connections"
    return Table(title, ("way", "answers/s", "x tipg", "x pgbench"), rows, notes)


def _frame(box: layers.Box, z: int) -> tuple[int, int, int, int]:
    """The first and last column and row of the tiles at a zoom that meet the box."""
    west, south, east, north = box
    (left, top), (right, bottom) = _tile(west, north, z), _tile(east, south, z)
    return left, top, right, bottom


def _tile(lon: float, lat: float, z: int) -> tuple[int, int]:
    """Column and row of the tile at a place in degrees (web mercator, OGC WebMercatorQuad)."""
    x, y = (lon + 180) / 360, (1 - asinh(tan(radians(lat))) / pi) / 2
    return floor(x * 2**z), floor(y * 2**z)


def _tiles(frames: dict[int, tuple[int, int, int, int]]) -> Iterator[Tile]:
    for z, (left, top, right, bottom) in frames.items():
        yield from ((z, x, y) for x in range(left, right + 1) for y in range(top, bottom + 1))


def _ours(
    database: str, tiles: Sequence[Tile], frames: dict[int, tuple[int, int, int, int]]
) -> tuple[float, float]:
    """Medians of tiles a second from a fresh server, and of the bare SQL, turn by turn."""
    served, bare = [], []
    for _ in range(ROUNDS):
        with server.served(database) as base:
            _warm(base)
            served.append(load.rate(base, [_path(tile) for tile in tiles]))
        bare.append(_pgbench(database, frames))
    return median(served), median(bare)


def _warm(base: str) -> None:
    """Open the connections of every process, with tiles of no district."""
    load.rate(base, [f"/tiles/base/19/{n}/1.mvt" for n in range(200)])


def _path(tile: Tile) -> str:
    z, x, y = tile
    return f"/tiles/base/{z}/{x}/{y}.mvt"


_ALL = "tipg, one request a layer"


def _peer(database: str, tiles: Sequence[Tile]) -> tuple[dict[str, float | None], list[str]]:
    """Tiles a second of tipg: buildings alone, and all tables of our tile asked one by one."""
    buildings = [tipg.path("building", *tile) for tile in tiles]
    whole = [tipg.path(table, *tile) for tile in tiles for table in tipg.LAYERS]
    try:
        with tipg.served(database, len(os.sched_getaffinity(0))) as base:
            load.rate(base, [tipg.path("place", 19, n, 1) for n in range(100)])
            return {
                "tipg, buildings only": _median(lambda: load.rate(base, buildings)),
                _ALL: _median(lambda: load.rate(base, whole)) / len(tipg.LAYERS),
            }, []
    except SetupError as refused:
        return {_ALL: None}, [f"No figures of tipg: {refused}"]


def _median(job: Callable[[], float]) -> float:
    return median(job() for _ in range(ROUNDS))


def _cached(
    database: str, tiles: Sequence[Tile], peer: float | None, bare: float
) -> list[Sequence[Cell]]:
    """Answers from memory and answers that send nothing, beside the least that Flask answers."""
    few = tiles[:100]
    paths = [_path(tile) for tile in few] * 30
    with server.served(database) as base:
        load.rate(base, paths[:1000])
        tags = [{"If-None-Match": _tag(base + path)} for path in paths[:100]] * 30
        rates = {
            "ours, from memory": _median(lambda: load.rate(base, paths)),
            "ours, 304": _median(lambda: load.rate(base, paths, 304, tags)),
            "an empty answer of ours (/healthz)": _median(
                lambda: load.rate(base, ["/healthz"] * len(paths))
            ),
        }
    return [(name, rate, ratio(rate, peer), ratio(rate, bare)) for name, rate in rates.items()]


def _tag(url: str) -> str:
    with urlopen(url) as answer:  # noqa: S310 -- our own server
        return str(answer.headers["ETag"])


def _pgbench(database: str, frames: dict[int, tuple[int, int, int, int]]) -> float:
    """Tiles a second when pgbench asks for random tiles of the same frames, prepared."""
    asked = postgis.ensure(settings.make_state(settings.read().state))
    url = make_url(database)
    host = url.host or str(url.query.get("host", ""))
    with tempfile.NamedTemporaryFile("w", suffix=".sql", encoding="utf-8") as script:
        script.write(_script(frames))
        script.flush()
        command = [
            *(str(asked.programs / "pgbench"), "-n", "-M", "prepared", "-f", script.name),
            *("-c", str(load.CLIENTS), "-j", "1", "-T", str(SECONDS)),
            *("-h", host, "-U", url.username or "", *(("-p", str(url.port)) if url.port else ())),
            str(url.database),
        ]
        env = asked.environment() | ({"PGPASSWORD": url.password} if url.password else {})
        told = _said(command, env)
    return float(told[1])


def _said(command: list[str], env: dict[str, str]) -> "re.Match[str]":
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=env)  # noqa: S603 -- from a list
    except OSError as missing:
        raise SetupError("pgbench is missing; it comes with the PostgreSQL server.") from missing
    if (told := _TPS.search(done.stdout)) is None:
        raise SetupError(f"pgbench refused: {done.stderr.strip()}")
    return told


def _script(frames: dict[int, tuple[int, int, int, int]]) -> str:
    """A pgbench script that takes each tile of the frames as often as any other."""
    sizes = {
        z: (right - left + 1) * (bottom - top + 1)
        for z, (left, top, right, bottom) in frames.items()
    }
    lines, reached = [f"\\set r random(1, {sum(sizes.values())})"], 0
    cases: dict[str, list[str]] = {name: [] for name in ("z", "left", "top", "right", "bottom")}
    for z, frame in frames.items():
        reached += sizes[z]
        for name, value in zip(cases, (z, *frame), strict=True):
            cases[name].append(f"when :r <= {reached} then {value}")
    lines += [f"\\set {name} case {' '.join(whens)} end" for name, whens in cases.items()]
    lines += ["\\set x random(:left, :right)", "\\set y random(:top, :bottom)"]
    return "\n".join([*lines, " ".join(str(layers.BASE_TILE).split()) + ";", ""])
