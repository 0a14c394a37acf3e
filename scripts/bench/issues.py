"""One issue stored with its assignment against the same row stored bare."""

import time
from statistics import median

import click
from sqlalchemy import text
from sqlalchemy.orm import Session

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


def run(session: Session, count: int) -> None:
    """Print the median ratio of insert-with-assignment to bare insert; leaves nothing behind."""
    spots = [(row.x, row.y) for row in session.execute(_PLACES, {"count": count})]
    size = max(len(spots) // BATCHES, 1)
    ratios, bare_us = [], []
    for start in range(0, size * BATCHES, size):
        part = spots[start : start + size]
        placed, bare = (_seconds(session, part, rule, start) for rule in (None, "none"))
        ratios.append(placed / bare)
        bare_us.append(bare / max(len(part), 1) * 1e6)
    click.echo(
        f"{len(spots):,} inserts each way: with assignment {median(ratios):.2f} x a bare insert "
        f"({median(bare_us):.0f} microseconds; median of {len(ratios)} batches)"
    )
    session.rollback()


def _seconds(session: Session, part: list[tuple[float, float]], rule: str | None, n: int) -> float:
    started = time.perf_counter()
    for i, (x, y) in enumerate(part):
        ticket = f"{n}-{i}-{rule}"
        session.execute(_INSERT, {"ticket": ticket, "x": x, "y": y, "rule": rule})
    return time.perf_counter() - started
