"""`python -m scripts bench`."""

import click

from scripts import store
from scripts.bench import adopt, assignment, issues, plans

BENCHES = {
    "adopt": adopt.run,
    "assignment": assignment.run,
    "issues": issues.run,
    "plans": plans.run,
}


@click.command()
@click.argument("name", type=click.Choice(sorted(BENCHES)))
@click.option("--count", default=20_000, show_default=True, type=click.IntRange(100))
def bench(*, name: str, count: int) -> None:
    """Measure one job against a peer or an earlier way, on the district that is loaded."""
    with store.session() as session:
        BENCHES[name](session, count)
        session.rollback()
