"""Give back to the hotline how far its tickets are."""

import os
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from geodata.errors import WanggeError
from geodata.services import narrowing, ticket_states
from geodata.services.audit import Deed
from scripts import store
from webmap.texts import sentence


@click.command("export-tickets")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--channel", default=ticket_states.HOTLINE, show_default=True)
@click.option("--import", "job", type=int, help="Those of one import alone, in its own columns.")
@click.option("--state", type=click.Choice(["open", "closed"]), help="Else both.")
def export_tickets(file: Path, *, channel: str, job: int | None, state: str | None) -> None:
    """Write how far the hotline's tickets are to FILE (.xlsx or .csv), in the import's columns."""
    form = file.suffix.lower().removeprefix(".")
    if form not in ticket_states.FORMATS:
        raise click.ClickException(f"{file.suffix or file} tells no format: .xlsx or .csv.")
    zone = ZoneInfo(os.environ.get("WANGGE_TIMEZONE") or "Asia/Shanghai")
    asked = narrowing.Wanted(state=state, job=job, channel=channel)
    try:
        with store.session() as session:
            wanted = narrowing.resolved(session, asked, datetime.now(UTC), zone)
            content, rows = ticket_states.file(session, wanted, form, zone)
            told = {"format": form, "rows": rows, "kind": channel}
            store.commit(session, Deed("export.file", ("layer", "issues"), detail=told))
    except WanggeError as refused:
        raise click.ClickException(sentence(refused.code, refused.facts)) from refused
    file.write_bytes(content)
    click.echo(f"{file}: {rows:,} tickets of {channel}.")
