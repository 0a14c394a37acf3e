"""Print every gap in coverage."""

import json
import os
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import click
from rich.console import Console
from rich.table import Table

from geodata.db import scoping
from geodata.domain.roles import Scope
from geodata.services import coverage as service
from scripts import store


@click.command()
@click.option("--area", metavar="CODE", help="Only of a street, community or grid.")
@click.option(
    "--kind", "kinds", multiple=True, metavar="KIND", help="Only of this kind; may repeat."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def coverage(*, area: str | None, kinds: tuple[str, ...], as_json: bool) -> None:
    """Print every gap in coverage: kind, code, measure, cause and next action."""
    with store.session() as session:
        found = service.present(session, datetime.now(UTC))
        if area:
            found = service.on(scoping.resolved(session, Scope((area,))), found)
    zone = ZoneInfo(os.environ.get("WANGGE_TIMEZONE") or "Asia/Shanghai")
    told = [service.plain(gap, zone) for gap in found if not kinds or gap.kind in kinds]
    if as_json:
        click.echo(json.dumps({"count": len(told), "gaps": told}, ensure_ascii=False))
        return
    columns = ("kind", "code", "name", "measure", "unit", "cause", "next_action")
    table = Table(*columns)
    for gap in told:
        table.add_row(*(f"{gap[c]:,}" if c == "measure" else str(gap[c]) for c in columns))
    Console().print(table)
