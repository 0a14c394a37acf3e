"""Find the places of addresses among the buildings of a file."""

import csv
import json
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TextIO

import click

from geodata.domain.geocoder import Geocoder
from geodata.errors import WanggeError
from geodata.services import addressing
from geodata.services.addressing import Lines, Source
from webmap.texts import sentence

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
COLUMNS = (
    *("row", "address", "place", "building", "lon", "lat"),
    *("precision", "score", "sure", "reason", "candidates"),
)


@click.command()
@click.argument("addresses", type=FILE)
@click.option("--column", required=True, help="The column with the addresses.")
@click.option("--buildings", type=FILE, required=True, help="The file of buildings.")
@click.option(
    "--address",
    multiple=True,
    required=True,
    help="The column of the buildings with their address; twice for street and number.",
)
@click.option("--name", default="", help="The column of the buildings with their name.")
@click.option("--layer", default="", help="The layer of the buildings, where there are several.")
@click.option("--addresses-layer", default="", help="The layer or sheet of the addresses.")
@click.option(
    "--crs", default="", help="What the buildings are in, where their file does not say: EPSG:n …"
)
@click.option("--x", default="", help="The column of the buildings' longitude or easting.")
@click.option("--y", default="", help="The column of the buildings' latitude or northing.")
@click.option(
    "--roads",
    "road_file",
    type=FILE,
    help="A file of roads, for addresses that name a crossing.",
)
@click.option("--road-name", default="name", show_default=True, help="Its column with the names.")
@click.option("--roads-layer", "road_layer", default="", help="Its layer, where there are several.")
@click.option("--roads-crs", "road_crs", default="", help="What it is in, where it does not say.")
@click.option("--out", type=click.File("w", encoding="utf-8", lazy=False), help="Write here.")
@click.option("--json", "as_json", is_flag=True, help="JSON instead of CSV.")
def geocode(
    *,
    addresses: Path,
    column: str,
    addresses_layer: str,
    buildings: Path,
    out: TextIO | None,
    as_json: bool,
    **words: Any,
) -> None:
    """Give each of the ADDRESSES its place, how precise and how sure it is, and what else fits.

    Only a sure answer has a place; the others have candidates and a reason. Rows that are sure
    are meant to be right: what the text does not tell apart is not guessed.
    """
    roads = Lines(**{name: words.pop(f"road_{name}") for name in ("file", "name", "layer", "crs")})
    source = Source(file=buildings, **words)
    try:
        rows, refused_rows = addressing.addresses(addresses, column, addresses_layer)
        known = addressing.buildings(source)
        streets = addressing.streets(roads)
    except WanggeError as refused:
        why = f"{sentence(refused.code, refused.facts)} [{refused.code}]"
        raise click.ClickException(why) from refused
    home = addressing.home([text for _, text in rows], known.entries)
    geocoder = Geocoder([*known.entries, *addressing.named(streets)], home, streets)
    answers = list(addressing.located(geocoder, rows))
    summary = _summary(answers) | {
        "buildings": len(known.entries),
        "buildings_left_out": known.left_out,
        "home": home.city,
        "refused": [
            {"row": one.row, "reason": sentence(one.code, one.facts)} for one in refused_rows
        ],
    }
    _write(answers, summary, out or sys.stdout, as_json=as_json)
    for one in summary["refused"]:
        click.echo(f"Row {one['row']} refused: {one['reason']}", err=True)
    click.echo(_sentence(summary), err=True)


def _summary(told: Sequence[dict[str, Any]]) -> dict[str, Any]:
    return {
        "addresses": len(told),
        "sure": sum(row["sure"] for row in told),
        "precision": dict(Counter(row["precision"] for row in told if row["sure"])),
        "reasons": dict(Counter(row["reason"] for row in told if not row["sure"])),
    }


def _write(
    told: Sequence[dict[str, Any]], summary: dict[str, Any], out: TextIO, *, as_json: bool
) -> None:
    if as_json or out.name.endswith(".json"):
        json.dump({**summary, "rows": told}, out, ensure_ascii=False)
        out.write("\n")
        return
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for row in told:
        others = json.dumps(row["candidates"], ensure_ascii=False)
        writer.writerow([_guarded(row[name]) for name in COLUMNS[:-1]] + [others])


def _guarded(cell: object) -> object:
    """A text that a spreadsheet would run as a formula, with an apostrophe in front."""
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@") else cell


def _sentence(summary: dict[str, Any]) -> str:
    sure = ", ".join(f"{count:,} {name}" for name, count in summary["precision"].items())
    rest = ", ".join(f"{count:,} {name}" for name, count in summary["reasons"].items())
    home = f" Buildings without a city are taken to be in {summary['home']}." * bool(
        summary["home"]
    )
    return (
        f"{summary['addresses']:,} addresses among {summary['buildings']:,} buildings "
        f"({summary['buildings_left_out']:,} without place or name): {summary['sure']:,} sure "
        f"({sure or 'none'}); not sure: {rest or 'none'}.{home}"
    )
