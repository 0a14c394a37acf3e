"""Each way of redrawing beside plain difference and union of the same shapes, in one run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import sqrt
from time import perf_counter
from typing import Final

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geodata.domain import lattice, plain, replay
from geodata.domain.cells import Cell, Cells, cells_of
from geodata.domain.intent import (
    Adopt,
    Carve,
    Close,
    Fill,
    Give,
    Intent,
    Merge,
    Reshape,
    Retire,
    Split,
)
from geodata.domain.recall import Recall
from geodata.errors import InvalidRedraw
from scripts import dirt, hands
from scripts.bench.figures import Cell as Figure
from scripts.bench.figures import Table, best, ratio

SIZES: Final = (20, 150, 620, 20_000)
EACH: Final = 9
STEPS: Final = 40
"""Steps of the plan that a pen's next line is added to."""
TRIES: Final = 200
HOME: Final = "1"


def run(count: int) -> Table:
    """Milliseconds of each way at so many grids, beside the plain way with the same drawing."""
    rng = np.random.default_rng(count)
    rows = [row for size in SIZES for row in _rows(size, rng)]
    columns = ("way", "grids", "ms", "plain ms", "times", "ms 95 %")
    notes = (
        "Plain: difference and union in floats of the grids that take part, which leaves gaps and",
        "unmatched vertices; the medians of the same drawings. Of the pen's lift: the log of",
        f"{STEPS} steps done again from the first, as it stands after the last of them.",
    )
    return Table("Redrawing", columns, rows, notes)


def _rows(size: int, rng: np.random.Generator) -> Iterator[tuple[Figure, ...]]:
    side = round(dirt.SIDE * sqrt(size / SIZES[0]))  # grids as large, however many
    cells = cells_of(dirt.division(rng, size, side), HOME)
    hand = hands.Hand(cells, HOME, rng)
    for way in (
        hand.split,
        hand.merge,
        hand.give,
        hand.carve,
        hand.reshape,
        hand.close,
        hand.retire,
    ):
        yield from _row(way.__name__, cells, way)
    gone = max(cells.codes, key=lambda code: float(cells[code].shape.area))
    open_ground = replay.perform(cells, Close(gone)).cells
    hand.cells = open_ground
    yield from _row("fill", open_ground, hand.fill)
    yield _lifts(hands.Hand(cells, HOME, rng))


def _row(
    name: str, cells: Cells, draw: Callable[[], Intent | None]
) -> Iterator[tuple[Figure, ...]]:
    ours, theirs = [], []
    for _ in range(TRIES):
        wanted = draw()
        taken = None if wanted is None else _timed(cells, wanted)
        if taken is not None and wanted is not None:
            ours.append(taken)
            theirs.append(_plain(cells, wanted))
        if len(ours) == EACH:
            break
    if ours:
        middle, other = float(np.median(ours)) * 1000, float(np.median(theirs)) * 1000
        worst = float(np.quantile(ours, 0.95)) * 1000
        yield name, len(cells.codes), middle, other, ratio(middle, other), worst


def _lifts(hand: hands.Hand) -> tuple[Figure, ...]:
    """A plan drawn step by step, each going on from the ground of the one before."""
    recall, start = Recall(), hand.cells
    log: list[Intent] = []
    taken: list[float] = []
    while len(log) < STEPS:
        wanted = hand.draw()
        if wanted is None or isinstance(wanted, Adopt):
            continue
        began = perf_counter()
        try:
            hand.cells = recall.replayed(HOME, lambda: start, [*log, wanted]).after
        except InvalidRedraw:
            continue
        taken.append(perf_counter() - began)
        log.append(wanted)
    began = perf_counter()
    list(replay.replay(start, log))
    naive = (perf_counter() - began) * 1000
    middle, worst = float(np.median(taken)) * 1000, float(np.quantile(taken, 0.95)) * 1000
    return "pen's lift", len(start.codes), middle, naive, ratio(middle, naive), worst


def _timed(cells: Cells, wanted: Intent) -> float | None:
    """Seconds of an intent; None where the ground does not allow it."""
    try:
        return best(lambda: replay.perform(cells, wanted))
    except InvalidRedraw:
        return None


def _plain(cells: Cells, wanted: Intent) -> float:
    """Seconds of the same by difference and union alone."""
    one, other, area = _concerned(cells, wanted)

    def job() -> None:
        shapely.difference(one, area)
        shapely.union(other, shapely.intersection(one, area))

    return best(job)


def _concerned(cells: Cells, wanted: Intent) -> tuple[BaseGeometry, BaseGeometry, BaseGeometry]:
    """A giver, a taker, and the area that goes over, in degrees."""
    match wanted:
        case Give(area=area, to=to):
            return _under(cells, area), cells[to].degrees, _degrees(area)
        case Carve(area=area):
            return _under(cells, area), shapely.Polygon(), _degrees(area)
        case Split(grid=grid, line=line) | Reshape(grid=grid, line=line):
            knife = lattice.to_degrees(plain.as_line(line)).buffer(0.001, single_sided=True)
            return cells[grid].degrees, shapely.Polygon(), knife
        case Merge(grids=grids, into=into):
            other = next((code for code in grids if code != into), into)
            return cells[other].degrees, cells[into].degrees, cells[other].degrees
        case Fill():
            gap = cells.open_ground(HOME).degrees
            return gap, _first(cells).degrees, gap
        case Close(grid=grid) | Retire(grid=grid):
            shape = cells[grid].degrees
            return shape, _first(cells).degrees, shape
        case _:
            raise TypeError(type(wanted))


def _first(cells: Cells) -> Cell:
    return next(cell for cell in cells if cell.kind != "uncovered")


def _under(cells: Cells, area: plain.Area) -> BaseGeometry:
    """The cell that most of an area lies on."""
    drawn = plain.as_area(area).buffer(0)
    near = [cells[code] for code in cells.touching(drawn)] or [_first(cells)]
    under = max(near, key=lambda cell: float(cell.shape.intersection(drawn).area))
    return under.degrees


def _degrees(area: plain.Area) -> BaseGeometry:
    return lattice.to_degrees(plain.as_area(area)).buffer(0)
