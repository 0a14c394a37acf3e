"""`python -m scripts bench`."""

import click

from scripts import store
from scripts.bench import adopt, assignment, geocoding, issues, plans

BENCHES = {
    "adopt": adopt.run,
    "assignment": assignment.run,
    "issues": issues.run,
    "plans": plans.run,
}
APART = {"geocoding": geocoding.run}
"""Benchmarks that need no store."""


@click.command()
@click.argument("name", type=click.Choice(sorted(BENCHES | APART)))
@click.option("--count", default=20_000, show_default=True, type=click.IntRange(100))
def bench(*, name: str, count: int) -> None:
    """Measure one job against a peer or an earlier way, on the district that is loaded."""
    if name in APART:
        APART[name](count)
        return
    with store.session() as session:
        BENCHES[name](session, count)
        session.rollback()
