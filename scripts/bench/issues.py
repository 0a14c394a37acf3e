"""One issue stored with its assignment against the same row stored bare."""

import time
from collections.abc import Mapping, Sequence
from statistics import median
from typing import Any, Final

from sqlalchemy import text
from sqlalchemy.orm import Session

from scripts.bench.figures import Table

_PLACES = text("""
    select ST_X(door) as x, ST_Y(door) as y, found.*
    from building tablesample bernoulli (20) cross join lateral grid_at(door, null, 10) as found
    limit :count
""")
_INSERT = text("""
    insert into issue (channel, ticket, category_id, text, place, precision, status, rule,
        grid_id, boundary_id, border_m, runner_up_id, runner_up_m, community_code, reported_at)
    select 'bench', :ticket, min(id), 'x', ST_SetSRID(ST_MakePoint(:x, :y), 4326), 'door',
        'reported', :rule, :grid_id, :boundary_id, :border_m, :runner_up_id, :runner_up_m,
        :community_code, now()
    from issue_category
""")
_BARE: Final[Mapping[str, Any]] = dict.fromkeys(
    ("grid_id", "boundary_id", "border_m", "runner_up_id", "runner_up_m", "community_code")
)
_WAYS: Final[Mapping[str, Mapping[str, Any]]] = {
    "bare": {**_BARE, "rule": "none"},
    "with an assignment handed in": {},
    "with assignment and evidence": {**_BARE, "rule": None},
}
"""What each way changes of a row whose assignment is known."""

BATCHES = 20


def run(session: Session, count: int) -> Table:
    """The median ratio of insert-with-assignment to bare insert; leaves nothing behind.

    The row in between has its assignment handed in: what keys and indexes of one cost, whoever
    finds it.
    """
    spots = [dict(row) for row in session.execute(_PLACES, {"count": count}).mappings()]
    size = max(len(spots) // BATCHES, 1)
    taken: dict[str, list[float]] = {way: [] for way in _WAYS}
    for start in range(0, size * BATCHES, size):
        part = spots[start : start + size]
        for way, times in taken.items():
            rows = [
                {**spot, **_WAYS[way], "ticket": f"{start}-{i}-{way}"}
                for i, spot in enumerate(part)
            ]
            times.append(_seconds(session, rows) / max(len(rows), 1))
    session.rollback()
    return Table(
        f"{len(spots):,} inserts each way, one statement each (medians of {BATCHES} batches)",
        ("insert", "microseconds", "x bare"),
        [(way, median(times) * 1e6, _ratio(times, taken["bare"])) for way, times in taken.items()],
    )


def _ratio(times: Sequence[float], bare: Sequence[float]) -> float:
    return median(one / other for one, other in zip(times, bare, strict=True))


def _seconds(session: Session, rows: Sequence[Mapping[str, Any]]) -> float:
    started = time.perf_counter()
    for row in rows:
        session.execute(_INSERT, row)
    return time.perf_counter() - started
