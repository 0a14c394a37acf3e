"""Bring in a file of hotline tickets."""

import re
from pathlib import Path
from typing import BinaryIO, cast

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from sqlalchemy.orm import Session

from geodata.domain.crs import DATUMS, Datum
from geodata.files.tickets import LIMITS
from geodata.services import deeds, geocoding, imports, refusals
from geodata.services.audit import Deed
from scripts import store
from webmap.texts import sentence

FEW = 20


class _Channel(click.ParamType[str]):
    """A short plain word, as the web takes it."""

    name = "word"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if not re.fullmatch(r"[0-9A-Za-z_-]{1,20}", value):
            self.fail("letters, digits, - and _ only, at most 20", param, ctx)
        return value


CHANNEL = _Channel()


@click.command("import-tickets")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    *("--channel", "channel"),
    type=CHANNEL,
    default="12345",
    show_default=True,
    help="Where the tickets are from.",
)
@click.option(
    *("--datum", "datum"),
    type=click.Choice(DATUMS),
    default="WGS84",
    show_default=True,
    help="What the coordinates in the file are in, if it has any.",
)
@click.option(
    *("--refused", "refused"),
    type=click.File("wb", lazy=False),
    help="Write the refused rows here.",
)
def import_tickets(file: Path, *, channel: str, datum: str, refused: BinaryIO | None) -> None:
    """Bring in an XLSX or CSV export; running it again changes nothing, or goes on."""
    if not file.is_file() or file.stat().st_size > LIMITS.file_bytes:
        raise click.ClickException(f"{file} is no plain file of at most 50 MB.")
    with store.session() as session:
        number, new = imports.submit(
            session, file.read_bytes(), file.name, channel, cast("Datum", datum)
        )
        store.commit(session, Deed("import.take", ("import", str(number)), detail={"new": new}))
        if not new:
            click.echo("This file was brought in before; what is left of it is done now.")
        _follow(session, number)
        store.commit(session, deeds.import_ended(session, number))
        _tell(session, number, refused)


def _follow(session: Session, number: int) -> None:
    bar = (TextColumn("Importing"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*bar, console=Console(stderr=True)) as progress:
        task = progress.add_task("Importing", total=None)
        locator = geocoding.Locator.of(session)
        for now in imports.run(session, number, locator, store.sealer(), store.calendar()):
            session.commit()
            progress.update(task, total=now.total, completed=now.done)


def _tell(session: Session, number: int, refused: BinaryIO | None) -> None:
    """Say what became of the rows; end with an error where the whole file was refused."""
    job = imports.one(session, number)
    if job["state"] == "failed":
        words = sentence(job["error"]["code"], job["error"]["facts"])
        raise click.ClickException(f"{job['file_name']}: {words}")
    for words, which in (("kept sealed", "sealed"), ("not kept", "dropped")):
        if names := job["columns"].get(which):
            click.echo(f"Contact columns, {words}: " + ", ".join(names))
    if job["columns"]["unknown"]:
        click.echo("Columns not recognised: " + ", ".join(job["columns"]["unknown"]))
    for column, values in job["columns"].get("strange", {}).items():
        click.echo(f"Not known in {column}, taken all the same: " + ", ".join(values))
    click.echo(
        f"{job['total']:,} rows: {job['added']:,} added, {job['known']:,} known already, "
        f"{job['refused']:,} refused; {job['unplaced']:,} of the added are in no grid yet."
    )
    for row in imports.refused(session, number)[:FEW]:
        words = sentence(row["code"], row["facts"])
        click.echo(f"  {job['file_name']}, row {row['row']}, {row['column']}: {words}")
    if job["refused"] > FEW:
        click.echo(f"  ... and {job['refused'] - FEW:,} more")
    if refused is not None:
        refused.write(refusals.as_csv(session, number, sentence, mask=False))
        click.echo(f"Refused rows written to {refused.name}; correct them and bring that file in.")
