"""The totals of the present."""

import json

import click
from rich.console import Console
from rich.table import Table

from geodata.services import district
from scripts import store


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def summary(*, as_json: bool) -> None:
    """Print the totals of the present."""
    with store.session() as session:
        totals = district.summary(session)
    if as_json:
        click.echo(json.dumps(totals, ensure_ascii=False))
        return
    table = Table("what", "how many")
    for name, count in {**totals, **totals["issues"]}.items():
        if name != "issues":
            table.add_row(name if name in totals else f"issues {name}", f"{count:,}")
    Console().print(table)
