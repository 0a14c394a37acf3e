"""Print every gap in coverage."""

import json
import os
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from sqlalchemy.orm import Session

from geodata.db.scoping import WHOLE, Ground
from geodata.domain.coverage.gap import KINDS
from geodata.errors import NotFound
from geodata.services import coverage as service
from geodata.services import coverage_report
from geodata.services.coverage_report import Report
from scripts import store


@click.command()
@click.option("--area", metavar="CODE", help="Only of a street, community or grid.")
@click.option(
    "--kind",
    "kinds",
    multiple=True,
    type=click.Choice(list(KINDS)),
    metavar="KIND",
    help="Only of this kind; may repeat.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def coverage(*, area: str | None, kinds: tuple[str, ...], as_json: bool) -> None:
    """Print every gap in coverage: kind, code, measure, cause and next action."""
    with store.session() as session:
        report = coverage_report.report(session, datetime.now(UTC), WHOLE)
        found = report.within(_ground(session, report, area))
    zone = ZoneInfo(os.environ.get("WANGGE_TIMEZONE") or "Asia/Shanghai")
    told = [service.plain(gap, zone) for gap in found if not kinds or gap.kind in kinds]
    if as_json:
        click.echo(json.dumps({"count": len(told), "gaps": told}, ensure_ascii=False))
        return
    columns = ("kind", "code", "name", "measure", "unit", "cause", "next_action")
    table = Table(*columns)
    for gap in told:
        told_of = (f"{gap[c]:,}" if c == "measure" else str(gap[c]) for c in columns)
        table.add_row(*map(escape, told_of))
    Console().print(table)


def _ground(session: Session, report: Report, area: str | None) -> Ground:
    """The ground of an area; of everything without one. Raises click.BadParameter."""
    try:
        return coverage_report.area(session, report, WHOLE, area or "").ground
    except NotFound as unknown:
        raise click.BadParameter(f"no area has the code {area!r}") from unknown
