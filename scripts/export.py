"""Take a layer or list out of the store, as a file."""

import os
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from geodata.domain.layer import LAYERS
from geodata.domain.moment import moment
from geodata.errors import WanggeError
from geodata.files.exports import FORMATS
from geodata.services import deeds, exports
from scripts import store
from webmap.texts import sentence

SUFFIXES = {form.suffix: name for name, form in FORMATS.items() if not form.bundle}
SUFFIXES |= {".json": "geojson", ".csv": "csv", ".zip": "shp"}


@click.command()
@click.argument("layer", type=click.Choice(list(LAYERS)))
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    *("--format", "form"),
    type=click.Choice(list(FORMATS)),
    help="Else told by the file's suffix; .zip is a Shapefile.",
)
@click.option("--crs", default="EPSG:4490", show_default=True, help="EPSG:n, GCJ02 or BD09.")
@click.option("--at", help="Grids and posts as of a day (2024-05-01) or moment.")
@click.option(
    *("--filter", "filters"),
    multiple=True,
    metavar="NAME=VALUE",
    help="Such as state=open, community=610902001003, bbox=W,S,E,N; may be given several times.",
)
def export(
    layer: str, file: Path, *, form: str | None, crs: str, at: str | None, filters: tuple[str, ...]
) -> None:
    """Write LAYER to FILE, whole or not at all; says how many rows, and what the format loses."""
    name = form or SUFFIXES.get(file.suffix.lower())
    if name is None:
        raise click.ClickException(f"{file.suffix or file} tells no format: give --format.")
    if not file.absolute().parent.is_dir():
        raise click.ClickException(f"There is no folder {file.absolute().parent}.")
    zone = ZoneInfo(os.environ.get("WANGGE_TIMEZONE") or "Asia/Shanghai")
    try:
        day = moment(at, zone) if at else None
        wanted = exports.checked(exports.Order(layer, name, crs, day, _pairs(filters), zone))
        with store.session() as session:
            rows = exports.write(session, wanted, file, datetime.now(UTC))
            store.commit(session, deeds.exported(wanted, rows))
    except WanggeError as refused:
        raise click.ClickException(sentence(refused.code, refused.facts)) from refused
    click.echo(f"{file}: {rows:,} rows of {layer}, {wanted.format.title}, {wanted.frame.name}.")
    for _, loss in wanted.format.losses:
        click.echo(f"  {loss}.")


def _pairs(filters: tuple[str, ...]) -> dict[str, str]:
    given = {}
    for one in filters:
        name, equals, value = one.partition("=")
        if not equals or name in given:
            raise click.ClickException(f"--filter {one}: write NAME=VALUE, each name once.")
        given[name] = value
    return given
