"""All gaps of the district by sets, against the obvious way: a handful of questions a grid."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import text
from sqlalchemy.orm import Session

from geodata.db.scoping import WHOLE
from geodata.domain.coverage import gaps, measures
from geodata.services import coverage
from scripts.bench.figures import Cell, Table, ratio

LOOKED_AT: Final = 200
"""Grids that the naive way asks about; the rest is reckoned from them, since all takes minutes."""

_NAIVE: Final = (
    "select sum(households), sum(residents), count(*) from building where grid_id = :grid",
    "select count(*) from building where grid_id = :grid and party_group_id is null",
    "select count(*) from post where grid_id = :grid and during @> now()",
    "select max(upper(during)) from post where grid_id = :grid",
    "select count(*) from party_org where grid_id = :grid and tier = 'group'",
    "select count(*), count(due_at < now() or null) from issue where grid_id = :grid and is_open",
    "select count(*), max(reported_at) from issue where grid_id = :grid",
)


def run(session: Session, count: int) -> Table:
    """How long each part takes, and how many times longer a loop over the grids."""
    del count
    now = datetime.now(UTC)
    still, still_s = _timed(lambda: coverage.still(session))
    frames, frames_s = _timed(lambda: coverage.frames(session, now, still))
    found, found_s = _timed(lambda: gaps.found(frames, now))
    _, figures_s = _timed(
        lambda: [measures.table(frames.grids, found, frames.norms, t) for t in measures.TIERS]
    )
    whole = frames_s + found_s
    naive = _loop(session, frames.grids.id.tolist()) * len(frames.grids)
    issues = session.scalar(text("select count(*) from issue"))
    rows: list[list[Cell]] = [
        ["what the district's grids, buildings, groups, posts and issues say", frames_s, "1"],
        ["all gaps found in it", found_s, ratio(found_s, frames_s)],
        ["figures of all streets, communities and grids", figures_s, ratio(figures_s, frames_s)],
        ["what only changes with the ground (kept)", still_s, ratio(still_s, frames_s)],
        ["a loop over the grids, seven questions each", naive, ratio(naive, frames_s)],
    ]
    told = [
        f"{len(frames.grids):,} grids, {issues:,} issues, {len(coverage.on(WHOLE, found)):,} gaps;",
        f"one look takes {whole * 1000:.0f} ms, the loop {naive / whole:.1f} × as long,",
        f"reckoned from {min(LOOKED_AT, len(frames.grids))} of the grids",
    ]
    return Table("Coverage by sets", ("part", "s", "× of the first"), rows, told)


def _timed(job: Callable[[], Any]) -> tuple[Any, float]:
    """What a job gives and its seconds, the better of two tries."""
    best, given = float("inf"), None
    for _ in range(2):
        started = time.perf_counter()
        given = job()
        best = min(best, time.perf_counter() - started)
    return given, best


def _loop(session: Session, numbers: list[int]) -> float:
    """Seconds that the naive way takes for one grid."""
    asked = numbers[:: max(1, len(numbers) // LOOKED_AT)][:LOOKED_AT]
    started = time.perf_counter()
    for number in asked:
        for question in _NAIVE:
            session.execute(text(question), {"grid": number}).all()
    return (time.perf_counter() - started) / len(asked)
