"""The full counts that the tests only sample."""

import secrets
import time
from collections import Counter

import click
import numpy as np
import shapely
from sqlalchemy import RowMapping
from sqlalchemy.orm import Session

from geodata.db import grids
from geodata.demo import Options, generate
from geodata.domain import partition
from geodata.domain.assignment import Assignment, Cell, CellIndex
from scripts import adversary, contention, dirt, oracle, redrawing, store

ERROR_M = 15.0
PART = 20_000


@click.command()
@click.option("--points", default=1_000_000, show_default=True, type=click.IntRange(4))
@click.option("--districts", default=10, show_default=True, type=click.IntRange(0))
@click.option("--drawings", default=10_000, show_default=True, type=click.IntRange(0))
@click.option("--redraws", default=10_000, show_default=True, type=click.IntRange(0))
@click.option("--writing", default=10.0, show_default=True, help="Seconds of hostile writers.")
@click.option("--kills", default=20, show_default=True, type=click.IntRange(0))
@click.option("--seed", type=int, help="Repeat a run; a fresh one is taken and printed otherwise.")
def soak(
    *,
    points: int,
    districts: int,
    drawings: int,
    redraws: int,
    writing: float,
    kills: int,
    seed: int | None,
) -> None:
    """Hold index, database and oracle against each other; many divisions, redraws and writers."""
    seed = secrets.randbits(32) if seed is None else seed
    click.echo(f"seed {seed}")
    rng = np.random.default_rng(seed)
    with store.session() as session:
        wrong = _assignment(session, points, rng)
    wrong += sum(_district(int(rng.integers(2**31))) for _ in range(districts))
    wrong += _drawings(int(rng.integers(2**31)), drawings)
    wrong += _redraws(int(rng.integers(2**31)), redraws)
    wrong += _contention(int(rng.integers(2**31)), writing, kills)
    click.echo(f"{wrong} wrong")
    if wrong:
        raise SystemExit(1)


def _contention(seed: int, seconds: float, kills: int) -> int:
    """Flaws that hostile writers and killed publishers have left in a database of their own."""
    with store.engine() as opened, contention.scratch(opened) as engine:
        told = contention.at_once(engine, seconds, seed)
        contention.kill_publishers(engine.url.render_as_string(hide_password=False), kills, seed)
        with Session(engine) as session:
            found = contention.flaws(session)
    click.echo(f"contention: {dict(told)}, {kills} killed; flaws: {found or 'none'}")
    return sum(found.values())


def _assignment(session: Session, points: int, rng: np.random.Generator) -> int:
    """Places on which index, database and oracle differ, of so many adversarial ones."""
    index = CellIndex(grids.present_cells(session))
    cells = index.cells
    shapes = [cell.shape for cell in cells]
    wrong, started = 0, time.monotonic()
    for _ in range(0, points, PART):
        spots = adversary.places(cells, min(PART, points), rng)
        ours = index.assign(spots[:, 0], spots[:, 1], np.full(len(spots), ERROR_M))
        theirs = grids.at_many(session, [(shapely.Point(p), None, ERROR_M) for p in spots])
        wrong += sum(_told(o) != _known(t) for o, t in zip(ours, theirs, strict=True))
        exact = oracle.first(shapes, spots)
        wrong += int((exact != index.covering(spots[:, 0], spots[:, 1])).sum())
        wrong += sum(_cover(o, cells) != e for o, e in zip(ours, exact.tolist(), strict=True))
    click.echo(f"{points:,} places: {wrong} differ ({time.monotonic() - started:.0f} s)")
    return wrong


def _cover(answer: Assignment, cells: list[Cell]) -> int:
    """The position of the cell that covers, as the oracle counts; -1 where only one is near."""
    return cells.index(answer.cell) if answer.cell and answer.rule != "near" else -1


def _told(answer: Assignment) -> tuple[object, ...]:
    home, other = answer.cell, answer.runner_up
    return home and home.boundary_id, answer.rule, other and other.grid_id


def _known(row: RowMapping) -> tuple[object, ...]:
    return row["boundary_id"], row["rule"], row["runner_up_id"]


def _district(seed: int) -> int:
    """Flaws in the partition of a generated district."""
    made = generate(Options(seed=seed))
    cells = {str(i): cell.shape for i, cell in enumerate(made.cells)}
    loose = [str(i) for i, cell in enumerate(made.cells) if cell.kind == "uncovered"]
    flaws = partition.check(cells, made.ground, loose)
    click.echo(f"district of seed {seed}: {len(flaws)} flaws")
    return len(flaws)


def _drawings(first: int, count: int) -> int:
    """Laws broken in adopting so many careless drawings."""
    broken, started = 0, time.monotonic()
    for seed in range(first, first + count):
        for law in dirt.trial(seed):
            click.echo(f"  drawing of {law}")
            broken += 1
    click.echo(f"{count:,} drawings: {broken} laws broken ({time.monotonic() - started:.0f} s)")
    return broken


def _redraws(seed: int, count: int) -> int:
    """Laws broken in so many redraws of the communities of a generated district."""
    if not count:
        return 0
    rng, broken, started = np.random.default_rng(seed), 0, time.monotonic()
    cells, buildings = redrawing.of_district(generate(Options(seed=seed, issues=0)))
    homes = sorted({cell.community for cell in cells})
    told: Counter[str] = Counter()
    for home, share in zip(homes, _shares(count, len(homes)), strict=True):
        trial = redrawing.Trial(redrawing.neighbourhood(cells, home), home, rng, buildings)
        for law in trial.run(share):
            click.echo(f"  redraw of seed {seed}: {law}")
            broken += 1
        told += trial.told
    ways = ", ".join(f"{number:,} {way}" for way, number in sorted(told.items()))
    click.echo(f"{count:,} redraws of seed {seed}: {broken} laws broken ({ways})")
    click.echo(f"  in {time.monotonic() - started:.0f} s")
    return broken


def _shares(count: int, parts: int) -> list[int]:
    return [count // parts + (n < count % parts) for n in range(parts)]
