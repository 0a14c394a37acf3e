"""One issue stored with its assignment against the same row stored bare."""

import time
from statistics import median

from sqlalchemy import text
from sqlalchemy.orm import Session

from scripts.bench.figures import Table

_PLACES = text("""
    select ST_X(door) as x, ST_Y(door) as y from building tablesample bernoulli (20) limit :count
""")
_INSERT = text("""
    insert into issue (channel, ticket, category_id, text, place, precision, status, rule,
        reported_at)
    select 'bench', :ticket, min(id), 'x', ST_SetSRID(ST_MakePoint(:x, :y), 4326), 'door',
        'reported', :rule, now()
    from issue_category
""")
BATCHES = 20


def run(session: Session, count: int) -> Table:
    """The median ratio of insert-with-assignment to bare insert; leaves nothing behind."""
    spots = [(row.x, row.y) for row in session.execute(_PLACES, {"count": count})]
    size = max(len(spots) // BATCHES, 1)
    taken: dict[str | None, list[float]] = {None: [], "none": []}
    for start in range(0, size * BATCHES, size):
        part = spots[start : start + size]
        for rule, times in taken.items():
            times.append(_seconds(session, part, rule, start) / max(len(part), 1))
    session.rollback()
    placed, bare = (median(taken[rule]) * 1e6 for rule in (None, "none"))
    ratios = [one / other for one, other in zip(taken[None], taken["none"], strict=True)]
    return Table(
        f"{len(spots):,} inserts each way, one statement each (medians of {BATCHES} batches)",
        ("insert", "microseconds", "x bare"),
        [("bare", bare, 1.0), ("with assignment and evidence", placed, median(ratios))],
    )


def _seconds(session: Session, part: list[tuple[float, float]], rule: str | None, n: int) -> float:
    started = time.perf_counter()
    for i, (x, y) in enumerate(part):
        ticket = f"{n}-{i}-{rule}"
        session.execute(_INSERT, {"ticket": ticket, "x": x, "y": y, "rule": rule})
    return time.perf_counter() - started
