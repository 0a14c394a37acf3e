"""Load a layer or a list from a file: areas, grids, buildings, roads, people."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, cast

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from sqlalchemy import RowMapping
from sqlalchemy.orm import Session

from geodata.errors import WanggeError
from geodata.files.fields import KINDS, Kind
from geodata.files.limits import LAYER
from geodata.files.mapping import mapping_in
from geodata.services import deeds, loads
from geodata.services.audit import Deed
from scripts import store
from webmap.texts import sentence

FEW = 20
FAILED = ("failed", "asked")
_COUNTS = ("total", "added", "changed", "same", "refused", "flagged", "repaired")


class _Told(click.ParamType[tuple[str, str]]):
    """A field and what it is for all rows: ``street=610902001``."""

    name = "field=value"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, str]:
        if isinstance(value, tuple):
            return value
        field, sign, told = str(value).partition("=")
        if not sign or not field:
            self.fail("FIELD=TEXT", param, ctx)
        return field.strip(), told.strip()


@click.command("load")
@click.argument("kind", type=click.Choice(KINDS))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--layer", default="", help="Which layer or sheet, where the file has several.")
@click.option(
    "--crs",
    default="",
    help="EPSG:n, CGCS2000, WGS84, GCJ02 or BD09; with @yx where latitude comes first.",
)
@click.option(
    "--mapping",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="JSON or CSV that says which column is which field.",
)
@click.option("--value", "values", type=_Told(), multiple=True, help="A field for all rows.")
@click.option("--community", "communities", multiple=True, help="Change only its grids.")
@click.option("--repair", is_flag=True, help="Put dirty borders right, and report each change.")
@click.option("--dry-run", is_flag=True, help="Report only; the map stays as it is.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as one JSON object.")
@click.option("--report", type=click.File("wb", lazy=False), help="Write the report as CSV here.")
@click.pass_context
def load(context: click.Context, /, kind: str, file: Path, **options: Any) -> None:
    """Load a GeoPackage, GeoJSON, Shapefile (zip), KML, FlatGeobuf, CSV or XLSX file."""
    if file.stat().st_size > LAYER.file_bytes:
        raise click.ClickException(f"{file} is larger than 50 MB.")
    with store.session() as session:
        job, notes = _loaded(session, cast("Kind", kind), file, options)
        if options["report"] is not None:
            grades = {grade: grade for grade in ("refused", "flagged", "repaired")}
            options["report"].write(loads.report_file(session, job["id"], sentence, grades))
    (_print_json if options["as_json"] else _print)(job, notes)
    if job["state"] in FAILED:
        context.exit(2 if job["state"] == "asked" else 1)


def _loaded(
    session: Session, kind: Kind, file: Path, options: Mapping[str, Any]
) -> tuple[RowMapping, Sequence[RowMapping]]:
    """Take the file in and follow it to its end."""
    content, mapping = file.read_bytes(), options["mapping"]
    try:
        request = loads.Request(
            kind,
            content,
            file.name,
            layer=options["layer"],
            crs=options["crs"],
            mapping=mapping_in(mapping.read_bytes(), kind) if mapping else {},
            values=dict(options["values"]),
            communities=options["communities"],
            repair=options["repair"],
            dry_run=options["dry_run"],
        )
        number, new = loads.submit(session, request)
    except WanggeError as refused:
        raise click.ClickException(sentence(refused.code, refused.facts)) from refused
    told = {"kind": kind, "new": new, "dry_run": options["dry_run"]}
    store.commit(session, Deed("load.take", ("load", str(number)), detail=told))
    bar = (TextColumn("Loading"), BarColumn(), MofNCompleteColumn())
    with Progress(*bar, console=Console(stderr=True)) as progress:
        task = progress.add_task("Loading", total=None)
        for now in loads.run(session, number):
            session.commit()
            progress.update(task, total=now.total or None, completed=now.done)
    store.commit(session, deeds.load_ended(session, number))
    return loads.one(session, number), loads.report(session, number, None)


def _print_json(job: RowMapping, notes: Sequence[RowMapping]) -> None:
    error = job["error"]
    shown = {
        **{key: job[key] for key in ("id", "kind", "file_name", "state", "system", *_COUNTS)},
        "dry_run": job["dry_run"],
        "columns": job["columns"],
        "layer": job["layer"],
        "error": error and {**error, "title": sentence(error["code"], error["facts"])},
        "report": [
            {
                **{key: note[key] for key in ("row", "column", "grade", "code", "facts")},
                "reason": sentence(note["code"], note["facts"]),
            }
            for note in notes
        ],
    }
    click.echo(json.dumps(shown, ensure_ascii=False, indent=1))


def _print(job: RowMapping, notes: Sequence[RowMapping]) -> None:
    columns = job["columns"] or {}
    if columns.get("recognised"):
        told = (f"{name} = {field}" for field, name in columns["recognised"].items())
        click.echo("Columns: " + ", ".join(told))
    if columns.get("unmapped"):
        click.echo("Columns not used: " + ", ".join(columns["unmapped"]))
    if columns.get("dropped"):
        click.echo("Contact columns, not kept: " + ", ".join(columns["dropped"]))
    for note in notes[:FEW]:
        where = f"row {note['row']}" if note["row"] else "whole file"
        where += f", {note['column']}" if note["column"] else ""
        reason = sentence(note["code"], note["facts"])
        click.echo(f"  {note['grade']}: {job['file_name']}, {where}: {reason}")
    if len(notes) > FEW:
        click.echo(f"  ... and {len(notes) - FEW:,} more; --report writes all of them")
    if job["state"] in FAILED:
        _print_error(job["error"])
        return
    _print_end(job)


def _print_end(job: RowMapping) -> None:
    trial = "would be " if job["dry_run"] else ""
    if not job["added"] and not job["changed"] and not job["refused"]:
        click.echo(f"{job['total']:,} rows: all of it is loaded already; nothing changes.")
        return
    click.echo(
        f"{job['total']:,} rows: {trial}{job['added']:,} added, {job['changed']:,} changed, "
        f"{job['same']:,} the same already; {job['refused']:,} refused, "
        f"{job['flagged']:,} flagged, {job['repaired']:,} repaired."
    )
    if job["dry_run"]:
        click.echo("Nothing was changed: run it again without --dry-run.")


def _print_error(error: Mapping[str, Any]) -> None:
    click.echo(sentence(error["code"], error["facts"]), err=True)
    for one in error["facts"].get("candidates", []):
        click.echo(
            f"  --crs {one['crs']:<16} {one['title']}: lands at {one['lon']}, {one['lat']}; "
            f"{one['inside']:.0%} in the district, {one['on_known']:.0%} on known features",
            err=True,
        )
